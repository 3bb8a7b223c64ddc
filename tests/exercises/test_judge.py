"""The judge's own words, one piece at a time: test_exercises.py has it judge real answers."""

import pytest
import torch
from torch import Tensor, tensor

from helpers import judge
from helpers.judge import (
    NOT_STARTED,
    NOT_YET,
    RIGHT,
    Choices,
    Fault,
    Parts,
    Question,
    Value,
    compare,
    exercise,
    running,
    verdict,
)
from helpers.judge import words as wording

FACTS = {"notebook": "01", "title": "", "text": "?", "difficulty": 1, "minutes": 1, "hints": []}


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


NUMBER = Value(**FACTS, name="number", reference=2.5, wrong={"a sign": -2.5})
LETTER = Choices(
    **FACTS,
    name="letter",
    options={"too small": "look again", "too large": judge.CORRECT, "no rate": "it is one"},
)
LINES = Choices(
    **FACTS,
    name="lines",
    lines=True,
    options={"a = 1": "nothing needs it", "print(b)": "b is shown", "b = 2": "b has no value"},
    reference={"B", "C"},
    wrong={"the wrong way round": {"A"}},
)
ORDER = judge.Order(
    **FACTS, name="order", reference="CAB", wrong={"all turned round": "BAC", "A first": "BA"}
)
PARTS = Parts(
    **FACTS,
    name="parts",
    parts={
        "a": Value(text="How many?", reference=1),
        "b": Choices(text="Which?", options=LETTER.options),
        "c": Value(reference=(3, 4), either=True, wrong={"that is legal": "error"}),
    },
    wrong={"a and b swapped": {"a": 2, "b": "A"}},
)
DONE = {"a": 1, "b": "B", "c": (3, 4)}


