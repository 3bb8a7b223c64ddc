"""The learner's own copy: `my-notebooks/`, the lessons without outputs, and JupyterLab on them.

copy.py lays the lessons and never overwrites one that was touched; this file is the command line.
"""

import argparse
import importlib.util
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .copy import Copy

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "my-notebooks"


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Lay the copy, say so in three lines, open JupyterLab. The exit status: 0 if all went well."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers",
        description="Lay your own copy of the lessons, without outputs, and open JupyterLab on it.",
    )
    parser.add_argument("--prepare-only", action="store_true", help="do not start JupyterLab")
    parser.add_argument("--no-browser", action="store_true", help="start it, but open no browser")
    parser.add_argument("--port", type=int, help="the port of JupyterLab (default: 8888 or next)")
    parser.add_argument(
        "--fresh", metavar="NN", help="begin lesson NN anew; your old copy is kept beside it"
    )
    options = parser.parse_args(arguments)
    copy = Copy(root / "notebooks", root / FOLDER)
    try:
        lines = copy.begin_anew(options.fresh) if options.fresh else copy.lay()
    except ValueError as error:
        return _complain(str(error))
    except OSError as error:
        return _complain(f"{error.filename or root / FOLDER} cannot be written: {error.strerror}.")
    print(*lines, sep="\n")
    lesson = copy.named(options.fresh).name if options.fresh else _first_unfinished(copy)
    print(f"Open next: {FOLDER}/{lesson}")
    return 0 if options.prepare_only else _open_lab(root, lesson, options)


def _first_unfinished(copy: Copy) -> str:
    """The file name of the first lesson with a gap or exercise that is not solved; 00 is optional.

    Importing the exercises takes PyTorch's two seconds: only here, after the copy is laid.
    """
    from ..exercises import ALL
    from ..judge import solved

    done = solved()
    counted = {
        x.notebook for name, x in ALL.items() if name not in done and not name.startswith("recall")
    }
    # Of the series, not of the folder: a duplicate, or a lesson renamed since, may lie there too.
    core = [p.name for p in copy.lessons() if not p.name.startswith("00")]
    return next((name for name in core if name[:2] in counted), core[0])


def _open_lab(root: Path, lesson: str, options: argparse.Namespace) -> int:
    if importlib.util.find_spec("jupyterlab") is None:
        return _complain(
            "JupyterLab is not installed for this Python. Install what the series needs:\n"
            f'    "{sys.executable}" -m pip install -r "{root / "requirements.txt"}"'
        )
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={root}"]
    command.append(f"--LabApp.default_url=/lab/tree/{FOLDER}/{lesson}")
    if options.port is not None:
        if why := _why_not(options.port):
            return _complain(f"Port {options.port} {why}: choose another with --port.")
        command += [f"--port={options.port}", "--ServerApp.port_retries=0"]
    if options.no_browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container; Jupyter refuses without it
        command.append("--allow-root")
    try:
        return subprocess.run(command, cwd=root, check=False).returncode
    except KeyboardInterrupt:  # Ctrl-C ends JupyterLab, and then this
        return 0


def _why_not(port: int) -> str | None:
    """Why JupyterLab could not listen at this port; None if it can."""
    with socket.socket() as probe:
        if os.name != "nt":  # as JupyterLab does it: a port just left by its last run is free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OverflowError:
            return "does not exist, they end at 65535"
        except PermissionError:
            return "is reserved by the system"
        except OSError:
            return "is in use"
    return None


def _complain(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1
