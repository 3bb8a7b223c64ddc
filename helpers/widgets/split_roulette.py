"""SplitRoulette, an instrument: what it shows stands at the class."""

from typing import ClassVar

import torch
from torch import Tensor, tensor

from .. import data
from .small import F64, Look, Number, Panel, SmallInstrument, Switch, View


class SplitRoulette(SmallInstrument):
    """Notebook 06: set two of the eleven readings aside, fit a line to nine; all 55 ways.

    The splits are numbered by the validation loss of their lines, from 1, the lowest, to 55; at
    first it is split A of the notebook. `degree` fits another polynomial than a line.
    """

    split = Number(38, 1, 55, "split")
    degree = Number(1, 0, 4, "degree", fresh=True)
    list_all = Switch(False, "list all 55 splits")
    CAPTION = "Left: nine readings, their line, two set aside. Right: both losses, by split."
    GRID: ClassVar = {
        "split": list(range(1, 56)),
        "degree": [0, 1, 2, 3, 4],
        "list_all": [False, True],
    }
    BUTTONS: ClassVar = {"Draw a split": "split"}
    TRIES: ClassVar = {"validation loss": "Mean validation loss of those shown"}
    X = "split, by the validation loss of its line"
    PANELS = (
        Panel("The split", "reading (°F)", "temperature (°C)", (18, 86), (-15, 40)),
        Panel("Its losses", X, "loss (°C²)", (0, 56), log="y", click=("split", "")),
    )
    LOOKS: ClassVar = {
        "fit to the nine": Look(0, "blue"),
        "training": Look(0, "black", "", "circle"),
        "validation": Look(0, "vermilion", "", "diamond", 6),
        "training loss": Look(1, "blue", "", "circle", 3, trail=True),
        "validation loss": Look(1, "vermilion", "", "diamond", 4, trail=True),
        "this split": Look(1, "black", "", "ring", 8),
    }

    def __init__(self, **settings: float | bool) -> None:
        t_u, t_c = data.thermometer(F64)
        vals = torch.combinations(torch.arange(11), 2)
        rest = [[i for i in range(11) if i not in pair] for pair in vals.tolist()]
        self.trains, self.vals, self.losses = tensor(rest), vals, {}
        order = self.all_losses(t_u, t_c, 1)[1].argsort()
        self.trains, self.vals, self.losses = self.trains[order], vals[order], {}
        super().__init__(**settings)

    def fitted(self, t_u: Tensor, t_c: Tensor, degree: int, at: Tensor) -> Tensor:
        """What the fits to all rows of training readings predict `at`, shape (55, n)."""
        powers, new = (((t[..., None] - 50) / 30) ** torch.arange(degree + 1) for t in (t_u, at))
        fits = torch.linalg.lstsq(powers[self.trains], t_c[self.trains][..., None]).solution
        return (new @ fits)[..., 0]

    def all_losses(self, t_u: Tensor, t_c: Tensor, degree: int) -> tuple[Tensor, Tensor]:
        """Training and validation loss of every split, (55,) each; each degree computed once."""
        if degree not in self.losses:
            errors = self.fitted(t_u, t_c, degree, t_u) - t_c
            self.losses[degree] = tuple(
                (errors.gather(1, rows) ** 2).mean(dim=1) for rows in (self.trains, self.vals)
            )
        return self.losses[degree]

    def view(self) -> View:
        t_u, t_c = data.thermometer(F64)
        here = self.split - 1
        train, val = self.trains[here], self.vals[here]
        losses = self.all_losses(t_u, t_c, self.degree)
        shown = torch.arange(55) if self.list_all else tensor([here])
        reach = torch.linspace(18, 86, 35 if self.degree > 1 else 2, dtype=F64)
        names = "training loss", "validation loss"
        results = {"validation": losses[1][here].item(), "training": losses[0][here].item()}
        curves = {
            "fit to the nine": (reach, self.fitted(t_u, t_c, self.degree, reach)[here]),
            "training": (t_u[train], t_c[train]),
            "validation": (t_u[val], t_c[val]),
            **{n: (shown + 1, loss[shown]) for n, loss in zip(names, losses, strict=True)},
            "this split": (tensor([here + 1]), losses[1][[here]]),
        }
        remark = "Set aside: {:g} and {:g}.".format(*t_u[val].tolist())
        high = (500, 30, 500, 2000, 20000)[self.degree]
        return View(curves, results, remark, {1: ((0, 56), (0.8 if high == 30 else 0.1, high))})
