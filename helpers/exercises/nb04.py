"""The exercises of 04 Autograd."""

from collections.abc import Iterator
from typing import Any

import torch

from ..judge import COPIED, CORRECT, Choices, Parts, Value, exercise
from .probes import (
    ELSEWHERE,
    NO_RETURN,
    NOT_BACKWARD,
    after_a_step,
    after_the_update,
    by_autograd,
    what_moved,
    what_was_kept,
)

recall_04 = Parts(
    name="recall_04",
    notebook="04",
    title="Recall",
    text="Two questions on lesson 03, one on lesson 02, from memory.",
    minutes=3,
    hints=[
        "a: which of the three has to do with steps that are too long?",
        "b: each epoch multiplies the error by 1 - rate x curvature.",
        "c: the difference of the losses, divided by the distance between the two points.",
    ],
    parts={
        "a": Choices(
            text="A loss grows from epoch to epoch, faster and faster. What do you try first?",
            options={
                "a smaller learning rate": CORRECT,
                "more epochs": "each further epoch would multiply the error again",
                "other starting values": (
                    "from nearly every other start this rate is too large as well"
                ),
            },
        ),
        "b": Value(
            text="Along one axis of the bowl the curvature is 4, and the learning rate is 0.1. "
            "The error along this axis is 10. How large is it after one epoch? (A number.)",
            reference=6,
            otherwise="an epoch multiplies the error by 1 - rate x curvature: what is that here?",
            way="""\
the_share_that_stays = 1 - 0.1 * 4
what_is_left = the_share_that_stays * 10""",
            wrong={
                "this is what the epoch takes away; asked is what is left": 4,
                "this is the factor alone: multiply the error of 10 by it": 0.6,
                "the step goes towards the bottom: 1 minus, not 1 plus": 14,
                "this is the share that goes: take it from 1, times the error": 0.4,
                "the share 0.4 is taken of the error: 4 of the 10 go": 9.6,
                "the curvature is missing: the share is rate x curvature": 9,
                "these are two epochs": 3.6,
            },
        ),
        "c": Value(
            text="The loss is 13 at `w + 0.1` and 9 at `w - 0.1`. Which slope does the central "
            "difference give? (A number.)",
            reference=20,
            otherwise="a slope is a change of the loss over a distance in w: which are they here?",
            way="""\
the_change_of_the_loss = 13 - 9
the_distance = 2 * 0.1
slope = the_change_of_the_loss / the_distance""",
            wrong={
                "the two points are 0.2 apart: divide by 2 x 0.1": 40,
                "this is the difference of the losses: divide it by the distance": 4,
                "parentheses: the difference first, then the division": -32,
                "the loss is higher on the right, so the slope is positive": -20,
                "you multiplied by the distance: divide by it": 0.8,
                "you multiplied by 0.1: divide by the distance, 0.2": 0.4,
                "the two points are 0.2 apart, not 0.4": 10,
                "the difference of the losses, not their sum": 110,
                "this is the mean of the two losses": 11,
            },
        ),
    },
)


@exercise(
    notebook="04",
    title="The two lines after backward",
    text="""\
`backward()` has run. Return a **new** tensor, one step of gradient descent downhill from `params`.
It has to be a leaf that requires gradients; the old tensor keeps its values.""",
    hints=[
        "Mistake 1 lacks one thing, mistake 2 another.",
        "First the step, cut off from its past by detach(); then the flag.",
        "requires_grad_() switches the flag on and returns the tensor.",
    ],
    cases=lambda: [([1.0, -2.0], 0.1), ([0.5, 3.0], 0.01)],
    probe=after_a_step,
    watch=what_moved,
    wrong={
        "mistake 1: the step was recorded, so the new tensor is no leaf": {
            "params.detach() -": "params -"
        },
        "mistake 2: the numbers are right, but the flag is lost": {
            "return stepped.requires_grad_()": "return stepped"
        },
        "you stepped uphill: subtract the gradient": {"() - learning": "() + learning"},
        "the learning rate is missing": {"learning_rate * ": ""},
        "a product in the place of a difference": {"() - learning": "() * learning"},
        "this is the step alone, downhill: add it to params": {"params.detach() -": "-"},
        "this is the step alone: subtract it from params": {"params.detach() -": ""},
        "the old tensor has changed: asked is a new one": {
            "stepped = params.detach() - learning_rate * params.grad": (
                "stepped = params.detach()\n    stepped -= learning_rate * params.grad"
            )
        },
        "nothing moved: this is the old point": {" - learning_rate * params.grad": ".clone()"},
        "nothing came back: is return missing?": {"return stepped": "stepped"},
    },
)
def next_params(params, learning_rate):
    stepped = params.detach() - learning_rate * params.grad
    return stepped.requires_grad_()


