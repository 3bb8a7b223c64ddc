"""When two observations say the same: numbers, texts, sets, dicts, errors."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import torch
from torch import Tensor

SEVERAL = set | frozenset | list | tuple  # what may come where a set is expected
CLUE = "clue: "  # an observation that helps to name a mistake, but that a right answer is free in


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


def numbers(value: Any) -> Tensor | None:
    """`value` as a tensor of numbers without its graph, or None if it is not made of numbers."""
    if isinstance(value, Tensor):
        ordinary = type(value) in (Tensor, torch.nn.Parameter)  # others may bend the comparison
        if not ordinary or value.dtype == torch.bool or value.is_complex():
            return None
        return value.detach().to(torch.float64)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | Fraction):
        return torch.tensor(float(value), dtype=torch.float64)
    if isinstance(value, tuple | list):
        parts = [numbers(part) for part in value]
        if parts and all(p is not None and p.shape == parts[0].shape for p in parts):
            return torch.stack(parts)
        return None
    if type(value).__module__ == "numpy":
        return numbers(value.tolist())
    return None


def same(came: Any, expected: Any) -> bool:
    """Does what came say the same as what was expected?"""
    if isinstance(expected, Mapping):
        if not isinstance(came, Mapping) or came.keys() != expected.keys():
            return False
        return all(key.startswith(CLUE) or same(came[key], expected[key]) for key in expected)
    if isinstance(expected, bool):
        if isinstance(came, Tensor):
            return came.dtype == torch.bool and came.ndim == 0 and bool(came) == expected
        return type(came).__name__ in ("bool", "bool_") and bool(came) == expected
    if expected is None:
        return came is None
    if isinstance(expected, str):
        if isinstance(came, tuple | list) and all(isinstance(part, str) for part in came):
            came = "".join(came)
        return isinstance(came, str) and plain(came) == plain(expected)
    if isinstance(expected, set):
        came = listed(came)
        return (
            isinstance(came, SEVERAL)
            and len(came) == len(expected)
            and set(map(plain, came)) == set(map(plain, expected))
        )
    if isinstance(expected, tuple):
        came = listed(came)
        return (
            isinstance(came, tuple | list)
            and len(came) == len(expected)
            and all(map(same, came, expected))
        )
    true, yours = numbers(expected), numbers(came)
    return (
        true is not None
        and yours is not None
        and true.shape == yours.shape
        and torch.allclose(yours, true, rtol=1e-6, atol=1e-9)
    )


def plain(value: Any) -> Any:
    """A text without what does not matter in it: case, brackets, a stop at its end, and between
    letters spaces and commas. A number of a tensor as the number that it is."""
    if isinstance(value, str):
        value = value.strip(" .!()\"'").casefold()
        digits = any(sign.isdigit() for sign in value)
        return value if digits else "".join(sign for sign in value if sign not in " ,;-")
    return value.item() if isinstance(value, Tensor) and value.ndim == 0 else value


def listed(value: Any) -> Any:
    """A tensor or an array of several values as the list of them; all else as it is."""
    if isinstance(value, Tensor):
        return list(value) if value.ndim > 0 else value
    if type(value).__module__ == "numpy" and getattr(value, "ndim", 0) > 0:
        return list(value)
    return value


def alike(came: Any, other: Any) -> bool:
    """Are two observations the same, clues included? Two errors are if they say the same."""
    if raises(came) or raises(other):
        return (
            raises(came)
            and raises(other)
            and (came.kind, came.message) == (other.kind, other.message)
        )
    if isinstance(other, Mapping) and isinstance(came, Mapping):
        return came.keys() == other.keys() and all(alike(came[key], other[key]) for key in other)
    return same(came, other)


def raises(seen: Any) -> bool:
    return isinstance(seen, Raised)


def numbers_of(value: Any) -> list[Tensor] | None:
    """The tensors in an observation, in order."""
    if isinstance(value, Mapping):
        keys = [key for key in value if not str(key).startswith(CLUE)]
        value = [value[key] for key in keys if not isinstance(value[key], bool)]
    values = list(value) if isinstance(value, tuple | list) else [value]
    tensors = [numbers(v) for v in values]
    return None if any(t is None for t in tensors) else tensors
