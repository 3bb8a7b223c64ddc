"""The first command in a clone: JupyterLab opens on 01, and nothing that is done there is lost."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv*", ".*_cache", "__pycache__", "my-notebooks")
FIRST = "my-notebooks/01_learning_from_data.ipynb"
READY = """() => { const widget = window.jupyterapp?.shell.currentWidget;
  return widget?.context?.isReady && widget.content?.model ? widget.context.path : null }"""
SAVE = "() => jupyterapp.commands.execute('docmanager:save')"
CELLS = """() => [...jupyterapp.shell.currentWidget.content.model.cells].map(c => c.toJSON())"""
ADD = """() => { const model = jupyterapp.shell.currentWidget.content.model.sharedModel;
  model.getCell(0).setSource(model.getCell(0).source + "\\n\\nA note of my own.") }"""


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    command = ["git", *who, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What `git clone` gives of the project as it stands."""
    origin = tmp_path / "origin"
    shutil.copytree(ROOT, origin, ignore=LEFT_OUT)
    git(tmp_path, "init", "-q", "-b", "main", "origin")
    git(origin, "add", ".")
    git(origin, "commit", "-q", "-m", "all")
    git(tmp_path, "clone", "-q", "origin", "clone")
    return tmp_path / "clone"


@contextmanager
def first_command(clone: Path) -> Iterator[str]:
    """`python -m helpers`, as the README has it; the address that it would open."""
    home = clone.parent / "home"
    home.mkdir(exist_ok=True)
    (home / "jupyter_lab_config.py").write_text("c.LabApp.expose_app_in_browser = True\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token, log = secrets.token_hex(16), home / "lab.log"
    environment = {
        **os.environ,
        "JUPYTER_TOKEN": token,
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(home),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    del environment["PYTEST_VERSION"]  # a learner is no test: what is solved is remembered
    command = [sys.executable, "-m", "helpers", "--no-browser", "--port", str(port)]
    with log.open("w") as output:
        server = subprocess.Popen(
            command, cwd=clone, env=environment, stdout=output, stderr=output, process_group=0
        )
    try:
        wait_for(port, server, log)
        yield f"http://127.0.0.1:{port}/?token={token}"
    finally:
        os.killpg(server.pid, 15)  # the command, the server and its kernels
        server.wait(60)


def wait_for(port: int, server: subprocess.Popen, log: Path, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no groups of processes to end")
def test_work_survives_a_second_start_and_an_update(clone, new_page, shots):
    with first_command(clone) as address:
        page = new_page()
        page.goto(address)
        page.wait_for_function(f"() => ({READY})() === {FIRST!r}", timeout=120_000)
        page.wait_for_selector(".jp-Notebook h1")
        page.screenshot(path=shots / "door.png")
        cells = page.evaluate(CELLS)
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)
        page.evaluate(ADD)
        page.evaluate(SAVE)
        page.close()
    mine = (clone / FIRST).read_bytes()
    assert b"A note of my own." in mine
    assert git(clone, "status", "--porcelain") == ""

    # An update of that lesson and of another arrives.
    origin = clone.parent / "origin" / "notebooks"
    for name in ("01_learning_from_data", "02_manual_gradients"):
        nb = nbformat.read(origin / f"{name}.ipynb", 4)
        nb.cells[0].source += "\n\nA new version."
        nbformat.write(nb, origin / f"{name}.ipynb")
    git(origin, "commit", "-q", "-a", "-m", "new versions")
    git(clone, "pull", "-q")
    with first_command(clone) as address:
        page = new_page()
        page.goto(address)
        page.wait_for_function(f"() => ({READY})() === {FIRST!r}", timeout=120_000)
        assert "A note of my own." in "".join(page.evaluate(CELLS)[0]["source"])
    assert (clone / FIRST).read_bytes() == mine
    for name in ("01_learning_from_data.new", "02_manual_gradients"):
        nb = json.loads((clone / "my-notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
        assert "A new version." in "".join(nb["cells"][0]["source"])
    assert git(clone, "status", "--porcelain") == ""
