"""The recall and the gaps of 03 The learning rate; its exercises: nb03_readings.py."""

from itertools import chain
from typing import Any

import torch

from ..judge import CORRECT, Choices, Parts, Value, exercise
from ..theory import hessian
from .nb03_readings import sides_of_the_wall, slips_of_the_wall

recall_03 = Parts(
    name="recall_03",
    notebook="03",
    title="Recall",
    text="Two questions on lesson 02, one on lesson 01, from memory.",
    minutes=3,
    hints=[
        "a: with the correct gradient, raw readings and rate 1e-2, what did the loss do?",
        "b: one epoch subtracts learning rate times slope.",
        "c: what does the best line leave on these readings?",
    ],
    parts={
        "a": Choices(
            text="In a first run the loss rises from epoch 1 to epoch 2. What may you conclude?",
            options={
                "the gradient is wrong": (
                    "it may well be right: with raw readings and rate 1e-2 the correct gradient "
                    "made the loss explode. Compare with measured slopes before you blame it"
                ),
                "the step was too long, or its direction is wrong": CORRECT,
                "the model is too simple for the data": (
                    "a model that is too simple keeps a loss from falling far; it does not make "
                    "it rise"
                ),
            },
        ),
        "b": Value(
            text="`w` is 3, the slope for `w` is 40, the learning rate 0.05. What is `w` after "
            "the step? (A number.)",
            reference=1.0,
            otherwise="asked is w minus the step: first the step, which is rate times slope",
            way="""\
the_step = 0.05 * 40
w = 3 - the_step""",
            wrong={
                "you went uphill: subtract": 5.0,
                "this is the length of the step: subtract it from w": 2.0,
                "the learning rate is missing: it multiplies the slope": -37.0,
                "you subtracted the rate alone: the step is rate times slope": 2.95,
                "the sign is turned: 3 minus the step": -1.0,
                "this is the change of w, not the new w": -2.0,
                "a product in the place of a difference": 6.0,
                "multiply by the learning rate, do not divide by it": -797.0,
                "the parentheses: the rate belongs to the slope, not to w": 118.0,
            },
        ),
        "c": Choices(
            text="The best line has loss 2.9276, your run stands at 2.93. What follows?",
            options={
                "training is not finished: the loss has to come down to 0": (
                    "no line gets below 2.9276 on these readings: they do not lie on a line"
                ),
                "the line predicts each temperature to within 2.93 degrees": (
                    "the loss is a mean of squares: its root, some 1.7 degrees, is a typical "
                    "error, and single errors may be larger"
                ),
                "with a line, hardly anything is left to gain on these readings": CORRECT,
            },
        ),
    },
)


