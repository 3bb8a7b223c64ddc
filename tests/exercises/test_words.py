"""What counts as the same, and what is said of what does not."""

import numpy as np
import pytest
import torch
from torch import Tensor, tensor

from helpers import judge
from helpers.judge import compare, pattern
from helpers.judge import words as wording


def tensors(*rows: float | list[float]) -> list[Tensor]:
    return [tensor(row) for row in rows]


def half_right(values):
    return values.sum() if values[0] == 1 else values[1]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (half_right, "half_right"),
        (True, "True"),
        (None, "None"),
        ("x" * 100, "'" + "x" * 79),
        ({"b", "a"}, "{'a', 'b'}"),
        (set(range(10, 23)), "{10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21}"),
        (("a",) * 6, "(" + ", ".join(["'a'"] * 6) + ")"),
        (("a",) * 7, "a tuple of length 7"),
        ((1, 2.5), "(1, 2.5)"),
        (1 / 3, "0.333333"),
        (tensor([0.0] * 12), "(" + ", ".join("0" * 12) + ")"),
        (tensor([0.0] * 13), "a tensor of shape (13,)"),
        (torch.ones(2, 3), "a tensor of shape (2, 3)"),
        (object(), "an object of type object"),
    ],
)
def test_a_value_in_a_line(value, text):
    assert wording.show(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (False, "False"),
        (torch.ones(2, dtype=torch.float32), "a tensor of shape (2,) and type torch.float32"),
        ("y" * 50, f"the text {'y' * 40!r}"),
        (1234567.0, "the number 1.23457e+06"),
        ([1], "a list of length 1"),
        (half_right, "a function (was it meant to be called?)"),
        (np.arange(2), "an object of type ndarray"),
        (1j, "an object of type complex"),
        (OSError(), "an object of type OSError"),
    ],
)
def test_what_kind_of_thing(value, text):
    assert wording.describe(value) == text


@pytest.mark.parametrize(
    ("came", "true", "words"),
    [
        (tensors(1, 2), tensors(2, 4), "your value is 0.5 times the true one"),
        (tensors(-1, -2), tensors(1, 2), "your value has the wrong sign"),
        (tensors(0, 0), tensors(1, 2), "your value is always 0"),
        (tensors(3, 4), tensors(1, 2), "your value is always off by 2"),
        (tensors(1.0015, 2.0), tensors(1.0, 2.0), ""),
        ([{"a": True}, {"a": False}], [{"a": False}, {"a": True}], ""),
        (tensors(1.0, 2.0), tensors(3.0, 1.0), ""),
        # A true value of 0 has no ratio: the others decide.
        (tensors(0, 2), tensors(0, 4), "your value is 0.5 times the true one"),
        ([(1, 2), (3, 4)], [(1, 4), (3, 8)], "value 2 is 0.5 times the true one"),
        ([(1, 2), (3, 7)], [(1, 4), (3, 8)], ""),
        ([(1, 2), (3, 7)], [(2, 4), (9, 8)], ""),
        ([(2, 5), (6, 9)], [(1, 4), (3, 8)], "value 1 is 2 times the true one, and value 2 is "
         "always off by 1"),
        ([{"w": 2, judge.CLUE + "x": 7}], [{"w": 1, judge.CLUE + "x": 3}], "your value is 2 times "
         "the true one"),
        ([(1, 2)], [(1,)], ""),
        (["text"], tensors(1), ""),
    ],
)  # fmt: skip
def test_the_pattern_in_what_is_off(came, true, words):
    assert pattern.pattern(came, true) == words


