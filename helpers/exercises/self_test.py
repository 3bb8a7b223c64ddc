"""The self-test at the end of the series: six small sums, four judgements."""

import math
from collections.abc import Iterator
from typing import Any

import torch

from ..data import standardize, thermometer
from ..judge import COPIED, CORRECT, Choices, Value, exercise, numbers
from ..judge.compare import same
from .slips import about, by_place, is_pair


def _number(answer: Any) -> float | None:
    return float(answer) if isinstance(answer, int | float) and math.isfinite(answer) else None


def _mean_of_squares(answer: Any) -> str:
    number = _number(answer)
    if number is None:
        return ""
    if number < 1 or number > 49:
        return "the mean of the squares lies between the smallest of them and the largest"
    return (
        "it lies among the squares, as it must, and is not their mean: is each error squared, and "
        "by how many was the sum divided?"
    )


def _after_a_step(answer: Any) -> str:
    number = _number(answer)
    if number is None:
        return ""
    if number >= 2:
        return "the slope is positive: downhill leads to the left of 2"
    return f"this is {2 - number:g} to the left of 2: how long is the step, rate times slope?"


def _wall(answer: Any) -> str:
    number = _number(answer)
    if number is None:
        return ""
    if number > 0.05:
        return "a little below your value it diverges as well: the wall is lower"
    return "a little above your value it still converges: the wall is higher"


def _of_two_sizes(answer: Any) -> str:
    if not isinstance(answer, tuple | list):
        return "these two shapes fit: a tuple of sizes was asked for"
    if len(answer) != 2:
        return "there are as many sizes as the longer of the two shapes has"
    if not {*answer} <= {1, 4}:
        return "sizes are neither added nor multiplied: each is one of the two that meet there"
    return "where a 1 meets a 4, which of the two is repeated?"


def _rounds(answer: Any) -> str:
    """Of a pair that is a multiple of the gradient: how many rounds it would be."""
    pair = numbers(answer)
    if pair is None or pair.shape != (2,) or not same(pair[0], -4 * pair[1]):
        return ""
    return f"this is {pair[0].item() / 4:g} times (4, -1): how often does backward() run?"


def _facts(number: int, topic: str, hint: str) -> dict:
    return {
        "name": f"self_test_{number}",
        "notebook": "self-test",
        "title": f"Question {number}: {topic}",
        "hints": [hint],
    }


