"""Words for what was seen: what kind of thing it is, in how far it is off, how it is shown."""

import ast
import json
from collections.abc import Mapping
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import torch
from torch import Tensor

from .compare import SEVERAL, listed, numbers, same


def other_kind(came: Any, expected: Any) -> str:
    """What is wrong before any number is: the type, the shape, a value that is no number."""
    if isinstance(expected, Mapping):
        if not isinstance(came, Mapping):
            return f"a dict was expected, {describe(came)} came"
        pairs = ((came.get(key), true) for key, true in expected.items())
        return next((words for pair in pairs if (words := other_kind(*pair))), "")
    if came is None and expected is not None:
        return "None came back: is a return missing?"
    if isinstance(expected, bool):
        return (
            "" if isinstance(came, bool) else f"True or False was expected, {describe(came)} came"
        )
    if isinstance(expected, str):
        return "" if isinstance(came, str) else f"a text was expected, {describe(came)} came"
    if isinstance(expected, set):
        came = listed(came)
        if not isinstance(came, SEVERAL):
            return f"several values were expected, {describe(came)} came"
        how_many = f"{len(expected)} values were expected, {len(came)} came"
        return how_many if len(came) != len(expected) else ""
    if isinstance(expected, tuple):
        whole, ndim = numbers(expected), getattr(came, "ndim", None)
        if whole is not None and ndim == whole.ndim:
            came = listed(came)
        if not isinstance(came, tuple | list):
            return f"{len(expected)} values were expected, {describe(came)} came"
        if len(came) != len(expected):
            return f"{len(expected)} values were expected, {len(came)} came"
        return next(
            (
                f"value {number} of {len(expected)}: {words}"
                for number, pair in enumerate(zip(came, expected, strict=True), 1)
                if (words := other_kind(*pair))
            ),
            "",
        )
    true, yours = numbers(expected), numbers(came)
    if true is None:
        return ""
    what = "a number" if true.ndim == 0 else f"a tensor of shape {tuple(true.shape)}"
    if yours is None:
        several = came if isinstance(came, SEVERAL) else ()
        return f"{what} was expected, {describe(next(filter(callable, several), came))} came"
    if yours.shape != true.shape:
        shape = f"shape {tuple(yours.shape)}" if yours.ndim else "a single number"
        return f"{what} was expected, {shape} came"
    if not torch.isfinite(yours).all():
        return "your value is not finite: was something divided by zero, or did it run away?"
    return ""


def relation(came: Any, true: Any) -> str:
    """How one typed value lies to the true one, told without the true one: nothing if it is a
    guess."""
    if isinstance(true, set) and isinstance(came, SEVERAL):
        right = len({*came} & true)
        return f"{right} of your {len(came)} belong there" if came else ""
    yours, right = numbers(came), numbers(true)
    if yours is None or right is None or yours.shape != right.shape:
        return ""
    if yours.ndim:
        hits = [same(a, b) for a, b in zip(listed(yours), listed(right), strict=True)]
        if any(hits):
            return f"value {hits.index(False) + 1} is not right, {sum(hits)} of {len(hits)} are"
        if same(yours.flip(0), right):
            return "the values are right, their order is turned"
    if not (yours.any() and right.any()):
        return ""
    lies = {
        "the size is right, the sign is not": -right,
        "it is off by a factor of two: look where a 2 belongs": [2 * right, right / 2],
        "the digits are right: it is off by a power of ten": [
            right * 10.0**power for power in (-3, -2, -1, 1, 2, 3)
        ],
        "this is upside down": 1 / right,
        "this is the square of it": right**2,
        "this is the root of it": right.abs().sqrt(),
        "it is off by one: count again": [right - 1, right + 1] if isinstance(true, int) else [],
    }
    if right.ndim == 0:
        lies["right as far as it goes: keep more digits"] = [
            torch.tensor(float(f"{right.item():.{digits}g}"), dtype=right.dtype)
            for digits in (2, 3, 4, 5, 6)
        ]
    return next((words for words, other in lies.items() if _among(yours, other)), "")


def _among(yours: Tensor, others: Tensor | list[Tensor]) -> bool:
    return any(same(yours, other) for other in (others if isinstance(others, list) else [others]))


def show(value: Any, digits: int = 6) -> str:
    """A value, short enough for a line."""
    if callable(value):
        return getattr(value, "__name__", type(value).__name__)
    if isinstance(value, bool | str) or value is None:
        return repr(value)[:80]
    if isinstance(value, set):
        return "{" + ", ".join(sorted(map(repr, value))[:12]) + "}"
    if isinstance(value, tuple | list) and len(value) <= 6:
        comma = "," * (len(value) == 1 and isinstance(value, tuple))
        return "(" + ", ".join(show(entry, digits) for entry in value) + f"{comma})"
    tensor = numbers(value)
    if tensor is None:
        return describe(value)
    if tensor.ndim == 0:
        return f"{tensor.item():.{digits}g}"
    if tensor.ndim == 1 and len(tensor) <= 12:
        return "(" + ", ".join(f"{number:.{digits}g}" for number in tensor.tolist()) + ")"
    return f"a tensor of shape {tuple(tensor.shape)}"


def describe(value: Any) -> str:
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
    if isinstance(value, BuiltinFunctionType | MethodType):
        return (
            f"the function {value.__name__} itself (are the brackets missing, .{value.__name__}()?)"
        )
    return f"an object of type {type(value).__name__}"


def argument_changed(name: str, by: str = "-=, *=, or names that end in _") -> str:
    """Words for an answer that does to its argument what only a new tensor should show."""
    return (
        f"your function changes its argument {name}, and with it the caller's data: make a new "
        f"tensor (no {by})"
    )


def in_quotes(value: Any) -> str:
    """Words for a tuple, number or truth value that came as a text."""
    try:
        inside = ast.literal_eval(value) if isinstance(value, str) else None
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return ""
    return "" if inside is None else f"{value[:40]!r} is a text: leave the quotes out"


def not_a_shape(value: Any) -> str:
    """Words for a number where a shape, or a text instead of it, was asked for."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return "asked is a shape, in brackets, such as (3, 4); or a text if there is none"


def first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def literal(value: Any) -> str:
    """A value as Python writes it, the same in every run and with ruff's quotes."""
    if isinstance(value, set):
        return "{" + ", ".join(map(literal, sorted(value))) + "}"
    return json.dumps(value) if isinstance(value, str) else repr(value)


def assignment(name: str, value: Any) -> str:
    """The cell that gives a name to a value."""
    if not isinstance(value, dict):
        return f"{name} = {literal(value)}"
    entries = (f"    {literal(key)}: {literal(entry)},\n" for key, entry in value.items())
    return f"{name} = {{\n{''.join(entries)}}}"
