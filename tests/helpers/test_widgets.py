"""The small instruments: what they are told is checked, moves are cheap, pages hold their views.

No browser is needed: controls are moved by the messages that a browser would send, and the messages
that would go back are counted.
"""

import io
import itertools
import json
import math
import re
import sys
import time
import types
from pathlib import Path

import comm
import matplotlib.pyplot as plt
import pytest
import torch
import traitlets
from comm.base_comm import BaseComm
from IPython.core.formatters import DisplayFormatter
from PIL import Image

from helpers import widgets
from helpers.exercises.instruments import target
from helpers.widgets import (
    BeTheOptimizer,
    DegreeAndPenalty,
    FiniteDifferenceStep,
    ForgottenZeroGrad,
    MinibatchNoise,
    SplitRoulette,
    small,
)
from helpers.widgets.controls import Number, Switch

ALL = [
    *(BeTheOptimizer, FiniteDifferenceStep, ForgottenZeroGrad, MinibatchNoise, SplitRoulette),
    DegreeAndPenalty,
]
EACH_SETTING = [(widget, name) for widget in ALL for name in widget().settings]
OTHER = {  # for each setting a good value that is not the default
    "w": 0.53,
    "b": -16.5,
    "reveal": True,
    "delta": 1e-3,
    "scheme": "forward",
    "precision": "float32",
    "zero_grad": True,
    "learning_rate": 0.02,
    "momentum": 0.5,
    "batch_size": 3,
    "seed": 7,
    "schedule": "step",
    "scaling": "x0.1",
    "split": 45,
    "list_all": True,
    "degree": 3,
    "penalty": 0.1,
    "noise": 5.0,
    "points": 50,
}
RANGES = {  # first value, from, to, step: what the texts of the notebooks count on
    ("BeTheOptimizer", "w"): (1.0, -1.0, 2.0, 0.001),
    ("BeTheOptimizer", "b"): (0.0, -50.0, 50.0, 0.5),
    ("FiniteDifferenceStep", "delta"): (0.1, 1e-13, 1.0, 0.05),
    ("FiniteDifferenceStep", "w"): (1.0, 0.0, 2.0, 0.1),
    ("ForgottenZeroGrad", "learning_rate"): (0.01, 0.001, 0.1, 0.01),
    ("ForgottenZeroGrad", "momentum"): (0.9, 0.0, 1.0, 0.05),
    ("MinibatchNoise", "batch_size"): (2, 1, 11, 1),
    ("MinibatchNoise", "learning_rate"): (0.05, 1e-4, 1.0, 0.05),
    ("MinibatchNoise", "seed"): (0, 0, 20, 1),
    ("SplitRoulette", "split"): (38, 1, 55, 1),
    ("SplitRoulette", "degree"): (1, 0, 4, 1),
    ("DegreeAndPenalty", "degree"): (8, 0, 8, 1),
    ("DegreeAndPenalty", "penalty"): (0.0, 1e-7, 10.0, 0.1),
    ("DegreeAndPenalty", "noise"): (0.0, 0.0, 30.0, 0.5),
    ("DegreeAndPenalty", "points"): (11, 11, 60, 1),
}
FOUND = {  # the numbers of the questions, as one finds them on the grid of a page
    BeTheOptimizer: ({"w": 0.23, "b": 0.0, "reveal": False}, "loss"),
    MinibatchNoise: ({"batch_size": 2, "learning_rate": 0.05, "schedule": "cosine"}, "share"),
    SplitRoulette: ({"split": 54, "degree": 1, "list_all": False}, "validation"),
    DegreeAndPenalty: ({"degree": 8, "penalty": 0.1, "points": 11}, "leave-one-out"),
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


def move(play, **wishes):
    """What the browser sends when a hand moves controls."""
    data = {"method": "custom", "content": wishes}
    play._handle_msg({"content": {"data": data}, "buffers": []})


def state(play):
    return repr(play), play.words, {k: v for k, v in play.shown.items() if k != "answers"}


@pytest.mark.parametrize("widget, name", EACH_SETTING)
def test_a_move_is_one_small_message(sent, widget, name):
    play = widget()
    before = state(play)
    sent.clear()
    move(play, **{name: OTHER[name]})
    assert getattr(play, name) == OTHER[name]
    assert play.shown["values"][name] == OTHER[name] and state(play) != before
    assert len(sent) == 1 and sent[0][1] <= 40_000


@pytest.mark.parametrize("widget", ALL)
def test_several_settings_are_one_message_too(sent, widget):
    play = widget()
    sent.clear()
    move(play, **{name: OTHER[name] for name in play.settings})
    assert play.values() == {name: OTHER[name] for name in play.settings}
    assert len(sent) == 1


@pytest.mark.parametrize("widget", ALL)
def test_every_move_is_answered_the_idle_one_too(sent, widget):
    """The browser waits for an answer before it sends the next move."""
    play = widget()
    sent.clear()
    move(play, **play.values())
    assert len(sent) == 1 and play.shown["problem"] == ""


@pytest.mark.parametrize("widget", ALL)
def test_ranges(widget):
    for name, trait in widget().settings.items():
        if isinstance(trait, Number):
            found = trait.default_value, trait.low, trait.high, trait.step
            assert found == RANGES[widget.__name__, name]
            assert list(map(type, found[:3])) == list(map(type, RANGES[widget.__name__, name][:3]))


@pytest.mark.parametrize("widget, name", EACH_SETTING)
def test_python_moves_the_picture(sent, widget, name):
    play, made = widget(), widget(**{name: OTHER[name]})
    sent.clear()
    setattr(play, name, OTHER[name])
    assert len(sent) == 1 and state(play) == state(made)
    setattr(play, name, OTHER[name])
    assert len(sent) == 1  # nothing has changed


@pytest.mark.parametrize("widget, name", EACH_SETTING)
def test_bad_settings_are_refused_and_change_nothing(widget, name):
    play = widget()
    before = state(play)
    for bad in ["many", None, math.nan, math.inf, -1e9, 1e9, [1], 1.5j]:
        with pytest.raises(traitlets.TraitError, match=name):
            setattr(play, name, bad)
        assert state(play) == before
        with pytest.raises(traitlets.TraitError, match=name):
            widget(**{name: bad})


@pytest.mark.parametrize("widget", ALL)
def test_a_bad_wish_is_answered_in_words_and_spoils_the_others_of_its_message(widget):
    play = widget()
    before = state(play)
    names = [name for name, trait in play.settings.items() if not isinstance(trait, Switch)]
    for name in names:
        other = next(n for n in play.settings if n != name)
        move(play, **{other: OTHER[other], name: "many"})
        assert f"{name} " in play.shown["problem"] and "last good value" in play.shown["problem"]
        assert (repr(play), play.words) == before[:2] and play.shown["values"] == play.values()
        move(play, unknown=1)
        assert state(play) == before


def test_whole_numbers_truth_values_and_unknown_names():
    for bad in (2.5, True, "3"):
        with pytest.raises(traitlets.TraitError, match="give a whole number from 0 to 8"):
            DegreeAndPenalty(degree=bad)
    with pytest.raises(traitlets.TraitError, match=r"degree is 8\.0: give a whole number"):
        DegreeAndPenalty(degree=8.0)
    with pytest.raises(traitlets.TraitError, match="0, or a number from 1e-07 to 10"):
        DegreeAndPenalty(penalty=1e-8)
    with pytest.raises(traitlets.TraitError, match="zero_grad is 1: give True or False"):
        ForgottenZeroGrad(zero_grad=1)
    with pytest.raises(TypeError, match="no setting learningrate: choose zero_grad, learning_rate"):
        ForgottenZeroGrad(learningrate=1e-2)
    assert BeTheOptimizer(w=1).w == 1.0 and isinstance(BeTheOptimizer(w=1).w, float)


@pytest.mark.parametrize("widget", ALL)
def test_the_text_states_facts_and_is_the_same_every_time(widget):
    play = widget()
    assert repr(play) == repr(widget())
    move(play, **{name: OTHER[name] for name in play.settings})
    assert len(repr(play)) <= 110  # ipywidgets cuts what is longer
    assert repr(play).startswith(f"<{widget.__name__}: ")
    assert not re.search(r"0x|uid|model|[0-9a-f]{12}| off", repr(play))


@pytest.mark.parametrize("widget", ALL)
def test_what_the_browser_is_told_fits_together(widget):
    play = widget()
    assert len(play.shown["curves"]) == len(play.spec["looks"])
    for look, columns in zip(play.spec["looks"], play.shown["curves"], strict=True):
        assert len(columns) == 2 + (look["marker"] == "squares")
        assert len({len(column) for column in columns}) == 1
        assert look["color"] in small.COLORS and look["dash"] in small.DASHES
        assert look["dash"] or look["marker"]
    for number, panel in enumerate(play.spec["panels"]):
        x, y = play.shown["ranges"].get(str(number), (panel["x_range"], panel["y_range"]))
        assert x[0] < x[1] and y[0] < y[1]
        assert any(look["panel"] == number for look in play.spec["looks"])
    json.dumps([play.spec, play.shown], allow_nan=False)


@pytest.mark.parametrize("widget", ALL)
def test_still_picture(widget):
    play = widget()
    fig, sentence = play.still()
    assert len(fig.axes) == 2 and all(ax.get_xlabel() and ax.get_ylabel() for ax in fig.axes)
    for name, look in play.LOOKS.items():
        if look.panel > 1 or look.marker == "squares":
            continue
        x, y = play.view().curves[name]
        lines = [line.get_xydata() for line in fig.axes[look.panel].lines]
        wanted = torch.stack([x.to(y), y]).T
        assert any(
            line.shape == tuple(wanted.shape)
            and torch.allclose(torch.tensor(line), wanted.double(), equal_nan=True)
            for line in lines
        )
    assert play.words in sentence and len(sentence) > 60
    assert not re.search(r"\d\.\d{5,}", sentence)
    plt.close(fig)


@pytest.mark.parametrize("widget", ALL)
def test_shown_it_is_alive_and_stored_as_its_still(sent, widget):
    data, metadata = widget()._repr_mimebundle_()
    assert {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"} == set(data)
    picture = Image.open(io.BytesIO(data["image/png"]))
    assert picture.width > 1.3 * metadata["image/png"]["width"] > 800
    assert data["text/plain"] == metadata["image/png"]["alt"]
    assert len(data["image/png"]) < 50_000


@pytest.mark.parametrize("widget", ALL)
def test_where_no_widget_can_be_shown_the_still_is(widget):
    play = widget()
    play.comm = None  # as without anybody to talk to
    data, _ = DisplayFormatter().format(play)
    assert "application/vnd.jupyter.widget-view+json" not in data
    assert Image.open(io.BytesIO(data["image/png"])).width > 1000
    assert data["text/plain"] == play.still()[1]


@pytest.mark.parametrize("widget", [*ALL, widgets.LearningRateExplorer])
def test_where_colab_refuses_widgets_the_still_or_the_facts_are_shown(monkeypatch, widget):
    def refuse():
        raise RuntimeError("no custom widget manager")

    output = types.SimpleNamespace(enable_custom_widget_manager=refuse)
    monkeypatch.setitem(sys.modules, "google.colab.output", output)
    play = widget()
    data, _ = DisplayFormatter().format(play)
    assert "application/vnd.jupyter.widget-view+json" not in data
    assert ("image/png" in data) == (widget in ALL) and data["text/plain"]
    name = next(iter(play.settings))
    setattr(play, name, OTHER[name])
    assert play.shown["values"][name] == OTHER[name]
    with pytest.raises(traitlets.TraitError):
        widget(**{name: "many"})


def test_the_first_picture_is_quick():
    play = BeTheOptimizer()
    play._repr_mimebundle_()  # fonts are loaded
    start = time.process_time()
    ForgottenZeroGrad()._repr_mimebundle_()
    assert time.process_time() - start < 1  # 0.1 on an idle machine


def test_the_instruments_leave_other_packages_alone():
    for widget in ALL:
        text = Path(sys.modules[widget.__module__].__file__).read_text(encoding="utf-8")
        assert not re.search(r"plotly|set_num_threads|sys\.modules", text)
        assert len(text.splitlines()) <= 120


@pytest.mark.parametrize("widget", ALL)
def test_the_frames_of_a_page_are_the_views(widget):
    play = widget()
    start = state(play)
    told = play.frames()
    assert state(play) == start
    assert json.loads(json.dumps(told, allow_nan=False)) is not None
    assert len(json.dumps(told, separators=(",", ":"))) <= 300_000
    assert sum(len(positions) >= 5 for positions in told["grid"].values()) >= 2
    places = list(itertools.product(*told["grid"].values()))
    assert len(places) == len(told["frames"])
    for place in places[:: len(places) // 7]:
        move(play, **dict(zip(told["grid"], place, strict=True)))
        curves, results, remark, ranges = told["frames"][places.index(place)]
        for columns, wanted in zip(curves, play.shown["curves"], strict=True):
            for column, numbers in zip(columns, wanted, strict=True):
                assert [f"{v:.4g}" for v in told["pool"][column] if v is not None] == [
                    f"{float(f'{v:.4g}'):.4g}" for v in numbers if v is not None
                ] or torch.allclose(
                    torch.tensor([v for v in told["pool"][column] if v is not None]),
                    torch.tensor([v for v in numbers if v is not None]),
                    rtol=1e-3,
                )
        assert [tuple(r) for r in told["pool"][results]] == play.shown["results"]
        assert told["pool"][remark] == play.shown["remark"]
        assert told["pool"][ranges] == json.loads(json.dumps(play.shown["ranges"]))


@pytest.mark.parametrize("widget", ALL)
def test_the_question_can_be_answered_in_a_page(widget):
    play = widget()
    grid = widget.GRID
    if widget in FOUND:
        place, name = FOUND[widget]
        frame = list(itertools.product(*grid.values())).index(tuple(place[n] for n in grid))
        told = play.frames()
        answer = float(dict(told["pool"][told["frames"][frame][1]])[name])
        assert play.check(round(answer, 4)).startswith("✔")
    else:  # the number is a position itself
        name = {FiniteDifferenceStep: "delta", ForgottenZeroGrad: "learning_rate"}[widget]
        assert any(play.check(value).startswith("✔") for value in grid[name])


@pytest.mark.parametrize("widget", ALL)
def test_a_page_holds_all_it_needs(widget, tmp_path):
    play = widget()
    page = play.page(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == page
    assert len(page) < 400_000 and "</script" not in page.split("<script", 1)[1][:-40]
    assert not re.search(r'(src|href)="(?!data:)|@import|https?://(?!www\.w3)', page)
    assert f"<title>{widget.__name__}</title>" in page


@pytest.mark.parametrize("widget", ALL)
def test_check(widget):
    play = widget()
    low, high, lesson, hint = target(play)
    assert play.check(None).startswith("… Not answered yet")
    assert play.check("4").startswith("✘ '4' is not a number")
    for right in (low, (low + high) / 2, high, torch.tensor(low), torch.tensor([high])):
        assert play.check(right).startswith("✔") and lesson in play.check(right)
    for wrong in (0.9 * low, 1.2 * high, math.nan, -1):
        assert play.check(wrong).startswith("✘") and hint in play.check(wrong)


def test_all_seven_are_listed():
    assert {w.__name__ for w in ALL} | {"LearningRateExplorer"} == set(widgets.__all__)