@pytest.mark.parametrize(
    ("came", "true", "near"),
    [
        (tensors(1.0005, 1.9998), tensors(1.0, 2.0), True),
        (tensors(1.0015, 2.0), tensors(1.0, 2.0), False),
        (tensors(0.0453), tensors(0.045257), True),
        (tensors(0.0454), tensors(0.045257), False),
        ([(1, 2.0001)], [(1, 2)], True),
        ([(1, 2)], [(1, 2)], False),
        ([(1, 2)], [(1,)], False),
        (tensors([1.0, 2.0]), tensors([[1.0], [2.0]]), False),
        ([{"a": 1, "b": True}], [{"a": 1, "b": False}], False),
        (["text"], tensors(1), False),
    ],
)
def test_nearly_right(came, true, near):
    assert bool(pattern.rounded(came, true)) == near


SAME = [
    (1, tensor(1.0), True),
    (1 + 1e-7, 1, True),
    (1 + 1.5e-6, 1, False),
    (1e-10, 0, True),
    (1e-8, 0, False),
    (1.5e-9, 0, False),
    (tensor([1.0]), 1, False),
    (np.float64(2.0), 2, True),
    (np.arange(3), tensor([0.0, 1.0, 2.0]), True),
    (True, 1, False),
    (1, True, False),
    (True, True, True),
    (False, True, False),
    (np.bool_(True), True, True),
    (tensor(True), True, True),
    (tensor(False), True, False),
    (tensor([True]), True, False),
    (tensor(1), True, False),
    (None, None, True),
    (0, None, False),
    (" Loss ", "loss", True),
    ("loss", "gradient", False),
    (["a", "b"], {"a", "b"}, True),
    ("ab", {"a", "b"}, False),
    ([1, 2], (1, 2), True),
    (tensor([1, 2]), (1, 2), True),
    (tensor(1), (1,), False),
    ((1, 2, 3), (1, 2), False),
    ((1, 3), (1, 2), False),
    ({"a": 1, "clue: x": 1}, {"a": 1, "clue: x": 2}, True),
    ({"a": 1}, {"a": 2}, False),
    ({"a": 1}, {"b": 1}, False),
    ([("a", "b")], {("a", "b")}, True),
    (1j, 1, False),
    (torch.tensor(1 + 0j), 1, False),
    ([[1, 2], [3, 4]], tensor([[1.0, 2.0], [3.0, 4.0]]), True),
    ([[1, 2], [3]], tensor([1.0, 2.0, 3.0]), False),
]


@pytest.mark.parametrize(("came", "expected", "same"), SAME)
def test_what_counts_as_the_same(came, expected, same):
    assert compare.same(came, expected) is same


@pytest.mark.parametrize(
    ("came", "expected", "words"),
    [
        (3, {"a": 1}, "a dict was expected, the number 3 came"),
        ({"a": "x"}, {"a": 1}, "a number was expected, the text 'x' came"),
        (1, True, "True or False was expected, the number 1 came"),
        (1, "w", "a text was expected, the number 1 came"),
        (1, (1, 2), "2 values were expected, the number 1 came"),
        ((1, 2, 3), (1, 2), "2 values were expected, 3 came"),
        (tensor([1, 2, 3]), (1, 2), "2 values were expected, 3 came"),
        (tensor(1.0), (1, 2), "2 values were expected, a tensor of shape () and type torch"),
        ((1, "x"), (1, 2), "value 2 of 2: a number was expected, the text 'x' came"),
        (tensor([1.0]), 1, "a number was expected, shape (1,) came"),
        (1, tensor([1.0]), "a tensor of shape (1,) was expected, a single number came"),
        (float("nan"), 1, "your value is not finite"),
        (2, 1, ""),
        (2, {"a"}, "several values were expected, the number 2 came"),
        (["a"], {"a"}, ""),
        (tensor([1.0, 2.0]), (tensor([1.0]), tensor([2.0])), "2 values were expected, a tensor"),
        (False, True, ""),
        ("v", "w", ""),
        (None, None, ""),
    ],
)
def test_what_is_wrong_before_the_number(came, expected, words):
    shown = wording.other_kind(came, expected)
    assert shown.startswith(words) and bool(shown) == bool(words)
