"""The exercises of 02 on the gradient by hand and the step along it."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import torch
from torch import Tensor

from ..judge import COPIED, exercise
from ..judge.compare import same
from ..theory import predict_path
from .cases import starts
from .chain_rule import by_the_chain_rule
from .nb02 import BOTH, UPDATE_MISTAKES

SLOPES = "dw = 2 * (error * t_u).mean()\n    db = 2 * error.mean()"


@exercise(
    notebook="02",
    title="The gradient by hand",
    text="""\
Write the gradient of the mean squared error of the line `w * t_u + b`, by the chain rule, as
a pair `(dw, db)`. No finite differences this time, and nothing imported: only the arguments.""",
    difficulty=2,
    minutes=10,
    hints=[
        "First the prediction, then the error of each reading: w * t_u + b - t_c.",
        "The slope of a squared error is 2 * error, times what the error changes by: t_u for w, 1 "
        "for b.",
        "The loss is a mean, so both slopes are means over the readings.",
    ],
    cases=starts,
    probe=by_the_chain_rule,
    wrong={
        "your db is twice too large: is the 2 in twice?": {"2 * error.mean()": "4 * error.mean()"},
        "your dw is twice too large: is the 2 in twice?": {
            "2 * (error * t_u)": "4 * (error * t_u)"
        },
        "the 2 is missing: the slope of e² is 2e": {
            SLOPES: "dw = (error * t_u).mean()\n    db = error.mean()"
        },
        "these are sums: the loss is a mean, so divide by the number of readings": {
            SLOPES: "dw = 2 * (error * t_u).sum()\n    db = 2 * error.sum()"
        },
        "the mean is taken twice": {"return dw, db": "return dw / len(t_u), db / len(t_u)"},
        "the square is still there: the slope of e² is 2e": {
            SLOPES: "dw = 2 * (error**2 * t_u).mean()\n    db = 2 * (error**2).mean()"
        },
        "the square is still there, and the 2 is missing: the slope of e² is 2e": {
            SLOPES: "dw = (error**2 * t_u).mean()\n    db = (error**2).mean()"
        },
        "the temperatures are forgotten: the error is prediction minus measurement": {
            "w * t_u + b - t_c": "w * t_u + b"
        },
        "w in the place of t_u: a prediction changes by t_u when w grows by 1": {
            "(error * t_u)": "(error * w)"
        },
        "t_c in the place of t_u: a prediction changes by t_u when w grows by 1": {
            "(error * t_u)": "(error * t_c)"
        },
        "t_u is squared in dw: once is enough": {"(error * t_u)": "(error * t_u**2)"},
        "db is not 1: that is only what a prediction changes by": {"2 * error.mean()": "1"},
        "b is a factor too many in db": {"2 * error.mean()": "2 * (error * b).mean()"},
        "t_u belongs to dw only": {"2 * error.mean()": "2 * (error * t_u).mean()"},
        "errors have signs, and they count: no absolute values": {
            "error = w * t_u + b - t_c": "error = (w * t_u + b - t_c).abs()"
        },
        "these are slopes for each reading: take their means": {
            SLOPES: "dw = 2 * error * t_u\n    db = 2 * error"
        },
        "your dw lacks the factor t_u: that is how much a prediction changes with w": {
            "(error * t_u)": "error"
        },
        "in dw you multiplied two means: take the mean of the products": {
            "(error * t_u).mean()": "error.mean() * t_u.mean()"
        },
        "both signs are wrong: the error is prediction minus measurement": {
            "w * t_u + b - t_c": "t_c - w * t_u - b"
        },
        "dw and db have changed places": {"return dw, db": "return db, dw"},
        "b is missing in the prediction": {"w * t_u + b": "w * t_u"},
        "the 11 of the thermometer is built in: divide by the number of readings that came": {
            SLOPES: "dw = 2 * (error * t_u).sum() / 11\n    db = 2 * error.sum() / 11"
        },
        COPIED: {"return dw, db": "return 4517.2964, 82.6"},
    },
    moral="Lesson 04 lets PyTorch do this, and you will know what it does.",
)
def line_gradient(t_u, t_c, w, b):
    error = w * t_u + b - t_c
    dw = 2 * (error * t_u).mean()
    db = 2 * error.mean()
    return dw, db


def _other_steps(
    came: Any, t_u: Tensor, t_c: Tensor, w: float, b: float, rate: float
) -> Iterator[str]:
    """More steps than one, and a gradient whose arguments stand in another order."""
    given = {"t_u": t_u, "t_c": t_c, "w": w, "b": b}
    for names in permutations(given):
        slopes = line_gradient.reference(*(given[name] for name in names))
        if [*names] != [*given] and same(came, (w - rate * slopes[0], b - rate * slopes[1])):
            yield f"as with line_gradient({', '.join(names)}): first t_u and t_c, then w and b"
    places = predict_path(t_u, t_c, torch.tensor([w, b], dtype=torch.float64), rate, 1000)
    hits = [n for n, place in enumerate(places) if n > 1 and same(came, place)]
    if hits:  # where it has converged, one step more makes no difference
        many = str(hits[0]) if len(hits) == 1 else "many"
        yield f"this is where {many} steps lead: one was asked for"


@exercise(
    notebook="02",
    title="One step of gradient descent",
    text="""\
