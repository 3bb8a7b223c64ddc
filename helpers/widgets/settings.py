"""What the explorer can be set to: names, limits, defaults, readings, once for both languages.

The JavaScript reads FOR_THE_BROWSER; nothing of it is written there again.
"""

import math
from collections.abc import Sequence

import torch
import traitlets
from torch import Tensor

from .. import data

SCALED = {  # how each choice of inputs scales the readings
    "raw": lambda t_u: t_u,
    "x0.1": lambda t_u: 0.1 * t_u,
    "standardised": lambda t_u: data.standardize(t_u)[0],
}
INPUTS = list(SCALED)
OPTIMIZERS = ["gd", "momentum", "adam"]
NUMBERS = {  # the least, the most, and what to say to everything else
    "learning_rate": [1e-9, 1e6, "The learning rate must be a number from 1e-9 to 1e6."],
    "momentum": [0, math.nextafter(1, 0), "Momentum must be a number from 0 to below 1."],
    "n_epochs": [1, 10_000, "Epochs must be a whole number from 1 to 10000."],
    "start": [-1e6, 1e6, "The start must be two numbers up to a million."],
    "readings": [-1e6, 1e6, "Readings must be numbers up to a million."],
}
LIMITS = {
    "readings": [2, 1000],  # how many
    "slider": [1e-6, 10],  # the learning rates worth dragging through
}
RUN = {  # what decides a run
    "inputs": "x0.1",
    "optimizer": "gd",
    "learning_rate": 0.01,
    "momentum": 0.9,
    "n_epochs": 1000,
    "readings": {"t_u": data.T_U, "t_c": data.T_C},
    "start": [1.0, 0.0],  # (w, b), in the units of the scaled inputs
}
DEFAULTS = RUN | {"labels": ["reading (unknown unit)", "temperature (°C)"], "hide": []}
PARTS = [  # what `hide` can name: controls, then pictures and texts
    *("presets", "learning_rate", "n_epochs", "inputs", "optimizer", "momentum", "epoch", "pin"),
    *("equal", "reset", "start", "readings", "copy", "check"),
    *("surface", "losses", "fit", "sweep", "factors", "code"),
]
FOR_THE_BROWSER = {
    **{"NUMBERS": NUMBERS, "LIMITS": LIMITS, "DEFAULTS": DEFAULTS, "PARTS": PARTS},
    "RUN": list(RUN),
}
Column = Sequence[float] | Tensor


class Number(traitlets.Float):
    """A number within the limits of `setting` in NUMBERS; True and False are none."""

    def __init__(self, setting: str, kind: type = float) -> None:
        super().__init__()
        self.setting, self.kind = setting, kind

    def validate(self, obj: object, value: object) -> float:
        low, high, wish = NUMBERS[self.setting]
        number = isinstance(value, int | self.kind) and not isinstance(value, bool)
        if not number or not low <= value <= high:
            raise traitlets.TraitError(f"{self.setting} is {value!r}. {wish}")
        return self.kind(value)


def columns(t_u: Column, t_c: Column) -> dict[str, list[float]]:
    """Two columns of numbers as plain lists, {"t_u": ..., "t_c": ...}.

    Raises ValueError, saying what is wrong, unless both are finite numbers up to a million, as many
    in one as in the other, 2 to 1000, and with two different ones in `t_u`.
    """
    lists = {name: _numbers(name, column) for name, column in (("t_u", t_u), ("t_c", t_c))}
    size, other = (len(column) for column in lists.values())
    least, most = LIMITS["readings"]
    if size != other:
        raise ValueError(f"t_u has {size} numbers and t_c {other}: give as many of each")
    if not least <= size <= most:
        raise ValueError(f"{size} readings: give at least {least} and at most {most}")
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
    if not (tensor.abs() <= NUMBERS["readings"][1]).all():
        raise ValueError(f"{name} holds NaN, or numbers beyond a million: leave those rows out")
    return tensor.tolist()


def prepare(inputs: str, readings: dict[str, list[float]] | None = None) -> tuple[Tensor, Tensor]:
    """The readings as `inputs`, one of INPUTS, scales them: `(t_u, t_c)`, float64, shape (n,).

    Without `readings`, those of the thermometer.
    """
    readings = readings or DEFAULTS["readings"]
    t_u, t_c = (torch.tensor(readings[name], dtype=torch.float64) for name in ("t_u", "t_c"))
    return SCALED[inputs](t_u), t_c
