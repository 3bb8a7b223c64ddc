"""Answers that agree with a relative of the reference: what is told, and that it is true."""

import pytest
import torch

from helpers.judge import Fault, kin
from helpers.judge.function import Function
from helpers.judge.running import sandbox

SLOPE = """\
def slope(t, w, rate):
    return w - rate * 2 * (t * t).mean()"""

LINES = {
    "w + rate * 2 * (t * t).mean()": "a plus stands where a minus belongs",
    "w - rate * (t * t).mean()": "a factor is missing: 2",
    "w - 2 * (t * t).mean()": "rate makes no difference to your answer",
    "rate * -2 * (t * t).mean()": "w makes no difference to your answer",
    "w - rate * 2 * (t * t).sum()": "a sum stands where a mean belongs",
    "w - rate * 2 * (t * t)": "the values are left one by one: take their mean",
    "w - rate * 4 * (t * t).mean()": "2 * rate: where does a 2 belong?",
    "w - 0.1 * 2 * (t * t).mean()": "rate makes no difference to your answer",
    "w - rate * 2 * (t[:-1] * t[:-1]).mean()": "without the last value: is each one used?",
    "w - rate / 2 * (t * t).mean() * 4 + 1e-3 * w**3": "where rate is 0, the true value is w",
}


def slope(t, w, rate):
    return w - rate * 2 * (t * t).mean()


def question(**facts):
    data = [(torch.tensor([1.0, 2.0, 4.0]), 3.0, 0.1), (torch.tensor([0.5, 2.5, 7.0]), 5.0, 0.3)]
    return Function(
        name="slope", reference=slope, cases=lambda: [(t.clone(), *more) for t, *more in data],
        **facts,
    )  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_what_nobody_wrote_down_is_told(line):
    with sandbox():
        sentence = question().verdict(eval(f"lambda t, w, rate: {line}")).text
    assert LINES[line] in sentence.splitlines()[0]


def test_where_tries_are_slow_nothing_is_held_against_relatives():
    with sandbox():
        sentence = question(kin=False).verdict(lambda t, w, rate: w + rate * 3 * t.std() + 1).text
    assert sentence.startswith("this value is not right")


def test_each_relative_differs_in_its_text_and_the_function_is_as_before():
    made = kin.relatives(SLOPE)
    assert len(made) > 12
    assert all(text != SLOPE for _, text in made)
    assert kin.relatives(SLOPE) == made


def test_a_loop_that_might_never_end_has_no_relatives():
    assert kin.relatives("def f(n):\n    while n > 1:\n        n = n - 1\n    return n") == []


def test_a_named_mistake_with_a_name_that_is_not_there_is_its_authors_fault():
    some = question(wrong={"copied": {"w - rate": "nobody.knows(w) - rate"}})
    with sandbox(), pytest.raises(Fault, match="a name that is not there"):
        some.verdict(lambda t, w, rate: w)
