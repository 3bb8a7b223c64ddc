"""The figures: that they draw the numbers they are given, and say so in words."""

import matplotlib.pyplot as plt
import plotly.graph_objects as go
import pytest
import torch

from helpers import plots, theory
from helpers.losses import mse
from helpers.models import linear
from helpers.training import gradient_descent


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


@pytest.fixture
def shown(monkeypatch):
    """What `plots.show` hands to Jupyter, as a list of (bundle, metadata)."""
    calls = []
    monkeypatch.setattr(
        plots, "display", lambda bundle, metadata, raw: calls.append((bundle, metadata))
    )
    return calls


def lines(ax):
    return {line.get_label(): torch.tensor(line.get_xydata()) for line in ax.lines}


def test_show_keeps_the_text_and_closes_the_figure(shown):
    fig, _ = plt.subplots()
    assert plots.show(fig, "A figure without content.") is None
    [(bundle, metadata)] = shown
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert bundle["text/plain"] == "A figure without content."
    assert metadata["image/png"]["alt"] == "A figure without content."
    assert "application/vnd.plotly.v1+json" not in bundle
    assert fig.number not in plt.get_fignums()


def test_show_draws_the_same_bytes_each_time(shown):
    for _ in range(2):
        fig, ax = plt.subplots()
        ax.plot([1, 2], [3, 4])
        plots.show(fig, "A line.")
    assert shown[0][0]["image/png"] == shown[1][0]["image/png"]


def test_show_with_a_figure_to_turn(shown, readings):
    w, b = torch.linspace(0, 1, 3), torch.linspace(-20, 0, 4)
    fig, _ = plt.subplots()
    plots.show(fig, "The bowl.", turnable=plots.bowl(*readings, w, b))
    plotly = shown[0][0]["application/vnd.plotly.v1+json"]
    [surface] = plotly["data"]
    assert surface["x"] == [0.0, 0.5, 1.0] and len(surface["z"]) == 4
    for i, row in enumerate(surface["z"]):
        for j, loss in enumerate(row):
            expected = mse(linear(readings[0], w[j], b[i]), readings[1]).item()
            assert loss == pytest.approx(expected, abs=5.1e-4)
    assert go.Figure(plotly).layout.scene.zaxis.title.text == "loss"


def test_fit_draws_readings_and_lines(ax, readings):
    best = theory.least_squares(*readings)[0].requires_grad_()
    plots.fit(ax, *readings, {"best": best, "start": torch.tensor([1.0, 0.0])}, errors=True)
    drawn = lines(ax)
    assert torch.equal(drawn["readings"], torch.stack(readings, dim=1))
    assert drawn["start"].tolist() == [[21.8, 21.8], [81.9, 81.9]]
    assert torch.allclose(drawn["best"][:, 1], linear(drawn["best"][:, 0], *best.detach()))
    [strokes] = ax.collections  # from each reading to the first line
    ends = torch.tensor([[p[0][1], p[1][1]] for p in strokes.get_segments()])
    assert torch.allclose(ends[:, 0], linear(readings[0], *best.detach()))
    assert torch.equal(ends[:, 1], readings[1])
    assert ax.get_xlabel() == "reading (unknown unit)"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "best",
        "start",
        "readings",
    ]


def test_fit_names_the_unit_and_leaves_the_errors_out(ax, readings):
    plots.fit(ax, *readings, {"start": torch.tensor([1.0, 0.0])}, unit="°F")
    assert ax.get_xlabel() == "reading (°F)" and len(ax.collections) == 0


def test_loss_curves_count_epochs_from_one(ax):
    plots.loss_curves(ax, {"a": torch.tensor([8.0, 4.0, 2.0]), "b": torch.tensor([3.0])}, 1.5)
    drawn = lines(ax)
    assert drawn["a"].tolist() == [[1, 8], [2, 4], [3, 2]] and drawn["b"].tolist() == [[1, 3]]
    assert ax.get_yscale() == "log" and ax.texts[0].get_text() == "best line 1.5000"
    assert any(line.get_ydata()[0] == 1.5 for line in ax.lines)


def test_loss_curves_of_a_run_that_diverges(ax):
    plots.loss_curves(ax, {"up": torch.tensor([1.0, 1e10, 1e30, float("inf"), float("nan")])})
    ax.figure.canvas.draw()  # no warning, no error
    assert ax.get_ylim()[1] > 1e30 and len(ax.texts) == 0


@pytest.mark.parametrize("equal", [False, True])
def test_loss_contour_draws_exact_levels_around_the_best_line(ax, scaled, start, equal):
    t_u, t_c = scaled
    learning_rate = 0.9 * theory.critical_learning_rate(t_u).item()
    _, path = gradient_descent(t_u, t_c, start, learning_rate, 20)
    plots.loss_contour(ax, t_u, t_c, {"run": path}, equal=equal)
    best, floor = theory.least_squares(t_u, t_c)
    ellipses = [
        torch.tensor(line.get_xydata()) for line in ax.lines if len(line.get_xdata()) == 400
    ]
    excess = []
    for ellipse in ellipses:
        losses = torch.stack([mse(linear(t_u, *point), t_c) for point in ellipse]) - floor
        assert torch.allclose(losses, losses.mean(), rtol=1e-6)
        excess.append(losses.mean().item())
    assert excess[:-1] == pytest.approx([4 * level for level in excess[1:]])
    assert torch.equal(lines(ax)["run"], path)
    assert torch.allclose(lines(ax)["best line"], best)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    inside = [left <= w <= right and bottom <= b <= top for w, b in [*path, best]]
    assert all(inside)
    if equal:
        assert right - left == pytest.approx(top - bottom) and ax.get_aspect() == 1
        ax.figure.canvas.draw()


def test_loss_contour_of_a_run_that_diverges(ax, readings, start):
    path = theory.predict_path(*readings, start, 1e-2, 400)
    plots.loss_contour(ax, *readings, {"up": path})
    ax.figure.canvas.draw()
    assert all(torch.tensor([ax.get_xlim(), ax.get_ylim()]).isfinite().flatten())


def test_the_graph_of_the_thermometer(ax, readings, start):
    params = start.requires_grad_()
    loss = mse(linear(readings[0], *params), readings[1])
    assert plots.graph_text(loss, {"params": params}).splitlines() == [
        "MeanBackward0",
        "  PowBackward0",
        "    SubBackward0",
        "      AddBackward0",
        "        MulBackward0",
        "          UnbindBackward0",
        "            params",
        "        UnbindBackward0",
        "          params",
    ]
    assert plots.graph_text(loss, {}).endswith("a leaf")
    plots.graph(ax, {"loss": loss}, {"params": params})
    words = [text.get_text() for text in ax.texts if text.get_text()]
    assert sorted(words) == ["Add", "Mean", "Mul", "Pow", "Sub", "Unbind", "loss", "params"]


def test_two_graphs_share_only_the_parameters(ax, readings, start):
    params = start.requires_grad_()
    t_u, t_c = readings
    losses = {
        "training": mse(linear(t_u[2:], *params), t_c[2:]),
        "validation": mse(linear(t_u[:2], *params), t_c[:2]),
    }
    plots.graph(ax, losses, {"params": params})
    words = [text.get_text() for text in ax.texts if text.get_text()]
    assert words.count("params") == 1 and words.count("Mean") == words.count("Unbind") == 2
    arrows = [text for text in ax.texts if not text.get_text()]
    assert len(arrows) == 2 * 7  # Mean-Pow-Sub-Add, Add-Mul, Add-Unbind, Mul-Unbind, Unbind-params
