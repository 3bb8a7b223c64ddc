"""The exercises of 06 Overfitting."""

import torch

from ..judge import COPIED, Exercise, exercise
from .cases import random, validation_runs
from .probes import about_the_split

recall_06 = Exercise(
    "recall_06",
    notebook="06",
    title="Recall",
    question="""\
Two questions on lesson 05, one on lesson 03, from memory.

**a.** Minibatches, a constant learning rate: the loss jumps up and down near the floor and does not
come to rest. Which change lets it settle, if one line does not fit all batches?

- `"A"`: more epochs at the same rate
- `"B"`: a rate that falls in the course of training
- `"C"`: another shuffle seed

**b.** A new optimizer is made for `params`, the loss is sent backward, and `optimizer.step()` is
called. What is missing before the next `backward()`, if each step is to follow its own gradient?

- `"A"`: `optimizer.zero_grad()`
- `"B"`: a second `optimizer.step()`
- `"C"`: nothing

**c.** The critical rate of some readings is 0.04. A run at 0.05 grows without limit. What happens
at 0.03?

- `"A"`: it diverges too, only later
- `"B"`: it converges
- `"C"`: that depends on the start""",
    difficulty=1,
    minutes=3,
    hints=[
        "a: the noise comes from the differences between batches, times the rate.",
        "b: gradients add up until somebody clears them.",
        "c: what does critical mean?",
    ],
    reference={"a": "B", "b": "A", "c": "B"},
    wrong={
        "a: the jumps are as large in the last epoch as in the hundredth: their size goes with the "
        "rate": {"a": "A"},
        "a: another order gives other jumps of the same size": {"a": "C"},
        "b: that would take the same step once more": {"b": "B"},
        "b: the next backward() would add its gradient to this one": {"b": "C"},
        "c: below the critical rate every part of the error shrinks in each epoch": {"c": "A"},
        "c: below the critical rate a line's run converges from every start": {"c": "C"},
    },
    stub="""\
recall_06 = {
    "a": ...,
    "b": ...,
    "c": ...,
}""",
)


two_lists = Exercise(
    "two_lists",
    notebook="06",
    title="Two lists of indices",
    question="""\
Five readings, and `randperm` gave the order 3, 0, 4, 1, 2. Cut it as `split_indices` does, with two
readings for validation: which indices are in the two lists?""",
    difficulty=1,
    minutes=2,
    hints=[
        "The validation part is cut off at the end of the shuffled list.",
        "shuffled[-2:] are its last two entries, shuffled[:-2] are all before them.",
        "Three indices for training, two for validation, in the shuffled order.",
    ],
    reference={"train": (3, 0, 4), "val": (1, 2)},
    wrong={
        "the validation part is cut off at the end, not at the beginning": {
            "train": (4, 1, 2),
            "val": (3, 0),
        },
        "the list was not shuffled in your split: cut the order 3, 0, 4, 1, 2": {
            "train": (0, 1, 2),
            "val": (3, 4),
        },
        "in train, the order stays that of the shuffled list": {"train": (0, 3, 4)},
        "two readings are for validation, three for training": {"train": (3, 0), "val": (4, 1, 2)},
        "in val, indices are asked for, not places counted from 1": {"val": (4, 5)},
        "the two lists have changed places": {"train": (1, 2), "val": (3, 0, 4)},
        "in val, the order stays that of the shuffled list": {"val": (2, 1)},
    },
    stub="""\
two_lists = {
    "train": ...,
    "val": ...,
}""",
)

stop_at = Exercise(
    "stop_at",
    notebook="06",
    title="Where to stop",
    question="""\
A run has left these validation losses, epoch 1 first: 9.0, 4.0, 3.1, 3.3, 2.8, 3.5. The
parameters of which epoch does early stopping keep?""",
    difficulty=1,
    minutes=2,
    hints=[
        "Early stopping keeps the epoch with the lowest validation loss of all.",
        "A loss may rise for an epoch and fall again.",
        "The lowest is 2.8. Count from 1.",
    ],
    reference=5,
    wrong={
        "epochs count from 1, indices from 0": 4,
        "the loss rises for an epoch and falls again: look at all of them": 3,
        "this is the last epoch": 6,
        "this is the loss; the epoch was asked for": 2.8,
        "this is the epoch with the highest loss": 1,
        "this is a loss, and not the lowest; the epoch was asked for": 3.1,
        "the loss falls on after this epoch": 2,
    },
)


