"""The exercises of 06 that use a split: preparing it, stopping by it; the rest: nb06.py."""

import itertools
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from ..judge import COPIED, exercise, numbers
from ..judge.compare import listed, same
from ..theory import least_squares
from .cases import random, validation_runs
from .probes import prepared
from .slips import about, by_place, is_pair, joined, moved


def _prepare_slips(came: Any, t_train: Tensor, t_val: Tensor) -> Iterator[str]:
    """The two parts prepared with other numbers than they should be, each for itself."""
    if not is_pair(came):
        return
    both = torch.cat([t_train, t_val])
    whose = {"": t_train, " of the validation part": t_val, " of all readings": both}
    table: dict[str, Tensor] = {}
    for (one, a), (two, b) in itertools.product(whose.items(), whose.items()):
        mean = f"the mean is that{one}" * bool(one)
        std = f"the standard deviation is that{two}" * bool(two)
        table[joined(mean, std)] = torch.stack([a.mean(), b.std()])
    for words, centre, spread in _others(t_train):
        table[words] = torch.stack([centre, spread])
    tables = [
        about(what, {words: (part - m) / s for words, (m, s) in table.items()})
        for what, part in (("the training part", t_train), ("the validation part", t_val))
    ]
    yield from by_place(came, *tables)


def _others(t: Tensor) -> Iterator[tuple[str, Tensor, Tensor]]:
    mean, std, zero, one = t.mean(), t.std(), t.mean() * 0, t.mean() * 0 + 1
    yield "nothing was done", zero, one
    yield "nothing is divided", mean, one
    yield "nothing is subtracted", zero, std
    yield "this divides by the variance, not by its root", mean, t.var()
    yield "this divides by the range, not by the standard deviation", mean, t.max() - t.min()
    yield "this divides by the largest value, not by the standard deviation", mean, t.max()
    yield "this divides by the mean, not by the standard deviation", mean, mean
    yield "this subtracts the median, not the mean", t.median(), std
    yield "this subtracts the smallest value, not the mean", t.min(), std
    yield "this subtracts the smallest value and divides by the range", t.min(), t.max() - t.min()
    yield "the largest value is divided by, nothing is subtracted", zero, t.max()
    yield "this multiplies by the standard deviation: divide", mean, 1 / std
    yield "this adds the mean: subtract it", -mean, std
    yield "readings x0.1 are not standardised", zero, 10 * one
    yield "split A's numbers are built in: compute those of t_train", 53.33 * one, 17.59 * one
    yield "this divides by twice the standard deviation", mean, 2 * std
    yield "this divides by the length of the readings as a vector", mean, t.norm()
    yield "this divides by the mean absolute distance", mean, (t - mean).abs().mean()


def _prepare_state(came: Any, t_train: Tensor, t_val: Tensor) -> Iterator[str]:
    """What the prepared parts tell of the numbers that they were prepared with."""
    if not is_pair(came):
        return
    train, val = map(numbers, listed(came))
    if train is None or val is None or (train.shape, val.shape) != (t_train.shape, t_val.shape):
        return
    (scale, shift), rest = least_squares(t_train, train)
    (scale_val, shift_val), rest_val = least_squares(t_val, val)
    if rest > 1e-12 or rest_val > 1e-12:
        yield "more was done than to subtract one number and to divide by another"
    elif not (same(scale, scale_val) and same(shift, shift_val)):
        yield "the two parts were not prepared with the same two numbers"
    yield from moved(train, "the training part")


def _stopping_slips(came: Any, val_losses: Tensor, path: Tensor) -> Iterator[str]:
    """Other epochs than the best, and parameters that belong to another place."""
    if not is_pair(came):
        return
    n, best = len(val_losses), val_losses.argmin().item()
    rises = [k for k in range(1, n) if val_losses[k] > val_losses[k - 1]]
    ordered = val_losses.sort().values
    epochs = {
        "": best + 1,
        "this is the lowest loss: at which epoch does it occur?": val_losses.min(),
        "this is the epoch of the first rise: the lowest loss of all counts": rises[0] + 1,
        "this is the epoch before the first rise: the lowest loss of all counts": rises[0],
        "this is counted from the end of the run": n - best,
        "there the loss falls fastest: asked is where it is lowest": val_losses.diff().argmin() + 2,
        "this is the index, counted from 0": best,
        "this is one epoch too late": best + 2,
        "this is the last epoch": n,
        "this is the last index": n - 1,
        "this is the number of rows of the path": n + 1,
        "this is the first epoch": 1,
        "this is the epoch with the highest loss": val_losses.argmax().item() + 1,
        "this is the second best epoch": (val_losses == ordered[1]).nonzero()[0].item() + 1,
        "this is the epoch whose parameters come closest to 0: look at the losses": (
            path.norm(dim=1).argmin().item() + 1
        ),
    }
    rows = {
        "": path[best],
        "they are those after the best epoch's update": path[best + 1],
        "they are those of the epoch before": path[best - 1],
        "they are those of the start": path[0],
        "they are the last of the run": path[-1],
        "they are those before the last update": path[-2],
        "they are the mean over the run": path.mean(dim=0),
        "the whole path came": path,
        "the loss came": val_losses.min(),
        "they are the smallest values that each parameter had": path.min(dim=0).values,
    }
    yield from by_place(came, about("the epoch", epochs), about("the parameters", rows))


