"""A real JupyterLab in a real browser, for every test in this folder.

The fixtures work on a copy of the repository, so that no test can change a stored notebook.
Without Playwright or Chromium the tests are skipped, except under CI=true: there they fail.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest

if TYPE_CHECKING:  # without Playwright this file must still be importable
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".ruff_cache", ".pytest_cache", "__pycache__")
SETTINGS = {  # no pop-up asks anything, no request leaves the machine
    "apputils-extension/notification": '{"fetchNews": "false", "checkForUpdates": false}',
    "extensionmanager-extension/plugin": '{"enabled": false}',
}
# What the notebook's model says, not the page: cells far down are not drawn.
ERRORS = """() => {
  const found = [];
  for (const cell of jupyterapp.shell.currentWidget.content.model.cells) {
    if (cell.metadata.tags?.includes("raises-exception")) continue;
    for (const output of cell.toJSON().outputs ?? [])
      if (output.output_type === "error") found.push(`${output.ename}: ${output.evalue}`);
  }
  return found;
}"""
NOT_RUN = """() => [...jupyterapp.shell.currentWidget.content.model.cells].filter(
  cell => cell.type === "code" && cell.sharedModel.source.trim() && !cell.executionCount).length"""
IDLE = "() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'"


def missing(what: str) -> None:
    """Skip with the reason, or fail where nothing may be skipped."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}: browser tests must not be skipped in CI")
    pytest.skip(f"{what}: browser tests need it")


@pytest.fixture(scope="package")
def browser() -> Iterator["Browser"]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed (pip install -r tests/requirements.txt)")
    if not Path(CHROMIUM).exists():
        missing(f"there is no Chromium at {CHROMIUM} (apt-get install chromium)")
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not start as root, as in most containers.
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: "Browser") -> Iterator[Callable[..., "Page"]]:
    """Make a page: `new_page(width=1280, height=800, **context_options)`.

    Whatever its console calls an error is collected in `page.complaints`.
    """
    contexts = []

    def make(width: int = 1280, height: int = 800, **options) -> "Page":
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, **options))
        page = contexts[-1].new_page()
        page.complaints = []
        page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()


class Lab:
    """A running JupyterLab server and the copy of the repository that it serves."""

    def __init__(self, folder: Path, port: int, token: str) -> None:
        self.folder, self.url, self.token = folder, f"http://127.0.0.1:{port}", token

    def open(self, page: "Page", notebook: str, theme: str = "light") -> None:
        """Open `notebook` (a path inside the repository), alone on the page.

        A kernel that an earlier test has left for this notebook is used again.
        """
        page.goto(f"{self.url}/lab/tree/{notebook}?reset&token={self.token}")
        page.wait_for_function(
            """name => {
                 const widget = window.jupyterapp?.shell.currentWidget;
                 return widget?.context?.path === name && widget.context.isReady
                   && widget.sessionContext.session?.kernel?.status === 'idle' }""",
            arg=notebook,
            timeout=120_000,
        )
        if theme == "dark":
            page.evaluate(
                "() => jupyterapp.commands.execute("
                "'apputils:change-theme', { theme: 'JupyterLab Dark' })"
            )
            page.wait_for_selector('body[data-jp-theme-light="false"]', state="attached")
        page.evaluate(
            """() => { if (!jupyterapp.shell.leftCollapsed)
                 jupyterapp.commands.execute('application:toggle-left-area') }"""
        )

    def run_all(self, page: "Page") -> list[str]:
        """Run All, and the errors of the notebook's model: those meant to be raised left out."""
        # Stored notebooks have execution counts; cleared first, they tell which cells have run.
        page.evaluate("() => jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
        # The command's promise ends with the first error, also with one that is meant to be
        # raised; the end is when all cells have run, or one failed that should not.
        page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells') }")
        page.wait_for_function(
            f"() => (({NOT_RUN})() === 0 || ({ERRORS})().length > 0) && ({IDLE})()",
            timeout=300_000,
        )
        return page.evaluate(ERRORS)

    def write(self, name: str, *cells: str) -> str:
        """A notebook of these code cells in the copy; the path to open it by."""
        notebook = nbformat.v4.new_notebook(
            cells=[
                nbformat.v4.new_code_cell(source)
                for source in ('import sys; sys.path.insert(0, "..")', *cells)
            ],
            metadata={"kernelspec": {"display_name": "Python 3", "name": "python3"}},
        )
        nbformat.write(notebook, self.folder / "notebooks" / name)
        return f"notebooks/{name}"


@pytest.fixture(scope="package")
def lab(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    yield from start_lab(tmp_path_factory.mktemp("lab"))


def start_lab(home: Path) -> Iterator[Lab]:
    """JupyterLab on a free port of this machine, with a token, on a copy of the repository."""
    folder = home / "repository"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    for name, text in SETTINGS.items():
        file = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    environment = {
        **os.environ,
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"]
    command += ["--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"]
    command += [f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}"]
    command += ["--LabApp.expose_app_in_browser=True"]
    log = home / "lab.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=output
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/api?token={token}", server, log)
        yield Lab(folder, port, token)
    finally:
        server.terminate()  # it ends its kernels too
        server.wait(30)


def wait_for(url: str, server: subprocess.Popen, log: Path, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


@pytest.fixture
def open_notebook(lab: Lab, new_page: Callable[..., "Page"]) -> Callable[..., "Page"]:
    """`page = open_notebook("notebooks/03_learning_rate.ipynb", theme="dark", width=1280)`.

    Opens the notebook and runs all its cells; `page.errors` lists what the cells raised although
    they should not, `page.complaints` what the browser's console called an error.
    """

    def open_and_run(notebook: str, *, theme: str = "light", **options) -> "Page":
        page = new_page(**options)
        lab.open(page, notebook, theme)
        page.errors = lab.run_all(page)
        return page

    return open_and_run


@pytest.fixture(scope="session")
def shots() -> Path:
    """Where the screenshots go: $SCREENSHOTS, or a folder of this name next to other temp files."""
    import tempfile

    folder = Path(os.environ.get("SCREENSHOTS", Path(tempfile.gettempdir()) / "screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
