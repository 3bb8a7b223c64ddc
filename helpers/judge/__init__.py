"""How an exercise answers back: it runs the answer, compares it and finds the words.

Nothing here belongs to one exercise. An answer is *observed* on several data sets. If everything
that was seen agrees with the reference, it is right. If it agrees with a known mistake instead, the
sentence of that mistake says what happened. Otherwise the judge describes the difference.

Three signs begin what is printed: "✔" right, "✘" not yet, "…" not started.
"""

import ast
import contextlib
import ctypes
import dis
import inspect
import io
import itertools
import json
import linecache
import os
import random
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import torch
from torch import Tensor

RIGHT, NOT_YET, NOT_STARTED = "✔", "✘", "…"
PATIENCE = 60  # seconds for what the judge does without the learner's code
COPIED = "numbers copied from the text: use the arguments"
SEVERAL = set | frozenset | list | tuple  # what may come where a set is expected
# The number to find with a widget: right from the first to the second; a lesson, a hint.
Target = tuple[float, float, str, str]
CLUE = "clue: "  # an observation that helps to name a mistake, but that a right answer is free in


class TooLong(BaseException):
    """Raised inside an answer that does not end. No `except Exception` of a learner catches it."""


class Unusable(Exception):
    """The answer came back with something that cannot be looked at; the text says what."""


