"""The exercises of 07 Switching autograd off."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import torch
from torch.optim.optimizer import register_optimizer_step_pre_hook

from ..judge import CLUE, CORRECT, Choices, Parts, Unusable, Value, exercise, numbers
from ..judge.compare import same


def _added_up(answer: Any) -> str:
    if not isinstance(answer, int | float):
        return ""
    more = "more" if answer > 13 else "less"
    return f"this is {more} than the three add up to: what was there, and what does each loss add?"


recall_07 = Parts(
    name="recall_07",
    notebook="07",
    title="Recall",
    text="Two questions on lesson 06, one on lesson 04, from memory.",
    minutes=3,
    hints=[
        "a: how much do two readings tell? Remember the straight line.",
        "b: which of the three was not used for a decision?",
        "c: backward adds.",
    ],
    parts={
        "a": Choices(
            text="The training loss falls, the validation loss rises from some epoch on. There "
            "are two validation readings. What may you conclude?",
            options={
                "the model is too rich for the data": (
                    "a straight line did the same on one split of 06; two readings do not tell"
                ),
                "nothing certain yet: other splits may say otherwise": CORRECT,
                "the learning rate is too large": "then the training loss would not fall steadily",
            },
        ),
        "b": Choices(
            text="You stop at the epoch where the validation loss was lowest. Which loss tells "
            "fairly how good the result is?",
            options={
                "the training loss at that epoch": "these readings the parameters were fitted to",
                "the validation loss at that epoch": (
                    "this one chose the epoch, so it is a little too good"
                ),
                "the loss on a third set that chose nothing": CORRECT,
            },
        ),
        "c": Value(
            text="`params` requires gradients, and its `.grad` holds 3. Two losses are sent "
            "backward one after the other; alone, each would give 5. What does `.grad` "
            "hold now? (A number.)",
            reference=13,
            way="""\
both_losses = 5 + 5
grad = 3 + both_losses""",
            explain=_added_up,
            wrong={
                "nobody cleared the 3: backward adds to what is there": 10,
                "backward does not overwrite, it adds": 5,
                "both losses add their 5": 8,
                "gradients add up, there is no mean": 6.5,
                "this is what was there before: both losses add to it": 3,
                "gradients add up, they are not multiplied": 25,
                "this is 3 times 5: backward adds": 15,
            },
        ),
    },
)


def _gradient_after(answer, values, slope):
    """The gradient that an update would find; `params` in an answer is the tensor of this try."""
    params = torch.tensor(values, requires_grad=True)
    passes = []
    params.register_post_accumulate_grad_hook(lambda leaf: passes.append(1))
    weights = slope * torch.arange(1.0, 1.0 + len(params))
    train_loss, val_loss = (params**2).sum(), (weights * params).sum()
    steps: list[Any] = []
    watch = register_optimizer_step_pre_hook(lambda *whose: steps.append(whose))
    try:
        with patch.dict(getattr(answer, "__globals__", {}), params=params):
            answer(train_loss, val_loss)
    finally:
        watch.remove()
    if steps:
        raise Unusable("an optimizer takes its step here: asked is what comes before the update")
    return {
        "params.grad": "empty" if params.grad is None else params.grad,
        "params is where it was": params.tolist() == values,
        CLUE + "something was sent backward": bool(passes),
    }


def _lost(seen: Any, values: list[float], slope: float) -> Iterator[str]:
    gradient = numbers(seen["params.grad"])
    if gradient is not None and not bool(gradient.any()):
        yield "the gradient is 0: the update still needs it, so it is not to be cleared here"


def _mixture(seen: Any, values: list[float], slope: float) -> Iterator[str]:
    """How the gradient is mixed from those of the two losses, where it is."""
    gradient = numbers(seen["params.grad"])
    if gradient is None or gradient.shape != (len(values),):
        return
    weights = slope * torch.arange(1.0, 1.0 + len(values))
    both = torch.stack([2 * torch.tensor(values), weights], dim=1)
    shares = torch.linalg.lstsq(both, gradient[:, None]).solution[:, 0]
    if not torch.allclose(both @ shares, gradient):
        yield "this gradient is no sum of those of the two losses: what else was sent backward?"
        return
    train, val = shares.tolist()
    if same(shares, torch.tensor([0.0, 1.0])):
        yield "here the validation loss was sent backward"
    yield (
        f"this is {train:.4g} times the gradient of the training loss and {val:.4g} times that of "
        "the validation loss"
    )
    if abs(val) > 1e-6:
        yield "the validation loss is in this gradient: the update would learn from it"
    else:
        yield "this is the gradient of the training loss, longer or shorter than it should be"


@exercise(
    notebook="07",
    title="Which loss goes backward?",
    text="""\
