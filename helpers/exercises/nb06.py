"""The exercises of 06 Overfitting."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch

from ..judge import CLUE, CORRECT, Choices, Parts, Value, exercise
from ..judge.compare import SEVERAL, listed, plain
from .probes import about_the_split

recall_06 = Parts(
    name="recall_06",
    notebook="06",
    title="Recall",
    text="Two questions on lesson 05, one on lesson 03, from memory.",
    minutes=3,
    hints=[
        "a: the noise comes from the differences between batches, times the rate.",
        "b: gradients add up until somebody clears them.",
        "c: what does the wall part from what?",
    ],
    parts={
        "a": Choices(
            text="Minibatches, a constant learning rate: the loss jumps up and down near the "
            "floor and does not come to rest. Which change lets it settle, if one line "
            "does not fit all batches?",
            options={
                "more epochs at the same rate": (
                    "the jumps are as large in the last epoch as in the hundredth: their size "
                    "goes with the rate"
                ),
                "a rate that falls in the course of training": CORRECT,
                "another shuffle seed": "another order gives other jumps of the same size",
            },
        ),
        "b": Choices(
            text="A new optimizer is made for `params`, the loss is sent backward, and "
            "`optimizer.step()` is called. What is missing before the next `backward()`, "
            "if each step is to follow its own gradient?",
            options={
                "`optimizer.zero_grad()`": CORRECT,
                "a second `optimizer.step()`": "that would take the same step once more",
                "nothing": "the next backward() would add its gradient to this one",
            },
        ),
        "c": Choices(
            text="The wall of some readings is at 0.04. A run at 0.05 grows without "
            "limit. What happens at 0.03?",
            options={
                "it diverges too, only later": (
                    "below the wall every part of the error shrinks in each epoch"
                ),
                "it converges": CORRECT,
                "that depends on the start": (
                    "below the wall a line's run converges from every start"
                ),
            },
        ),
    },
)


ORDER = (3, 0, 4, 1, 2)


def _in_the_order(places: range, what: str) -> Callable[[Any], str]:
    """Says of an index that does not belong where it stands in the order."""

    def explain(answer: Any) -> str:
        answer = listed(answer)
        if not isinstance(answer, SEVERAL):
            return ""
        came = [plain(each) for each in answer]
        if len({*came}) < len(came):
            return "an index comes twice: each of the five is in one of the lists, once"
        foreign = [each for each in came if each not in ORDER]
        if foreign:
            return f"{foreign[0]} is no index: the five readings have 0 to 4"
        wrong = [i for i in came if ORDER.index(i) not in places]
        if not wrong:
            return ""
        return f"index {wrong[0]} stands at place {ORDER.index(wrong[0]) + 1} of the order, {what}"

    return explain


two_lists = Parts(
    name="two_lists",
    notebook="06",
    title="Two lists of indices",
    text="""\
Five readings, and `randperm` gave the order 3, 0, 4, 1, 2. Cut it as `split_indices` does, with two
readings for validation: which indices are in the two lists?""",
    hints=[
        "The validation part is cut off at the end of the shuffled list.",
        "shuffled[-2:] are its last two entries, shuffled[:-2] are all before them.",
        "Three indices for training, two for validation: each of the five is in one of the lists.",
    ],
    parts={
        "train": Value(
            reference={0, 3, 4},
            explain=_in_the_order(range(3), "among the last two"),
            wrong={
                "these are places in the list: asked is what stands there": {0, 1, 2},
                "each is one too high: indices count from 0": {1, 4, 5},
            },
        ),
        "val": Value(
            reference={1, 2},
            explain=_in_the_order(range(3, 5), "not among the last two"),
            wrong={
                "indices are asked for, not places counted from 1": {4, 5},
                "each is one too high: indices count from 0": {2, 3},
                "these are places in the list: asked is what stands there": {3, 4},
            },
        ),
    },
    wrong={
        "the validation part is cut off at the end, not at the beginning": {
            "train": {4, 1, 2},
            "val": {3, 0},
        },
        "the list was not shuffled in your split: cut the order 3, 0, 4, 1, 2": {
            "train": {0, 1, 2},
            "val": {3, 4},
        },
        "two readings are for validation, three for training": {"train": {3, 0}, "val": {4, 1, 2}},
        "the two lists have changed places": {"train": {1, 2}, "val": {3, 0, 4}},
    },
)


def _epoch(answer: Any) -> str:
    if not isinstance(answer, int | float):
        return ""
    if answer in (3.3, 3.5, 4.0):
        return "this is a loss, and not the lowest; the epoch was asked for"
    return "there are six epochs, 1 to 6: at which of them is the loss lowest?"


stop_at = Value(
    name="stop_at",
    notebook="06",
    title="Where to stop",
    text="""\
