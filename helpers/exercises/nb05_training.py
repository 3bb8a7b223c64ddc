"""The exercises of 05 on a loop with an optimizer, and on momentum; the rest: nb05.py."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from ..judge import COPIED, exercise, numbers
from ..judge.compare import same
from ..losses import mse
from ..models import linear
from .cases import adam, random, sgd, sgd_with_momentum, thermometers
from .loops import training_slips
from .probes import training_run
from .slips import about, by_place, is_pair


@exercise(
    notebook="05",
    title="A training loop with an optimizer",
    text="""\
Write the training loop from memory: `n_epochs` full batches for the line `linear` and the
loss `mse`, any `optimizer` (which holds `params`). Return the losses as plain numbers, without
their graphs, each measured before that epoch's update.""",
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
    slips=training_slips,
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
        "the loop ends after one epoch: does return stand inside it?": {
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
        "the numbers are right, but asked are plain ones: each loss still holds its graph": {
            "loss.item()": "loss",
            "torch.tensor(losses)": "losses",
        },
        COPIED: {"torch.tensor(losses)": "[7.8601, 3.8285, 3.0922]"},
        "the loss is a sum here: mse takes the mean": {
            "mse(linear(t_u, *params), t_c)": "mse(linear(t_u, *params), t_c) * len(t_c)"
        },
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


def _momentum_slips(
    came: Any, params: Tensor, velocity: Tensor, gradient: Tensor, rate: float, momentum: float
) -> Iterator[str]:
    """Slips in a step with momentum, in the new parameters and in the new velocity."""
    if not is_pair(came):
        return
    kept = momentum * velocity
    new = kept + gradient
    velocities = {
        "": new,
        "the gradient is missing": kept,
        "the old velocity is missing": gradient,
        "the old velocity does not fade: multiply it by momentum": velocity + gradient,
        "this is the old velocity": velocity,
        "the gradient is subtracted": kept - gradient,
        "the gradient is weakened by 1 - momentum: here it is added in full": (
            kept + (1 - momentum) * gradient
        ),
        "the gradient is multiplied by the rate: that belongs to the step": kept + rate * gradient,
        "the step is subtracted here: that belongs to the parameters": kept - rate * gradient,
        "momentum multiplies the sum: it belongs to the old velocity": momentum * (kept + gradient),
        "momentum multiplies the gradient as well": momentum * (velocity + gradient),
        "momentum multiplies the gradient, not the old velocity": velocity + momentum * gradient,
        "rate and momentum have changed places": rate * velocity + gradient,
        "1 - momentum stands in the place of momentum": (1 - momentum) * velocity + gradient,
        "these are the new parameters": params - rate * new,
    }
    moves = {
        "": rate * new,
        "momentum comes once more in the step": rate * momentum * new,
        "momentum stands where the rate belongs": momentum * new,
        "the rate is squared": rate**2 * new,
        "the rate is missing in the step": new,
        "the step leads uphill: subtract": -rate * new,
        "the gradient is added to the step once more": rate * (new + gradient),
        "this is the step alone: subtract it from params": params - rate * new,
    }
    for what, direction in velocities.items():
        moves.setdefault(what, rate * direction)
    table = {words: params - move for words, move in moves.items()}
    table["the step starts from the velocity: it belongs to params"] = velocity - rate * new
    yield from by_place(came, about("the new params", table), about("the new velocity", velocities))


def _momentum_state(
    came: Any, params: Tensor, velocity: Tensor, gradient: Tensor, rate: float, momentum: float
) -> Iterator[str]:
    pair = numbers(came)
    if pair is None or pair.shape != (2, *params.shape):
        return
    new = momentum * velocity + gradient
    if not same(pair[1], new):
        if same(pair[0], params - rate * pair[1]):
            yield "the step follows your velocity, as it should; the velocity itself is not right"
        yield "begin with the velocity: what fades, and what is added to it?"
    elif not same(pair[0], params - rate * new):
        yield "the velocity is right; params have to follow the new velocity, times the rate"


@exercise(
    notebook="05",
    title="Momentum by hand",
    text="""\
Write one step of SGD with momentum, as `torch.optim.SGD` takes it. Return the new `params`
and the new `velocity`, and leave the tensors that came in as they are.""",
    minutes=5,
    hints=[
        "Two lines: first the velocity, then the parameters.",
        "The old velocity fades by the factor momentum; the gradient is added in full.",
        "The parameters follow the new velocity, times the learning rate.",
    ],
    cases=lambda: [
        (random(n, seed=n), random(n, seed=n + 1), random(n, seed=n + 2), rate, momentum)
        for n, rate, momentum in ((2, 0.1, 0.9), (2, 0.01, 0.5), (5, 0.3, 0.2))
    ],
    slips=_momentum_slips,
    otherwise=_momentum_state,
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
        "the old velocity is forgotten: momentum multiplies it, not the gradient": {
            "momentum * velocity + gradient": "momentum * gradient"
        },
        "momentum multiplies the velocity, it is not added": {
            "momentum * velocity + gradient": "momentum + velocity * gradient"
        },
        "1 - momentum stands in the place of momentum": {
            "momentum * velocity": "(1 - momentum) * velocity"
        },
        "the velocity came back times the rate: that belongs to the step alone": {
            "return params, velocity": "return params, learning_rate * velocity"
        },
    },
)
def momentum_step(params, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + gradient
    params = params - learning_rate * velocity
    return params, velocity
