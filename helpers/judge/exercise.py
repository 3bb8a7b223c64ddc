"""An exercise: a question, its right answer, its known wrong ones, and `check` to tell them apart.

An answer is *observed* on several data sets. If everything that was seen agrees with the reference,
it is right. If it agrees with a known mistake instead, the sentence of that mistake says what
happened. Otherwise the judge describes the difference.
"""

import ast
import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from torch import Tensor

from .compare import CLUE, alike, numbers_of, raises, same
from .progress import record
from .running import Unusable, call, raised, sandbox
from .verdict import NOT_STARTED, RIGHT, Verdict, is_open, not_yet, untouched
from .words import (
    assignment,
    describe,
    first_upper,
    in_quotes,
    other_kind,
    pattern,
    printable,
    rounded,
    show,
)

COPIED = "numbers copied from the text: use the arguments"
CONSTANT = "the same value comes back whatever is handed over: which argument is never used?"


@dataclass(eq=False)
class Exercise:
    """A question, its right answer, its known wrong answers, and `check`, which tells them apart.

    `cases` makes the data sets, as tuples of arguments, afresh at each call: nothing that an answer
    does to them can reach the judge. `probe(answer, *arguments)` returns what is to be compared; by
    default that is the result of the call. Without `cases` the answer is a value, not a function.
    `wrong` maps the sentence for a known mistake to the change that makes it: replacements in the
    source of the reference, entries of a dict, or the whole wrong value.
    """

    name: str
    notebook: str
    title: str
    question: str
    difficulty: int
    minutes: int
    hints: Sequence[str]
    reference: Any
    wrong: Mapping[str, Any]
    cases: Callable[[], list[tuple]] | None = None
    probe: Callable[..., Any] | None = None
    stub: str = ""
    moral: str = ""
    _hints_given: int = field(default=0, repr=False)

    def __post_init__(self) -> None:
        if not self.stub:
            self.stub = f"{self.name} = ..."
            if self.is_function:
                arguments = inspect.signature(self.reference)
                self.stub = f"def {self.name}{arguments}:\n    # your code here\n    ..."

    @property
    def is_function(self) -> bool:
        return self.cases is not None

    # What the learner calls

    def check(self, answer: Any = ...) -> None:
        """Say in a sentence whether `answer` is right, and if not, why. Never raises, except while
        nbgrader is marking: it takes an error for a wrong answer and all else for a right one."""
        with sandbox() as said:
            sign, text = self._verdict(answer)
        text = printable(f"{sign} {text}")
        print(text)
        if said.text:
            print(printable("Your code printed:\n" + said.text))
        if sign == RIGHT:
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

    # What tests and tools use

    @cached_property
    def source(self) -> str:
        """The reference as code that can be pasted over the stub."""
        return (
            _source(self.reference) if self.is_function else assignment(self.name, self.reference)
        )

    @cached_property
    def mistakes(self) -> dict[str, Any]:
        """For each sentence an answer that must get it."""
        return {sentence: self._make(change) for sentence, change in self.wrong.items()}

    def mistake_source(self, sentence: str) -> str:
        """A known mistake as code that can be pasted over the stub."""
        if self.is_function:
            return self._altered(self.wrong[sentence])
        return assignment(self.name, self.mistakes[sentence])

    def _make(self, change: Any) -> Any:
        if self.is_function:
            namespace = dict(self.reference.__globals__)
            exec(compile(self._altered(change), f"<wrong {self.name}>", "exec"), namespace)
            return namespace[self.name]
        if isinstance(self.reference, dict):
            return {**self.reference, **change}
        return change

    def _altered(self, change: Mapping[str, str]) -> str:
        head, body = self.source.split("\n", 1)
        for old, new in change.items():
            if (hits := body.count(old)) != 1:
                raise ValueError(f"{self.name}: {old!r} stands {hits} times in the reference")
            body = body.replace(old, new)
        return f"{head}\n{body}"

    # The judge

    def _verdict(self, answer: Any) -> Verdict:
        """One press of Jupyter's stop button ends the whole check, and says so."""
        expected = self._expected  # before the answer is touched: its faults are the author's
        try:
            if untouched(answer, self.stub):
                return Verdict(NOT_STARTED, f"Not started. {self._what_to_do}")
            seen = self._observe(answer)
            if isinstance(seen, str):
                return not_yet(seen)
            if all(map(same, seen, expected)):
                data = f", on all {len(seen)} data sets" if len(seen) > 1 else ""
                return Verdict(RIGHT, f"Right{data}. {self.moral}".rstrip())
        except KeyboardInterrupt:
            return not_yet("the check was stopped. Does a loop never end?")
        except Exception as error:  # an object that bends comparisons, say
            return not_yet(f"this answer cannot be compared ({type(error).__name__})")
        mistakes = self._mistakes_seen  # its faults, too, are the author's
        try:
            return self._explain(seen, mistakes)
        except Exception as error:
            return not_yet(f"this answer cannot be compared ({type(error).__name__})")

    @property
    def _what_to_do(self) -> str:
        if not self.is_function:
            return f"Replace the dots in {self.name} by your answer."
        if "\n    ..." in self.stub:
            return f"Replace the dots in {self.name} by your code."
        return f"{self.name} is still as it was."

    @cached_property
    def _expected(self) -> list[Any]:
        """What the reference does. If it raises, that is its author's fault and said so."""
        expected = self._observe(self.reference)
        stopped = [seen.sentence for seen in expected if raises(seen)]
        if isinstance(expected, str) or stopped:
            what = expected if isinstance(expected, str) else stopped[0]
            raise RuntimeError(f"{self.name}: its reference or probe does not work: {what}")
        return expected

    @cached_property
    def _mistakes_seen(self) -> dict[str, list[Any]]:
        return {sentence: self._observe(wrong) for sentence, wrong in self.mistakes.items()}

    def _observe(self, answer: Any) -> list[Any] | str:
        """What the answer does on each data set, or a sentence where it cannot be tried."""
        if not self.is_function:
            return [answer]
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

    def _explain(self, seen: list[Any], mistakes: dict[str, list[Any]]) -> Verdict:
        """Why the observations are wrong: a known mistake, or else the difference in words."""
        expected = self._expected
        if not self.is_function and isinstance(seen[0], dict) and isinstance(self.reference, dict):
            return self._explain_parts(seen[0])
        pairs = enumerate(zip(seen, expected, strict=True))
        wrong = [number for number, pair in pairs if not same(*pair)]
        first = wrong[0]
        value = self._side_by_side(seen[first], expected[first], first)
        for sentence, mistake in mistakes.items():
            if all(map(alike, seen, mistake)):
                if raises(seen[first]):
                    value = f"\n   {first_upper(seen[first].sentence)}."
                return not_yet(f"{sentence}{value}")
        if raises(seen[first]):
            return not_yet(f"{seen[first].sentence}\n   It happened in {self._call_text(first)}.")
        if self._always_the_same(seen):
            return not_yet(f"{CONSTANT}{value}")
        if problem := other_kind(seen[first], expected[first]):
            return not_yet(f"{problem}{value}")
        near = rounded([seen[i] for i in wrong], [expected[i] for i in wrong])
        if self.is_function and near:
            return not_yet(f"{near}{value}")
        right = len(seen) - len(wrong)
        how_many = f"right on {right} of {len(seen)} data sets, wrong here" if right else ""
        # Of a single value the pattern would give the true one away.
        off = pattern(seen, expected) if self.is_function and not right else ""
        return not_yet(f"{off or how_many or 'this value is not right'}{value}")

    def _always_the_same(self, seen: list[Any]) -> bool:
        """Did the same finite numbers come back, whatever the arguments?"""
        values = numbers_of(seen[0])
        return (
            len(seen) > 1
            and bool(values)
            and all(bool(value.isfinite().all()) for value in values)
            and all(alike(seen[0], other) for other in seen[1:])
        )

    def _explain_parts(self, answer: dict) -> Verdict:
        """A wrong or unfinished dict: look at each entry for itself."""
        missing = [key for key in self.reference if key not in answer]
        if missing:
            return not_yet(
                f"the entry {missing[0]!r} is missing; expected are {', '.join(self.reference)}."
            )
        wrong = {k: v for k, v in answer.items() if k in self.reference and not is_open(v)}
        wrong = {k: v for k, v in wrong.items() if not same(v, self.reference[k])}
        for sentence, change in self.wrong.items():
            if all(key in wrong and same(wrong[key], value) for key, value in change.items()):
                more = f"\n   {len(wrong)} entries are not right yet." if len(wrong) > 1 else ""
                return not_yet(f"{sentence}{more}")
        for key, value in wrong.items():
            either = {tuple, str} <= set(map(type, self.reference.values()))
            problem = in_quotes(value) if either else other_kind(value, self.reference[key])
            return not_yet(f"{problem or f'{show(value)} is not right'}, in {key!r}.")
        still_open = [str(key) for key in self.reference if is_open(answer[key])]
        if still_open:
            return Verdict(NOT_STARTED, f"So far, so good. Still open: {', '.join(still_open)}.")
        surplus = [str(key) for key in answer if key not in self.reference]
        return not_yet(f"nobody asked for the entry {surplus[0]!r}.")

    def _call_text(self, number: int) -> str:
        names, arguments = inspect.signature(self.reference).parameters, self.cases()[number]
        if len(names) < len(arguments):  # the last is *several
            shown = map(show, arguments)
        else:
            shown = [f"{n}={show(a)}" for n, a in zip(names, arguments, strict=False)]
        return f"{self.name}({', '.join(shown)})"

    def _side_by_side(self, came: Any, expected: Any, number: int) -> str:
        if not self.is_function:
            if isinstance(came, Tensor | int | float | str | tuple | list):
                return f"\n   Your value: {show(came)}"  # the true one would give it away
            return ""
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


def exercise(**facts: Any) -> Callable[[Callable], Exercise]:
    """Turn the function below the decorator into the exercise whose right answer it is."""
    return lambda reference: Exercise(name=reference.__name__, reference=reference, **facts)


def _source(function: Callable) -> str:
    """The text of a function without its decorator."""
    text = inspect.getsource(function)
    [definition] = ast.parse(text).body
    return "\n".join(text.splitlines()[definition.lineno - 1 : definition.end_lineno])
