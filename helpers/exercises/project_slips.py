"""Slips in stages 2 and 3 of the project in 09, computed on whatever data they are tried on."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from ..data import standardize
from ..judge import numbers
from ..judge.compare import listed, same
from ..models import linear
from ..theory import critical_learning_rate, least_squares
from .slips import (
    Table,
    about,
    at_its_best,
    by_place,
    is_pair,
    joined,
    losses,
    moved,
    rates,
    scaled,
)

EVERY = slice(None)  # all the rows
EVERYWHERE = {"": EVERY}
TRIVIAL, FLOOR = "the trivial loss", "the floor of the line"


def constants(y: Tensor) -> dict[str, Tensor]:
    """Numbers that a model without x may say."""
    return {
        "": y.mean(),
        "this is the loss of always saying 0, and another number does better": y.mean() * 0,
        "the median makes the absolute errors small; for squares another number does better": (
            y.median()
        ),
        "the first target is one number, and another does better": y[0],
        "the last target is one number, and another does better": y[-1],
        "the middle of the range is one number, and another does better": (y.min() + y.max()) / 2,
        "the smallest target is one number, and another does better": y.min(),
        "the largest target is one number, and another does better": y.max(),
        "the standard deviation stands where the mean belongs": y.std(),
        "the sum stands where the mean belongs": y.sum(),
        "always saying 1 is one way, and another number does better": y.mean() * 0 + 1,
    }


def trivial_losses(y: Tensor) -> Table:
    said = {words: value.expand(len(y)) for words, value in constants(y).items()}
    return {
        "this is the number that the trivial model says: how large is its loss?": y.mean(),
        "this is the standard deviation: the loss is its square, with n": y.std(),
        "the mean of the squares, less the mean: the square of the mean was meant": (
            (y**2).mean() - y.mean()
        ),
        "the square of the mean is added to the mean of the squares: subtract it": (
            (y**2).mean() + y.mean() ** 2
        ),
        "this is the sum of the targets": y.sum(),
        "this is the target in the middle: how large is the loss of saying it?": y.median(),
        "this is the range of the targets, not a loss": y.max() - y.min(),
        "this is half the range of the targets, not a loss": (y.max() - y.min()) / 2,
        "this is the squared distance from the mean to the smallest target: take them all": (
            (y.mean() - y.min()) ** 2
        ),
        "this is the squared distance from the mean to the largest target: take them all": (
            (y.mean() - y.max()) ** 2
        ),
        "the mean of the absolute errors is squared: square each, then take the mean": (
            (y - y.mean()).abs().mean() ** 2
        ),
        "this is the mean of the squares over the mean": (y**2).mean() / y.mean(),
        "these are squared differences of neighbours: which number does the model say?": (
            (y[1:] - y[:-1]) ** 2
        ).mean(),
        "this is the square of the number that the model says": y.mean() ** 2,
        "this is how many there are, not a loss": len(y),
    } | at_its_best(losses(said, y, EVERYWHERE))


def lines(x: Tensor, y: Tensor, train: Any, val: Any) -> dict[str, Tensor]:
    """Ways to a line, each with what it predicts for all the rows."""
    (w, b), _ = least_squares(x[train], y[train])
    every, held = least_squares(x, y)[0], least_squares(x[val], y[val])[0]
    turned = least_squares(y[train], x[train])[0]
    mean, std = x[train].mean(), x[train].std()
    w_s, b_s = w * std, b + w * mean
    xt, yt = x[train], y[train]
    own = torch.zeros_like(x)
    for part in (train, val):
        own[part] = (x[part] - x[part].mean()) / x[part].std()
    slope = (yt[-1] - yt[0]) / (xt[-1] - xt[0])
    return {
        "": linear(x, w, b),
        "the line was fitted to all the rows": linear(x, *every),
        "the line was fitted to the validation part": linear(x, *held),
        "x and y have changed places in the fit": linear(x, *turned),
        "w and b have changed places": linear(x, b, w),
        "b is missing in the line": w * x,
        "w is missing in the line": b.expand(len(x)),
        "the sign of b is turned": linear(x, w, -b),
        "the line has no b, it runs through the origin": (xt * yt).sum() / (xt**2).sum() * x,
        "the line belongs to the standardised column, and x went into it as it was": (
            linear(x, w_s, b_s)
        ),
        "the line belongs to the standardised column of all rows, and x went in as it was": (
            linear(x, w * x.std(), b + w * x.mean())
        ),
        "the line belongs to x as it was, and the standardised column went into it": (
            linear((x - mean) / std, w, b)
        ),
        "each part was standardised with its own mean and standard deviation": (
            linear(own, w_s, b_s)
        ),
        "this is the mean, not the line": yt.mean().expand(len(x)),
        "this compares y with x itself: the line is missing": x,
        "the line has the slope 1": x + (yt - xt).mean(),
        "the line was drawn through the first and the last row": yt[0] + slope * (x - xt[0]),
        "this is a parabola, not the line": polynomial(x, y, train, (2, 1, 0)),
    }


def polynomial(x: Tensor, y: Tensor, train: Any, powers: tuple[int, ...]) -> Tensor:
    """What the best sum of powers of x predicts. Only where 1 and x are among them may x be
    standardised for good digits without a change."""
    z = standardize(x)[0] if {0, 1} <= {*powers} else x
    return fitted(torch.stack([z**power for power in powers], dim=1), y, train)


def fitted(columns: Tensor, y: Tensor, train: Any = EVERY) -> Tensor:
    """What the best sum of multiples of the columns predicts, fitted to the rows of `train`."""
    return columns @ torch.linalg.lstsq(columns[train], y[train]).solution


def line_floors(x: Tensor, y: Tensor) -> Table:
    ways = lines(x, y, EVERY, EVERY)
    del (
        ways["the line was fitted to all the rows"],
        ways["the line was fitted to the validation part"],
    )
    both = (w, b), floor = least_squares(x, y)
    trivial = ((y - y.mean()) ** 2).mean()
    turned = least_squares(y, x)
    return {
        "x and y have changed places": turned[1],
        "this is the gain over the trivial model: asked is the loss that is left": trivial - floor,
        "this is the share of the variance that the line explains, not its loss": 1
        - floor / trivial,
        "this is the share of the trivial loss that is left: asked is the loss itself": (
            floor / trivial
        ),
        "this is w, not a loss": w,
        "this is b, not a loss": b,
        "these are w and b, not a loss": (w, b),
        "these are parameters and loss together: take the loss": both,
        "this is the root, and it divides by n - 2": (floor * len(y) / (len(y) - 2)).sqrt(),
    } | at_its_best(losses(ways, y, EVERYWHERE))


def floor_slips(came: Any, x: Tensor, y: Tensor) -> Iterator[str]:
    """Stage 2."""
    if not is_pair(came):
        return
    trivial = about(TRIVIAL, trivial_losses(y))
    trivial |= about(
        TRIVIAL,
        {
            "it is x that is predicted here": ((x - x.mean()) ** 2).mean(),
            "the mean of x stands where that of y belongs": ((y - x.mean()) ** 2).mean(),
            "this compares y with x: the trivial model does not look at x": ((y - x) ** 2).mean(),
            "this is the mean of x": x.mean(),
            "it is x that is predicted here, with n - 1": x.var(),
            "b of the line is one number, and another does better": (
                ((y - least_squares(x, y)[0][1]) ** 2).mean()
            ),
            "this is the floor of the line": least_squares(x, y)[1],
        },
    )
    yield from by_place(came, trivial, about(FLOOR, line_floors(x, y)))


def floor_bounds(came: Any, x: Tensor, y: Tensor) -> Iterator[str]:
    """Stage 2, of two numbers whatever they are: a best loss can be missed from two sides."""
    pair = numbers(came)
    if pair is None or pair.shape != (2,):
        return
    yield from trivial_bound(pair[0], y, TRIVIAL)
    yield from side(FLOOR, pair[1], least_squares(x, y)[1], "line")


def trivial_bound(came: Any, y: Tensor, what: str) -> Iterator[str]:
    value = numbers(came)
    if value is not None and value.ndim == 0:
        yield from side(what, value, ((y - y.mean()) ** 2).mean(), "number")


def side(what: str, came: Tensor, best: Tensor, model: str) -> Iterator[str]:
    if came > best * (1 + 1e-6):
        yield f"{what} comes out too high: another {model} leaves less, in the mean of the squares"
    elif came < best * (1 - 1e-6):
        yield f"{what} comes out too low: no {model} leaves so little, in the mean of the squares"
    if not same(came, best):
        yield f"{what} is not the lowest mean of squares that a {model} leaves on all the rows"


def scaling_slips(came: Any, x: Tensor) -> Iterator[str]:
    """Stage 3."""
    if not is_pair(came):
        return
    table = scaled(x)
    rate = rates(table[""])
    others = {
        "that of the column as it was": x,
        "that of the column that is only centred": x - x.mean(),
        "that of the column that is only divided": x / x.std(),
        "that of the column divided by the standard deviation with n": (
            (x - x.mean()) / x.std(correction=0)
        ),
        "that of the column from 0 to 1": (x - x.min()) / (x.max() - x.min()),
    }
    for whose, column in others.items():
        for how, value in rates(column).items():
            rate.setdefault(joined(f"it is {whose}", how), value)
    yield from by_place(came, about("the column", table), about("the rate", rate))


def scaling_state(came: Any, x: Tensor) -> Iterator[str]:
    """Stage 3, of a column and a rate whatever they are: either can be tried."""
    if not is_pair(came):
        return
    pair, x_s = listed(came), standardize(x)[0]
    column, rate = pair[0], numbers(pair[1])
    if not same(column, x_s):
        yield from moved(column, "your column")
    elif rate is not None and rate.ndim == 0:
        wall = critical_learning_rate(x_s)
        if rate <= 0:
            yield "the rate is not above 0: no step would lead down"
        elif rate < wall * (1 - 1e-6):
            yield "at your rate a line on this column still converges: the wall is higher"
        elif rate > wall * (1 + 1e-6):
            yield "at your rate a line on this column diverges already: the wall is lower"
