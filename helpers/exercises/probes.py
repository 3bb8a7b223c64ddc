"""How answers are tried that return nothing, or whose way matters: what of it is compared.

A probe takes the answer and the arguments of one data set. `Unusable` says in words what is wrong
with an answer that cannot be compared, or that went a way the task forbids.
"""

import contextlib
import warnings
from collections.abc import Iterable

import torch
from torch import Tensor

from ..judge import CLUE, Unusable, call, numbers
from ..judge.running import hands_back
from ..judge.words import argument_changed, describe

NOT_BACKWARD = "None came back, and backward() has not run: until then there is no gradient"
NO_RETURN = "backward() has run, and None came back: is a return missing?"
NO_LEAF = "you read the .grad of a tensor that is no leaf, as a loss: whose .grad is filled?"
ELSEWHERE = (
    "backward() has filled the .grad of the tensor that loss_of was given; what you return is None "
    "and comes from elsewhere"
)


def by_autograd(answer, loss_of, values):
    """The gradient of 04; several calls without a tensor that asks for gradients measure it."""
    asked, passes = [], []

    def watched(*several):
        if len(several) != 1:
            raise Unusable(
                f"loss_of takes all parameters in one tensor, {len(several)} arguments came: leave "
                "out the star"
            )
        [params] = several
        if not isinstance(params, Tensor):
            raise Unusable(f"loss_of takes a tensor, {describe(params)} came: make one from values")
        asked.append(params)
        loss = loss_of(params)
        if loss.requires_grad:
            loss.register_hook(lambda gradient: passes.append(1))
        return loss

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        gradient = call(answer, watched, values)
    flagged = [params.requires_grad for params in asked]
    if gradient is None and not passes and (any(flagged) or not asked):
        raise Unusable(NOT_BACKWARD)
    if gradient is None and passes:
        if any("not a leaf Tensor is being accessed" in str(each.message) for each in told):
            raise Unusable(NO_LEAF)
        raise Unusable(ELSEWHERE if hands_back(answer) else NO_RETURN)
    if len(asked) > 1 and not any(flagged):
        raise Unusable(
            "these slopes are measured by differences: asked is the gradient that autograd computes"
        )
    return gradient


def as_a_column(answer, t):
    """The column of 08: what a module takes is a tensor, and the readings stay as they are."""
    before = t.clone()
    came = call(answer, t)
    if not torch.equal(t, before):
        raise Unusable(argument_changed("t", "names that end in _"))
    column = numbers(came)
    if column is not None and column.shape == (len(t), 1) and not isinstance(came, Tensor):
        raise Unusable(f"the shape is right, but a module takes a tensor and {describe(came)} came")
    return came


def repaired(answer, n_epochs, learning_rate, t_u, t_c):
    """The loop of 09: as in 05, no loss may hold on to its graph."""
    came = call(answer, n_epochs, learning_rate, t_u, t_c)
    losses = came[1] if isinstance(came, tuple | list) and len(came) == 2 else None
    if isinstance(losses, Tensor | list | tuple) and any(
        isinstance(loss, Tensor) and loss.requires_grad for loss in losses
    ):
        raise Unusable("each loss still holds its graph: take the number, loss.item()")
    return came


def after_a_step(answer, params, learning_rate):
    params = torch.tensor(params, requires_grad=True)
    (params**3 - 4 * params).sum().backward()  # slopes of both signs
    stepped = answer(params, learning_rate)
    if not isinstance(stepped, torch.Tensor):
        if stepped is None:
            return None
        raise Unusable(f"a new tensor was expected, {describe(stepped)} came")
    return {
        "the new params": stepped.detach().clone(),
        "they require gradients": stepped.requires_grad,
        "they are a leaf": stepped.is_leaf,
        "the old params": params.detach().clone(),
    }


def what_moved(answer, params, learning_rate):
    """What became of the gradient in an answer of 04 that should only use it."""
    params = torch.tensor(params, requires_grad=True)
    (params**3 - 4 * params).sum().backward()
    came, passes = params.grad.clone(), []
    params.register_hook(lambda gradient: passes.append(1))
    with contextlib.suppress(Exception):
        answer(params, learning_rate)
    if passes:
        yield "your function calls backward() again, which adds to the gradient that is there"
    if params.grad is not None and params.grad.any() and not torch.equal(params.grad, came):
        yield "params.grad has changed: it is the gradient that is used, and params that move"


def _told(thing):
    """A plain number or list as it is; of what passes for a number without being one, its kind."""
    if isinstance(thing, Tensor):
        return f"tensor {thing.item():.9f}{' with its graph' * thing.requires_grad}"
    plain = isinstance(thing, int | float | str | list | tuple | dict) or thing is None
    return thing if plain else type(thing).__name__


def what_was_kept(answer, values, n_epochs):
    params = torch.tensor(values, requires_grad=True)
    kept = []
    for _ in range(n_epochs):
        loss = (params**2).mean()
        answer(kept, loss)
        loss.backward()
        with torch.no_grad():
            params -= 0.1 * params.grad
    return {"kept": tuple(map(_told, kept))}


