"""The exercises of 05 Optimizers."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from ..judge import CORRECT, Choices, Order, Parts, Value, exercise, numbers
from .slips import joined, named


def _side(answer: Any) -> str:
    if not isinstance(answer, int | float):
        return ""
    if answer > 0.25:
        return "a little below your value it does not converge either: the wall is lower"
    return "a little above your value it still converges: the wall is higher"


recall_05 = Parts(
    name="recall_05",
    notebook="05",
    title="Recall",
    text="Two questions on lesson 04, one on lesson 03, from memory.",
    minutes=3,
    hints=[
        "a: which of the three leaves the parameters where they are?",
        "b: backward adds to what is in .grad.",
        "c: 2 over the largest eigenvalue.",
    ],
    parts={
        "a": Choices(
            text="A training loop runs without an error, and its loss is the same number in "
            "each epoch. Which cause fits?",
            options={
                "what the update changes is not what the model uses": CORRECT,
                "the learning rate is too large": "then the loss would grow without limit, or jump",
                "the gradients are never cleared": (
                    "then the steps would be too long and the loss would swing; here there are none"
                ),
            },
        ),
        "b": Value(
            text="`backward()` ran twice from the same place and nothing was cleared. One pass "
            "gives a gradient of 3. What does `.grad` hold? (A number.)",
            reference=6,
            way="grad = 2 * 3",
            otherwise="begin with .grad empty: what is in it after the first pass, what does the "
            "second do to it?",
            wrong={
                "this is one pass: the second is added to it": 3,
                "nobody cleared it: backward adds to what is there": 0,
                "gradients add up, they are not multiplied": 9,
                "gradients add up, there is no mean": 1.5,
                "twice in all: the second pass adds 3 to the 3 of the first": 12,
                "the minus comes with the update: backward only adds": -6,
            },
        ),
        "c": Value(
            text="The Hessian of a bowl has the eigenvalues 0.5 and 8. Up to which learning "
            "rate does plain gradient descent converge? (A number.)",
            reference=0.25,
            way="rate = 2 / 8",
            explain=_side,
            wrong={
                "you took the smaller eigenvalue: the steep part runs away first": 4,
                "this is half of it: 2, not 1, over the largest eigenvalue": 0.125,
                "this is the best rate; the wall is a little higher": 0.23529411764705882,
                "this is the best rate, rounded; the wall is a little higher": 0.235,
                "this is the 2 alone: divide it by the largest eigenvalue": 2,
                "this is the eigenvalue itself: the wall is at 2 over it": 8,
                "this is the condition number: the wall is at 2 over the largest eigenvalue": 16,
                "the largest alone decides, not the difference": 2 / 7.5,
                "this is the smaller eigenvalue: the wall is at 2 over the larger": 0.5,
            },
        ),
    },
)

loop_order = Order(
    name="loop_order",
    notebook="05",
    title="Five lines in order",
    text="""\
The lines of one epoch have been shuffled:

```python
    optimizer.step()               # A
    loss = mse(t_p, t_c)           # B
    loss.backward()                # C
    t_p = linear(t_u, *params)     # D
    optimizer.zero_grad()          # E
```

Put them in order, with `zero_grad` directly before `backward`. Answer with five letters in quotes,
such as "ABCDE".""",
    hints=[
        "Begin with the line that needs none of the others.",
        "A loss needs predictions, a gradient needs a loss, a step needs a gradient.",
        "First D, last A.",
    ],
    reference="DBECA",
    wrong={
        "this order works, too; asked is the one with zero_grad directly before backward": "EDBCA",
        "this works, too, with zero_grad between predictions and loss; asked is the one with "
        "zero_grad directly before backward": "DEBCA",
        "this works, too: it clears at the end for the next epoch; asked is the one with zero_grad "
        "directly before backward": "DBCAE",
        "zero_grad stands between backward and step: the step finds no gradient": "DBCEA",
        "step comes before backward: it would use the gradient of the epoch before": "AC",
        "a loss needs predictions: D before B": "BD",
        "backward needs the loss: B before C": "CB",
    },
)


def _directions(came: Any, params: Tensor, gradient: Tensor, rate: float) -> Iterator[str]:
    """Slips in a step by direction alone."""
    sign = gradient.sign()
    one = {
        "one sign goes for all: each parameter has that of its own slope": gradient.sum().sign(),
        "one sign goes for all, that of the first slope": sign[0],
        "this divides by the sum of the slopes: each by its own size": gradient / gradient.sum(),
        "this divides by the mean of the slopes: each by its own size": gradient / gradient.mean(),
        "the slope is squared: its sign is lost, its size is not": gradient**2,
        "this divides the size by the slope squared: small slopes make long steps": 1 / gradient,
        "this multiplies slope and size: the size should go": gradient * gradient.abs(),
        "this divides by the smallest slope: each by its own size": (
            gradient / gradient.abs().min()
        ),
        "the root of the size is left: the size should go": gradient / gradient.abs().sqrt(),
        "the slopes are standardised: each should keep its own sign, and only that": (
            (gradient - gradient.mean()) / gradient.std()
        ),
        "the sign is doubled: the step has the length of the rate": 2 * sign,
        "the sign is halved: the step has the length of the rate": sign / 2,
    }
    table = {"": params - rate * sign}
    for words, direction in one.items():
        table[words] = params - rate * direction
        table[joined(words, "it leads uphill: subtract")] = params + rate * direction
    table |= {
        "the rate multiplies the parameters here: it belongs to the step": rate * params - sign,
        "the parameters are multiplied by the sign: subtract the step from them": (
            params * sign * rate
        ),
        "the whole is multiplied by the sign: it belongs to the step alone": (
            (params - rate) * sign
        ),
        "the parameters are multiplied as well: subtract rate times sign": (
            params * (1 - rate * sign)
        ),
        "only the signs of the parameters are left: subtract from the parameters themselves": (
            params.sign() - rate * sign
        ),
        "the sign is that of the whole difference: it is the slope that has one": (
            (params - rate * gradient).sign()
        ),
        "the rate is divided by the slope with its sign: a large slope makes a short step": (
            params - rate / gradient
        ),
        "this is the sign of each slope: subtract the rate times it from params": sign,
        "this is the new size of the slopes, not the parameters": gradient.abs(),
    }
    yield from named(came, table)


def _lengths(came: Any, params: Tensor, gradient: Tensor, rate: float) -> Iterator[str]:
    new = numbers(came)
    if new is None or new.shape != params.shape:
        return
    steps = (new - params).abs()
    if torch.allclose(steps, torch.full_like(steps, rate)):
        yield "each step has the right length, and not each leads downhill: by its own slope's sign"
    elif torch.allclose(steps, steps[0]):
        yield "all parameters move by the same length, and it is not learning_rate"
    else:
        yield "not each parameter moves by learning_rate: how far does each of them go?"
    yield "some parameter does not move by learning_rate, downhill along its own slope"


@exercise(
    notebook="05",
    title="A step by direction alone",
    text="""\
