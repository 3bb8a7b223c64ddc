"""The two models of the series: a line (notebook 01) and a parabola (notebook 08)."""

from torch import Tensor


def linear(t_u: Tensor, w: Tensor | float, b: Tensor | float) -> Tensor:
    """A line, `w * t_u + b`: the prediction `t_p` in degrees Celsius, in the shape of `t_u`.

    `w` is in degrees Celsius per unknown unit, `b` in degrees Celsius. Notebook 01.
    """
    return w * t_u + b


def quadratic(t_u: Tensor, w2: Tensor | float, w1: Tensor | float, b: Tensor | float) -> Tensor:
    """A parabola, `w2 * t_u**2 + w1 * t_u + b`: `t_p` in the shape of `t_u`. Notebook 08."""
    return w2 * t_u**2 + w1 * t_u + b
