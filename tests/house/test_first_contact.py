"""The first minute: the set-up cell says what to do when something is missing, links lead on.

The set-up cell of every notebook runs as a learner runs it, in an IPython shell of its own, in a
folder without helpers/, and beside packages that are too old or not there.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import canonical
import pytest

import helpers

ROOT = Path(__file__).parents[2]
FLOORS = ROOT / "tests" / "floors.txt"
PATHS = sorted(canonical.NOTEBOOKS.glob("*.ipynb"))
FIRST = canonical.FIRST_CELL

# Run a cell as a kernel does, without the seconds that a kernel takes to start.
SHELL = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance(colors="nocolor", history_length=0)
shell.history_manager.enabled = False
shell.run_cell(sys.stdin.read())
"""
PLAIN = "exec(sys.stdin.read())"  # five times faster, where nothing should go wrong


def run_first_cell(folder: Path, run: str = SHELL, *, packages: Path | None = None) -> str:
    """All that the first cell shows when the notebook lies in `folder`."""
    before = f"sys.path.insert(0, {str(packages)!r})\n" if packages else ""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{before}{run}"],
        input=FIRST,
        cwd=folder,
        env={"IPYTHONDIR": str(folder), "PATH": "", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    return done.stdout + done.stderr


@pytest.fixture
def repository(tmp_path):
    """As much of a repository as the first cell needs: its imports end before torch."""
    (tmp_path / "helpers").mkdir()
    (tmp_path / "notebooks").mkdir()
    shutil.copy(ROOT / "helpers" / "__init__.py", tmp_path / "helpers")
    (tmp_path / "helpers" / "plots.py").write_text("print('plots are here')\n")
    shutil.copy(ROOT / "requirements.txt", tmp_path)
    return tmp_path


def test_the_first_cell_is_the_same_everywhere():
    for path in PATHS:
        assert canonical.code_cells(canonical.read(path))[0].source == FIRST, path.name


def test_nothing_is_said_when_all_is_there(repository):
    assert run_first_cell(repository / "notebooks") == "plots are here\n"


def test_a_notebook_downloaded_alone_says_so(tmp_path):
    shown = run_first_cell(tmp_path)
    *_, what, fetch, go = shown.strip().splitlines()
    assert what.startswith("ImportError: helpers/ is missing: get the whole repository")
    # As typed on Colab: nothing is fetched twice, and the next notebook is found.
    assert fetch.startswith("![ -d series ] || git clone --depth 1 https://")
    assert go == "%cd series/notebooks"
    assert len(shown.splitlines()) <= 18
    assert "During handling" not in shown and "No module named" not in shown


def installed(folder: Path, name: str, version: str) -> Path:
    """A folder that says it holds this version of a package."""
    info = folder / "packages" / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    return info.parent


def assert_it_says_what_to_do(shown: str, folder: Path) -> None:
    assert "Traceback" not in shown and len(shown.splitlines()) <= 12
    command = f'"{sys.executable}" -m pip install -r "{(folder / "requirements.txt").resolve()}"'
    assert command in shown
    assert "restart the kernel" in shown and "Change Kernel" in shown
    assert "plots are here" not in shown


def test_a_package_that_is_too_old_is_named(repository):
    packages = installed(repository, "torch", "1.13.1")
    shown = run_first_cell(repository / "notebooks", packages=packages)
    floor = helpers.FLOORS["torch"]
    assert shown.startswith(f"NotReady: torch is 1.13.1, at least {floor} is needed.\n")
    assert_it_says_what_to_do(shown, repository)


@pytest.mark.parametrize("version", ["2.11.0", "2.13.0+cpu", "2.14.0rc1", "3.0"])
def test_a_build_or_a_newer_version_is_good_enough(repository, version):
    packages = installed(repository, "torch", version)
    assert run_first_cell(repository / "notebooks", PLAIN, packages=packages) == "plots are here\n"


def test_the_floors_are_those_that_ci_runs_the_notebooks_on():
    tested = dict(re.findall(r"^([\w-]+)==([\d.]+)", FLOORS.read_text(), flags=re.MULTILINE))
    assert {name: tested.get(name) for name in helpers.FLOORS} == helpers.FLOORS


def test_an_old_python_is_named(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    assert helpers.complaints()[0].endswith("at least 3.11 is needed")


def test_a_python_without_any_package(repository):
    """The wrong kernel: not even torch. The first cell must not import it before it says so."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", FIRST],
        cwd=repository / "notebooks",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "NotReady: torch is missing; matplotlib is missing;" in done.stderr
    assert "No module named" not in done.stderr


def test_what_a_kernel_does_not_need_is_not_asked_for(repository):
    """On many hubs JupyterLab lives in another environment than the kernels."""
    packages = installed(repository, "jupyterlab", "3.0.0")
    assert run_first_cell(repository / "notebooks", PLAIN, packages=packages) == "plots are here\n"


# Links: relative, so that JupyterLab, a code host and the handout can each follow them.

LINK = re.compile(r"\]\(([^)\s]+)\)|(?:href|src)=[\"']([^\"']+)[\"']")


def links(nb) -> list[str]:
    prose = "\n\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    return [one or other for one, other in LINK.findall(prose)]


def complaint(target: str) -> str | None:
    """What is wrong with a link in a notebook, in words."""
    if target.startswith(("https://", "mailto:", "#")):
        return None
    place = target.split("#")[0]
    if place.startswith(("/", "http://", "file:")) or "\\" in place or ":" in place:
        return "only relative links lead on in every place"
    if unquote(place) != place or not place.isascii():
        return "characters that need quoting are treated differently"
    path = (canonical.NOTEBOOKS / place).resolve()
    if not path.is_relative_to(ROOT.resolve()):
        return "it leaves the repository"
    if not path.parent.is_dir() or path.name not in {one.name for one in path.parent.iterdir()}:
        return "there is no such file, spelled exactly so"
    return None


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_links_lead_on_in_every_place(path):
    found = links(canonical.read(path))
    assert found
    assert not [(target, why) for target in found if (why := complaint(target))]


@pytest.mark.parametrize(
    "target",
    [
        "/notebooks/02_manual_gradients.ipynb",
        "http://localhost:8888/lab/tree/notebooks/02_manual_gradients.ipynb",
        "notebooks\\02_manual_gradients.ipynb",
        "02%20manual.ipynb",
        "../../elsewhere/README.md",
        "02_Manual_Gradients.ipynb",
        "09_nothing.ipynb",
    ],
)
def test_a_link_that_leads_nowhere_is_found(target):
    assert complaint(target)


def test_every_notebook_is_linked_from_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in PATHS:
        assert f"](notebooks/{path.name})" in readme, path.name
