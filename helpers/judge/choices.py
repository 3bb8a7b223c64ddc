"""A question whose options are shown: the answer is a letter, or a set of letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .compare import SEVERAL, listed, plain
from .question import Question, line_by_line
from .verdict import Verdict, not_yet
from .words import describe, show

# What stands in the place of the sentence beside the one right option.
CORRECT = ""


@dataclass(eq=False, kw_only=True)
class Choices(Question):
    """`options` maps the text of each option to the sentence for whoever chooses it wrongly.

    One option has CORRECT in the place of the sentence: it is the answer. If the answer is a set
    of letters, give it as `reference`; then each sentence says why its option belongs to the set
    or does not, and `wrong` may hold sentences for particular sets. The options are called A, B,
    C ..., or by their `keys`. With `lines` they are lines of code.
    """

    options: Mapping[str, str] = field(default_factory=dict)
    keys: Sequence[str] = "ABCDEFGHIJ"
    lines: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        self.keys = self.keys[: len(self.options)]
        if self.reference is None:
            [self.reference] = [key for key, says in self._says.items() if says == CORRECT]

    @cached_property
    def _texts(self) -> dict[str, str]:
        return dict(zip(self.keys, self.options, strict=True))

    @cached_property
    def _says(self) -> dict[str, str]:
        return dict(zip(self.keys, self.options.values(), strict=True))

    def asked(self, before: str = "") -> str:
        """The text of the question with its options below."""
        return f"{super().asked(before)}\n\n{self._shown()}"

    def _shown(self) -> str:
        if self.lines:
            width = max(map(len, self.options))
            code = "\n".join(f"{text:{width}}  # {key}" for key, text in self._texts.items())
            return f"```python\n{code}\n```"
        entries = (f'- `"{key}"`: {text}' for key, text in self._texts.items())
        return "\n".join(line_by_line(entry, indent="  ") for entry in entries)

    @property
    def several(self) -> bool:
        return isinstance(self.reference, set)

    @cached_property
    def mistakes(self) -> dict[str, Any]:
        """The sentences for particular answers, then those of the options."""
        made = dict(self.wrong)
        for key, says in self._says.items():
            if not self.several:
                other = key if says != CORRECT else None
            elif key in self.reference:
                other, says = self.reference - {key}, f"something is missing: {says}"
            else:
                other, says = self.reference | {key}, f"not {key}: {says}"
            if other is not None and other not in made.values():
                made[says] = other
        return made

    def _judge(self, answer: Any) -> Verdict:
        chosen = self._chosen(listed(answer))
        if isinstance(chosen, str):
            return not_yet(chosen)
        if not self.several and len(chosen) > 1:
            return not_yet(f"one of the options was asked for, {len(chosen)} came")
        right = self.reference if self.several else {self.reference}
        if chosen == right:
            return self._right
        for sentence, wrong in self.wrong.items():
            if chosen == (wrong if self.several else {wrong}):
                return not_yet(sentence)
        surplus = [key for key in self.keys if key in chosen - right]
        if not self.several:
            return not_yet(self._says[surplus[0]])
        if surplus:
            return not_yet(f"not {surplus[0]}: {self._says[surplus[0]]}")
        missing = [key for key in self.keys if key in right - chosen]
        return not_yet(f"something is missing: {self._says[missing[0]]}")

    def _chosen(self, answer: Any) -> set[str] | str:
        """The letters in an answer, in whichever case and with whichever signs around; or a
        sentence where there is something else in it."""
        known = {plain(name): key for key, text in self._texts.items() for name in (key, text)}
        if isinstance(answer, str):
            several = self.several and plain(answer) not in known
            answer = answer.replace(",", " ").replace(" ", "") if several else [answer]
        letters = self.keys == "ABCDEFGHIJ"[: len(self.keys)]
        single = "a letter in quotes" if letters else "one of the options in quotes"
        what = "a set of letters" if self.several else single
        if not isinstance(answer, SEVERAL | str):
            return f"{what} was expected, {describe(answer)} came; the options are {self._keys}"
        for each in answer:
            if not isinstance(each, str):
                came = f"{describe(answer)} came, with {describe(each)} in it"
                return f"{what} was expected, {came}; the options are {self._keys}"
            if plain(each) not in known:
                return f"{show(each)} is none of the options: {self._keys}"
        return {known[plain(each)] for each in answer}

    @property
    def _keys(self) -> str:
        return ", ".join(self.keys)
