"""The exercises of 08 Swap the model."""

import torch

from ..judge import Exercise, exercise
from ..models import linear
from .cases import thermometers

swap_the_model = Exercise(
    "swap_the_model",
    notebook="08",
    title="The classic exercise",
    question="""\
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
    reference={
        "must_change": {"A", "D"},
        "should_change": {"B"},
        "lower_at_minimum": True,
        "lower_after_5000_epochs": False,
        "better": "cannot tell",
    },
    wrong={
        "a parabola has three parameters: line A starts only two": {"must_change": {"D"}},
        "the new model has to be called somewhere: look at line D": {"must_change": {"A"}},
        "line B stays legal: the program runs with it, well or not": {
            "must_change": {"A", "B", "D"}
        },
        "the loss sees predictions, not the model: line E can stay": {
            "must_change": {"A", "D", "E"}
        },
        "more epochs do not help a run that diverges: look for the step size": {
            "should_change": {"C"}
        },
        "at its minimum the parabola cannot be above the line, which is one of the parabolas": {
            "lower_at_minimum": False
        },
        "after 5000 epochs it is at 3.86, above the line's 2.93: SGD had not arrived": {
            "lower_after_5000_epochs": True
        },
        "a lower training loss does not make it better: compare the losses on held-out readings": {
            "better": "yes"
        },
        "do not claim that it overfits: on held-out readings it is as good as the line": {
            "better": "no"
        },
    },
    stub="""\
swap_the_model = {
    "must_change": ...,
    "should_change": ...,
    "lower_at_minimum": ...,
    "lower_after_5000_epochs": ...,
    "better": ...,
}""",
)


@exercise(
    notebook="08",
    title="Three bugs",
    question="""\
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
    wrong={
        "the parameters never move: does the optimizer hold the tensor of the model?": {
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
        "the loss is a sum now: the mean of the squares was right": {".mean()": ".sum()"},
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
        t_p = linear(t_u, *params)
        loss = ((t_p - t_c[:, None]) ** 2).mean()
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
