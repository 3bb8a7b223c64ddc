"""The judge's own words, one piece at a time: test_exercises.py has it judge real answers."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, tensor

from helpers import judge
from helpers.judge import (
    NOT_STARTED,
    NOT_YET,
    RIGHT,
    Exercise,
    compare,
    exercise,
    running,
    verdict,
)
from helpers.judge import words as wording

FACTS = {"notebook": "01", "title": "", "question": "?", "difficulty": 1, "minutes": 1, "hints": []}


def tensors(*rows: float | list[float]) -> list[Tensor]:
    return [tensor(row) for row in rows]


@exercise(
    **FACTS,
    cases=lambda: [(tensor([1.0, 2.0]),), (tensor([3.0, 5.0]),)],
    wrong={"halved": {"values.sum()": "values.sum() / 2"}, "no sum": {"values.sum()": "1 / 0"}},
    moral="Sums add.",
)
def total(values):
    return values.sum()


PARTS = Exercise(
    **FACTS, name="parts", reference={"a": 1, "b": 2, "c": 3}, wrong={"a and b swapped": {"a": 2}}
)
NUMBER = Exercise(**FACTS, name="number", reference=2.5, wrong={"a sign": -2.5})


def said(some: Exercise, answer: object, capsys: pytest.CaptureFixture) -> str:
    some.check(answer)
    return capsys.readouterr().out.rstrip("\n")


def half_right(values):
    return values.sum() if values[0] == 1 else values[1]


@pytest.mark.parametrize(
    ("some", "answer", "words"),
    [
        (total, torch.sum, f"{RIGHT} Right, on all 2 data sets. Sums add."),
        (total, ..., f"{NOT_STARTED} Not started. Replace the dots in total by your code."),
        (NUMBER, ..., f"{NOT_STARTED} Not started. Replace the dots in number by your answer."),
        (NUMBER, 2.5, f"{RIGHT} Right."),
        (NUMBER, 3, f"{NOT_YET} Not yet: this value is not right.\n   Your value: 3"),
        (NUMBER, None, f"{NOT_STARTED} Not started. ..."),
        (
            PARTS,
            {"a": None, "b": 2, "c": None},
            f"{NOT_STARTED} So far, so good. Still open: a, c.",
        ),
        (
            total,
            lambda values: values.sum() + 4e-6 * (values[0] - 1) + 4e-6,
            f"{NOT_YET} Not yet: your value is nearly right; was something rounded, or computed in "
            "float32?\n   total(values=(1, 2))\n   your value: 3.000004\n   true value: 3",
        ),
        (NUMBER, {3}, f"{NOT_YET} Not yet: a number was expected, a set of length 1 came."),
        (total, lambda values: values.sum() / 2, f"{NOT_YET} Not yet: halved.\n   total(values=(1, "
        "2))\n   your value: 1.5\n   true value: 3"),
        (total, lambda values: 1 / 0, f"{NOT_YET} Not yet: no sum.\n   Your code stopped ..."),
        (total, half_right, f"{NOT_YET} Not yet: right on 1 of 2 data sets, wrong here.\n   total("
        "values=(3, 5))\n   your value: 5\n   true value: 8"),
        (total, lambda values: 7, f"{NOT_YET} Not yet: {judge.CONSTANT}\n   total ..."),
        (total, lambda values: float("inf") * values.sum(), f"{NOT_YET} Not yet: your value is not "
        "finite: was something divided by zero, or did it run away? ..."),
        (total, lambda values: print(end=""), f"{NOT_YET} Not yet: None came back: is a "
        "return missing? ..."),
        (total, lambda: 3, f"{NOT_YET} Not yet: the function must take the arguments (values), "
        "yours takes ()."),
        (total, 3, f"{NOT_YET} Not yet: a function total(values) was expected, the number 3 came: "
        "hand over the function itself, total.check(total)."),
        (PARTS, {"a": 1, "b": 2, "c": 3}, f"{RIGHT} Right."),
        (PARTS, {"a": 1, "b": 2}, f"{NOT_YET} Not yet: the entry 'c' is missing; expected are a, "
        "b, c."),
        (PARTS, {"a": 2, "b": 2, "c": 3}, f"{NOT_YET} Not yet: a and b swapped."),
        (PARTS, {"a": 2, "b": 1, "c": 3}, f"{NOT_YET} Not yet: a and b swapped.\n   2 entries are "
        "not right yet."),
        (PARTS, {"a": 1, "b": 5, "c": 3}, f"{NOT_YET} Not yet: 5 is not right, in 'b'."),
        (PARTS, {"a": 1, "b": "x", "c": 3}, f"{NOT_YET} Not yet: a number was expected, the text "
        "'x' came, in 'b'."),
        (PARTS, {"a": 1, "b": ..., "c": ...}, f"{NOT_STARTED} So far, so good. Still open: b, c."),
        (PARTS, {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}, f"{NOT_YET} Not yet: nobody asked for "
        "the entry 'd'."),
    ],
)  # fmt: skip
def test_what_check_says(some, answer, words, capsys):
    beginning, more, _ = words.partition(" ...")
    shown = said(some, answer, capsys)
    assert shown.startswith(beginning) if more else shown == words


def test_exercises_can_be_members_of_a_set():
    assert len({total, PARTS, NUMBER, total}) == 3 and "_hints_given" not in repr(NUMBER)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (total.reference, "total"),
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
        ([(1, 2), (3, 7)], [(1, 4), (3, 8)], "value 2 is not right, the others are"),
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
    assert wording.pattern(came, true) == words


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
    assert bool(wording.rounded(came, true)) == near


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
        (2, {"a"}, "a set was expected, the number 2 came"),
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


def test_one_data_set_cannot_tell_copied_numbers(capsys):
    one = Exercise(
        name="total", reference=total.reference, wrong={}, cases=lambda: total.cases()[:1], **FACTS
    )
    one.check(lambda values: 7)
    assert judge.CONSTANT not in capsys.readouterr().out


def test_hints_begin_with_the_first(capsys):
    asked = Exercise(name="x", reference=1, wrong={}, **{**FACTS, "hints": ["small", "big"]})
    asked.hint()
    assert capsys.readouterr().out == "Hint 1 of 2: small\n"


def test_long_texts_are_cut():
    said = running.Said()
    assert said.write("x" * 999) == 999 and said.write("y" * 1500) == 1500 and said.write("z") == 1
    assert said.text == "x" * 999 + "y" * 1000 + " ... (and more)"
    said = running.Said()
    said.write("x" * 1500)
    assert said.text == "x" * 1000 + " ... (and more)"
    raised = running.raised(ValueError("m" * 300), None)
    assert raised == compare.Raised("ValueError", "m" * 300, "")
    two = "Something about shapes " * 12 + "went wrong. " + "Then there is much more to say " * 9
    message = running.raised(ValueError(two), None).message
    assert message.endswith("went wrong")  # a whole sentence, not its first half


def test_a_long_line_that_fails_is_cut(tmp_path):
    place = tmp_path / "answer.py"
    place.write_text(f"def answer():\n    return 1 / 0, {'1' * 300}\n")
    names = {}
    exec(compile(place.read_text(), str(place), "exec"), names)
    try:
        names["answer"]()
    except ZeroDivisionError as error:
        raised = running.raised(error, names["answer"])
    assert raised.place.startswith(", in line 2 of answer: return 1 / 0, 111")
    assert len(raised.place) == 200


def test_one_press_of_stop_ends_the_check_and_says_so(capsys):
    """Jupyter's stop button raises KeyboardInterrupt inside the answer, once."""

    def stopped(values):
        calls.append(values)
        raise KeyboardInterrupt

    calls = []
    assert said(total, stopped, capsys) == (
        f"{NOT_YET} Not yet: the check was stopped. Does a loop never end?"
    )
    assert len(calls) == 1  # the other data sets are not tried any more