def _stopping_state(came: Any, val_losses: Tensor, path: Tensor) -> Iterator[str]:
    """Whether epoch and parameters belong together, and whether a lower loss is elsewhere."""
    if not is_pair(came):
        return
    epoch, row = map(numbers, listed(came))
    if epoch is None or epoch.ndim != 0 or not 1 <= epoch <= len(val_losses) or epoch % 1:
        yield "the epoch is a whole number from 1 to the number of losses"
        return
    if row is None or row.shape != (2,):
        return
    if val_losses[int(epoch) - 1] > val_losses.min():
        yield "another epoch has a lower loss than the one that came"
    elif not same(row, path[int(epoch) - 1]):
        yield "the epoch is right, the parameters are not those to which its loss belongs"


PREPARED = "(t_train - mean) / std, (t_val - mean) / std"


@exercise(
    notebook="06",
    title="Standardise without a leak",
    text="""\
Standardise the readings of both parts of a split, without letting anything of the validation
part reach the training. Return the pair of prepared readings, training first. Whether the standard
deviation divides by n or by n - 1 is up to you.""",
    minutes=5,
    hints=[
        "Mean and standard deviation are learned from data. From which data may one learn?",
        "Both parts are prepared with the same two numbers.",
        "mean, std = t_train.mean(), t_train.std(), and these for t_val too.",
    ],
    cases=lambda: [
        (random(n, seed=n, low=20, high=80), random(k, seed=n + 1, low=30, high=120))
        for n, k in ((9, 2), (5, 5), (30, 8))
    ],
    probe=prepared,
    slips=_prepare_slips,
    otherwise=_prepare_state,
    wrong={
        "the mean and std are those of all readings: the validation part has leaked in": {
            "t_train.mean(), t_train.std()": (
                "(both := t_train.new_tensor([*t_train, *t_val])).mean(), both.std()"
            )
        },
        "the validation part was prepared with its own mean and std": {
            "(t_val - mean) / std": "(t_val - t_val.mean()) / t_val.std()"
        },
        "the validation part was left as it was: the model would not recognise it": {
            "(t_val - mean) / std": "t_val"
        },
        "this is min-max scaling: standardising uses mean and standard deviation": {
            "t_train.mean(), t_train.std()": "t_train.min(), t_train.max() - t_train.min()"
        },
        "mean and standard deviation have changed places": {
            PREPARED: "(t_train - std) / mean, (t_val - std) / mean"
        },
        "the parts have changed places: training first": {
            PREPARED: "(t_val - mean) / std, (t_train - mean) / std"
        },
        "a parenthesis is missing: only the mean is divided": {
            "(t_train - mean) / std": "t_train - mean / std",
            "(t_val - mean) / std": "t_val - mean / std",
        },
    },
)
def prepare(t_train, t_val):
    mean, std = t_train.mean(), t_train.std()
    return (t_train - mean) / std, (t_val - mean) / std


@exercise(
    notebook="06",
    title="Early stopping",
    text="""\
A finished run left its validation losses, shape `(n_epochs,)`, and its `path`: the parameters
before the first update and after each, shape `(n_epochs + 1, 2)`. Return the epoch whose
validation loss is lowest (epochs count from 1) and the parameters to which that loss belongs.""",
    difficulty=2,
    minutes=10,
    hints=[
        "argmin gives an index. Indices count from 0.",
        "The loss of epoch e was measured before the e-th update.",
        "path[0] is the start, so it belongs to the loss of epoch 1.",
    ],
    cases=validation_runs,
    slips=_stopping_slips,
    otherwise=_stopping_state,
    wrong={
        "epochs count from 1, indices from 0": {".item() + 1": ".item()", "[epoch - 1]": "[epoch]"},
        "the epoch is right, but these are the parameters after its update: one too late": {
            "[epoch - 1]": "[epoch]"
        },
        "the epoch is right, but the whole path came back: take one row of it": {
            "path[epoch - 1]": "path"
        },
        "the epoch is right, but all rows up to it came back: take one": {
            "[epoch - 1]": "[:epoch]"
        },
        "the parameters alone came back: first the epoch, then they": {"epoch, path": "path"},
        "you stopped at the first rise: a loss may rise for a moment and fall again": {
            "val_losses.argmin().item()": "(val_losses.diff() > 0).int().argmax().item()"
        },
        "you returned the lowest loss; the epoch at which it occurs was asked for": {
            "return epoch": "return val_losses.min()"
        },
        "epoch and parameters have changed places": {
            "return epoch, path[epoch - 1]": "return path[epoch - 1], epoch"
        },
        "this is the last epoch: look for the lowest loss": {
            "val_losses.argmin().item() + 1": "len(val_losses)",
            "path[epoch - 1]": "path[-1]",
        },
        COPIED: {"return epoch, path[epoch - 1]": "return 578, (4.326, -11.533)"},
    },
)
def early_stopping(val_losses, path):
    epoch = val_losses.argmin().item() + 1
    return epoch, path[epoch - 1]