def said(some: Question, answer: object, capsys: pytest.CaptureFixture) -> str:
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
            total,
            lambda values: values.sum() + 4e-6 * (values[0] - 1) + 4e-6,
            f"{NOT_YET} Not yet: your value is nearly right; was something rounded, or computed in "
            "float32?\n   total(values=(1, 2))\n   your value: 3.000004\n   true value: 3",
        ),
        (NUMBER, {3}, f"{NOT_YET} Not yet: a number was expected, a set of length 1 came."),
        (total, lambda values: values.sum() / 2, f"{NOT_YET} Not yet: halved.\n   total(values=(1, "
        "2))\n   your value: 1.5\n   true value: 3"),
        (total, lambda values: 1 / 0, f"{NOT_YET} Not yet: no sum.\n   Your code stopped ..."),
        (total, half_right, f"{NOT_YET} Not yet: if the order of the values is turned, the true "
        "value stays, yours changes, and not by one factor.\n   total(values=(3, 5))\n   your "
        "value: 5\n   true value: 8"),
        (total, lambda values: 7, f"{NOT_YET} Not yet: {judge.CONSTANT}: values is "
        "not used.\n   total ..."),
        (total, lambda values: float("inf") * values.sum(), f"{NOT_YET} Not yet: your value is not "
        "finite: was something divided by zero, or did it run away? ..."),
        (total, lambda values: print(end=""), f"{NOT_YET} Not yet: None came back: is a "
        "return missing? ..."),
        (total, lambda: 3, f"{NOT_YET} Not yet: the function must take the arguments (values), "
        "yours takes ()."),
        (total, 3, f"{NOT_YET} Not yet: a function total(values) was expected, the number 3 came: "
        "hand over the function itself, total.check(total)."),
        (LETTER, ..., f"{NOT_STARTED} Not started. Replace the dots in letter by your answer."),
        (LETTER, "B", f"{RIGHT} Right."),
        (LETTER, " b. ", f"{RIGHT} Right."),
        (LETTER, "Too large.", f"{RIGHT} Right."),
        (LETTER, {"b"}, f"{RIGHT} Right."),
        (LETTER, "A", f"{NOT_YET} Not yet: look again."),
        (LETTER, ["c"], f"{NOT_YET} Not yet: it is one."),
        (LETTER, {"A", "B"}, f"{NOT_YET} Not yet: one of the options was asked for, 2 came."),
        (LETTER, "AB", f"{NOT_YET} Not yet: 'AB' is none of the options: A, B, C."),
        (LETTER, "D", f"{NOT_YET} Not yet: 'D' is none of the options: A, B, C."),
        (LETTER, 2, f"{NOT_YET} Not yet: a letter in quotes was expected, the number 2 came; the "
        "options are A, B, C."),
        (LETTER, (2,), f"{NOT_YET} Not yet: a letter in quotes was expected, a tuple of length 1 "
        "came, with the number 2 in it; ..."),
        (LINES, {"C", "b"}, f"{RIGHT} Right."),
        (LINES, "B, C", f"{RIGHT} Right."),
        (LINES, "cb", f"{RIGHT} Right."),
        (LINES, {"A", "B"}, f"{NOT_YET} Not yet: not A: nothing needs it."),
        (LINES, {"B"}, f"{NOT_YET} Not yet: something is missing: b has no value."),
        (LINES, "C", f"{NOT_YET} Not yet: something is missing: b is shown."),
        (LINES, {"A"}, f"{NOT_YET} Not yet: the wrong way round."),
        (LINES, set(), f"{NOT_YET} Not yet: something is missing: b is shown."),
        (LINES, {"B", "X"}, f"{NOT_YET} Not yet: 'X' is none of the options: A, B, C."),
        (LINES, True, f"{NOT_YET} Not yet: a set of letters was expected, True came; the options "
        "are A, B, C."),
        (ORDER, "c, a, b", f"{RIGHT} Right."),
        (ORDER, ["C", "A", "B"], f"{RIGHT} Right."),
        (ORDER, "BAC", f"{NOT_YET} Not yet: all turned round."),
        (ORDER, "BCA", f"{NOT_YET} Not yet: A first."),
        (ORDER, "ACB", f"{NOT_YET} Not yet: this order is not right.\n   Your value: 'ACB'"),
        (ORDER, "CABD", f"{NOT_YET} Not yet: 'D' is none of the letters: A, B, C."),
        (ORDER, "CAA", f"{NOT_YET} Not yet: each of the letters A, B, C has to come once."),
        (ORDER, 7, f"{NOT_YET} Not yet: a text of letters was expected, the number 7 came."),
        (PARTS, DONE, f"{RIGHT} Right."),
        (PARTS, {"a": 1, "b": "B"}, f"{NOT_YET} Not yet: the entry 'c' is missing; expected are a, "
        "b, c."),
        (PARTS, {**DONE, "b": "a"}, f"{NOT_YET} Not yet: b: look again."),
        (PARTS, {**DONE, "b": "E"}, f"{NOT_YET} Not yet: b: 'E' is none of the options: A, B, C."),
        (PARTS, {**DONE, "a": 2, "b": "A"}, f"{NOT_YET} Not yet: a and b swapped.\n   2 entries "
        "are not right yet."),
        (PARTS, {**DONE, "a": 5}, f"{NOT_YET} Not yet: a: this value is not right.\n"
        "   Your value: 5"),
        (PARTS, {**DONE, "a": "x"}, f"{NOT_YET} Not yet: a: a number was expected, the text 'x' "
        "came.\n   Your value: 'x'"),
        (PARTS, {**DONE, "c": "error"}, f"{NOT_YET} Not yet: c: that is legal ..."),
        (PARTS, {**DONE, "c": 12}, f"{NOT_YET} Not yet: c: asked is a shape, in brackets ..."),
        (PARTS, {**DONE, "c": "(3, 4)"}, f"{NOT_YET} Not yet: c: '(3, 4)' is a text: leave the "
        "quotes out ..."),
        (PARTS, {**DONE, "b": ..., "c": (...,)}, f"{NOT_STARTED} So far, so good. Still open: b, "
        "c."),
        (PARTS, {"a": None, "b": None, "c": ...}, f"{NOT_STARTED} Not started. ..."),
        (PARTS, {**DONE, "d": 4, "e": 5}, f"{NOT_YET} Not yet: nobody asked for the entry 'd'."),
        (PARTS, 3, f"{NOT_YET} Not yet: a dict was expected, the number 3 came."),
    ],
)  # fmt: skip
def test_what_check_says(some, answer, words, capsys):
    beginning, more, _ = words.partition(" ...")
    shown = said(some, answer, capsys)
    assert shown.startswith(beginning) if more else shown == words


