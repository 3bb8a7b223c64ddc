"""FiniteDifferenceStep, an instrument: what it shows stands at the class."""

import itertools
import math
from fractions import Fraction
from typing import ClassVar

import torch
from torch import Tensor, tensor

from .. import data, theory
from ..judge import Target
from ..losses import mse
from ..models import linear
from ..plots import BLUE, VERMILION
from .controls import Choice, Number
from .instrument import BLACK, F64, GREY, Look, Panel, Playground, View


class FiniteDifferenceStep(Playground):
    """Notebook 02: the slope in w at (1, 0), measured over a distance `delta`, and its error."""

    delta = Number(0.1, 1e-13, 1.0, "delta", step=0.05, log=True)
    scheme = Choice(["central", "forward"], "central")
    precision = Choice(["float64", "float32"], "float64")
    CAPTION = "Left: the loss against w and the measured slope. Right: its error against delta."
    LEAST = 1e-12  # the distance from one float64 near 4517 to the next
    PANELS = (
        Panel("w", "loss at b = 0 (°C²)", (-0.2, 2.2), (-3000, 11000), share=0.8),
        Panel("delta", "error of the slope", (5e-14, 2), (3e-13, 3e5), log="xy"),
    )
    LOOKS: ClassVar = {
        "loss": Look(0, BLACK, named=False),
        "measured slope": Look(0, VERMILION, "dash"),
        "points compared": Look(0, VERMILION, None, "circle", size=8),
        "the other three choices": Look(1, GREY, "dot", width=1),
        "error of this choice": Look(1, BLUE, "solid", "circle", size=4),
        "at this delta": Look(1, VERMILION, None, "diamond", size=12),
    }

    def measure(self, delta: float, scheme: str, precision: str) -> tuple[float, float]:
        """The difference quotient as in notebook 02, and how far it is from the exact slope."""
        t_u, t_c = data.thermometer(getattr(torch, precision))
        left, width = (1 - delta, 2 * delta) if scheme == "central" else (1.0, delta)
        change = mse(linear(t_u, 1 + delta, 0.0), t_c) - mse(linear(t_u, left, 0.0), t_c)
        u, c = ([Fraction(str(v)) for v in values] for values in (data.T_U, data.T_C))
        exact = 2 * sum((u_i - c_i) * u_i for u_i, c_i in zip(u, c, strict=True)) / len(u)
        slope = (change / width).item()
        return slope, max(abs(slope - float(exact)), self.LEAST)

    def errors(self, *choice: str) -> Tensor:
        """Rows of delta and error, four in each factor of ten, ended by a gap. Computed once."""
        if choice not in self.history:
            deltas = [10 ** (k / 4) for k in range(-52, 1)]
            points = [(delta, self.measure(delta, *choice)[1]) for delta in deltas]
            self.remember(choice, tensor([*points, (torch.nan, torch.nan)], dtype=F64).T)
        return self.history[choice]

    def view(self) -> View:
        t_u, t_c = data.thermometer(F64)
        slope, error = self.measure(self.delta, self.scheme, self.precision)
        left = 1 - self.delta if self.scheme == "central" else 1.0
        w = torch.cat([tensor([left, 1 + self.delta]), torch.linspace(-0.2, 2.2, 61)]).to(F64)
        losses = ((w[:, None] * t_u - t_c) ** 2).mean(dim=1)
        ends = w[[2, -1]]
        others = set(itertools.product(["central", "forward"], ["float64", "float32"]))
        others = sorted(others - {(self.scheme, self.precision)})
        curves = {
            "loss": (w[2:], losses[2:]),
            "measured slope": (ends, losses[1] + slope * (ends - w[1])),
            "points compared": (w[:2], losses[:2]),
            "the other three choices": tuple(torch.cat([self.errors(*o) for o in others], dim=1)),
            "error of this choice": tuple(self.errors(self.scheme, self.precision)),
            "at this delta": tuple(tensor([[self.delta], [error]], dtype=F64)),
        }
        remark = f"The slope is off by {f'{error:.2g}' if error > 1e-3 else 'less than 0.001'}."
        return curves, {"slope": slope}, remark

    def target(self) -> Target:
        t_u, t_c = data.thermometer(F64)
        bend = theory.hessian(t_u)[0, 0].item() / 2
        rounding = torch.finfo(torch.float32).eps / 2 * mse(t_u, t_c).item()
        best = math.sqrt(rounding / bend)
        lesson = f"The curvature's error, {bend:.0f} * delta, and the rounding's, about "
        lesson += f"{rounding:.0e} / delta, are equally large near {best:.0e}."
        hint = "Choose forward and float32, and look for the lowest part of the blue curve."
        return best / 10, best * 10, lesson, hint