Take one step of gradient descent by hand: from `w` and `b` to the next pair, which is
returned. (The optimizer `SGD` of lesson 05 does the same.) You may call functions that you
have written above.""",
    difficulty=2,
    minutes=10,
    hints=[
        "Gradient first, both parts of it; only then the update.",
        "New value = old value - learning rate * slope.",
        "Do not overwrite w before the slope of b is computed.",
    ],
    cases=lambda: [
        (*start, rate) for start, rate in zip(starts(), (0.01, 0.02, 0.005), strict=True)
    ],
    slips=_other_steps,
    wrong={
        "b's slope was taken after w had moved: take both slopes at the same point": {
            "    db =": "    w = w - learning_rate * dw\n    error = w * t_u + b - t_c\n    db =",
            "return w - learning_rate * dw": "return w",
        },
        "w's slope was taken after b had moved: take both slopes at the same point": {
            "    dw = 2 * (error * t_u).mean()\n": "",
            "    return": "    b = b - learning_rate * db\n    return",
            BOTH: ("w - learning_rate * 2 * ((w * t_u + b - t_c) * t_u).mean(), b"),
        },
        **UPDATE_MISTAKES,
        "the 2 is missing in the slopes": {
            SLOPES: "dw = (error * t_u).mean()\n    db = error.mean()"
        },
        "these are sums: the loss is a mean, so its slopes are means": {
            SLOPES: "dw = 2 * (error * t_u).sum()\n    db = 2 * error.sum()"
        },
        "the slope of w lacks the factor t_u": {"(error * t_u)": "error"},
        "the rate multiplies the slope, not the loss": {SLOPES: "dw = db = (error**2).mean()"},
        "b is missing in the prediction": {"w * t_u + b": "w * t_u"},
        "the learning rate 1e-2 is built in: use the argument": {
            BOTH: "w - 1e-2 * dw, b - 1e-2 * db"
        },
        COPIED: {BOTH: "0.5483, -0.0083"},
        "w in the place of t_u: a prediction changes by t_u when w grows by 1": {
            "(error * t_u)": "(error * w)"
        },
        "each parameter moves by its own slope, not by the sum of both": {
            BOTH: "w - learning_rate * (dw + db), b - learning_rate * (dw + db)"
        },
    },
)
def gradient_step(t_u, t_c, w, b, learning_rate):
    error = w * t_u + b - t_c
    dw = 2 * (error * t_u).mean()
    db = 2 * error.mean()
    return w - learning_rate * dw, b - learning_rate * db
