"""The explorer without a browser: numbers against PyTorch, traits, messages, page."""

import contextlib
import html.parser
import io
import itertools
import json
import math
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import torch
from traitlets import TraitError

from helpers import data, theory
from helpers.training import gradient_descent
from helpers.widgets.explorer import LearningRateExplorer, _in_words
from helpers.widgets.explorer_questions import smallest_rate
from helpers.widgets.settings import DEFAULTS, LIMITS, prepare

INPUTS = ["raw", "x0.1", "standardised"]
ROUNDING = 1e-9
MODULE = str(LearningRateExplorer._esm)
START = DEFAULTS["start"]
SETTINGS = [  # (inputs, optimizer, learning rate, momentum, epochs)
    ("raw", "gd", 1e-2, 0.9, 120),  # diverges
    ("raw", "gd", 1e-4, 0.9, 2000),
    ("raw", "gd", 3.43e-4, 0.9, 2000),  # 1.01 times the critical rate: diverges slowly
    ("raw", "momentum", 1e-4, 0.9, 2000),
    ("raw", "momentum", 1e-2, 0.5, 300),  # diverges
    ("raw", "adam", 0.1, 0.9, 2000),
    ("raw", "adam", 1e-3, 0.9, 1000),
    ("x0.1", "gd", 1e-2, 0.9, 5000),
    ("x0.1", "gd", 0.03297, 0.9, 1000),  # at the edge
    ("x0.1", "gd", 1.0, 0.9, 400),  # diverges
    ("x0.1", "gd", 1e6, 0.9, 60),  # diverges at once
    ("x0.1", "momentum", 1e-2, 0.99, 2000),
    ("x0.1", "adam", 1.0, 0.9, 500),
    ("standardised", "gd", 1e-2, 0.9, 1000),
    ("standardised", "gd", 1.0, 0.9, 500),  # at the edge
    ("standardised", "gd", 1.01, 0.9, 1000),  # diverges slowly
    ("standardised", "momentum", 0.5, 0.9, 500),
    ("standardised", "momentum", 2.5, 0.0, 500),  # diverges
    ("standardised", "adam", 0.01, 0.9, 3000),
    ("standardised", "adam", 1e-9, 0.9, 1),
]