def after_the_update(answer, params, learning_rate):
    params = torch.tensor(params, requires_grad=True)
    (params**3 - 4 * params).sum().backward()  # slopes of both signs
    came = params.grad.clone()
    answer(params, learning_rate)
    other = params.grad is not None and bool(params.grad.any()) and not params.grad.equal(came)
    return {
        "params": params.detach().clone(),
        "params requires gradients": params.requires_grad,
        "the gradient is cleared": params.grad is None or not bool(params.grad.any()),
        CLUE + "the gradient is another": other,
    }


def training_run(answer, n_epochs, optimizer, params, t_u, t_c):
    values, make_optimizer = params, optimizer
    params = torch.tensor(values, requires_grad=True)
    passes = []
    params.register_hook(lambda gradient: passes.append(1))
    losses = answer(n_epochs, make_optimizer(params), params, t_u, t_c)
    several = losses if isinstance(losses, tuple | list) else [losses]
    return {
        "losses": losses,
        "params": params.detach().clone(),
        "some loss still holds its graph": any(
            isinstance(loss, Tensor) and loss.requires_grad for loss in several
        ),
        CLUE + "backward passes": len(passes),
        CLUE + "stuck beside a gradient": params.grad is not None and params.tolist() == values,
    }


def prepared(answer, t_train, t_val):
    """Both parts of 06. A standard deviation that divides by n is as good: it is converted."""
    before = t_train.clone(), t_val.clone()
    came = call(answer, t_train, t_val)
    for name, was, now in zip(("t_train", "t_val"), before, (t_train, t_val), strict=True):
        if not torch.equal(was, now):
            raise Unusable(argument_changed(name, "-=, /=, or names that end in _"))
    parts = [numbers(part) for part in came] if isinstance(came, tuple | list) else []
    if len(parts) == 2 and all(part is not None and part.ndim == 1 for part in parts):
        n = len(t_train)
        if len(parts[0]) == n and abs(parts[0].var(correction=0).item() - 1) < 1e-9:
            return tuple(part * ((n - 1) / n) ** 0.5 for part in parts)
    return came


def _indices(result):
    """The two parts of a split as lists of whole numbers."""
    if not isinstance(result, tuple | list) or len(result) != 2:
        missing = "None came back: is a return missing?"
        came = missing if result is None else f"{describe(result)} came"
        raise Unusable(f"a pair (train, val) of index tensors was expected, {came}")
    parts = []
    for part in result:
        values = numbers(sorted(part) if isinstance(part, set | frozenset) else part)
        if values is None or values.ndim != 1 or not torch.equal(values, values.round()):
            raise Unusable(
                f"each part of the split holds indices, whole numbers, and {describe(part)} came"
            )
        parts.append(values.int().tolist())
    return parts


def _moved(first, others, n_samples):
    """Is the validation part the same window, moved on by as much from each seed to the next?"""
    windows = [
        [{(i + k * step) % n_samples for i in first[1]} for k in range(1, len(others) + 1)]
        for step in range(1, n_samples)
    ]
    return [set(val) for _, val in others] in windows


def _counted(some: Iterable[int]) -> int | str:
    """How many, if it is the same for each seed."""
    numbers = {*some}
    return numbers.pop() if len(numbers) == 1 else "some"


def about_the_split(answer, n_samples, n_val, seed):
    first, *again = (_indices(answer(n_samples, n_val, seed)) for _ in range(4))
    others = [_indices(answer(n_samples, n_val, seed + k)) for k in (1, 2, 3)]
    splits, every = [first, *others], set(range(n_samples))
    train, val = first
    for rest, part in splits:
        if len(set(part)) < len(part) and len(set(rest)) == len(rest):
            raise Unusable("the validation part holds a sample twice: draw without putting back")
    if (min(train + val, default=0), max(train + val, default=0)) == (1, n_samples):
        raise Unusable("indices count from 0: yours run from 1 to n_samples")
    if _moved(first, others, n_samples):
        raise Unusable("no chance is in it: the next seed only moves the parts on")
    return {
        "training samples": len(train),
        "validation samples": len(val),
        "every sample is in exactly one part": all(
            sorted(one + other) == list(range(n_samples)) for one, other in splits
        ),
        "the same seed gives the same split": all(split == first for split in again),
        "other seeds give other splits": len({str(sorted(part)) for _, part in splits}) > 2,
        CLUE + "the training part is another": len({str(part) for part, _ in splits}) > 2,
        CLUE + "nothing was shuffled": train + val == list(range(n_samples)),
        CLUE + "in both": _counted(len({*a} & {*b}) for a, b in splits),
        CLUE + "in neither": _counted(len(every - {*a, *b}) for a, b in splits),
        CLUE + "no sample": any({*a, *b} - every for a, b in splits),
        CLUE + "a part holds a sample twice": any(len(set(a)) < len(a) for a, _ in splits),
    }