A run has left these validation losses, epoch 1 first: 9.0, 4.0, 3.1, 3.3, 2.8, 3.5. The
parameters of which epoch does early stopping keep?""",
    hints=[
        "Early stopping keeps the epoch with the lowest validation loss of all.",
        "A loss may rise for an epoch and fall again.",
        "The lowest is 2.8. Count from 1.",
    ],
    reference=5,
    explain=_epoch,
    wrong={
        "epochs count from 1, indices from 0": 4,
        "the loss rises for an epoch and falls again: look at all of them": 3,
        "this is the last epoch": 6,
        "this is the highest loss; the epoch with the lowest was asked for": 9.0,
        "no loss is measured at 0: epochs count from 1": 0,
        "there are six epochs only: count from 1": 7,
        "this is the loss; the epoch was asked for": 2.8,
        "this is the epoch with the highest loss": 1,
        "this is a loss, and not the lowest; the epoch was asked for": 3.1,
        "the loss falls on after this epoch": 2,
    },
)


def _how_many(several: int | str) -> str:
    return {1: "one sample is"}.get(several, f"{several} samples are")


def _split_state(seen: Any, n_samples: int, n_val: int, seed: int) -> Iterator[str]:
    """What is wrong with a split, told of the first thing that is."""
    if not isinstance(seen, Mapping):
        return
    train, val = seen["training samples"], seen["validation samples"]
    both, neither = seen[CLUE + "in both"], seen[CLUE + "in neither"]
    if seen[CLUE + "no sample"]:
        yield "an index is there that no sample has: they run from 0 to n_samples - 1"
    if val == n_samples - n_val and train == n_val:
        yield "the parts have changed places: (train, val)"
    if seen[CLUE + "a part holds a sample twice"]:
        yield "the training part holds a sample twice: shuffle all of them once, then cut"
    if (train, val) != (n_samples - n_val, n_val) and not both:
        yield f"the parts have {train} and {val} samples: n_samples and n_val ask for others"
        if not neither:
            yield "each sample is in one part, but n_val of them belong to the validation part"
    if both and neither:
        yield "some samples are in both parts, others in neither: cut both from one shuffled list"
    elif both and both == val == n_val:
        yield "the validation samples are also in the training part: cut them off"
    elif both:
        where = "where does one part end, and where does the other begin?"
        yield f"{_how_many(both)} in both parts: {where}"
        yield f"samples are in both parts: {where}"
    elif neither:
        yield f"{_how_many(neither)} in neither part: each belongs to one of them"
        yield "samples are in neither part: each belongs to one of them"
    if not seen["the same seed gives the same split"]:
        yield "the same seed gave two different splits: what draws has to be seeded before it does"
    if not seen["other seeds give other splits"]:
        yield "other seeds give the same validation part: where does seed go in?"


@exercise(
    notebook="06",
    title="A split that can be repeated",
    text="""\
Split the indices `0 ... n_samples - 1` at random into training and validation, `n_val` of
them for validation. Return the pair `(train, val)`. The same seed must give the same split
again, another seed another one.""",
    minutes=5,
    hints=[
        "Shuffle all indices once, then cut the result in two.",
        "torch.randperm(n_samples, generator=...) shuffles.",
        "torch.Generator().manual_seed(seed) makes a generator that begins the same way every "
        "time.",
    ],
    cases=lambda: [(11, 2, 0), (20, 6, 7), (50, 10, 123)],
    probe=about_the_split,
    slips=_split_state,
    wrong={
        "the same seed gave two different splits: what draws has to be seeded before it does": {
            ", generator=generator": ""
        },
        "every seed gives the same split: is a number built in where seed should be?": {
            "manual_seed(seed)": "manual_seed(0)"
        },
        "the 11 of the thermometer is built in: shuffle as many as n_samples says": {
            "randperm(n_samples": "randperm(11"
        },
        "nothing was shuffled: the last samples may differ from the others": {
            "torch.randperm(n_samples, generator=generator)": "torch.arange(n_samples)"
        },
        "the validation part is the same for each seed: cut both parts from the shuffled list": {
            "shuffled[:-n_val], shuffled[-n_val:]": (
                "torch.randperm(n_samples - n_val, generator=generator), "
                "torch.arange(n_samples - n_val, n_samples)"
            )
        },
        "the validation samples are also in the training part: cut them off": {
            "shuffled[:-n_val], ": "shuffled, "
        },
        "the parts have changed places: (train, val)": {
            "shuffled[:-n_val], shuffled[-n_val:]": "shuffled[-n_val:], shuffled[:-n_val]"
        },
        "some samples are in both parts, others in neither: cut both from one shuffled list": {
            "shuffled[-n_val:]": "torch.randperm(n_samples, generator=generator)[-n_val:]"
        },
        "samples are drawn again and again, others never: shuffle all of them once (randperm)": {
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
        "one sample is in neither part: each belongs to one of them": {
            "shuffled[:-n_val]": "shuffled[: -n_val - 1]"
        },
    },
)
def reproducible_split(n_samples, n_val, seed):
    generator = torch.Generator().manual_seed(seed)
    shuffled = torch.randperm(n_samples, generator=generator)
    return shuffled[:-n_val], shuffled[-n_val:]
