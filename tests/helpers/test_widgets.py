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
def test_check(widget, monkeypatch):
    play = widget()
    low, high, lesson, hint = told = play.target()
    assert lesson in play.check((low + high) / 2)
    monkeypatch.setattr(play, "target", lambda: told)  # asked once: some compute for half a second
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