@exercise(
    notebook="03",
    title="One epoch's factor",
    text="""\
Along one axis of the bowl the gradient is `curvature` (λ) times the error, and an epoch subtracts
`learning_rate` times the gradient. Return the number by which the epoch multiplies the error.""",
    hints=[
        "Take an error of 1. How large is the gradient, and what is left after the step?",
        "The gradient is curvature * error, the step learning_rate times that.",
        "error - learning_rate * curvature * error: take the error out.",
    ],
    cases=lambda: [(0.01, 60.0), (0.5, 2.0), (0.04, 60.0), (0.25, 0.5), (0.1, 30.0)],
    wrong={
        "this is the part that is taken away: how much of an error of 1 is left?": {
            "1 - learning_rate * curvature": "learning_rate * curvature"
        },
        "you added the step: an epoch subtracts it": {
            "1 - learning_rate * curvature": "1 + learning_rate * curvature"
        },
        "the sign is turned: 1 minus the step, not the step minus 1": {
            "1 - learning_rate * curvature": "learning_rate * curvature - 1"
        },
        "the curvature is missing: the gradient is curvature times the error": {
            "learning_rate * curvature": "learning_rate"
        },
        "the learning rate is missing: the epoch subtracts learning_rate times the gradient": {
            "learning_rate * curvature": "curvature"
        },
        "you divided by the curvature: the steeper the bowl, the longer the step": {
            "learning_rate * curvature": "learning_rate / curvature"
        },
        "you divided by the learning rate: it multiplies the gradient": {
            "learning_rate * curvature": "curvature / learning_rate"
        },
        "this is the change of an error of 1, not what is left of it": {
            "1 - learning_rate * curvature": "-learning_rate * curvature"
        },
        "the factor 2 of the loss is in the curvature already": {
            "learning_rate * curvature": "2 * learning_rate * curvature"
        },
        "this is the wall for this axis: asked is what one epoch does to the error": {
            "1 - learning_rate * curvature": "2 / curvature"
        },
        "this is what becomes of the gradient: divide it by curvature": {
            "1 - learning_rate * curvature": "curvature * (1 - learning_rate * curvature)"
        },
        "the sign matters: a factor below zero puts the error on the other side": {
            "1 - learning_rate * curvature": "abs(1 - learning_rate * curvature)"
        },
        "this is what becomes of the excess of the loss: the square of the factor": {
            "1 - learning_rate * curvature": "(1 - learning_rate * curvature) ** 2"
        },
        "this is curvature minus the product, or (1 - learning_rate) times curvature: the product "
        "is subtracted from 1": {
            "1 - learning_rate * curvature": "(1 - learning_rate) * curvature"
        },
        "the rate multiplies the curvature, they are not added": {
            "1 - learning_rate * curvature": "1 - learning_rate + curvature"
        },
    },
)
def epoch_factor(learning_rate, curvature):
    return 1 - learning_rate * curvature


OTHER = torch.tensor([10.0, 20.0, 40.0], dtype=torch.float64)
FLAT, STEEP = torch.linalg.eigvalsh(hessian(OTHER)).tolist()


def _of_other(answer: Any) -> str:
    """Which slip a rate is, or from which side it misses the wall."""
    return next(chain(slips_of_the_wall(answer, OTHER), sides_of_the_wall(answer, OTHER)), "")


other_wall = Value(
    name="other_wall",
    notebook="03",
    title="The wall of other readings",
    text="""\
Another instrument shows `other`. From which learning rate on does gradient descent on a line
diverge with these readings? Compute it; `hessian` stands above. Four digits are enough.""",
    digits=4,
    hints=[
        "As for our readings: the largest eigenvalue of the Hessian of `other` decides.",
        "torch.linalg.eigvalsh(hessian(other)) gives the two eigenvalues.",
        "2 / torch.linalg.eigvalsh(hessian(other)).max()",
    ],
    stub="""\
other = torch.tensor([10.0, 20.0, 40.0])
other_wall = ...""",
    reference=2 / STEEP,
    wrong={
        "this is half of it: 2, not 1, over the largest eigenvalue": 1 / STEEP,
        "you took the smallest eigenvalue: the steep part runs away first": 2 / FLAT,
        "this is the best rate, 2 over the sum of the eigenvalues": 2 / (FLAT + STEEP),
        "this is the largest eigenvalue itself: the wall is at 2 over it": STEEP,
        "this is upside down: 2 over the eigenvalue": STEEP / 2,
        "four digits tell it from the rate for w alone: keep more of them": round(2 / STEEP, 5),
        "this is too coarse: keep at least four digits": round(2 / STEEP, 4),
        "this is the condition number: asked is a rate": STEEP / FLAT,
        "you looked at the curvature in w alone: the steep axis lies between w and b": (
            2 / (2 * (OTHER**2).mean().item())
        ),
        "these are sums: the loss is a mean, so its curvature is one, too": 2 / (3 * STEEP),
        "twice too large: 2 over the largest eigenvalue, and H has a 2 of its own": 4 / STEEP,
        "this is the wall of our own raw readings: hand `other` over": 2 / 5883.421304758465,
        "this is the wall of our own readings x0.1: hand `other` over": 2 / 60.646111083047,
        "after standardising it is 1 for each instrument; asked are the readings as given": 1.0,
        "this is the wall of our own readings x0.1, rounded: hand `other` over": 0.033,
    },
    explain=_of_other,
)
