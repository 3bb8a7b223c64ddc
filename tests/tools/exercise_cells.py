"""Write the four cells of an exercise into its lesson, or bring those that are there up to date.

usage: python tests/tools/exercise_cells.py NAME                  before the lesson's summary
       python tests/tools/exercise_cells.py NAME --gap "## Why"   a gap, before the cell with this
                                                                  beginning

The cells are the question, the stub, the check and the hint, all from `helpers/exercises`. The
lesson is run and stored afterwards, as `regenerate.py` does it.
"""

import argparse
import sys
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

sys.path.insert(0, str(Path(__file__).parent))
import canonical
import nbgrader_source
import regenerate

from helpers import exercises
from helpers.judge import Question

SUMMARY = "## Summary"
LEVELS = {1: "★☆☆ easy", 2: "★★☆ medium", 3: "★★★ hard"}


def four_cells(exercise: Question, gap: bool) -> list[NotebookNode]:
    """Question, stub, check and hint of `exercise`."""
    name = exercise.name
    effort = f"{LEVELS[exercise.difficulty]}, about {exercise.minutes} minutes"
    title = exercise.title if exercise.title == "Recall" else f"Your line: {exercise.title}"
    title += "" if title.endswith("?") else "."
    head = f"**{title}** " if gap else f"### {exercise.title}\n\n"
    more = f"More hints: `exercises.{name}.hint()`. A solution: `exercises.{name}.solution()`."
    hint = f"<details><summary>Hint</summary>\n\n{exercise.hints[0]}\n\n</details>\n\n{more}"
    return [
        new_markdown_cell(f"{head}{effort}\n\n{exercise.question}"),
        new_code_cell(exercise.stub),
        new_code_cell(f"exercises.{name}.check({name})"),
        new_markdown_cell(hint),
    ]


def write_cells(nb: NotebookNode, exercise: Question, before: str = SUMMARY) -> None:
    """Put the cells into `nb`, in place: over their older version, or before the cell `before`."""
    for older, stub, check in nbgrader_source.exercise_cells(nb):
        if older is exercise:
            first, third = nb.cells.index(stub) - 1, nb.cells.index(check)
            old = [nb.cells[first], stub, check, nb.cells[third + 1]]
            new = four_cells(exercise, gap="###" not in old[0].source)
            new[3].source += old[3].source.partition(f"{exercise.name}.solution()`.")[2]
            for cell, written in zip(old, new, strict=True):
                cell.source = written.source
            return
    [place] = [i for i, cell in enumerate(nb.cells) if cell.source.startswith(before)]
    nb.cells[place:place] = four_cells(exercise, gap=before != SUMMARY)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", help="of the exercise in helpers/exercises")
    parser.add_argument("--gap", metavar="TEXT", default=SUMMARY, help="the beginning of a cell")
    options = parser.parse_args()
    if options.name not in exercises.ALL:
        parser.error(f"no exercise {options.name} in helpers/exercises")
    exercise = exercises.ALL[options.name]
    if exercise.notebook == "self-test":
        parser.error("a question of the self-test has three cells and no hint: write them by hand")
    [path] = canonical.NOTEBOOKS.glob(f"{exercise.notebook}*.ipynb")
    nb = canonical.read(path)
    write_cells(nb, exercise, options.gap)
    path.write_text(canonical.write(nb), encoding="utf-8", newline="\n")
    regenerate.main([str(path)])


if __name__ == "__main__":
    main()
