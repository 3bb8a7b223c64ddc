"""A question whose answer is a function: it is tried on several data sets beside the reference.

If everything that was seen agrees with the reference, the answer is right. If it agrees with a
known mistake instead, the sentence of that mistake says what happened. Otherwise the difference is
described.
"""

import ast
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from torch import Tensor

from .compare import CLUE, alike, numbers_of, raises, same
from .kin import another, as_if, relatives
from .question import Question
from .running import Unusable, call, raised
from .verdict import RIGHT, Fault, Verdict, not_yet
from .words import describe, first_upper, other_kind, pattern, rounded, show

COPIED = "numbers copied from the text: use the arguments"
CONSTANT = "the same value comes back whatever is handed over: which argument is never used?"


@dataclass(eq=False, kw_only=True)
class Function(Question):
    """The right function is `reference`.

    `cases` makes the data sets, as tuples of arguments, afresh at each call: nothing that an answer
    does to them can reach the judge. `probe(answer, *arguments)` returns what is to be compared; by
    default that is the result of the call. `wrong` maps the sentence for a known mistake to the
    replacements in the source of the reference that make it. Unless `kin` is False (where each try
    is slow), answers are also held against relatives of the reference that nobody wrote down.

    `slips(seen, *arguments)` gives sentences that are true of what was seen on one data set, the
    likeliest first; one that is true on all that are wrong is said. So does `otherwise`, which is
    asked last: its sentences tell what can be said of any wrong answer.
    """

    cases: Callable[[], list[tuple]]
    probe: Callable[..., Any] | None = None
    kin: bool = True
    slips: Callable[..., Iterable[str]] | None = None
    otherwise: Callable[..., Iterable[str]] | None = None

    def __post_init__(self) -> None:
        arguments = inspect.signature(self.reference)
        self.stub = self.stub or f"def {self.name}{arguments}:\n    # your code here\n    ..."

    @cached_property
    def source(self) -> str:
        """The text of the reference without its decorator."""
        text = inspect.getsource(self.reference)
        [definition] = ast.parse(text).body
        return "\n".join(text.splitlines()[definition.lineno - 1 : definition.end_lineno])

    @cached_property
    def mistakes(self) -> dict[str, Any]:
        """For each sentence a function that must get it."""
        return {sentence: self._make(sentence) for sentence in self.wrong}

    def mistake_source(self, sentence: str) -> str:
        """A known mistake as code that can be pasted over the stub."""
        return self._altered(self.wrong[sentence])

    def _make(self, sentence: str) -> Callable:
        return self._compiled(self.mistake_source(sentence))

    def _compiled(self, source: str) -> Callable:
        namespace = dict(self.reference.__globals__)
        exec(compile(source, f"<wrong {self.name}>", "exec"), namespace)
        return namespace[self.name]

    def _altered(self, change: Mapping[str, str]) -> str:
        head, body = self.source.split("\n", 1)
        for old, new in change.items():
            if (hits := body.count(old)) != 1:
                raise Fault(f"{self.name}: {old!r} stands {hits} times in the reference")
            body = body.replace(old, new)
        return f"{head}\n{body}"

    # What was seen

    @property
    def _what_to_do(self) -> str:
        if "\n    ..." in self.stub:
            return f"Replace the dots in {self.name} by your code."
        return f"{self.name} is still as it was."

    def _prepare(self) -> None:
        try:
            _ = self._expected
        except Fault:
            raise
        except Exception as error:
            raise Fault(f"{self.name}: its cases or its probe do not work: {error}") from error

    @cached_property
    def _expected(self) -> list[Any]:
        """What the reference does. If it raises, that is its author's fault and said so."""
        expected = self._observe(self.reference)
        stopped = [seen.sentence for seen in expected if raises(seen)]
        if isinstance(expected, str) or stopped:
            what = expected if isinstance(expected, str) else stopped[0]
            raise Fault(f"{self.name}: its reference or probe does not work: {what}")
        return expected

    @cached_property
    def _mistakes_seen(self) -> dict[str, list[Any]]:
        found = {sentence: self._observe(wrong) for sentence, wrong in self.mistakes.items()}
        for sentence, seen in found.items():
            if any(raises(each) and each.kind == "NameError" for each in seen):
                raise Fault(f"{self.name}: the mistake {sentence!r} uses a name that is not there")
        return found

    @cached_property
    def _kin_seen(self) -> list[tuple[str, list[Any]]]:
        """What relatives of the reference do, each with the sentence for answers that agree."""
        if not self.kin:
            return []
        found = [
            (sentence, self._observe(self._compiled(source)))
            for sentence, source in relatives(self.source)
        ]
        rows = [as_if(self._names, arguments) for arguments in self.cases()]
        for several in zip(*map(list, rows), strict=False):
            sentences = {sentence for sentence, _ in several}
            if len(sentences) == 1:
                changed = [arguments for _, arguments in several]
                found.append((sentences.pop(), self._observe(self.reference, changed)))
        return [(sentence, seen) for sentence, seen in found if not _stops(seen)]

    def _observe(self, answer: Any, data: list[tuple] | None = None) -> list[Any] | str:
        """What the answer does on each data set, or a sentence where it cannot be tried."""
        wanted = inspect.signature(self.reference)
        if not callable(answer):
            return (
                f"a function {self.name}{wanted} was expected, {describe(answer)} came: hand over "
                f"the function itself, {self.name}.check({self.name})"
            )
        seen = []
        tried = self.cases() if data is None else data
        for arguments, before in zip(tried, self.cases(), strict=True):
            try:
                inspect.signature(answer).bind(*arguments)
            except TypeError:
                yours = inspect.signature(answer)
                return f"the function must take the arguments {wanted}, yours takes {yours}"
            except ValueError:
                pass  # something built in, which does not tell what it takes
            try:
                seen.append((self.probe or call)(answer, *arguments))
            except Unusable as complaint:
                return str(complaint)
            except (Exception, SystemExit) as error:
                seen.append(raised(error, answer))
            if (
                self.probe is None
                and data is None
                and (changed := self._changed(arguments, before))
            ):
                return changed
        return seen

    @cached_property
    def _names(self) -> list[str]:
        """The names of what a data set holds: a probe may take other things than the answer."""
        [*names] = inspect.signature(self.probe or self.reference).parameters
        names = names[self.probe is not None :]
        return names + names[-1:] * len(self.cases()[0])  # the last may be *several

    def _changed(self, arguments: tuple, before: tuple) -> str:
        for name, was, now in zip(self._names, before, arguments, strict=False):
            if isinstance(was, Tensor) and not same(now, was):
                return (
                    f"your function changes its argument {name}, and with it the caller's data: "
                    "make a new tensor (no -=, *=, or names that end in _)"
                )
        return ""

    # What is said of it

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
        if self._always_the_same(seen):
            return f"{CONSTANT}{value}"
        for number in wrong:
            if raises(seen[number]):
                return f"{seen[number].sentence}\n   It happened in {self._call_text(number)}."
            if problem := other_kind(seen[number], expected[number]):
                value = self._side_by_side(seen[number], expected[number], number)
                told = self._told(self.slips, seen, wrong) or self._relative(seen) or problem
                return f"{told}{value}"
        right = len(seen) - len(wrong)
        how = "" if right else pattern(seen, expected)
        loose = how.endswith("the others are")
        words = (
            rounded([seen[i] for i in wrong], [expected[i] for i in wrong])
            or self._told(self.slips, seen, wrong)
            or self._unused(answer, seen)
            or ("" if loose else how)
            or self._relative(seen)
            or self._told(self.otherwise, seen, wrong)
            or how
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
        first, *more = ([*told(seen[number], *data[number])] for number in wrong)
        return next((words for words in first if all(words in others for others in more)), "")

    def _unused(self, answer: Any, seen: list[Any]) -> str:
        """Words for an argument that makes no difference to the answer, though it should."""
        data = self.cases()
        if not self.kin or len({len(row) for row in data}) > 1:
            return ""
        for place, name in enumerate(self._names[: len(data[0])]):
            changed = [
                (*row[:place], another(row[place], data[number - 1][place]), *row[place + 1 :])
                for number, row in enumerate(data)
            ]
            yours, true = self._observe(answer, changed), self._observe(self.reference, changed)
            if _stops(yours) or _stops(true) or any(map(alike, true, self._expected)):
                continue
            if all(map(alike, yours, seen)):
                return (
                    f"{name} makes no difference to your answer: is it forgotten, or is a number "
                    "built in for it?"
                )
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
        else:
            digits = 6 if show(came) != show(expected) else 12
            lines.append(f"your value: {show(came, digits)}")
            lines.append(f"true value: {show(expected, digits)}")
        return "\n   ".join(lines)


def _stops(seen: list[Any] | str) -> bool:
    """Could something not be tried, or did it end with an error?"""
    return isinstance(seen, str) or any(map(raises, seen))


def exercise(**facts: Any) -> Callable[[Callable], Function]:
    """Turn the function below the decorator into the exercise whose right answer it is."""
    return lambda reference: Function(name=reference.__name__, reference=reference, **facts)
