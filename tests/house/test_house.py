"""The house: its rooms, its pictures, its style, and that the README's commands are CI's."""

import ast
import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import canonical
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


@pytest.mark.parametrize("name", ["requirements.txt", "tests/requirements.txt"])
def test_requirements_are_pinned_exactly(name):
    for line in (ROOT / name).read_text().splitlines():
        assert re.fullmatch(r"#.*|-r \.\./requirements\.txt|[\w.-]+==[\w.]+|", line), line


@pytest.mark.parametrize("name", ["README.md", ".github/TEACHING.md", ".github/CONTRIBUTING.md"])
def test_links_lead_somewhere(name):
    page = ROOT / name
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), target


@pytest.mark.parametrize("name", ["README.md", ".github/TEACHING.md"])
def test_the_address_is_the_one_that_the_lessons_know(name):
    """Set it in tests/tools/canonical.py, and this says where else it stands."""
    owner, project = canonical.HOME.removeprefix("https://github.com/").split("/")
    text = unquote((ROOT / name).read_text(encoding="utf-8"))
    found = re.findall(r"https://github\.com/(\w[\w-]*)/([\w-]+)", text)
    found += re.findall(r"https://(\w[\w-]*)\.github\.io/([\w-]+)", text)
    assert found and {(one, other) for one, other in found} == {(owner, project)}


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120


def test_ci_runs_what_the_readme_says():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for label in ("test", "test on Windows"):
        block = readme.split(f"<!-- {label} -->")[1].split(f"<!-- /{label} -->")[0]
        assert "-r tests/requirements.txt" in block and "-m pytest -n auto" in block
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "tests/browser" in script, "the README's command leaves them out"
    workflow = (ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
    assert "bash .ci/run" in workflow and "pytest" not in workflow and "pip install" not in workflow
    for system in ("ubuntu", "macos", "windows"):
        assert f"{system}-latest" in workflow
    pages = (ROOT / ".github" / "workflows" / "pages.yml").read_text(encoding="utf-8")
    assert "python -m helpers.handout" in pages and "-m helpers.handout" in script


@pytest.mark.parametrize(
    ("schema", "pattern"),
    [
        ("vendor.github-workflows", "workflows/*.yml"),
        ("vendor.github-issue-forms", "ISSUE_TEMPLATE/[!c]*.yml"),
        ("vendor.github-issue-config", "ISSUE_TEMPLATE/config.yml"),
    ],
)
def test_what_github_reads_is_valid(schema, pattern, tmp_path):
    """With the schemas that the linter brings along, so offline; and seen failing."""
    from check_jsonschema import main
    from click.testing import CliRunner

    def check(*paths: Path) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["--builtin-schema", schema, *map(str, paths)])
        return done.exit_code, done.output

    paths = [*(ROOT / ".github").glob(pattern)]
    assert paths
    status, words = check(*paths)
    assert status == 0, words
    broken = tmp_path / "broken.yml"
    broken.write_text("blank_issues_enabled: perhaps\njobs: 3\n")
    status, words = check(broken)
    assert status == 1 and "Schema validation errors were encountered" in words


def test_the_dev_container_ends_with_the_learners_copy():
    told = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    assert told["postCreateCommand"].endswith("python -m helpers --prepare-only")
    assert "whl/cpu" in told["containerEnv"]["PIP_EXTRA_INDEX_URL"]


def test_pytest_without_the_packages_of_the_tests_says_so(monkeypatch, request):
    """As in a tree where only requirements.txt is installed: neither xdist nor hypothesis."""
    place = str(ROOT / "tests" / "conftest.py")
    conftest = next(p for p in request.config.pluginmanager.get_plugins() if _file(p) == place)
    conftest.pytest_configure(request.config)  # nothing is missing here
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda n: None if n in ("xdist", "hypothesis") else found(n)
    )
    needs = r'The tests need [\w, -]+\. Install what they need: ".+" -m pip'
    with pytest.raises(
        pytest.UsageError, match=needs
    ) as said:  # pytest shows its sentence and ends
        conftest.pytest_configure(request.config)
    assert "hypothesis, pytest-xdist" in str(said.value)
    # It comes so far without them: what only the tests need is not imported there.
    text = Path(place).read_text(encoding="utf-8")
    outside = set(re.findall(r"^(?:from|import) (\w+)", text, re.MULTILINE))
    assert outside - sys.stdlib_module_names == {"pytest"}


