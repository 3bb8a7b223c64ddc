"""ForgottenZeroGrad, an instrument: what it shows stands at the class."""

from typing import ClassVar

import torch
from torch import Tensor, tensor

from .. import data, theory
from ..judge import Target
from ..losses import mse
from ..models import linear
from ..plots import BLUE, VERMILION
from .controls import Number, Switch
from .instrument import BLACK, F64, GREY, Look, Panel, Playground, View


class ForgottenZeroGrad(Playground):
    """Notebook 04: 60 epochs with or without `zero_grad`, beside a zeroed run with `momentum`."""

    zero_grad = Switch(False, "zero_grad in each epoch")
    learning_rate = Number(1e-2, 1e-3, 0.1, "learning rate", step=0.01, log=True)
    momentum = Number(0.9, 0.0, 1.0, "momentum of the other run", step=0.05)
    CAPTION = (
        "Left: the loss of two runs in 60 epochs. Right: their paths over lines of equal loss."
    )
    EPOCHS = 60
    PANELS = (
        Panel("epoch", "loss (°C²)", (0, EPOCHS), log="y"),
        Panel("w (readings × 0.1)", "b", (-8, 18), (-48, 14)),
    )
    LOOKS: ClassVar = {
        "equal loss": Look(1, GREY, width=1, named=False),
        "best line": Look(1, BLACK, None, "star", size=13),
        "this loop": Look(0, BLUE),
        "zeroed, with momentum": Look(0, VERMILION, "dash"),
        "path of this loop": Look(1, BLUE, width=1, named=False),
        "path with momentum": Look(1, VERMILION, "dash", width=1, named=False),
    }

    def train(self, keep: float, t_un: Tensor, t_c: Tensor) -> tuple[Tensor, Tensor]:
        """The loop of notebook 04, with autograd: losses (60,) and path (61, 2).

        A share `keep` of the old gradient stays: 0 is zero_grad, 1 is to forget it, and what lies
        between is momentum, because backward() adds the new gradient to what is left.
        """
        params = tensor([1.0, 0.0], dtype=F64, requires_grad=True)
        losses, path = [], [params.tolist()]
        for _ in range(self.EPOCHS):
            if params.grad is not None:
                params.grad *= keep
            loss = mse(linear(t_un, *params), t_c)
            loss.backward()
            with torch.no_grad():
                params -= self.learning_rate * params.grad
            losses.append(loss.item())
            path.append(params.tolist())
        path = tensor(path, dtype=F64)
        return tensor(losses, dtype=F64), path.where(path.abs() < 1e3, torch.nan)

    def view(self) -> View:
        t_u, t_c = data.thermometer(F64)
        t_un, epochs = 0.1 * t_u, torch.arange(self.EPOCHS) + 1
        losses, path = self.train(0.0 if self.zero_grad else 1.0, t_un, t_c)
        rolled, rolled_path = self.train(self.momentum, t_un, t_c)
        best, floor = theory.least_squares(t_un, t_c)
        eigenvalues, eigenvectors = torch.linalg.eigh(theory.hessian(t_un))
        angle = torch.linspace(0, 2 * torch.pi, 81, dtype=F64)
        circle = torch.stack([angle.cos(), angle.sin()], dim=1)
        circle = torch.cat([circle, torch.full((1, 2), torch.nan)])  # lift the pen
        ring = circle * (2 * (losses[0] - floor) / eigenvalues).sqrt() @ eigenvectors.T
        rings = torch.cat([best + size * ring for size in (1.0, 0.5, 0.25)])
        early, late = losses[: self.EPOCHS // 2].max(), losses[self.EPOCHS // 2 :].max()
        falls = "falls" if late < early / 2 else "swings and does not settle"
        remark = f"The loss {falls if late < 3 * early else 'runs away'}; "
        remark += f"the best line has {floor:.4f}."
        results = {"loss": losses[-1].item(), "difference": (losses - rolled).abs().max().item()}
        curves = {
            "equal loss": tuple(rings.T),
            "best line": (best[:1], best[1:]),
            "this loop": (epochs, losses),
            "zeroed, with momentum": (epochs, rolled),
            "path of this loop": tuple(path.T),
            "path with momentum": tuple(rolled_path.T),
        }
        return curves, results, remark

    def target(self) -> Target:
        border = theory.critical_learning_rate(0.1 * data.thermometer(F64)[0]).item()
        lesson = f"The border is {2 * border:.4f}, twice the {border:.4f} of the correct loop: "
        lesson += "2 (1 + momentum) / lambda_max, with momentum 1."
        hint = "Without zero_grad, raise the learning rate until the loss runs away, then go back."
        return 1.96 * border, 2.04 * border, lesson, hint
