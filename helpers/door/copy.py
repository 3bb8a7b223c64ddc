"""Laying lessons into the learner's folder: without outputs, and never over somebody's work.

A note beside them (`.laid.json`) remembers for each lesson which version was laid last. A lesson
is *touched* if its cells are not those any more, or if any of them has an output.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NOTE = ".laid.json"
PROGRESS = ".progress"  # kept by judge/progress.py


@dataclass
class Copy:
    """The lessons in `source`, and the copy of them in `folder`."""

    source: Path
    folder: Path

    def lay(self) -> list[str]:
        """Bring each lesson that is missing or was not touched up to date; two lines to say so.

        A new version of a touched lesson is laid beside it, once. Raises OSError where the folder
        cannot be written to.
        """
        lessons = self.lessons()
        self.folder.mkdir(exist_ok=True)
        stopped = self._clean_up([*(lesson.name for lesson in lessons), NOTE])
        self._adopt_progress()
        laid, kept, beside, note = 0, 0, [], self._note()
        for lesson in lessons:
            text = without_outputs(lesson)
            version, place = fingerprint(json.loads(text)), self.folder / lesson.name
            if not self._is_touched(place, note.get(lesson.name)):
                if not place.exists() or note.get(lesson.name) != version:
                    write(place, text)
                    laid += 1
            elif version in (note.get(lesson.name), note.get(f"beside {lesson.name}")):
                kept += 1
                continue
            else:
                new = free_name(self.folder / f"{lesson.stem}.new.ipynb")
                write(new, text)
                beside.append(new.name)
                note[f"beside {lesson.name}"] = version
                continue
            note[lesson.name] = version
        write(self.folder / NOTE, json.dumps(note, indent=0))
        kept += len(beside)
        news = "Everything is up to date; what you change there is yours."
        if beside:
            news = f"New versions, beside yours: {', '.join(beside)}."
        if stopped:
            news = f"An earlier run was stopped in its middle; that is put right. {news}"
        return [
            f"{self.folder.name}/: lessons laid: {laid}; yours, kept as they are: {kept}.",
            news,
        ]

    def begin_anew(self, number: str) -> list[str]:
        """Lay lesson `number` anew and keep the old copy aside; ValueError if there is none."""
        place, lines = self.folder / self.named(number).name, []
        self.folder.mkdir(exist_ok=True)
        if place.exists():
            old = free_name(self.folder / f"{place.stem}.old.ipynb")
            place.rename(old)
            lines = [f"Your old copy is {self.folder.name}/{old.name}."]
        self.lay()
        return [f"{self.folder.name}/{place.name} is new again.", *lines]

    def named(self, number: str) -> Path:
        """Lesson `number` (two digits) in `source`; ValueError if there is none."""
        lessons = self.lessons()
        for lesson in lessons:
            if lesson.name.startswith(f"{number:0>2}_"):
                return lesson
        there = ", ".join(lesson.name[:2] for lesson in lessons)
        raise ValueError(f"There is no lesson {number!r}: choose one of {there}.")

    def lessons(self) -> list[Path]:
        """The lessons in `source`, in their order; ValueError if there are none."""
        lessons = sorted(self.source.glob("[0-9][0-9]_*.ipynb"))
        if not lessons:
            raise ValueError(f"There are no lessons in {self.source}: get the whole repository.")
        return lessons

    def _clean_up(self, names: list[str]) -> bool:
        """Remove the halves of files that a stopped run has left; whether there were any."""
        halves = [part for name in names if (part := self.folder / f"{name}.part").exists()]
        for half in halves:
            half.unlink()
        return bool(halves)

    def _adopt_progress(self) -> None:
        """What was solved in `source`, before there was a copy, is solved in the copy too."""
        old, new = self.source / PROGRESS, self.folder / PROGRESS
        if old.exists() and not new.exists():
            old.replace(new)

    def _note(self) -> dict[str, str]:
        try:
            note = json.loads((self.folder / NOTE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}  # a first run, or a damaged note: then every lesson there counts as touched
        return note if isinstance(note, dict) else {}

    def _is_touched(self, place: Path, version: str | None) -> bool:
        if not place.exists():
            return False
        try:
            notebook = json.loads(place.read_text(encoding="utf-8"))
            outputs = any(cell.get("outputs") for cell in notebook["cells"])
            now = fingerprint(notebook)
        except (ValueError, KeyError, TypeError, AttributeError):
            return True  # not a notebook any more: whatever it is, it is the learner's
        if version is None:  # the note was lost: a lesson that is as we would lay it is not touched
            source = self.source / place.name
            version = fingerprint(json.loads(without_outputs(source)))
        return outputs or now != version


def without_outputs(lesson: Path) -> str:
    """The text of a notebook file without outputs and counts; ValueError if it is none."""
    try:
        notebook = json.loads(lesson.read_text(encoding="utf-8"))
    except ValueError as error:  # such as the marks of a conflict, after a pull
        raise ValueError(
            f"{lesson} is no notebook any more: `git checkout HEAD -- {lesson.name}` there brings "
            "it back as it was."
        ) from error
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def fingerprint(notebook: dict[str, Any]) -> str:
    """What the cells say, in a few letters: saving in an editor alone does not change it."""
    cells = [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()[:16]


def free_name(place: Path) -> Path:
    """`place`, or the first of its numbered neighbours that nothing lies at."""
    number, free = 1, place
    while free.exists():
        number += 1
        free = place.with_name(f"{place.stem}-{number}{place.suffix}")
    return free


def write(place: Path, text: str) -> None:
    """Write a file whole or not at all: a run that is stopped leaves no half lesson."""
    part = place.with_name(f"{place.name}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    os.replace(part, place)
