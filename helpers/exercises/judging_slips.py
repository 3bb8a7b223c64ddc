"""Slips in stages 5 and 6 of the project in 09, computed as those before: project_slips.py."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from ..data import standardize
from ..judge import numbers
from ..judge.compare import same
from ..losses import mse
from ..models import linear
from ..theory import least_squares
from .project_slips import (
    EVERY,
    EVERYWHERE,
    FLOOR,
    constants,
    fitted,
    line_floors,
    lines,
    polynomial,
    side,
)
from .slips import about, at_its_best, by_place, is_pair, losses

PARABOLA = "the loss of the parabola"


def split_slips(came: Any, x: Tensor, y: Tensor, train: Any, val: Any) -> Iterator[str]:
    """Stage 5."""
    if not is_pair(came):
        return
    rows = {
        "": val,
        "the loss is that on the training part": train,
        "the loss is that on all the rows": EVERY,
        "this is the first of the rows held out alone": val[:1],
    }
    line = losses(lines(x, y, train, val), y, rows)
    said = constants(y[train]) | {
        "the mean is that of all the rows": y.mean(),
        "the mean is that of the validation part": y[val].mean(),
        "the mean is that of x in the training part": x[train].mean(),
        "the mean is that of x in all the rows": x.mean(),
        "the mean is that of x in the validation part": x[val].mean(),
        "the median of all the rows stands where the mean of the training part belongs": (
            y.median()
        ),
    }
    mean = losses({words: c.expand(len(y)) for words, c in said.items()}, y, rows)
    mean |= {
        "this is the mean itself: how large is its loss?": y[train].mean(),
        "this is the variance of the training part, with n - 1": y[train].var(),
        "this is the variance of the validation part, with n - 1": y[val].var(),
        "this is the variance of all the rows, with n - 1": y.var(),
        "this is the loss of the line": line[""],
        "this is the difference of the two losses": line[""] - mean[""],
        "this is the difference of the two losses, mean less line": mean[""] - line[""],
        "the mean of the validation part was taken, not each of its rows": (
            (y[val].mean() - y[train].mean()) ** 2
        ),
        "this compares the two means: each row held out has an error of its own": (
            (y[val].mean() - y[train].mean()).abs()
        ),
    }
    w, b = least_squares(x[train], y[train])[0]
    line |= {
        "this is w, not a loss": w,
        "this is b, not a loss": b,
        "these are w and b, not a loss": (w, b),
        "this is the loss of the mean": mean[""],
        "x and y have changed places": mse(linear(y[val], w, b), x[val]),
    }
    yield from by_place(
        came, about("the loss of the line", line), about("the loss of the mean", mean)
    )
    n, n_val = len(x), len(val)
    for where, held in {"end": range(n - n_val, n), "beginning": range(n_val)}.items():
        rest = [i for i in range(n) if i not in held]
        (w, b), _ = least_squares(x[rest], y[rest])
        there = y[list(held)]
        pair = (
            mse(linear(x[list(held)], w, b), there),
            ((there - y[rest].mean()) ** 2).mean(),
        )
        if same(came, pair):
            yield f"the {where} of the rows was held out: train_part and val_part say which to take"


def split_state(came: Any, x: Tensor, y: Tensor, train: Any, val: Any) -> Iterator[str]:
    """Stage 5, of two numbers whatever they are."""
    pair = numbers(came)
    if pair is None or pair.shape != (2,):
        return
    (w, b), _ = least_squares(x[train], y[train])
    line, held = mse(linear(x[val], w, b), y[val]), y[val]
    mean = ((held - y[train].mean()) ** 2).mean()
    lowest = ((held - held.mean()) ** 2).mean()
    if same(pair, torch.stack([line, mean])):
        return
    if same(pair[0], line) and pair[1] < lowest * (1 - 1e-6):
        yield "the loss of the mean is too low: no number leaves so little on the rows held out"
    elif same(pair[0], line):
        yield (
            "the loss of the line is right; the other belongs to a model that says another number "
            "than the training part's mean"
        )
    elif same(pair[1], mean):
        yield (
            "the loss of the mean is right; that of the line is "
            f"{'lower' if pair[0] < line else 'higher'} than what the training part's best line "
            "leaves on the rows held out: is it that line, and are they those rows?"
        )
        yield (
            "the loss of the mean is right; the other is not that of the training part's best line "
            "on the rows held out: is it that line, and are they those rows?"
        )
    else:
        yield "neither loss is right: begin with the mean, which is simpler, and on which rows?"


def richer_slips(came: Any, x: Tensor, y: Tensor) -> Iterator[str]:
    """Stage 6."""
    if not is_pair(came):
        return
    x_s, *_ = standardize(x)
    columns = torch.stack([x_s**2, x_s, torch.ones_like(x_s)], dim=1)
    best = torch.linalg.lstsq(columns, y).solution
    raw = torch.stack([x**2, x, torch.ones_like(x)], dim=1)
    no_constant = "the column of ones is missing"
    ways = {
        "": columns @ best,
        no_constant: polynomial(x, y, EVERY, (2, 1)),
        "the column x is missing": polynomial(x, y, EVERY, (2, 0)),
        "the columns x and 1 are missing": polynomial(x, y, EVERY, (2,)),
        "this is a cubic": polynomial(x, y, EVERY, (3, 2, 1, 0)),
        "this has powers up to the fourth": polynomial(x, y, EVERY, (4, 3, 2, 1, 0)),
        "the column x³ stands where x² belongs": polynomial(x, y, EVERY, (3, 1, 0)),
        "this is the line, the column x² is missing": linear(x, *least_squares(x, y)[0]),
        "x² and x share one parameter": fitted(torch.stack([x**2 + x, x * 0 + 1], dim=1), y),
        "the root of x stands where x² belongs": fitted(
            torch.stack([x.abs().sqrt(), x, x * 0 + 1], dim=1), y
        ),
        "the column of ones is missing, beside the standardised column": fitted(columns[:, :2], y),
        "the column x is missing, beside the square of the standardised column": (
            fitted(columns[:, ::2], y)
        ),
        "the parameters belong to the standardised column, and x went in as it was": raw @ best,
        "the parameters are in the other order": raw @ torch.linalg.lstsq(raw, y).solution.flip(0),
        "the parameters are in the other order, on the standardised column": columns @ best.flip(0),
        "this is the mean, not the parabola": y.mean().expand(len(y)),
    }
    turned = fitted(torch.stack([y**2, y, torch.ones_like(y)], dim=1), x)
    floor, loss = least_squares(x, y)[1], ((columns @ best - y) ** 2).mean()
    parabola = at_its_best(losses(ways, y, EVERYWHERE)) | {
        "x and y have changed places": ((turned - x) ** 2).mean(),
        "this is the gain over the line: asked is the loss that is left": floor - loss,
        "this is the line's loss, squared: the model gets x², not its loss": floor**2,
        "this is the share of the line's loss that is left": loss / floor,
        "this is the largest parameter, not a loss": best.max(),
        "these are the parameters, not a loss": best,
        "these are the parameters, not a loss (of the column as it was)": (
            torch.linalg.lstsq(raw, y).solution
        ),
    }
    line = line_floors(x, y) | {
        "this is the trivial loss": ((y - y.mean()) ** 2).mean(),
        "this is the variance of y, the trivial loss with n - 1": y.var(),
        "this is the loss of the parabola": loss,
    }
    yield from by_place(came, about(FLOOR, line), about(PARABOLA, parabola))


def richer_bounds(came: Any, x: Tensor, y: Tensor) -> Iterator[str]:
    """Stage 6, of two numbers whatever they are."""
    pair = numbers(came)
    if pair is None or pair.shape != (2,):
        return
    floor = least_squares(x, y)[1]
    best = ((polynomial(x, y, EVERY, (2, 1, 0)) - y) ** 2).mean()
    yield from side(FLOOR, pair[0], floor, "line")
    if pair[1] > floor * (1 + 1e-6):
        yield (
            f"{PARABOLA} comes out higher than that of the line, which is one of the parabolas: "
            "this is not the best of them"
        )
    elif pair[1] > best * (1 + 1e-6):
        yield (
            f"{PARABOLA} lies below the floor of the line, and another parabola leaves less: has "
            "it been trained to the end?"
        )
    yield from side(PARABOLA, pair[1], best, "parabola")
