"""The figures: that they draw the numbers they are given, and say so in words."""

import matplotlib.pyplot as plt
import plotly.graph_objects as go
import pytest
import torch
from matplotlib.patches import FancyArrowPatch

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

    def display(bundle: dict, metadata: dict | None = None, *, raw: bool = False) -> None:
        assert raw, "Jupyter would show the bundle as a dict"
        calls.append((bundle, metadata))

    monkeypatch.setattr(plots, "display", display)
    return calls


def lines(ax):
    return {line.get_label(): torch.tensor(line.get_xydata()) for line in ax.lines}


def test_show_keeps_the_text_and_closes_the_figure(shown):
    fig, _ = plt.subplots()
    assert plots.show(fig, "A figure without content.") is None
    [(bundle, metadata)] = shown
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert bundle["text/plain"].startswith("A figure without content. x from 0 to 1, y from 0 to 1")
    assert metadata["image/png"]["alt"] == bundle["text/plain"]
    assert metadata["image/png"]["width"] == 614  # 6.4 inches, stored at more pixels than shown
    assert "application/vnd.plotly.v1+json" not in bundle
    assert fig.number not in plt.get_fignums()


def test_show_draws_the_same_bytes_each_time(shown):
    for _ in range(2):
        fig, ax = plt.subplots()
        ax.plot([1, 2], [3, 4])
        plots.show(fig, "A line.")
    assert shown[0][0]["image/png"] == shown[1][0]["image/png"]


def test_show_with_a_figure_to_turn(shown, readings):
    w, b = torch.tensor([0.0, 0.5, 1.23456]), torch.linspace(-20, 0, 4)
    fig, _ = plt.subplots()
    plots.show(fig, "The bowl.", turnable=plots.bowl(*readings, w, b))
    plotly = shown[0][0]["application/vnd.plotly.v1+json"]
    surface, best = plotly["data"]
    assert best["name"] == "best line" and best["z"] == [2.928]
    assert surface["x"] == [0.0, 0.5, 1.2346] and len(surface["z"]) == 4
    for i, row in enumerate(surface["z"]):
        for j, loss in enumerate(row):
            expected = mse(linear(readings[0], w[j], b[i]), readings[1]).item()
            assert loss == pytest.approx(expected, abs=5.1e-4)
    assert go.Figure(plotly).layout.scene.zaxis.title.text == "loss (°C²)"


def test_a_table_is_drawn_and_can_be_read_as_text(shown):
    assert plots.table(["a", "slope of |e|"], [[1, "2.50"], ["long", True]]) is None
    [(bundle, _)] = shown
    assert bundle["text/plain"].splitlines() == [
        "   a  slope of |e|",
        "   1          2.50",
        "long          True",
    ]
    assert bundle["text/markdown"].splitlines() == [
        "| a | slope of &#124;e&#124; |",
        "| ---: | ---: |",
        "| 1 | 2.50 |",
        "| long | True |",
    ]


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
        assert torch.allclose(ellipse[0], ellipse[-1])
        assert torch.allclose(ellipse[:-1].mean(dim=0), best)  # all the way around
    assert len(excess) == 7
    assert excess[:-1] == pytest.approx([4 * level for level in excess[1:]])
    corners = torch.cartesian_prod(torch.tensor(ax.get_xlim()), torch.tensor(ax.get_ylim()))
    at_corners = [mse(linear(t_u, *corner), t_c).item() - floor.item() for corner in corners]
    assert excess[0] == pytest.approx(max(at_corners))
    assert torch.equal(lines(ax)["run"], path)
    [start_mark] = [line.get_xydata() for line in ax.lines if line.get_marker() == "s"]
    assert torch.equal(torch.tensor(start_mark), path[:1])
    assert torch.allclose(lines(ax)["best line"], best)
    limits = torch.tensor([ax.get_xlim(), ax.get_ylim()])
    seen = torch.cat([path, best[None]])
    low, high = seen.min(dim=0).values, seen.max(dim=0).values
    wanted = torch.stack([low - 0.15 * (high - low), high + 0.15 * (high - low)], dim=1)
    if equal:
        span = (wanted[:, 1] - wanted[:, 0]).max()
        middle = wanted.mean(dim=1, keepdim=True)
        wanted = torch.cat([middle - span / 2, middle + span / 2], dim=1)
        assert ax.get_aspect() == 1
        ax.figure.canvas.draw()
    assert torch.allclose(limits, wanted)


