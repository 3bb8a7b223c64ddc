"""For a class: the recipe for Binder and JupyterHub, and what the README promises to teachers."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import canonical
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def repo2docker() -> str:
    beside = Path(sys.executable).with_name("jupyter-repo2docker")
    found = os.environ.get("REPO2DOCKER") or shutil.which("jupyter-repo2docker", path=beside.parent)
    found = found or shutil.which("jupyter-repo2docker")
    if found is None:
        pytest.skip("repo2docker is not installed: pip install jupyter-repo2docker")
    return found


def dockerfile(repo2docker: str, folder: Path) -> str:
    """What repo2docker would build from `folder`; it needs no docker for that."""
    done = subprocess.run(
        [repo2docker, "--no-build", "--debug", "."],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def copy_of_the_recipe(folder: Path) -> Path:
    shutil.copytree(ROOT / ".binder", folder / ".binder")
    shutil.copy(ROOT / "requirements.txt", folder)
    return folder


def test_binder_takes_our_python_and_our_packages(repo2docker, tmp_path):
    text = dockerfile(repo2docker, copy_of_the_recipe(tmp_path))
    assert "Building conda environment for python=3.11" in text
    assert 'pip install --no-cache-dir -r ".binder/requirements.txt"' in text


@pytest.mark.parametrize(
    "name, lost",
    [("runtime.txt", "for python=3.11"), ("requirements.txt", "pip install --no-cache-dir -r")],
)
def test_each_file_of_the_recipe_is_needed(repo2docker, tmp_path, name, lost):
    """Without the first it is another Python, without the second no package at all."""
    folder = copy_of_the_recipe(tmp_path)
    (folder / ".binder" / name).unlink()
    assert lost not in dockerfile(repo2docker, folder)


def test_the_recipe_says_what_the_readme_says():
    python = (ROOT / ".binder" / "runtime.txt").read_text().strip()
    assert python == "python-3.11"
    assert "You need Python 3.11" in (ROOT / "README.md").read_text(encoding="utf-8")
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
    command = [sys.executable, "tests/benchmarks/class_of_students.py", "--hub", str(tmp_path), "2"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=60
    )
    assert done.returncode == 2
    assert "not installed" in done.stderr and "pip install jupyterhub==" in done.stderr


def test_the_load_benchmark_refuses_a_crowd():
    command = [sys.executable, "tests/benchmarks/class_of_students.py", "101"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=60
    )
    assert done.returncode == 2 and "from 1 to 100 students" in done.stderr


# The lesson plan: every section and every question it names is in the notebook, word for word.


def lesson_plan() -> list[list[str]]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    plan = text.split("### Lesson plan")[1].split("\n### ")[0]
    rows = [line.strip("| ").split(" | ") for line in plan.splitlines() if line.startswith("|")]
    return rows[2:]


def prose(number: str) -> str:
    [path] = canonical.NOTEBOOKS.glob(f"{number}_*.ipynb")
    cells = canonical.read(path).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def test_the_lesson_plan_has_every_notebook_and_its_minutes():
    for (when, *_), path in zip(
        lesson_plan(), sorted(canonical.NOTEBOOKS.glob("*.ipynb")), strict=True
    ):
        number, minutes = re.match(r"(\d\d), (\d+)", when).groups()
        assert path.name.startswith(number)
        assert re.search(rf"\*\*Time\*\*\s+about\s+{minutes}\s+minutes", prose(number)), when


def test_the_lesson_plan_asks_what_the_notebooks_ask():
    for when, _, ask, _ in lesson_plan():
        text = prose(when[:2])
        sections = dict(re.findall(r"^#+ (.+)\n((?:(?!#+ ).*\n?)*)", text, flags=re.MULTILINE))
        questions = re.findall(r'\*([^"]+?)\*: "(.+?)"', ask)
        assert len(questions) >= 2, when
        for section, question in questions:
            predictions = sections[section].split("**Predict.**")[1:]
            asked = [re.sub(r"\s+", " ", one.split("<details>")[0]) for one in predictions]
            assert any(question in one for one in asked), question


def test_the_lesson_plan_names_sections_that_exist():
    for row in lesson_plan():
        headings = re.findall(r"^#+ (.+)", prose(row[0][:2]), flags=re.MULTILINE)
        named = re.sub(r'".*?"', "", " ".join(row))
        for section in re.findall(r"\*([^*]+)\*", named):
            assert any(heading.startswith(section) for heading in headings), section