@dataclass
class Raised:
    """The learner's code stopped with an error."""

    kind: str
    message: str
    place: str

    @property
    def sentence(self) -> str:
        message = f": {self.message}" if self.message else ""
        return f"your code stopped with {self.kind}{message}{self.place}"


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
    limit: float = 5.0  # seconds of computing
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
        with _sandbox() as said:
            sign, text = self._verdict(answer)
        text = _printable(f"{sign} {text}")
        print(text)
        if said.text:
            print(_printable("Your code printed:\n" + said.text))
        if sign == RIGHT:
            _record(self.name)
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
        return _source(self.reference) if self.is_function else _assign(self.name, self.reference)

    @cached_property
    def mistakes(self) -> dict[str, Any]:
        """For each sentence an answer that must get it."""
        return {sentence: self._make(change) for sentence, change in self.wrong.items()}

    def mistake_source(self, sentence: str) -> str:
        """A known mistake as code that can be pasted over the stub."""
        if self.is_function:
            return self._altered(self.wrong[sentence])
        return _assign(self.name, self.mistakes[sentence])

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
            if old not in body:
                raise ValueError(f"{self.name}: there is no {old!r} in the reference")
            body = body.replace(old, new)
        return f"{head}\n{body}"

    # The judge

    def _verdict(self, answer: Any) -> tuple[str, str]:
        """The sign and the sentence."""
        try:
            if _limited(lambda: _untouched(answer, self.stub), self.limit):
                return NOT_STARTED, f"Not started. {self._what_to_do}"
            expected = self._expected
            seen = _limited(lambda: self._observe(answer), self.limit)
            if isinstance(seen, str):
                problem = seen
            elif _limited(lambda: all(map(_same, seen, expected)), self.limit):
                data = f", on all {len(seen)} data sets" if len(seen) > 1 else ""
                return RIGHT, f"Right{data}. {self.moral}".rstrip()
            else:
                problem = _limited(lambda: self._explain(seen), PATIENCE)
        except TooLong as late:
            problem = (
                f"your code was still running after {late.args[0]:.2g} seconds and was stopped: "
                "does a loop never end?"
            )
        except KeyboardInterrupt:
            problem = "the check was interrupted"
        except BaseException as error:
            problem = f"this answer cannot be compared ({type(error).__name__})"
        if problem.startswith(NOT_STARTED):
            return NOT_STARTED, problem[2:]
        first, *more = problem.split("\n", 1)
        stop = "" if first.endswith((".", "?")) else "."
        return NOT_YET, "\n".join([f"Not yet: {first}{stop}", *more])

    @property
    def _what_to_do(self) -> str:
        if not self.is_function:
            return f"Replace the dots in {self.name} by your answer."
        if "\n    ..." in self.stub:
            return f"Replace the dots in {self.name} by your code."
        return f"{self.name} is still as it was."

    @cached_property
    def _expected(self) -> list[Any]:
        expected = _limited(lambda: self._observe(self.reference), PATIENCE)
        if isinstance(expected, str):
            raise RuntimeError(f"{self.name}: the reference does not work: {expected}")
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
                f"a function {self.name}{wanted} was expected, {_describe(answer)} came: hand over "
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
                seen.append((self.probe or _call)(answer, *arguments))
            except TooLong:
                raise
            except Unusable as complaint:
                return str(complaint)
            except BaseException as error:
                seen.append(_raised(error, answer))
            if self.probe is None and (changed := self._changed(arguments, number)):
                return changed
        return seen

    def _changed(self, arguments: tuple, number: int) -> str:
        names = [*inspect.signature(self.reference).parameters]
        names += names[-1:] * len(arguments)  # the last may be *several
        for name, before, after in zip(names, self.cases()[number], arguments, strict=False):
            if isinstance(before, Tensor) and not _same(after, before):
                return (
                    f"your function changes its argument {name}, and with it the caller's data: "
                    "make a new tensor (no -=, *=, or names that end in _)"
                )
        return ""

    def _explain(self, seen: list[Any]) -> str:
        """Why the observations are wrong: a known mistake, or else the difference in words."""
        expected = self._expected
        if not self.is_function and isinstance(seen[0], dict) and isinstance(self.reference, dict):
            return self._explain_parts(seen[0])
        pairs = enumerate(zip(seen, expected, strict=True))
        wrong = [number for number, pair in pairs if not _same(*pair)]
        first = wrong[0]
        value = self._side_by_side(seen[first], expected[first], first)
        for sentence, mistake in self._mistakes_seen.items():
            if all(map(_alike, seen, mistake)):
                raised = (
                    f"\n   {_first_upper(seen[first].sentence)}." if _raises(seen[first]) else ""
                )
                return f"{sentence}{raised or value}"
        if _raises(seen[first]):
            return f"{seen[first].sentence}\n   It happened in {self._call_text(first)}."
        if self._always_the_same(seen):
            return f"{COPIED}{value}"
        if problem := _other_kind(seen[first], expected[first]):
            return f"{problem}{value}"
        near = _rounded([seen[i] for i in wrong], [expected[i] for i in wrong])
        if self.is_function and near:
            return f"{near}{value}"
        right = len(seen) - len(wrong)
        how_many = f"right on {right} of {len(seen)} data sets, wrong here" if right else ""
        # Of a single value the pattern would give the true one away.
        pattern = _pattern(seen, expected) if self.is_function and not right else ""
        return f"{pattern or how_many or 'this value is not right'}{value}"

    def _always_the_same(self, seen: list[Any]) -> bool:
        """Did the same finite numbers come back, whatever the arguments?"""
        values = _numbers_of(seen[0])
        return (
            len(seen) > 1
            and bool(values)
            and all(bool(value.isfinite().all()) for value in values)
            and all(_alike(seen[0], other) for other in seen[1:])
        )

    def _explain_parts(self, answer: dict) -> str:
        """A wrong or unfinished dict: look at each entry for itself."""
        missing = [key for key in self.reference if key not in answer]
        if missing:
            return f"the entry {missing[0]!r} is missing; expected are {', '.join(self.reference)}."
        wrong = {k: v for k, v in answer.items() if k in self.reference and not _open(v)}
        wrong = {k: v for k, v in wrong.items() if not _same(v, self.reference[k])}
        for sentence, change in self.wrong.items():
            if all(key in wrong and _same(wrong[key], value) for key, value in change.items()):
                more = f"\n   {len(wrong)} entries are not right yet." if len(wrong) > 1 else ""
                return f"{sentence}{more}"
        for key, value in wrong.items():
            problem = _other_kind(value, self.reference[key])
            if {tuple, str} <= set(map(type, self.reference.values())):
                problem = ""  # which of them it is belongs to the question
            return f"{problem or f'{_show(value)} is not right'}, in {key!r}."
        still_open = [str(key) for key in self.reference if _open(answer[key])]
        if still_open:
            return f"{NOT_STARTED} So far, so good. Still open: {', '.join(still_open)}."
        surplus = [str(key) for key in answer if key not in self.reference]
        return f"nobody asked for the entry {surplus[0]!r}."

    def _call_text(self, number: int) -> str:
        names, arguments = inspect.signature(self.reference).parameters, self.cases()[number]
        if len(names) < len(arguments):  # the last is *several
            shown = map(_show, arguments)
        else:
            shown = [f"{n}={_show(a)}" for n, a in zip(names, arguments, strict=False)]
        return f"{self.name}({', '.join(shown)})"

    def _side_by_side(self, came: Any, expected: Any, number: int) -> str:
        if not self.is_function:
            if isinstance(came, Tensor | int | float | str | tuple | list):
                return f"\n   Your value: {_show(came)}"  # the true one would give it away
            return ""
        lines = [f"\n   {self._call_text(number)}"]
        if isinstance(expected, dict) and isinstance(came, dict):
            for key, true in expected.items():
                if not key.startswith(CLUE) and not _same(came.get(key), true):
                    lines.append(f"{key}: yours {_show(came.get(key))}, expected {_show(true)}")
        else:
            digits = 6 if _show(came) != _show(expected) else 12
            lines.append(f"your value: {_show(came, digits)}")
            lines.append(f"true value: {_show(expected, digits)}")
        return "\n   ".join(lines)


