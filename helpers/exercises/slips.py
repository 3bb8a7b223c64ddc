"""Slips that are computed: what would come out, and the sentence for whoever came to it.

A table maps sentences to values; under "" it holds the right one. Slips of several kinds (which
line, which rows, which kind of mean) are combined, the sentence of each behind the other.
"""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor

from ..judge import numbers
from ..judge.compare import listed, same
from ..theory import hessian

Table = dict[str, Any]
CANCELLED = (
    "these are the raw errors, in which opposite signs cancel: square them",
    "the mean was squared: it is the squares that have a mean",
    "the raw errors are added up: square them first",
)


def by_place(came: Any, *tables: Mapping[str, Any]) -> Iterator[str]:
    """The sentences for a tuple of as many values as there are tables, place by place."""
    for value, table in zip(listed(came), tables, strict=True):
        yield from named(value, table)


def is_pair(came: Any) -> bool:
    came = listed(came)
    return isinstance(came, tuple | list) and len(came) == 2


def named(came: Any, table: Mapping[str, Any]) -> Iterator[str]:
    """The sentences of a table that belong to what came, unless it is right."""
    if not same(came, table[""]):
        yield from (words for words, value in table.items() if words and same(came, value))


def joined(*clauses: str) -> str:
    return ", and ".join(clause for clause in clauses if clause)


def about(what: str, table: Mapping[str, Any]) -> Table:
    """The same table, each of its sentences told of `what`."""
    return {f"for {what}, {words}" if words else "": value for words, value in table.items()}


def means(predicted: Tensor, true: Tensor) -> Table:
    """What comes out in the place of a mean squared error, if the mean is taken another way."""
    errors, n = predicted - true, len(true)
    squares = errors**2
    return {
        "": squares.mean(),
        "the squares are added up: take their mean": squares.sum(),
        "this is the root of the loss": squares.mean().sqrt(),
        "these are absolute errors: square them": errors.abs().mean(),
        CANCELLED[0]: errors.mean(),
        CANCELLED[1]: errors.mean() ** 2,
        "this holds one square for each row: take their mean": squares,
        "this holds one error for each row: square them and take the mean": errors,
        "this holds a prediction for each row: how far off are they?": predicted,
        CANCELLED[2]: errors.sum(),
        "the absolute errors are added up: square them, and take the mean": errors.abs().sum(),
        "the mean divides by n, not by n - 1": squares.sum() / max(n - 1, 1),
        "the mean divides by n, not by n - 2": squares.sum() / max(n - 2, 1),
        "the mean divides by n, not by n - 3": squares.sum() / max(n - 3, 1),
        "the mean of the squares is divided by n once more": squares.mean() / n,
        "this is half of it: there is no 1/2 in the loss": squares.mean() / 2,
        "this is the square of the loss": squares.mean() ** 2,
        "this is the root of the sum: the mean is missing, the root is one too many": (
            squares.sum().sqrt()
        ),
        "this is the middle one of the squares: take their mean": squares.median(),
        "this is the largest of the squares: take their mean": squares.max(),
        "each prediction meets each y: the shapes (n, 1) and (n,) broadcast": (
            (predicted[:, None] - true) ** 2
        ).mean(),
        "a plus stands between prediction and y": ((predicted + true) ** 2).mean(),
        "these are percentages: the errors are divided by y": (errors / true).abs().mean(),
    }


def typed_means(predicted: list[float], measured: list[float]) -> dict[str, float]:
    """The same for numbers that are typed: where two slips lead to one value, both are told."""
    p, c = (torch.tensor(values, dtype=torch.float64) for values in (predicted, measured))
    errors, n = p - c, len(c)
    squares = errors**2
    table = {
        "this is the sum of the squares: take their mean": squares.sum(),
        "this is the mean of the absolute errors: square them": errors.abs().mean(),
        "this is the mean of the errors, in which signs cancel: square them": errors.mean(),
        "the errors cancel, whichever way round they are taken: square them": -errors.mean(),
        "this is the root of it, the RMSE: stay with the mean of the squares": (
            squares.mean().sqrt()
        ),
        "the absolute errors are added up: square them, then take the mean": errors.abs().sum(),
        "the errors are added up: square each, then take the mean": errors.sum(),
        "you squared the mean: take the mean of the squares": errors.mean() ** 2,
        "the errors are added before they are squared: square each first": errors.sum() ** 2,
        "the sum of the errors is squared, then divided: square each of them": errors.sum() ** 2
        / n,
        "the square of a negative error is positive, it is added": (squares * errors.sign()).sum(),
        "a square is taken away here: each one is positive": (squares * errors.sign()).mean(),
        "these are the doubles of the errors: ** 2 squares": 2 * errors.abs().sum(),
        "this is the mean of the doubled errors: ** 2 squares": (2 * errors).mean(),
        "half of it: the mean of the squares, without a 1/2": squares.mean() / 2,
        "the squares are added and doubled: take their mean": 2 * squares.sum(),
        "this is the largest square alone: each one counts": squares.max(),
        "this is a part of the mean: the largest square over n, without the others": (
            squares.max() / n
        ),
        "the root of the sum: the mean is missing, the root is one too many": squares.sum().sqrt(),
        "this is the square of it": squares.mean() ** 2,
        "this is an error, not its square": errors[0],
        "this is half of the first error: square both": errors[0] / 2,
        "this is the first prediction: how far off is it?": p[0],
        "this is the mean of the squared predictions: first take the measured away": (p**2).mean(),
        "these are squares apart: take the difference first, then square it": (p**2 - c**2).mean(),
        "prediction and measurement are added: take their difference": ((p + c) ** 2).mean(),
        "the measured values have changed places": ((p - c.flip(0)) ** 2).mean(),
    }
    merged: dict[float, list[str]] = {}
    for words, value in table.items():
        if not same(value, squares.mean()):
            merged.setdefault(round(value.item(), 9), []).append(words)
    return {"; or ".join(words[:3]): value for value, words in merged.items()}


