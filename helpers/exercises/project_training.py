"""Stage 4 of the project in 09: train a line. What is said of one that has not arrived is found by
calling the function again, on columns where scaling, way back or targets are known."""

from collections.abc import Callable, Iterator
from math import log
from typing import Any

import torch
from torch import Tensor

from ..data import standardize
from ..judge import CLUE, Unusable, call, exercise, numbers
from ..judge.compare import same
from ..judge.words import other_kind
from ..losses import mse
from ..models import linear
from ..theory import least_squares
from .cases import columns
from .slips import joined

PILED_UP = "nothing in your function clears the gradient: zero_grad() has to run in each epoch"
STRETCHED, MOVED = 2.0, 3.0  # what is done to a column to see what the way back does with it
HIGHER = 10.0

ARRIVES = "on a column that is standardised already your function arrives"
SWINGS = (
    "has training come to rest? Look at the number of epochs, the rate, and whether the gradient "
    "is cleared in each epoch"
)
RUNS_AWAY = (
    "on a standardised column, too, each epoch leads further away from the best line: is the rate "
    "above the wall, or does a step go uphill?"
)
OTHER_NUMBERS = (
    "w and b stay the same when x comes in another unit: the way back takes mean and standard "
    "deviation of this x"
)
OTHER_UNIT = (
    "the same x in another unit (doubled, plus 3) leads to another line: is the column that is "
    "trained on standardised, and is the way back to x right?"
)
OWN_B = "w follows when x comes in another unit, b does not: it moves by w times the mean of this x"
FLAT = (
    "w is 0, the line is flat: does training move w, does each prediction meet its own y alone, "
    "and does w get lost on the way back?"
)
TOO_FAR = (
    "on a standardised column the line follows y too far, or to the wrong side: does training come "
    "to rest, and is what x is divided by what w is divided by?"
)
TRAINING = (
    "scaling and way back are right, in any unit of x: look at the training itself (the loss, the "
    "number of epochs, the rate, whether the gradient is cleared in each epoch)"
)
OTHER_LINE = (
    "your line follows y as it should and comes to rest, and another line has less loss: is each "
    "error squared, and is every row in the loss?"
)


def arrived(answer: Callable, x: Tensor, y: Tensor) -> dict[str, Any]:
    """Is the line near enough to the floor, whichever way it came? If not, the clue holds what is
    true of it, the most particular first."""
    used = {*getattr(getattr(answer, "__code__", None), "co_names", ())}
    if used & {"least_squares", "lstsq", "polyfit"} and not used & {"range", "backward"}:
        raise Unusable("this line is computed in one go: here it is to be trained, step by step")
    came = call(answer, x.clone(), y.clone())
    pair = numbers(came)
    if (problem := other_kind(came, (1.0, 0.0))) and (pair is None or pair.shape != (2,)):
        raise Unusable(problem)
    if near(pair, x, y):
        return {"its loss": "at the floor", CLUE + "why": ""}
    loss, (_, floor) = mse(linear(x, *pair), y), least_squares(x, y)
    trivial = ((y - y.mean()) ** 2).mean()
    why = [*would_do(pair, x, y)]
    if {"backward", "step"} <= used and not used & {"zero_grad", "grad"}:
        why.append(PILED_UP)
    why += tried_again(answer, pair, x, y)
    return {
        "its loss": f"{loss:.4g}, the floor is {floor:.4g}, the mean alone has {trivial:.4g}",
        CLUE + "why": "\n".join(why),
    }


def near(pair: Any, x: Tensor, y: Tensor) -> bool:
    """Does this w and this b leave at most a thousandth of the variance of y above the floor?"""
    enough = 1e-3 * ((y - y.mean()) ** 2).mean()
    return bool(mse(linear(x, *pair), y) <= least_squares(x, y)[1] + enough)


def would_do(pair: Tensor, x: Tensor, y: Tensor) -> Iterator[str]:
    """What would take this w and this b to the floor."""
    (w, b), mean, std, y_std = pair, x.mean(), x.std(), y.std()
    if abs(w) * std < 1e-6 * y_std:
        yield FLAT
    if near((w / std, b - w / std * mean), x, y):
        yield "these belong to the standardised column: convert them"
    if near((b, w), x, y):
        yield "the other way round: w first"
    if torch.allclose(pair, least_squares(y, x)[0], rtol=1e-2):
        yield "x and y are exchanged"
    if near((-w, b), x, y) or near((w, -b), x, y) or near((-w, -b), x, y):
        yield "a sign is turned in what came back"
    if near((w * y_std, b * y_std + y.mean()), x, y):
        yield "this line predicts the standardised y: leave y as it is"
    if near((w * y_std / std, (b - w * mean / std) * y_std + y.mean()), x, y):
        yield "this line predicts the standardised y from the standardised x: leave y as it is"


