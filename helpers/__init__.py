"""The small shared toolbox of the series: each idea is met in a notebook first.

data models losses theory training plots    what the lessons import, one page each
exercises  judge  widgets  handout  door    the rooms: questions, how they are judged, instruments,
                                            offline pages, the learner's own copy

Importing it looks whether the packages are there and new enough, so that a missing one is one clear
sentence and not an error deep inside another.
"""

import re
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PYTHON = (3, 11)
# The oldest versions that every notebook was run with (requirements.txt pins the newest ones).
FLOORS = {
    "torch": "2.11.0",
    "matplotlib": "3.10.0",
    "plotly": "5.24.1",
    "ipywidgets": "7.7.1",
    "anywidget": "0.9.21",
}


class NotReady(ImportError):
    """What is missing and what to do, which Jupyter shows without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


def complaints() -> list[str]:
    """What is missing or too old for the series, a clause each."""
    found = []
    if sys.version_info < PYTHON:
        found.append(f"Python is {sys.version.split()[0]}, at least 3.11 is needed")
    for name, floor in FLOORS.items():
        try:
            here = version(name)
        except PackageNotFoundError:
            found.append(f"{name} is missing")
            continue
        if _numbers(here) < _numbers(floor):
            found.append(f"{name} is {here}, at least {floor} is needed")
    return found


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version.split("+")[0])[:3]]


if _found := complaints():
    _text = (
        f"{'; '.join(_found)}.\n\n"
        f'Install what the series needs, in a terminal:\n\n    "{sys.executable}" -m pip install '
        f'-r "{(Path(__file__).parents[1] / "requirements.txt").resolve()}"\n\n'
        "then restart the kernel (Kernel menu) and run this cell again. Is it installed already? "
        "Then this\nnotebook uses another Python: Kernel, Change Kernel, and choose the one with "
        "the packages."
    )
    # `python -m helpers` runs this file before its own, and there is nobody yet who could catch an
    # error: its traceback would hide the sentence. Until Python has found the module to run,
    # sys.argv[0] is "-m" (Python's documentation of that option).
    raise SystemExit(_text) if sys.argv[0] == "-m" else NotReady(_text)