@exercise(**FACTS, cases=lambda: [(tensor([1.0]),)], wrong={})
def broken_reference(values):
    return values.no_such_thing()


def broken_probe(answer, values):
    answer(values)
    raise LookupError("a slip of the author")


@exercise(**FACTS, cases=lambda: [(tensor([1.0]),)], wrong={}, probe=broken_probe)
def with_broken_probe(values):
    return values


@pytest.mark.parametrize("some", [broken_reference, with_broken_probe])
def test_the_fault_of_an_author_is_never_the_learners(some, capsys):
    with pytest.raises(RuntimeError, match=f"{some.name}: its reference or probe does not work"):
        some.check(lambda values: values)
    assert capsys.readouterr().out == ""


def test_a_mistake_that_cannot_be_made_is_the_authors_fault():
    made = Exercise(
        name="total", reference=total.reference, cases=total.cases, **FACTS,
        wrong={"no such text": {"values.product()": "0"}},
    )  # fmt: skip
    with pytest.raises(ValueError, match=r"'values.product\(\)' stands 0 times"):
        made.check(lambda values: 3)
    made.wrong = {"twice": {"s": "t"}}  # which of them was meant?
    with pytest.raises(ValueError, match="'s' stands 2 times"):
        made.mistake_source("twice")


def test_brackets_that_are_missing_are_asked_for(capsys):
    sentence = said(total, lambda values: values.sum, capsys)
    assert "a number was expected, the function sum itself (are the brackets missing" in sentence


def test_progress_lies_beside_the_notebooks(monkeypatch):
    for name in ("EXERCISES_PROGRESS", "PYTEST_VERSION", "NBGRADER_EXECUTION"):
        monkeypatch.delenv(name, raising=False)
    root = Path(__file__).parents[2]
    assert judge.progress_file() == root / "notebooks" / ".progress"
    monkeypatch.setenv("EXERCISES_PROGRESS", "")
    assert judge.progress_file() is None


def test_untouched_or_not():
    stub = total.stub

    def begun(values):
        # a comment of one's own
        ...

    def nothing(values):
        """Not a beginning either."""
        return None

    assert verdict.untouched(begun, stub) and verdict.untouched(nothing, stub)
    assert not verdict.untouched(lambda values: 3, stub)
    assert verdict.untouched((..., ...), "x = ...") and not verdict.untouched((..., 1), "x = ...")
    assert not verdict.untouched((), "x = ...") and not verdict.untouched({}, "x = ...")


def test_the_solution_is_the_reference_without_its_decorator():
    assert total.source == "def total(values):\n    return values.sum()"
    assert PARTS.source == 'parts = {\n    "a": 1,\n    "b": 2,\n    "c": 3,\n}'
    assert NUMBER.mistake_source("a sign") == "number = -2.5"
    assert total.mistake_source("halved").endswith("return values.sum() / 2")
    assert wording.literal({"b", "a"}) == '{"a", "b"}'
