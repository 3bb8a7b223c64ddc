"""Remembering what is solved: names in a small file beside the learner's lessons, nothing else."""

import contextlib
import os
from pathlib import Path


def progress_file() -> Path | None:
    """Where solved exercises are noted; None where nobody is learning but a machine is checking.

    The environment variable EXERCISES_PROGRESS names another file, or none if it is empty.
    """
    if (place := os.environ.get("EXERCISES_PROGRESS")) is not None:
        return Path(place) if place else None
    if {"PYTEST_VERSION", "NBGRADER_EXECUTION"} & os.environ.keys():
        return None
    root = Path(__file__).parents[2]
    # With the learner's own copy, where there is one; an assignment's folder holds its notebook.
    folders = [root / "my-notebooks", root / "notebooks", root]
    return next(folder for folder in folders if folder.is_dir()) / ".progress"


def solved() -> set[str]:
    """The names of the exercises that were solved so far. A damaged file is set aside."""
    place = progress_file()
    try:
        return set(place.read_text(encoding="utf-8").split()) if place else set()
    except UnicodeDecodeError:
        aside = place.with_name(f"{place.name}.damaged")
        with contextlib.suppress(OSError):
            place.replace(aside)
        print(f"The note of what you solved was damaged. It is now {aside.name}; a new one begins.")
        return set()
    except OSError:
        return set()  # no such file yet, or not readable: then nothing is known


def record(name: str) -> None:
    """Note `name`. A line is added and none rewritten, so two kernels at once lose nothing."""
    place = progress_file()
    if place is None or name in solved():
        return
    # A folder that cannot be written to is no reason to fail.
    with contextlib.suppress(OSError), place.open("a", encoding="utf-8") as file:
        file.write(f"\n{name}\n")  # on a line of its own, whatever stood at the end
