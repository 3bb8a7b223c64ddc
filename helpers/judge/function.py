"""A question whose answer is a function: it is tried on several data sets beside the reference.

If everything that was seen agrees with the reference, the answer is right. If it agrees with a
known mistake instead, the sentence of that mistake says what happened. Otherwise the difference is
described.
"""

import ast
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from torch import Tensor

from .compare import CLUE, alike, numbers_of, raises, same
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
    replacements in the source of the reference that make it.
    """

    cases: Callable[[], list[tuple]]
    probe: Callable[..., Any] | None = None

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
        namespace = dict(self.reference.__globals__)
        exec(compile(self.mistake_source(sentence), f"<wrong {self.name}>", "exec"), namespace)
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
        _ = self._expected

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
        return {sentence: self._observe(wrong) for sentence, wrong in self.mistakes.items()}

    def _observe(self, answer: Any) -> list[Any] | str:
        """What the answer does on each data set, or a sentence where it cannot be tried."""
        wanted = inspect.signature(self.reference)
        if not callable(answer):
            return (
                f"a function {self.name}{wanted} was expected, {describe(answer)} came: hand over "
                f"the function itself, {self.name}.check({self.name})"
            )
        seen = []
        for number, arguments in enumerate(self.cases()):
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
            if self.probe is None and (changed := self._changed(arguments, number)):
                return changed
        return seen

    def _changed(self, arguments: tuple, number: int) -> str:
        names = [*inspect.signature(self.reference).parameters]
        names += names[-1:] * len(arguments)  # the last may be *several
        for name, before, after in zip(names, self.cases()[number], arguments, strict=False):
            if isinstance(before, Tensor) and not same(after, before):
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
        return not_yet(self._explain(seen, expected))

    def _explain(self, seen: list[Any], expected: list[Any]) -> str:
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
        if raises(seen[first]):
            return f"{seen[first].sentence}\n   It happened in {self._call_text(first)}."
        if self._always_the_same(seen):
            return f"{CONSTANT}{value}"
        if problem := other_kind(seen[first], expected[first]):
            return f"{problem}{value}"
        near = rounded([seen[i] for i in wrong], [expected[i] for i in wrong])
        if near:
            return f"{near}{value}"
        right = len(seen) - len(wrong)
        how_many = f"right on {right} of {len(seen)} data sets, wrong here" if right else ""
        off = pattern(seen, expected) if not right else ""
        return f"{off or how_many or 'this value is not right'}{value}"

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
        names, arguments = inspect.signature(self.reference).parameters, self.cases()[number]
        if len(names) < len(arguments):  # the last is *several
            shown = map(show, arguments)
        else:
            shown = [f"{n}={show(a)}" for n, a in zip(names, arguments, strict=False)]
        return f"{self.name}({', '.join(shown)})"

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


def exercise(**facts: Any) -> Callable[[Callable], Function]:
    """Turn the function below the decorator into the exercise whose right answer it is."""
    return lambda reference: Function(name=reference.__name__, reference=reference, **facts)
