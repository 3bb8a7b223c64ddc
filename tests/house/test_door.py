"""`python -m helpers`: the learner's own copy is laid, kept, renewed, and never lost."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from helpers import door, exercises
from helpers.door.copy import Copy

ROOT = Path(__file__).parents[2]


def lesson(*sources):
    cells = [nbformat.v4.new_code_cell(s, execution_count=1) for s in sources]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
        cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text="the answer\n")]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture
def copy(tmp_path):
    (tmp_path / "notebooks").mkdir()
    for number, name in enumerate(["00_before", "01_data", "02_gradients"]):
        nbformat.write(lesson(f"print({number})"), tmp_path / "notebooks" / f"{name}.ipynb")
    return Copy(tmp_path / "notebooks", tmp_path / "my-notebooks")


def sources(place):
    return [cell.source for cell in nbformat.read(place, 4).cells]


def change(place, source):
    nb = nbformat.read(place, 4)
    nb.cells[0].source = source
    nbformat.write(nb, place)


def test_every_lesson_is_laid_without_outputs(copy):
    lines = copy.lay()
    assert lines[0] == "my-notebooks/: lessons laid: 3; yours, kept as they are: 0."
    for place in copy.folder.glob("*.ipynb"):
        [cell] = nbformat.read(place, 4).cells
        assert cell.outputs == [] and cell.execution_count is None
    nbformat.validate(nbformat.read(copy.folder / "01_data.ipynb", 4))


def test_a_second_run_changes_nothing(copy):
    copy.lay()
    before = {p.name: p.read_bytes() for p in copy.folder.iterdir()}
    assert copy.lay()[0] == "my-notebooks/: lessons laid: 0; yours, kept as they are: 0."
    assert {p.name: p.read_bytes() for p in copy.folder.iterdir()} == before


def test_an_untouched_lesson_gets_its_new_version(copy):
    copy.lay()
    saved = nbformat.read(copy.folder / "01_data.ipynb", 4)
    saved.metadata["kernelspec"] = {"name": "mine", "display_name": "mine"}
    nbformat.write(saved, copy.folder / "01_data.ipynb")  # opened and saved, nothing else
    change(copy.source / "01_data.ipynb", "print('new')")
    assert copy.lay()[0].startswith("my-notebooks/: lessons laid: 1; yours, kept as they are: 0")
    assert sources(copy.folder / "01_data.ipynb") == ["print('new')"]


@pytest.mark.parametrize("touch", ["a source", "an output"])
def test_a_touched_lesson_is_never_overwritten(copy, touch):
    copy.lay()
    mine = copy.folder / "01_data.ipynb"
    if touch == "a source":
        change(mine, "print('mine')")
    else:
        nbformat.write(lesson("print(1)"), mine)
    before = mine.read_bytes()
    change(copy.source / "01_data.ipynb", "print('new')")
    assert copy.lay()[1] == "New versions, beside yours: 01_data.new.ipynb."
    assert mine.read_bytes() == before
    assert sources(copy.folder / "01_data.new.ipynb") == ["print('new')"]
    assert copy.lay()[1] == "Everything is up to date; what you change there is yours."
    change(copy.source / "01_data.ipynb", "print('newer')")
    copy.lay()
    assert sources(copy.folder / "01_data.new-2.ipynb") == ["print('newer')"]
    assert sources(copy.folder / "01_data.new.ipynb") == ["print('new')"]


def test_begin_anew_keeps_the_old_copy(copy):
    copy.lay()
    change(copy.folder / "01_data.ipynb", "print('mine')")
    lines = copy.begin_anew("01")
    assert lines == [
        "my-notebooks/01_data.ipynb is new again.",
        "Your old copy is my-notebooks/01_data.old.ipynb.",
    ]
    assert sources(copy.folder / "01_data.ipynb") == ["print(1)"]
    assert sources(copy.folder / "01_data.old.ipynb") == ["print('mine')"]
    with pytest.raises(ValueError, match="no lesson '7': choose one of 00, 01, 02"):
        copy.begin_anew("7")


@pytest.mark.parametrize("note", [None, "{broken", "[]"])
def test_a_lost_or_damaged_note_costs_nobody_work(copy, note):
    copy.lay()
    change(copy.folder / "02_gradients.ipynb", "print('mine')")
    place = copy.folder / ".laid.json"
    place.unlink() if note is None else place.write_text(note)
    (copy.folder / "01_data.ipynb.part").write_text("half a less")  # a run stopped in its middle
    (copy.folder / "00_before.ipynb").write_text("not a notebook")
    (copy.folder / "of my own.part").write_text("mine")
    assert copy.lay()[1].startswith("An earlier run was stopped in its middle; that is put right.")
    assert sources(copy.folder / "02_gradients.ipynb") == ["print('mine')"]
    assert (copy.folder / "00_before.ipynb").read_text() == "not a notebook"
    assert [place.name for place in copy.folder.glob("*.part")] == ["of my own.part"]
    assert copy.lay() == [
        "my-notebooks/: lessons laid: 0; yours, kept as they are: 2.",
        "Everything is up to date; what you change there is yours.",
    ]


def test_what_was_solved_before_there_was_a_copy_moves_into_it(copy):
    (copy.source / ".progress").write_text("mse\n")
    copy.lay()
    assert (copy.folder / ".progress").read_text() == "mse\n"
    (copy.source / ".progress").write_text("other\n")
    copy.lay()
    assert (copy.folder / ".progress").read_text() == "mse\n"


@pytest.mark.parametrize("text", ["<<<<<<< HEAD", None])
def test_lessons_that_cannot_be_read_are_named(copy, capsys, text):
    broken = copy.source / "01_data.ipynb"
    for place in [broken] if text else copy.source.iterdir():
        place.write_text(text) if text else place.unlink()
    assert door.main(["--prepare-only"], root=copy.folder.parent) == 1
    says = f"{broken} is no notebook any more: `git checkout" if text else "There are no lessons in"
    assert capsys.readouterr().err.startswith(says)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is unwritable here")
def test_a_folder_that_cannot_be_written_to(copy, capsys):
    copy.folder.mkdir(mode=0o500)
    assert door.main(["--prepare-only"], root=copy.folder.parent) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_a_file_in_the_place_of_the_folder(copy, capsys):
    copy.folder.write_text("something else")
    assert door.main(["--prepare-only"], root=copy.folder.parent) == 1
    assert "my-notebooks cannot be written: File exists" in capsys.readouterr().err


@pytest.fixture
def project(tmp_path):
    """A copy of the project, as a learner has it after `git clone`."""
    for name in ("helpers", "notebooks", "pics"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns(".*"))
    return tmp_path


def run(project, *options):
    return subprocess.run(
        [sys.executable, "-m", "helpers", *options],
        cwd=project,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_first_command(project, monkeypatch, capsys):
    monkeypatch.setenv("EXERCISES_PROGRESS", str(project / "progress"))
    done = run(project, "--prepare-only")
    assert done.returncode == 0 and done.stderr == ""
    assert len(done.stdout.splitlines()) == 3
    assert done.stdout.splitlines()[2].startswith("Open next: my-notebooks/01_")
    for name in ("01_learning_from_data-Copy1", "01_as_it_was_called"):  # sorted first
        (project / "my-notebooks" / f"{name}.ipynb").write_text("the learner's own")
    assert (
        run(project, "--prepare-only")
        .stdout.splitlines()[2]
        .endswith("/01_learning_from_data.ipynb")
    )
    solved = [name for name, x in exercises.ALL.items() if x.notebook in ("01", "02")]
    (project / "progress").write_text("\n".join(solved))
    assert door.main(["--prepare-only"], root=project) == 0
    assert capsys.readouterr().out.splitlines()[2].startswith("Open next: my-notebooks/03_")
    assert door.main(["--prepare-only", "--fresh", "1"], root=project) == 0
    asked = capsys.readouterr().out.splitlines()[2]
    assert asked.startswith("Open next: my-notebooks/01_"), "not 03: that is what was asked for"
    for path in (project / "notebooks").glob("*.ipynb"):
        mine = json.loads((project / "my-notebooks" / path.name).read_text(encoding="utf-8"))
        assert not any(cell.get("outputs") for cell in mine["cells"])


def test_a_port_in_use_is_named(copy, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert door.main(["--no-browser", "--port", str(port)], root=copy.folder.parent) == 1
    assert capsys.readouterr().err == f"Port {port} is in use: choose another with --port.\n"


@pytest.mark.parametrize("port", [65536, 10**9])
def test_a_port_that_does_not_exist_is_named(copy, capsys, port):
    assert door.main(["--port", str(port)], root=copy.folder.parent) == 1
    assert "does not exist" in capsys.readouterr().err


def test_a_missing_jupyterlab_is_named(monkeypatch, capsys, copy):
    monkeypatch.setattr(door.importlib.util, "find_spec", lambda name: None)
    assert door.main([], root=copy.folder.parent) == 1
    assert "JupyterLab is not installed for this Python." in capsys.readouterr().err


def test_a_missing_package_is_one_sentence(tmp_path):
    """Not even torch: `python -m helpers` says what to install, without a traceback."""
    shutil.copytree(ROOT / "helpers", tmp_path / "helpers")
    command = [sys.executable, "-I", "-S", "-c"]
    script = f"import sys, runpy; sys.path.insert(0, {str(tmp_path)!r}); sys.argv = ['-m']"
    done = subprocess.run(
        [*command, f"{script}; runpy.run_module('helpers')"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert done.stderr.startswith("torch is missing; matplotlib is missing;")