def test_exercises_can_be_members_of_a_set():
    assert len({total, PARTS, NUMBER, total}) == 3 and "_hints_given" not in repr(NUMBER)


def test_one_data_set_cannot_tell_copied_numbers(capsys):
    one = judge.Function(
        name="total", reference=total.reference, cases=lambda: total.cases()[:1], **FACTS
    )
    one.check(lambda values: 7)
    assert judge.CONSTANT not in capsys.readouterr().out


def test_hints_begin_with_the_first(capsys):
    asked = Value(name="x", reference=1, **{**FACTS, "hints": ["small", "big"]})
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
    with pytest.raises(Fault, match=f"{some.name}: its reference or probe does not work"):
        some.check(lambda values: values)
    assert capsys.readouterr().out == ""


def test_a_mistake_that_cannot_be_made_is_the_authors_fault():
    made = judge.Function(
        name="total", reference=total.reference, cases=total.cases, **FACTS,
        wrong={"no such text": {"values.product()": "0"}},
    )  # fmt: skip
    with pytest.raises(Fault, match=r"'values.product\(\)' stands 0 times"):
        made.check(lambda values: 3)
    made.wrong = {"twice": {"s": "t"}}  # which of them was meant?
    with pytest.raises(Fault, match="'s' stands 2 times"):
        made.mistake_source("twice")


def test_brackets_that_are_missing_are_asked_for(capsys):
    sentence = said(total, lambda values: values.sum, capsys)
    assert "a number was expected, the function sum itself (are the brackets missing" in sentence


def test_progress_lies_with_the_lessons_that_are_worked_in(monkeypatch, tmp_path):
    for name in ("EXERCISES_PROGRESS", "PYTEST_VERSION", "NBGRADER_EXECUTION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(judge.progress, "__file__", str(tmp_path / "helpers" / "judge" / "x.py"))
    assert judge.progress_file() == tmp_path / ".progress"  # an assignment, handed out alone
    for name in ("notebooks", "my-notebooks"):
        (tmp_path / name).mkdir()
        assert judge.progress_file() == tmp_path / name / ".progress"
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
    assert PARTS.source == 'parts = {\n    "a": 1,\n    "b": "B",\n    "c": (3, 4),\n}'
    assert PARTS.stub == 'parts = {\n    "a": ...,\n    "b": ...,\n    "c": ...,\n}'
    assert LINES.source == 'lines = {"B", "C"}' and LINES.mistake_source("not A: nothing needs it")
    assert NUMBER.mistake_source("a sign") == "number = -2.5"
    assert total.mistake_source("halved").endswith("return values.sum() / 2")
    assert wording.literal({"b", "a"}) == '{"a", "b"}'


def test_a_question_shows_its_options():
    assert PARTS.question == (
        '?\n\n**a.** How many?\n\n**b.** Which?\n\n- `"A"`: too small\n- `"B"`: too large\n'
        '- `"C"`: no rate'
    )
    assert LINES.question == "?\n\n```python\na = 1     # A\nprint(b)  # B\nb = 2     # C\n```"
    long = Value(text=f"{'word ' * 30}\n\n```python\n{'x' * 120}\n```", reference=1).question
    assert max(map(len, long.split("\n")[:2])) <= 100 and "x" * 120 in long


def test_each_wrong_option_has_its_own_mistake():
    assert LETTER.mistakes == {"look again": "A", "it is one": "C"}
    assert LINES.mistakes == {
        "the wrong way round": {"A"},
        "not A: nothing needs it": {"A", "B", "C"},
        "something is missing: b is shown": {"C"},
        "something is missing: b has no value": {"B"},
    }
    assert PARTS.mistakes["b: it is one"] == {**DONE, "b": "C"}
    assert ORDER.mistakes == {"all turned round": "BAC", "A first": "CBA"}
    for some in (NUMBER, LETTER, LINES, ORDER, PARTS):
        for sentence, mistake in some.mistakes.items():
            assert str(some.verdict(mistake)).startswith(f"{NOT_YET} Not yet: {sentence}")
