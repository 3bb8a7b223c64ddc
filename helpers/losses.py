"""The loss of the series: the mean squared error (notebook 01)."""

from torch import Tensor


def mse(t_p: Tensor, t_c: Tensor) -> Tensor:
    """Mean squared error between predictions and measurements, as a 0-d tensor.

    `t_p` and `t_c` are in degrees Celsius and have the same shape; the loss is in degrees Celsius
    squared. Shapes that differ raise ValueError, although PyTorch would accept many of them:
    (11,) minus (11, 1) broadcasts to (11, 11) and the mean is then silently wrong (notebook 01).
    """
    if t_p.shape != t_c.shape:
        raise ValueError(
            f"t_p has shape {tuple(t_p.shape)} but t_c has shape {tuple(t_c.shape)}: they would "
            "be broadcast against each other; give both the same shape"
        )
    return ((t_p - t_c) ** 2).mean()
