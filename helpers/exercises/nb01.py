"""The exercises of 01 Learning from data."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from ..judge import COPIED, Parts, Value, exercise, numbers
from ..judge.compare import same
from .cases import random
from .slips import typed_means

two_readings = Value(
    name="two_readings",
    notebook="01",
    title="The loss of two readings",
    text="""\
The line `w = 0.5`, `b = -10` is asked for the readings 44 and 26. Measured were 7 and 4 degrees.
What is its mean squared error on these two? (A number.)""",
    hints=[
        "First the two predictions, then the two errors, then their squares, then the mean.",
        "The predictions are 12 and 3 degrees.",
        "The errors are 5 and -1: half of 25 plus 1.",
    ],
    reference=13,
    otherwise="two errors, each squared, then the mean of both: which step did you go another way?",
    way="""\
the_first_prediction = 0.5 * 44 - 10
the_second_prediction = 0.5 * 26 - 10
the_first_error = the_first_prediction - 7
the_second_error = the_second_prediction - 4
loss = (the_first_error**2 + the_second_error**2) / 2""",
    wrong={
        **typed_means([12, 3], [7, 4]),
        "b is -10: it is taken away, not added": (25**2 + 19**2) / 2,
        "you left out b: the predictions are 12 and 3 degrees": 153,
    },
)


def _centred(n: int, seed: int) -> Tensor:
    values = random(n, seed=seed)
    return values - values.mean()


def _slope_at(came: Any, du: Tensor, dc: Tensor) -> Iterator[str]:
    """The slope of the loss at a w that is the same on all data sets."""
    came = numbers(came)
    if came is not None and came.ndim == 0:
        at = (came / 2 + (du * dc).mean()) / (du * du).mean()
        yield f"this is the slope of the loss at w = {at:.6g}; asked is the w at which it is 0"
    if came is not None and came.shape == du.shape and same(came, dc / du):
        yield "this is one quotient for each pair: one w has to fit all of them"


@exercise(
    notebook="01",
    title="Set the slope to zero",
    text="""\
The columns `du` and `dc` have mean 0, so the line is `w * du`. The slope of its loss in `w` is the
mean of `2 * (w * du - dc) * du`. For which `w` is it zero? Return that `w`.""",
    difficulty=2,
    hints=[
        "Take the mean apart: one part contains w, the other does not.",
        "w times the mean of du * du has to equal the mean of du * dc.",
        "Divide the sum of du * dc by the sum of du * du.",
    ],
    cases=lambda: [(_centred(n, seed=1), _centred(n, seed=2)) for n in (5, 11, 3)],
    slips=_slope_at,
    wrong={
        "upside down: the sum with dc stands on top": {
            "(du * dc).sum() / (du * du).sum()": "(du * du).sum() / (du * dc).sum()"
        },
        "this is the other line, which predicts du from dc: w is multiplied by du * du": {
            "(du * du)": "(dc * dc)"
        },
        "the sign: w * du and dc have to cancel, so both sums stay positive": {
            "return (du": "return -(du"
        },
        "w is multiplied by the sum of du * du: divide by it": {" / (du * du).sum()": ""},
        "this is the mean of the quotients; the equation asks for the quotient of two means": {
            "(du * dc).sum() / (du * du).sum()": "(dc / du).mean()"
        },
        "a mean on top needs a mean below: the number of readings cancels": {
            "(du * dc).sum()": "(du * dc).mean()"
        },
        "a sum on top needs a sum below: the number of readings cancels": {
            "(du * du).sum()": "(du * du).mean()"
        },
        "this is the correlation: only du * du belongs below": {
            "(du * du).sum()": "((du * du).sum() * (dc * dc).sum()).sqrt()"
        },
        "a quotient of two spreads cannot be negative: it does not see how the columns hang "
        "together": {"(du * dc).sum() / (du * du).sum()": "dc.std() / du.std()"},
        "below the line stands a product, du * du: a sum of squares, not their root": {
            "/ (du * du).sum()": "/ (du * du).sum().sqrt()"
        },
        COPIED: {"(du * dc).sum() / (du * du).sum()": "0.5368"},
        "half of the equation: w is multiplied by the mean of du * du": {
            "(du * dc).sum() / (du * du).sum()": "(du * dc).mean()"
        },
        "a sum stands above, a variance below, which is a mean: take the same for both": {
            "(du * du).sum()": "du.var()"
        },
    },
)
def level_w(du, dc):
    return (du * dc).sum() / (du * du).sum()


@exercise(
    notebook="01",
    title="The mean squared error",
    text="""\
