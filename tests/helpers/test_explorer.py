"""The explorer's numbers and words without a browser: node computes, PyTorch checks."""

import contextlib
import io
import itertools
import math
import re

import pytest
import torch
from explorer_node import explorer, node

from helpers import data, theory
from helpers.exercises.instruments import target
from helpers.training import gradient_descent
from helpers.widgets.explorer import LearningRateExplorer
from helpers.widgets.readings import prepare

INPUTS = ["raw", "x0.1", "standardised"]

ROUNDING = 1e-9
START = [1.0, 0.0]

SETTINGS = [  # (inputs, optimizer, learning rate, momentum, epochs)
    ("raw", "gd", 1e-2, 0.9, 120),  # diverges
    ("raw", "gd", 1e-4, 0.9, 200),
    ("raw", "gd", 3.43e-4, 0.9, 1000),  # 1.01 times the critical rate: diverges slowly
    ("raw", "momentum", 1e-4, 0.9, 300),
    ("raw", "momentum", 1e-2, 0.5, 300),  # diverges
    ("raw", "adam", 0.1, 0.9, 500),
    ("raw", "adam", 1e-3, 0.9, 100),
    ("x0.1", "gd", 1e-2, 0.9, 1000),
    ("x0.1", "gd", 0.03297, 0.9, 300),  # at the edge
    ("x0.1", "gd", 1.0, 0.9, 400),  # diverges
    ("x0.1", "gd", 1e6, 0.9, 60),  # diverges at once
    ("x0.1", "momentum", 1e-2, 0.99, 500),
    ("x0.1", "adam", 1.0, 0.9, 200),
    ("standardised", "gd", 1e-2, 0.9, 300),
    ("standardised", "gd", 1.0, 0.9, 500),  # at the edge
    ("standardised", "gd", 1.01, 0.9, 1000),  # diverges slowly
    ("standardised", "momentum", 0.5, 0.9, 500),
    ("standardised", "momentum", 2.5, 0.0, 500),  # diverges
    ("standardised", "adam", 0.01, 0.9, 300),
    ("standardised", "adam", 1e-9, 0.9, 1),
]


@pytest.fixture(scope="module")
def runs() -> dict:
    """All SETTINGS, simulated in one start of node."""
    found = node("simulate(x)", [explorer(*setting).values() for setting in SETTINGS])
    return dict(zip(SETTINGS, found, strict=True))


def relative(a: torch.Tensor, b: torch.Tensor, size: torch.Tensor) -> float:
    """Largest difference in units of `size` where both are finite; they must be so together."""
    finite = b.isfinite()
    assert torch.equal(a.isfinite(), finite)
    return ((a - b).abs() / size.clamp(min=1e-300))[finite].max().item()


# The numbers


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: f"{s[0]}-{s[1]}-{s[2]:g}-{s[4]}")
def test_the_browser_computes_what_pytorch_computes(runs, setting):
    widget, run = explorer(*setting), runs[setting]
    history = widget.run()
    losses, params = (torch.tensor(run[k], dtype=torch.float64) for k in ("losses", "params"))
    assert losses.shape == (widget.n_epochs + 1,)
    assert params.shape == (widget.n_epochs + 1, 2)
    assert relative(losses[:-1], history.train_loss, history.train_loss.abs()) <= ROUNDING
    length = history.params.abs().max(dim=1, keepdim=True).values  # b alone may pass through zero
    assert relative(params, history.params, length) <= ROUNDING


def test_enough_settings_diverge_and_enough_do_not(runs):
    lost = [not torch.tensor(run["losses"]).isfinite().all() for run in runs.values()]
    assert sum(lost) >= 4
    assert len(lost) - sum(lost) >= 10


