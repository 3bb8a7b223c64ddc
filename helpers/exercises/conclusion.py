"""The end of the project in 09: what may be said is decided by the rows held out, on any data."""

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ..data import split_indices, two_columns
from ..judge import NOT_STARTED, Choices, Question, Verdict, numbers
from ..judge.verdict import is_open, not_yet
from ..judge.words import literal

MOST = 500  # splits: with more of them, this many are drawn


class HeldOut(NamedTuple):
    """In how many of the splits one model has the lower loss on the rows held out."""

    splits: int
    n_val: int
    line: int  # ahead of the mean
    parabola: int  # ahead of the line

    def __str__(self) -> str:
        return (
            f"Of {self.splits} splits with {self.n_val} rows held out, the line is ahead of the "
            f"mean in {self.line}, the parabola ahead of the line in {self.parabola}."
        )

    def allowed(self) -> set[str]:
        """The letters of the options that these splits allow."""
        line, parabola = self.line / self.splits, self.parabola / self.splits
        holds = {
            "A": line >= 0.75,
            "B": 0.25 < line < 0.75,
            "C": line <= 0.25,
            "D": line in (0, 1),
            "F": parabola >= 0.75,
            "G": parabola <= 0.25,
        }
        return {letter for letter, true in holds.items() if true}


def held_out(x: Tensor, y: Tensor) -> HeldOut:
    """Mean, line and parabola on each split of the columns, a fifth of the rows held out.

    `x` and `y` have shape (n,), n at least 6. All splits are tried, or 500 of them drawn.
    """
    n_val = max(2, len(x) // 5)
    line = parabola = splits = 0
    powers = ((x - x.mean()) / x.std()) ** torch.arange(3)[:, None]  # scaled for good digits
    for train, val in _splits(len(x), n_val):
        losses = []
        for n_params in (1, 2, 3):  # the mean, the line, the parabola
            columns = powers[:n_params].T
            best = torch.linalg.lstsq(columns[train], y[train, None]).solution[:, 0]
            losses.append(((columns[val] @ best - y[val]) ** 2).mean().item())
        splits, line = splits + 1, line + (losses[1] < losses[0])
        parabola += losses[2] < losses[1]
    return HeldOut(splits, n_val, line, parabola)


def _splits(n: int, n_val: int) -> Iterator[tuple[list[int], list[int]]]:
    if math.comb(n, n_val) > MOST:
        for seed in range(MOST):
            train, val = split_indices(n, n_val, seed)
            yield train.tolist(), val.tolist()
    else:
        for val in itertools.combinations(range(n), n_val):
            yield [i for i in range(n) if i not in val], list(val)


@dataclass(eq=False, kw_only=True)
class Conclusion(Question):
    """Options of which the reader's own columns decide. The answer is a dict of the two columns
    and a set of letters; in `reference` stand the crickets."""

    options: Mapping[str, str]

    def __post_init__(self) -> None:
        self.stub = self._with("...")

    def _with(self, letters: str) -> str:
        return f'{self.name} = {{\n    "x": x,\n    "y": y,\n    "allowed": {letters},\n}}'

    def _choices(self, right: set[str]) -> Choices:
        return Choices(text=self.text, options=self.options, reference=right)

    def asked(self, before: str = "") -> str:
        """The question with its options below."""
        return self._choices(self.reference["allowed"]).asked(before)

    @property
    def source(self) -> str:
        """The right answer for the crickets, to be pasted over the stub."""
        return self._with(literal(self.reference["allowed"]))

    @property
    def mistakes(self) -> dict[str, Any]:
        """For each sentence an answer about the crickets that must get it."""
        made = self._choices(self.reference["allowed"]).mistakes
        return {says: {**self.reference, "allowed": letters} for says, letters in made.items()}

    def mistake_source(self, sentence: str) -> str:
        """A known mistake as code that can be pasted over the stub."""
        return self._with(literal(self.mistakes[sentence]["allowed"]))

    def _judge(self, answer: Any) -> Verdict:
        columns = _columns(answer)
        if isinstance(columns, str):
            return not_yet(columns)
        if is_open(answer["allowed"]):
            return Verdict(NOT_STARTED, "Not started. Replace the dots by a set of letters.")
        found = held_out(*columns)
        verdict = self._choices(found.allowed()).verdict(answer["allowed"])
        return Verdict(verdict.sign, f"{verdict.text}\n   {found}")


def _columns(answer: Any) -> tuple[Tensor, Tensor] | str:
    """The two columns in an answer, or a sentence that says why there are none."""
    if not isinstance(answer, Mapping) or not {"x", "y", "allowed"} <= answer.keys():
        return 'a dict with the entries "x", "y" and "allowed" was expected'
    x, y = numbers(answer["x"]), numbers(answer["y"])
    if x is None or y is None or x.ndim != 1 or x.shape != y.shape or len(x) < 6:
        return '"x" and "y" are two columns of numbers of the same length, at least six'
    for name, column in {"x": x, "y": y}.items():
        if not column.isfinite().all():
            return f'"{name}" holds NaN or an infinite value: leave these rows out'
        if (column == column[0]).all():
            return f'"{name}" is constant, {column[0]:g} in each row: there is nothing to learn'
    return x, y


CRICKETS = dict(zip("xy", (column.double() for column in two_columns()), strict=True))

project_conclusion = Conclusion(
    name="project_conclusion",
    notebook="09",
    title="What may be said",
    text="Stages 5 and 6 on many splits of your rows, a fifth of them held out each time: which of "
    "these sentences do they allow? Answer with a set of letters; `x` and `y` go with it, so that "
    "the check can count on your data.",
    difficulty=2,
    minutes=10,
    hints=[
        "One of A, B and C holds. Count the splits in which the line is ahead of the mean.",
        "split_indices(len(x), 3, seed) gives a split for each seed; project_split judges it.",
        "Which of the sentences speak of something that no row held out can show?",
    ],
    options={
        "x helps: the line is ahead of the mean in at least three of four splits": (
            "in how many of the splits is the line ahead of the mean?"
        ),
        "these rows cannot tell whether x helps: neither the line nor the mean is ahead in three "
        "of four splits": "is neither ahead in three of four? Count the line against the mean",
        "x does not help: the mean is ahead in at least three of four splits": (
            "in how many of the splits is the mean ahead of the line?"
        ),
        "one split would have been enough: all of them name the same winner, line or mean": (
            "one split is enough only if none of them says the opposite"
        ),
        "the parabola is better than the line: its training loss is lower": (
            "its training loss is always the lower one, and says nothing of other rows"
        ),
        "the parabola is better than the line: it is ahead in at least three of four splits": (
            "in how many of the splits is the parabola ahead of the line?"
        ),
        "the line is enough: it is ahead of the parabola in at least three of four splits": (
            "in how many of the splits is the line ahead of the parabola?"
        ),
        "far outside the range of these rows the line holds as well": (
            "no row from there was held out, so none can speak for it"
        ),
    },
    reference={**CRICKETS, "allowed": {"A", "G"}},
)
