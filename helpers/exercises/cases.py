"""Data sets that several exercises are tried on; none of them stands in a notebook."""

import torch
from torch import Tensor


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