def exercise(**facts: Any) -> Callable[[Callable], Exercise]:
    """Turn the function below the decorator into the exercise whose right answer it is."""
    return lambda reference: Exercise(name=reference.__name__, reference=reference, **facts)


# Running an answer


def _call(answer: Callable, *arguments: Any) -> Any:
    return answer(*arguments)


class _Work(threading.Thread):
    """Does `work()` in a thread of its own, on every system: autograd starts there in its normal
    state, whatever the notebook has switched off, and what does not end can be stopped."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.work = work
        self.outcome: tuple[str, Any] | None = None
        self._lock = threading.Lock()

    def run(self) -> None:
        try:
            try:
                outcome = "result", self.work()
            except BaseException as error:
                outcome = "error", error
            self._note(outcome)
        except TooLong as error:  # one more, while the first was being noted
            self._note(("error", error))

    def _note(self, outcome: tuple[str, Any]) -> None:
        with self._lock:
            self.outcome = outcome
            self._will_raise(None)  # none may be left to come out where nothing catches it

    def stop(self) -> None:
        """Raise TooLong inside, again and again: a bare `except` in a loop swallows many."""
        while self.is_alive():
            with self._lock:
                if self.outcome:
                    return
                self._will_raise(TooLong)
            self.join(0.02)

    def _will_raise(self, error: type[BaseException] | None) -> None:
        what = None if error is None else ctypes.py_object(error)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.ident), what)


def _limited(work: Callable[[], Any], seconds: float) -> Any:
    """The result of `work()`, or TooLong(how many seconds it had).

    On a machine that many share, work gets its seconds of computing even if they take longer, up
    to four times as long.
    """
    start, computed = time.monotonic(), time.process_time()
    thread = _Work(work)
    thread.start()
    try:
        thread.join(seconds)
        while (
            thread.is_alive()
            and time.process_time() - computed < seconds
            and time.monotonic() - start < 4 * seconds
        ):
            thread.join(0.1)
        waited = time.monotonic() - start
    finally:  # also when someone interrupts the kernel while it waits
        if thread.is_alive():
            stopper = threading.Thread(target=thread.stop, daemon=True)
            stopper.start()
            stopper.join(1)  # it goes on in the background: an endless loop slows everything down
    kind, value = thread.outcome or ("error", TooLong())
    if isinstance(value, TooLong):
        raise TooLong(waited)
    if kind == "error":
        raise value
    return value


class _Said(io.TextIOBase):
    """Keeps the beginning of what is printed, however much it is."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        if len(self.text) < 1000:
            self.text += text[:1000]
            if len(self.text) >= 1000:
                self.text += " ... (and more)"
        return len(text)


@contextlib.contextmanager
def _sandbox() -> Iterator[_Said]:
    """Undo what an answer does to PyTorch's and Python's settings, and keep what it prints."""
    said = _Said()
    dtype, grad = torch.get_default_dtype(), torch.is_grad_enabled()
    torch_numbers, python_numbers = torch.get_rng_state(), random.getstate()
    try:
        torch.set_default_dtype(torch.float64)
        with (
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
            warnings.catch_warnings(),
        ):
            yield said
    finally:
        torch.set_default_dtype(dtype)
        torch.set_grad_enabled(grad)
        torch.set_rng_state(torch_numbers)
        random.setstate(python_numbers)


def _raised(error: BaseException, answer: Any) -> Raised:
    code = getattr(answer, "__code__", None)
    place = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        if code is not None and frame.f_code.co_filename == code.co_filename:
            inner = frame.f_code
            text = linecache.getline(inner.co_filename, line).strip()
            place = f", in line {line - inner.co_firstlineno + 1} of {inner.co_name}"
            place += f": {text}" if text else ""
    try:
        message = " ".join(str(error).split()).rstrip(".")
    except Exception:
        message = ""
    return Raised(type(error).__name__, message[:200], place[:200])