def tried_again(answer: Callable, pair: Tensor, x: Tensor, y: Tensor) -> Iterator[str]:
    """Is it the training, the scaling, or the way back? Other columns tell them apart."""

    def line(x: Tensor, y: Tensor) -> Tensor:
        torch.manual_seed(0)  # a start that is drawn is drawn again
        return numbers(call(answer, x.clone(), y.clone()))

    z, *_ = standardize(x)
    try:
        plain, unit = line(z, y), line(STRETCHED * z + MOVED, y)
        if same(plain, pair) and same(unit, line(z, y + HIGHER)):
            yield "w and b are the same, whatever x and y are"
        elif not bool(plain.isfinite().all()):
            yield RUNS_AWAY
        elif near(plain, z, y):
            yield from way_back(plain, line(STRETCHED * z, y), unit)
            yield from one_of_both(pair, x, y)
            yield (
                f"{ARRIVES}, on x as it came it does not: is the column standardised first, and is "
                "the way back right?"
            )
        elif same(unit, plain):
            yield OTHER_NUMBERS
        elif not same(linear(STRETCHED * z + MOVED, *unit), linear(z, *plain)):
            yield OWN_B if same(unit[0], plain[0] / STRETCHED) else OTHER_UNIT
            yield OTHER_UNIT
        else:
            best, _ = least_squares(z, y)
            higher, steeper = line(z, y + HIGHER), line(z, y + HIGHER * z)
            yield from of_the_training(plain, higher, steeper, best, len(x))
    except Exception:  # it cannot be called on other columns: then nothing is said of them
        return


def one_of_both(pair: Tensor, x: Tensor, y: Tensor) -> Iterator[str]:
    (w, b), (best_w, _) = pair, least_squares(x, y)[0]
    if near((w, y.mean() - w * x.mean()), x, y):
        yield "w is right, b is not: insert (x - mean) / std for x_s and multiply out"
    if near((best_w, b), x, y):
        yield "b is right, w is not: what multiplies x when (x - mean) / std is written out?"


def way_back(plain: Tensor, stretched: Tensor, unit: Tensor) -> Iterator[str]:
    """What w and b do when a standardised column is doubled, and then moved by 3."""
    (w_s, b_s), (w, b) = plain, stretched
    of_w = {
        "": w_s / STRETCHED,
        "w stays when x is doubled, and should halve: is it divided by the standard deviation, and "
        "is x_s?": w_s,
        "w doubles when x is doubled, and should halve: divide by the standard deviation": (
            w_s * STRETCHED
        ),
        "w becomes a quarter when x is doubled, and should halve: is it divided twice?": (
            w_s / STRETCHED**2
        ),
    }
    by = {
        "": (w_s / STRETCHED) * MOVED,
        "b has to move with the mean": w * 0,
        "b moves against w times the mean, not with it": -w * MOVED,
        "b moves by the w of the original column, not by that of the standardised": w_s * MOVED,
        "b moves by the mean alone: by w times the mean": w * 0 + MOVED,
        "b moves by mean / std alone: by w times the mean": w * 0 + MOVED / STRETCHED,
        "b moves by w times the mean, divided by the standard deviation once too often": (
            w * MOVED / STRETCHED
        ),
    }
    if same(w, of_w[""]) and same(b, b_s) and not same(unit[0], w):
        yield "w changes when 3 is added to each x, and it should stay: what is subtracted there?"
    if not (same(unit[0], w) and same(b, b_s)):
        return  # what is trained on is another column
    wrong_w = next((words for words, value in of_w.items() if same(w, value)), None)
    if wrong_w:
        by[""] = w * MOVED
    wrong_b = next((words for words, value in by.items() if same(b - unit[1], value)), None)
    if wrong_w is None:
        yield "a column twice as wide should halve w, and yours does something else"
    elif wrong_b is None:
        yield joined(wrong_w, "b should fall by 3 w when 3 is added to each x, and does not")
    elif wrong_w or wrong_b:
        words = joined(wrong_w, wrong_b)
        yield f"w is right; {words}" if words == "b has to move with the mean" else words


