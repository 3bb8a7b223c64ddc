"""The training loop, by hand (notebook 02) and with an optimizer (notebooks 05 and 06)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.optim import Optimizer

from .losses import mse
from .models import linear


def mse_gradient(t_u: Tensor, t_c: Tensor, t_p: Tensor) -> Tensor:
    """Gradient of the MSE of a line with respect to (w, b), by the chain rule: shape (2,).

    `t_u`, `t_c` and the predictions `t_p` have shape (n,); other shapes raise ValueError, because
    they would be broadcast. Notebook 02.
    """
    if not t_u.shape == t_c.shape == t_p.shape:
        raise ValueError(
            f"t_u has shape {tuple(t_u.shape)}, t_c {tuple(t_c.shape)} and t_p "
            f"{tuple(t_p.shape)}: they would be broadcast; give all three the same shape"
        )
    dloss_dt_p = 2 * (t_p - t_c) / len(t_c)
    return torch.stack([(dloss_dt_p * t_u).sum(), dloss_dt_p.sum()])


def gradient_descent(
    t_u: Tensor, t_c: Tensor, params: Tensor, learning_rate: float, n_epochs: int
) -> tuple[Tensor, Tensor]:
    """Full-batch gradient descent for a line, without autograd: `(losses, path)`.

    `losses[e - 1]` is the loss before the e-th update, shape (n_epochs,); `path` holds (w, b)
    before the first update and after each, shape (n_epochs + 1, 2). `learning_rate` is a positive
    number or a tensor with one for each parameter; anything else, or less than one epoch, raises
    ValueError or TypeError. Notebooks 02 and 03.
    """
    check_epochs(n_epochs)
    check_learning_rate(learning_rate)
    losses, path = [], [params]
    for _ in range(n_epochs):
        t_p = linear(t_u, *params)
        losses.append(mse(t_p, t_c))
        params = params - learning_rate * mse_gradient(t_u, t_c, t_p)
        path.append(params)
    return torch.stack(losses), torch.stack(path)


@dataclass
class History:
    """What a training run leaves behind. The loss of epoch e is measured before the e-th update.

    `train_loss` and `val_loss` (or None) have shape (n_epochs,): epoch e is at index e - 1.
    `params` has shape (n_epochs + 1, n_params), the start first. `diverged_at` is the first epoch
    whose training loss is not finite, or None.
    """

    train_loss: Tensor
    val_loss: Tensor | None
    params: Tensor
    diverged_at: int | None


def training_loop(
    n_epochs: int,
    optimizer: Optimizer,
    params: Tensor,
    t_u: Tensor,
    t_c: Tensor,
    *,
    model: Callable[..., Tensor] = linear,
    loss_fn: Callable[[Tensor, Tensor], Tensor] = mse,
    val: tuple[Tensor, Tensor] | None = None,
    report: Collection[int] = (),
) -> History:
    """Train `params` (one tensor, shape (n_params,), changed in place) for `n_epochs` full batches.

    `model(t_u, *params)` predicts, `loss_fn(t_p, t_c)` judges, `optimizer` updates. `val` is a
    `(t_u, t_c)` pair that is measured but never learned from. `report` names the epochs to print,
    counted from 1. Input that could not train anything raises ValueError or TypeError; divergence
    does not, it is recorded in the `History`. An optimizer whose `step` needs a closure (LBFGS) has
    a loop of its own in notebook 05. Notebooks 05 and 06.
    """
    _check_input(n_epochs, optimizer, params, t_u, t_c, val, report)
    train_loss, val_loss = [], []
    path = [params.tolist()]

    for epoch in range(1, n_epochs + 1):
        if val is not None:
            with torch.no_grad():
                val_loss.append(loss_fn(model(val[0], *params), val[1]).item())
        loss = loss_fn(model(t_u, *params), t_c)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        train_loss.append(loss.item())
        path.append(params.tolist())
        if epoch in report:
            losses = {"training": train_loss, "validation": val_loss}
            print(
                f"epoch {epoch}:",
                ", ".join(f"{k} loss {loss_text(v[-1])}" for k, v in losses.items() if v),
            )

    measured = torch.tensor(train_loss, dtype=params.dtype)
    diverged = (~measured.isfinite()).nonzero()
    return History(
        measured,
        torch.tensor(val_loss, dtype=params.dtype) if val is not None else None,
        torch.tensor(path, dtype=params.dtype),
        diverged[0].item() + 1 if len(diverged) else None,
    )


def loss_text(loss: float) -> str:
    """Four decimals for a loss one can read, four significant digits for one that has run away."""
    return f"{loss:.4f}" if abs(loss) < 1e6 else f"{loss:.4g}"


def check_epochs(n_epochs: int) -> None:
    """Raise TypeError or ValueError unless `n_epochs` is a whole number from 1 on."""
    if not isinstance(n_epochs, int) or isinstance(n_epochs, bool):
        raise TypeError(f"n_epochs is {n_epochs!r}: give a whole number")
    if n_epochs < 1:
        raise ValueError(f"n_epochs is {n_epochs}: train for at least one epoch")


def check_learning_rate(rate: float | Tensor) -> None:
    """Raise TypeError or ValueError unless `rate` is positive and finite, or a tensor of such."""
    if isinstance(rate, bool) or not isinstance(rate, Tensor | int | float):
        raise TypeError(f"the learning rate is {rate!r}: give a positive finite number")
    rates = torch.as_tensor(rate)
    if not (rates.isfinite() & (rates > 0)).all():
        raise ValueError(f"the learning rate is {rate}: give a positive finite number")


def _check_input(
    n_epochs: int,
    optimizer: Optimizer,
    params: Tensor,
    t_u: Tensor,
    t_c: Tensor,
    val: tuple[Tensor, Tensor] | None,
    report: Collection[int],
) -> None:
    """Raise ValueError or TypeError, saying what to do, where `training_loop` could not train."""
    check_epochs(n_epochs)
    if not torch.is_grad_enabled():
        raise ValueError("autograd is off here: call training_loop outside torch.no_grad()")
    if not isinstance(report, Collection):
        raise TypeError(f"report is {report!r}: give the epochs to print, such as (1, 100)")
    wrong = [e for e in report if e not in range(1, n_epochs + 1)]
    if wrong:
        raise ValueError(f"report names epochs {wrong}: they count from 1 to n_epochs = {n_epochs}")
    _check_params(params, optimizer)
    _check_data(t_u, t_c, "the training data")
    if val is not None:
        if not isinstance(val, tuple | list) or len(val) != 2:
            raise TypeError("val must be a pair (t_u, t_c) of validation data, or None")
        _check_data(*val, "the validation data")


def _check_params(params: Tensor, optimizer: Optimizer) -> None:
    if not isinstance(params, Tensor):
        raise TypeError(
            f"params is of type {type(params).__name__}: give one tensor, such as "
            "torch.tensor([1.0, 0.0], requires_grad=True)"
        )
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"optimizer is of type {type(optimizer).__name__}: give one from torch.optim, "
            "such as torch.optim.SGD([params], lr=1e-2)"
        )
    if not params.requires_grad or not params.is_leaf:
        raise ValueError(
            "params does not collect gradients: create it with requires_grad=True, "
            "and do not compute it from another tensor that requires them"
        )
    if params.ndim != 1 or len(params) == 0 or not torch.isfinite(params).all():
        raise ValueError(
            f"params is {params.tolist()}: give a list of finite numbers, shape (n_params,)"
        )
    if not any(p is params for group in optimizer.param_groups for p in group["params"]):
        raise ValueError(
            "the optimizer does not hold params, it would update another tensor: "
            "pass this very tensor to both, optimizer = torch.optim.SGD([params], lr=...)"
        )
    for group in optimizer.param_groups:
        check_learning_rate(group["lr"])


def _check_data(t_u: Tensor, t_c: Tensor, what: str) -> None:
    if not (isinstance(t_u, Tensor) and isinstance(t_c, Tensor)):
        raise TypeError(
            f"{what} must be two tensors, not {type(t_u).__name__} and {type(t_c).__name__}"
        )
    if len(t_u.shape) == 0 or t_u.shape != t_c.shape or len(t_u) == 0:
        raise ValueError(
            f"{what} have shapes t_u {tuple(t_u.shape)} and t_c {tuple(t_c.shape)}: "
            "both need the same shape, one reading each or more"
        )
    if not (torch.isfinite(t_u).all() and torch.isfinite(t_c).all()):
        raise ValueError(f"{what} hold NaN or infinite values: remove them before training")