def _untouched(answer: Any, stub: str) -> bool:
    """Is this the stub, as the notebook or nbgrader wrote it?"""
    if answer is ... or (answer is None and not stub.startswith("def ")):
        return True
    if isinstance(answer, dict | tuple | list) and len(answer) > 0:
        values = answer.values() if isinstance(answer, dict) else answer
        return all(map(_open, itertools.islice(values, 100)))
    if not isinstance(answer, FunctionType):
        return False
    code = answer.__code__
    steps = [i for i in dis.get_instructions(code) if i.opname not in ("RESUME", "NOP")]
    if len(steps) <= 2 and all(i.argval in (None, ...) for i in steps):
        return True  # does nothing, returns None or dots
    if code.co_names == ("NotImplementedError",) and steps[-1].opname == "RAISE_VARARGS":
        return True
    if stub.startswith("def "):
        namespace: dict[str, Any] = {}
        exec(stub, namespace)
        given = next(f for f in namespace.values() if isinstance(f, FunctionType))
        return _steps(code) == _steps(given.__code__)
    return False


def _open(value: Any) -> bool:
    """Is this a place that waits for an answer?"""
    return value is ... or value is None


def _steps(code: CodeType) -> list[str]:
    """What a function's code names, in order: names, constants, operators, but no addresses."""
    shown = (step.argrepr.removeprefix("NULL + ") for step in dis.get_instructions(code))
    return [text for text in shown if text and not text.startswith("to ")]


# Comparing


def numbers(value: Any) -> Tensor | None:
    """`value` as a tensor of numbers without its graph, or None if it is not made of numbers."""
    if isinstance(value, Tensor):
        ordinary = type(value) in (Tensor, torch.nn.Parameter)  # others may bend the comparison
        if not ordinary or value.dtype == torch.bool or value.is_complex():
            return None
        return value.detach().to(torch.float64)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return torch.tensor(float(value), dtype=torch.float64)
    if isinstance(value, tuple | list):
        parts = [numbers(part) for part in value]
        if parts and all(p is not None and p.shape == parts[0].shape for p in parts):
            return torch.stack(parts)
        return None
    if type(value).__module__ == "numpy":
        return numbers(value.tolist())
    return None


def _same(came: Any, expected: Any) -> bool:
    """Does what came say the same as what was expected?"""
    if isinstance(expected, Mapping):
        if not isinstance(came, Mapping) or came.keys() != expected.keys():
            return False
        return all(key.startswith(CLUE) or _same(came[key], expected[key]) for key in expected)
    if isinstance(expected, bool):
        if isinstance(came, Tensor):
            return came.dtype == torch.bool and came.ndim == 0 and bool(came) == expected
        return type(came).__name__ in ("bool", "bool_") and bool(came) == expected
    if expected is None:
        return came is None
    if isinstance(expected, str):
        return isinstance(came, str) and _plain(came) == _plain(expected)
    if isinstance(expected, set):
        return isinstance(came, SEVERAL) and set(map(_plain, came)) == set(map(_plain, expected))
    if isinstance(expected, tuple):
        if isinstance(came, Tensor) and came.ndim > 0:
            came = list(came)
        return (
            isinstance(came, tuple | list)
            and len(came) == len(expected)
            and all(map(_same, came, expected))
        )
    true, yours = numbers(expected), numbers(came)
    return (
        true is not None
        and yours is not None
        and true.shape == yours.shape
        and torch.allclose(yours, true, rtol=1e-6, atol=1e-9)
    )


def _plain(value: Any) -> Any:
    """A text without what does not matter in it."""
    return value.strip().casefold() if isinstance(value, str) else value


def _alike(came: Any, other: Any) -> bool:
    """Are two observations the same, clues included? Two errors are if they say the same."""
    if _raises(came) or _raises(other):
        return (
            _raises(came)
            and _raises(other)
            and (came.kind, came.message) == (other.kind, other.message)
        )
    if isinstance(other, Mapping) and isinstance(came, Mapping):
        return came.keys() == other.keys() and all(_alike(came[key], other[key]) for key in other)
    return _same(came, other)


def _raises(seen: Any) -> bool:
    return isinstance(seen, Raised)


# Finding words


