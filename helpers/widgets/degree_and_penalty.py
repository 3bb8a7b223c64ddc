"""DegreeAndPenalty, an instrument: what it shows stands at the class."""

from typing import ClassVar

import torch
from torch import Tensor, tensor

from .. import data
from .small import F64, Look, Number, Panel, SmallInstrument, View


class DegreeAndPenalty(SmallInstrument):
    """Notebook 06: four cures as four knobs. Points after the eleventh are invented, as there."""

    penalty = Number(0.0, 1e-7, 10.0, "L2 penalty", step=0.1, log=True, zero=True)
    degree = Number(8, 0, 8, "degree")
    noise = Number(0.0, 0.0, 30.0, "noise on the inputs, ±", step=0.5)
    points = Number(11, 11, 60, "points")
    CAPTION = "Left: the readings and the fitted curve. Right: both losses against the degree."
    GRID: ClassVar = {
        "degree": list(range(9)),
        "penalty": [0.0, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.03, 0.05, 0.1, 0.2, 0.5, 1.0, 10.0],
        "points": [11, 20, 50],
    }
    PANELS = (
        Panel("The fit", "reading (°F)", "temperature (°C)", (16, 90), (-25, 50)),
        Panel("Losses of every degree", "degree", "loss (°C²)", (-0.5, 8.5), (0.3, 1e9), log="y"),
    )
    LOOKS: ClassVar = {
        "fitted curve": Look(0, "blue"),
        "readings": Look(0, "black", "", "circle", 3.5),
        "training loss": Look(1, "blue", "solid", "circle"),
        "leave-one-out loss": Look(1, "vermilion", "dash", "diamond"),
        "this degree": Look(1, "black", "", "ring", 8),
    }

    def __init__(self, **settings: float) -> None:
        dice = torch.Generator().manual_seed(6)
        u, e = torch.rand(2, 49, generator=dice, dtype=F64)
        invented = (
            20 + 65 * u,
            (65 * u - 12) * 5 / 9 + 6 * e - 3,
        )  # true line, noise up to 3 degrees
        pairs = zip(data.thermometer(F64), invented, strict=True)
        self.t_u, self.t_c = (torch.cat(pair) for pair in pairs)
        self.shifts = 2 * torch.rand(60, 20, generator=dice, dtype=F64) - 1  # 20 copies of each
        super().__init__(**settings)

    def fit(self, rows: Tensor, penalty: float, noise: float, at: Tensor) -> Tensor:
        """Fit each row of point numbers with every degree; the predictions `at`, degrees first.

        The normal equations of all degrees are solved at once: those of degree 8, in which a lower
        degree sets the powers that it does not have to zero.
        """
        copies = self.shifts[rows] if noise else torch.zeros(*rows.shape, 1, dtype=F64)
        t = (self.t_u[rows][..., None] + noise * copies).flatten(1)
        t_c = self.t_c[rows].repeat_interleave(copies.shape[-1], dim=1)[..., None]
        mean, std = t.mean(dim=1, keepdim=True), t.std(dim=1, keepdim=True)
        inputs, new = (torch.linalg.vander((v - mean) / (2 * std), N=9) for v in (t, at))
        price = penalty * (torch.arange(9) > 0).to(F64).diag()  # no price on the offset
        matrix, right = inputs.mT @ inputs / t.shape[1] + price, inputs.mT @ t_c / t.shape[1]
        has = torch.ones(9, 9, dtype=F64).tril()[:, None, :, None]  # degrees, rows, powers
        matrix = matrix * has * has.mT + (1 - has[..., 0]).diag_embed()
        return (new @ torch.linalg.solve(matrix, right * has))[..., 0]

    def leave_one_out(self, penalty: float, noise: float = 0.0, points: int = 11) -> Tensor:
        """The leave-one-out loss of every degree, shape (9,)."""
        rows = tensor([[j for j in range(points) if j != i] for i in range(points)])
        left_out = self.fit(rows, penalty, noise, self.t_u[:points, None])[..., 0]
        return ((left_out - self.t_c[:points]) ** 2).mean(dim=1)

    def view(self) -> View:
        t_u, t_c = self.t_u[: self.points], self.t_c[: self.points]
        grid = torch.linspace(17, 89, 91, dtype=F64)
        rows, at = torch.arange(self.points)[None], torch.cat([t_u, grid])[None]
        fitted = self.fit(rows, self.penalty, self.noise, at)[:, 0]
        train = ((fitted[:, : self.points] - t_c) ** 2).mean(dim=1)
        loo = self.leave_one_out(self.penalty, self.noise, self.points)
        here, degrees = tensor([self.degree, self.degree]), torch.arange(9)
        results = {"leave-one-out": loo[self.degree].item(), "training": train[self.degree].item()}
        curves = {
            "fitted curve": (grid, fitted[self.degree, self.points :].clamp(-1e3, 1e3)),
            "readings": (t_u, t_c),
            "training loss": (degrees, train),
            "leave-one-out loss": (degrees, loo),
            "this degree": (here, torch.stack([train, loo])[:, self.degree]),
        }
        remark = f"The lowest leave-one-out loss is that of degree {loo.argmin()}: {loo.min():.4g}."
        return View(curves, results, remark)
