"""The explorer with other readings and starts: PyTorch computes the same."""

import itertools
import math
import re
import time

import pytest
import torch
from explorer_node import exports, node
from traitlets import TraitError

from helpers import data, theory
from helpers.widgets.explorer import LearningRateExplorer
from helpers.widgets.readings import prepare

INPUTS = ["raw", "x0.1", "standardised"]

ROUNDING = 1e-9


def relative(a: torch.Tensor, b: torch.Tensor, size: torch.Tensor) -> float:
    """Largest difference in units of `size` where both are finite; they must be so together."""
    finite = b.isfinite()
    assert torch.equal(a.isfinite(), finite)
    return ((a - b).abs() / size.clamp(min=1e-300))[finite].max().item()


CHIRPS = [20.0, 16.0, 19.8, 18.4, 17.1, 15.5, 14.7, 15.7, 15.4, 16.3, 15.0, 17.2, 16.0, 17.0, 14.4]
WARMTH = [88.6, 71.6, 93.3, 84.3, 80.6, 75.2, 69.7, 71.6, 69.4, 83.3, 79.6, 82.6, 80.6, 83.5, 76.3]
OWN = {
    "crickets": (CHIRPS, WARMTH, (1, 0)),
    "start": (data.T_U, data.T_C, (-3.5, 12.25)),
    "on the best line": ([1.0, 2.0, 4.0], [3.0, 5.0, 9.0], (2, 1)),
    "two readings": ([1.0, 2.0], [-1.0, 5.0], (0.5, 0.5)),
    "years": (list(range(1961, 1981)), [14 + 0.3 * (i % 7) for i in range(20)], (0, 14)),
    "negative": ([-8.0, -3.0, 0.5, 2.0], [0.0, 0.0, 0.0, 0.0], (1, 1)),
    "a thousand": (
        torch.linspace(-2, 5, 1000, dtype=torch.float64),
        torch.linspace(0, 3, 1000, dtype=torch.float64).sin(),
        (0, 2),
    ),
}


@pytest.mark.parametrize("name", OWN)
def test_other_readings_and_starts_are_what_pytorch_computes(name):
    """To 1e-9 of what is computed with: the loss at the start, the largest parameter so far."""
    t_u, t_c, start = OWN[name]
    widgets = []
    for inputs, optimizer in itertools.product(INPUTS, ["gd", "momentum", "adam"]):
        widget = LearningRateExplorer(
            t_u, t_c, inputs=inputs, optimizer=optimizer, n_epochs=60, start=start
        )
        critical = widget.critical_rate()
        widget.learning_rate = max(1e-9, 0.8 * critical) if critical else 0.05
        widgets.append(widget)
    settings = [widget.values() for widget in widgets]
    for widget, run in zip(widgets, node("simulate(x)", settings), strict=True):
        history = widget.run()
        losses, params = (torch.tensor(run[k], dtype=torch.float64) for k in ("losses", "params"))
        size = history.train_loss.cummax(dim=0).values
        assert relative(losses[:-1], history.train_loss, size) <= ROUNDING
        length = history.params.abs().max(dim=1, keepdim=True).values.cummax(dim=0).values
        assert relative(params, history.params, length) <= ROUNDING
    expected = [widget.critical_rate() for widget in widgets]
    for found, rate in zip(node("criticalRate(x)", settings), expected, strict=True):
        assert found == (rate and pytest.approx(rate, rel=1e-9))
    for inputs, found in zip(INPUTS, node("bowl(x)", settings[::3]), strict=True):
        prepared = prepare(inputs, widgets[0].readings)
        best, floor = theory.least_squares(*prepared)
        assert found["best"] == pytest.approx(best.tolist(), rel=1e-6, abs=1e-9)
        assert found["floor"] == pytest.approx(floor.item(), rel=1e-6, abs=1e-18)
    for said in node("[verdict(x, simulate(x)).text, ...gaugeWords(x)].join()", settings):
        assert not re.search("NaN|Infinity|undefined|null|overflow", said)


