"""BeTheOptimizer, an instrument: what it shows stands at the class."""

from typing import ClassVar

import torch
from torch import tensor

from .. import data, theory
from ..judge import Target
from ..losses import mse
from ..models import linear
from ..plots import BLUE, GREEN, VERMILION
from ..training import mse_gradient
from .controls import Number, Switch
from .instrument import BLACK, F64, Look, Panel, Playground, View, _short


class BeTheOptimizer(Playground):
    """Notebook 01: move `w` and `b`, watch the squares of the errors; `reveal` shows the slopes."""

    w = Number(1.0, -1.0, 2.0, "w", step=0.001)
    b = Number(0.0, -50.0, 50.0, "b", step=0.5)
    reveal = Switch(False, "reveal the slopes of the loss")
    CAPTION = "Left: the readings, your line, a square on each error. Right: the loss of each try."
    RATIO = 0.38
    PANELS = (
        Panel("reading (unknown unit)", "temperature (°C)", (10, 120), (-45, 95), ratio=RATIO),
        Panel("your last 40 tries", "loss (°C²)", (0, 41), (1, 1e4), log="y", share=0.7),
    )
    LOOKS: ClassVar = {
        "squared errors": Look(0, VERMILION, width=1),
        "your line": Look(0, BLUE),
        "one step against the slopes": Look(0, GREEN, "dash"),
        "readings": Look(0, BLACK, None, "circle"),
        "your tries": Look(1, BLUE, "dot", "circle", size=5, named=False),
        "present": Look(1, VERMILION, None, "diamond", size=10, named=False),
    }

    def view(self) -> View:
        t_u, t_c = data.thermometer(F64)
        params, reach = tensor([self.w, self.b], dtype=F64), tensor([10.0, 120.0], dtype=F64)
        t_p = linear(t_u, *params)
        loss = mse(t_p, t_c).item()
        self.remember((self.w, self.b), loss)
        tries = tensor([*self.history.values()], dtype=F64)[-40:]
        numbers = torch.arange(len(tries)) + 1
        right = t_u + self.RATIO * (t_p - t_c).abs()  # as far as the error is high: a square
        gap = torch.full_like(t_u, torch.nan)
        squares_x = torch.stack([t_u, t_u, right, right, t_u, gap], dim=1).flatten()
        squares_y = torch.stack([t_c, t_p, t_p, t_c, t_c, gap], dim=1).flatten()
        remark = "The loss is the mean of the squares. "
        remark += f"Lowest of your tries: {_short(min(self.history.values()))}."
        results, step = {"loss": loss}, torch.empty(2, 0)
        if self.reveal:
            slopes = mse_gradient(t_u, t_c, t_p)
            curvature = theory.hessian(t_u)
            length = slopes @ slopes / (slopes @ curvature @ slopes).clamp(min=1e-12)
            step = torch.stack([reach, linear(reach, *(params - length * slopes))])
            results |= {"slope in w": slopes[0].item(), "slope in b": slopes[1].item()}
            for name, slope, bend in zip("wb", slopes, curvature.diagonal(), strict=True):
                if slope.abs() < bend * self.traits()[name].step / 2:  # the next step is no better
                    remark += f" {name} is as good as level."
                else:
                    remark += f" Turn {name} {'down' if slope > 0 else 'up'}."
        curves = {
            "squared errors": (squares_x, squares_y),
            "your line": (reach, linear(reach, *params)),
            "one step against the slopes": tuple(step),
            "readings": (t_u, t_c),
            "your tries": (numbers, tries),
            "present": (numbers[-1:], tries[-1:]),
        }
        return curves, results, remark

    def target(self) -> Target:
        t_u, t_c = data.thermometer(F64)
        w = t_u @ t_c / (t_u @ t_u)
        lowest = mse(linear(t_u, w, 0.0), t_c).item()
        lesson = f"The lowest loss with b = 0 is {lowest:.4f}, at w = {w:.4f}: b has to move too."
        hint = "Keep b at 0, move w in small steps, and write down the lowest loss."
        return lowest - 0.006, lowest + 0.1, lesson, hint