Write the loss of this notebook again, without looking: the mean squared error between
predictions `t_p` and measurements `t_c`, two tensors of the same shape. It has to work for
any number of readings.""",
    minutes=5,
    hints=[
        "Go in three steps: the difference, its square, the mean.",
        "A tensor t has t**2 and t.mean().",
        "difference = t_p - t_c; then return the mean of difference**2.",
    ],
    cases=lambda: [
        (random(n, seed=1), random(n, seed=2) + shift) for n, shift in ((5, 1), (11, 9), (2, 0))
    ],
    wrong={
        "this is the sum of the squares: divide it by their number": {".mean()": ".sum()"},
        "this is the mean absolute error: square the differences": {
            "difference**2": "difference.abs()"
        },
        "this is the mean of the raw errors, in which opposite signs cancel: square them first": {
            "difference**2": "difference"
        },
        "you squared the mean: take the mean of the squares": {
            "(difference**2).mean()": "difference.mean() ** 2"
        },
        "this is the root of it, the RMSE": {".mean()": ".mean().sqrt()"},
        "this is one squared error for each reading: take their mean": {".mean()": ""},
        "these are squares apart: take the difference first, then square it": {
            "difference = t_p - t_c": "difference = t_p**2 - t_c**2",
            "difference**2": "difference",
        },
        "a power is written ** in Python; ^ is something else": {"difference**2": "difference ^ 2"},
        "divide by the number of readings, not by one less": {".mean()": ".sum() / (len(t_p) - 1)"},
        "* 2 doubles, ** 2 squares": {"difference**2": "difference * 2"},
        "this is the median: take the mean": {".mean()": ".median()"},
        "this is the square of the mean absolute error: first square, then take the mean": {
            "(difference**2).mean()": "difference.abs().mean() ** 2"
        },
        "this is a variance: it forgets how far off the predictions are as a whole": {
            "(difference**2).mean()": "difference.var()"
        },
        "this is how much the squares vary: take their mean": {".mean()": ".var()"},
        "each prediction met each measurement: the shapes made a table": {
            "t_p - t_c": "t_p[:, None] - t_c"
        },
        "half of it: the mean of the squares, without a 1/2": {".mean()": ".mean() / 2"},
        "you added prediction and measurement: take the difference": {"t_p - t_c": "t_p + t_c"},
        "the 11 of the thermometer is built in: divide by the number of readings that came": {
            ".mean()": ".sum() / 11"
        },
        COPIED: {"(difference**2).mean()": "1763.8845"},
        "only the last square counts: add all of them up": {
            "(difference**2).mean()": "difference[-1] ** 2 / len(t_c)"
        },
        "only the first square counts: does return stand inside the loop?": {
            "(difference**2).mean()": "difference[0] ** 2 / len(t_c)"
        },
        "the last reading is left out: range(n) ends before n by itself": {
            "(difference**2).mean()": "(difference[:-1] ** 2).sum() / len(t_c)"
        },
        "you squared the sum of the differences: square each of them": {
            "(difference**2).mean()": "difference.sum() ** 2 / len(t_c)"
        },
        "this is the largest square: take the mean of all": {
            "(difference**2).mean()": "(difference**2).max()"
        },
        "a 2 is built in: divide by the number of readings that came": {
            "(difference**2).mean()": "(difference**2).sum() / 2"
        },
    },
)
def mean_squared_error(t_p, t_c):
    difference = t_p - t_c
    return (difference**2).mean()


def _where_they_meet(first: tuple, second: tuple) -> Callable[[Any], str]:
    """Words for a shape that cannot come out of these two, from the right end on."""

    def explain(answer: Any) -> str:
        if not isinstance(answer, tuple | list | torch.Size):
            return 'asked is a shape, in brackets, such as (3, 4), or the text "error"'
        sizes = max(len(first), len(second))
        if len(answer) != sizes:
            return f"the longer of the two shapes has {sizes} sizes, yours has {len(answer)}"
        for back in range(1, sizes + 1):
            here = [shape[-back] for shape in (first, second) if len(shape) >= back]
            stays = max(here) if min(here) in (1, max(here)) else None
            if answer[-back] != stays:
                place = "at the right end" if back == 1 else f"at place {back} from the right"
                what = " meets ".join(map(str, here)) if len(here) > 1 else f"{here[0]} is alone"
                return f"{place} {what}: no {answer[-back]} can come of that"
        return ""

    return explain


broadcast_shapes = Parts(
    name="broadcast_shapes",
    notebook="01",
    title="Read the shapes",
    text="""\