def explorer(inputs, optimizer, learning_rate, momentum, n_epochs) -> LearningRateExplorer:
    return LearningRateExplorer(
        inputs=inputs,
        optimizer=optimizer,
        learning_rate=learning_rate,
        momentum=momentum,
        n_epochs=n_epochs,
    )


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory):
    """`node("simulate(x)", values)` evaluates the expression in explorer.js for each value x."""
    program = shutil.which("node")
    if program is None:
        reason = "node is not installed: explorer.js cannot be compared with PyTorch"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("node")
    (folder / "explorer.mjs").write_text(MODULE)  # node reads a .js file as something older

    def evaluate(expression: str, values: list) -> list:
        (folder / "ask.mjs").write_text(
            'import * as explorer from "./explorer.mjs";\n'
            'import { readFileSync } from "node:fs";\n'
            f"const {{ {', '.join(exports())} }} = explorer;\n"
            "const values = JSON.parse(readFileSync(0));\n"
            # JSON would turn Infinity and NaN into null; Python's reader knows their names.
            "const text = (_, v) => typeof v === 'number' && !Number.isFinite(v) ? `#${v}#` : v;\n"
            f"const answer = JSON.stringify(values.map((x) => {expression}), text);\n"
            "process.stdout.write(answer.replace(/\"#(.*?)#\"/g, '$1'));\n"
        )
        done = subprocess.run(
            [program, folder / "ask.mjs"],
            input=json.dumps(values),
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return evaluate


@pytest.fixture(scope="module")
def runs(node) -> dict:
    """All SETTINGS, simulated in one start of node."""
    found = node("simulate(x)", [explorer(*setting).settings() for setting in SETTINGS])
    return dict(zip(SETTINGS, found, strict=True))


def exports() -> list[str]:
    return re.findall(r"^export (?:const|function) (\w+)", MODULE, re.MULTILINE)


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


def test_enough_settings_diverge_and_enough_do_not():
    ends = [explorer(*s).run().diverged_at for s in SETTINGS if s[4] <= 400]
    assert sum(end is not None for end in ends) >= 4
    assert len(SETTINGS) - len(ends) >= 10


def test_the_browser_runs_the_loop_of_notebook_02(node):
    t_u, t_c = prepare("x0.1")
    losses, path = gradient_descent(t_u, t_c, torch.tensor(START, dtype=torch.float64), 1e-2, 500)
    [run] = node("simulate(x)", [LearningRateExplorer(n_epochs=500).settings()])
    assert run["losses"][:-1] == pytest.approx(losses.tolist(), rel=ROUNDING)
    assert list(itertools.chain(*run["params"])) == pytest.approx(path.flatten().tolist())


def test_the_readings_are_those_of_helpers_data(node):
    [found] = node("[DEFAULTS, LIMITS]", [0])
    assert found == [DEFAULTS, LIMITS]
    assert found[0]["readings"] == {"t_c": data.T_C, "t_u": data.T_U}


@pytest.mark.parametrize("inputs", INPUTS)
def test_the_bowl_is_that_of_helpers_theory(node, inputs):
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


def test_the_critical_rates_agree(node):
    widgets = [
        LearningRateExplorer(inputs=inputs, optimizer=optimizer, momentum=0.8)
        for inputs in INPUTS
        for optimizer in ("gd", "momentum", "adam")
    ]
    ours = [widget.critical_rate() for widget in widgets]
    assert node("criticalRate(x)", [w.settings() for w in widgets]) == pytest.approx(ours)
    assert ours[2] is None


@pytest.mark.parametrize("inputs", INPUTS)
@pytest.mark.parametrize(("optimizer", "momentum"), [("gd", 0.9), ("momentum", 0.9)])
def test_the_gauge_tells_what_an_epoch_does(node, inputs, optimizer, momentum):
    """Far down the run, each epoch multiplies the steep error by the factor."""
    widget = LearningRateExplorer(
        inputs=inputs, optimizer=optimizer, n_epochs=400, momentum=momentum
    )
    for share in (0.2, 0.8, 1.05):
        widget.learning_rate = share * widget.critical_rate()
        [found] = node("factor(x, bowl(x).steep.lambda)", [widget.settings()])
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
def test_the_curve_of_rates_is_made_of_runs(node, optimizer):
    settings = explorer("standardised", optimizer, 1e-2, 0.9, 50).settings()
    [curve] = node("sweep(x, 1e-6, 10)", [settings])
    rates = [rate for rate, _ in curve]
    assert rates == sorted(rates) and min(rates) == pytest.approx(1e-6)
    runs = node("simulate(x)", [{**settings, "learning_rate": rate} for rate in rates])
    for (_, loss), run in zip(curve, runs, strict=True):
        worst = max(run["losses"])
        expected = run["losses"][-1] if worst < 1e38 else math.inf
        assert loss == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("setting", SETTINGS[::3], ids=str)
def test_the_code_shown_runs_and_ends_where_the_explorer_ends(node, setting):
    widget = explorer(*setting)
    [code] = node("pytorchCode(x)", [widget.settings()])
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
def test_the_verdict_says_it_with_the_right_number(node, setting):
    widget = explorer(*setting)
    [said] = node("verdict(x, simulate(x))", [widget.settings()])
    assert WORDS[setting] in said["text"]
    assert "NaN" not in said["text"] and "Infinity" not in said["text"]
    excess = widget.run().train_loss - theory.least_squares(*prepare(widget.inputs))[1]
    if found := re.search(r"after (\d+) epochs", said["text"] if said["kind"] == "good" else ""):
        arrived = int(found[1])
        assert (excess[arrived:] <= 1e-3).all() and excess[arrived - 1] > 1e-3


def test_the_answer_of_notebook_03():
    low, high, lesson, hint = smallest_rate()
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


def test_the_forecast_of_a_slow_run_is_true(node):
    widget = explorer("x0.1", "gd", 1e-2, 0.9, 1000)
    [said] = node("verdict(x, simulate(x))", [widget.settings()])
    assert "it needs about 3000 epochs" in said["text"]
    widget.n_epochs = 5000
    [said] = node("verdict(x, simulate(x))", [widget.settings()])
    arrived = int(re.search(r"after (\d+) epochs", said["text"])[1])
    assert arrived == pytest.approx(3000, rel=0.005)


@pytest.mark.parametrize("rate", [0.02, 0.0329, 0.03289])
def test_the_forecast_near_the_wall_counts_the_steep_direction_too(node, rate):
    widget = explorer("x0.1", "gd", rate, 0.9, 900)
    [said] = node("verdict(x, simulate(x))", [widget.settings()])
    forecast = int(re.search(r"it needs about (\d+) epochs", said["text"])[1])
    widget.n_epochs = 3000
    [said] = node("verdict(x, simulate(x))", [widget.settings()])
    arrived = int(re.search(r"after (\d+) epochs", said["text"])[1])
    assert forecast == pytest.approx(arrived, rel=0.05)


# The host in Python


def test_the_defaults():
    expected = {"inputs": "x0.1", "optimizer": "gd", "learning_rate": 1e-2}
    expected |= {"momentum": 0.9, "n_epochs": 1000, "start": [1, 0]}
    expected |= {"readings": {"t_u": data.T_U, "t_c": data.T_C}}
    assert LearningRateExplorer().settings() == expected
    assert set(LearningRateExplorer().keys) > set(expected)  # what the browser is told


BAD = [
    *(("learning_rate", value) for value in (0, -1, math.nan, math.inf, 1e300, "a", None)),
    *(("learning_rate", value) for value in (0.99e-9, 1.01e6)),
    *(("n_epochs", value) for value in (0, -1, 1.5, 10**9, 10_001, True, "100", None)),
    *(("momentum", value) for value in (-0.1, 1, math.nan, "much")),
    *(("inputs", value) for value in ("scaled", None, 1)),
    *(("optimizer", value) for value in ("lbfgs", "GD", None)),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_bad_settings_are_refused_and_the_last_good_one_stays(name, value):
    widget = explorer("raw", "momentum", 0.5, 0.25, 7)
    before = widget.settings()
    with pytest.raises(TraitError, match=name):
        setattr(widget, name, value)
    assert widget.settings() == before
    with pytest.raises(TraitError, match=name):
        LearningRateExplorer(**{name: value})


def test_the_browser_refuses_the_same_numbers(node):
    good = LearningRateExplorer().settings()
    settings = [
        {**good, name: value}
        for name, value in BAD
        if not (isinstance(value, float) and not math.isfinite(value))
    ]
    assert all(node("problem(x)", settings))
    limits = [{"learning_rate": 1e-9}, {"learning_rate": 1e6}, {"n_epochs": 1}, {"n_epochs": 10000}]
    assert node("problem(x)", [{**good, **limit} for limit in limits]) == [None] * 4
    for limit in limits:
        LearningRateExplorer(**limit)


def test_an_unknown_setting_is_an_error():
    with pytest.raises(TypeError):
        LearningRateExplorer(rate=1)


def test_run_does_not_depend_on_the_default_precision():
    before = torch.get_default_dtype()
    try:
        torch.set_default_dtype(torch.float32)
        history = explorer("x0.1", "gd", 1e-2, 0.9, 1000).run()
    finally:
        torch.set_default_dtype(before)
    assert history.params.dtype == torch.float64
    assert history.train_loss[-1].item() == pytest.approx(3.828542021993211)
    assert history.params.shape == (1001, 2)


def test_a_run_that_diverges_says_when():
    history = explorer("raw", "gd", 1e-2, 0.9, 120).run()
    assert history.diverged_at is not None
    assert not math.isfinite(history.train_loss[history.diverged_at - 1])


def test_the_text_states_facts():
    assert repr(LearningRateExplorer()) == (
        "<LearningRateExplorer: x0.1, gd at 0.01, loss 3.8255 after 1000 epochs, "
        "critical 3.298e-02>"
    )
    diverging = repr(explorer("raw", "momentum", 1e-2, 0.9, 1000))
    assert "momentum 0.9 at 0.01, 1000 epochs, critical 6.459e-04" in diverging
    assert "loss overflows after 120" in repr(explorer("raw", "gd", 1e-2, 0.9, 120))
    assert _in_words(999_999.5) == "loss 999999.5000"
    assert _in_words(1e6) == "loss 1e+06"
    assert "no critical rate" in repr(explorer("raw", "adam", 0.1, 0.9, 5))
    assert "after 1 epoch," in repr(LearningRateExplorer(n_epochs=1))
    assert "after 2 epochs," in repr(LearningRateExplorer(n_epochs=2))
    for text in (diverging, repr(explorer("standardised", "momentum", 0.01, 0.9, 999))):
        assert len(text) <= 110  # ipywidgets cuts the rest


@pytest.mark.parametrize("setting", [s for s in SETTINGS if s[1] == "gd"][::3], ids=str)
def test_the_text_agrees_with_the_run(runs, setting):
    widget = explorer(*setting)
    last = runs[setting]["losses"][-1]
    said = re.search(r"loss ([\d.e+]+) after|loss (overflows)", repr(widget))
    if math.isfinite(last):
        assert float(said[1]) == pytest.approx(last, rel=1e-3, abs=6e-5)
    else:
        assert said[2]


# Messages between the browser and the kernel


@pytest.fixture
def wire():
    """A widget whose messages to the browser are caught: `(widget, messages)`."""
    widget, messages = LearningRateExplorer(n_epochs=10_000), []

    class Comm:
        kernel = comm_id = "test"

        def send(self, data=None, metadata=None, buffers=None):
            messages.append(json.dumps(data, allow_nan=False))

        def on_msg(self, callback):
            pass

        def close(self, *args, **kwargs):
            pass

    widget.comm = Comm()
    messages.clear()
    return widget, messages


def browser_says(widget: LearningRateExplorer, content: dict) -> None:
    widget._handle_msg({"content": {"data": content}, "buffers": []})


def test_a_move_costs_few_small_messages(wire):
    widget, messages = wire
    browser_says(widget, {"method": "update", "state": {"learning_rate": 0.02}, "buffer_paths": []})
    assert widget.learning_rate == 0.02
    assert len(messages) + 1 <= 6
    assert sum(map(len, messages)) <= 40_000


@pytest.mark.parametrize(
    "setting", [("raw", "gd", 1e-2, 0.9, 1000), ("x0.1", "adam", 0.1, 0.9, 202)], ids=str
)
def test_the_check_answers_with_numbers_that_json_can_carry(wire, node, setting):
    widget, messages = wire
    asked = explorer(*setting).settings()
    browser_says(widget, {"method": "custom", "content": {"kind": "check", "settings": asked}})
    assert widget.settings() == asked
    assert len(messages) <= 6 and sum(map(len, messages)) <= 40_000
    answer = next(m["content"] for m in map(json.loads, messages) if m["method"] == "custom")
    [run] = node("simulate(x)", [asked])
    assert answer["settings"] == asked
    step = math.ceil(asked["n_epochs"] / 100)
    assert answer["epochs"] == list(range(0, asked["n_epochs"], step))
    for mine, here in zip(answer["params"], run["params"][-1], strict=True):
        assert mine is None if not math.isfinite(here) else mine == pytest.approx(here, rel=1e-9)
    for epoch, loss in zip(answer["epochs"], answer["losses"], strict=True):
        here = run["losses"][epoch]
        assert loss is None if not math.isfinite(here) else loss == pytest.approx(here, rel=1e-9)
    assert (answer["loss"] is None) == (not math.isfinite(run["losses"][-1]))


@pytest.mark.parametrize(
    "asked", [{}, {"inputs": "raw"}, {"learning_rate": 0}, {"inputs": "raw", "n_epochs": 0}]
)
def test_a_question_that_makes_no_sense_gets_words_for_an_answer(wire, asked):
    widget, messages = wire
    before = widget.settings()
    settings = {**before, **asked} if 0 in asked.values() else asked
    content = {"kind": "check", "settings": settings}
    browser_says(widget, {"method": "custom", "content": content})
    answer = next(m["content"] for m in map(json.loads, messages) if m["method"] == "custom")
    assert answer["error"]
    assert widget.settings() == before


def test_other_messages_are_left_alone(wire):
    widget, messages = wire
    browser_says(widget, {"method": "custom", "content": {"kind": "hello"}})
    assert not messages


# The page


class Addresses(html.parser.HTMLParser):
    """Everything in a page that a browser would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in ("src", "href", "data", "srcset")]


def test_the_page_holds_everything_it_needs(tmp_path: Path):
    widget = explorer("raw", "momentum", 1e-4, 0.5, 77)
    page = widget.page(tmp_path / "explorer.html")
    assert (tmp_path / "explorer.html").read_text(encoding="utf-8") == page
    addresses = Addresses()
    addresses.feed(page)
    assert addresses.found == ["data:,"]
    assert not re.search(r"https?://|\bimport\b[\s(]*[\"'{*]|\bfetch\(|@import|url\((?!#)", page)
    assert json.dumps(widget.settings())[:-1] in page
    assert page.count("</script>") == 1


def test_the_module_has_no_dependency():
    assert not re.search(r"^\s*import\b|\bimport\(|\brequire\(", MODULE, re.MULTILINE)
    assert "simulate" in exports() and "export default { render }" in MODULE
