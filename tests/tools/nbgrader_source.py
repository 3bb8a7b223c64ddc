"""Make an nbgrader course from the notebooks, one assignment a notebook.

usage: python tests/tools/nbgrader_source.py COURSE                                all notebooks
       python tests/tools/nbgrader_source.py COURSE notebooks/04_autograd.ipynb    these ones

COURSE is a folder that does not exist yet or holds such a course. It gets nbgrader_config.py and
source/<assignment>/ with the notebook, its solutions between the markers that nbgrader knows, and
copies of helpers/ and pics/, because nbgrader runs notebooks away from here. Then nbgrader is used
as always, in COURSE: `nbgrader generate_assignment 04_autograd`, later `nbgrader autograde ...`.
nbgrader is not needed for this command, and none of our requirements.
"""

import re
import shutil
import sys
from pathlib import Path

from nbformat import NotebookNode, from_dict

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))
import canonical

from helpers import exercises
from helpers.judge import Function, Question

ROOT = Path(__file__).parents[2]
CHECK = re.compile(r"^exercises\.(\w+)\.check\((\w+)\)", re.MULTILINE)
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "mechanics_of_learning"
# What students find in the place of a solution: the same dots as in the notebooks of the series.
c.ClearSolutions.code_stub = {"python": "..."}
c.ExecutePreprocessor.timeout = 300
"""


def exercise_cells(nb: NotebookNode) -> list[tuple[Question, NotebookNode, NotebookNode]]:
    """The exercises in a notebook: each with its stub cell and its check cell."""
    found, code = [], canonical.code_cells(nb)
    for number, cell in enumerate(code):
        if match := CHECK.search(cell.source):
            exercise = exercises.ALL[match[1]]
            begins = re.compile(rf"^(def {match[2]}\(|{match[2]} = )", re.MULTILINE)
            stubs = [earlier for earlier in code[:number] if begins.search(earlier.source)]
            if not stubs:
                raise ValueError(f"no cell before {match[0]} defines {match[2]}")
            found.append((exercise, stubs[-1], cell))
    return found


def add_nbgrader_metadata(nb: NotebookNode) -> NotebookNode:
    """Mark stub and check cells for nbgrader, in place; other programs ignore these marks."""
    for exercise, stub, check in exercise_cells(nb):
        common = {"schema_version": 3, "task": False}
        stub.metadata["nbgrader"] = from_dict(
            {"grade": False, "grade_id": exercise.name, "locked": False, "solution": True, **common}
        )
        marks = {"grade": True, "grade_id": f"{exercise.name}_check", "points": exercise.difficulty}
        check.metadata["nbgrader"] = from_dict(
            {**marks, "locked": True, "solution": False, **common}
        )
    return nb


def with_solution(exercise: Question) -> str:
    """The stub cell of the source version: nbgrader cuts out what is between the markers."""
    if isinstance(exercise, Function) and "\n    ..." in exercise.stub:
        head, body = exercise.source.split("\n", 1)
        return f"{head}\n    {BEGIN}\n{body}\n    {END}"
    return f"{exercise.stub}\n\n\n{BEGIN}\n{exercise.source}\n{END}"


def source_notebook(nb: NotebookNode) -> NotebookNode:
    """The notebook as nbgrader's source version, in place: marked, solved, without outputs."""
    add_nbgrader_metadata(nb)
    for exercise, stub, _ in exercise_cells(nb):
        stub.source = with_solution(exercise)
    for cell in canonical.code_cells(nb):
        cell.outputs, cell.execution_count = [], None
        cell.source = cell.source.replace('sys.path.insert(0, "..")', 'sys.path.insert(0, ".")')
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            cell.source = cell.source.replace("](../pics/", "](pics/")
    return nb


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    course = Path(arguments[0])
    paths = [Path(name) for name in arguments[1:]] or sorted(canonical.NOTEBOOKS.glob("*.ipynb"))
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        print("no such notebook:", *missing, file=sys.stderr)
        return 2
    course.mkdir(parents=True, exist_ok=True)
    (course / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    for path in paths:
        folder = course / "source" / path.stem
        for part in ("helpers", "pics"):
            shutil.rmtree(folder / part, ignore_errors=True)
            shutil.copytree(
                ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__")
            )
        nb = source_notebook(canonical.read(path))
        (folder / path.name).write_text(canonical.write(nb), encoding="utf-8", newline="\n")
        print(f"{folder / path.name}: {len(exercise_cells(nb))} exercises")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
