"""The judge inside a real kernel, in the cells of a notebook: each kind of question, and a gap."""

import nbformat
import pytest
import regenerate
from canonical import NOTEBOOKS

from helpers.exercises import ALL
from helpers.judge import NOT_STARTED, NOT_YET, RIGHT, Choices, Function, Parts, Value

SETUP = """\
import sys
sys.path.insert(0, "..")
import torch
from helpers import exercises
torch.set_default_dtype(torch.float64)"""

FUNCTION, GAP, VALUE, CHOICES, PARTS = (
    *("mean_squared_error", "update", "two_readings", "in_the_block", "recall_05"),
)
PRINTING_UPDATE = """\
def update(w, b, dw, db, rate):
    print(w)
    return w - rate * dw, b - rate * db"""
LINES = {  # what is typed, and what it says
    FUNCTION: {
        "def mean_squared_error(t_p, t_c):\n    return t_p / 0 + no_such_name": "your code stopped "
        "with NameError: name 'no_such_name' is not defined, in line 2 of mean_squared_error: "
        "return t_p / 0 + no_such_name",
        "def mean_squared_error(t_p, t_c):\n    print('here I am')\n    return t_p.sum()": "Your "
        "code printed:\nhere I am",
        "mean_squared_error = torch.nn.functional.mse_loss": "Right, on all 3 data sets",
    },
    GAP: {
        "def update(w, b, dw, db, learning_rate):\n    return w / (w - w), b": "your code stopped "
        "with ZeroDivisionError",
        PRINTING_UPDATE: "Your code printed:\n1.0\n-2.0\n0.5",
        "def update(w, b):\n    ...": "Not started",
    },
    VALUE: {
        "two_readings = (25 + 1) / 2": "Right.",
        "two_readings = torch.tensor([13.0])": "Right.",
        "two_readings = torch.tensor([25.0, 1.0])": "a number was expected, shape (2,) came",
        "two_readings = '13'": "a number was expected, the text '13' came",
    },
    CHOICES: {
        "in_the_block = 'd, f'": "Right.",
        "in_the_block = {'D', 'X'}": "'X' is none of the options: A, B, C, D, E, F, G",
        "in_the_block = 4": "a set of letters was expected, the number 4 came",
    },
    PARTS: {
        "recall_05 = {'a': 'a.', 'b': 6.0, 'c': 1 / 4}": "Right.",
        "recall_05 = {'a': 'A', 'b': 6, 'c': ...}": "So far, so good. Still open: c.",
        "recall_05 = {'a': 'A', 'b': 6}": "the entry 'c' is missing",
    },
}


def first_mistake(name):
    return next(iter(ALL[name].mistakes))


def answers():
    """Each answer as code, with the name of its question and what the check has to begin with."""
    for name, lines in LINES.items():
        yield name, ALL[name].stub, f"{NOT_STARTED} Not started."
        yield name, ALL[name].source, f"{RIGHT} Right"
        sentence = first_mistake(name)
        yield name, ALL[name].mistake_source(sentence), f"{NOT_YET} Not yet: {sentence}"
        for code, words in lines.items():
            yield name, code, words


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """What the check cells print, all of them run in one kernel."""
    nb = nbformat.v4.new_notebook()
    nb.cells.append(nbformat.v4.new_code_cell(SETUP))
    for name, code, _ in answers():
        nb.cells.append(nbformat.v4.new_code_cell(code))
        nb.cells.append(nbformat.v4.new_code_cell(f"exercises.{name}.check({name})"))
    for name in LINES:  # the check returns nothing, a hint and a solution are printed
        nb.cells.append(
            nbformat.v4.new_code_cell(f"exercises.{name}.hint(), exercises.{name}.solution()")
        )
    regenerate.client(nb, NOTEBOOKS / "in_kernel.ipynb", coalesce_streams=True).execute()
    return nb.cells[1:]


def test_the_five_are_of_each_kind():
    kinds = [type(ALL[name]) for name in LINES]
    assert kinds == [Function, Function, Value, Choices, Parts]


@pytest.mark.parametrize("number", range(len([*answers()])))
def test_what_a_cell_prints(printed, number):
    name, code, words = [*answers()][number]
    cell = printed[2 * number + 1]
    [output] = cell.outputs  # nothing on stderr, no traceback, no value below it
    assert output.output_type == "stream" and output.name == "stdout", (name, code)
    assert output.text[0] in (RIGHT, NOT_YET, NOT_STARTED) and words in output.text


@pytest.mark.parametrize("number", range(len(LINES)))
def test_hints_and_solutions_are_printed(printed, number):
    name = [*LINES][number]
    text = printed[number - len(LINES)].outputs[0].text
    assert text == f"Hint 1 of {len(ALL[name].hints)}: {ALL[name].hints[0]}\n{ALL[name].source}\n"