BAD_COLUMNS = {
    "at least 2": ([1.0], [1.0]),
    "as many": ([1.0, 2.0], [1.0, 2.0, 3.0]),
    "differ": ([4.0, 4.0], [1.0, 2.0]),
    "NaN": ([1.0, math.nan], [1.0, 2.0]),
    "million": ([1.0, 2e7], [1.0, 2.0]),
    "numbers": (["a", "b"], [1.0, 2.0]),
    "shape": (torch.ones(2, 2), torch.ones(2)),
    "both": ([1.0, 2.0], None),
    "at most 1000": (torch.arange(1500), torch.arange(1500)),
}


@pytest.mark.parametrize("word", BAD_COLUMNS)
def test_columns_that_make_no_line_are_refused_in_words(word):
    with pytest.raises(ValueError, match=word):
        LearningRateExplorer(*BAD_COLUMNS[word])
    widget = LearningRateExplorer()
    t_u, t_c = BAD_COLUMNS[word]
    with pytest.raises(TraitError):
        widget.readings = {"t_u": t_u, "t_c": t_c}
    assert widget.readings["t_u"] == data.T_U
    if not isinstance(t_u, torch.Tensor) and word != "NaN":
        assert node(
            "problem(x, SETTINGS)", [widget.values() | {"readings": {"t_u": t_u, "t_c": t_c}}]
        )[0]


def test_a_start_may_be_a_tensor_and_hide_names_parts():
    widget = LearningRateExplorer(start=torch.tensor([2.0, 3.0]), hide=("optimizer", "sweep"))
    assert widget.start == (2.0, 3.0) and widget.hide == ["optimizer", "sweep"]
    with pytest.raises(TraitError):
        LearningRateExplorer(hide=("everything",))
    page = LearningRateExplorer(CHIRPS, WARMTH, labels=("<b>", "</script>")).page()
    assert page.count("</script>") == 1


def test_names_cannot_be_set_twice_in_a_bundle():
    """Two modules with one name in common would be a syntax error: the module loads."""
    assert "standalone" in exports() and node("typeof simulate", [0]) == ["function"]


@pytest.mark.parametrize("optimizer", ["adam", "momentum"])
def test_the_text_of_a_long_run_is_there_at_once(optimizer):
    widget = LearningRateExplorer(optimizer=optimizer, n_epochs=10_000)
    begun = time.perf_counter()
    repr(widget)
    assert time.perf_counter() - begun < 0.1


WALLS = {"raw": 3.4e-4, "x0.1": 0.033, "standardised": 1}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "✔ Right: raw 0.0003399, x0.1 0.03298, standardised 1."),
        ({"raw": torch.tensor(3.4e-4)}, "✔"),
        ({"raw": 3.48e-4, "x0.1": 0.0321}, "✔"),
        ({"raw": 3.55e-4}, "✘ raw: at 0.000355 a run cannot converge"),
        ({"raw": None}, "… raw: not answered yet; x0.1: right"),
        ({"x0.1": 0.33}, "x0.1: the digits are right, the power of ten is not"),
        ({"raw": 3.4e-5}, "raw: the digits are right, the power of ten is not"),
        ({"raw": 0.033}, "raw: that is the wall of x0.1"),
        ({"standardised": 0.5}, "standardised: at 0.5 a run still converges; ask for the largest"),
        ({"standardised": "1"}, "standardised: '1' is not a number"),
        ({"standardised": -1}, "standardised: at -1 a run cannot converge"),
        ({"standardized": 1}, "✘ 'standardized' is none of the inputs: name raw, x0.1, st"),
    ],
)
def test_the_three_walls_of_notebook_03(change, said):
    assert said in LearningRateExplorer(inputs="raw").check(WALLS | change)
    assert LearningRateExplorer().check({}).startswith("…")
