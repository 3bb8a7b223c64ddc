"""The self-test at the end of the series: paper, pencil and two minutes a question."""

from ..judge import COPIED, Exercise, exercise


def _question(number: int, topic: str, question: str, answer, hint: str, wrong: dict) -> Exercise:
    return Exercise(
        f"self_test_{number}",
        notebook="self-test",
        title=f"Question {number}: {topic}",
        question=question,
        difficulty=1,
        minutes=2,
        hints=[hint],
        reference=answer,
        wrong=wrong,
    )


self_test_1 = _question(
    1,
    "a loss",
    "The predictions are off by 1, -7, 5 and -5 degrees. What is the mean squared error?",
    25.0,
    "Notebook 01: square each error, then take the mean.",
    {
        "this is the sum of the squares: divide by 4": 100.0,
        "this is the mean absolute error": 4.5,
        "this is the RMSE, the root of the answer": 5.0,
        "this is the mean of the raw errors": -1.5,
        "you squared the mean: take the mean of the squares": 2.25,
    },
)
self_test_2 = _question(
    2,
    "shapes",
    "A tensor of shape `(4, 1)` minus one of shape `(4,)`: which shape? A tuple, or the text "
    '`"error"`.',
    (4, 4),
    "Notebook 01: line the shapes up at the right.",
    {
        "the second counts as (1, 4): lined up at the right, a 1 meets a 4": (4, 1),
        "the second size comes from the second tensor, the first from the first": (4,),
        "it is legal, and that is the trap: each 1 is repeated": "error",
        "the 4 of the first shape is not lost: the missing size of the second is repeated": (1, 4),
        "nothing is flattened: the result has two dimensions": (16,),
    },
)
self_test_3 = _question(
    3,
    "one step",
    "`w = 2`, the slope there is 12, the learning rate 0.1. What is `w` after one step of "
    "gradient descent?",
    0.8,
    "Notebook 02: new = old - learning rate * slope.",
    {
        "you stepped uphill": 3.2,
        "this is the length of the step: subtract it from w": 1.2,
        "the learning rate is missing": -10.0,
        "a product in the place of a difference": 2.4,
        "multiply by the learning rate, do not divide by it": -118.0,
    },
)
self_test_4 = _question(
    4,
    "the largest rate",
    "The Hessian has the eigenvalues 0.5 and 40. From which learning rate on does gradient "
    "descent diverge?",
    0.05,
    "Notebook 03: the steepest direction decides.",
    {
        "2, not 1, over the largest eigenvalue": 0.025,
        "you took the smallest eigenvalue: the steepest direction runs away first": 4.0,
        "this is the condition number": 80.0,
        "the other way round: 2 over the largest eigenvalue": 20.0,
        "this is twice too large: divide 2 by the largest eigenvalue": 0.1,
    },
)
self_test_5 = _question(
    5,
    "the way of an error",
    "Along an eigenvector with eigenvalue 4 the error is 10. The learning rate is 0.1. What is it "
    "after two epochs?",
    3.6,
    "Notebook 03: each epoch multiplies it by 1 - lr * eigenvalue.",
    {
        "this is the error after one epoch": 6.0,
        "the factor multiplies in each epoch: 0.6 * 0.6, not 1 - 0.8": 2.0,
        "you multiplied by lr * eigenvalue; what is left is 1 minus that": 1.6,
        "the error shrinks: 1 minus lr * eigenvalue, not plus": 19.6,
        "this is how much has gone, not what is left": 6.4,
    },
)
self_test_6 = _question(
    6,
    "backward three times",
    "Without any zeroing, `loss.backward()` runs in three forward-backward rounds at the same "
    "parameters, where the "
    "gradient is `(4, -1)`. What does `params.grad` hold? A pair.",
    (12.0, -3.0),
    "Notebook 04: backward does not store, it ...",
    {
        "backward() adds to what is there, it does not replace it": (4.0, -1.0),
        "three rounds, not two": (8.0, -2.0),
        "gradients add up, they are not multiplied": (64.0, -1.0),
        "nobody cleared it": (0.0, 0.0),
        "this is the negative of it: the minus comes with the update": (-12.0, 3.0),
    },
)
self_test_7 = _question(
    7,
    "momentum",
    "SGD with momentum 0.9 and learning rate 0.1: the parameter is 5, the velocity 2, the "
    "gradient 1. What is the "
    "parameter after the step?",
    4.72,
    "Notebook 05: first the new velocity, 0.9 * 2 + 1.",
    {
        "you moved along the gradient alone: that is plain gradient descent": 4.9,
        "you moved along the old velocity": 4.8,
        "you took a running mean: the gradient is added in full": 4.81,
        "this is the new velocity": 2.8,
        "you stepped uphill": 5.28,
        "the learning rate is missing": 2.2,
    },
)
self_test_8 = _question(
    8,
    "minibatches",
    "1000 training samples, batches of 64, 5 epochs. How many updates?",
    80,
    "Notebook 05: the last batch of an epoch may be smaller.",
    {
        "the last batch of each epoch is smaller, but it counts": 75,
        "this is one epoch": 16,
        "one update for each epoch would be full batches": 5,
        "one update for each sample would be batches of 1": 5000,
        "whole batches only: each epoch begins anew": 79,
        "there is no fraction of an update: round up in each epoch": 78.125,
    },
)
self_test_9 = _question(
    9,
    "when to stop",
    "The validation losses of epochs 1, 2, ... are 9, 5, 3, 3.5, 2.8, 4, 6. From which epoch does "
    "early stopping keep the "
    "parameters?",
    5,
    "Notebook 06: the lowest of them all.",
    {
        "epochs count from 1": 4,
        "a loss may rise for a moment: look further than the first rise": 3,
        "this is the last epoch": 7,
        "this is the lowest loss; the epoch was asked for": 2.8,
        "this is the epoch with the highest loss": 1,
    },
)


@exercise(
    notebook="self-test",
    title="Question 10: back to the dial",
    question="""\
A line was trained on readings that had been multiplied by 0.1, and has the parameters `w_n`
and `b_n`. Return the pair `(w, b)` for readings straight from the dial.""",
    difficulty=1,
    minutes=2,
    hints=["Notebook 02: insert 0.1 * t_u for the reading."],
    cases=lambda: [(5.3677, -17.3048), (2.0, 3.0), (-40.0, 0.5)],
    wrong={
        "the wrong way round: a step of 1 on the dial is only 0.1 for the line": {
            "0.1 * w_n": "10 * w_n"
        },
        "b is not multiplied by a reading: leave it": {"b_n": "0.1 * b_n"},
        "w is still that of the small readings": {"0.1 * w_n": "w_n"},
        "w and b have changed places": {"0.1 * w_n, b_n": "b_n, 0.1 * w_n"},
        COPIED: {"0.1 * w_n, b_n": "0.5368, -17.3048"},
    },
)
def self_test_10(w_n, b_n):
    return 0.1 * w_n, b_n
