"""A question of several parts: the answer is a dict with an entry for each of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .compare import same
from .question import Question
from .verdict import NOT_STARTED, NOT_YET, Verdict, not_yet
from .words import describe


@dataclass(eq=False, kw_only=True)
class Parts(Question):
    """`parts` maps each key to a question of its own, a Value or a Choices.

    `wrong` holds mistakes that show in several parts at once: a sentence, and the entries of the
    dict that make it. A part without a text is asked in the text of the whole.
    """

    parts: Mapping[str, Question] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reference = {key: part.reference for key, part in self.parts.items()}
        entries = "".join(f'    "{key}": ...,\n' for key in self.parts)
        self.stub = self.stub or f"{self.name} = {{\n{entries}}}"

    def asked(self, before: str = "") -> str:
        """The text of the whole, then that of each part behind its letter."""
        parts = (part.asked(f"**{key}.** ") for key, part in self.parts.items() if part.text)
        return "\n\n".join([super().asked(before), *parts])

    @cached_property
    def mistakes(self) -> dict[str, Any]:
        """For each sentence a whole answer that must get it."""
        made = {sentence: {**self.reference, **change} for sentence, change in self.wrong.items()}
        for key, part in self.parts.items():
            for sentence, value in part.mistakes.items():
                made[f"{key}: {sentence}"] = {**self.reference, key: value}
        return made

    def _judge(self, answer: Any) -> Verdict:
        if not isinstance(answer, Mapping):
            return not_yet(f"a dict was expected, {describe(answer)} came")
        missing = [key for key in self.parts if key not in answer]
        if missing:
            return not_yet(
                f"the entry {missing[0]!r} is missing; expected are {', '.join(self.parts)}."
            )
        found = {key: part.verdict(answer[key]) for key, part in self.parts.items()}
        wrong = [key for key, verdict in found.items() if verdict.sign == NOT_YET]
        if wrong:
            problem = f"{wrong[0]}: {found[wrong[0]].text}"
            for sentence, change in self.wrong.items():
                if all(same(answer[key], value) for key, value in change.items()):
                    problem = sentence
            more = f"\n   {len(wrong)} entries are not right yet." if len(wrong) > 1 else ""
            return not_yet(f"{problem}{more}")
        still_open = [key for key, verdict in found.items() if verdict.sign == NOT_STARTED]
        if still_open:
            return Verdict(NOT_STARTED, f"So far, so good. Still open: {', '.join(still_open)}.")
        surplus = [str(key) for key in answer if key not in self.parts]
        if surplus:
            return not_yet(f"nobody asked for the entry {surplus[0]!r}.")
        return self._right
