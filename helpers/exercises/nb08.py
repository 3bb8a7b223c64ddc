"""The exercises of 08 Swap the model."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from ..judge import CORRECT, Choices, Parts, Value, exercise, numbers
from ..judge.compare import same
from ..losses import mse
from ..models import linear, quadratic  # noqa: F401 (a named mistake calls linear)
from .cases import random, thermometers
from .loops import parabola_slips, parabola_state
from .probes import as_a_column

recall_08 = Parts(
    name="recall_08",
    notebook="08",
    title="Recall",
    text="Two questions on lesson 07, one on lesson 03, from memory.",
    minutes=3,
    hints=[
        "a: which losses are sent backward?",
        "b: what does a layer such as dropout need to know?",
        "c: the wall is at 2 over the largest curvature, and the curvature is made of squares.",
    ],
    parts={
        "a": Choices(
            text="In each epoch the validation loss is computed without `no_grad`, but "
            "`backward()` is called on the training loss only. What is different in the "
            "end?",
            options={
                "the parameters: the validation readings have been learned from": (
                    "a loss teaches only through backward(), and it was not called on this one"
                ),
                "nothing in the parameters; a graph was recorded that nobody needs": CORRECT,
                "the validation loss: it comes out higher": (
                    "recording changes no value: the loss is the same number"
                ),
            },
        ),
        "b": Choices(
            text="What does `model.eval()` do?",
            options={
                "it switches autograd off, as `no_grad` does": (
                    "it is another switch: gradients are recorded after eval() as before"
                ),
                "it computes the validation loss": (
                    "it computes nothing: it sets a mode in the layers"
                ),
                "it tells layers such as dropout that training is over; autograd goes on": CORRECT,
            },
        ),
        "c": Choices(
            text="A rate of 0.03 is just below the wall of the readings x0.1. For the same "
            "readings *not* scaled, ten times as large, the wall is about ...",
            options={
                "a hundred times lower": CORRECT,
                "ten times lower": "the curvature holds *squares* of the readings: ten times ten",
                "the same: the data are the same": (
                    "the wall depends on the numbers, and the unit is part of the numbers"
                ),
            },
        ),
    },
)


@exercise(
    notebook="08",
    title="The lines that change",
    text="""\
This loop trains the line. Make it train the parabola `quadratic`, starting at (1, 1, 0). As many
lines as you need, and no more.""",
    hints=[
        "Go down line by line: does this line know how many parameters there are, or which model "
        "they belong to?",
        "Two lines know it: the one that makes the start, and the one that predicts.",
        "The start has to hold three numbers, and the prediction has to call quadratic.",
    ],
    cases=lambda: [
        (n_epochs, rate, *data)
        for n_epochs, rate, data in zip((1, 4, 6), (1e-4, 2e-4, 5e-5), thermometers(), strict=True)
    ],
    slips=parabola_slips,
    otherwise=parabola_state,
    wrong={
        "this starts at (1, 0, 0): w1 begins at 1 too": {"[1.0, 1.0, 0.0]": "[1.0, 0.0, 0.0]"},
        "this starts at (0, 1, 0), the line among the parabolas: w2 begins at 1": {
            "[1.0, 1.0, 0.0]": "[0.0, 1.0, 0.0]"
        },
        "the parabola needs three numbers, the start still holds two": {
            "[1.0, 1.0, 0.0]": "[1.0, 0.0]"
        },
        "three numbers go to linear, which takes two: the prediction has to change as well": {
            "quadratic(t_u, *params)": "linear(t_u, *params)"
        },
        "params goes in as one tensor: the star hands over its three numbers one by one": {
            "quadratic(t_u, *params)": "quadratic(t_u, params)"
        },
        "w1 is added as it is: it multiplies the reading": {
            "quadratic(t_u, *params)": "params[0] * t_u**2 + params[1] + params[2]"
        },
        "this is the last loss: the parameters were asked for": {
            "return params.detach()": "return loss.detach()"
        },
        "the parameters stay at the start: does step() run, and does it find a gradient?": {
            "        optimizer.step()\n": ""
        },
        "zero_grad() is gone: gradients add up": {"        optimizer.zero_grad()\n": ""},
        "* 2 doubles, ** 2 squares": {
            "quadratic(t_u, *params)": "params[0] * t_u * 2 + params[1] * t_u + params[2]"
        },
    },
    stub="""\
def parabola_loop(n_epochs, learning_rate, t_u, t_c):
    params = torch.tensor([1.0, 0.0], requires_grad=True)
    optimizer = torch.optim.SGD([params], lr=learning_rate)
    for _ in range(n_epochs):
        t_p = linear(t_u, *params)
        loss = mse(t_p, t_c)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return params.detach()""",
)
def parabola_loop(n_epochs, learning_rate, t_u, t_c):
    params = torch.tensor([1.0, 1.0, 0.0], requires_grad=True)
    optimizer = torch.optim.SGD([params], lr=learning_rate)
    for _ in range(n_epochs):
        t_p = quadratic(t_u, *params)
        loss = mse(t_p, t_c)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return params.detach()


def _other_order(came: Any, t: Tensor) -> Iterator[str]:
    column = numbers(came)
    if column is not None and column.shape == (len(t), 1):
        if same(column.sort(dim=0).values, t.sort().values[:, None]):
            yield "the shape is right, the readings have changed their order"
        yield "the shape is right, the readings are not those that came: change the shape alone"


@exercise(
    notebook="08",
    title="The shape a module wants",
    text="""\
