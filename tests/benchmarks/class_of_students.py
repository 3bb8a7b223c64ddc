"""A class arrives: does a JupyterHub hold? `class_of_students.py --students 10 20 30`

Not part of the tests: it takes minutes and needs a JupyterHub, installed beside the project once:

    python3.11 -m venv /tmp/hub
    /tmp/hub/bin/pip install jupyterhub==6.1.1
    npm install --prefix /tmp/hub configurable-http-proxy@5.3.0

For each number of students a real hub starts on loopback, with `jupyterhub_config.py`. All students
arrive in the same second. Each starts a server, opens JupyterLab and a notebook in a copy of the
repository, and runs all cells through the kernel's websocket, as a browser would. A student fails
whose server or kernel does not start, whose cell raises or prints something else than what is
stored, who takes more memory than the limit, or who is not done in time.

Each class comes twice: before the lesson with a notebook that imports torch and matplotlib and does
nothing else. That is the floor below which no lesson on PyTorch comes; what counts is the ratio of
the two, because it depends on the lesson and hardly on the machine.

Nothing listens beyond loopback; the hub stops at the end, also after Ctrl-C, and leaves no file.
"""

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import nbformat
import psutil
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.websocket import websocket_connect

ROOT = Path(__file__).parents[2]
FRAGMENT = Path(__file__).with_name("jupyterhub_config.py")
STUDENTS_AT_MOST = 100
AT_MOST = 1.15  # the last first result of the lesson, in units of the floor's
FLOOR, FLOOR_CELL = "floor.ipynb", "import matplotlib.pyplot as plt\nimport torch\n\nprint('ready')"
FIGURES = {"stream", "display_data", "execute_result"}

# What a test on one machine adds to the fragment. The servers are this environment's own: of the
# hub's packages they get only what this environment lacks, and their kernels get none.
CONFIG = """
if {fragment!r}:
    load_subconfig({fragment!r})
c = get_config()
c.JupyterHub.bind_url = "http://127.0.0.1:{ports[0]}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{ports[1]}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{ports[2]}"
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.JupyterHub.db_url = "sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{folder}/cookie_secret"
c.JupyterHub.pid_file = "{folder}/hub.pid"
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/students/{{username}}"
c.Spawner.ip = "127.0.0.1"
c.Spawner.cmd = [{python!r}, "-c", {start!r}]
c.Spawner.args = [*c.Spawner.get("args", []), *{root!r}]
c.JupyterHub.services = [{{"name": "class", "api_token": {token!r}}}]
scopes = ["admin:users", "admin:servers", "access:servers"]
c.JupyterHub.load_roles = [{{"name": "class", "services": ["class"], "scopes": scopes}}]
"""
START = "import sys; sys.path.append({!r}); from jupyterhub.singleuser import main; main()"


class Failed(Exception):
    """Why a student did not get to the end."""


@dataclass
class Student:
    name: str
    ready: float | None = None  # seconds from arrival until the server answers
    first: float | None = None  # until the first output of a cell
    done: float | None = None  # until the last cell
    failure: str | None = None
    kernel_time: dict[str, float] = field(default_factory=dict)


