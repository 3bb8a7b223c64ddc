"""What is seen of an answer when its arguments change, and of a value on its way."""

import sys
import warnings

import pytest
import torch
from answers import said, with_body
from torch import tensor

from helpers.exercises import ALL
from helpers.judge import COPIED, NOT_YET, Function, Parts, Value, way
from helpers.judge.running import sandbox

DATA = [
    (tensor([1.0, 2.0, 4.0]), tensor([2.0, -1.0, 3.0]), 3.0),
    (tensor([0.5, 2.5, 7.0, 1.0]), tensor([1.0, 4.0, 0.5, 2.0]), -5.0),
]


def spread(a, b, k):
    return k * ((a - b) ** 2).mean()


def judged(answer):
    """The first line of what is said of an answer that should be `spread`."""
    data = [(a.clone(), b.clone(), k) for a, b, k in DATA]
    question = Function(name="spread", reference=spread, cases=lambda: data)
    with sandbox():
        return question.verdict(answer).text.splitlines()[0]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda a, b, k: k * ((a - b) ** 4).mean(), "a and b both are doubled, the true value "
         "becomes 4 times as large, yours becomes 16 times as large"),
        (lambda a, b, k: k * ((a - b) ** 2).max(), "alone changes, the true value changes"),
        (lambda a, b, k: k * ((a - b) ** 2).var(), "each value comes twice, the true value stays"),
        (lambda a, b, k: k * ((a - b) ** 2)[0], "the order of the values is turned"),
        (lambda a, b, k: k * ((a - b) / b).square().mean(), "stays, yours changes"),
        (lambda a, b, k: spread(a, b, k) ** 2, "is the square of the true one"),
        (lambda a, b, k: abs(spread(a, b, k)), "k loses its sign"),
        (lambda a, b, k: spread(a, b, k) + k, "is off by k"),
        (lambda a, b, k: spread(a, b, k) / k**2, "is the true one divided by the square of k"),
        (lambda a, b, k: -2 * k * ((a - b) ** 2).sum(), "minus twice what comes out if a sum"),
        (lambda a, b, k: (a - b) ** 2 @ torch.ones(len(a)) / 1e-15, "nearly 0"),
        (lambda a, b, k: (3.0, spread(a, b, k)), "value 2 of your 2 is the right one"),
    ],
)  # fmt: skip
def test_how_an_answer_follows_a_change_is_told(answer, words):
    assert words in judged(answer)


def two(w, b, rate):
    return w - rate * b, b - 2 * w


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda w, b, rate: (w - rate * b, b + 2 * w), "this is what comes out if a plus"),
        (lambda w, b, rate: (w - 3 * rate * b, b - 2 * w), "3 times"),
        (lambda w, b, rate: (w - 2 * rate * b, b + 2 * w), "value 2 is what comes out if a plus"),
        (lambda w, b, rate: (rate * b, b - 2 * w), "value 1 is rate * b, a value on the way"),
        (
            lambda w, b, rate: (w + b * rate**3 + 1, b - 2 * w),
            "where b is 0, the true value 1 is w",
        ),
    ],
)
def test_one_of_several_values_is_told_by_itself(answer, words):
    data = [(3.0, 0.5, 0.1), (-2.0, 4.0, 0.3), (7.0, -1.5, 0.02)]
    question = Function(name="two", reference=two, cases=lambda: data)
    with sandbox():
        assert words in question.verdict(answer).text.splitlines()[0]


BILL = Value(
    name="bill", text="Three at 7, and 4 for the way?", reference=25, otherwise="price and way",
    way="goods = 3 * 7\ntotal = goods + 4",
)  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (21, "this is goods, a value on the way"),
        (17, "a minus stands where a plus belongs"),
        (28, "price and way"),  # of small whole numbers many come of many ways
        (100, "price and way"),
    ],
)
def test_where_on_its_way_a_typed_value_stops(answer, words):
    assert words in str(BILL.verdict(answer))


PARTS = [part for x in ALL.values() if isinstance(x, Parts) for part in x.parts.values()]
WITH_A_WAY = [x for x in [*ALL.values(), *PARTS] if isinstance(x, Value) and x.way]


@pytest.mark.parametrize("value", WITH_A_WAY, ids=lambda value: value.text[:20])
def test_a_way_ends_at_the_right_value(value):
    names = {}
    exec(value.way, names)
    assert names[value.way.splitlines()[-1].split(" = ")[0]] == pytest.approx(value.reference)
    for words, slip in way.of_a_way(value.way):
        right = slip == pytest.approx(value.reference, rel=1e-6)
        assert right or str(value.verdict(slip)).startswith(NOT_YET), words


# What a sentence must not do


def shown(message, *_):
    print(message, file=sys.stderr)  # as outside pytest


def test_what_an_answer_prints_is_shown_once_and_nothing_of_the_judges_own(monkeypatch):
    """However often it is tried; a warning about a slip that the judge tries is none of its."""

    def talks(t_p, t_c):
        print("here")
        return ((t_p - t_c) ** 4).mean()

    assert said("mean_squared_error", talks).count("here") == 3  # once for each data set
    other = "params.detach() - 3 * learning_rate * params.grad ** 3"
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        monkeypatch.setattr(warnings, "showwarning", shown)
        made = with_body("next_params", f"return ({other}).requires_grad_()")
        sentence = said("next_params", made)
    assert "Your code printed" not in sentence


PLAIN = [n for n, x in ALL.items() if isinstance(x, Function) and x.probe is None]


@pytest.mark.parametrize("name", PLAIN)
def test_only_numbers_of_the_text_are_called_copied(name):
    """A constant of one's own, as from sys.getsizeof, is no copy."""
    assert COPIED not in said(name, lambda *arguments: 88.25)


SERIES = [n for n, x in ALL.items() if isinstance(x, Function) and x.kin]
TESTED = [n for n, x in ALL.items() if x.notebook == "self-test" and not isinstance(x, Function)]


@pytest.mark.parametrize("name", SERIES)
def test_no_feedback_shows_the_numbers_of_a_self_test(name):
    """The data that wrong answers are shown are others than those that the self-test asks about."""
    rows = {row for n in TESTED for row in bracketed(ALL[n].question)}
    for mistake in ALL[name].mistakes.values():
        assert not rows & bracketed(said(name, mistake))


def bracketed(text):
    """The rows of at least four numbers in a text."""
    rows = []
    for piece in text.replace("(", "[").replace(")", "]").split("[")[1:]:
        numbers = piece.split("]")[0].split(",")
        try:
            rows.append(tuple(float(number) for number in numbers if number.strip()))
        except ValueError:
            continue
    return {row for row in rows if len(row) >= 4}