def test_single_steps_are_marked_while_they_can_be_told_apart(ax, readings, start):
    paths = {str(n): gradient_descent(*readings, start, 1e-4, n)[1] for n in (58, 59)}
    plots.loss_contour(ax, *readings, paths)
    markers = {line.get_label(): line.get_marker() for line in ax.lines}
    assert markers["58"] == "." and markers["59"] == "None"


def test_loss_contour_of_a_run_that_never_moved(ax, readings):
    best, _ = theory.least_squares(*readings)
    plots.loss_contour(ax, *readings, {"still": best[None]})
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert right - left == pytest.approx(0.3e-3 * best[0].item())
    assert top - bottom == pytest.approx(-0.3e-3 * best[1].item())


def test_five_runs_are_all_drawn(ax):
    plots.loss_curves(ax, {name: torch.tensor([2.0, 1.0]) for name in "abcde"})
    assert [text.get_text() for text in ax.get_legend().get_texts()] == list("abcde")
    assert ax.lines[0].get_color() == plots.BLUE and ax.lines[1].get_color() == plots.VERMILION


@pytest.mark.parametrize("highest, plain", [(5e4, True), (2e5, False)])
def test_short_losses_are_written_as_plain_numbers(ax, highest, plain):
    plots.loss_curves(ax, {"run": torch.tensor([highest, 2.0])})
    ax.figure.canvas.draw()
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert any(label == "10" for label in labels) is plain


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
        "        UnbindBackward0 (again)",
    ]
    assert "            a leaf\n" in plots.graph_text(loss, {})
    plots.graph(ax, {"loss": loss}, {"params": params})
    words = [text.get_text() for text in ax.texts]
    boxes = ["Add", "Mean", "Mul", "Pow", "Sub", "Unbind", "loss", "params"]
    assert sorted(words) == sorted(["[0]", "[1]", *boxes])  # w and b, one arrow each
    place = {text.get_text(): text.get_position() for text in ax.texts if text.get_text()}
    row = {name: place[name] for name in ("Mean", "Pow", "Sub", "Add", "Mul")}
    assert list(row.values()) == [(-depth, 0.0) for depth in range(5)]
    assert place["Unbind"][0] == -5 and place["params"][0] == -6  # behind everything they feed
    assert place["Unbind"][1] == pytest.approx(-0.45)
    assert ax.get_xlim()[0] < -6 and ax.get_xlim()[1] > 1.5 and ax.get_ylim()[0] < -0.45


def test_a_loss_without_a_graph_is_refused(ax):
    loss = torch.tensor(1.0)
    with pytest.raises(ValueError, match="no graph: was autograd off"):
        plots.graph_text(loss, {})
    with pytest.raises(ValueError, match="no graph: was autograd off"):
        plots.graph(ax, {"loss": loss}, {})


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
    rows = [text.get_position()[1] for text in ax.texts if text.get_text() == "Mean"]
    assert sorted(rows) == [-1, 0]
    [shared] = [text.get_position()[1] for text in ax.texts if text.get_text() == "params"]
    assert -1.45 < shared < -0.45  # between the two rows that share it
    arrows = [artist for artist in ax.get_children() if isinstance(artist, FancyArrowPatch)]
    # loss-Mean-Pow-Sub-Add, Add-Mul, Add-Unbind, Mul-Unbind, Unbind-params
    assert len(arrows) == 2 * 8


def test_arrows_end_at_their_boxes_in_the_first_drawing(ax, readings, start):
    """A figure is drawn once: an arrow drawn before its boxes would run under them."""
    params = start.requires_grad_()
    plots.graph(ax, {"loss": mse(linear(readings[0], *params), readings[1])}, {"params": params})
    canvas = ax.figure.canvas
    canvas.draw()
    first = bytes(canvas.buffer_rgba())
    canvas.draw()
    assert first == bytes(canvas.buffer_rgba())


def test_a_long_graph_is_walked_once(ax):
    """Each squaring uses the one before twice: a walk along every path would never end."""
    x = torch.tensor(1.0, requires_grad=True)
    y = x
    for _ in range(200):
        y = y * y
    plots.graph(ax, {"loss": y}, {"x": x})
    assert "… 161 more" in [text.get_text() for text in ax.texts]
    text = plots.graph_text(y, {"x": x}).splitlines()
    assert len(text) == 401 and text[200].strip() == "x"