def _file(plugin: object) -> str | None:
    return getattr(plugin, "__file__", None)


LINES = {"helpers": 320, "tests": 450, "pics": 600}  # a file that one can read in one sitting
LESSON = {"__init__", "__main__", "data", "models", "losses", "theory", "training", "plots"}


def test_files_can_be_read_in_one_sitting():
    for folder, most in LINES.items():
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".js"):
                lines = len(path.read_text(encoding="utf-8").splitlines())
                assert lines <= most, f"{path.relative_to(ROOT)} has {lines} lines, at most {most}"


def test_no_function_is_over_a_page():
    for path in [*(ROOT / "helpers").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                lines = node.end_lineno - node.lineno + 1
                assert lines <= 60, f"{path.relative_to(ROOT)}: {node.name} has {lines} lines"


JS_FUNCTION = re.compile(r"\bfunction\b|=> \{|^\s+(async )?(?!(if|for|while|switch)\b)\w+\(.*\) \{")


def long_functions(script: str, most: int = 60) -> list[str]:
    """First line of every JavaScript function over `most` lines, found by its braces."""
    lines, opened, found = script.splitlines(), [], []
    for number, line in enumerate(lines):
        for brace in re.findall("[{}]", line):
            if brace == "{":
                opened.append(number)
                continue
            begun = opened.pop()
            if number - begun + 1 > most and JS_FUNCTION.search(lines[begun]):
                found.append(lines[begun].strip())
    assert opened == [], "braces in strings must come in pairs, or nothing can be counted"
    return found


def test_no_javascript_function_is_over_a_page():
    for path in (ROOT / "helpers").rglob("*.js"):
        assert long_functions(path.read_text(encoding="utf-8")) == [], path.name
    block = "  if (a) {\n  }\n"
    for head in ("function f() {", "const f = (x) => {", "  f(x, { y }) {"):
        assert long_functions(f"{head}\n{30 * block}}}") == [head.strip()]
        assert long_functions(f"{head}\n{29 * block}}}") == []
    assert long_functions("class A {\n" + 30 * block + "}") == []


def test_helpers_is_small_at_first_sight():
    """What a lesson imports from: few files, few lines, no arrow into a room but tools."""
    files = sorted((ROOT / "helpers").glob("*.py"))
    assert {path.stem for path in files} <= LESSON | {"explorer", "checks"}
    assert len(files) <= 10
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files) <= 850
    for path in files:
        if path.stem in LESSON - {"__init__", "__main__"}:
            rooms = set(re.findall(r"^from \.(\w+)\.?", path.read_text(), flags=re.MULTILINE))
            assert rooms <= LESSON | {"tools"}, f"{path.name} reaches into {rooms - LESSON}"


ARROWS = {  # what a room may import beside the lesson files and tools; all else is its own
    "door": {"exercises", "judge"},
    "exercises": {"judge"},
    "handout": {"widgets"},
    "judge": set(),
    "tools": set(),
    "widgets": {"exercises"},  # one line, run when an answer is to be judged
}


@pytest.mark.parametrize("room", ARROWS)
def test_arrows_between_rooms_are_few_and_known(room):
    for path in (ROOT / "helpers" / room).glob("*.py"):
        text = path.read_text(encoding="utf-8")
        found = re.findall(r"^ *from \.\.(\w+)", text, re.MULTILINE)
        for names in re.findall(r"^ *from \.\. import ([\w, ]+)", text, re.MULTILINE):
            found += names.split(", ")
        known = LESSON | {"tools"} | ARROWS[room]
        assert set(found) <= known, f"{path.name} reaches into {set(found) - known}"
        if room == "widgets" and "exercises" in found:
            assert path.name == "instrument.py" and found.count("exercises") == 1