class Hub:
    """A running JupyterHub and what one can ask it for."""

    def __init__(self, process: subprocess.Popen, port: int, token: str) -> None:
        self.process, self.address, self.token = process, f"127.0.0.1:{port}", token
        self.peaks: dict[int, tuple[float, float]] = {}  # process id -> MB (PSS, RSS)
        self.total = 0.0  # MB, all students at the fullest moment
        AsyncHTTPClient.configure(None, max_clients=10 * STUDENTS_AT_MOST, defaults={})

    def request(self, path: str, scheme: str = "http", **options) -> HTTPRequest:
        return HTTPRequest(
            f"{scheme}://{self.address}{path}",
            headers={"Authorization": f"token {self.token}"},
            connect_timeout=300,
            request_timeout=300,
            **options,
        )

    async def ask(self, path: str, method: str = "GET", body: object = None) -> HTTPResponse:
        text = None if method == "GET" else json.dumps(body or {})
        request = self.request(path, method=method, body=text)
        response = await AsyncHTTPClient().fetch(request, raise_error=False)
        if response.code >= 400:
            raise Failed(f"{method} {path.split('/user/')[0]} answers {response.code}")
        return response

    def measure(self) -> None:
        """Note the memory of each student: the server that the hub started, and its kernel."""
        total = 0.0
        for server in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.Error):
                if server.name().startswith("node") or server.status() == psutil.STATUS_ZOMBIE:
                    continue
                family = [server, *server.children(recursive=True)]
                every = [member.memory_full_info() for member in family]
                pss = sum(getattr(one, "pss", one.uss) for one in every) / 2**20
                rss = sum(one.rss for one in every) / 2**20
                before = self.peaks.get(server.pid, (0.0, 0.0))
                self.peaks[server.pid] = (max(pss, before[0]), max(rss, before[1]))
                total += pss
        self.total = max(self.total, total)


def free_ports(number: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def write_floor(place: Path) -> None:
    """The notebook that only imports what every lesson needs."""
    said = nbformat.v4.new_output("stream", name="stdout", text="ready\n")
    cell = nbformat.v4.new_code_cell(FLOOR_CELL, outputs=[said])
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), place)


