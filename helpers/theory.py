"""What can be known before training, for a line and the MSE (notebooks 01 and 03).

The loss is a quadratic bowl. Its bottom is the least-squares line, its curvature the Hessian, and
from the two, a start and a learning rate follows the whole path of gradient descent.
"""

import torch
from torch import Tensor

from .training import check_epochs, check_learning_rate


def least_squares(t_u: Tensor, t_c: Tensor) -> tuple[Tensor, Tensor]:
    """The best line in closed form: `(params, loss)`.

    `t_u` and `t_c` have shape (n,); `params` is (w, b), shape (2,); `loss` is the MSE there, 0-d:
    the floor that no line can go below on these readings. Raises ValueError where the line is not
    unique, or where the numbers are not finite or of two types.
    """
    if t_u.ndim != 1 or t_u.shape != t_c.shape:
        raise ValueError(f"t_u {tuple(t_u.shape)} and t_c {tuple(t_c.shape)} must both be (n,)")
    _check_readings(t_u)
    if t_u.dtype != t_c.dtype or not torch.isfinite(t_c).all():
        raise ValueError(
            f"t_c must be finite and of one type with t_u, here {t_c.dtype} and {t_u.dtype}"
        )
    inputs = torch.stack([t_u, torch.ones_like(t_u)], dim=1)
    params = torch.linalg.lstsq(inputs, t_c).solution
    return params, ((inputs @ params - t_c) ** 2).mean()


def hessian(t_u: Tensor) -> Tensor:
    """Second derivatives of the MSE of a line with respect to (w, b), shape (2, 2).

    (2 / n) [[sum u^2, sum u], [sum u, n]], in the inputs `t_u`, shape (n,). It does not depend on
    w and b, and that makes the bowl quadratic; nor does it depend on the targets.
    """
    _check_readings(t_u)
    mean = t_u.mean()
    return 2 * torch.stack([(t_u**2).mean(), mean, mean, torch.ones_like(mean)]).reshape(2, 2)


def condition_number(t_u: Tensor) -> Tensor:
    """Largest over smallest eigenvalue of the Hessian, 0-d.

    Its square root says how many times longer than wide the ellipses of the bowl are.
    """
    flat, steep = torch.linalg.eigvalsh(hessian(t_u))
    return steep / flat


def critical_learning_rate(t_u: Tensor, momentum: float = 0.0) -> Tensor:
    """The learning rate at which gradient descent stops converging: 2 (1 + momentum) / lambda_max.

    Between 0 and it every run converges. Above it every run diverges that starts with an error
    along the steepest direction; exactly at it, without momentum, such a run swings for ever.
    `momentum` is that of `torch.optim.SGD`, 0 <= momentum < 1.
    """
    if not 0 <= momentum < 1:
        raise ValueError(f"momentum is {momentum}: choose 0 <= momentum < 1")
    return 2 * (1 + momentum) / torch.linalg.eigvalsh(hessian(t_u)).max()


def predict_path(
    t_u: Tensor, t_c: Tensor, params: Tensor, learning_rate: float, n_epochs: int
) -> Tensor:
    """Every (w, b) that gradient descent will visit, without running it: (n_epochs + 1, 2).

    In each epoch the distance to the best line is multiplied by (1 - learning_rate * eigenvalue)
    along each eigenvector, so after t epochs by that factor to the power t. `params` has shape
    (2,). Bad input raises ValueError or TypeError, as in `gradient_descent`.
    """
    check_epochs(n_epochs)
    check_learning_rate(learning_rate)
    if params.shape != (2,):
        raise ValueError(f"params has shape {tuple(params.shape)}: give w and b, shape (2,)")
    best, _ = least_squares(t_u, t_c)
    eigenvalues, eigenvectors = torch.linalg.eigh(hessian(t_u))
    epochs = torch.arange(n_epochs + 1, dtype=t_u.dtype)
    factors = (1 - learning_rate * eigenvalues) ** epochs[:, None]
    return best + (factors * ((params.detach() - best) @ eigenvectors)) @ eigenvectors.T


def _check_readings(t_u: Tensor) -> None:
    """A line needs two different readings, all of them finite numbers."""
    if (
        t_u.ndim != 1
        or not t_u.is_floating_point()
        or not torch.isfinite(t_u).all()
        or len(t_u.unique()) < 2
    ):
        raise ValueError(
            f"t_u has shape {tuple(t_u.shape)} and type {t_u.dtype}: it must be (n,), finite "
            "floating-point numbers, with at least two different readings, or the best line is "
            "not unique"
        )
