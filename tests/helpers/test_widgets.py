"""The five small widgets: what they draw is right, what they are told is checked, moves are cheap.

No browser is needed: controls are moved by the messages that a browser would send, and the messages
that would go back are counted.
"""

import json
import math
import re
import subprocess
import sys
from pathlib import Path

import comm
import ipywidgets as ipw
import matplotlib.pyplot as plt
import plotly.graph_objects as go
import pytest
import torch
import traitlets
from comm.base_comm import BaseComm

from helpers import theory
from helpers.data import thermometer
from helpers.losses import mse
from helpers.models import linear
from helpers.training import gradient_descent, training_loop
from helpers.widgets import (
    BeTheOptimizer,
    DegreeAndPenalty,
    FiniteDifferenceStep,
    ForgottenZeroGrad,
    SplitRoulette,
    instrument,
)
from helpers.widgets.controls import Number

ALL = [BeTheOptimizer, FiniteDifferenceStep, ForgottenZeroGrad, SplitRoulette, DegreeAndPenalty]
EACH_SETTING = [(widget, name) for widget in ALL for name in widget().settings]
OTHER = {  # for each setting a good value that is not the default
    "w": 0.53,
    "b": -16.5,
    "reveal": True,
    "delta": 1e-3,
    "scheme": "forward",
    "precision": "float32",
    "zero_grad": True,
    "learning_rate": 0.05,
    "momentum": 0.5,
    "split": 45,
    "list_all": True,
    "degree": 3,
    "penalty": 0.1,
    "noise": 5.0,
    "points": 60,
}


RANGES = {  # first value, from, to, step: what the texts of the notebooks count on
    "w": (1.0, -1.0, 2.0, 0.001),
    "b": (0.0, -50.0, 50.0, 0.5),
    "delta": (0.1, 1e-13, 1.0, 0.05),
    "learning_rate": (0.01, 0.001, 0.1, 0.01),
    "momentum": (0.9, 0.0, 1.0, 0.05),
    "split": (14, 0, 54, 1),
    "degree": (8, 0, 8, 1),
    "penalty": (0.0, 1e-7, 10.0, 0.1),
    "noise": (0.0, 0.0, 30.0, 0.5),
    "points": (11, 11, 60, 1),
}


@pytest.fixture
def sent(monkeypatch):
    """The messages to the browser: (what is in them, their size in bytes)."""
    messages = []

    class Recorder(BaseComm):
        def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
            size = len(json.dumps(data)) + sum(len(part) for part in buffers or [])
            messages.append((data or {}, size))

    monkeypatch.setattr(comm, "create_comm", Recorder)
    return messages


def move(control, value):
    """What the browser sends when a hand moves a control."""
    key = "index" if isinstance(control, ipw.ToggleButtons) else "value"
    value = list(control.options).index(value) if key == "index" else value
    data = {"method": "update", "state": {key: value}, "buffer_paths": []}
    control._handle_msg({"content": {"data": data}, "buffers": []})


def drawn(widget, name):
    """The points of a curve in the plotly figure, gaps left out: x, y."""
    [trace] = [trace for trace in widget.figure.data if trace.name == name]
    points = [(x, y) for x, y in zip(trace.x, trace.y, strict=True) if x is not None]
    return torch.tensor(points).T


def close(values, expected, rtol=1e-5):  # six digits are drawn
    return torch.allclose(torch.as_tensor(values), torch.as_tensor(expected), rtol=rtol)


# What all of them share.


