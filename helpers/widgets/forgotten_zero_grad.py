"""ForgottenZeroGrad, an instrument: what it shows stands at the class."""

import math
from typing import ClassVar

import torch
from torch import Tensor, tensor

from .. import data, theory
from .small import F64, Look, Number, Panel, SmallInstrument, Switch, View


class ForgottenZeroGrad(SmallInstrument):
    """Notebook 04: 60 epochs with or without `zero_grad`, beside a zeroed run with `momentum`."""

    zero_grad = Switch(False, "zero_grad in each epoch")
    learning_rate = Number(1e-2, 1e-3, 0.1, "learning rate", step=0.01, log=True)
    momentum = Number(0.9, 0.0, 1.0, "momentum of the other run", step=0.05)
    CAPTION = (
        "Left: the loss of two runs in 60 epochs. Right: their paths over lines of equal loss."
    )
    EPOCHS = 60
    GRID: ClassVar = {
        "zero_grad": [False, True],
        "learning_rate": [k / 1000 for k in (1, 2, 5, 10, *range(20, 61, 10), *range(63, 68), 80)],
        "momentum": [0.0, 0.5, 0.8, 0.9, 1.0],
    }
    PANELS = (
        Panel("Loss of each epoch", "epoch", "loss (°C²)", (0, EPOCHS), log="y"),
        Panel("The paths", "w (readings × 0.1)", "b", (-8, 18), (-48, 14)),
    )
    LOOKS: ClassVar = {
        "equal loss": Look(1, "grey", width=1, named=False),
        "this loop": Look(0, "blue"),
        "zeroed, with momentum": Look(0, "vermilion", "dash"),
        "path of this loop": Look(1, "blue", width=1),
        "path with momentum": Look(1, "vermilion", "dash", width=1),
        "best line": Look(1, "black", "", "star", 7),
    }

    def train(self, keeps: Tensor, t_un: Tensor, t_c: Tensor) -> tuple[Tensor, Tensor]:
        """The loop of notebook 04, a run for each of `keeps`: losses (n, 60), paths (n, 61, 2).

        A share of the old gradient stays: 0 is zero_grad, 1 is to forget it, and what lies between
        is momentum, because backward() adds the new gradient to what is left.
        """
        best, _ = theory.least_squares(t_un, t_c)
        curvature, grad = theory.hessian(t_un), torch.zeros(len(keeps), 2, dtype=F64)
        path = [tensor([1.0, 0.0], dtype=F64).expand_as(grad)]
        for _ in range(self.EPOCHS):
            grad = keeps[:, None] * grad + (path[-1] - best) @ curvature
            path.append(path[-1] - self.learning_rate * grad)
        path = torch.stack(path, dim=1)
        errors = path[:, :-1, :1] * t_un + path[:, :-1, 1:] - t_c
        return (errors**2).mean(dim=-1), path

    def view(self) -> View:
        t_u, t_c = data.thermometer(F64)
        t_un, epochs = 0.1 * t_u, torch.arange(self.EPOCHS) + 1
        keeps = tensor([0.0 if self.zero_grad else 1.0, self.momentum], dtype=F64)
        (losses, rolled), paths = self.train(keeps, t_un, t_c)
        path, rolled_path = paths.where(paths.abs() < 1e3, torch.nan)
        best, floor = theory.least_squares(t_un, t_c)
        eigenvalues, eigenvectors = torch.linalg.eigh(theory.hessian(t_un))
        angle = torch.linspace(0, 2 * torch.pi, 81, dtype=F64)
        circle = torch.stack([angle.cos(), angle.sin()], dim=1)
        circle = torch.cat([circle, torch.full((1, 2), torch.nan)])  # lift the pen
        ring = circle * (2 * (losses[0] - floor) / eigenvalues).sqrt() @ eigenvectors.T
        rings = torch.cat([best + size * ring for size in (1.0, 0.5, 0.25)])
        border = (1 if self.zero_grad else 2) * theory.critical_learning_rate(t_un).item()
        if self.learning_rate >= border:
            remark = "At this rate the loop runs away"
        elif self.zero_grad:
            remark = "At this rate the loop converges"
        else:
            remark = "At this rate the loop swings and does not settle"
        high = 10.0 ** math.ceil(torch.stack([losses, rolled]).max().clamp(max=1e9).log10().item())
        results = {"loss": losses[-1].item(), "difference": (losses - rolled).abs().max().item()}
        curves = {
            "equal loss": tuple(rings.T),
            "this loop": (epochs, losses),
            "zeroed, with momentum": (epochs, rolled),
            "path of this loop": tuple(path.T),
            "path with momentum": tuple(rolled_path.T),
            "best line": (best[:1], best[1:]),
        }
        remark += f"; the best line has {floor:.4f}."
        return View(curves, results, remark, {0: ((0, self.EPOCHS), (1, high))})
