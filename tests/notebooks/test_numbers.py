"""Every number in the text of a lesson is printed by a cell of that lesson, or rounds from one.

Numbers of three significant digits or more count; the zeros at the end of a whole number do not
(1000 epochs are a choice, 1495 epochs are a result). What an exercise asks about stands in the
exercise and is read from there.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import canonical
import pytest
from nbformat import NotebookNode

from helpers import exercises

PATHS = sorted(canonical.NOTEBOOKS.glob("*.ipynb"))

# Numbers that no cell can print: lesson -> number -> why.
EXCEPTIONS: dict[str, dict[str, str]] = {
    "01": {
        "1609": "the year of Kepler's book",
        "1805": "the year of Legendre's least squares",
        "1809": "the year of Gauss's least squares",
        "1847": "the year of Cauchy's gradient descent",
    },
}

NUMBER = re.compile(
    r"(?<![\w.,^])(?P<sign>[-\N{MINUS SIGN}](?=[\d.]))?"
    r"(?P<value>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?!\w|[.,]\d)"
)
NOT_PROSE = re.compile(r"\]\([^)]*\)|<[^>]+>|https?://\S+")


def numbers(text: str) -> Iterator[tuple[str, Decimal]]:
    """Each number in `text`: as it stands, and its value."""
    for match in NUMBER.finditer(text):
        minus = "-" if match["sign"] else ""
        yield match[0], Decimal(minus + match["value"].replace(",", ""))


def significant(value: Decimal) -> int:
    digits = "".join(map(str, value.as_tuple().digits))
    return len((digits.rstrip("0") if value == value.to_integral_value() else digits).lstrip("0"))


def rounds_to(printed: Decimal, told: Decimal) -> bool:
    """Is `told` the printed number, or a rounding of it? A sign in the text must be right."""
    if told >= 0:
        printed = abs(printed)
    step = Decimal((0, (1,), told.as_tuple().exponent))
    return abs(printed - told) <= step / 2


def printed_numbers(nb: NotebookNode) -> set[Decimal]:
    found = set()
    for _, cell, output in canonical.outputs(nb):
        if canonical.is_compared(cell):
            shown = canonical.texts(output) + output.get("data", {}).get("text/markdown", "")
            # A comma may separate thousands or the entries of a list: both readings count.
            for text in (shown, shown.replace(",", " ")):
                found |= {value for _, value in numbers(text)}
    return found


@cache
def asked(lesson: str) -> frozenset[Decimal]:
    """The numbers that the exercises of a lesson are about: their questions, options and hints."""
    of_lesson = [
        x for x in exercises.ALL.values() if x.notebook in (lesson, "self-test", "project")
    ]
    text = "\n".join(f"{x.question}\n{' '.join(x.hints)}" for x in of_lesson)
    return frozenset(value for _, value in numbers(text))


def complaints(nb: NotebookNode, lesson: str) -> list[str]:
    """A sentence for each number in the text that no output prints."""
    printed, found = printed_numbers(nb), []
    for cell in nb.cells:
        if cell.cell_type != "markdown":
            continue
        for told, value in numbers(NOT_PROSE.sub(" ", cell.source)):
            if significant(value) < 3 or told in EXCEPTIONS.get(lesson, {}):
                continue
            if value in asked(lesson) or any(rounds_to(p, value) for p in printed):
                continue
            place = next(line for line in cell.source.splitlines() if told in line)
            found.append(
                f"lesson {lesson} says {told}, and no output prints it: {place.strip()[:90]!r}"
            )
    return found


@pytest.mark.parametrize("path", PATHS, ids=[path.name for path in PATHS])
def test_every_number_in_the_text_is_printed(path: Path) -> None:
    found = complaints(canonical.read(path), path.name[:2])
    what_to_do = "Print it, correct it, or give a reason in EXCEPTIONS (tests/notebooks/)."
    assert not found, "\n".join([*found, what_to_do])


def spoil(nb: NotebookNode) -> str:
    """Change the last digit of a number in the text, in place; returns what stands there now."""
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            for told, value in numbers(NOT_PROSE.sub(" ", cell.source)):
                if "." in told and "e" not in told and significant(value) >= 4:
                    wrong = told[:-1] + str((int(told[-1]) + 5) % 10)
                    cell.source = cell.source.replace(told, wrong)
                    return wrong
    raise AssertionError("no number with four digits in the text of this lesson")


@pytest.mark.parametrize("lesson", ["01", "02", "03", "04", "05", "06", "07", "08"])
def test_a_wrong_number_is_seen(lesson: str) -> None:
    [path] = canonical.NOTEBOOKS.glob(f"{lesson}_*.ipynb")
    nb = canonical.read(path)
    wrong = spoil(nb)
    assert any(f"says {wrong}," in sentence for sentence in complaints(nb, lesson))


@pytest.mark.parametrize(
    "text, expected",
    [
        ("w 0.5368, b -17.3048", ["0.5368", "-17.3048"]),
        ("from 5,802,485 to \N{MINUS SIGN}4462.79.", ["5,802,485", "\N{MINUS SIGN}4462.79"]),
        ("readings x0.1, shape (11, 11), 3.399e-4", ["11", "11", "3.399e-4"]),
        ("nb02 and 1.2.3", []),
    ],
)
def test_what_counts_as_a_number(text: str, expected: list[str]) -> None:
    assert [told for told, _ in numbers(text)] == expected


def test_every_exception_is_still_needed() -> None:
    for lesson, reasons in EXCEPTIONS.items():
        [path] = canonical.NOTEBOOKS.glob(f"{lesson}_*.ipynb")
        text = "\n".join(c.source for c in canonical.read(path).cells if c.cell_type == "markdown")
        for number in reasons:
            assert number in text, f"lesson {lesson} does not say {number} any more: drop it"
