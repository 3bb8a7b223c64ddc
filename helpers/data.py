"""The thermometer readings, two columns of a CSV, and two ways of preparing data."""

from pathlib import Path

import torch
from torch import Tensor

from .tools.columns import read_columns

T_C = [0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0]
T_U = [35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4]

CHIRPS = [20.0, 16.0, 19.8, 18.4, 17.1, 15.5, 14.7, 17.1, 15.4, 16.2, 15.0, 17.2, 16.0, 17.0, 14.4]
DEGREES = [88.6, 71.6, 93.3, 84.3, 80.6, 75.2, 69.7, 82.0, 69.4, 83.3, 79.6, 82.6, 80.6, 83.5, 76.3]


def thermometer(dtype: torch.dtype | None = None) -> tuple[Tensor, Tensor]:
    """The eleven paired readings of notebook 01.

    Returns `t_u` (readings in the unknown unit) and `t_c` (the same temperatures in degrees
    Celsius), each of shape (11,). `dtype` defaults to torch's default dtype. Every call makes new
    tensors, so changing one cannot spoil the data for the next reader.

    Source: Stevens, Antiga and Viehmann, Deep Learning with PyTorch, chapter 5.
    """
    return torch.tensor(T_U, dtype=dtype), torch.tensor(T_C, dtype=dtype)


def two_columns(path: str | Path | None = None) -> tuple[Tensor, Tensor]:
    """Two columns of numbers `(x, y)`, each of shape (n,): what to predict from, what to predict.

    `path` is a CSV file of yours, with a header or without. Without a path: crickets, chirps a
    second and degrees Fahrenheit, n = 15 (Pierce, The Songs of Insects, 1948, as textbooks hand
    the numbers on; a version with 15.7, 71.6 and 16.3, 83.3 circulates too). What is not two
    finite numbers a line raises ValueError with the line, fewer than six rows and a column that
    never changes raise it, too. Notebook 09.
    """
    x, y = (CHIRPS, DEGREES) if path is None else read_columns(path)
    return torch.tensor(x), torch.tensor(y)


def split_indices(n_samples: int, n_val: int, seed: int) -> tuple[Tensor, Tensor]:
    """Shuffle 0 ... n_samples - 1 and cut it in two: `(train, val)` index tensors.

    `val` has shape (n_val,), `train` the rest. With one release of PyTorch the same seed gives the
    same split on every machine. Raises ValueError unless both parts hold at least one sample.
    """
    if not 1 <= n_val < n_samples:
        raise ValueError(
            f"n_val is {n_val} with {n_samples} samples: choose 1 <= n_val < n_samples, "
            "so that neither part of the split is empty"
        )
    shuffled = torch.randperm(n_samples, generator=torch.Generator().manual_seed(seed))
    return shuffled[:-n_val], shuffled[-n_val:]


def standardize(
    t: Tensor, mean: Tensor | float | None = None, std: Tensor | float | None = None
) -> tuple[Tensor, Tensor | float, Tensor | float]:
    """Subtract the mean, divide by the standard deviation: `(t_n, mean, std)`.

    `t` is a floating-point tensor of shape (n,); `t_n` has its shape and no unit. Without `mean`
    and `std` they are computed from `t`, the standard deviation with n - 1. New data (a validation
    set) must be given the training set's `mean` and `std`. One of them without the other, numbers
    that are not finite, or readings without a spread raise ValueError.
    """
    if (mean is None) != (std is None):
        raise ValueError("give both mean and std (of the training data), or neither of them")
    if not torch.isfinite(t).all():
        raise ValueError("t holds NaN or infinite values: remove them before standardizing")
    if mean is None:
        if len(t.unique()) < 2:
            raise ValueError("t must hold at least two different values to have a spread")
        mean, std = t.mean(), t.std()
    if not std > 0:
        raise ValueError(f"the standard deviation is {float(std):.4g}: it must be positive")
    return (t - mean) / std, mean, std
