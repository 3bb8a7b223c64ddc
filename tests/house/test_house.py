"""The house: its rooms, its pictures, its style, and that the README's commands are CI's."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VISIBLE = {"notebooks", "helpers", "tests", "pics", "requirements.txt", "README.md"}


def run(*command: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_nothing_else_at_the_visible_top_level():
    git = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if git.returncode:
        pytest.skip("not a git checkout: what belongs to the project cannot be told from the rest")
    top = {name.split("/")[0] for name in git.stdout.splitlines()}
    assert {name for name in top if not name.startswith(".")} == VISIBLE


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]])
def test_ruff(command):
    done = run("-m", "ruff", *command, ".")
    assert done.returncode == 0, done.stdout + done.stderr


def test_pictures_are_what_the_program_draws():
    done = run("pics/draw.py", "--check")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["requirements.txt", "tests/requirements.txt"])
def test_requirements_are_pinned_exactly(name):
    for line in (ROOT / name).read_text().splitlines():
        assert re.fullmatch(r"#.*|-r \.\./requirements\.txt|[\w.-]+==[\w.]+|", line), line


def test_links_in_the_readme_lead_somewhere():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        assert target.startswith("https://") or (ROOT / target).exists(), target


def test_ci_runs_what_the_readme_says():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for label in ("test", "test on Windows"):
        block = readme.split(f"<!-- {label} -->")[1].split(f"<!-- /{label} -->")[0]
        assert "-r tests/requirements.txt" in block and "-m pytest" in block
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "pytest -n auto tests/browser" in script, "the README's command leaves them out"
    assert "pip install" not in script, "the README's command installs; the script only calls it"
    workflow = (ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
    assert "bash .ci/run" in workflow and "pytest" not in workflow and "pip install" not in workflow
    for system in ("ubuntu", "macos", "windows"):
        assert f"{system}-latest" in workflow


def test_the_workflow_is_valid():
    actionlint = shutil.which("actionlint")
    if actionlint is None:
        pytest.skip("actionlint is not installed: see https://github.com/rhysd/actionlint")
    workflows = [str(path) for path in (ROOT / ".github" / "workflows").glob("*.yml")]
    done = subprocess.run([actionlint, *workflows], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
