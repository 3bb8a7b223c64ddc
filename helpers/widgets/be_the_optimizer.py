"""BeTheOptimizer, an instrument: what it shows stands at the class."""

from typing import ClassVar

import torch
from torch import tensor

from .. import data, theory
from ..losses import mse
from ..models import linear
from ..training import mse_gradient
from .small import F64, Look, Number, Panel, SmallInstrument, Switch, View

CELLS = [2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300]  # °C: each holds a square
PLACES = (30, 35, 40, 45, 50, 53, 54, 55, 60, 70)  # of w in a page, in hundredths


class BeTheOptimizer(SmallInstrument):
    """Notebook 01: move `w` and `b`, watch the squares of the errors; `reveal` shows the slopes."""

    w = Number(1.0, -1.0, 2.0, "w", step=0.001)
    b = Number(0.0, -50.0, 50.0, "b", step=0.5)
    reveal = Switch(False, "reveal the slopes of the loss")
    CAPTION = (
        "The readings, a line, a square on each error; the squares side by side and their mean."
    )
    GRID: ClassVar = {
        "w": [k / 100 for k in (-100, -50, 0, 10, *range(20, 26), *PLACES, 80, 100, 150, 200)],
        "b": [k / 2 for k in (-100, -80, -60, -50, -40, -36, -35, -34, *range(-30, 21, 10), 100)],
        "reveal": [False, True],
    }
    PANELS = (
        Panel("Your line", "reading (unknown unit)", "temperature (°C)", (10, 120)),
        Panel("Squares, to scale", "°C", "°C", equal=True),
        Panel("Your last 40 tries", "try", "loss (°C²)", (0, 41), (1, 5e4), log="y"),
        Panel("Where they were", "w", "b", (-1.1, 2.1), (-55, 55), click=("w", "b")),
    )
    LOOKS: ClassVar = {
        "squared errors": Look(0, "vermilion", "", "squares", width=1),
        "line": Look(0, "blue"),
        "one step against the slopes": Look(0, "green", "dash"),
        "readings": Look(0, "black", "", "circle", size=3.5),
        "eleven squares": Look(1, "vermilion", "", "squares", width=1),
        "their mean, the loss": Look(1, "blue", "", "squares", width=3),
        "tries": Look(2, "blue", "dot", "circle", 3, 1, named=False, trail=True),
        "this try": Look(2, "vermilion", "", "diamond", 5),
        "places": Look(3, "blue", "dot", "circle", 3, 1, named=False, trail=True),
        "here": Look(3, "vermilion", "", "diamond", 5),
    }
    TRIES: ClassVar = {"tries": "Lowest of your tries"}

    def view(self) -> View:
        t_u, t_c = data.thermometer(F64)
        params, reach = tensor([self.w, self.b], dtype=F64), tensor([10.0, 120.0], dtype=F64)
        t_p, ends = linear(t_u, *params), linear(reach, *params)
        loss, step = mse(t_p, t_c), torch.empty(2, 0)
        results, remark = {"loss": loss.item()}, "The loss is the mean of the squares."
        if self.reveal:
            slopes, curvature = mse_gradient(t_u, t_c, t_p), theory.hessian(t_u)
            length = slopes @ slopes / (slopes @ curvature @ slopes).clamp(min=1e-12)
            step = torch.stack([reach, linear(reach, *(params - length * slopes))])
            results |= {"slope in w": slopes[0].item(), "slope in b": slopes[1].item()}
            for name, slope, bend in zip("wb", slopes, curvature.diagonal(), strict=True):
                if slope.abs() < bend * self.traits()[name].step / 2:  # the next step is no better
                    remark += f" {name} is as good as level."
                else:
                    remark += f" Turn {name} {'down' if slope > 0 else 'up'}."
        sides = (t_p - t_c).abs()
        cell = next(n for n in CELLS if n > max(sides))
        lefts, lows = torch.arange(12) % 6 * cell, (1 - torch.arange(12) // 6) * cell
        none, here = tensor([torch.nan]), loss.reshape(1)
        curves = {
            "squared errors": (t_u, t_c, t_p),
            "line": (reach, ends),
            "one step against the slopes": tuple(step),
            "readings": (t_u, t_c),
            "eleven squares": (lefts[:-1], lows[:-1], lows[:-1] + sides),
            "their mean, the loss": (lefts[-1:], lows[-1:], lows[-1:] + here.sqrt()),
            "tries": (none, here),
            "this try": (none, here),
            "places": (params[:1], params[1:]),
            "here": (params[:1], params[1:]),
        }
        wide = ends.min() < -45 or ends.max() > 125
        ranges = {0: ((10, 120), (-200, 300) if wide else (-45, 125))}
        ranges[1] = ((0, 6 * cell), (0, 2 * cell))
        return View(curves, results, remark, ranges)