def _other_kind(came: Any, expected: Any) -> str:
    """What is wrong before any number is: the type, the shape, a value that is no number."""
    if isinstance(expected, Mapping):
        if not isinstance(came, Mapping):
            return f"a dict was expected, {_describe(came)} came"
        pairs = ((came.get(key), true) for key, true in expected.items())
        return next((words for pair in pairs if (words := _other_kind(*pair))), "")
    if came is None and expected is not None:
        return "None came back: is a return missing?"
    if isinstance(expected, bool):
        return (
            "" if isinstance(came, bool) else f"True or False was expected, {_describe(came)} came"
        )
    if isinstance(expected, str):
        return "" if isinstance(came, str) else f"a text was expected, {_describe(came)} came"
    if isinstance(expected, set):
        return "" if isinstance(came, SEVERAL) else f"a set was expected, {_describe(came)} came"
    if isinstance(expected, tuple):
        whole = numbers(expected)
        if isinstance(came, Tensor) and whole is not None and came.ndim == whole.ndim:
            came = list(came)
        if not isinstance(came, tuple | list):
            return f"{len(expected)} values were expected, {_describe(came)} came"
        if len(came) != len(expected):
            return f"{len(expected)} values were expected, {len(came)} came"
        return next(
            (
                f"value {number} of {len(expected)}: {words}"
                for number, pair in enumerate(zip(came, expected, strict=True), 1)
                if (words := _other_kind(*pair))
            ),
            "",
        )
    true, yours = numbers(expected), numbers(came)
    if true is None:
        return ""
    what = "a number" if true.ndim == 0 else f"a tensor of shape {tuple(true.shape)}"
    if yours is None:
        return f"{what} was expected, {_describe(came)} came"
    if yours.shape != true.shape:
        shape = f"shape {tuple(yours.shape)}" if yours.ndim else "a single number"
        return f"{what} was expected, {shape} came"
    if not torch.isfinite(yours).all():
        return "your value is not finite: was something divided by zero, or did it run away?"
    return ""


def _rounded(seen: Sequence[Any], expected: Sequence[Any]) -> str:
    """Words for numbers that are all nearly right, as after rounding to four decimals."""
    for came, true in zip(map(_numbers_of, seen), map(_numbers_of, expected), strict=True):
        if came is None or true is None or [x.shape for x in came] != [x.shape for x in true]:
            return ""
        pairs = [*zip(came, true, strict=True)]
        near = all(torch.allclose(*pair, rtol=1e-3, atol=5.1e-5) for pair in pairs)
        if not near or all(_same(*pair) for pair in pairs):  # or what differs is no number
            return ""
    return "your value is nearly right; was something rounded, or computed in float32?"


def _pattern(seen: list[Any], expected: list[Any]) -> str:
    """A rule in how far the values are off: a factor, a sign, a constant, one of several parts."""
    parts = [
        (_numbers_of(came), _numbers_of(true)) for came, true in zip(seen, expected, strict=True)
    ]
    if any(came is None or true is None or len(came) != len(true) for came, true in parts):
        return ""
    columns = list(zip(*(zip(came, true, strict=True) for came, true in parts), strict=False))
    off = [
        number
        for number, column in enumerate(columns, 1)
        if not all(_same(came, true) for came, true in column)
    ]
    if not off:
        return ""  # what differs is no number
    words = []
    for number in off:
        came, true = (
            torch.cat([x.flatten() for x in side])
            for side in zip(*columns[number - 1], strict=True)
        )
        ratio, difference = (came / true)[true.abs() > 1e-9], came - true
        if len(ratio) and torch.allclose(ratio, ratio[0], rtol=1e-6, atol=0):
            times = ratio.mean().item()
            word = {-1.0: "has the wrong sign", 0.0: "is always 0"}.get(round(times, 6))
            words.append(word or f"is {times:.4g} times the true one")
        elif torch.allclose(difference, difference[0], rtol=1e-6, atol=0):
            words.append(f"is always off by {difference.mean().item():.4g}")
        else:
            words.append("")
    if not any(words):
        return f"value {off[0]} is not right, the others are" if len(off) < len(columns) else ""
    if len(columns) == 1:
        [word] = words
        return f"your value {word}"
    return ", and ".join(f"value {n} {w}" for n, w in zip(off, words, strict=True) if w)


def _numbers_of(value: Any) -> list[Tensor] | None:
    """The tensors in an observation, in order."""
    if isinstance(value, Mapping):
        value = [v for k, v in value.items() if not k.startswith(CLUE) and not isinstance(v, bool)]
    values = list(value) if isinstance(value, tuple | list) else [value]
    tensors = [numbers(v) for v in values]
    return None if any(t is None for t in tensors) else tensors


