"""For a class: the recipe for Binder and JupyterHub, and what the README promises to teachers."""

import re
import subprocess
import sys
from pathlib import Path

import canonical

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


def test_the_load_benchmark_says_how_to_install_a_hub(tmp_path):
    command = [sys.executable, "tests/benchmarks/class_of_students.py", "--hub", str(tmp_path)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=60
    )
    assert done.returncode == 2
    assert "not installed" in done.stderr and "pip install jupyterhub==" in done.stderr


def test_the_load_benchmark_refuses_a_crowd():
    command = [sys.executable, "tests/benchmarks/class_of_students.py", "--students", "101"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=60
    )
    assert done.returncode == 2 and "from 1 to 100 students" in done.stderr


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


def test_the_readme_has_the_minutes_of_the_lessons():
    table = rows("README.md", "## The lessons")
    assert len(table) == len(list(canonical.NOTEBOOKS.glob("*.ipynb")))
    for title, _, core, exercises in table:
        number = title[1:3]
        told = re.search(r"\*\*Time\*\* core (\d+), exercises (\d+)", prose(number))
        assert [core, exercises or "0"] == list(told.groups()), f"the minutes of {number} differ"