@exercise(
    notebook="06",
    title="A split that can be repeated",
    question="""\
Split the indices `0 ... n_samples - 1` at random into training and validation, `n_val` of
them for validation. Return the pair `(train, val)`. The same seed must give the same split
again, another seed another one.""",
    difficulty=1,
    minutes=5,
    hints=[
        "Shuffle all indices once, then cut the result in two.",
        "torch.randperm(n_samples, generator=...) shuffles.",
        "torch.Generator().manual_seed(seed) makes a generator that begins the same way every "
        "time.",
    ],
    cases=lambda: [(11, 2, 0), (20, 6, 7), (50, 10, 123)],
    probe=about_the_split,
    wrong={
        "the same seed gave two different splits: hand the seeded generator to randperm": {
            ", generator=generator": ""
        },
        "every seed gives the same split: is a number built in where seed should be?": {
            "manual_seed(seed)": "manual_seed(0)"
        },
        "nothing was shuffled: the last samples may differ from the others": {
            "torch.randperm(n_samples, generator=generator)": "torch.arange(n_samples)"
        },
        "the validation samples are also in the training part: cut them off": {
            "shuffled[:-n_val], ": "shuffled, "
        },
        "the parts have changed places: (train, val)": {
            "shuffled[:-n_val], shuffled[-n_val:]": "shuffled[-n_val:], shuffled[:-n_val]"
        },
        "the parts were shuffled separately: some samples are in both, some in neither": {
            "shuffled[-n_val:]": "torch.randperm(n_samples, generator=generator)[-n_val:]"
        },
        "samples are drawn again and again: randint is no shuffling, randperm is": {
            "torch.randperm(n_samples, generator=generator)": (
                "torch.randint(n_samples, (n_samples,), generator=generator)"
            )
        },
        "a fixed share is built in: n_val says how many validation samples there are": {
            "shuffled[:-n_val], shuffled[-n_val:]": (
                "shuffled[: -int(0.4 * n_samples)], shuffled[-int(0.4 * n_samples) :]"
            )
        },
        "the validation part begins too early: the last n_val are shuffled[-n_val:]": {
            "shuffled[-n_val:]": "shuffled[n_val:]"
        },
        "a sample is lost between the two parts": {"shuffled[:-n_val]": "shuffled[: -n_val - 1]"},
    },
)
def reproducible_split(n_samples, n_val, seed):
    generator = torch.Generator().manual_seed(seed)
    shuffled = torch.randperm(n_samples, generator=generator)
    return shuffled[:-n_val], shuffled[-n_val:]


PREPARED = "(t_train - mean) / std, (t_val - mean) / std"


@exercise(
    notebook="06",
    title="Standardise without a leak",
    question="""\
Standardise the readings of both parts of a split, without letting anything of the validation
part reach the training. Return the pair of prepared readings, training first.""",
    difficulty=1,
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
    wrong={
        "the mean and std are those of all readings: the validation part has leaked in": {
            "t_train.mean(), t_train.std()": (
                "torch.cat([t_train, t_val]).mean(), torch.cat([t_train, t_val]).std()"
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
        "your std divides by n; the series, like t.std(), divides by n - 1": {
            "t_train.std()": "t_train.std(correction=0)"
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
    question="""\
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
        COPIED: {"return epoch, path[epoch - 1]": "return 578, torch.tensor([4.326, -11.533])"},
    },
)
def early_stopping(val_losses, path):
    epoch = val_losses.argmin().item() + 1
    return epoch, path[epoch - 1]
