"""FiniteDifferenceStep, an instrument: what it shows stands at the class."""

import itertools
from fractions import Fraction
from functools import cache
from typing import ClassVar

import torch
from torch import Tensor, tensor

from .. import data
from ..losses import mse
from ..models import linear
from .small import F64, Choice, Look, Number, Panel, SmallInstrument, View

LEAST = 1e-12  # the distance from one float64 near 4517 to the next
SCHEMES, PRECISIONS = ["central", "forward"], ["float64", "float32"]


@cache
def exact_slope(w: float) -> float:
    """The slope in w at (w, 0), computed with fractions, which know no rounding."""
    u, c = ([Fraction(str(v)) for v in values] for values in (data.T_U, data.T_C))
    exact = sum((Fraction(str(w)) * x - y) * x for x, y in zip(u, c, strict=True)) * 2 / len(u)
    return float(exact)


def measure(w: float, delta: float, scheme: str, precision: str) -> tuple[float, float]:
    """The difference quotient of notebook 02 at (w, 0), and how far it is from the exact slope."""
    t_u, t_c = data.thermometer(getattr(torch, precision))
    left, width = (w - delta, 2 * delta) if scheme == "central" else (w, delta)
    change = mse(linear(t_u, w + delta, 0.0), t_c) - mse(linear(t_u, left, 0.0), t_c)
    slope = (change / width).item()
    return slope, max(abs(slope - exact_slope(w)), LEAST)


@cache
def errors(w: float, scheme: str, precision: str) -> Tensor:
    """Rows of delta and error, four in each factor of ten, ended by a gap."""
    deltas = [10 ** (k / 4) for k in range(-52, 1)]
    points = [(delta, measure(w, delta, scheme, precision)[1]) for delta in deltas]
    return tensor([*points, (torch.nan, torch.nan)], dtype=F64).T


class FiniteDifferenceStep(SmallInstrument):
    """Notebook 02: the slope at (w, 0), measured over a distance `delta`, and its error."""

    delta = Number(0.1, 1e-13, 1.0, "delta", step=0.05, log=True)
    w = Number(1.0, 0.0, 2.0, "w", step=0.1)
    scheme = Choice(SCHEMES, "central", "scheme")
    precision = Choice(PRECISIONS, "float64", "precision")
    CAPTION = "Left: the loss against w and the measured slope. Right: its error against delta."
    GRID: ClassVar = {
        "delta": [float(f"{digit}e{k}") for k in range(-13, 0) for digit in (1, 3)] + [1.0],
        "w": [0.0, 0.5, 1.0, 1.5, 2.0],
        "scheme": SCHEMES,
        "precision": PRECISIONS,
    }
    PANELS = (
        Panel("The loss at b = 0", "w", "loss (°C²)", (-1.2, 3.2), (-4000, 24000)),
        Panel("Error of the slope", "delta", "error", (5e-14, 2), (3e-13, 3e5), log="xy"),
    )
    LOOKS: ClassVar = {
        "loss": Look(0, "black", named=False),
        "measured slope": Look(0, "vermilion", "dash"),
        "points compared": Look(0, "vermilion", "", "circle", 5),
        "the other three choices": Look(1, "grey", "dot", width=1),
        "error of this choice": Look(1, "blue", "solid", "circle", 2.5, 1.5),
        "at this delta": Look(1, "vermilion", "", "diamond", 6),
    }

    def view(self) -> View:
        t_u, t_c = data.thermometer(F64)
        choice = self.scheme, self.precision
        slope, error = measure(self.w, self.delta, *choice)
        left = self.w - self.delta if self.scheme == "central" else self.w
        points = tensor([left, self.w + self.delta], dtype=F64)
        w = torch.cat([points, torch.linspace(-1.2, 3.2, 61, dtype=F64)])
        losses = ((w[:, None] * t_u - t_c) ** 2).mean(dim=1)
        ends = w[[2, -1]]
        others = [o for o in itertools.product(SCHEMES, PRECISIONS) if o != choice]
        curves = {
            "loss": (w[2:], losses[2:]),
            "measured slope": (ends, losses[1] + slope * (ends - w[1])),
            "points compared": (w[:2], losses[:2]),
            "the other three choices": tuple(torch.cat([errors(self.w, *o) for o in others], 1)),
            "error of this choice": tuple(errors(self.w, *choice)),
            "at this delta": tuple(tensor([[self.delta], [error]], dtype=F64)),
        }
        off = f"{error:.2g}" if error > 1e-3 else "less than 0.001"
        return View(curves, {"slope": slope}, f"The slope is off by {off}.")
