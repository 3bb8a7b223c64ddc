"""What the explorer trains on and where it starts: two columns of readings, and two parameters."""

from collections.abc import Sequence

import torch
import traitlets
from torch import Tensor

from .. import data
from .controls import Setting

SCALED = {  # how each choice of inputs scales the readings
    "raw": lambda t_u: t_u,
    "x0.1": lambda t_u: 0.1 * t_u,
    "standardised": lambda t_u: data.standardize(t_u)[0],
}
INPUTS = list(SCALED)
THERMOMETER = {"t_u": data.T_U, "t_c": data.T_C}
LEAST, MOST, LARGEST = 2, 1000, 1e6  # so many readings, up to this size
Column = Sequence[float] | Tensor


class Readings(Setting):
    """Two columns, {"t_u": [...], "t_c": [...]}, as `columns` wants them."""

    def validate(self, obj: traitlets.HasTraits, value: dict) -> dict[str, list[float]]:
        if not isinstance(value, dict) or set(value) != {"t_u", "t_c"}:
            self.refuse(value, '{"t_u": [...], "t_c": [...]}')
        try:
            return columns(**value)
        except ValueError as error:
            raise traitlets.TraitError(f"{self.name}: {error}") from error


class Start(Setting):
    """Two numbers up to a million, (w, b), or a tensor of two."""

    def validate(self, obj: traitlets.HasTraits, value: Column) -> tuple[float, float]:
        values = value.tolist() if isinstance(value, Tensor) else value
        pair = isinstance(values, list | tuple) and len(values) == 2
        if not pair or not all(
            isinstance(x, int | float) and not isinstance(x, bool) and abs(x) <= LARGEST
            for x in values
        ):
            self.refuse(value, "two numbers up to a million")
        return tuple(map(float, values))


def columns(t_u: Column, t_c: Column) -> dict[str, list[float]]:
    """Two columns of numbers as plain lists, {"t_u": ..., "t_c": ...}.

    Raises ValueError, saying what is wrong, unless both are finite numbers up to a million, as many
    in one as in the other, 2 to 1000, and with two different ones in `t_u`.
    """
    lists = {name: _numbers(name, column) for name, column in (("t_u", t_u), ("t_c", t_c))}
    size, other = (len(column) for column in lists.values())
    if size != other:
        raise ValueError(f"t_u has {size} numbers and t_c {other}: give as many of each")
    if not LEAST <= size <= MOST:
        raise ValueError(f"{size} readings: give at least {LEAST} and at most {MOST}")
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
    if not (tensor.abs() <= LARGEST).all():
        raise ValueError(f"{name} holds NaN, or numbers beyond a million: leave those rows out")
    return tensor.tolist()


def prepare(inputs: str, readings: dict[str, list[float]] | None = None) -> tuple[Tensor, Tensor]:
    """The readings as `inputs`, one of INPUTS, scales them: `(t_u, t_c)`, float64, shape (n,).

    Without `readings`, those of the thermometer.
    """
    readings = readings or THERMOMETER
    t_u, t_c = (torch.tensor(readings[name], dtype=torch.float64) for name in ("t_u", "t_c"))
    return SCALED[inputs](t_u), t_c
