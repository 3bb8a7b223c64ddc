"""MinibatchNoise, an instrument: what it shows stands at the class."""

import functools
import math
from typing import ClassVar

import torch
from torch import Tensor, tensor
from torch.utils.data import DataLoader

from .. import data, theory
from ..judge import Target
from .controls import Choice, Number
from .instrument import F64, Instrument, Look, Panel, View


@functools.cache
def shuffled(seed: int, n_epochs: int) -> Tensor:
    """The orders in which a DataLoader with this seed gives the readings, shape (n_epochs, 11)."""
    dice = torch.Generator().manual_seed(seed)
    numbers = torch.arange(len(data.T_U))
    loader = DataLoader(numbers, batch_size=len(numbers), shuffle=True, generator=dice)
    return torch.cat([order for _ in range(n_epochs) for order in loader]).view(n_epochs, -1)


SCHEDULES = ["constant", "step", "cosine", "warm-up"]
EPOCHS = 30
NEAR = 1e-3  # of the floor


class MinibatchNoise(Instrument):
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
    schedule = Choice(SCHEDULES, "constant", "schedule")
    scaling = Choice(["raw", "x0.1", "standardised"], "standardised", "readings")
    CAPTION = (
        "Left: the loss of each batch and of all readings. Right: the path near the best line."
    )
    GRID: ClassVar = {
        "batch_size": [2, 3, 4, 6, 11],
        "learning_rate": [0.01, 0.02, 0.05, 0.1, 0.2],
        "schedule": SCHEDULES,
    }
    PANELS = (
        Panel("Losses", "epoch", "loss (°C²)", (0, EPOCHS), (1e-2, 2e3), log="y"),
        Panel("Path", "w, from the best", "b, from the best", (-2, 2), (-2, 2), equal=True),
    )
    LOOKS: ClassVar = {
        "loss of each batch": Look(0, "blue", "", "circle", 1.5),
        "loss of all readings": Look(0, "vermilion", "dash", "diamond", 3),
        "floor": Look(0, "green", "dot"),
        "updates": Look(1, "blue", "solid", "circle", 1.5, 1),
        "best line": Look(1, "black", "", "star", 7),
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
            "cosine": (1 + math.cos(math.pi * epoch / EPOCHS)) / 2,
            "warm-up": 0.1 + 0.9 * min(epoch, 5) / 5,
        }[self.schedule]

    def train(self) -> tuple[Tensor, Tensor, Tensor]:
        """Batch losses before each update (n,), losses after each epoch (30,), path (n + 1, 2)."""
        t_u, t_c = self.prepared()
        inputs = torch.stack([t_u, torch.ones_like(t_u)], dim=1)
        orders, params = shuffled(self.seed, EPOCHS), tensor([1.0, 0.0], dtype=F64)
        losses, after, path = [], [], [params]
        for epoch in range(EPOCHS):
            rate = self.learning_rate * self.factor(epoch)
            order = orders[epoch]
            batches = zip(*(c[order].split(self.batch_size) for c in (inputs, t_c)), strict=True)
            for x, wanted in batches:
                error = x @ params - wanted
                losses.append(error @ error / len(x))
                params = params - (error @ x) * (2 * rate / len(x))
                path.append(params)
            error = inputs @ params - t_c
            after.append(error @ error / len(t_c))
        return torch.stack(losses), torch.stack(after), torch.stack(path)

    def view(self) -> View:
        best, floor = theory.least_squares(*self.prepared())
        losses, after, path = self.train()
        (low, high), near = self.PANELS[0].y_range, after <= floor + NEAR
        away, zero, epochs = path - best, tensor([0.0]), torch.arange(EPOCHS) + 1
        inside = away.where(away.abs().amax(dim=1, keepdim=True) <= 9, torch.nan)
        curves = {
            "loss of each batch": (
                torch.linspace(0, EPOCHS, len(losses) + 1)[:-1],
                losses.clamp(low, high),
            ),
            "loss of all readings": (epochs, after.clamp(low, high)),
            "floor": (tensor([0.0, EPOCHS]), floor.repeat(2)),
            "updates": tuple(inside.T),
            "best line": (zero, zero),
        }
        results = {"share": near.to(F64).mean().item()}
        remark = f"In {near.sum()} of {EPOCHS} epochs the loss of all readings is within "
        remark += f"1e-3 of the floor, {floor:.4f}."
        if not after[-1] < 1e4:
            remark = "The loss runs away."
        return View(curves, results, remark)

    def shares(self) -> dict[str, float]:
        """The share of epochs within 1e-3, by schedule, for the situation of the question."""
        noise = MinibatchNoise()
        noise.close()  # nobody looks at it
        found = {}
        for noise.schedule in SCHEDULES:
            found[noise.schedule] = noise.view().results["share"]
        return found

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
