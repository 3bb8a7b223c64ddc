"""A verdict: a sign and a sentence. And whether an answer was begun at all.

"✔" right, "✘" not yet, "…" not started: one of the three begins what is printed.
"""

import ast
import inspect
import itertools
import textwrap
from types import FunctionType
from typing import Any, NamedTuple

RIGHT, NOT_YET, NOT_STARTED = "✔", "✘", "…"


class Fault(RuntimeError):
    """A slip of a question's author: it stops the check, and is never told as the learner's."""


class Verdict(NamedTuple):
    """What was found: one of the three signs, and the text that follows it."""

    sign: str
    text: str

    def __str__(self) -> str:
        if self.sign != NOT_YET:
            return f"{self.sign} {self.text}"
        first, *more = self.text.split("\n", 1)
        stop = "" if first.endswith((".", "?")) else "."
        return "\n".join([f"{self.sign} Not yet: {first}{stop}", *more])


def not_yet(problem: str) -> Verdict:
    """A wrong answer; the first line of `problem` becomes a sentence."""
    return Verdict(NOT_YET, problem)


def is_open(value: Any) -> bool:
    """Is this a place that waits for an answer?"""
    return value is ... or value is None


def untouched(answer: Any, stub: str) -> bool:
    """Is this the stub, as the notebook or nbgrader wrote it?"""
    if answer is ... or (answer is None and not stub.startswith("def ")):
        return True
    if isinstance(answer, dict | tuple | list) and len(answer) > 0:
        values = answer.values() if isinstance(answer, dict) else answer
        return all(map(is_open, itertools.islice(values, 100)))
    if not isinstance(answer, FunctionType):
        return False
    try:
        yours = _body(textwrap.dedent(inspect.getsource(answer)))
    except (OSError, TypeError, SyntaxError):  # a function that was not typed into a cell
        return False
    if not yours:
        return False
    return all(map(_does_nothing, yours)) or (
        stub.startswith("def ") and list(map(ast.dump, yours)) == list(map(ast.dump, _body(stub)))
    )


def _body(source: str) -> list[ast.stmt]:
    """The statements of the one function in `source`; none if it is something else."""
    [definition] = ast.parse(source).body
    return definition.body if isinstance(definition, ast.FunctionDef) else []


def _does_nothing(statement: ast.stmt) -> bool:
    """`...`, `pass`, a text, an empty return, or nbgrader's NotImplementedError."""
    if isinstance(statement, ast.Raise):
        return "NotImplementedError" in ast.dump(statement)
    if isinstance(statement, ast.Return):
        value = statement.value or ast.Constant(None)
        return isinstance(value, ast.Constant) and is_open(value.value)
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Constant):
        return isinstance(statement, ast.Pass)
    return is_open(statement.value.value) or isinstance(statement.value.value, str)
