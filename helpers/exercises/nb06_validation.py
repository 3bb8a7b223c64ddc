"""The exercises of 06 that use a split: preparing it, stopping by it; the rest: nb06.py."""

from ..judge import COPIED, exercise
from .cases import random, validation_runs
from .probes import prepared

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
        "your mean and std are those of the validation part": {
            "t_train.mean(), t_train.std()": "t_val.mean(), t_val.std()"
        },
        "the mean is subtracted, but nothing is divided by the standard deviation": {
            PREPARED: "t_train - mean, t_val - mean"
        },
        "the mean was not subtracted": {PREPARED: "t_train / std, t_val / std"},
        "you divided by the variance, the square of the standard deviation": {
            PREPARED: "(t_train - mean) / std**2, (t_val - mean) / std**2"
        },
        "you multiplied by the standard deviation: divide": {
            PREPARED: "(t_train - mean) * std, (t_val - mean) * std"
        },
        "this is min-max scaling: standardising uses mean and standard deviation": {
            "t_train.mean(), t_train.std()": "t_train.min(), t_train.max() - t_train.min()"
        },
        "this is x0.1: standardising uses mean and standard deviation": {
            PREPARED: "0.1 * t_train, 0.1 * t_val"
        },
        "mean and standard deviation have changed places": {
            PREPARED: "(t_train - std) / mean, (t_val - std) / mean"
        },
        "this is the median: standardising subtracts the mean": {
            "t_train.mean(), t": "t_train.median(), t"
        },
        "the mean of the validation part was subtracted from it: use that of the training part": {
            "(t_val - mean)": "(t_val - t_val.mean())"
        },
        "the mean was not subtracted from the validation part": {"(t_val - mean)": "t_val"},
        "the parts have changed places: training first": {
            PREPARED: "(t_val - mean) / std, (t_train - mean) / std"
        },
        "a parenthesis is missing: only the mean is divided": {
            "(t_train - mean) / std": "t_train - mean / std",
            "(t_val - mean) / std": "t_val - mean / std",
        },
        "the mean and std of split A are built in: compute those of t_train": {
            "t_train.mean(), t_train.std()": "53.33, 17.59"
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
    wrong={
        "epochs count from 1, indices from 0": {".item() + 1": ".item()", "[epoch - 1]": "[epoch]"},
        "the epoch is right, but these are the parameters after its update: one too late": {
            "[epoch - 1]": "[epoch]"
        },
        "the epoch is right, but these are the parameters one update too early": {
            "[epoch - 1]": "[epoch - 2]"
        },
        "the epoch is right, but these are the parameters of the start": {"[epoch - 1]": "[0]"},
        "the epoch is right, but the whole path came back: take one row of it": {
            "path[epoch - 1]": "path"
        },
        "the epoch is right, but all rows up to it came back: take one": {
            "[epoch - 1]": "[:epoch]"
        },
        "the parameters alone came back: first the epoch, then they": {"epoch, path": "path"},
        "one too far: add 1 only once": {".item() + 1": ".item() + 2"},
        "the epoch is right, but these are the last parameters, those of the end of the run": {
            "path[epoch - 1]": "path[-1]"
        },
        "you stopped at the first rise: a loss may rise for a moment and fall again": {
            "val_losses.argmin().item()": "(val_losses.diff() > 0).int().argmax().item()"
        },
        "this is the epoch with the highest loss": {"argmin": "argmax"},
        "this is the last epoch, not the best one": {
            "val_losses.argmin().item() + 1": "len(val_losses)"
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