def test_the_first_picture_does_not_wait_for_a_grammar():
    script = (
        "import sys, helpers.widgets, nbformat; print({'lark', 'rfc3987_syntax'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "set()\n"


@pytest.mark.parametrize("widget, name", EACH_SETTING)
def test_one_move_is_few_and_small_messages(sent, widget, name):
    play = widget()
    for control in play.controls[name]:
        before = repr(play)
        sent.clear()
        move(control, OTHER[name])
        assert getattr(play, name) == OTHER[name]
        assert repr(play) != before
        assert 1 <= len(sent) <= 6
        assert sum(size for _, size in sent) <= 40_000
        setattr(play, name, widget.class_traits()[name].default_value)


def test_the_picture_sends_no_empty_letter(sent):
    play = BeTheOptimizer()
    sent.clear()
    play.w = 0.3
    letters = [data.get("state", {}) for data, _ in sent]
    assert all(value is not None for state in letters for value in state.values())
    assert len([state for state in letters if "_py2js_update" in state]) == 1


@pytest.mark.parametrize("widget, name", EACH_SETTING)
def test_ranges(widget, name):
    setting = widget.class_traits()[name]
    if isinstance(setting, Number):
        found = setting.default_value, setting.low, setting.high, setting.step
        assert found == RANGES[name]
        assert list(map(type, found[:3])) == list(map(type, RANGES[name][:3]))
    else:
        assert name not in RANGES


@pytest.mark.parametrize("widget", ALL)
def test_panels_lie_side_by_side(widget):
    layout = widget().figure.layout
    left, right = layout.xaxis.domain, layout.xaxis2.domain
    assert left[0] == 0 and right[1] == pytest.approx(1) and 0.05 < right[0] - left[1] < 0.15
    assert all(0.3 < end - start < 0.6 for start, end in (left, right))


@pytest.mark.parametrize("widget", ALL)
def test_logarithmic_axes_have_room_for_their_numbers(widget):
    figure = widget().figure
    assert figure._config == {"responsive": True, "displayModeBar": False}
    for axis in [*figure.select_xaxes(), *figure.select_yaxes()]:
        if axis.type == "log" and axis.range:
            decades = axis.range[1] - axis.range[0]
            assert axis.dtick == (math.ceil(decades / 8 - 1e-9) if decades > 3 else None)


@pytest.mark.parametrize("widget", ALL)
def test_the_picture_keeps_its_size(widget):
    """A picture of another height would push the next cell away at each first move."""
    layout = widget().figure.layout
    assert (layout.height, layout.font.size) == (380, 13)
    assert {layout[axis].title.font.size for axis in ("xaxis", "yaxis2")} == {13}
    look = instrument.Look(0, "black")
    assert (look.size, look.width, look.named) == (7, 2, True)


def test_long_numbers_are_shortened():
    assert instrument._short(99999.5) == "99999.5000" and instrument._short(123456.0) == "1.235e+05"


@pytest.mark.parametrize("widget, name", EACH_SETTING)
def test_python_moves_the_controls_and_the_picture(widget, name):
    play, made = widget(), widget(**{name: OTHER[name]})
    before = [(trace.x, trace.y) for trace in play.figure.data]
    setattr(play, name, OTHER[name])
    for control in play.controls[name]:
        assert control.value == pytest.approx(OTHER[name])
    assert [(trace.x, trace.y) for trace in play.figure.data] != before
    if not isinstance(play, BeTheOptimizer | SplitRoulette):  # they remember the first value too
        assert [(t.x, t.y) for t in play.figure.data] == [(t.x, t.y) for t in made.figure.data]
    assert repr(play) == repr(made)


@pytest.mark.parametrize("widget, name", EACH_SETTING)
def test_bad_settings_are_refused_and_change_nothing(widget, name):
    play = widget()
    before = repr(play), play.words, [trace.y for trace in play.figure.data]
    for bad in ["many", None, math.nan, math.inf, -1e9, 1e9, [1]]:
        with pytest.raises(traitlets.TraitError, match=name):
            setattr(play, name, bad)
        assert (repr(play), play.words, [trace.y for trace in play.figure.data]) == before
        with pytest.raises(traitlets.TraitError, match=name):
            widget(**{name: bad})


@pytest.mark.parametrize("widget", ALL)
def test_a_bad_number_in_a_box_is_answered_in_words(widget):
    play = widget()
    for name, trait in play.settings.items():
        if isinstance(trait, Number):
            box, slider = play.controls[name]
            good = getattr(play, name)
            move(box, 1_000_000)
            assert f"{name} is " in play._said.value and "give " in play._said.value
            assert (box.value, getattr(play, name)) == (good, good)
            move(slider, OTHER[name])
            assert "give" not in play._said.value


def test_whole_numbers_truth_values_and_unknown_names():
    for bad in (2.5, True, "3"):
        with pytest.raises(traitlets.TraitError, match="give a whole number from 0 to 8"):
            DegreeAndPenalty(degree=bad)
    with pytest.raises(traitlets.TraitError, match=r"degree is 8\.0: give a whole number"):
        DegreeAndPenalty(degree=8.0)
    with pytest.raises(traitlets.TraitError, match="0, or a number from 1e-07 to 10"):
        DegreeAndPenalty(penalty=1e-8)
    with pytest.raises(TypeError, match="no setting learningrate: choose zero_grad, learning_rate"):
        ForgottenZeroGrad(learningrate=1e-2)


def test_the_left_end_of_a_log_slider_may_mean_zero():
    knobs = DegreeAndPenalty(penalty=0.1)
    box, slider = knobs.controls["penalty"]
    move(slider, slider.base**slider.min)
    assert (knobs.penalty, box.value) == (0.0, 0.0)
    move(slider, 0.0999999)
    assert (knobs.penalty, box.value) == (0.1, 0.1)


@pytest.mark.parametrize("widget", ALL)
def test_the_text_states_facts_and_is_the_same_every_time(widget):
    play = widget()
    assert repr(play) == repr(widget())
    assert len(repr(play)) <= 110  # ipywidgets cuts what is longer
    assert repr(play).startswith(f"<{widget.__name__}: ")
    assert not re.search(r"0x|uid|model|[0-9a-f]{12}", repr(play))
    assert play._repr_mimebundle_()["text/plain"] == repr(play)


@pytest.mark.parametrize("widget", ALL)
def test_one_figure_and_names_for_all_controls(widget):
    def inside(box):
        for child in getattr(box, "children", ()):
            yield child
            yield from inside(child)

    parts = list(inside(widget()))
    assert sum(isinstance(part, go.FigureWidget) for part in parts) == 1
    for part in parts:
        if isinstance(part, ipw.FloatText | ipw.IntText | ipw.Checkbox | ipw.Button):
            assert part.description
    assert all(trace.type == "scatter" for trace in widget().figure.data)


@pytest.mark.parametrize("widget", ALL)
def test_still_picture(widget):
    play = widget()
    fig, sentence = play.still()
    lines = [line for ax in fig.axes for line in ax.lines]
    curves = sorted((look.panel, i) for i, look in enumerate(play.LOOKS.values()))
    names = list(play.LOOKS)
    for line, (_, i) in zip(lines, curves, strict=True):
        x, y = play._view[0][names[i]]
        torch.testing.assert_close(
            torch.tensor(line.get_xydata()).T, torch.stack([x.to(y), y]), equal_nan=True
        )
    assert play.words in sentence and len(sentence) > 60
    assert not re.search(r"\d\.\d{5,}", sentence)
    plt.close(fig)


@pytest.mark.parametrize("widget", ALL)
def test_check(widget):
    play = widget()
    low, high, lesson, hint = play.target()
    assert play.check(None).startswith("… Not answered yet")
    assert play.check("4").startswith("✘ '4' is not a number")
    for right in (low, (low + high) / 2, high, torch.tensor(low), torch.tensor([high])):
        assert play.check(right).startswith("✔") and lesson in play.check(right)
    for wrong in (0.9 * low, 1.2 * high, math.nan, -1):
        assert play.check(wrong).startswith("✘") and hint in play.check(wrong)


def test_typed_numbers_keep_their_digits():
    play = BeTheOptimizer()
    for name, value in {"w": 0.5368, "b": -17.3048}.items():
        move(play.controls[name][0], value)
        assert getattr(play, name) == value
    play.w = 1.2345
    assert play.w == 1.2345
    move(play.controls["w"][1], 1.001)
    assert play.w == 1.001
    knobs = DegreeAndPenalty()
    knobs.penalty = 1.005e-7
    assert knobs.penalty == 1.005e-7


# What each of them says.


def test_be_the_optimizer(readings):
    play = BeTheOptimizer(w=0.5, b=-10.0, reveal=True)
    assert close(drawn(play, "your line"), [[10, 120], [0.5 * 10 - 10, 0.5 * 120 - 10]])
    params = torch.tensor([0.5, -10.0], requires_grad=True)
    loss = mse(linear(readings[0], *params), readings[1])
    loss.backward()
    slopes = params.grad
    assert f"loss {loss:.4f}" in repr(play)
    assert f"slope in w {slopes[0]:.4f}, slope in b {slopes[1]:.4f}" in repr(play)
    assert "Turn w down. Turn b down." in play.words
    squares = drawn(play, "squared errors").T.reshape(11, 5, 2)
    height, width = squares[:, 1, 1] - squares[:, 0, 1], squares[:, 2, 0] - squares[:, 1, 0]
    assert close((height**2).mean(), loss.detach())
    assert close(width, play.RATIO * height.abs(), rtol=1e-3)
    x, y = drawn(play, "one step against the slopes")
    w = (y[1] - y[0]) / (x[1] - x[0])
    stepped = torch.stack([w, y[0] - w * x[0]]).requires_grad_()
    moved = stepped.detach() - params.detach()
    assert close(moved / moved.norm(), -slopes / slopes.norm(), rtol=1e-2)
    mse(linear(readings[0], *stepped), readings[1]).backward()  # the best step of this direction:
    assert abs(stepped.grad @ slopes) < 1e-3 * (slopes @ slopes)  # level along it


def test_be_the_optimizer_remembers_tries(readings):
    play = BeTheOptimizer()
    for w in (0.5, 0.2, 0.5):
        play.w = w
    losses = [mse(linear(readings[0], w, 0.0), readings[1]) for w in (1.0, 0.2, 0.5)]
    assert close(drawn(play, "your tries"), torch.stack([torch.arange(3) + 1, torch.stack(losses)]))
    assert f"Lowest of your tries: {losses[1]:.4f}." in play.words
    for i in range(100):
        play.b = i / 4
    assert drawn(play, "your tries").shape == (2, 40)


def test_be_the_optimizer_target(readings):
    low, high, *_ = BeTheOptimizer().target()
    ws = torch.arange(-1, 2, 0.01)
    reachable = ((ws[:, None] * readings[0] - readings[1]) ** 2).mean(dim=1).min()
    assert low < reachable < high


def test_be_the_optimizer_says_what_notebook_01_says():
    """At the lowest loss with b = 0 only the slope in b is left; the slider must get there."""
    lowest = min(
        (BeTheOptimizer(w=w / 1000, reveal=True)._view[1] for w in range(200, 260)),
        key=lambda results: results["loss"],
    )
    assert abs(lowest["slope in w"]) < 1 < lowest["slope in b"]
    assert "w is as good as level. Turn b down." in BeTheOptimizer(w=0.232, reveal=True).words
    assert "level. b is as good as level." in BeTheOptimizer(w=0.537, b=-17.3, reveal=True).words


@pytest.mark.parametrize("scheme, error", [("central", 0.0), ("forward", 2940.7982)])
def test_finite_difference_errors(readings, scheme, error):
    params = torch.tensor([1.0, 0.0], requires_grad=True)
    mse(linear(readings[0], *params), readings[1]).backward()
    play = FiniteDifferenceStep(scheme=scheme)
    deltas, errors = drawn(play, "error of this choice")
    assert len(deltas) == 53 and deltas[0] == 1e-13 and deltas[-1] == 1
    large = deltas > 0.01
    assert torch.allclose(errors[large], error * deltas[large], rtol=1e-4, atol=1e-9)
    assert f"slope {params.grad[0] + 0.1 * error:.4f}" in repr(play)
    w, losses = drawn(play, "loss")
    assert w[0] == -0.2 and w[-1] == 2.2 and len(w) == 61
    assert close(losses, ((w[:, None] * readings[0] - readings[1]) ** 2).mean(dim=1))
    assert len(drawn(play, "the other three choices")[0]) == 3 * 53
    x, y = drawn(play, "points compared")
    assert close(y, torch.stack([mse(linear(readings[0], w, 0.0), readings[1]) for w in x]))
    ends_x, ends_y = drawn(play, "measured slope")
    assert ends_x.tolist() == [-0.2, 2.2]
    assert close((ends_y[1] - ends_y[0]) / (ends_x[1] - ends_x[0]), (y[1] - y[0]) / (x[1] - x[0]))


def test_finite_difference_in_float32():
    play = FiniteDifferenceStep(precision="float32", delta=1e-8)
    assert "slope 0.0000" in repr(play)  # 1 + 1e-8 is 1
    assert close(drawn(play, "at this delta"), [[1e-8], [4517.2964]])
    play = FiniteDifferenceStep(precision="float32", scheme="forward")
    deltas, errors = drawn(play, "error of this choice")
    low, high, *_ = play.target()
    assert low < deltas[errors.argmin()] < high


@pytest.mark.parametrize("zero_grad, momentum", [(False, 1.0), (True, 0.0), (True, 0.9)])
def test_forgotten_zero_grad_is_momentum(readings, start, zero_grad, momentum):
    t_un, t_c = 0.1 * readings[0], readings[1]
    play = ForgottenZeroGrad(zero_grad=zero_grad, momentum=momentum, learning_rate=0.02)
    params = start.requires_grad_()
    optimizer = torch.optim.SGD([params], lr=0.02, momentum=momentum)
    history = training_loop(60, optimizer, params, t_un, t_c)
    assert close(drawn(play, "zeroed, with momentum")[1], history.train_loss)
    assert close(drawn(play, "path with momentum").T, history.params)
    same = zero_grad == (momentum == 0)
    assert close(drawn(play, "this loop")[1], history.train_loss) == same
    assert ("difference 0.0000" in repr(play)) == same


def test_zero_grad_gives_gradient_descent(readings, start):
    play = ForgottenZeroGrad(zero_grad=True)
    losses, path = gradient_descent(0.1 * readings[0], readings[1], start, 1e-2, 60)
    assert close(drawn(play, "this loop"), torch.stack([torch.arange(60) + 1.0, losses]))
    assert close(drawn(play, "path of this loop").T, path)
    rings = drawn(play, "equal loss").T.reshape(3, 81, 2)
    best, floor = theory.least_squares(0.1 * readings[0], readings[1])
    assert close(drawn(play, "best line")[:, 0], best)
    assert close(rings[:, :-1].mean(dim=1), best.expand(3, 2), rtol=1e-3)  # once round, evenly
    for share, ring in zip((1, 1 / 4, 1 / 16), rings, strict=True):
        on_ring = [mse(linear(0.1 * readings[0], *p), readings[1]) for p in ring]
        assert close(torch.stack(on_ring), floor + share * (losses[0] - floor), rtol=1e-3)


@pytest.mark.parametrize("zero_grad, factor", [(True, 1), (False, 2)])
def test_forgotten_zero_grad_doubles_the_border(readings, zero_grad, factor):
    border = factor * theory.critical_learning_rate(0.1 * readings[0]).item()
    play = ForgottenZeroGrad(zero_grad=zero_grad, learning_rate=1.05 * border)
    assert "runs away" in play.words
    play.learning_rate = 0.97 * border
    assert "runs away" not in play.words
    assert ("does not settle" in play.words) == (not zero_grad)
    low, high, lesson, _ = play.target()
    assert 1.9 / factor < low / border < 2 / factor < high / border < 2.1 / factor
    assert f"{2 * border / factor:.4f}, twice the {border / factor:.4f}" in lesson


def test_split_roulette_lists_all_splits(readings):
    roulette = SplitRoulette(list_all=True)
    places, losses = drawn(roulette, "validation loss")
    assert sorted(places.tolist()) == list(range(1, 56))
    assert f"{losses.mean():.2f} {losses.std():.2f}" == "4.71 2.91"  # notebook 06
    assert torch.equal(losses[places.argsort()], losses.sort().values)
    for split in (0, 14, 45, 54):
        roulette.split = split
        train, val = drawn(roulette, "training").T, drawn(roulette, "validation").T
        assert len(torch.cat([train, val]).unique(dim=0)) == 11
        (w, b), floor = theory.least_squares(*train.T)
        assert f"training {floor:.4f}" in repr(roulette)
        assert f"validation {mse(linear(val[:, 0], w, b), val[:, 1]):.4f}" in repr(roulette)
        x, y = drawn(roulette, "line for the nine")
        assert close(y, linear(x, w, b)) and x.tolist() == [18, 86]


def test_split_roulette_target():
    roulette = SplitRoulette(list_all=True)
    _, losses = drawn(roulette, "validation loss")
    low, high, *_ = roulette.target()
    third, second, first = losses.sort().values[-3:]
    assert third < low < second < high < first


def test_split_roulette_draws():
    roulette, again = SplitRoulette(), SplitRoulette()
    for play in (roulette, again):
        for _ in range(5):
            play.draw()
    assert roulette.split == again.split
    seen = drawn(roulette, "validation loss")
    assert seen.shape[1] == len(roulette.history) <= 6
    assert f"{seen[1].mean():.2f}." in roulette.words
    [button] = [w for w in roulette.children[0].children if isinstance(w, ipw.Button)]
    before = roulette.history.copy()
    for _ in range(5):
        button.click()
    assert len(roulette.history) > len(before)


def polynomial(t_u, t_c, degree, penalty=0.0):
    """A penalised fit by QR: the penalty as extra rows. Returns the prediction as a function."""
    mean, std = t_u.mean(), t_u.std()

    def powers(t):
        return torch.stack([((t - mean) / (2 * std)) ** k for k in range(degree + 1)], dim=1)

    price = (penalty * len(t_u)) ** 0.5 * torch.eye(degree + 1)[1:]
    rows, target = torch.cat([powers(t_u), price]), torch.cat([t_c, torch.zeros(degree)])
    weights = torch.linalg.lstsq(rows, target).solution
    return lambda t: powers(t) @ weights


@pytest.mark.parametrize("penalty, noise, points", [(0, 0, 11), (0.05, 0, 11), (0.01, 8.0, 14)])
def test_degree_and_penalty(penalty, noise, points):
    knobs = DegreeAndPenalty(penalty=float(penalty), noise=float(noise), points=points, degree=4)
    t_u, t_c = drawn(knobs, "readings")
    copies = knobs.shifts[:points] if noise else torch.zeros(points, 1)

    def fit(rows, degree):
        t = (t_u[rows, None] + noise * copies[rows]).flatten()
        return polynomial(t, t_c[rows].repeat_interleave(copies.shape[1]), degree, penalty)

    for degree in (0, 1, 2, 4, 6):
        errors = []
        for i in range(points):
            rest = [j for j in range(points) if j != i]
            errors.append(fit(rest, degree)(t_u[[i]])[0] - t_c[i])
        loo = (torch.stack(errors) ** 2).mean()
        assert close(drawn(knobs, "leave-one-out loss")[1, degree], loo, rtol=1e-4)
        training = mse(fit(list(range(points)), degree)(t_u), t_c)
        assert close(drawn(knobs, "training loss")[1, degree], training, rtol=1e-4)
    grid, curve = drawn(knobs, "fitted curve")
    assert close(curve, fit(list(range(points)), 4)(grid), rtol=1e-4)


def test_degree_and_penalty_says_what_notebook_06_says():
    loo = drawn(DegreeAndPenalty(), "leave-one-out loss")[1]
    assert [f"{value:.3g}" for value in loo[1:5]] == ["4.52", "4.1", "16.4", "62.8"]
    assert f"{loo[8]:.3g}" == "3.79e+08"
    penalised = DegreeAndPenalty(penalty=0.01).words
    assert "lowest leave-one-out loss is that of degree 2: 3.269" in penalised
    loo = drawn(DegreeAndPenalty(points=50), "leave-one-out loss")[1]
    assert f"{loo[8]:.1f} {loo[1]:.1f}" == "3.7 3.0"
    assert torch.equal(
        drawn(DegreeAndPenalty(points=60), "readings")[:, :11], torch.stack(thermometer())
    )


def test_invented_points_lie_around_the_true_line():
    t_u, t_c = drawn(DegreeAndPenalty(points=60), "readings")[:, 11:]
    shifts = DegreeAndPenalty().shifts
    assert shifts.min() < -0.99 and shifts.max() > 0.99 and shifts.abs().max() <= 1
    off = t_c - 5 / 9 * (t_u - 32)
    assert len(t_u) == 49 == len(DegreeAndPenalty().t_u) - 11
    assert 20 <= t_u.min() < 25 and 80 < t_u.max() <= 85
    assert -3 <= off.min() < -2.5 and 2.5 < off.max() <= 3 and off.mean().abs() < 0.5


def test_degree_and_penalty_target():
    knobs = DegreeAndPenalty(points=30, noise=2.0)  # the question is about 11 points without noise
    low, high, *_ = knobs.target()
    reached = [
        DegreeAndPenalty(penalty=p)._view[1]["leave-one-out"] for p in (0.06, 0.09, 0.12, 1.0)
    ]
    assert low < min(reached) < high < reached[-1]
    assert high / low == pytest.approx(1.05 / 0.99)
