"""A question whose answer is a value: a number, a text, a truth value, a tuple or a tensor."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from torch import Tensor

from .compare import alike, numbers, same
from .question import Question
from .verdict import Verdict, not_yet
from .way import of_a_way
from .words import in_quotes, not_a_shape, other_kind, relation, show


def typed(answer: Any, value: Any, least: int = 3) -> bool:
    """Is `answer` a number with at least `least` digits, all of which `value` has when rounded?"""
    value = numbers(value)
    if not (least and isinstance(answer, float) and math.isfinite(answer)) or value is None:
        return False
    _, digits, exponent = Decimal(str(float(answer))).as_tuple()
    right = value.ndim == 0 and round(value.item(), -exponent) == answer
    return right and len(digits) >= least


@dataclass(eq=False, kw_only=True)
class Value(Question):
    """The right value is `reference`; `wrong` maps a sentence to the wrong value that gets it.

    Where a text may stand in the place of a tuple (`"error"`), say `either=True`: then the kind of
    thing that was expected is not told, because it would tell the answer. `otherwise` is said of
    a wrong value of which nothing else is known.

    `way` is how a number is computed, in lines `name = ...`: slips on it are told, and where on it
    an answer stops. `explain` tells what it can of an answer that nothing else is known of.

    A number may be typed with fewer digits: it is right with `digits` of them, if that is said, and
    wrong in the way of whatever is the same to the digits that were typed.
    """

    either: bool = False
    otherwise: str = "this value is not right"
    way: str = ""
    explain: Callable[[Any], str] | None = None
    digits: int = 0

    @cached_property
    def _slips(self) -> list[tuple[str, Any]]:
        return list(of_a_way(self.way)) if self.way else []

    def _judge(self, answer: Any) -> Verdict:
        if isinstance(answer, Tensor | list | tuple) and not isinstance(self.reference, str):
            one = numbers(answer)  # a single number in a list or tensor is that number
            if one is not None and one.numel() == 1 and numbers(self.reference) is not None:
                answer = answer if numbers(self.reference).ndim else one.item()
        if same(answer, self.reference) or typed(answer, self.reference, self.digits):
            return self._right
        # The true value would give it away; yours says what was understood.
        shown = isinstance(answer, Tensor | int | float | str | tuple | list)
        value = f"\n   Your value: {show(answer)}" if shown else ""
        for agrees in (alike, typed):
            for sentence, mistake in self.wrong.items():
                if agrees(answer, mistake):
                    return not_yet(f"{sentence}{value}")
        if self.either:
            problem = in_quotes(answer) or not_a_shape(answer)
        else:
            problem = (
                other_kind(answer, self.reference)
                or next((words for words, slip in self._slips if alike(answer, slip)), "")
                or next((words for words, slip in self._slips if typed(answer, slip)), "")
            )
            counts = not isinstance(self.reference, float)  # there no factor is near
            if self.explain and counts and (not problem or isinstance(self.reference, set)):
                problem = self.explain(answer) or problem
            problem = problem or relation(answer, self.reference)
        if self.explain and not problem:
            problem = self.explain(answer)
        return not_yet(f"{problem or self.otherwise}{value}")