Return the new `params` after a step downhill in which each parameter moves by exactly
`learning_rate`, whatever the size of its slope in `gradient`. No slope is zero here.""",
    hints=[
        "For each parameter the step is the rate, with the sign of its slope.",
        "gradient / gradient.abs() is 1 or -1 for each parameter.",
        "As in gradient descent, with that in place of the gradient.",
    ],
    cases=lambda: [
        (torch.tensor([1.0, 0.0]), torch.tensor([4517.3, 82.6]), 0.1),
        (torch.tensor([2.0, -1.0, 3.0]), torch.tensor([-0.5, 20.0, -3.0]), 0.5),
        (torch.tensor([0.3, 7.0]), torch.tensor([0.02, -900.0]), 2.0),
    ],
    slips=_directions,
    otherwise=_lengths,
    wrong={
        "this is plain gradient descent: divide each slope by its size": {
            "gradient / gradient.abs()": "gradient"
        },
        "you stepped uphill: subtract": {"params - learning": "params + learning"},
        "the learning rate is missing: it is the length of the step": {
            "learning_rate * gradient / gradient.abs()": "gradient / gradient.abs()"
        },
        "you divided by the length of the whole gradient: each slope by its own size": {
            "gradient.abs()": "gradient.norm()"
        },
        "you divided by the largest slope: each slope by its own size": {
            "gradient.abs()": "gradient.abs().max()"
        },
        "all parameters went the same way: the sign of the slope got lost": {
            "learning_rate * gradient / gradient.abs()": "learning_rate"
        },
        "this is the step alone: subtract it from params": {
            "params - learning_rate * gradient / gradient.abs()": (
                "learning_rate * gradient / gradient.abs()"
            )
        },
        "you divided by the square: a larger slope now makes a shorter step": {
            "gradient.abs()": "gradient**2"
        },
        "this is the size of the slope: asked is its direction": {
            "gradient / gradient.abs()": "gradient.abs()"
        },
        "you divided by the sum of all slopes: each slope by its own size": {
            "gradient.abs()": "gradient.abs().sum()"
        },
        "you divided by the mean of all slopes: each slope by its own size": {
            "gradient.abs()": "gradient.abs().mean()"
        },
        "this is the sign of the parameter: that of its slope counts": {
            "gradient / gradient.abs()": "params.sign()"
        },
        "where the slope is negative nothing moves: the direction is -1 there": {
            "gradient / gradient.abs()": "(gradient > 0)"
        },
        "clamped: a small slope still makes a small step": {
            "gradient / gradient.abs()": "gradient.clamp(-1, 1)"
        },
    },
)
def first_step(params, gradient, learning_rate):
    return params - learning_rate * gradient / gradient.abs()


updates_made = Value(
    name="updates_made",
    notebook="05",
    title="How many updates?",
    text="""\
A loader cuts the eleven readings into batches of four. How many updates do 30 epochs make?""",
    hints=[
        "Look at the two epochs printed above: how many batches has each?",
        "Batches of 4, 4 and 3.",
        "Three updates an epoch, for 30 epochs.",
    ],
    reference=90,
    way="""\
batches_in_an_epoch = 3
updates = 30 * batches_in_an_epoch""",
    otherwise="how many batches has one epoch, the last, smaller one with them?",
    wrong={
        "each of the three batches is one update, however many readings are in it": 33,
        "four is the size of a batch: it is no number of batches": 44,
        "the last, smaller batch is an update as well: three an epoch": 75,
        "eleven is not 2.75 batches: the last, smaller batch counts as a whole update": 82.5,
        "you left out the last batch of three: it is smaller, and still an update": 60,
        "one update an epoch is the full batch": 30,
        "these are the updates of a single epoch": 3,
        "these are the full batches of a single epoch": 2,
        "this is a single epoch, and an update is whole": 2.75,
        "round up in each epoch: a batch does not go on into the next": 83,
        "round up, not down, and in each epoch: a batch does not go on into the next": 82,
        "one update for each reading is batch size 1": 330,
        "four is the size of a batch, not the number of batches": 120,
    },
)