def _cleared_itself(seen: dict[str, Any], start: list[float], rate: float) -> Iterator[str]:
    if any(start) and not seen["params"].any():
        yield "params itself was set to 0: what is cleared is params.grad"


@exercise(
    notebook="04",
    title="An update that autograd accepts",
    text="""\
`params` requires gradients, and `params.grad` holds one. Change `params` **in place** by one
step of gradient descent and clear the gradient afterwards. Nothing is returned.""",
    difficulty=2,
    minutes=5,
    hints=[
        "An operation that autograd watches may not overwrite a leaf. Ask it to look away.",
        "with torch.no_grad(): and, inside, an operator that changes the tensor itself.",
        "params -= ... changes the tensor; params = params - ... makes another one.",
    ],
    cases=lambda: [([1.0, -2.0], 0.1), ([0.5, 3.0], 0.01)],
    probe=after_the_update,
    watch=what_moved,
    slips=_cleared_itself,
    wrong={
        "autograd is watching params: its update belongs inside with torch.no_grad(), and what is "
        "cleared is params.grad": {"with torch.no_grad():": "if True:"},
        "params itself has not moved: it has to stand left of -= (params = ... only gives the name "
        "to a new tensor)": {"params -= learning_rate": "params = params - learning_rate"},
        "the gradient is still there: the next backward() would add to it": {
            "    params.grad = None": ""
        },
        "there is no gradient here: it was cleared too early, or asked of a copy (detach() makes "
        "one)": {"    with": "    params.grad = None\n    with"},
        "you stepped uphill: subtract the gradient": {"-=": "+="},
        "the learning rate is missing": {"learning_rate * ": ""},
        "params does not require gradients any more: the next epoch could not learn": {
            "    params.grad = None": "    params.grad = None\n    params.requires_grad_(False)"
        },
        "only the rate was subtracted: the step is rate times gradient": {" * params.grad": ""},
        "a product in the place of a difference: params -= learning_rate * gradient": {
            "-= learning_rate": "*= learning_rate"
        },
        "the gradient is cleared, but params has not moved: was it cleared before it was used, or "
        "does params not stand left of the -=?": {
            "params -= learning_rate * params.grad": "params - learning_rate * params.grad"
        },
        "params itself was set to 0: what is cleared is params.grad": {
            "    params.grad = None": "    params.detach().zero_()"
        },
        "only the first parameter moved": {
            "params -= learning_rate * params.grad": "params[0] -= learning_rate * params.grad[0]"
        },
    },
)
def in_place_update(params, learning_rate):
    with torch.no_grad():
        params -= learning_rate * params.grad
    params.grad = None


