"""Exercises in their lessons, in nbgrader, and what is remembered of them."""

import ast
import copy
import os
import re

import canonical
import exercise_cells
import nbformat
import nbgrader_source
import pytest
from answers import execute, run, said
from nbgrader_source import exercise_cells as cells_of

from helpers import exercises
from helpers.data import two_columns
from helpers.exercises import ALL
from helpers.judge import NOT_STARTED, NOT_YET, RIGHT, Function, solved
from helpers.models import quadratic

# nbgrader


def test_nbgrader_marks(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    for name, exercise in ALL.items():
        said(name, exercise.reference)
        wrong = next(iter(exercise.mistakes.values()))
        for answer in (wrong, run(exercise.stub)[name]):
            with pytest.raises(AssertionError, match=rf"^[{NOT_YET}{NOT_STARTED}] "):
                said(name, answer)


# A function to write, values to give, a loop to repair; a gap, a recall, and letters.
NAMES = (
    "central_difference",
    "broadcast_shapes",
    "three_bugs",
    "update",
    "recall_05",
    "in_the_block",
)


@pytest.fixture
def notebook():
    """A small notebook with exercises of each kind."""
    nb = nbformat.v4.new_notebook()
    for source in [
        "from helpers import exercises",
        "import torch\nfrom helpers.models import linear",
    ]:
        nb.cells.append(nbformat.v4.new_code_cell(source))
    for name in NAMES:
        nb.cells.append(nbformat.v4.new_markdown_cell(f"### {ALL[name].title}"))
        nb.cells.append(nbformat.v4.new_code_cell(ALL[name].stub))
        nb.cells.append(nbformat.v4.new_code_cell(f"exercises.{name}.check({name})"))
    return nb


def test_nbgrader_metadata(notebook):
    nbgrader_source.add_nbgrader_metadata(notebook)
    marks = [cell.metadata.get("nbgrader") for cell in notebook.cells]
    assert marks[:3] == [None] * 3
    for (exercise, _, _), stub, check in zip(
        nbgrader_source.exercise_cells(notebook), marks[3::3], marks[4::3], strict=True
    ):
        assert stub["solution"] and not stub["grade"] and not stub["locked"]
        assert check["grade"] and check["locked"] and not check["solution"]
        assert check["points"] == exercise.difficulty
    ids = [mark["grade_id"] for mark in marks if mark]
    assert len(set(ids)) == len(ids) == 2 * len(NAMES) and all(
        re.fullmatch(r"[\w-]+", i) for i in ids
    )


def test_nbgrader_source_and_what_students_get(notebook, capsys):
    """The source version is right; without what is between the markers it is not started."""
    nbgrader_source.source_notebook(notebook)
    cells = canonical.code_cells(notebook)
    assert "### BEGIN SOLUTION" in cells[2].source
    execute("\n".join(cell.source for cell in cells), {})
    assert [line[0] for line in capsys.readouterr().out.splitlines()] == [RIGHT] * len(NAMES)
    execute("\n".join(CUT.sub("...", cell.source) for cell in cells), {})
    assert [line[0] for line in capsys.readouterr().out.splitlines()] == [NOT_STARTED] * len(NAMES)


CUT = re.compile(r"### BEGIN SOLUTION.*?### END SOLUTION", re.DOTALL)


def marked(name, cell, monkeypatch):
    """Does nbgrader give the points of `name` for this answer cell? It takes an error for no."""
    with monkeypatch.context() as context:
        context.setenv("NBGRADER_EXECUTION", "autograde")
        try:
            ALL[name].check(run(cell)[name])
        except AssertionError:
            return False
    return True


@pytest.mark.parametrize("name", ALL)  # gaps, recalls and the stages of the project too
def test_full_marks_for_the_source_none_for_a_mistake_or_the_stub(name, monkeypatch):
    source = nbgrader_source.with_solution(ALL[name])
    assert marked(name, source, monkeypatch)
    stub = CUT.sub("...", source)
    assert source != stub and not marked(name, stub, monkeypatch)
    assert not marked(name, ALL[name].stub, monkeypatch)
    wrong = ALL[name].mistake_source(next(iter(ALL[name].mistakes)))
    assert not marked(name, f"{stub}\n{wrong}", monkeypatch)


# Remembering


@pytest.fixture
def remembered(monkeypatch, tmp_path):
    place = tmp_path / ".progress"
    monkeypatch.setenv("EXERCISES_PROGRESS", str(place))
    return place


def test_progress(remembered, capsys):
    series = sum(exercise.notebook != "self-test" for exercise in ALL.values())
    exercises.progress()
    table = capsys.readouterr().out
    assert table.startswith(
        f"{NOT_STARTED} You have solved 0 of {series} exercises of the series and 0 of"
    )
    assert RIGHT not in table and all(name in table for name in ALL)
    said("central_difference", ALL["central_difference"].reference)
    said("self_test_3", 0.8)
    said("self_test_4", 0.8)
    exercises.progress()
    table = capsys.readouterr().out
    assert f"solved 1 of {series}" in table and "1 of 10" in table
    assert f"{RIGHT} central_difference" in table and f"{NOT_STARTED} self_test_4" in table
    assert remembered.read_text().split() == ["central_difference", "self_test_3"]
    assert list(remembered.parent.iterdir()) == [remembered]
    remembered.write_text("\n".join(ALL))
    exercises.progress()
    assert capsys.readouterr().out.startswith(f"{RIGHT} You have solved {series} of {series}")


@pytest.mark.parametrize("content", [b"", b"{", b"not an exercise\n", b"\xff\xfe\x00"])
def test_a_broken_progress_file_does_no_harm(remembered, content):
    remembered.write_bytes(content)
    words = said("self_test_3", 0.8)
    assert words.startswith(RIGHT) and ("damaged" in words) == (content[:1] == b"\xff")
    assert remembered.read_text().splitlines()[-1] == "self_test_3"
    aside = remembered.with_name(".progress.damaged")
    assert aside.exists() == (content == b"\xff\xfe\x00")  # set aside, with a word


def test_two_kernels_at_once_lose_nothing(remembered):
    one, other = remembered.open("a"), remembered.open("a")
    one.write("a\n"), other.write("b\n"), other.close(), one.close()
    assert solved() == {"a", "b"}


def test_what_waits_for_an_answer_is_not_wrong():
    for name, exercise in ALL.items():
        if not isinstance(exercise, Function):
            assert said(name, None).startswith(NOT_STARTED)
    none = dict.fromkeys(ALL["may_call_backward"].reference)
    assert said("may_call_backward", none).startswith(NOT_STARTED)
    small = {**ALL["swap_the_model"].reference, "must_change": {" a", "d"}}
    assert said("swap_the_model", small).startswith(RIGHT)


def test_an_assignment_is_whole(tmp_path):
    [path] = canonical.NOTEBOOKS.glob("04*")
    assert nbgrader_source.main([str(tmp_path), str(path)]) == 0
    folder = tmp_path / "source" / path.stem
    text = (folder / path.name).read_text(encoding="utf-8")
    pictures = re.findall(r"\]\(([^)]*\.svg)\)", text)
    assert pictures and all((folder / name).is_file() for name in pictures)
    assert (folder / "helpers" / "exercises" / "__init__.py").is_file()


def test_a_progress_file_that_cannot_be_written_does_no_harm(monkeypatch, tmp_path):
    monkeypatch.setenv("EXERCISES_PROGRESS", str(tmp_path / "no folder" / "file"))
    assert said("self_test_3", 0.8).startswith(RIGHT)


def test_machines_leave_no_progress(monkeypatch):
    monkeypatch.delenv("EXERCISES_PROGRESS", raising=False)
    assert "PYTEST_VERSION" in os.environ  # also what a kernel inherits that nbval starts
    root = canonical.NOTEBOOKS.parent
    places = [folder / ".progress" for folder in (root / "my-notebooks", root / "notebooks", root)]
    before = [place.read_bytes() if place.exists() else None for place in places]
    assert said("self_test_3", 0.8).startswith(RIGHT)
    assert [place.read_bytes() if place.exists() else None for place in places] == before
    assert exercises.solved() == set()


# The notebooks

PATHS = sorted(canonical.NOTEBOOKS.glob("0[1-9]*.ipynb"))  # the primer has none


@pytest.fixture(params=PATHS, ids=[path.name for path in PATHS])
def wired(request):
    nb = canonical.read(request.param)
    return request.param, nb


def test_the_notebook_holds_its_exercises(wired):
    path, nb = wired
    number = path.name[:2]
    mine = [
        n
        for n, x in ALL.items()
        if x.notebook in ([number, "self-test"] if number == "09" else [number])
    ]
    assert held(nb, mine) == []


def held(nb, names):
    """What the lesson lacks of its exercises, a sentence each."""
    sentences = []
    cells = {exercise.name: (stub, check) for exercise, stub, check in cells_of(nb)}
    if [*cells] != names:
        lacks, has = sorted(set(names) - set(cells)), sorted(set(cells) - set(names))
        sentences.append(f"lacks {lacks}, has {has}: exercise_cells.py NAME writes what is missing")
    markdown = [cell.source for cell in nb.cells if cell.cell_type == "markdown"]
    for name, (stub, check) in cells.items():
        exercise = ALL[name]
        written = copy.deepcopy(nb)
        if exercise.notebook != "self-test":  # whose questions have cells of their own form
            exercise_cells.write_cells(written, exercise)
        parts = [exercise.title, exercise.question]
        missing = [part for part in parts if part not in "\n".join(markdown)]
        if written != nb or stub.source != exercise.stub or missing:
            sentences.append(f"{name} is not as in helpers/exercises: exercise_cells.py {name}")
        if not check.outputs or not check.outputs[0].text.startswith(NOT_STARTED):
            sentences.append(f"the check of {name} is not stored as not started: regenerate.py")
    return sentences


def test_a_lesson_without_its_exercises_is_seen():
    nb = canonical.read(PATHS[4])
    names = [exercise.name for exercise, _, _ in cells_of(nb)]
    nb.cells = [cell for cell in nb.cells if "exercises." not in cell.source]
    [sentence] = held(nb, names)
    assert sentence.startswith(f"lacks {sorted(names)}")


@pytest.mark.parametrize("part", ["question", "stub", "title", "minutes"])
def test_a_changed_part_of_an_exercise_is_seen(part):
    nb = canonical.read(PATHS[2])
    exercise, stub, _ = cells_of(nb)[1]
    names = [each.name for each, _, _ in cells_of(nb)]
    if part == "stub":
        stub.source += "  # more"
    else:
        [task] = [c for c in nb.cells if exercise.question in c.source]
        task.source = task.source.replace(str(getattr(exercise, part)), "99")
    assert held(nb, names) == [
        f"{exercise.name} is not as in helpers/exercises: exercise_cells.py {exercise.name}"
    ]


def test_check_cells_react_to_the_stub_cell(wired, monkeypatch, capsys):
    """In the notebook's own names: the reference turns a check cell right, a mistake wrong."""
    path, nb = wired
    monkeypatch.chdir(path.parent)
    cells = "\n".join(cell.source for cell in canonical.code_cells(nb))
    cells = re.sub(r"^%.*", "", cells, flags=re.MULTILINE)  # what only IPython understands
    imports = [
        node for node in ast.parse(cells).body if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    namespace = dict(zip("xy", two_columns(), strict=True), quadratic=quadratic)  # 09, 08 define
    exec("\n".join(map(ast.unparse, imports)), namespace)
    capsys.readouterr()
    for exercise, stub, check in nbgrader_source.exercise_cells(nb):
        mistake = exercise.mistake_source(next(iter(exercise.mistakes)))
        for source, sign in [
            (stub.source, NOT_STARTED),
            (exercise.source, RIGHT),
            (mistake, NOT_YET),
        ]:
            execute(f"{source}\n{check.source}", namespace)
            assert capsys.readouterr().out.startswith(sign)
