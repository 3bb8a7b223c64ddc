"""The explorer's host in Python: traits, text, messages, page."""

import html.parser
import json
import math
import re
from pathlib import Path

import pytest
import torch
from explorer_node import MODULE, explorer, exports, node
from traitlets import TraitError

from helpers import data
from helpers.widgets.explorer import LearningRateExplorer, _in_words

INPUTS = ["raw", "x0.1", "standardised"]

# The host in Python


def test_the_defaults():
    expected = {"inputs": "x0.1", "optimizer": "gd", "learning_rate": 1e-2}
    expected |= {"momentum": 0.9, "n_epochs": 1000, "start": (1, 0)}
    expected |= {"readings": {"t_u": data.T_U, "t_c": data.T_C}}
    assert LearningRateExplorer().values() == expected
    assert LearningRateExplorer().shown["values"] == expected  # what the browser is told


BAD = [
    *(("learning_rate", value) for value in (0, -1, math.nan, math.inf, 1e300, "a", None)),
    *(("learning_rate", value) for value in (0.99e-9, 1.01e6, True)),
    *(("start", value) for value in ((1,), (1, math.inf), (1, None), (1, True), "ab", (1, 2, 3))),
    *(("n_epochs", value) for value in (0, -1, 1.5, 10**9, 10_001, True, "100", None)),
    *(("momentum", value) for value in (-0.1, 1, math.nan, "much")),
    *(("inputs", value) for value in ("scaled", None, 1)),
    *(("optimizer", value) for value in ("lbfgs", "GD", None)),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_bad_settings_are_refused_and_the_last_good_one_stays(name, value):
    widget = explorer("raw", "momentum", 0.5, 0.25, 7)
    before = widget.values()
    with pytest.raises(TraitError, match=name):
        setattr(widget, name, value)
    assert widget.values() == before
    with pytest.raises(TraitError, match=name):
        LearningRateExplorer(**{name: value})


def test_the_browser_refuses_the_same_numbers():
    good = LearningRateExplorer().values()
    settings = [
        {**good, name: value}
        for name, value in BAD
        if not (isinstance(value, bool) or "inf" in repr(value) or "nan" in repr(value))
    ]
    assert all(node("problem(x, SETTINGS)", settings))
    limits = [{"learning_rate": 1e-9}, {"learning_rate": 1e6}, {"n_epochs": 1}, {"n_epochs": 10000}]
    assert node("problem(x, SETTINGS)", [{**good, **limit} for limit in limits]) == [""] * 4
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
    browser_says(widget, {"method": "custom", "content": {"learning_rate": 0.02, "inputs": "raw"}})
    assert widget.inputs == "raw"
    assert widget.learning_rate == 0.02
    assert len(messages) + 1 <= 6
    assert sum(map(len, messages)) <= 40_000


def test_a_wish_that_makes_no_sense_is_answered_in_words_and_spoils_the_others(wire):
    widget, messages = wire
    before = widget.values()
    wishes = {"inputs": "raw", "n_epochs": 0}
    browser_says(widget, {"method": "custom", "content": wishes})
    [answer] = map(json.loads, messages)
    assert "n_epochs is 0" in answer["state"]["shown"]["problem"]
    assert widget.values() == before


def test_other_messages_change_nothing(wire):
    widget, _ = wire
    before = widget.values()
    browser_says(widget, {"method": "custom", "content": {"kind": "hello"}})
    assert widget.values() == before


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
    assert json.dumps(widget.values())[:-1] in page
    assert page.count("</script>") == 1


def test_the_module_has_no_dependency():
    assert not re.search(r"^\s*import\b|\bimport\(|\brequire\(", MODULE, re.MULTILINE)
    assert "simulate" in exports() and "export default { render };" in MODULE