Both losses of an epoch are there, and `params.grad` is empty. Do what has to be done before the
update, and nothing that must not be done. Nothing is returned.""",
    hints=[
        "The update may know one of the two sets of readings only.",
        "Which of the two losses is measured, and not learned from?",
        "One call of backward().",
    ],
    cases=lambda: [([1.0, -2.0, 0.5], 3.0), ([0.5, 3.0, 2.0], -1.0), ([0.5, 0.0, 1.0], 4.0)],
    probe=_gradient_after,
    slips=_lost,
    otherwise=_mixture,
    wrong={
        "this is the sum of both gradients: the update would learn from the validation readings": {
            "train_loss.backward()": "train_loss.backward()\n    val_loss.backward()"
        },
        "this is the gradient of the validation loss: learn from the training readings": {
            "train_loss.backward()": "val_loss.backward()"
        },
        "params.grad is still empty: nothing was sent backward, or are the brackets missing?": {
            "train_loss.backward()": "train_loss.item()"
        },
        "this is the gradient of the mean of both: the validation loss is only measured": {
            "train_loss.backward()": "((train_loss + val_loss) / 2).backward()"
        },
        "this is the gradient of the difference: leave the validation loss out": {
            "train_loss.backward()": "(train_loss - val_loss).backward()"
        },
        "this is twice the gradient of the training loss: one call is enough": {
            "train_loss.backward()": "(2 * train_loss).backward()"
        },
        "there was a gradient and it is gone again: the update still needs it": {
            "train_loss.backward()": "train_loss.backward()\n    params.grad = None"
        },
        "this is the update already: asked is what comes before it": {
            "train_loss.backward()": "train_loss.backward()\n    params.data -= 0.1 * params.grad"
        },
        "this is uphill on the training loss": {
            "train_loss.backward()": "(-train_loss).backward()"
        },
    },
)
def learn_from(train_loss, val_loss):
    train_loss.backward()


in_the_block = Choices(
    name="in_the_block",
    notebook="07",
    title="Which lines belong in the block?",
    text="""\
The lines of one epoch. `params` is a leaf that requires gradients. Which lines belong inside
`torch.no_grad()`, because outside they fail or record what nobody needs? Name no others. Answer
with a set of letters, such as {"A", "B"}.""",
    hints=[
        "Which line changes a leaf in place? (Lesson 04.)",
        "Which forward pass is never followed by a backward pass?",
        "Two lines.",
    ],
    lines=True,
    options={
        "t_p = linear(t_un[train], *params)": "the training pass has to be recorded, or backward "
        "finds no graph",
        "loss = mse(t_p, t_c[train])": "this loss is sent backward, so it has to be recorded",
        "loss.backward()": "it walks through the graph of A and B, it records none",
        "params -= learning_rate * params.grad": "outside the block a leaf may not be changed in "
        "place",
        "params.grad = None": "it does no harm inside, but it need not be there: it records "
        "nothing",
        "val_loss = line_loss(t_un[val], t_c[val], params)": "a forward pass records a graph, and "
        "one of these graphs nobody uses",
        "val_losses.append(val_loss.item())": "it does no harm inside, but it need not be there: "
        "item() is a plain number already",
    },
    reference={"D", "F"},
    wrong={
        "E and G do no harm inside, but they need not be there: they record nothing": {*"DEFG"},
        "A and B have to be recorded, or backward finds no graph": {*"ABDF"},
        "then nothing would be learned: A and B have to be recorded": {*"ABCDEFG"},
        "without A and B recorded, C finds no graph: the block is for what is not learned from": {
            *"ABC"
        },
        "C needs its graph; look for a forward pass without backward, and for a leaf changed": {
            "C"
        },
        "A and B have to be recorded: backward needs their graph": {"A", "B"},
        "of these only F: D changes a leaf in place, E only clears": {"E", "F"},
        "of these only D: the validation graph is recorded in F, G only takes a number": {"D", "G"},
        "the graph is recorded in F, G only takes a number; and D fails outside": {"F", "G"},
        "D yes; E only clears, it records nothing; and there is a forward pass for nothing": {
            "D",
            "E",
        },
    },
)

may_call_backward = Parts(
    name="may_call_backward",
    notebook="07",
    title="Which of these losses may call backward?",
    text="""\
For each of the losses `a` to `f`: does `.backward()` run without an error? Answer `True` or
`False`, without running it.

```python
params = torch.tensor([1.0, 0.0], requires_grad=True)
a = mse(linear(t_u, *params), t_c)
with torch.no_grad():
    b = mse(linear(t_u, *params), t_c)
    fresh = torch.tensor([1.0, 0.0], requires_grad=True)
    with torch.enable_grad():
        c = mse(linear(t_u, *params), t_c)
d = mse(linear(t_u, *fresh), t_c)
e = a.detach()
f = mse(linear(t_u, *params.detach()), t_c)
```""",
    minutes=5,
    hints=[
        "A computed loss needs a graph: at least one operation was recorded, from a tensor with "
        "the flag.",
        "Two things to ask: was autograd on when the loss was computed, and did its inputs have "
        "the flag?",
        "The innermost block decides, and what is asked for by requires_grad=True gets the flag "
        "anywhere.",
    ],
    parts={
        "a": Value(
            reference=True,
            wrong={"this is the ordinary case: autograd is on and params has the flag": False},
        ),
        "b": Value(
            reference=False,
            wrong={"computed inside no_grad: nothing was recorded, it has no grad_fn": True},
        ),
        "c": Value(
            reference=True,
            wrong={"the innermost block counts, and that switches autograd on": False},
        ),
        "d": Value(
            reference=True,
            wrong={
                "fresh asked for gradients itself, which no_grad permits; d is computed "
                "outside": False
            },
        ),
        "e": Value(
            reference=False,
            wrong={"it is the number of a without its graph: detach cuts it off": True},
        ),
        "f": Value(
            reference=False,
            wrong={
                "the parameters are cut off before the loss is computed: nothing has the flag": True
            },
        ),
    },
)
