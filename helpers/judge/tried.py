"""Trying a function: what it does on each data set, beside its reference, its mistakes, its kin."""

import ast
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from torch import Tensor

from .compare import alike, raises, same
from .kin import COMES_OUT, as_if, relatives
from .pattern import Facts, facts
from .question import Question
from .running import Unusable, call, quiet, raised
from .verdict import Fault
from .way import steps, written_out
from .words import argument_changed, describe


@dataclass(eq=False, kw_only=True)
class Tried(Question):
    """The right function is `reference`.

    `cases` makes the data sets, as tuples of arguments, afresh at each call: nothing that an answer
    does to them can reach the judge. `probe(answer, *arguments)` returns what is to be compared; by
    default that is the result of the call. `wrong` maps the sentence for a known mistake to the
    replacements in the source of the reference that make it. Unless `kin` is False (where each try
    is slow), answers are also held against relatives of the reference that nobody wrote down.
    """

    cases: Callable[[], list[tuple]]
    probe: Callable[..., Any] | None = None
    kin: bool = True

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
        expected = self._try_again(self.reference)
        stopped = [seen.sentence for seen in expected if raises(seen)]
        if isinstance(expected, str) or stopped:
            what = expected if isinstance(expected, str) else stopped[0]
            raise Fault(f"{self.name}: its reference or probe does not work: {what}")
        return expected

    @cached_property
    def _mistakes_seen(self) -> dict[str, list[Any]]:
        found = {sentence: self._try_again(wrong) for sentence, wrong in self.mistakes.items()}
        for sentence, seen in found.items():
            if any(raises(each) and each.kind == "NameError" for each in seen):
                raise Fault(f"{self.name}: the mistake {sentence!r} uses a name that is not there")
        return found

    def _try_again(self, answer: Any, data: list[tuple] | None = None) -> list[Any] | str:
        """Tried without what is printed: it is not the learner's, or was kept the first time."""
        with quiet():
            return self._observe(answer, data)

    @cached_property
    def _relatives(self) -> list[tuple[str, str]]:
        """Changes of the reference as it stands, then of the same in one line."""
        whole = written_out(self.source)
        found = {source: words for words, source in reversed(relatives(whole, True))} | {
            source: words for words, source in reversed(relatives(self.source))
        }
        return [(words, source) for source, words in reversed(found.items())]

    @cached_property
    def _kin_seen(self) -> list[tuple[str, list[Any]]]:
        """What relatives of the reference do, each with the sentence for answers that agree."""
        if not self.kin:
            return []
        found = [
            (sentence, self._try_again(self._compiled(source)))
            for sentence, source in [*self._relatives, *steps(self.source)]
        ]
        rows = [as_if(self._own_names, arguments) for arguments in self.cases()]
        for several in zip(*map(list, rows), strict=False):
            sentences = {sentence for sentence, _ in several}
            if len(sentences) == 1:
                changed = [arguments for _, arguments in several]
                found.append((sentences.pop(), self._try_again(self.reference, changed)))
        return [(sentence, seen) for sentence, seen in found if not stops(seen)]

    def _two_slips(self, seen: list[Any]) -> str:
        """Words for two changes of the reference that give what was seen, together."""
        if not self.kin or re.search(r"^ +(for|while|with) |lstsq", self.source, re.MULTILINE):
            return ""  # each try would take too long, or hand a solver what is no number
        first = self.cases()[:1]
        for words, source in self._pairs:
            answer = self._compiled(source)
            once = self._try_again(answer, first)
            if not stops(once) and alike(seen[0], once[0]):
                every = self._try_again(answer)
                if not stops(every) and all(map(alike, seen, every)):
                    return words
        return ""

    @cached_property
    def _pairs(self) -> list[tuple[str, str]]:
        """Sentences and sources: the reference changed by two slips that are common."""
        single = [(f"{words}, and if", source) for words, source in relatives(self.source, True)]
        found: dict[str, str] = {}
        for words, source in single:
            for more, both in relatives(source, True):
                found.setdefault(both, f"{words} {more.removeprefix(COMES_OUT)}")
        for source in [self.source, *(source for _, source in single)]:
            found.pop(source, None)
        return [(words, source) for source, words in found.items()]

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
        for arguments, before in zip(tried, self.cases(), strict=False):
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
                return argument_changed(name)
        return ""

    @cached_property
    def _own_names(self) -> list[str]:
        """The same with "" for what only a probe takes: the learner does not know it."""
        own = inspect.signature(self.reference).parameters
        return [name if name in own else "" for name in self._names]

    @cached_property
    def _facts(self) -> Facts:
        return facts(self._own_names, self.cases())


def stops(seen: list[Any] | str) -> bool:
    """Could something not be tried, or did it end with an error?"""
    return isinstance(seen, str) or any(map(raises, seen))
