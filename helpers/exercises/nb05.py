"""The exercises of 05 Optimizers."""

import torch

from ..judge import COPIED, Exercise, exercise
from ..losses import mse
from ..models import linear
from .cases import adam, random, sgd, sgd_with_momentum, thermometers
from .probes import training_run

recall_05 = Exercise(
    "recall_05",
    notebook="05",
    title="Recall",
    question="""\
Two questions on lesson 04, one on lesson 03, from memory.

**a.** A training loop runs without an error, and its loss is the same number in each epoch. Which
cause fits?

- `"A"`: what the update changes is not what the model uses
- `"B"`: the learning rate is too large
- `"C"`: the gradients are never cleared

**b.** `backward()` ran twice from the same place and nothing was cleared. One pass gives a gradient
of 3. What does `.grad` hold? (A number.)

**c.** The Hessian of a bowl has the eigenvalues 0.5 and 8. Up to which learning rate does plain
gradient descent converge? (A number.)""",
    difficulty=1,
    minutes=3,
    hints=[
        "a: which of the three leaves the parameters where they are?",
        "b: backward adds to what is in .grad.",
        "c: 2 over the largest eigenvalue.",
    ],
    reference={"a": "A", "b": 6, "c": 0.25},
    wrong={
        "a: then the loss would grow without limit, or jump": {"a": "B"},
        "a: then the steps would be too long and the loss would swing; here there are none": {
            "a": "C"
        },
        "b: this is one pass: the second is added to it": {"b": 3},
        "b: nobody cleared it: backward adds to what is there": {"b": 0},
        "c: you took the smaller eigenvalue: the steep part runs away first": {"c": 4},
        "c: this is half of it: 2, not 1, over the largest eigenvalue": {"c": 0.125},
        "c: this is the best rate; the wall is a little higher": {"c": 2 / 8.5},
        "c: this is the eigenvalue itself: the wall is at 2 over it": {"c": 8},
    },
    stub="""\
recall_05 = {
    "a": ...,
    "b": ...,
    "c": ...,
}""",
)

loop_order = Exercise(
    "loop_order",
    notebook="05",
    title="Five lines in order",
    question="""\
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
    difficulty=1,
    minutes=2,
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
        "step comes before backward: it would use the gradient of the epoch before": "DBEAC",
        "a loss needs predictions: D before B": "BDECA",
        "backward needs the loss: B before C": "DECBA",
    },
)

updates_made = Exercise(
    "updates_made",
    notebook="05",
    title="How many updates?",
    question="""\
A loader cuts the eleven readings into batches of four. How many updates do 30 epochs make?""",
    difficulty=1,
    minutes=2,
    hints=[
        "Look at the two epochs printed above: how many batches has each?",
        "Batches of 4, 4 and 3.",
        "Three updates an epoch, for 30 epochs.",
    ],
    reference=90,
    wrong={
        "eleven is not 2.75 batches: the last, smaller batch counts as a whole update": 82.5,
        "you left out the last batch of three: it is smaller, and still an update": 60,
        "one update an epoch is the full batch": 30,
        "one update for each reading is batch size 1": 330,
        "four is the size of a batch, not the number of batches": 120,
    },
)


@exercise(
    notebook="05",
    title="A step by direction alone",
    question="""\
Return the new `params` after a step downhill in which each parameter moves by exactly
`learning_rate`, whatever the size of its slope in `gradient`. No slope is zero here.""",
    difficulty=1,
    minutes=2,
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
    },
)
def first_step(params, gradient, learning_rate):
    return params - learning_rate * gradient / gradient.abs()


@exercise(
    notebook="05",
    title="A training loop with an optimizer",
    question="""\
Write the training loop from memory: `n_epochs` full batches for the line `linear` and the
loss `mse`, any `optimizer` (which holds `params`). Return the losses, each measured before
that epoch's update.""",
    difficulty=2,
    minutes=10,
    hints=[
        "Five things happen in each epoch: predict and compare, clear, backward, step, note the "
        "loss.",
        "zero_grad() may stand anywhere after step() and before the next backward().",
        "Note the number loss.item(); the tensor would keep its graph alive.",
    ],
    cases=lambda: [
        (n_epochs, optimizer, [1.0, 0.0], *data)
        for n_epochs, optimizer, data in zip(
            (4, 6, 5), (sgd, sgd_with_momentum, adam), thermometers(), strict=True
        )
    ],
    probe=training_run,
    wrong={
        "gradients add up from epoch to epoch: zero_grad() has to run in each of them": {
            "        optimizer.zero_grad()\n": ""
        },
        "zero_grad() comes between backward() and step(), so step() finds no gradient": {
            "        optimizer.zero_grad()\n": "",
            "optimizer.step()": "optimizer.zero_grad()\n        optimizer.step()",
        },
        "params never moves, although backward() runs: is step() missing?": {
            "        optimizer.step()\n": "        params.grad.sum()\n"
        },
        "params never moves, and no backward pass reached it: is backward() missing, or did you "
        "make other params?": {"        loss.backward()\n": ""},
        "step() runs twice in each epoch": {"step()\n": "step()\n        optimizer.step()\n"},
        "return stands inside the loop, which ends after one epoch: move it to the left": {
            "    return": "        return"
        },
        "the parameters came back: collect the losses": {"torch.tensor(losses)": "params.detach()"},
        "params goes in as one tensor: the star hands over its numbers one by one": {
            "*params": "params"
        },
        "the tensor is needed for backward(): take the number from it afterwards": {
            "t_c)\n": "t_c).item()\n"
        },
        "the predictions are those of the start: compute them again in each epoch": {
            "    losses = []": "    losses, t_p = [], linear(t_u, *params)",
            "mse(linear(t_u, *params), t_c)": "mse(t_p, t_c)",
        },
        "your losses are those after the updates: measure the loss before step()": {
            "loss.item()": "mse(linear(t_u, *params), t_c).item()"
        },
        "one epoch is missing: range(1, n) ends before n": {
            "range(n_epochs)": "range(1, n_epochs)"
        },
        "there is one epoch too many": {"range(n_epochs)": "range(n_epochs + 1)"},
        "only the last loss came back: collect them all": {"torch.tensor(losses)": "loss.item()"},
        "the numbers are right, but each loss still holds its graph: take loss.item()": {
            "loss.item()": "loss",
            "torch.tensor(losses)": "losses",
        },
        COPIED: {"torch.tensor(losses)": "[7.8601, 3.8285, 3.0922]"},
    },
)
def train(n_epochs, optimizer, params, t_u, t_c):
    losses = []
    for _ in range(n_epochs):
        loss = mse(linear(t_u, *params), t_c)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return torch.tensor(losses)


