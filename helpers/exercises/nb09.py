"""The exercises of 09 When a loop does not learn."""

import torch

from ..judge import CORRECT, Choices, Parts, exercise
from ..models import linear
from .cases import random, thermometers
from .loops import repair_slips
from .probes import repaired
from .project_slips import trivial_bound, trivial_losses
from .slips import named

recall_09 = Parts(
    name="recall_09",
    notebook="09",
    title="Recall",
    text="Two questions on lesson 08, one on lesson 01, from memory.",
    minutes=3,
    hints=[
        "a: which of the losses speak of readings that the model has not seen?",
        "b: a column meets a row.",
        "c: what is left when no line does better?",
    ],
    parts={
        "a": Choices(
            text="A small network has less than half of the line's training loss, and about "
            "twice its leave-one-out loss; more than half of the excess comes from the "
            "two end readings. What may you conclude?",
            options={
                "the network is better, its training loss is lower": (
                    "the training loss says how closely it follows what it has seen, no more"
                ),
                "as trained here it does worse on readings held out, beyond the ends above "
                "all: keep the line": CORRECT,
                "networks do not work with eleven readings": (
                    "one network, one way to train it: that is no statement about all of them"
                ),
            },
        ),
        "b": Choices(
            text="A module predicts in shape (11, 1), the temperatures have shape (11,). What "
            "does `((t_p - t_c) ** 2).mean()` give?",
            options={
                "an error: the shapes do not fit": (
                    "that would be a help: broadcasting makes the shapes fit"
                ),
                "the loss: the same eleven numbers on both sides": (
                    "each prediction meets each temperature, not only its own"
                ),
                "a number from 121 differences, which is not the loss": CORRECT,
            },
        ),
        "c": Choices(
            text="The loss of a line has come to rest far above zero, at the value that least "
            "squares gives. What is wrong?",
            options={
                "the learning rate: it is too small": (
                    "no rate leads below the best line; a slow run would still be above it"
                ),
                "nothing: no line leaves less on these readings": CORRECT,
                "the number of epochs: it will reach zero if it runs long enough": (
                    "the best line is the lowest place, and its loss is not zero"
                ),
            },
        ),
    },
)


@exercise(
    notebook="09",
    title="What there is to beat",
    text="""\
A model that ignores the reading predicts one and the same temperature each time. `t_c` holds
the targets, shape (n,). Return the lowest mean squared error that such a model can have.""",
    hints=[
        "Which single number is, in the mean of the squares, closest to all targets?",
        "It is their mean. Then take the mean squared error, over n targets.",
        "Subtract the mean from each target, square, and take the mean of that.",
    ],
    cases=lambda: [(random(n, seed=n, low=5.0, high=30.0),) for n in (4, 9, 15)],
    slips=lambda came, t_c: named(came, trivial_losses(t_c)),
    otherwise=lambda came, t_c: trivial_bound(came, t_c, "this"),
    wrong={
        "this is the error of a model that always says 0: which number does better?": {
            "(t_c - t_c.mean())": "t_c"
        },
        "divided by n - 1: a mean squared error divides by n": {
            "((t_c - t_c.mean()) ** 2).mean()": "t_c.var()"
        },
        "this is the standard deviation, in degrees: the loss is in squared degrees": {
            "((t_c - t_c.mean()) ** 2).mean()": "((t_c - t_c.mean()) ** 2).mean().sqrt()"
        },
        "this is the standard deviation with n - 1: square it, and divide by n": {
            "((t_c - t_c.mean()) ** 2).mean()": "t_c.std()"
        },
        "no constant reaches 0; raw errors cancel out, so square each of them first": {
            "((t_c - t_c.mean()) ** 2).mean()": "(t_c - t_c.mean()).mean()"
        },
        "this is the number that the model says: how large is its loss?": {
            "((t_c - t_c.mean()) ** 2).mean()": "t_c.mean()"
        },
        "this is the squared mean: square the distances from the mean": {
            "((t_c - t_c.mean()) ** 2).mean()": "t_c.mean() ** 2"
        },
        "10.5 is the mean of *our* eleven: take that of the t_c handed over": {
            "t_c.mean())": "10.5)"
        },
        "this is the smallest of the squared errors: take their mean": {
            "((t_c - t_c.mean()) ** 2).mean()": "((t_c - t_c.mean()) ** 2).min()"
        },
        "the 11 of the thermometer is built in: divide by the number of targets that came": {
            "** 2).mean()": "** 2).sum() / 11"
        },
    },
)
def trivial_loss(t_c):
    return ((t_c - t_c.mean()) ** 2).mean()