`t` holds n readings, shape (n,). Return them as n samples with one input each, for any n.""",
    hints=[
        "The samples come first, the inputs of each sample last: a column.",
        "Two sizes: the number of readings, and 1.",
        "t.reshape(len(t), 1), or t[:, None].",
    ],
    cases=lambda: [(random(n, seed=n),) for n in (3, 11, 1)],
    probe=as_a_column,
    otherwise=_other_order,
    wrong={
        "this is one sample with n inputs, a row: samples come first": {"t[:, None]": "t[None]"},
        "this still has one dimension (.T changes nothing in such a tensor)": {"t[:, None]": "t"},
        "this works for eleven readings only: take n from t": {"t[:, None]": "t.reshape(11, 1)"},
        "this has three dimensions: two are enough": {"t[:, None]": "t[:, None, None]"},
        "this repeats the readings as often as there are readings: one input a sample": {
            "t[:, None]": "t[:, None].expand(len(t), len(t))"
        },
        "these are the squares beside the readings, two inputs a sample: one was asked for": {
            "t[:, None]": "torch.stack([t**2, t], dim=1)"
        },
        "this holds each reading twice: one input a sample": {
            "t[:, None]": "torch.stack([t, t], dim=1)"
        },
        "this is the shape, not the readings in it": {"t[:, None]": "(len(t), 1)"},
        "the readings themselves have changed: only the shape should": {
            "t[:, None]": "((t - t.mean()) / 2.0)[:, None]"
        },
    },
)
def as_columns(t):
    return t[:, None]


swap_the_model = Parts(
    name="swap_the_model",
    notebook="08",
    title="The classic exercise",
    text="""\
Replace the line by the parabola `quadratic(t_u, w2, w1, b)` in this program, which trains on
the readings x0.1.

```python
params = torch.tensor([1.0, 0.0], requires_grad=True)  # A
optimizer = torch.optim.SGD([params], lr=1e-2)         # B
for epoch in range(5000):                              # C
    t_p = linear(t_un, *params)                        # D
    loss = mse(t_p, t_c)                               # E
    optimizer.zero_grad()                              # F
    loss.backward()                                    # G
    optimizer.step()                                   # H
```

- `must_change`: which lines, or the new program does not run at all? A set of letters, such as
  `{"F", "H"}`.
- `should_change`: which line must be adapted besides, or it runs and does not learn? Again a set.
- `lower_at_minimum`: is the loss of the best parabola lower than that of the best line? `True` or
  `False`.
- `lower_after_5000_epochs`: and that of the parabola after 5000 epochs of SGD at learning rate
  1e-4, compared with the best line? `True` or `False`.
- `better`: does the parabola convert *new* readings better, as far as our eleven can tell?
  `"yes"`, `"no"` or `"cannot tell"`.""",
    difficulty=2,
    minutes=10,
    hints=[
        "Which lines know how many parameters there are, and which know what the model looks like?",
        "A line is a parabola with w2 = 0. And a run need not have arrived at its minimum.",
        "Leave-one-out said one thing, the 55 pairs the other.",
    ],
    parts={
        "must_change": Choices(
            reference={"A", "D"},
            options={
                "line A": "a parabola has three parameters: line A starts only two",
                "line B": "it stays legal: the program runs with it, well or not",
                "line C": "it counts epochs and knows nothing of the model",
                "line D": "the new model has to be called somewhere: look at line D",
                "line E": "the loss sees predictions, not the model: this line can stay",
                "line F": "clearing is the same for each model",
                "line G": "the way backward is that of the graph, whichever model made it",
                "line H": "a step works on whatever the optimizer holds",
            },
        ),
        "should_change": Choices(
            reference={"B"},
            options={
                "line A": "without A nothing runs at all: asked is what has to be adapted besides",
                "line B": "with the old rate this program runs and does not learn",
                "line C": "more epochs do not help a run that diverges: look for the step size",
                "line D": "without D nothing runs at all: asked is what has to be adapted besides",
                "line E": "the loss is the same for each model",
                "line F": "clearing is the same for each model",
                "line G": "the way backward is that of the graph, whichever model made it",
                "line H": "a step works on whatever the optimizer holds: look for its size",
            },
        ),
        "lower_at_minimum": Value(
            reference=True,
            wrong={
                "the parabola cannot be above the line there, which is one of the parabolas": False
            },
        ),
        "lower_after_5000_epochs": Value(
            reference=False,
            wrong={"it is at 3.86, above the line's 2.93: SGD had not arrived": True},
        ),
        "better": Choices(
            keys=("yes", "no", "cannot tell"),
            options={
                "yes": "a lower training loss does not make it better: compare the losses on "
                "held-out readings",
                "no": "nor can they tell that it is not: on held-out readings it does as well as "
                "the line",
                "cannot tell": CORRECT,
            },
        ),
    },
)