self_test_1 = Value(
    **_facts(1, "a loss", "Lesson 01: square each error, then take the mean."),
    text="The predictions are off by 1, -7, 5 and -5 degrees. What is the mean squared error?",
    reference=25.0,
    way="""\
the_sum_of_squares = 1**2 + (-7)**2 + 5**2 + (-5)**2
loss = the_sum_of_squares / 4""",
    explain=_mean_of_squares,
    wrong={
        "this is the sum of the squares: divide by 4": 100.0,
        "this is the mean absolute error": 4.5,
        "this is the RMSE, the root of the answer": 5.0,
        "this is the mean of the raw errors": -1.5,
        "you squared the mean: take the mean of the squares": 2.25,
        "this is the sum of the absolute errors": 18.0,
        "half of it: the mean of the squares, without a 1/2": 12.5,
        "the square of a negative error is positive: all four are added": -12.0,
    },
)
self_test_2 = Value(
    **_facts(2, "shapes", "Lesson 01: line the shapes up at the right."),
    text="A tensor of shape `(4, 1)` minus one of shape `(4,)`: which shape? A tuple, or the text "
    '`"error"`.',
    reference=(4, 4),
    either=True,
    explain=_of_two_sizes,
    wrong={
        "the second counts as (1, 4): lined up at the right, a 1 meets a 4": (4, 1),
        "the second size comes from the second tensor, the first from the first": (4,),
        "it is legal, and that is the trap: each 1 is repeated": "error",
        "the 4 of the first shape is not lost: the missing size of the second is repeated": (1, 4),
        "nothing is flattened: the result has two dimensions": (16,),
    },
)
self_test_3 = Value(
    **_facts(3, "one step", "Lesson 02: new = old - learning rate * slope."),
    text="`w = 2`, the slope there is 12, the learning rate 0.1. What is `w` after one step of "
    "gradient descent?",
    reference=0.8,
    way="""\
the_step = 0.1 * 12
w = 2 - the_step""",
    explain=_after_a_step,
    wrong={
        "you stepped uphill": 3.2,
        "this is the length of the step: subtract it from w": 1.2,
        "the learning rate is missing": -10.0,
        "a product in the place of a difference": 2.4,
        "the rate belongs to the slope: w alone is not multiplied by it": 1.8,
        "this is the change of w: what is w itself?": -1.2,
        "only the rate was subtracted: the step is rate times slope": 1.9,
        "the sign is turned: 2 minus the step": -0.8,
        "w and slope have changed places: the rate belongs to the slope": 11.8,
    },
)
self_test_4 = Value(
    **_facts(4, "the largest rate", "Lesson 03: the steepest direction decides."),
    text="The Hessian of a quadratic bowl has the eigenvalues 0.5 and 40. Above which learning "
    "rate does gradient descent diverge, from a start with a part along both eigenvectors?",
    reference=0.05,
    way="rate = 2 / 40",
    explain=_wall,
    wrong={
        "2, not 1, over the largest eigenvalue": 0.025,
        "you took the smallest eigenvalue: the steepest direction runs away first": 4.0,
        "this is the condition number": 80.0,
        "this is the smaller eigenvalue itself: 2 over the larger": 0.5,
        "the other way round: 2 over the largest eigenvalue": 20.0,
        "this is twice too large: divide 2 by the largest eigenvalue": 0.1,
        "this is the eigenvalue itself: 2 over it": 40.0,
        "this is the best rate, 2 over the sum: the wall is a little higher": 2 / 40.5,
        "this is the smaller eigenvalue over the larger: 2 over the larger": 0.0125,
    },
)
self_test_5 = Choices(
    **_facts(
        5, "two losses", "Lesson 06: how much did the splits differ, and what is there to beat?"
    ),
    text="A rich model ends with a training loss of 0.8. On twenty different splits its validation "
    "loss, each time over five readings, lies between 6 and 9; the trivial model has 8. What may "
    'you conclude? A letter, such as `"A"`.',
    options={
        "nothing, the validation set of one split was unlucky": (
            "one split can be unlucky; here twenty agree"
        ),
        "it overfits: on readings held out it is about as good as a constant": CORRECT,
        "it needs more epochs: the validation loss is still high": (
            "the training loss is low already: more epochs follow the training part still closer"
        ),
        "the validation readings have leaked into the training": (
            "a leak would make the validation loss too good, and here it is bad"
        ),
    },
)
self_test_6 = Value(
    **_facts(6, "backward three times", "Lesson 04: backward does not store, it ..."),
    text="Without any zeroing, `loss.backward()` runs in three forward-backward rounds at the same "
    "parameters, where the gradient is `(4, -1)`. What does `params.grad` hold? A pair.",
    reference=(12.0, -3.0),
    explain=_rounds,
    otherwise="each round adds the same to each of the two parts: what is in them after three?",
    wrong={
        "backward() adds to what is there, it does not replace it": (4.0, -1.0),
        "gradients add up, they are not multiplied": (64.0, -1.0),
        "nobody cleared it": (0.0, 0.0),
        "this is the negative of it: the minus comes with the update": (-12.0, 3.0),
        "each part keeps its sign": (12.0, 3.0),
        "the sum, not the mean of the three": (4 / 3, -1 / 3),
        "both parts add up": (12.0, -1.0),
    },
)
self_test_7 = Choices(
    **_facts(
        7,
        "what is kept",
        "Lesson 07: what does a loss hold on to, and what makes a model learn from it?",
    ),
    text="In each epoch `val_losses.append(mse(model(t_val), c_val))` runs, without `no_grad` and "
    "without `item()`; `backward()` is called on the training loss only. After 10,000 epochs? "
    "A letter.",
    options={
        "the model has learned from the validation readings": (
            "nothing is learned from a loss that is not sent backward"
        ),
        "the parameters are as they should be, and memory has grown all the time": CORRECT,
        "the second epoch stops with an error": (
            "nothing is wrong with the shapes or the leaves: it runs"
        ),
        "the validation losses come out too low": (
            "whether the operations are recorded does not change their values"
        ),
    },
)
self_test_8 = Choices(
    **_facts(8, "a broken loop", "Lesson 07: what does the loss know of the way it was computed?"),
    text="""\
What does this loop do? A letter.

```python
for epoch in range(100):
    with torch.no_grad():
        t_p = model(t_u)
    loss = mse(t_p, t_c)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
```""",
    options={
        "it trains, and saves memory": "without a record there is nothing to train by",
        "it runs, and the loss stays as it was": (
            "it does not get as far as an update: backward() finds no record and says so"
        ),
        "it stops in the first epoch, at `backward()`": CORRECT,
        "it stops in the second epoch, at `step()`": (
            "the first backward() is as much without a record as the second"
        ),
    },
)
self_test_9 = Choices(
    **_facts(
        9,
        "what twelve points can tell",
        "Lessons 06 and 08: hold the difference against its error bar.",
    ),
    text="Twelve readings. Leave-one-out gives 31 for a line and 30 for a parabola; the mean gain "
    "of 1 has a standard error of 6. What do you say? A letter.",
    options={
        "the parabola is better, 30 is less than 31": (
            "by one, with an uncertainty of six: it could as well be the other way round"
        ),
        "the parabola overfits, it has more parameters": (
            "more parameters make it possible; these losses do not show it"
        ),
        "these data cannot tell; until more do, the line is enough": CORRECT,
        "both are equally good": "equal would be a finding: the gain may be 7, or -5",
    },
)


