"""How a right answer behaves when what is handed over changes, and whether an answer does so, too.

What is said here is true of any answer: it is seen, not guessed from the numbers that came.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from .compare import same
from .pattern import Facts, Part, parts

Cases = Sequence[tuple]


def changes(names: Sequence[str], cases: Cases) -> Iterator[tuple[str, list[tuple]]]:
    """A clause, and all data sets with the change that it names."""
    columns = [*zip(*cases, strict=False)]
    rows = [place for place, column in enumerate(columns) if all(map(_is_row, column))]
    if rows and all(len({len(case[place]) for place in rows}) == 1 for case in cases):
        yield from _of_the_rows(rows, cases)
    for place, column in enumerate(columns):
        name = names[place]
        if not name:
            continue
        if all(_is_scalar(value) or _is_tensor(value) for value in column):
            yield f"{name} is doubled", _changed(cases, [place], lambda value: 2 * value)
            yield f"{name} changes its sign", _changed(cases, [place], lambda value: -value)
        elif all(callable(value) and not isinstance(value, type) for value in column):
            yield f"{name} gives twice as much", _changed(cases, [place], _twice)
            yield f"{name} gives 1 more everywhere", _changed(cases, [place], _and_one)
    numeric = [i for i, column in enumerate(columns) if names[i] and all(map(_is_tensor, column))]
    for one, other in pairwise(numeric):
        both = f"{names[one]} and {names[other]} both"
        yield f"{both} grow by 1", _changed(cases, [one, other], lambda value: value + 1)
        yield f"{both} are doubled", _changed(cases, [one, other], lambda value: 2 * value)


def zeros(names: Sequence[str], cases: Cases) -> Iterator[tuple[str, list[tuple]]]:
    """The same with one number after the other set to 0 and to 1."""
    for place, column in enumerate(zip(*cases, strict=False)):
        if names[place] and all(map(_is_scalar, column)):
            for value in (0.0, 1.0):
                yield (
                    f"where {names[place]} is {value:g}",
                    _changed(cases, [place], lambda _, value=value: value),
                )


def _of_the_rows(rows: list[int], cases: Cases) -> Iterator[tuple[str, list[tuple]]]:
    """The same change in all columns of readings."""
    yield "the order of the values is turned", _changed(cases, rows, lambda row: row.flip(0))
    yield "each value comes twice", _changed(cases, rows, lambda row: row.repeat(2))
    for which, place in (("first", 0), ("last", -1)):
        for number in rows:

            def moved(row: Tensor, place: int = place) -> Tensor:
                row = row.clone()
                row[place] += 0.75
                return row

            yield f"the {which} value alone changes", _changed(cases, [number], moved)


def _changed(cases: Cases, places: Sequence[int], change: Callable) -> list[tuple]:
    return [
        tuple(change(value) if place in places else value for place, value in enumerate(case))
        for case in cases
    ]


def _twice(function: Callable) -> Callable:
    return lambda *arguments: 2 * function(*arguments)


def _and_one(function: Callable) -> Callable:
    return lambda *arguments: function(*arguments) + 1


def _is_scalar(value: Any) -> bool:
    return isinstance(value, float)


def _is_tensor(value: Any) -> bool:
    return isinstance(value, Tensor) and value.is_floating_point()


def _is_row(value: Any) -> bool:
    return _is_tensor(value) and value.ndim == 1 and len(value) > 1


def rule(part: Part) -> float | None:
    """By how much a number grows: the same factor on all data sets, or None."""
    after, before = (torch.cat([x.flatten() for x in side]) for side in (part.came, part.true))
    ratio = (after / before)[before.abs() > 1e-9]
    if not len(ratio) or not bool(torch.isfinite(after).all()):
        return None
    steady = torch.allclose(after, ratio[0] * before, rtol=1e-6, atol=1e-9)
    return round(ratio[0].item(), 9) if steady else None


def becomes(factor: float | None) -> str:
    """The words for a factor of `rule`."""
    if factor is None:
        return "changes, and not by one factor"
    if factor in (1.0, -1.0, 0.0):
        return {1.0: "stays", -1.0: "only changes its sign", 0.0: "becomes 0"}[factor]
    return f"becomes {factor:.4g} times as large"


def _followed(
    true: Sequence[Any], true_after: Sequence[Any], seen: Sequence[Any], after: Sequence[Any]
) -> list[tuple[str, Part, Part]]:
    """What each value is called, how the right one follows a change, and how the learner's does."""
    right, yours = parts(true_after, true), parts(after, seen)
    if len(right) != len(yours):
        return []
    both = zip(right, yours, strict=True)
    return [(_called(one, len(right)), one, other) for one, other in both]


def _called(part: Part, several: int) -> str:
    return part.name if several > 1 else "value"


def difference(
    true: Sequence[Any], true_after: Sequence[Any], seen: Sequence[Any], after: Sequence[Any]
) -> str:
    """How the right values follow a change, and the learner's do not; nothing if they do."""
    for name, one, other in _followed(true, true_after, seen, after):
        expected, found = rule(one), rule(other)
        told = f"the true {name}"
        if expected is not None and found != expected:
            return f"{told} {becomes(expected)}, yours {becomes(found)}"
        if expected is None and found == 1.0:
            return f"{told} changes, yours stays"
    return ""


def plainly(true: Sequence[Any], yours: Sequence[Any], facts: Facts) -> str:
    """Where the right values are plain numbers, or handed over, and the learner's are not."""
    beside = parts(yours, true)
    for part in beside:
        if part.right:
            continue
        flat = torch.cat([each.flatten() for each in part.true])
        name = _called(part, len(beside))
        if bool((flat == flat[0]).all()) and len(flat) > 1:
            return f"the true {name} is {flat[0].item():g}, yours is {part.came[0].tolist():.4g}"
        for fact, values in facts.items():
            if all(map(same, part.true, values)):
                return f"the true {name} is {fact}, yours is not"
    return ""


def change(
    true: Sequence[Any], true_after: Sequence[Any], seen: Sequence[Any], after: Sequence[Any]
) -> str:
    """By how much too much, or to the wrong side, the learner's values follow a change."""
    for name, *both in _followed(true, true_after, seen, after):
        should, does = (
            torch.cat([(a - b).flatten() for a, b in zip(each.came, each.true, strict=True)])
            for each in both
        )
        times = (does / should)[should.abs() > 1e-9]
        if not len(times) or not bool(times.isfinite().all()):
            continue
        if torch.allclose(times, times[0], rtol=1e-6) and abs(times[0].item() - 1) > 1e-6:
            return f"your {name} changes {times[0].item():.4g} times as much as the true one"
        if bool((times < 0).all()):
            return f"your {name} changes to the other side than the true one"
        if bool((times > 1).all()) or bool((times < 1).all()):
            much = "more" if bool((times > 1).all()) else "less"
            return f"your {name} changes {much} than the true one"
    return ""
