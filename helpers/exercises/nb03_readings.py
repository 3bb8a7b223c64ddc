"""The exercises of 03 on the readings: how large a rate they allow, and how to scale them back."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from ..judge import COPIED, exercise, numbers
from ..judge.compare import same
from ..theory import critical_learning_rate, hessian
from .cases import random, thermometers


def slips_of_the_wall(rate: Any, t_u: Tensor) -> Iterator[str]:
    """Sentences for rates that other numbers than the largest eigenvalue lead to."""
    curvature = hessian(t_u)
    both = torch.linalg.eigvalsh(curvature)
    centred = t_u - t_u.mean()
    names = {
        "the largest reading": t_u.max(),
        "the square of the largest reading": t_u.max() ** 2,
        "the mean of the readings": t_u.mean(),
        "the square of the mean reading": t_u.mean() ** 2,
        "the mean of the squared readings": (t_u**2).mean(),
        "the sum of the squared readings": (t_u**2).sum(),
        "the variance of the readings": t_u.var(),
        "the standard deviation of the readings": t_u.std(),
        "the sum of all entries of the Hessian": curvature.sum(),
        "the first row of the Hessian, added up": curvature[0].sum(),
        "the entry of the Hessian off its diagonal": curvature[0, 1],
        "the largest entry of the Hessian": curvature.max(),
        "the determinant of the Hessian": torch.linalg.det(curvature),
        "the mean of both eigenvalues": both.mean(),
        "the sum of both eigenvalues": both.sum(),
        "the difference of both eigenvalues": both[1] - both[0],
        "the condition number": both[1] / both[0],
        "the square of the largest eigenvalue": both[1] ** 2,
        "the root of the largest eigenvalue": both[1].sqrt(),
        "the number of readings": torch.tensor(float(len(t_u))),
        "an entry of an eigenvector: eigh gives values first, then vectors": (
            torch.linalg.eigh(curvature)[1].max()
        ),
        "the curvature of the readings x0.1": torch.linalg.eigvalsh(hessian(0.1 * t_u))[1],
        "the curvature of the readings without their mean": (
            torch.linalg.eigvalsh(hessian(centred))[1]
        ),
    }
    for name, value in names.items():
        for above in (2, 1):
            if same(rate, above / value):
                yield f"this is {above} over {name}; asked is 2 over the largest eigenvalue"
        if same(rate, value):
            yield f"this is {name} alone; asked is 2 over the largest eigenvalue"
    if same(rate, 2 * both[1]):
        yield "2 over the largest eigenvalue, not 2 times it"


def sides_of_the_wall(rate: Any, t_u: Tensor) -> Iterator[str]:
    """On which side of the wall a rate lies: this is true of each."""
    value = numbers(rate)
    if value is not None and value.ndim == 0:
        if value <= 0:
            yield "a rate is above 0: with this one no step goes downhill"
        elif value < critical_learning_rate(t_u):
            yield "with this rate gradient descent still converges: the wall lies higher"
        else:
            yield "with this rate gradient descent diverges already: the wall lies lower"


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
    slips=slips_of_the_wall,
    otherwise=sides_of_the_wall,
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
        "one rate for each eigenvalue: the smaller of the two is the wall": {
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