@contextlib.contextmanager
def running_hub(home: Path, folder: Path, names: list[str], fragment: str) -> Iterator[Hub]:
    for name in names:
        for part in ("notebooks", "helpers", "pics"):
            ignore = shutil.ignore_patterns("__pycache__", ".*")
            shutil.copytree(ROOT / part, folder / "students" / name / part, ignore=ignore)
        shutil.copy(ROOT / "requirements.txt", folder / "students" / name)
        write_floor(folder / "students" / name / "notebooks" / FLOOR)
    [site] = home.glob("lib/python3*/site-packages")
    ports, token = free_ports(3), secrets.token_hex(16)
    config = folder / "jupyterhub_config.py"
    config.write_text(
        CONFIG.format(
            fragment=fragment,
            ports=ports,
            folder=folder,
            proxy=str(home / "node_modules" / ".bin" / "configurable-http-proxy"),
            python=sys.executable,
            start=START.format(str(site)),
            root=["--allow-root"] if os.geteuid() == 0 else [],
            token=token,
        )
    )
    command = [str(home / "bin" / "python"), "-m", "jupyterhub", "-f", str(config)]
    with (folder / "hub.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        yield Hub(process, ports[0], token)
    finally:
        started = (
            psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        )
        process.terminate()  # the hub stops its servers, and each server its kernels
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(60)
        for one in [process, *started]:
            with contextlib.suppress(psutil.Error, ProcessLookupError):
                one.kill()
        process.wait()


async def until_it_answers(hub: Hub) -> None:
    for _ in range(120):
        if hub.process.poll() is not None:
            break
        with contextlib.suppress(OSError, Failed):
            await hub.ask("/hub/api")
            return
        await asyncio.sleep(0.5)
    raise SystemExit("JupyterHub did not start")


async def start_server(hub: Hub, name: str) -> None:
    await hub.ask(f"/hub/api/users/{name}", "POST")
    await hub.ask(f"/hub/api/users/{name}/server", "POST")
    while True:
        user = json.loads((await hub.ask(f"/hub/api/users/{name}")).body)
        server = user["servers"].get("")
        if server is None:
            raise Failed("the server did not start in time")
        if server["ready"]:
            return
        await asyncio.sleep(1)


async def run_notebook(hub: Hub, student: Student, path: str, arrived: float) -> None:
    """Every cell in order, as JupyterLab's Run All does it."""
    base = f"/user/{student.name}"
    await hub.ask(f"{base}/lab/tree/{path}")
    notebook = json.loads((await hub.ask(f"{base}/api/contents/{path}")).body)["content"]
    session = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
    answer = await hub.ask(f"{base}/api/sessions", "POST", session)
    channels = f"{base}/api/kernels/{json.loads(answer.body)['kernel']['id']}/channels"
    socket = await websocket_connect(
        hub.request(channels, "ws"), max_message_size=2**26, ping_interval=None
    )
    try:
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        for number, cell in enumerate(cells, 1):
            printed = await run_cell(socket, cell, number, student, arrived)
            stored = "".join(
                "".join(o["text"]) for o in cell["outputs"] if o.get("name") == "stdout"
            )
            tags = cell["metadata"].get("tags", [])
            if printed != stored and "nbval-ignore-output" not in tags:
                raise Failed(f"code cell {number} prints something else than what is stored")
    finally:
        socket.close()


async def run_cell(socket, cell: dict, number: int, student: Student, arrived: float) -> str:
    """What the cell prints."""
    header = {
        "msg_id": secrets.token_hex(8),
        "msg_type": "execute_request",
        "username": student.name,
        "session": student.name,
        "version": "5.4",
    }
    content = {"code": "".join(cell["source"]), "silent": False, "store_history": True}
    content |= {"user_expressions": {}, "allow_stdin": False, "stop_on_error": False}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
    await socket.write_message(json.dumps({**message, "channel": "shell", "buffers": []}))
    printed, replied, idle = "", False, False
    while not (replied and idle):
        text = await socket.read_message()
        if text is None:
            raise Failed(f"the kernel was gone at code cell {number}")
        if isinstance(text, bytes):  # a message with buffers: widgets, no output
            continue
        message = json.loads(text)
        if message["parent_header"].get("msg_id") != header["msg_id"]:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind in FIGURES and student.first is None:
            student.first = time.monotonic() - arrived
        if kind == "stream" and content["name"] == "stdout":
            printed += content["text"]
        if kind == "error" and "raises-exception" not in cell["metadata"].get("tags", []):
            raise Failed(f"code cell {number} raises {content['ename']}")
        replied = replied or kind == "execute_reply"
        idle = idle or (kind == "status" and content["execution_state"] == "idle")
    return printed


async def attend(hub: Hub, student: Student, path: str, seconds: float) -> None:
    arrived = time.monotonic()
    try:
        async with asyncio.timeout(seconds):
            await start_server(hub, student.name)
            student.ready = time.monotonic() - arrived
            await run_notebook(hub, student, path, arrived)
            student.done = time.monotonic() - arrived
    except Failed as reason:
        student.failure = str(reason)
    except TimeoutError:
        student.failure = f"not done after {seconds:.0f} s"
    except Exception as error:  # whatever else: one student less, not the end of the measurement
        student.failure = f"{type(error).__name__}: {error}"


async def watch(hub: Hub, students: list[Student]) -> None:
    """Measure memory and say how far the class is, until cancelled."""
    start = time.monotonic()
    for tick in range(10**6):
        await asyncio.to_thread(hub.measure)
        if tick % 5 == 0:
            reached = [sum(getattr(s, what) is not None for s in students) for what in STAGES]
            print(
                f"  {time.monotonic() - start:4.0f} s: {reached[0]} servers, {reached[1]} with a "
                f"first result, {reached[2]} done, {reached[3]} failed",
                file=sys.stderr,
                flush=True,
            )
        await asyncio.sleep(2)


STAGES = ("ready", "first", "done", "failure")


async def lesson(hub: Hub, students: list[Student], path: str, seconds: float) -> None:
    await until_it_answers(hub)
    watching = asyncio.create_task(watch(hub, students))
    await asyncio.gather(*(attend(hub, student, path, seconds) for student in students))
    hub.measure()
    watching.cancel()


def in_seconds(students: list[Student], what: str) -> str:
    times = [getattr(s, what) for s in students if getattr(s, what) is not None]
    return f"{median(times):.0f} s (at most {max(times):.0f})" if times else "never"


def report(students: list[Student], hub: Hub, path: str) -> None:
    failures = Counter(student.failure for student in students if student.failure)
    print(f"{len(students)} students, {Path(path).name}: {failures.total()} failures")
    for reason, times in failures.most_common():
        print(f"  {times} x {reason}")
    print(f"  server ready after {in_seconds(students, 'ready')}")
    print(f"  first result after {in_seconds(students, 'first')}")
    print(f"  last cell after    {in_seconds(students, 'done')}")
    if hub.peaks:
        pss, rss = zip(*hub.peaks.values(), strict=True)
        print(
            f"  memory a student   {median(pss):.0f} MB (at most {max(pss):.0f}; alone in a "
            f"container at most {max(rss):.0f}), all together {hub.total / 1024:.1f} GB",
            flush=True,
        )


def limit_in_mb() -> float:
    """The memory limit that the fragment sets."""
    from traitlets.config import PyFileConfigLoader

    config = PyFileConfigLoader(FRAGMENT.name, path=str(FRAGMENT.parent)).load_config()
    number, unit = config.Spawner.mem_limit[:-1], config.Spawner.mem_limit[-1]
    return float(number) * {"M": 1, "G": 1024}[unit]


def hold(number: int, path: str, options: argparse.Namespace) -> tuple[int, float]:
    """One class of this many students: how many failed, and seconds until the last first result."""
    students = [Student(f"student{place:02}") for place in range(1, number + 1)]
    names = [student.name for student in students]
    fragment = "" if options.defaults else str(FRAGMENT)
    with (
        tempfile.TemporaryDirectory(prefix="class-", ignore_cleanup_errors=True) as folder,
        running_hub(options.hub, Path(folder), names, fragment) as hub,
    ):
        asyncio.run(lesson(hub, students, path, 60 * options.minutes))
        report(students, hub, path)
    failed = sum(student.failure is not None for student in students)
    if heavy := [rss for _, rss in hub.peaks.values() if rss > limit_in_mb()]:
        print(f"  {len(heavy)} students took more than the limit of {limit_in_mb():.0f} MB")
        failed += len(heavy)
    return failed, max((s.first for s in students if s.first is not None), default=float("nan"))


def arguments() -> argparse.Namespace:
    """The options; `path` is the lesson's place in a student's folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, nargs="+", default=[30], metavar="N")
    parser.add_argument("--hub", type=Path, default=Path("/tmp/hub"), help="where it is installed")
    parser.add_argument("--notebook", default="02", help="number of the notebook (02)")
    parser.add_argument("--minutes", type=float, default=10, help="at most, for a class (10)")
    parser.add_argument(
        "--defaults", action="store_true", help="JupyterHub's own settings, to see them fail"
    )
    options = parser.parse_args()
    if not all(1 <= number <= STUDENTS_AT_MOST for number in options.students):
        parser.error(f"from 1 to {STUDENTS_AT_MOST} students")
    found = [path.name for path in (ROOT / "notebooks").glob(f"{options.notebook}_*.ipynb")]
    if len(found) != 1:
        parser.error(f"there is no notebook {options.notebook}")
    options.path = f"notebooks/{found[0]}"
    return options


def main() -> int:
    options = arguments()
    needed = [options.hub / "bin" / "jupyterhub"]
    needed.append(options.hub / "node_modules" / ".bin" / "configurable-http-proxy")
    if absent := [str(path) for path in needed if not path.exists()]:
        print(f"not installed: {', '.join(absent)}\n\n{__doc__}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # clean up after a plain kill, too
    bad = 0
    for number in options.students:
        failed, floor = hold(number, f"notebooks/{FLOOR}", options)
        failed_too, first = hold(number, options.path, options)
        times = first / floor
        print(f"  last first result: {times:.2f} times the floor's, at most {AT_MOST}", flush=True)
        bad += failed + failed_too + (not times <= AT_MOST)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