@exercise(
    notebook="05",
    title="Momentum by hand",
    question="""\
Write one step of SGD with momentum, as `torch.optim.SGD` takes it. Return the new `params`
and the new `velocity`, and leave the tensors that came in as they are.""",
    difficulty=1,
    minutes=5,
    hints=[
        "Two lines: first the velocity, then the parameters.",
        "The old velocity fades by the factor momentum; the gradient is added in full.",
        "The parameters follow the new velocity, times the learning rate.",
    ],
    cases=lambda: [
        (random(n, seed=n), random(n, seed=n + 1), random(n, seed=n + 2), rate, momentum)
        for n, rate, momentum in ((2, 0.1, 0.9), (2, 0.01, 0.5), (5, 0.3, 0.0))
    ],
    wrong={
        "you moved along the old velocity: update it first, then follow the new one": {
            "    velocity =": "    old, velocity = velocity,",
            "learning_rate * velocity": "learning_rate * old",
        },
        "you took a running mean: here the gradient is added in full, without (1 - momentum)": {
            "+ gradient": "+ (1 - momentum) * gradient"
        },
        "momentum belongs to the old velocity, not to the gradient": {
            "momentum * velocity + gradient": "velocity + momentum * gradient"
        },
        "the learning rate belongs to the step, not into the velocity": {
            "+ gradient": "+ learning_rate * gradient",
            "- learning_rate * velocity": "- velocity",
        },
        "this is other books' convention: in torch the rate is applied in the step, not before": {
            "+ gradient": "- learning_rate * gradient",
            "- learning_rate * velocity": "+ velocity",
        },
        "this is plain gradient descent: the velocity is not used in the step": {
            "learning_rate * velocity": "learning_rate * gradient"
        },
        "the step has the rate alone: times the velocity": {
            " * velocity\n    return": "\n    return"
        },
        "the learning rate is missing in the step": {"- learning_rate * velocity": "- velocity"},
        "the gradient is added to the velocity; downhill comes with the step": {
            "velocity + gradient": "velocity - gradient"
        },
        "momentum fades the old velocity, not the gradient": {
            "momentum * velocity + gradient": "momentum * (velocity + gradient)"
        },
        "momentum multiplies the old velocity, it is not added": {
            "momentum * velocity + gradient": "momentum + gradient"
        },
        "this is the step alone: subtract it from params": {"params - learning": "learning"},
        "the velocity collects gradients, not parameters": {"+ gradient": "+ params"},
        "you stepped uphill: subtract": {"params - learning": "params + learning"},
        "this is Nesterov's variant: follow the velocity alone": {
            "learning_rate * velocity": "learning_rate * (gradient + momentum * velocity)"
        },
        "the old velocity does not fade: multiply it by momentum": {
            "momentum * velocity": "velocity"
        },
        "params and velocity have changed places": {
            "return params, velocity": "return velocity, params"
        },
        "the velocity that came back is the old one: the next step needs the new one": {
            "    velocity =": "    old, velocity = velocity,",
            "return params, velocity": "return params, old",
        },
        "momentum = 0.9 is built in: use the argument": {"momentum *": "0.9 *"},
    },
)
def momentum_step(params, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + gradient
    params = params - learning_rate * velocity
    return params, velocity