def test_the_browser_runs_the_loop_of_notebook_02():
    t_u, t_c = prepare("x0.1")
    losses, path = gradient_descent(t_u, t_c, torch.tensor(START, dtype=torch.float64), 1e-2, 500)
    [run] = node("simulate(x)", [LearningRateExplorer(n_epochs=500).values()])
    assert run["losses"][:-1] == pytest.approx(losses.tolist(), rel=ROUNDING)
    assert list(itertools.chain(*run["params"])) == pytest.approx(path.flatten().tolist())


def test_the_readings_are_those_of_helpers_data():
    [found] = node("DEFAULTS", [0])
    assert found == {"readings": {"t_c": data.T_C, "t_u": data.T_U}, "start": [1, 0]}


@pytest.mark.parametrize("inputs", INPUTS)
def test_the_bowl_is_that_of_helpers_theory(inputs):
    t_u, t_c = prepare(inputs)
    best, floor = theory.least_squares(t_u, t_c)
    [bowl] = node("bowl({ inputs: x })", [inputs])
    assert bowl["t_u"] == pytest.approx(t_u.tolist(), rel=1e-14)
    assert bowl["best"] == pytest.approx(best.tolist(), rel=1e-11)
    assert bowl["floor"] == pytest.approx(floor.item(), rel=1e-11)
    values, vectors = torch.linalg.eigh(theory.hessian(t_u))
    for name, value, vector in zip(("flat", "steep"), values, vectors.T, strict=True):
        assert bowl[name]["lambda"] == pytest.approx(value.item(), rel=1e-9)
        cosine = vector @ torch.tensor(bowl[name]["vector"], dtype=torch.float64)
        assert abs(cosine.item()) == pytest.approx(1, rel=1e-12)


def test_the_critical_rates_agree():
    widgets = [
        LearningRateExplorer(inputs=inputs, optimizer=optimizer, momentum=0.8)
        for inputs in INPUTS
        for optimizer in ("gd", "momentum", "adam")
    ]
    ours = [widget.critical_rate() for widget in widgets]
    assert node("criticalRate(x)", [w.values() for w in widgets]) == pytest.approx(ours)
    assert ours[2] is None


@pytest.mark.parametrize("inputs", INPUTS)
@pytest.mark.parametrize(("optimizer", "momentum"), [("gd", 0.9), ("momentum", 0.9)])
def test_the_gauge_tells_what_an_epoch_does(inputs, optimizer, momentum):
    """Far down the run, each epoch multiplies the steep error by the factor."""
    widget = LearningRateExplorer(inputs=inputs, optimizer=optimizer, momentum=momentum)
    for share in (0.2, 0.8, 1.05):
        widget.n_epochs = 60 if share < 1 else 400
        widget.learning_rate = share * widget.critical_rate()
        [found] = node("factor(x, bowl(x).steep.lambda)", [widget.values()])
        t_u, t_c = prepare(inputs)
        best, _ = theory.least_squares(t_u, t_c)
        steep = torch.linalg.eigh(theory.hessian(t_u)).eigenvectors[:, -1]
        errors = ((widget.run().params - best) @ steep).abs()
        a, z = (20, 60) if found["swings"] or share < 1 else (200, 400)
        near = errors[a - 20 : a].max(), errors[z - 20 : z].max()
        if min(near) > 1e-9 and abs(found["value"]) > 0.5:
            measured = (near[1] / near[0]).item() ** (1 / (z - a))
            assert measured == pytest.approx(abs(found["value"]), rel=0.01)


@pytest.mark.parametrize("optimizer", ["gd", "momentum", "adam"])
def test_the_curve_of_rates_is_made_of_runs(optimizer):
    settings = explorer("standardised", optimizer, 1e-2, 0.9, 50).values()
    [curve] = node("sweep(x, 1e-6, 10)", [settings])
    rates = [rate for rate, _ in curve]
    assert rates == sorted(rates) and min(rates) == pytest.approx(1e-6)
    runs = node("simulate(x)", [{**settings, "learning_rate": rate} for rate in rates])
    for (_, loss), run in zip(curve, runs, strict=True):
        worst = max(run["losses"])
        expected = run["losses"][-1] if worst < 1e38 else math.inf
        assert loss == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("setting", SETTINGS[::3], ids=str)