Two tensors are subtracted. Which shape has the result? Answer with a tuple such as `(3, 4)`,
or with the text `"error"` if PyTorch refuses.

| pair | shape of the first | shape of the second |
|---|---|---|
| a | `(4,)` | `(3, 4)` |
| b | `(3,)` | `(3, 1)` |
| c | `(2, 1, 5)` | `(4, 1)` |
| d | `(3, 2)` | `(3,)` |
| e | `(7, 1)` | `(1,)` |""",
    minutes=5,
    hints=[
        "Write both shapes below each other, lined up at their right ends.",
        "Go from right to left: equal sizes stay, a 1 (or a missing size) takes the other size.",
        "Different sizes of which none is 1 are an error, as at the right end of d.",
    ],
    parts={
        "a": Value(
            reference=(3, 4),
            either=True,
            explain=_where_they_meet((4,), (3, 4)),
            wrong={
                "sizes are matched from the right, not joined": (3, 4, 4),
                "the order of the second shape stays": (4, 3),
                "the result has as many sizes as the longer shape": (3,),
                "the 4 of the first meets the 4 of the second: it stays": (3, 1),
                "two sizes that meet become one: nothing is put in front": (4, 3, 4),
                "12 is the number of elements: asked is the shape": 12,
                "nothing is flattened: the result has two dimensions": (12,),
                "the missing size on the left is taken from the other shape: nothing is lost": (4,),
                "it does work: (4,) counts as (1, 4), and the 1 is repeated": "error",
            },
        ),
        "b": Value(
            reference=(3, 3),
            either=True,
            explain=_where_they_meet((3,), (3, 1)),
            wrong={
                "sizes are matched from the right, not joined": (3, 3, 1),
                "both are repeated, the 1 on the right as well": (1, 3),
                "nothing is flattened: the result has two dimensions": (9,),
                "(3,) counts as (1, 3), not as (3, 1): the shapes are lined up at the right": (
                    3,
                    1,
                ),
                "this is the trap of this notebook: both are repeated, to a whole table": (3,),
                "it does work: (3,) counts as (1, 3), and each 1 meets a 3": "error",
            },
        ),
        "c": Value(
            reference=(2, 4, 5),
            either=True,
            explain=_where_they_meet((2, 1, 5), (4, 1)),
            wrong={
                "sizes are matched from the right, not joined": (2, 1, 5, 4, 1),
                "the 1 on the right of the second shape is repeated": (2, 4, 1),
                "the 2 of the first stands alone on the left and stays": (4, 5),
                "sizes are not multiplied: three of them stand in the longer shape": (8, 5),
                "the 5 at the right meets a 1: it stays": (2, 4),
                "the 2 stands left, the 4 meets the 1 in the middle": (4, 1, 5),
                "three sizes are enough: the 1 in the middle meets the 4": (2, 4, 1, 5),
                "it does work: at the right end 5 over 1, then 1 over 4, then 2 alone": "error",
                "lined up at the right, the 4 meets the 1 in the middle": (2, 1, 5),
            },
        ),
        "d": Value(
            reference="error",
            either=True,
            explain=_where_they_meet((3, 2), (3,)),
            wrong={
                "sizes are matched from the right, not joined": (3, 2, 3),
                "the 3 of the second shape meets the 2, not the 3, of the first": (3, 2),
                "no size is dropped: which two meet at the right end?": (3,),
                "neither of the two that meet at the right end is a 1": (2,),
                "2 meets 3 and neither is 1, so nothing can be repeated": (3, 3),
            },
        ),
        "e": Value(
            reference=(7, 1),
            either=True,
            explain=_where_they_meet((7, 1), (1,)),
            wrong={
                "the 7 stands alone on the left and stays": (1,),
                "sizes are matched from the right, not joined": (7, 1, 1),
                "it does work: the size of (1,) is a 1 and meets a 1, the 7 stays": "error",
                "a 1 that meets a 1 stays a 1": (7, 7),
                "no size is lost: the 1 at the right end stays": (7,),
            },
        ),
    },
)
