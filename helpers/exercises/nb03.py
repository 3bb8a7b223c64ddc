"""The exercises of 03 The learning rate."""

import torch

from ..judge import COPIED, CORRECT, Choices, Parts, Value, exercise
from ..theory import hessian
from .cases import random, thermometers

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
        "parentheses: the product is subtracted from 1, not the rate alone": {
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

other_wall = Value(
    name="other_wall",
    notebook="03",
    title="The wall of other readings",
    text="""\
Another instrument shows `other`. From which learning rate on does gradient descent on a line
diverge with these readings? Compute it; `hessian` stands above.""",
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
        "that is right, but rounded: let the code keep all digits": round(2 / STEEP, 6),
        "right to three digits: let the code keep all of them": round(2 / STEEP, 5),
        "this is the condition number: asked is a rate": STEEP / FLAT,
        "you looked at the curvature in w alone: the steep axis lies between w and b": (
            2 / (2 * (OTHER**2).mean().item())
        ),
        "these are sums: the loss is a mean, so its curvature is one, too": 2 / (3 * STEEP),
        "twice too large: 2 over the largest eigenvalue, and H has a 2 of its own": 4 / STEEP,
        "this is the wall of our own raw readings: hand `other` over": 2 / 5883.421304758465,
        "this is the wall of our own readings x0.1: hand `other` over": 2 / 60.646111083047,
        "after standardising it is 1 for each instrument; asked are the readings as given": 1.0,
    },
)


@exercise(
    notebook="03",
    title="How large may the learning rate be?",
    text="""\
A colleague brings readings of another instrument. Write a function that says, before any
training, from which learning rate on gradient descent diverges for a line and the mean
squared error.""",
    difficulty=2,
    minutes=10,
    hints=[
        "The curvature decides: which matrix holds it, and which of its two numbers is dangerous?",
        "H = 2 [[mean of t_u², mean of t_u], [mean of t_u, 1]].",
        "torch.linalg.eigvalsh gives the eigenvalues, the largest last. The rate is 2 over that "
        "one.",
    ],
    cases=lambda: (
        [(t_u,) for t_u, _ in thermometers()]
        + [(random(8, seed=5),), (random(6, seed=6, high=60.0),)]
    ),
    wrong={
        "this is half of it: 2, not 1, over the largest eigenvalue": {"return 2 /": "return 1 /"},
        "you took the smallest eigenvalue: the steepest direction runs away first": {"[-1]": "[0]"},
        "this is the best learning rate, 2 over the sum of the eigenvalues, not the largest": {
            "[-1]": ".sum()"
        },
        "twice too large: 2 over the largest eigenvalue, and H has a 2 of its own": {
            "curvature = 2 *": "curvature ="
        },
        "you looked at the curvature in w alone: the steepest direction lies between w and b": {
            "torch.linalg.eigvalsh(curvature)[-1]": "curvature[0, 0]"
        },
        "this is the largest eigenvalue itself": {"2 / torch": "torch"},
        "this is upside down: 2 over the largest eigenvalue": {
            "2 / torch.linalg.eigvalsh(curvature)[-1]": "torch.linalg.eigvalsh(curvature)[-1] / 2"
        },
        "this is the condition number: asked is a rate, 2 over the largest eigenvalue": {
            "2 / torch.linalg.eigvalsh(curvature)[-1]": "torch.linalg.cond(curvature)"
        },
        "this is for w alone, and half of it: the steepest direction lies between w and b": {
            "2 / torch.linalg.eigvalsh(curvature)[-1]": "1 / curvature[0, 0]"
        },
        "this is for w alone, and the 2 of the second derivative is missing": {
            "2 / torch.linalg.eigvalsh(curvature)[-1]": "2 / mean_square"
        },
        "the largest reading is no curvature: it takes the eigenvalues of the Hessian": {
            "2 / torch.linalg.eigvalsh(curvature)[-1]": "2 / t_u.max()"
        },
        "the variance is no eigenvalue: mean of t_u², mean and 1 all count": {
            "2 / torch.linalg.eigvalsh(curvature)[-1]": "2 / t_u.var()"
        },
        "the determinant is the product of both eigenvalues: take the largest alone": {
            "torch.linalg.eigvalsh(curvature)[-1]": "torch.linalg.det(curvature)"
        },
        "both eigenvalues came back: asked is 2 over the largest": {
            "2 / torch.linalg.eigvalsh(curvature)[-1]": "torch.linalg.eigvalsh(curvature)"
        },
        "one rate for each eigenvalue: the smaller of the two is the border": {
            "eigvalsh(curvature)[-1]": "eigvalsh(curvature)"
        },
        "this is the rate for the readings x0.1: asked are the readings as they come": {
            "mean, mean_square": "t_u = 0.1 * t_u\n    mean, mean_square"
        },
        "these are sums: the loss is a mean, so its curvature is one, too": {
            "2 * torch.stack": "2 * len(t_u) * torch.stack"
        },
        "the readings enter squared: mean of t_u², not the square of the mean": {
            "(t_u**2).mean()": "t_u.mean() ** 2"
        },
        "after standardising it is 1 for every instrument; asked are the readings as they come": {
            "mean, mean_square": "t_u = (t_u - t_u.mean()) / t_u.std()\n    mean, mean_square"
        },
        COPIED: {"2 / torch.linalg.eigvalsh(curvature)[-1]": "3.399e-4"},
    },
)
def critical_rate(t_u):
    mean, mean_square = t_u.mean(), (t_u**2).mean()
    curvature = 2 * torch.stack([mean_square, mean, mean, torch.ones_like(mean)]).reshape(2, 2)
    return 2 / torch.linalg.eigvalsh(curvature)[-1]