missing_line = Parts(
    name="missing_line",
    notebook="09",
    title="The missing line of three loops",
    text="""\
The healthy loop ends with these three lines. In three other runs, one of them is missing.

```python
    optimizer.zero_grad()  # A
    loss.backward()        # B
    optimizer.step()       # C
```""",
    hints=[
        "Which line makes the gradient, which one uses it, which one clears it?",
        "Compare the losses with the healthy run: up to which epoch do they agree?",
        "A gradient that is there but does nothing is one that nobody uses.",
    ],
    parts={
        "a": Choices(
            text="The losses are 80.3643, 37.5749, 39.8714, 82.1540, ...: the first two as in "
            "the healthy run, then they wobble.",
            options={
                "line A is missing": CORRECT,
                "line B is missing": (
                    "without a gradient nothing would move; here the second loss is the right one"
                ),
                "line C is missing": "without an update all the losses would be equal",
            },
        ),
        "b": Choices(
            text="The loss is 80.3643 in each epoch, and `params.grad` is (-77.6140, -10.6400).",
            options={
                "line A is missing": "then the gradients would add up, and the loss would move",
                "line B is missing": (
                    "there *is* a gradient, so somebody computed it: nobody uses it"
                ),
                "line C is missing": CORRECT,
            },
        ),
        "c": Choices(
            text="The loss is 80.3643 in each epoch, and `params.grad` is `None`.",
            options={
                "line A is missing": "without it, backward() would still leave a gradient",
                "line B is missing": CORRECT,
                "line C is missing": (
                    "without it, backward() would still leave a gradient: here there is none"
                ),
            },
        ),
    },
)


@exercise(
    notebook="09",
    title="Three bugs",
    text="""\
This loop raises no error and learns nothing. Three lines are at fault. Repair it: it should
train the line by plain SGD, starting at (1, 0), and return the final parameters and the
losses.""",
    difficulty=3,
    minutes=15,
    hints=[
        "Go through the checklist: one symptom at a time, beginning with a loss that does not "
        "change.",
        "Which tensor does the optimizer hold? How often are the gradients cleared? Print the "
        "shapes.",
        "The second params = ..., the place of zero_grad(), and [:, None].",
    ],
    cases=lambda: [
        (n_epochs, rate, *data)
        for n_epochs, rate, data in zip((3, 5, 8), (0.01, 0.02, 0.01), thermometers(), strict=True)
    ],
    probe=repaired,
    slips=repair_slips,
    wrong={
        "the parameters never move: does the optimizer hold the tensor of the model, and does "
        "step() find a gradient (backward() before it, zero_grad() not between)?": {
            "lr=learning_rate)\n": (
                "lr=learning_rate)\n    params = torch.tensor([1.0, 0.0], requires_grad=True)\n"
            )
        },
        "one bug is left: gradients add up, zero_grad() has to run in each epoch": {
            "        optimizer.zero_grad()\n": "",
            "    losses = []": "    optimizer.zero_grad()\n    losses = []",
        },
        "one bug is left: every prediction is compared with every temperature": {
            "t_p - t_c": "t_p - t_c[:, None]"
        },
        "two bugs are left: gradients add up, and every prediction is compared with everything": {
            "        optimizer.zero_grad()\n": "",
            "t_p - t_c": "t_p - t_c[:, None]",
        },
        "two bugs are left: the parameters never move, and the shapes do not fit": {
            "lr=learning_rate)\n": (
                "lr=learning_rate)\n    params = torch.tensor([1.0, 0.0], requires_grad=True)\n"
            ),
            "t_p - t_c": "t_p - t_c[:, None]",
        },
        "your losses are those after the updates: measure the loss before step()": {
            "loss.item()": "((linear(t_u, *params) - t_c) ** 2).mean().item()"
        },
        "the other way round: first the parameters, then the losses": {
            "params.detach(), torch.tensor(losses)": "torch.tensor(losses), params.detach()"
        },
        "only the last loss came back: collect them all": {"torch.tensor(losses)": "loss.item()"},
        "the losses are missing: return them beside the parameters": {", torch.tensor(losses)": ""},
        "the learning rate 1e-2 is built in: use the argument": {"lr=learning_rate": "lr=1e-2"},
    },
    stub="""\
def three_bugs(n_epochs, learning_rate, t_u, t_c):
    params = torch.tensor([1.0, 0.0], requires_grad=True)
    optimizer = torch.optim.SGD([params], lr=learning_rate)
    params = torch.tensor([1.0, 0.0], requires_grad=True)
    optimizer.zero_grad()
    losses = []
    for _ in range(n_epochs):
        loss = ((linear(t_u, *params) - t_c[:, None]) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return params.detach(), torch.tensor(losses)""",
    moral="All three would have passed unnoticed: none of them raises an error.",
)
def three_bugs(n_epochs, learning_rate, t_u, t_c):
    params = torch.tensor([1.0, 0.0], requires_grad=True)
    optimizer = torch.optim.SGD([params], lr=learning_rate)
    losses = []
    for _ in range(n_epochs):
        t_p = linear(t_u, *params)
        loss = ((t_p - t_c) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return params.detach(), torch.tensor(losses)
