"""The small shared toolbox of the series: each idea is met in a notebook first.

Importing it looks whether the packages of requirements.txt are there, in the same minor version or
a newer one, so that a missing package is one clear sentence and not an error deep inside another.
"""

import re
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

REQUIREMENTS = Path(__file__).parent.parent / "requirements.txt"
# They may live in another environment than the kernel: it never imports them.
NOT_FOR_KERNELS = {"jupyterlab", "latex2mathml", "nbconvert", "nbval"}


class NotReady(ImportError):
    """What is missing and what to do, which Jupyter shows without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


def complaints() -> list[str]:
    """What is missing, or older than requirements.txt says (the third number does not count)."""
    if not REQUIREMENTS.exists():  # a copy of helpers/ alone, as nbgrader makes it
        return []
    found = []
    for name, wanted in re.findall(r"^([\w-]+)==([\d.]+)", REQUIREMENTS.read_text(), re.MULTILINE):
        if name in NOT_FOR_KERNELS:
            continue
        try:
            here = version(name)
        except PackageNotFoundError:
            found.append(f"{name} is missing")
            continue
        if _minor(here) < _minor(wanted):
            found.append(f"{name} is {here}, at least {wanted} is needed")
    return found


def _minor(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)[:2]]


if _found := complaints():
    raise NotReady(
        f"{'; '.join(_found)}.\n\n"
        f'Install what the series needs, in a terminal:\n\n    "{sys.executable}" -m pip install '
        f'-r "{REQUIREMENTS.resolve()}"\n\nthen restart the kernel (Kernel menu) and run this cell '
        "again. Is it installed already? Then this\nnotebook uses another Python: Kernel, Change "
        "Kernel, and choose the one with the packages."
    )