def test_the_code_shown_runs_and_ends_where_the_explorer_ends(setting):
    widget = explorer(*setting)
    [code] = node("pytorchCode(x)", [widget.values()])
    before = torch.get_default_dtype()
    names: dict = {}
    try:
        with contextlib.redirect_stdout(io.StringIO()) as said:
            exec(code, names)
    finally:
        torch.set_default_dtype(before)
    torch.testing.assert_close(
        names["params"].detach(), widget.run().params[-1], rtol=1e-12, atol=0, equal_nan=True
    )
    assert "loss" in said.getvalue()


# The words

WORDS = {
    (
        "raw",
        "gd",
        1e-2,
        0.9,
        100,
    ): "29.4 times the largest stable rate: loss beyond 1e38 at epoch 11",
    ("raw", "gd", 1e-4, 0.9, 100): "Not there yet: loss 29.0218, 26.0941 above the best",
    (
        "raw",
        "gd",
        3.5e-4,
        0.9,
        100,
    ): "1.03 times the largest stable rate: the steep error grows by 5",
    ("x0.1", "gd", 0.0328861, 0.9, 3000): "Within 0.001 of the best loss after 1005 epochs",
    ("x0.1", "gd", 0.03297, 0.9, 200): "At the edge, 0.9998 times the largest stable rate",
    ("standardised", "gd", 0.52381, 0.9, 50): "Within 0.001 of the best loss after 2 epochs",
    ("raw", "adam", 0.1, 0.9, 2000): "Within 0.001 of the best loss after 1494 epochs",
    ("raw", "adam", 1e6, 0.9, 3): "Worse than the start (1763.8845)",
}


@pytest.mark.parametrize("setting", WORDS, ids=str)
def test_the_verdict_says_it_with_the_right_number(setting):
    widget = explorer(*setting)
    [said] = node("verdict(x, simulate(x))", [widget.values()])
    assert WORDS[setting] in said["text"]
    assert "NaN" not in said["text"] and "Infinity" not in said["text"]
    excess = widget.run().train_loss - theory.least_squares(*prepare(widget.inputs))[1]
    if found := re.search(r"after (\d+) epochs", said["text"] if said["kind"] == "good" else ""):
        arrived = int(found[1])
        assert (excess[arrived:] <= 1e-3).all() and excess[arrived - 1] > 1e-3


def test_the_answer_of_notebook_03():
    low, high, lesson, hint = target(LearningRateExplorer())
    arrives = []
    for rate in (low / 0.9 / 1.01, low / 0.9 * 1.01):
        history = explorer("x0.1", "momentum", rate, 0.9, 1001).run()
        floor = theory.least_squares(*prepare("x0.1"))[1]
        arrives.append((history.train_loss[-1] < floor + 1e-3).item())
    assert arrives == [False, True] and high / low == pytest.approx(1.1 / 0.9)
    check = LearningRateExplorer().check
    assert check(None).startswith("… Not answered yet")
    assert check("0.003").startswith("✘ '0.003' is not a number")
    assert check(0.0029).startswith("✔ 0.0029: right. From 0.0029 on it arrives")
    assert lesson in check(torch.tensor(0.003))
    for wrong in (0.0025, 0.0033, 0.01, -0.003, 0, 1e6):
        assert check(wrong) == f"✘ Not yet. {hint}"


@pytest.mark.parametrize("setting", [s for s in SETTINGS if s[1] == "gd"][::3], ids=str)
def test_the_text_agrees_with_the_run(runs, setting):
    widget = explorer(*setting)
    last = runs[setting]["losses"][-1]
    said = re.search(r"loss ([\d.e+]+) after|loss (overflows)", repr(widget))
    if math.isfinite(last):
        assert float(said[1]) == pytest.approx(last, rel=1e-3, abs=6e-5)
    else:
        assert said[2]