def of_the_training(
    plain: Tensor, higher: Tensor, steeper: Tensor, best: Tensor, n: int
) -> Iterator[str]:
    """What is left of the way, as the line follows targets that grow. Gradient descent leaves the
    same share of any way: nearly the same for w as for b, on a standardised column. What pulls to 0
    does so, too, but leaves a way that begins at 0."""
    left_b = 1 - (higher - plain)[1].item() / HIGHER
    left_w = 1 - (steeper - plain)[0].item() / HIGHER
    if same(higher, plain) and same(steeper, plain):
        yield "w and b do not depend on y: do the steps of training move them?"
    elif max(abs(left_b), abs(left_w)) > 100:
        yield RUNS_AWAY
    elif max(abs(left_b), abs(left_w)) > 1.02:
        yield TOO_FAR
    elif max(abs(left_b), abs(left_w)) < 5e-4:
        yield OTHER_LINE
    else:
        if 0 < left_b < 1 and 0 < left_w < 1:
            pace = log(left_w) / log(left_b)
            if 0.9 * (n - 1) / n < pace < 1.01:
                steps = "more epochs, or a larger rate below the wall"
                start = best + (plain - best) / torch.tensor([left_w, left_b])
                if torch.allclose(start, torch.zeros(2), atol=1e-3 * best.abs().max().item()):
                    steps += "; or does something, such as weight_decay, pull w and b to 0?"
                yield f"{left_b:.1%} of the way to the best line is left at the end: {steps}"
                yield f"a part of the way to the best line is left at the end: {steps}"
        followed = HIGHER * (1 - left_b)
        fact = f"where each y is higher by 10, your b is higher by {followed:.3g}"
        yield f"{fact}: {SWINGS}" if f"{followed:.3g}" != "10" else f"{fact}, and w lags: {SWINGS}"
    yield TRAINING


@exercise(
    notebook="09",
    title="Stage 4: train",
    text="""\
Train a line on the standardised column until it has arrived. Return `w` and `b` for the column
*as it was*, before standardising. Which optimizer, rate and start is up to you.""",
    difficulty=2,
    minutes=10,
    hints=[
        "Stage 3 says which rates are possible; at a rate of 0.4 fifty epochs are plenty.",
        "w_s * (x - mean) / std + b_s is a line in x: what multiplies x, and what is left?",
        "w = w_s / std, b = b_s - w * mean.",
    ],
    cases=columns,
    probe=arrived,
    slips=lambda seen, *_: seen[CLUE + "why"].splitlines(),
    otherwise=lambda *_: [
        "another line leaves less, by more than a thousandth of the variance of y"
    ],
    kin=False,  # each try trains
    wrong={
        "these belong to the standardised column: convert them": {
            "return w, b_s - w * x.mean()": "return w_s, b_s"
        },
        "w is right; b has to move with the mean": {
            "return w, b_s - w * x.mean()": "return w, b_s"
        },
        "b moves against w times the mean, not with it": {"b_s - w": "b_s + w"},
        "b moves by the w of the original column, not by that of the standardised": {
            "b_s - w * x": "b_s - w_s * x"
        },
        "w doubles when x is doubled, and should halve: divide by the standard deviation": {
            "w_s / x.std()": "w_s * x.std()"
        },
        PILED_UP: {"        optimizer.zero_grad()\n": ""},
        "22.2% of the way to the best line is left at the end: more epochs, or a larger rate below "
        "the wall": {"range(30)": "range(15)", "lr=0.4": "lr=0.0477"},
        RUNS_AWAY: {"lr=0.4": "lr=1.4"},
        "a sign is turned in what came back": {
            "return w, b_s - w * x.mean()": "return w, w * x.mean() - b_s"
        },
        "this line predicts the standardised y: leave y as it is": {
            "    x_s = (x - x.mean()) / x.std()\n": (
                "    x_s, y = (x - x.mean()) / x.std(), (y - y.mean()) / y.std()\n"
            )
        },
        "the other way round: w first": {
            "return w, b_s - w * x.mean()": "return b_s - w * x.mean(), w"
        },
        "x and y are exchanged": {
            "x_s = (x - x.mean()) / x.std()": "x, y = y, x\n    x_s = (x - x.mean()) / x.std()"
        },
        "b moves by the mean alone: by w times the mean": {
            "return w, b_s - w * x.mean()": "return w, b_s - x.mean()"
        },
        FLAT: {"return w, b_s - w * x.mean()": "return 0 * w, b_s"},
    },
)
def project_train(x, y):
    x_s = (x - x.mean()) / x.std()
    params = torch.tensor([1.0, 0.0], dtype=x.dtype, requires_grad=True)
    optimizer = torch.optim.SGD([params], lr=0.4)
    for _ in range(30):
        loss = mse(linear(x_s, *params), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    w_s, b_s = params.detach()
    w = w_s / x.std()
    return w, b_s - w * x.mean()
