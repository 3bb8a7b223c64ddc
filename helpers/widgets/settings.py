"""What the explorer can be set to: names, limits, defaults, readings, once for both languages.

`bundle` hands LIMITS, DEFAULTS and PARTS to the JavaScript; nothing here is written there again.
"""

from collections.abc import Sequence

import torch
import traitlets
from torch import Tensor

from .. import data

INPUTS = ["raw", "x0.1", "standardised"]
OPTIMIZERS = ["gd", "momentum", "adam"]
LIMITS = {
    "learning_rate": [1e-9, 1e6],
    "n_epochs": [1, 10_000],
    "readings": [2, 1000],
    "value": 1e6,  # of a reading and of the start, in size
    "slider": [1e-6, 10],  # the learning rates worth dragging through
}
DEFAULTS = {
    "inputs": "x0.1",
    "optimizer": "gd",
    "learning_rate": 0.01,
    "momentum": 0.9,
    "n_epochs": 1000,
    "readings": {"t_u": data.T_U, "t_c": data.T_C},
    "start": [1.0, 0.0],  # (w, b), in the units of the scaled inputs
    "labels": ["reading (unknown unit)", "temperature (°C)"],
    "hide": [],
    "note": "",
}
PARTS = [  # what `hide` can name: controls, then pictures and texts
    *("presets", "learning_rate", "n_epochs", "inputs", "optimizer", "momentum", "epoch", "pin"),
    *("equal", "reset", "start", "readings", "copy", "check"),
    *("surface", "losses", "fit", "sweep", "factors", "code"),
]
Column = Sequence[float] | Tensor


class Number(traitlets.Float):
    """A finite number within limits; True and False are none."""

    def __init__(self, low: float, high: float, wish: str, *, below: bool = False) -> None:
        """`wish` says what to give instead; `below` leaves `high` itself out."""
        super().__init__()
        self.low, self.high, self.wish, self.below = low, high, wish, below

    def validate(self, obj: object, value: object) -> float:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not self.low <= value <= self.high or (self.below and value == self.high):
            raise traitlets.TraitError(f"{self.name or 'start'} is {value!r}: give {self.wish}")
        return float(value)


class Whole(Number):
    def validate(self, obj: object, value: object) -> int:
        if not isinstance(value, int):
            raise traitlets.TraitError(f"{self.name} is {value!r}: give {self.wish}")
        return int(super().validate(obj, value))


def columns(t_u: Column, t_c: Column) -> dict[str, list[float]]:
    """Two columns of numbers as plain lists, {"t_u": ..., "t_c": ...}.

    Raises ValueError, saying what is wrong, unless both are finite numbers up to a million, as many
    in one as in the other, at least two, and with two different ones in `t_u`.
    """
    lists = {name: _numbers(name, column) for name, column in (("t_u", t_u), ("t_c", t_c))}
    sizes = [len(column) for column in lists.values()]
    if sizes[0] != sizes[1]:
        raise ValueError(f"t_u has {sizes[0]} numbers and t_c {sizes[1]}: give as many of each")
    if sizes[0] < LIMITS["readings"][0]:
        raise ValueError(f"{sizes[0]} readings do not make a line: give at least two")
    if len(set(lists["t_u"])) < 2:
        raise ValueError(f"all t_u are {lists['t_u'][0]:g}: two must differ, or no line is best")
    return lists


def _numbers(name: str, column: Column) -> list[float]:
    try:
        tensor = torch.as_tensor(column, dtype=torch.float64).detach()
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(f"{name} must be a list or tensor of numbers: {error}") from error
    if tensor.ndim != 1:
        raise ValueError(f"{name} has shape {tuple(tensor.shape)}: give one column, shape (n,)")
    if not (tensor.abs() <= LIMITS["value"]).all():
        raise ValueError(f"{name} holds NaN, or numbers beyond a million: leave those rows out")
    return tensor.tolist()


def prepare(inputs: str, readings: dict[str, list[float]] | None = None) -> tuple[Tensor, Tensor]:
    """The readings as the explorer scales them: `(t_u, t_c)`, float64, each of shape (n,).

    `inputs` is one of INPUTS (anything else raises ValueError), "standardised" divides by the n - 1
    standard deviation. Without `readings`, those of the thermometer.
    """
    readings = DEFAULTS["readings"] if readings is None else readings
    t_u, t_c = (torch.tensor(readings[name], dtype=torch.float64) for name in ("t_u", "t_c"))
    if inputs == "raw":
        return t_u, t_c
    if inputs == "x0.1":
        return 0.1 * t_u, t_c
    if inputs == "standardised":
        return data.standardize(t_u)[0], t_c
    raise ValueError(f"inputs is {inputs!r}: choose one of {', '.join(INPUTS)}")
