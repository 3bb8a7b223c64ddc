"""Stages 5 and 6 of the project in 09: rows held out, a richer model; the others: project.py."""

import torch

from ..judge import exercise
from ..losses import mse
from ..models import linear
from ..theory import least_squares
from .cases import columns, random
from .judging_slips import richer_bounds, richer_slips, split_slips, split_state


def _splits() -> list[tuple]:
    """The same columns, each with training and validation indices."""
    split = []
    for n_val, (x, y) in enumerate(columns(), 3):
        rows = torch.randperm(len(x), generator=torch.Generator().manual_seed(n_val))
        split.append((x, y, rows[n_val:], rows[:n_val]))
    x, y = (random(9, seed=seed) for seed in (1, 2))  # there x does not help
    return [*split, (x, y, torch.tensor([0, 2, 4, 5, 7, 8]), torch.tensor([1, 3, 6]))]


@exercise(
    notebook="09",
    title="Stage 5: split and judge",
    text="""\
`train_part` and `val_part` are lists of indices. Find the best line for the training part, and
return two validation losses: that of this line, and that of the training part's mean.""",
    difficulty=3,
    minutes=15,
    hints=[
        "Nothing of the validation part may reach the line, or the mean.",
        "x[train_part] takes the training part of a column.",
        "least_squares on the training part, mse on the validation part; for the mean as well.",
    ],
    cases=_splits,
    slips=split_slips,
    otherwise=split_state,
    wrong={
        "the line was fitted to all the rows: the held-out ones have taken part": {
            "least_squares(x[train_part], y[train_part])": "least_squares(x, y)"
        },
        "the mean is that of all the rows: the held-out ones have taken part": {
            "y[train_part].mean()": "y.mean()"
        },
        "the mean is that of the validation part, which nobody knows beforehand": {
            "y[train_part].mean()": "y[val_part].mean()"
        },
        "these are the losses on the training part: hold them against the other rows": {
            "x[val_part], w, b), y[val_part])": "x[train_part], w, b), y[train_part])",
            "(y[val_part] - y": "(y[train_part] - y",
        },
        "the other way round: the line first": {
            "return line_loss, mean_loss": "return mean_loss, line_loss"
        },
        "these are the roots: losses were asked for": {
            "return line_loss, mean_loss": "return line_loss.sqrt(), mean_loss.sqrt()"
        },
        "these are the losses on all the rows": {
            "x[val_part], w, b), y[val_part])": "x, w, b), y)",
            "(y[val_part] - y": "(y - y",
        },
        "a variance knows nothing of the training part: whose mean is in it?": {
            "((y[val_part] - y[train_part].mean()) ** 2).mean()": "y[val_part].var()"
        },
        "line and mean were found on all the rows: the held-out ones have taken part": {
            "least_squares(x[train_part], y[train_part])": "least_squares(x, y)",
            "y[train_part].mean()": "y.mean()",
        },
        "the parts have changed places": {
            "    (w, b), _": "    train_part, val_part = val_part, train_part\n    (w, b), _"
        },
        "the loss of the line alone came back: that of the mean belongs beside it": {
            "return line_loss, mean_loss": "return line_loss"
        },
    },
)
def project_split(x, y, train_part, val_part):
    (w, b), _ = least_squares(x[train_part], y[train_part])
    line_loss = mse(linear(x[val_part], w, b), y[val_part])
    mean_loss = ((y[val_part] - y[train_part].mean()) ** 2).mean()
    return line_loss, mean_loss


@exercise(
    notebook="09",
    title="Stage 6: one richer model",
    text="""\
Return the floors of two models on all the rows: that of the line and that of the parabola.""",
    difficulty=2,
    minutes=5,
    hints=[
        "Lesson 08: the parabola is linear in its parameters.",
        "torch.linalg.lstsq takes the columns x², x and 1; standardise x first for good digits.",
        "Both losses are means of squares, and the second cannot be the higher one.",
    ],
    cases=columns,
    slips=richer_slips,
    otherwise=richer_bounds,
    wrong={
        "the other way round: the line first": {
            "return floor, ((columns @ best - y) ** 2).mean()": (
                "return ((columns @ best - y) ** 2).mean(), floor"
            )
        },
        "the second is that of the line, too: the squares are missing": {
            "torch.stack([x_s**2, x_s,": "torch.stack([x_s,"
        },
        "the parabola has no constant term: a column of ones is missing": {
            ", torch.ones_like(x_s)]": "]"
        },
        "the parabola has no linear term: the column x is missing": {"[x_s**2, x_s, ": "[x_s**2, "},
        "these are the parameters of the parabola: what loss do they leave?": {
            "((columns @ best - y) ** 2).mean()": "best"
        },
        "this is a line in x²: the parabola has a linear term, too": {
            "((columns @ best - y) ** 2).mean()": "least_squares(x**2, y)[1]"
        },
        "no parabola reaches 0 here: what does the best one leave?": {
            "((columns @ best - y) ** 2).mean()": "0.0"
        },
        "one number came back: the line's floor and that of the parabola": {
            "return floor, ((": "return (("
        },
    },
    moral="Lower it must be. Whether it is better, the rows held out may tell: stage 5.",
)
def project_richer(x, y):
    _, floor = least_squares(x, y)
    x_s = (x - x.mean()) / x.std()
    columns = torch.stack([x_s**2, x_s, torch.ones_like(x_s)], dim=1)
    best = torch.linalg.lstsq(columns, y).solution
    return floor, ((columns @ best - y) ** 2).mean()
