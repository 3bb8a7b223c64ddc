"""Data sets, functions and optimizers that answers are tried on; none stands in a notebook."""

import torch
from torch import Tensor

from ..data import two_columns
from ..models import linear


def random(*shape: int, seed: int, low: float = -3.0, high: float = 3.0) -> Tensor:
    """Reproducible numbers of two decimals, in the wanted shape."""
    generator = torch.Generator().manual_seed(seed)
    numbers = low + (high - low) * torch.rand(*shape, generator=generator, dtype=torch.float64)
    return numbers.round(decimals=2)


def thermometers() -> list[tuple[Tensor, Tensor]]:
    """Readings and temperatures of three other thermometers, with 3, 11 and 24 readings."""
    readings = [random(n, seed=n, low=1.0, high=9.0) for n in (3, 11, 24)]
    return [
        (t_u, (4.0 * t_u - 11.0 + random(len(t_u), seed=99)).round(decimals=1)) for t_u in readings
    ]


def columns() -> list[tuple[Tensor, Tensor]]:
    """The crickets of the project, and two other thermometers."""
    return [tuple(column.double() for column in two_columns()), *thermometers()[1:]]


def predictions() -> list[tuple]:
    places = [(1.0, 0.0), (-0.5, 2.0), (3.0, -7.0)]
    data = zip(thermometers(), places, strict=True)
    return [(linear(t_u, w, b), t_c) for (t_u, t_c), (w, b) in data]


def starts() -> list[tuple]:
    places = [(1.0, 0.0), (-0.5, 2.0), (3.0, -7.0)]
    return [(*data, w, b) for data, (w, b) in zip(thermometers(), places, strict=True)]


def validation_runs():
    losses = [
        [9.0, 5.0, 3.0, 3.5, 2.8, 4.0, 6.0],
        [4.0, 3.0, 3.2, 2.0, 1.5, 1.7],
        [1.0, 2.0, 0.5, 3.0],
        [6.0, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 1.0, 5.0],  # patience would not help
        [1.5, 2.0, 1.8, 2.2, 3.1],  # the first is the best
    ]
    return [(torch.tensor(run), random(len(run) + 1, 2, seed=len(run))) for run in losses]


def parabola(x):
    return 3 * x**2 - 2 * x + 1


def cubic(x):
    return x**3 + x


def hyperbola(x):
    return 5 / x


def sgd(params):
    return torch.optim.SGD([params], lr=0.01)


def sgd_with_momentum(params):
    return torch.optim.SGD([params], lr=0.002, momentum=0.9)


def adam(params):
    return torch.optim.Adam([params], lr=0.5)