@exercise(
    notebook="03",
    title="Undo a normalisation",
    text="""\
A line was trained on readings that were standardised with `mean` and `std`; its parameters
are `w_n` and `b_n`. Return the pair `(w, b)` of the same line for readings straight from the
dial.""",
    difficulty=2,
    minutes=5,
    hints=[
        "Insert (t_u - mean) / std for the standardised reading and multiply out.",
        "What stands in front of t_u is w. All the rest is b.",
        "w = w_n / std, and b loses w * mean.",
    ],
    cases=lambda: [(9.0, 10.5, 51.8, 16.8), (-2.0, 3.0, -4.0, 0.5), (0.7, 0.0, 12.0, 3.0)],
    wrong={
        "you multiplied by std: a step of 1 on the dial is a step of 1 / std": {
            "w_n / std": "w_n * std"
        },
        "your w is still that of the standardised readings": {"return w, b": "return w_n, b"},
        "your b is still that of the standardised readings": {"b_n - w * mean": "b_n"},
        "the mean is a reading: times the new w it becomes degrees": {
            "b_n - w * mean": "b_n - mean"
        },
        "only the reading is divided by std: b_n is not": {"b_n - w * mean": "b_n / std - mean"},
        "b_n is in degrees already, it is not standardised": {
            "b_n - w * mean": "(b_n - mean) / std"
        },
        "in b, w_n is missing: the mean enters as w_n * mean / std": {
            "b_n - w * mean": "b_n - mean / std"
        },
        "b_n is in degrees already: it is not turned back like a reading": {
            "b_n - w * mean": "b_n * std + mean"
        },
        "std and mean belong to the readings: insert the formula for t_n instead": {
            "return w, b": "return w_n * std, b_n + mean"
        },
        "the mean has no part in w: it goes into b": {
            "return w, b": "return (w_n - mean) / std, b_n"
        },
        "w was turned back like a reading: insert the formula for t_n instead": {
            "return w, b": "return w_n * std + mean, b_n"
        },
        "upside down: w_n is divided by std": {"w_n / std": "std / w_n"},
        "in b you used w_n: it is the new w that is multiplied by the mean": {
            "w * mean": "w_n * mean"
        },
        "the mean belongs to the readings: times w it becomes degrees": {"b_n - w *": "b_n +"},
        "in b the sign is wrong: the mean was subtracted from the readings": {"b_n -": "b_n +"},
        "you converted w and b as if they were readings: insert the formula for t_n instead": {
            "return w, b": "return w_n * std + mean, b_n * std + mean"
        },
        "you normalised once more: w and b are numbers of the line, not readings": {
            "return w, b": "return (w_n - mean) / std, (b_n - mean) / std"
        },
        "w and b have changed places": {"return w, b": "return b, w"},
        COPIED: {"return w, b": "return 0.5368, -17.3048"},
        "std is in b twice: it is in the new w already": {"b_n - w * mean": "b_n - w * mean / std"},
        "b_n is in degrees already: in b only w_n * mean is divided by std": {
            "b_n - w * mean": "(b_n - w_n * mean) / std"
        },
        "b is right; w is divided by std, not multiplied": {"return w, b": "return w_n * std, b"},
    },
)
def undo_standardize(w_n, b_n, mean, std):
    w = w_n / std
    b = b_n - w * mean
    return w, b
