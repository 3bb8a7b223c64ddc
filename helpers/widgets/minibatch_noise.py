"""MinibatchNoise, an instrument: what it shows stands at the class."""

import functools
import math
from typing import ClassVar

import torch
from torch import Tensor, tensor
from torch.utils.data import DataLoader

from .. import data, theory
from ..judge import Target
from ..plots import BLUE, GREEN, VERMILION
from .controls import Choice, Number
from .instrument import BLACK, F64, Look, Panel, Playground, View


@functools.cache
def shuffled(seed: int, n_epochs: int) -> Tensor:
    """The orders in which a DataLoader with this seed gives the readings, shape (n_epochs, 11)."""
    dice = torch.Generator().manual_seed(seed)
    numbers = torch.arange(len(data.T_U))
    loader = DataLoader(numbers, batch_size=len(numbers), shuffle=True, generator=dice)
    return torch.cat([order for _ in range(n_epochs) for order in loader]).view(n_epochs, -1)


class MinibatchNoise(Playground):
    """Notebook 05: 30 epochs of gradient descent in batches of 1 to 11 readings.

    A batch that is a part of the readings gives a gradient that is a little wrong, another way each
    time. `schedule` says how the learning rate goes on, epoch by epoch: it stays, falls to a tenth
    every ten epochs, follows half a cosine to 0, or grows from a tenth in the first five.

    With batch size 2 and a constant rate of 0.05 the loss never settles: after none of 30 epochs is
    it within 1e-3 of the floor. **Find** the schedule with which it settles. After which share of
    the 30 epochs is the loss then within 1e-3? (Readings standardised, seed 0; three decimals.)
    """

    batch_size = Number(2, 1, 11, "batch size")
    learning_rate = Number(0.05, 1e-4, 1.0, "learning rate", step=0.05, log=True)
    seed = Number(0, 0, 20, "shuffle seed")
    schedule = Choice(["constant", "step", "cosine", "warm-up"], "constant")
    scaling = Choice(["raw", "x0.1", "standardised"], "standardised")
    CAPTION = (
        "Left: the loss of each batch and of all readings. Right: the path near the best line."
    )
    SCHEDULES = ("constant", "step", "cosine", "warm-up")
    EPOCHS = 30
    NEAR = 1e-3
    PANELS = (
        Panel("epoch", "loss (°C²)", (0, EPOCHS), (1e-2, 2e3), log="y"),
        Panel("w, from the best", "b, from the best", (-2, 2), (-2, 2)),
    )
    LOOKS: ClassVar = {
        "loss of each batch": Look(0, BLUE, None, "circle", size=3),
        "loss of all readings": Look(0, VERMILION, "dash", "diamond", size=5),
        "floor": Look(0, GREEN, "dot"),
        "path": Look(1, BLUE, "solid", "circle", size=3, width=1, named=False),
        "best line": Look(1, BLACK, None, "star", size=13),
    }

    def prepared(self) -> tuple[Tensor, Tensor]:
        """The readings as `scaling` says, and the temperatures, shape (11,) each."""
        t_u, t_c = data.thermometer(F64)
        if self.scaling == "standardised":
            t_u = data.standardize(t_u)[0]
        return (0.1 * t_u if self.scaling == "x0.1" else t_u), t_c

    def factor(self, epoch: int) -> float:
        """What the learning rate is multiplied by in an epoch, counted from 0."""
        return {
            "constant": 1.0,
            "step": 0.1 ** (epoch // 10),
            "cosine": (1 + math.cos(math.pi * epoch / self.EPOCHS)) / 2,
            "warm-up": 0.1 + 0.9 * min(epoch, 5) / 5,
        }[self.schedule]

    def train(self) -> tuple[Tensor, Tensor, Tensor]:
        """Batch losses before each update (n,), losses after each epoch (30,), path (n + 1, 2)."""
        t_u, t_c = self.prepared()
        inputs = torch.stack([t_u, torch.ones_like(t_u)], dim=1)
        params, orders = tensor([1.0, 0.0], dtype=F64), shuffled(self.seed, self.EPOCHS)
        losses, after, path = [], [], [params]
        for epoch in range(self.EPOCHS):
            rate = self.learning_rate * self.factor(epoch)
            for batch in orders[epoch].split(self.batch_size):
                x = inputs[batch]
                error = x @ params - t_c[batch]
                losses.append(error @ error / len(batch))
                params = params - rate * 2 / len(batch) * (error @ x)
                path.append(params)
            error = inputs @ params - t_c
            after.append(error @ error / len(t_c))
        return torch.stack(losses), torch.stack(after), torch.stack(path)

    def view(self) -> View:
        best, floor = theory.least_squares(*self.prepared())
        losses, after, path = self.train()
        (low, high), near = self.PANELS[0].y_range, after <= floor + self.NEAR
        away = path - best
        inside = away.where(away.abs().amax(dim=1, keepdim=True) <= 2, torch.nan)
        zero, epochs = tensor([0.0], dtype=F64), torch.arange(self.EPOCHS) + 1
        curves = {
            "loss of each batch": (
                torch.linspace(0, self.EPOCHS, len(losses) + 1)[:-1],
                losses.clamp(low, high),
            ),
            "loss of all readings": (epochs, after.clamp(low, high)),
            "floor": (tensor([0.0, self.EPOCHS]), floor.repeat(2)),
            "path": tuple(inside.T),
            "best line": (zero, zero),
        }
        results = {"loss": after[-1].item(), "near": near.to(F64).mean().item()}
        if not after[-1] < 1e4:
            remark = "The loss runs away."
        else:
            remark = f"In {near.sum()} of {self.EPOCHS} epochs the loss of all readings is "
            remark += f"within 1e-3 of the floor, {floor:.4f}."
        return curves, results, remark

    def __repr__(self) -> str:
        """What names the situation, in at most 110 characters (ipywidgets cuts longer ones)."""
        situation = f"batches of {self.batch_size}, rate {self.learning_rate:g} {self.schedule}"
        situation += f", {self.scaling}, seed {self.seed}"
        return f"<MinibatchNoise: {situation}, near {self._view[1]['near']:.4f}>"

    def shares(self) -> dict[str, float]:
        """The share of epochs within 1e-3, by schedule, for the situation of the question."""
        situation = {"batch_size": 2, "learning_rate": 0.05, "seed": 0, "scaling": "standardised"}
        runs = {name: MinibatchNoise(**situation, schedule=name) for name in self.SCHEDULES}
        return {name: run._view[1]["near"] for name, run in runs.items()}

    def target(self) -> Target:
        shares = self.shares()
        share, schedule = max((share, name) for name, share in shares.items())
        lesson = f"The {schedule} schedule has {share:.3f}, the constant rate "
        lesson += f"{shares['constant']:.3f}: small steps at the end keep the noise small."
        hint = "Batch size 2, rate 0.05, seed 0, standardised: try each schedule."
        return share - 0.002, share + 0.002, lesson, hint

    def misses(self) -> dict[str, float]:
        shares = self.shares()
        best = max(shares.values())
        return {
            f"The {name} schedule has {share:.3f}; another one settles.": share
            for name, share in shares.items()
            if share < best
        }
