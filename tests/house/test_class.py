"""For a class: the recipe for Binder and JupyterHub, and what the README promises to teachers."""

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import canonical
import nbgrader_source
import pytest

from helpers.exercises import ALL

ROOT = Path(__file__).parents[2]


def test_the_recipe_says_what_the_readme_says():
    """The newest Python that both the README allows and every repo2docker since 2024 knows."""
    python = (ROOT / ".binder" / "runtime.txt").read_text().strip()
    assert python == "python-3.12"  # 3.13 only those after August 2025, and hubs keep older ones
    workflow = (ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
    assert '"3.12"' in workflow, "CI runs all tests on it"
    assert "You need Python 3.11 or newer" in (ROOT / "README.md").read_text(encoding="utf-8")
    lines = (ROOT / ".binder" / "requirements.txt").read_text().splitlines()
    assert "-r ../requirements.txt" in lines


def test_the_hub_configuration_is_one():
    """It loads, and sets what the load benchmark measured."""
    from traitlets.config import PyFileConfigLoader

    fragment = ROOT / "tests" / "benchmarks" / "jupyterhub_config.py"
    config = PyFileConfigLoader(fragment.name, path=str(fragment.parent)).load_config()
    assert config.Spawner.start_timeout == config.Spawner.http_timeout == 180
    assert re.fullmatch(r"\d+[MG]", config.Spawner.mem_limit)
    [argument] = config.Spawner.args
    owner, name = argument.removeprefix("--").split("=")[0].split(".")
    from jupyter_server.services.kernels.kernelmanager import MappingKernelManager

    assert owner == MappingKernelManager.__name__ and MappingKernelManager.class_traits()[name]


def test_zero_to_jupyterhub_gets_the_same_limits():
    """The values in TEACHING are YAML, and say what the hub's own configuration says."""
    import yaml

    teaching = (ROOT / ".github" / "TEACHING.md").read_text(encoding="utf-8")
    lines = teaching.split("been tried here**:")[1].strip("\n")
    told = yaml.safe_load("\n".join(line[4:] for line in lines.splitlines()))
    single = told["singleuser"]
    config = (ROOT / "tests" / "benchmarks" / "jupyterhub_config.py").read_text(encoding="utf-8")
    assert f"start_timeout = {single['startTimeout']}" in config
    assert f"http_timeout = {told['hub']['config']['KubeSpawner']['http_timeout']}" in config
    assert f'mem_limit = "{single["memory"]["limit"]}"' in config
    assert single["cmd"][1] in config and "OMP_NUM_THREADS" in single["extraEnv"]
    fetch = single["lifecycleHooks"]["postStart"]["exec"]["command"]
    assert fetch[1] == canonical.HOME and fetch[2] == "class"
    place = single["defaultUrl"].removeprefix(f"/lab/tree/{fetch[3]}/my-notebooks/")
    assert (canonical.NOTEBOOKS / place).is_file()
    assert "nbgitpuller==" in (ROOT / ".binder" / "requirements.txt").read_text()


@pytest.mark.parametrize(
    ("options", "said"),
    [(["--hub", "/nowhere"], "pip install jupyterhub=="), (["--students", "101"], "1 to 100 stud")],
)
def test_the_load_benchmark_says_why_it_does_not_start(monkeypatch, capsys, options, said):
    monkeypatch.syspath_prepend(ROOT / "tests" / "benchmarks")
    class_of_students = importlib.import_module("class_of_students")
    monkeypatch.setattr(sys, "argv", ["class_of_students.py", *options])
    try:
        status = class_of_students.main()
    except SystemExit as left:
        status = left.code
    assert status == 2 and said in capsys.readouterr().err


# What TEACHING has a teacher type.


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    done = subprocess.run(
        ["git", *who, *words], cwd=folder, capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout


@pytest.mark.skipif(os.name == "nt", reason="the command is for a POSIX shell")
def test_one_command_hands_out_lessons_without_outputs(tmp_path):
    teaching = (ROOT / ".github" / "TEACHING.md").read_text(encoding="utf-8")
    block = teaching.split("<!-- hand out -->")[1].split("<!-- /hand out -->")[0]
    command = re.sub("```(bash)?", "", block).strip()
    once = re.search(r"^    (git worktree add .*)$", teaching, re.MULTILINE)[1]
    mine, origin = tmp_path / "mine", tmp_path / "origin.git"
    for part in ("helpers", "notebooks", ".gitignore"):
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        mine.mkdir(exist_ok=True)
        copy(ROOT / part, mine / part)
    (mine / "my-notebooks").mkdir()
    (mine / "my-notebooks" / "01_learning_from_data.ipynb").write_text("the teacher's own answers")
    git(tmp_path, "init", "-q", "--bare", str(origin))
    git(mine, "init", "-q", "-b", "main")
    git(mine, "remote", "add", "origin", str(origin))
    git(mine, "add", ".")
    git(mine, "commit", "-q", "-m", "all")
    git(mine, *once.split()[1:])
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    who = {
        f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    subprocess.run(
        ["bash", "-c", command], cwd=mine, env=os.environ | who | {"PATH": path}, check=True
    )
    names = git(origin, "ls-tree", "--name-only", "class", "my-notebooks/").split()
    lessons = [name for name in names if name.endswith(".ipynb")]
    assert [name.split("/")[1] for name in lessons] == [
        path.name for path in sorted(canonical.NOTEBOOKS.glob("*.ipynb"))
    ]
    for name in lessons:
        cells = json.loads(git(origin, "show", f"class:{name}"))["cells"]
        assert cells and not any(cell.get("outputs") for cell in cells)


def test_one_command_writes_a_key_with_all_solutions(tmp_path):
    command = "python tests/tools/nbgrader_source.py ../key"
    assert command in (ROOT / ".github" / "TEACHING.md").read_text(encoding="utf-8")
    assert nbgrader_source.main([str(tmp_path)]) == 0
    written = "".join(p.read_text(encoding="utf-8") for p in tmp_path.glob("source/*/*.ipynb"))
    asked = [name for name in ALL if f"exercises.{name}.check(" in written]
    assert len(asked) > 30
    assert written.count(nbgrader_source.BEGIN) == written.count(nbgrader_source.END) == len(asked)


# What TEACHING and the README say of the lessons is in the lessons, word for word.


def rows(page: str, begins: str) -> list[list[str]]:
    """The rows of the first table below the words `begins`."""
    table = (ROOT / page).read_text(encoding="utf-8").split(begins)[1].split("\n\n")
    lines = next(part for part in table if part.lstrip().startswith("|")).strip().splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def prose(number: str) -> str:
    [path] = canonical.NOTEBOOKS.glob(f"{number}_*.ipynb")
    cells = canonical.read(path).cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return " ".join(text.split())


def test_every_question_to_ask_is_in_its_lesson():
    plan = rows(".github/TEACHING.md", "## What to project, what to ask")
    assert [number for number, *_ in plan] == [f"{n:02}" for n in range(1, 10)]
    for number, project, ask in plan:
        asked = re.findall(r'"([^"]+)"', ask)
        assert len(asked) == 2
        for question in [*asked, *re.findall(r"\*([^*]+)\*", project)]:
            assert question in prose(number), f"{number} does not ask: {question}"


def test_the_plan_of_the_first_lesson_is_in_the_lesson():
    """Its sections in their order, all of them, and no more minutes than a school lesson has."""
    plan = rows(".github/TEACHING.md", "*In class.*")
    assert sum(int(minutes) for minutes, *_ in plan) <= 45
    [path] = canonical.NOTEBOOKS.glob("01_*.ipynb")
    cells = [cell.source for cell in canonical.read(path).cells if cell.cell_type == "markdown"]
    sections = re.findall(r"^## (.+)$", "\n".join(cells), re.MULTILINE)
    core = [*sections[1 : sections.index("Exercises")], "Summary"]
    assert [name for row in plan for name in re.findall(r"\*([^*]+)\*", row[1])] == core


def test_the_readme_has_the_minutes_of_the_lessons():
    table = rows("README.md", "## The lessons")
    assert len(table) == len(list(canonical.NOTEBOOKS.glob("*.ipynb")))
    for title, _, core, exercises in table:
        number = title[1:3]
        told = re.search(r"\*\*Time\*\* core (\d+), exercises (\d+)", prose(number))
        assert [core, exercises or "0"] == list(told.groups()), f"the minutes of {number} differ"