def losses(predictions: Mapping[str, Tensor], true: Tensor, rows: Mapping[str, Any]) -> Table:
    """The losses of several predictions (for all the rows), on several choices of rows."""
    table: dict[str, Any] = {}
    for (way, predicted), (where, part) in itertools.product(predictions.items(), rows.items()):
        found = means(predicted[part], true[part])
        several = len(found) if not (way and where) else 4  # three slips at once: the commonest
        for how, value in itertools.islice(found.items(), several):
            table.setdefault(joined(way, where, how), value)
    return dict(sorted(table.items(), key=lambda pair: pair[0].count(", and ") + bool(pair[0])))


def at_its_best(table: Table) -> Table:
    """The same table, if the raw errors of the best model add up to nothing."""
    return {words: value for words, value in table.items() if words not in CANCELLED} | {
        "this is 0, which no model reaches here; the raw errors cancel to it: square them first": 0
    }


def moved(column: Any, state: str) -> Iterator[str]:
    """What a column still lacks that ought to be standardised."""
    column = numbers(column)
    if column is None or column.ndim != 1 or len(column) < 2:
        return
    off, spread = abs(column.mean().item()) > 1e-6, column.std().item()
    if off:
        yield f"{state} does not have the mean 0"
    if not (abs(spread - 1) < 1e-6 or abs(column.std(correction=0).item() - 1) < 1e-6):
        yield f"{state} does not have the standard deviation 1"
    if not off:
        yield f"{state} has the mean 0, and its values are not those of the column: what was done?"


def scaled(column: Tensor) -> Table:
    """What comes out in the place of a standardised column."""
    x = column
    centres = {
        "": x.mean(),
        "nothing is subtracted": x.mean() * 0,
        "this subtracts the median, not the mean": x.median(),
        "this subtracts the smallest value, not the mean": x.min(),
        "this subtracts the largest value, not the mean": x.max(),
        "this subtracts the standard deviation, not the mean": x.std(),
        "this subtracts the sum, not the mean": x.sum(),
        "this subtracts the first value, not the mean": x[0],
        "the mean is added, not subtracted": -x.mean(),
    }
    spreads = {
        "": x.std(),
        "the standard deviation is that with n, not n - 1": x.std(correction=0),
        "nothing is divided": torch.ones_like(x.mean()),
        "this divides by the variance, not by its root": x.var(),
        "this divides by the variance (with n), not by its root": x.var(correction=0),
        "this divides by the range, not by the standard deviation": x.max() - x.min(),
        "this divides by the largest value, not by the standard deviation": x.max(),
        "this divides by the mean, not by the standard deviation": x.mean(),
        "this divides by the mean absolute distance, not by the standard deviation": (
            (x - x.mean()).abs().mean()
        ),
        "this divides by the length of the column, not by the standard deviation": x.norm(),
        "this divides by the sum, not by the standard deviation": x.sum(),
        "this divides by the number of rows, not by the standard deviation": x.mean() * 0 + len(x),
        "this multiplies by the standard deviation instead of dividing": 1 / x.std(),
        "this divides by twice the standard deviation": 2 * x.std(),
        "this divides by the root of the standard deviation": x.std().sqrt(),
        "the root of n - 1 is missing in the standard deviation": (
            (x - x.mean()).pow(2).sum().sqrt()
        ),
    }
    table = {
        joined(centre, spread): (x - centres[centre]) / spreads[spread]
        for centre, spread in itertools.product(centres, spreads)
    }
    return table | {
        "this is the column as it came: nothing is done to it": x,
        "the sign is turned: the mean is subtracted from each value": (x.mean() - x) / x.std(),
        "a parenthesis is missing: only the mean is divided": x - x.mean() / x.std(),
        "this is from 0 to 1: standardising is another thing": (x - x.min()) / (x.max() - x.min()),
        "this is x0.1: standardising uses mean and standard deviation": 0.1 * x,
        "the values are sorted: leave them in the order of the rows": table[""].sort().values,
        "this is the place of each value in the order: standardising keeps distances": (
            x.argsort().argsort()
        ),
        "the squares came: only subtract and divide": table[""] ** 2,
    }


def rates(column: Tensor) -> Table:
    """What comes out in the place of the wall, the critical rate, of a line on a column."""
    x, n = column, len(column)
    flat, steep = torch.linalg.eigvalsh(hessian(x))
    return {
        "": 2 / steep,
        "this is half of it: the wall is at 2 over the largest curvature": 1 / steep,
        "this is twice the wall: 2 over the largest curvature": 4 / steep,
        "this is the curvature itself: the wall is at 2 over it": steep,
        "this is the smaller curvature: the wall is at 2 over the largest": flat,
        "the smaller curvature was taken: the largest decides": 2 / flat,
        "this is the best rate: the wall is a little higher": 2 / (steep + flat),
        "this is the condition number": steep / flat,
        "this is the wall with momentum 0.9: without it was asked for": 3.8 / steep,
        "nine tenths of it are a safe choice: asked is the wall itself": 1.8 / steep,
        "a tenth of it is a safe choice: asked is the wall itself": 0.2 / steep,
        "a sum stands where a mean belongs in the curvature": 2 / (n * steep),
        "this is for w alone, without b: the largest curvature of both decides": (
            1 / (x**2).mean()
        ),
        "the sum of the squares is no curvature of the loss, which is a mean": 2 / (x**2).sum(),
        "a 2 is missing in the curvature, or there is one too many": 2 / (x**2).mean(),
    }
