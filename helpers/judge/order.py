"""A question whose answer is an order: all of its letters, one after the other, as one text."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .compare import listed
from .question import Question
from .verdict import Verdict, not_yet
from .words import describe, show


@dataclass(eq=False, kw_only=True)
class Order(Question):
    """`reference` is the right order. `wrong` maps a sentence to letters that tell its mistake when
    they come in this order: two that have changed places, or all of them."""

    @cached_property
    def mistakes(self) -> dict[str, Any]:
        """For each sentence an order that must get it: the right one, those letters moved."""
        return {sentence: self._with(letters) for sentence, letters in self.wrong.items()}

    def _with(self, letters: str) -> str:
        new = iter(letters)
        return "".join(next(new) if each in letters else each for each in self.reference)

    def _judge(self, answer: Any) -> Verdict:
        answer = listed(answer)
        if not isinstance(answer, str | list | tuple) or not all(
            isinstance(e, str) for e in answer
        ):
            return not_yet(f"a text of letters was expected, {describe(answer)} came")
        letters = [each.upper() for each in "".join(answer) if each.isalnum()]
        names = ", ".join(sorted(self.reference))
        if foreign := [each for each in letters if each not in self.reference]:
            return not_yet(f"{show(foreign[0])} is none of the letters: {names}")
        if len(letters) != len(self.reference) or len(letters) != len({*letters}):
            return not_yet(f"each of the letters {names} has to come once")
        if letters == [*self.reference]:
            return self._right
        for sentence, mistake in self.wrong.items():
            if [each for each in letters if each in mistake] == [*mistake]:
                return not_yet(sentence)
        return not_yet(f"this order is not right\n   Your value: {show(''.join(letters))}")
