"""One command writes an exercise into its lesson: taken out and written again, all is there."""

import copy
import sys

import canonical
import exercise_cells
import nbgrader_source
import pytest

from helpers.exercises import ALL


def lesson(name):
    [path] = canonical.NOTEBOOKS.glob(f"{ALL[name].notebook}*.ipynb")
    return canonical.read(path)


def sources(nb):
    return [cell.source for cell in nb.cells]


def without(nb, exercise):
    """A copy that lacks the cells of `exercise`, and the beginning of the cell that followed."""
    nb = copy.deepcopy(nb)
    [stub] = [s for e, s, _ in nbgrader_source.exercise_cells(nb) if e is exercise]
    first = nb.cells.index(stub) - 1
    del nb.cells[first : first + 4]
    return nb, nb.cells[first].source.partition("\n")[0]


@pytest.mark.parametrize("name", ["undo_standardize", "epoch_factor", "recall_05"])
def test_taken_out_and_written_again(name):
    nb = lesson(name)
    cut, next_cell = without(nb, ALL[name])
    assert len(cut.cells) == len(nb.cells) - 4
    exercise_cells.write_cells(cut, ALL[name], next_cell)
    assert sources(cut) == sources(nb)


def test_what_is_there_is_brought_up_to_date():
    nb = lesson("critical_rate")
    old = copy.deepcopy(nb)
    for _, stub, _check in nbgrader_source.exercise_cells(old):
        stub.source += "\n    # of yesterday"
    exercise_cells.write_cells(old, ALL["critical_rate"])
    changed = [a for a, b in zip(sources(old), sources(nb), strict=True) if a != b]
    assert changed and ALL["critical_rate"].stub not in changed
    assert not any("def critical_rate" in source for source in changed)


@pytest.mark.parametrize(
    ("name", "words"), [("nothing", "no exercise"), ("self_test_1", "by hand")]
)
def test_a_name_that_will_not_do(name, words, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["exercise_cells.py", name])
    with pytest.raises(SystemExit):
        exercise_cells.main()
    assert words in capsys.readouterr().err