@exercise(
    notebook="04",
    title="What to keep of a loss",
    text="""\
Append to the list `kept` what a curve of the losses needs, and nothing more: one plain number for
each loss. Nothing is returned.""",
    hints=[
        "A tensor in the list keeps what hangs on it.",
        "Which method turns a tensor of one element into a number of Python?",
        "kept.append(...) with loss.item() in it.",
    ],
    cases=lambda: [([1.0, -2.0], 3), ([0.5, 3.0, 2.0], 4)],
    probe=what_was_kept,
    wrong={
        "a loss as it is keeps its graph alive: take the number out of it": {"loss.item()": "loss"},
        "detached, so no graph hangs on it; but it is still a tensor, asked is a plain number": {
            "loss.item()": "loss.detach()"
        },
        "the list is empty: append to it": {"kept.append(loss.item())": "loss.item()"},
        "this is the function, not its result: are the brackets missing?": {
            "loss.item()": "loss.item"
        },
        "rounded: keep all digits, and round when you print": {
            "loss.item()": "round(loss.item(), 4)"
        },
        "a list inside the list for each loss: append the number itself": {
            "loss.item()": "[loss.item()]"
        },
        "this is text: asked are numbers": {"loss.item()": "str(loss.item())"},
        "a loss is no leaf, its .grad stays None: asked is the number in it": {
            "loss.item()": "None"
        },
        "this is the record of the operation: asked is the number in the loss": {
            "loss.item()": "loss.grad_fn"
        },
        "an array of numpy: loss.item() is a plain number": {
            "loss.item()": "loss.detach().numpy()"
        },
        "whole numbers: keep what stands after the point": {"loss.item()": "int(loss.item())"},
        "rounded: keep all digits": {"loss.item()": "round(loss.item(), 2)"},
        "the newest stands first: append it at the end": {"append(": "insert(0, "},
        "these numbers count the epochs: asked are the losses": {"loss.item()": "len(kept)"},
        "each loss stands there twice": {"append(loss.item())": "extend([loss.item()] * 2)"},
    },
)
def keep_loss(kept, loss):
    kept.append(loss.item())


def bowl(params):
    return (params**2).sum()


def valley(params):
    return (params[0] - 3) ** 2 + 10 * (params[1] + params[0]) ** 2


def wave(params):
    return (params.sin() * params).mean()


def hinge(params):  # at a kink, measured slopes and autograd's rule differ
    return params.relu().sum() + (params**2).sum()


@exercise(
    notebook="04",
    title="Ask for a gradient",
    text="""\
`loss_of` is a function that turns a tensor of parameters into a loss, `values` a list of
numbers such as `[1.0, 0.0]`. Return the gradient of `loss_of` at `values`, computed by
autograd.""",
    minutes=5,
    hints=[
        "Make a tensor from the list. Which flag does it need?",
        "Compute the loss, and send it backward.",
        "backward() returns nothing. Where does it put what it found?",
    ],
    cases=lambda: [
        (bowl, [1.0, -2.0]),
        (valley, [1.0, 0.5]),
        (wave, [0.5, 2.0, -1.0]),
        (hinge, [0.0, 1.0]),
    ],
    probe=by_autograd,
    wrong={
        "nothing recorded: requires_grad=True is missing, or no_grad or detach() covers it": {
            ", requires_grad=True": ""
        },
        NOT_BACKWARD: {"    loss_of(params).backward()\n": ""},
        ELSEWHERE: {"return params.grad": "return loss_of(params).backward()"},
        NO_RETURN: {"return params.grad": "params.grad"},
        "backward() ran twice, and gradients add up": {
            "loss_of(params).backward()": (
                "loss_of(params).backward()\n    loss_of(params).backward()"
            )
        },
        "these are the parameters, not the gradient": {"params.grad": "params"},
        "this is the loss, not the gradient": {"params.grad": "loss_of(params)"},
        "this is the way downhill, the negative gradient": {"params.grad": "-params.grad"},
        "this is only the length of the gradient: return all its parts": {
            "params.grad": "params.grad.norm()"
        },
        COPIED: {"params.grad": "torch.tensor([4517.2964, 82.6])"},
    },
)
def autograd_gradient(loss_of, values):
    params = torch.tensor(values, requires_grad=True)
    loss_of(params).backward()
    return params.grad
