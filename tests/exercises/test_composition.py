"""Recalls, objectives and the self-test are made as they should be, and each lesson says so."""

import re

import canonical
import pytest

from helpers.exercises import ALL
from helpers.judge import Choices, Function, Parts

LESSONS = [f"{number:02}" for number in range(1, 10)]


def lesson(number):
    [path] = canonical.NOTEBOOKS.glob(f"{number}*.ipynb")
    return canonical.read(path)


# Objectives


def objectives(text):
    """The lines below "You will be able to", each in one piece."""
    block = re.search(r"\*\*You will be able to\*\*\n\n((?:[-*] .*\n(?:  .*\n)*)+)", text)
    return re.findall(r"(?:^|\n)[-*] (.*(?:\n  .*)*)", block[1]) if block else []


def complaints(number, text):
    """What is wrong with the objectives of a lesson, a sentence each."""
    lines, found = objectives(text), []
    if not lines:
        found.append(f"lesson {number} names no objectives")
    for line in lines:
        shown = re.findall(r"→ `(\w+)`", line)
        if not shown:
            found.append(f"lesson {number}: nothing shows {line!r}")
        for name in shown:
            if name not in ALL:
                found.append(f"lesson {number}: there is no exercise {name}")
            elif ALL[name].notebook != number and not (
                name.startswith("recall_") and ALL[name].notebook > number
            ):
                found.append(f"lesson {number}: {name} is neither in it nor a later recall")
    return found


@pytest.mark.parametrize("number", LESSONS)
def test_each_objective_names_what_shows_it(number):
    assert complaints(number, lesson(number).cells[0].source) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("(→ `two_lists`, → `reproducible_split`, → `prepare`)", "", "nothing shows 'split data"),
        ("`early_stopping`", "`early_stoping`", "there is no exercise early_stoping"),
        ("`recall_07`", "`recall_05`", "recall_05 is neither in it nor a later recall"),
        ("`stop_at`", "`in_the_block`", "in_the_block is neither in it"),
        ("**You will be able to**", "**You will learn**", "names no objectives"),
    ],
)
def test_an_objective_that_nothing_shows_is_seen(old, new, words):
    text = lesson("06").cells[0].source
    assert old in text
    [found, *_] = complaints("06", text.replace(old, new))
    assert words in found


# Recalls


@pytest.mark.parametrize("number", LESSONS[1:])
def test_a_recall_asks_two_of_the_lesson_before_and_one_older(number):
    recall = ALL[f"recall_{number}"]
    before = int(number) - 1
    assert isinstance(recall, Parts) and [*recall.parts] == ["a", "b", "c"]
    if before == 1:
        assert recall.text == "Three questions on lesson 01, from memory."
    else:
        said = re.fullmatch(
            r"Two questions on lesson (\d\d), one on lesson (\d\d), from memory\.", recall.text
        )
        assert said and int(said[1]) == before and 1 <= int(said[2]) < before
    assert any(isinstance(part, Choices) for part in recall.parts.values())
    assert all(part.text for part in recall.parts.values())


# The self-test

SELF_TEST = [name for name in ALL if ALL[name].notebook == "self-test"]


def test_four_of_its_ten_are_judgements():
    kinds = [type(ALL[name]) for name in SELF_TEST]
    assert len(kinds) == 10 and kinds.count(Choices) >= 4 and kinds.count(Function) <= 2


def right_options(question):
    return [text for text, says in question.options.items() if not says]


@pytest.mark.parametrize("name", SELF_TEST)
def test_its_answers_are_printed_nowhere_else(name):
    """Neither the right option nor the sentence about it stands in a lesson or its outputs."""
    question = ALL[name]
    own = right_options(question) if isinstance(question, Choices) else [question.source]
    for path in sorted(canonical.NOTEBOOKS.glob("*.ipynb")):
        cells = [c for c in canonical.read(path).cells if question.question not in c.source]
        text = "\n".join(
            f"{cell.source}\n{''.join(o.get('text', '') for o in cell.get('outputs', []))}"
            for cell in cells
        )
        assert f"{name}.solution()\n" not in text
        for answer in own:
            assert " ".join(answer.split()) not in " ".join(text.split())


@pytest.mark.parametrize("name", [n for n, x in ALL.items() if isinstance(x, Choices)])
def test_each_wrong_option_has_a_sentence_of_its_own(name):
    question = ALL[name]
    says = [sentence for sentence in question.options.values() if sentence]
    assert question.several or len(set(says)) == len(says) == len(question.options) - 1
