"""A question whose answer is a function: it is tried on several data sets beside the reference.

If everything that was seen agrees with the reference, the answer is right. If it agrees with a
known mistake instead, the sentence of that mistake says what happened. Otherwise the difference is
described.
"""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from .advice import advice
from .compare import CLUE, alike, listed, numbers_of, raises, same
from .kin import another
from .pattern import among, facts, only_part, parts, pattern, rounded, times, where_right
from .running import first_use, hands_back, quiet
from .traits import change, changes, difference, plainly, zeros
from .tried import Tried, stops
from .verdict import RIGHT, Verdict, not_yet
from .words import first_upper, other_kind, show

NONE = "None came back: there is a return, and what stands behind it is None"
COPIED = "numbers copied from the text: use the arguments"
CONSTANT = "the same value comes back whatever is handed over"


@dataclass(eq=False, kw_only=True)
class Function(Tried):
    """What a wrong function is told.

    `slips(seen, *arguments)` gives sentences that are true of what was seen on one data set, the
    likeliest first; one that is true on all that are wrong is said. So does `otherwise`, which is
    asked last: its sentences tell what can be said of any wrong answer. `watch(answer, *arguments)`
    lets the answer run once more and tells what was seen it do.
    """

    slips: Callable[..., Iterable[str]] | None = None
    watch: Callable[..., Iterable[str]] | None = None
    otherwise: Callable[..., Iterable[str]] | None = None

    def accepts(self, answer: Any) -> bool:
        """Does an answer do what the reference does? Without a word on why it does not."""
        seen = self._observe(answer)
        return not isinstance(seen, str) and all(map(same, seen, self._expected))

    def _judge(self, answer: Any) -> Verdict:
        seen, expected = self._observe(answer), self._expected
        if isinstance(seen, str):
            return not_yet(seen)
        if all(map(same, seen, expected)):
            data = f", on all {len(seen)} data sets" if len(seen) > 1 else ""
            return Verdict(RIGHT, f"Right{data}. {self.moral}".rstrip())
        return not_yet(self._explain(answer, seen, expected))

    def _explain(self, answer: Any, seen: list[Any], expected: list[Any]) -> str:
        """Why the observations are wrong: a known mistake, or else the difference in words."""
        pairs = enumerate(zip(seen, expected, strict=True))
        wrong = [number for number, pair in pairs if not same(*pair)]
        first = wrong[0]
        value = self._side_by_side(seen[first], expected[first], first)
        for sentence, mistake in self._mistakes_seen.items():
            if all(map(alike, seen, mistake)):
                if raises(seen[first]):
                    value = f"\n   {first_upper(seen[first].sentence)}."
                return f"{sentence}{value}"
        if not any(raises(seen[number]) for number in wrong):
            words = (
                self._watched(answer, wrong)
                or rounded([seen[i] for i in wrong], [expected[i] for i in wrong])
                or self._told(self.slips, seen, wrong)
            )
            if words:
                return f"{words}{value}"
        if self._always_the_same(seen):
            return f"{CONSTANT}{self._why_constant(answer)}{value}"
        for number in wrong:
            if raises(seen[number]):
                told = f"{seen[number].sentence}{advice(seen[number])}"
                return f"{told}\n   It happened in {self._call_text(number)}."
            if problem := other_kind(seen[number], expected[number]):
                value = self._side_by_side(seen[number], expected[number], number)
                if seen[number] is None and hands_back(answer):
                    problem = NONE
                told = self._relative(seen) or self._among(seen) or problem
                return f"{told}{value}"
        right = len(seen) - len(wrong)
        rules = pattern(seen, expected, self._facts, self._clause)
        words = (
            self._unused(answer, seen)
            or (not right and pattern(seen, expected))
            or self._relative(seen)
            or ("is not right" not in rules and rules)
            or self._several_of_a_relative(seen)
            or self._two_slips(seen)
            or rules
            or (right and where_right(self._facts, wrong))
            or self._told(self.otherwise, seen, wrong)
            or self._trait(answer, seen, expected)
            or only_part(seen, expected)
            or (right and f"right on {right} of {len(seen)} data sets, wrong here")
            or "this value is not right"
        )
        return f"{words}{value}"

    def _relative(self, seen: list[Any]) -> str:
        """The sentence of a relative of the reference that does the same."""
        return next((words for words, kin in self._kin_seen if all(map(alike, seen, kin))), "")

    def _told(self, told: Callable[..., Iterable[str]] | None, seen: list, wrong: list[int]) -> str:
        """The first of the sentences that `told` gives for each of the wrong data sets."""
        if told is None:
            return ""
        data = self.cases()
        return _in_all([*told(seen[number], *data[number])] for number in wrong)

    def _watched(self, answer: Any, wrong: list[int]) -> str:
        """The first of the sentences that watching it gives for each of the wrong data sets."""
        if self.watch is None:
            return ""
        data = self.cases()
        with quiet():
            return _in_all([*self.watch(answer, *data[number])] for number in wrong)

    def _why_constant(self, answer: Any) -> str:
        """Which arguments a constant answer never uses; or that it uses all of them in vain."""
        names = [name for name in self._own_names[: len(self.cases()[0])] if name]
        if getattr(getattr(answer, "__code__", None), "co_argcount", 0) < len(names):
            return ""  # nobody knows what it does with *several
        unused = [name for place, name in enumerate(names) if first_use(answer, place) != "LOAD"]
        if not unused:
            return ", though your code uses what comes: is it lost on the way, or does it cancel?"
        none = "none of the arguments is" if unused == names and len(names) > 1 else ""
        return f": {none or f'{unused[0]} is not'} used"

    def _clause(self, place: int, came: list[Tensor]) -> str:
        """What a relative says of one of several values that come back."""
        for words, kin in self._kin_seen:
            beside = parts(kin, self._expected)
            if len(beside) > 1 and all(map(same, came, beside[place].came)):
                return words.removeprefix("this ").removeprefix(f"value {place + 1} ")
        return ""

    def _several_of_a_relative(self, seen: list[Any]) -> str:
        """Words for twice, half or minus what a relative of the reference does."""
        for words, kin in self._kin_seen:
            if not words.startswith("this is "):
                continue
            beside = parts(seen, kin)
            found = {times(part.came, part.true, self._facts) for part in beside}
            if len(found) == 1 and (word := found.pop()):
                return f"this is {word} {words.removeprefix('this is ')}"
        return ""

    def _among(self, seen: list[Any]) -> str:
        """Words for several values, of which one is right."""
        found = {
            among(listed(came), true) if isinstance(listed(came), tuple | list) else ""
            for came, true in zip(seen, self._expected, strict=True)
        }
        return found.pop() if len(found) == 1 and len(seen) > 1 else ""

    def _unused(self, answer: Any, seen: list[Any]) -> str:
        """Words for an argument that makes no difference to the answer, though it should."""
        data = self.cases()
        if not self.kin or len({len(row) for row in data}) > 1:
            return ""
        for place, name in enumerate(self._own_names[: len(data[0])]):
            if not name:
                continue
            changed = [
                (*row[:place], another(row[place], data[number - 1][place]), *row[place + 1 :])
                for number, row in enumerate(data)
            ]
            yours, true = self._both_on(answer, changed)
            if stops(yours) or stops(true) or any(map(alike, true, self._expected)):
                continue
            if all(map(alike, yours, seen)):
                what = f"{name} makes no difference to your answer"
                why = {
                    "LOAD": ", though your code uses it: is what it does lost, or cancelled?",
                    "STORE": ": your code gives its name to something else",
                }
                other = ": is it forgotten, or is a number built in for it?"
                return what + why.get(first_use(answer, place), other)
        return ""

    def _both_on(self, answer: Any, data: list[tuple]) -> tuple[list[Any] | str, list[Any] | str]:
        return self._try_again(answer, data), self._try_again(self.reference, data)

    def _trait(self, answer: Any, seen: list[Any], expected: list[Any]) -> str:
        """How a right answer follows a change of what is handed over, and this one does not."""
        if not self.kin:
            return ""
        tried = []
        for clause, changed in changes(self._own_names, self.cases()):
            yours, true = self._both_on(answer, changed)
            if stops(yours) or stops(true):
                continue
            if words := difference(expected, true, seen, yours):
                return f"if {clause}, {words}"
            tried.append((clause, true, yours))
        for clause, changed in zeros(self._own_names, self.cases()):
            yours, true = self._both_on(answer, changed)
            known = facts(self._own_names, changed)
            if not (stops(yours) or stops(true)) and (words := plainly(true, yours, known)):
                return f"{clause}, {words}"
        for clause, true, yours in tried:
            if words := change(expected, true, seen, yours):
                return f"if {clause}, {words}"
        return ""

    def _always_the_same(self, seen: list[Any]) -> bool:
        """Did the same finite numbers come back, whatever the arguments?"""
        values = numbers_of(seen[0])
        return (
            len(seen) > 1
            and bool(values)
            and all(bool(value.isfinite().all()) for value in values)
            and all(alike(seen[0], other) for other in seen[1:])
        )

    def _call_text(self, number: int) -> str:
        parameters, arguments = inspect.signature(self.reference).parameters, self.cases()[number]
        if len(parameters) < len(arguments):  # the last is *several
            return f"{self.name}({', '.join(map(show, arguments))})"
        pairs = zip(self._names, arguments, strict=False)
        shown = ", ".join(f"{name}={show(value)}" for name, value in pairs)
        own = all(name in parameters for name in self._names[: len(arguments)])
        return f"{self.name}({shown})" if own else f"{self.name}, tried with {shown}"

    def _side_by_side(self, came: Any, expected: Any, number: int) -> str:
        lines = [f"\n   {self._call_text(number)}"]
        if isinstance(expected, dict) and isinstance(came, dict):
            for key, true in expected.items():
                if not key.startswith(CLUE) and not same(came.get(key), true):
                    lines.append(f"{key}: yours {show(came.get(key))}, expected {show(true)}")
        elif isinstance(expected, dict):
            lines.append(f"your value: {show(came)}")  # the dict is the probe's, not the learner's
        else:
            digits = 6 if show(came) != show(expected) else 12
            lines.append(f"your value: {show(came, digits)}")
            lines.append(f"true value: {show(expected, digits)}")
        return "\n   ".join(lines)


def _in_all(told: Iterable[list[str]]) -> str:
    """The first of the sentences that stands in all the lists."""
    first, *more = told
    return next((words for words in first if all(words in others for others in more)), "")


def exercise(**facts: Any) -> Callable[[Callable], Function]:
    """Turn the function below the decorator into the exercise whose right answer it is."""
    return lambda reference: Function(name=reference.__name__, reference=reference, **facts)