def _slips_10(came: Any, w_n: float, b_n: float) -> Iterator[str]:
    _, mean, std = standardize(thermometer(torch.float64)[0])
    if is_pair(came):
        w = {
            "": 0.1 * w_n,
            "the 0.1 is subtracted: it multiplies the reading": w_n - 0.1,
            "the 0.1 is added: it multiplies the reading": w_n + 0.1,
            "w is divided by 0.1: inserting 0.1 * t_u, what multiplies t_u?": 10 * w_n,
            "the 0.1 comes twice": 0.01 * w_n,
            "w is still that of the small readings": w_n,
            "b stands in the place of w": b_n,
            "b is in it: it belongs to the other of the two": 0.1 * w_n + b_n,
            "it is divided by the standard deviation of our readings: here nothing was "
            "standardised": w_n / std,
        }
        b = {
            "": b_n,
            "b has moved with w, and no mean was subtracted: what is left for t_u = 0?": (
                b_n - 0.1 * w_n
            ),
            "b has moved with w: what is left for t_u = 0?": b_n + 0.1 * w_n,
            "0.1 is subtracted from b: it multiplies the reading, not b": b_n - 0.1,
            "0.1 is added to b: it multiplies the reading, not b": b_n + 0.1,
            "b is not multiplied by a reading: leave it": 0.1 * b_n,
            "b is not divided by 0.1: it goes with no reading": 10 * b_n,
            "the sign of b is turned": -b_n,
            "a mean is taken into it, as after standardising: here none was subtracted": (
                b_n - w_n / std * mean
            ),
            "w stands in the place of b": w_n,
            "b is lost": 0.0,
        }
        yield from by_place(came, about("w", w), about("b", b))


def _state_10(came: Any, w_n: float, b_n: float) -> Iterator[str]:
    if is_pair(came):
        w, b = came
        if not same(w, 0.1 * w_n):
            yield "w: if the dial moves by 1, by how much does the small reading, and the result?"
        if not same(b, b_n):
            yield "b: what does the trained line say where the reading is 0?"


@exercise(
    notebook="self-test",
    title="Question 10: back to the dial",
    text="""\
A line was trained on readings that had been multiplied by 0.1, and has the parameters `w_n`
and `b_n`. Return the pair `(w, b)` for readings straight from the dial.""",
    hints=["Lesson 02: insert 0.1 * t_u for the reading."],
    cases=lambda: [(5.3677, -17.3048), (2.0, 3.0), (-40.0, 0.5)],
    slips=_slips_10,
    otherwise=_state_10,
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
