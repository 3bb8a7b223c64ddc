"""SplitRoulette, an instrument: what it shows stands at the class."""

from typing import ClassVar

import torch
from torch import tensor

from .. import data, theory
from ..judge import Target
from ..models import linear
from ..plots import BLUE, VERMILION
from .controls import Number, Switch
from .instrument import BLACK, F64, Look, Panel, Playground, View


class SplitRoulette(Playground):
    """Notebook 06: set two of the eleven readings aside, fit a line to nine; all 55 ways."""

    split = Number(14, 0, 54, "split")
    list_all = Switch(False, "list all 55 splits")
    CAPTION = "Left: nine readings, their line, two set aside. Right: both losses, by place."
    BUTTONS: ClassVar = {"Draw a split": "draw"}
    PANELS = (
        Panel("reading (°F)", "temperature (°C)", (18, 86), (-9, 33)),
        Panel("place among the 55, by validation loss", "loss (°C²)", (0, 56), (0.8, 30), log="y"),
    )
    LOOKS: ClassVar = {
        "line for the nine": Look(0, BLUE),
        "training": Look(0, BLACK, None, "circle"),
        "validation": Look(0, VERMILION, None, "diamond", size=11),
        "training loss": Look(1, BLUE, None, "circle", size=5),
        "validation loss": Look(1, VERMILION, None, "diamond"),
        "this split": Look(1, BLACK, None, "circle-open", size=15),
    }

    def __init__(self, **settings: float | bool) -> None:
        self._dice = torch.Generator().manual_seed(0)
        t_u, t_c = data.thermometer(F64)
        self.vals = torch.combinations(torch.arange(11), 2)
        rest = [[i for i in range(11) if i not in pair] for pair in self.vals.tolist()]
        self.trains = tensor(rest)
        fits = [theory.least_squares(t_u[train], t_c[train]) for train in self.trains]
        self.params, self.train_loss = (torch.stack(part) for part in zip(*fits, strict=True))
        t_p = linear(t_u[self.vals], *self.params.T[..., None])
        self.val_loss = ((t_p - t_c[self.vals]) ** 2).mean(dim=1)
        self.place = self.val_loss.argsort().argsort() + 1
        super().__init__(**settings)

    def draw(self) -> None:
        """Draw a split at random; every session draws the same ones."""
        self.split = torch.randint(55, (1,), generator=self._dice).item()

    def view(self) -> View:
        t_u, t_c = data.thermometer(F64)
        train, val, here = self.trains[self.split], self.vals[self.split], [self.split]
        self.remember(self.split)
        shown = list(range(55)) if self.list_all else list(self.history)
        reach = tensor([18.0, 86.0], dtype=F64)
        results = {
            "training": self.train_loss[here].item(),
            "validation": self.val_loss[here].item(),
        }
        results["place"] = self.place[here].item()
        remark = "Set aside: {:g} and {:g}. ".format(*t_u[val].tolist())
        remark += (
            f"Mean validation loss of the {len(shown)} shown: {self.val_loss[shown].mean():.2f}."
        )
        curves = {
            "line for the nine": (reach, linear(reach, *self.params[self.split])),
            "training": (t_u[train], t_c[train]),
            "validation": (t_u[val], t_c[val]),
            "training loss": (self.place[shown], self.train_loss[shown]),
            "validation loss": (self.place[shown], self.val_loss[shown]),
            "this split": (self.place[here], self.val_loss[here]),
        }
        return curves, results, remark

    def target(self) -> Target:
        second = self.val_loss.argsort()[-2]
        value, readings = self.val_loss[second].item(), data.thermometer(F64)[0][self.vals[second]]
        lesson = "It sets the two highest readings aside, {:g} and {:g}: ".format(
            *readings.tolist()
        )
        hint = "List all splits and move until the ring is around the last diamond but one."
        return value - 0.05, value + 0.05, f"{lesson}extrapolation again.", hint

    def misses(self) -> dict[str, float]:
        return {
            "That is the worst split; the second worst is asked for.": self.val_loss.max().item()
        }
