"""What every question has: its texts, a check, hints, a solution, and mistakes with their sentence.

Function, Value, Choices, Order and Parts say what a right answer is, each in its own `_judge`.
"""

import os
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .progress import record
from .running import sandbox
from .verdict import NOT_STARTED, RIGHT, Fault, Verdict, not_yet, untouched
from .words import assignment, printable


@dataclass(eq=False, kw_only=True)
class Question:
    """A question to a learner. One that is a part of another needs no name, title or hints."""

    reference: Any = None
    wrong: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    notebook: str = ""
    title: str = ""
    text: str = ""
    difficulty: int = 1
    minutes: int = 2
    hints: Sequence[str] = ()
    stub: str = ""
    moral: str = ""
    _hints_given: int = field(default=0, repr=False)

    def __post_init__(self) -> None:
        self.stub = self.stub or f"{self.name} = ..."

    # What the learner calls

    def check(self, answer: Any = ...) -> None:
        """Say in a sentence whether `answer` is right, and if not, why. Never raises, except while
        nbgrader is marking: it takes an error for a wrong answer and all else for a right one."""
        with sandbox() as said:
            verdict = self.verdict(answer)
        text = printable(str(verdict))
        print(text)
        if said.text:
            print(printable("Your code printed:\n" + said.text))
        if verdict.sign == RIGHT:
            record(self.name)
        elif os.environ.get("NBGRADER_EXECUTION"):
            raise AssertionError(text)

    def hint(self) -> None:
        """Print the next hint; each says a little more than the one before."""
        number = self._hints_given % len(self.hints)
        self._hints_given += 1
        print(f"Hint {number + 1} of {len(self.hints)}: {self.hints[number]}")

    def solution(self) -> None:
        """Print a right answer: the one that the tests run."""
        print(self.source)

    # What tests, tools and the notebooks use

    @property
    def question(self) -> str:
        """The whole text of the question, as the notebook holds it."""
        return self.asked()

    def asked(self, before: str = "") -> str:
        """The same, with something `before` it on its first line."""
        return folded(f"{before}{self.text}")

    @cached_property
    def source(self) -> str:
        """The reference as code that can be pasted over the stub."""
        return assignment(self.name, self.reference)

    @cached_property
    def mistakes(self) -> dict[str, Any]:
        """For each sentence an answer that must get it."""
        return dict(self.wrong)

    def mistake_source(self, sentence: str) -> str:
        """A known mistake as code that can be pasted over the stub."""
        return assignment(self.name, self.mistakes[sentence])

    def verdict(self, answer: Any) -> Verdict:
        """One press of Jupyter's stop button ends the whole check, and says so."""
        try:
            if untouched(answer, self.stub):  # before any reference is run: Run All need not wait
                none = f"{self.name} is None, which counts as open: write an answer in its place."
                return Verdict(
                    NOT_STARTED, f"Not started. {none if answer is None else self._what_to_do}"
                )
            self._prepare()
            return self._judge(answer)
        except Fault:
            raise
        except KeyboardInterrupt:
            return not_yet("the check was stopped. Does a loop never end?")
        except Exception as error:  # an object that bends comparisons, say
            return not_yet(f"this answer cannot be compared ({type(error).__name__})")

    # What each kind of question does its own way

    def _prepare(self) -> None:
        """What has to work before an answer is tried: whatever fails here is a Fault."""

    def _judge(self, answer: Any) -> Verdict:
        raise NotImplementedError

    @property
    def _what_to_do(self) -> str:
        return f"Replace the dots in {self.name} by your answer."

    @property
    def _right(self) -> Verdict:
        return Verdict(RIGHT, f"Right. {self.moral}".rstrip())


def folded(text: str) -> str:
    """`text` with its long paragraphs broken into lines; what has lines already stays as it is."""
    return "\n\n".join(
        paragraph if "\n" in paragraph else line_by_line(paragraph)
        for paragraph in text.split("\n\n")
    )


def line_by_line(text: str, indent: str = "") -> str:
    return textwrap.fill(
        text, 100, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
