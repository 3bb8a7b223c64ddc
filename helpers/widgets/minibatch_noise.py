"""MinibatchNoise, an instrument: what it shows stands at the class."""

import functools
from typing import ClassVar

import torch
from torch import Tensor, tensor
from torch.nn.functional import pad
from torch.utils.data import DataLoader

from .. import data, theory
from .readings import INPUTS, prepare
from .small import F64, Choice, Look, Number, Panel, SmallInstrument, View


@functools.cache
def shuffled(seed: int, n_epochs: int) -> Tensor:
    """The orders in which a DataLoader with this seed gives the readings, shape (n_epochs, 11)."""
    dice = torch.Generator().manual_seed(seed)
    numbers = torch.arange(len(data.T_U))
    loader = DataLoader(numbers, batch_size=len(numbers), shuffle=True, generator=dice)
    return torch.cat([order for _ in range(n_epochs) for order in loader]).view(n_epochs, -1)


SCHEDULES = ["constant", "step", "cosine", "warm-up"]
EPOCHS = 30


class MinibatchNoise(SmallInstrument):
    """Notebook 05: 30 epochs of gradient descent in batches of 1 to 11 readings.

    `schedule` says how the learning rate goes on, epoch by epoch: it stays, falls to a tenth
    every ten epochs, follows half a cosine to 0, or grows from a tenth in the first five.
    """

    learning_rate = Number(0.05, 1e-4, 1.0, "learning rate", step=0.05, log=True)
    batch_size = Number(2, 1, 11, "batch size")
    seed = Number(0, 0, 20, "shuffle seed")
    schedule = Choice(SCHEDULES, "constant", "schedule")
    scaling = Choice(INPUTS, "standardised", "readings")
    CAPTION = "Left: the loss of each batch and of all readings. Right: the updates."
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
        return prepare(self.scaling)

    def rates(self) -> Tensor:
        """The learning rate of each epoch, shape (30,)."""
        epoch = torch.arange(EPOCHS, dtype=F64)
        shares = {
            "constant": torch.ones_like(epoch),
            "step": 0.1 ** (epoch // 10),
            "cosine": (1 + (torch.pi * epoch / EPOCHS).cos()) / 2,
            "warm-up": 0.1 + 0.9 * epoch.clamp(max=5) / 5,
        }
        return self.learning_rate * shares[self.schedule]

    def train(self) -> tuple[Tensor, Tensor, Tensor]:
        """Batch losses before each update (n,), losses after each epoch (30,), path (n + 1, 2)."""
        t_u, t_c = self.prepared()
        n, size = len(t_u), self.batch_size
        inputs = torch.stack([t_u, torch.ones_like(t_u)], dim=1)
        # A row for each batch. Its places that no reading fills hold zeros, which add no error.
        rows = pad(shuffled(self.seed, EPOCHS), (0, -n % size), value=n).view(-1, size)
        x, wanted = pad(inputs, (0, 0, 0, 1))[rows], pad(t_c, (0, 1))[rows]
        sizes, in_epoch = (rows < n).sum(dim=1), len(rows) // EPOCHS
        steps = 2 * self.rates().repeat_interleave(in_epoch) / sizes
        path = [tensor([1.0, 0.0], dtype=F64)]
        for batch, target, step in zip(x, wanted, steps, strict=True):
            error = batch @ path[-1] - target
            path.append(path[-1] - step * (error @ batch))
        path = torch.stack(path)
        losses = ((x @ path[:-1, :, None])[..., 0] - wanted).square().sum(dim=1) / sizes
        after = (path[in_epoch::in_epoch] @ inputs.T - t_c).square().mean(dim=1)
        return losses, after, path

    def view(self) -> View:
        best, floor = theory.least_squares(*self.prepared())
        losses, after, path = self.train()
        (low, high), near = self.PANELS[0].y_range, after <= floor + 1e-3
        zero, batches = tensor([0.0]), torch.linspace(0, EPOCHS, len(losses) + 1)[:-1]
        curves = {
            "loss of each batch": (batches, losses.clamp(low, high)),
            "loss of all readings": (torch.arange(EPOCHS) + 1, after.clamp(low, high)),
            "floor": (tensor([0.0, EPOCHS]), floor.repeat(2)),
            "updates": tuple((path - best).T),
            "best line": (zero, zero),
        }
        remark = f"Within 1e-3 of the floor, {floor:.4f}, in {near.sum()} of {EPOCHS} epochs."
        remark = remark if after[-1] < 1e4 else "The loss runs away."
        return View(curves, {"share": near.to(F64).mean().item()}, remark)