def _show(value: Any, digits: int = 6) -> str:
    """A value, short enough for a line."""
    if callable(value):
        return getattr(value, "__name__", type(value).__name__)
    if isinstance(value, bool | str) or value is None:
        return repr(value)[:80]
    if isinstance(value, set):
        return "{" + ", ".join(sorted(map(repr, value))[:12]) + "}"
    if isinstance(value, tuple | list) and len(value) <= 6:
        return "(" + ", ".join(_show(entry, digits) for entry in value) + ")"
    tensor = numbers(value)
    if tensor is None:
        return _describe(value)
    if tensor.ndim == 0:
        return f"{tensor.item():.{digits}g}"
    if tensor.ndim == 1 and len(tensor) <= 12:
        return "(" + ", ".join(f"{number:.{digits}g}" for number in tensor.tolist()) + ")"
    return f"a tensor of shape {tuple(tensor.shape)}"


def _describe(value: Any) -> str:
    """What kind of thing a value is, for someone who expected another."""
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, Tensor):
        return f"a tensor of shape {tuple(value.shape)} and type {value.dtype}"
    if isinstance(value, str):
        return f"the text {value[:40]!r}"
    if isinstance(value, int | float):
        return f"the number {value:.6g}"
    if isinstance(value, tuple | list | set | dict):
        return f"a {type(value).__name__} of length {len(value)}"
    if isinstance(value, FunctionType):
        return "a function (was it meant to be called?)"
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} object of type {name}"


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _source(function: Callable) -> str:
    """The text of a function without its decorator."""
    text = inspect.getsource(function)
    [definition] = ast.parse(text).body
    return "\n".join(text.splitlines()[definition.lineno - 1 : definition.end_lineno])


def _assign(name: str, value: Any) -> str:
    if not isinstance(value, dict):
        return f"{name} = {_literal(value)}"
    entries = (f"    {_literal(key)}: {_literal(entry)},\n" for key, entry in value.items())
    return f"{name} = {{\n{''.join(entries)}}}"


def _literal(value: Any) -> str:
    """A value as Python writes it, the same in every run and with ruff's quotes."""
    if isinstance(value, set):
        return "{" + ", ".join(map(_literal, sorted(value))) + "}"
    return json.dumps(value) if isinstance(value, str) else repr(value)


# A number that was found with a widget


def check_number(answer: Any, target: Callable[[], Target]) -> str:
    """A sentence that begins with "✔", "✘" or "…": right, not yet, not started.

    `target()` is called only where there is a number: it may have to train to know.
    """
    if answer is None:
        return f"{NOT_STARTED} Not answered yet: write the number that you found in place of None."
    if isinstance(answer, Tensor) and answer.numel() == 1:
        answer = answer.item()
    if not isinstance(answer, int | float) or isinstance(answer, bool):
        return f"{NOT_YET} {answer!r} is not a number: write one, such as 1.5 or 2e-3."
    low, high, lesson, hint = target()
    if low <= answer <= high:
        return f"{RIGHT} {answer:g}: right. {lesson}"
    return f"{NOT_YET} Not yet. {hint}"


# Remembering what is solved


def _progress_file() -> Path | None:
    """Where solved exercises are noted; None where nobody is learning but a machine is checking.

    The environment variable EXERCISES_PROGRESS names another file, or none if it is empty.
    """
    if (place := os.environ.get("EXERCISES_PROGRESS")) is not None:
        return Path(place) if place else None
    if {"PYTEST_VERSION", "NBGRADER_EXECUTION"} & os.environ.keys():
        return None
    root = Path(__file__).parents[2]
    notebooks = root / "notebooks"  # an assignment's folder holds its notebook itself
    return (notebooks if notebooks.is_dir() else root) / ".progress.json"


def solved() -> set[str]:
    """The names of the exercises that were solved so far."""
    try:
        names = json.loads(_progress_file().read_text(encoding="utf-8"))
        return {name for name in names if isinstance(name, str)}
    except (OSError, ValueError, TypeError, AttributeError):
        return set()  # no such file yet, not readable, or not ours: then nothing is known


def _record(name: str) -> None:
    place = _progress_file()
    if place is None or name in (names := solved()):
        return
    temporary = place.with_name(f"{place.name}.{os.getpid()}")
    with contextlib.suppress(OSError):  # a folder that cannot be written to is no reason to fail
        temporary.write_text(json.dumps(sorted(names | {name}), indent=0), encoding="utf-8")
        os.replace(temporary, place)
