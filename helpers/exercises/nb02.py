"""The recall, the gaps and the first exercise of 02; the gradient itself: nb02_gradient.py."""

from collections.abc import Callable, Iterator
from typing import Any

from ..judge import COPIED, CORRECT, Choices, Parts, Value, exercise
from .cases import cubic, hyperbola, parabola, predictions
from .slips import typed_means

W, B = "w - learning_rate * dw", "b - learning_rate * db"
BOTH = f"{W}, {B}"
UPDATE_MISTAKES = {
    "you stepped uphill: subtract": {BOTH: "w + learning_rate * dw, b + learning_rate * db"},
    "the learning rate is missing": {BOTH: "w - dw, b - db"},
    "b went uphill: subtract in both": {"b - learning_rate * db": "b + learning_rate * db"},
    "w went uphill: subtract in both": {"w - learning_rate * dw": "w + learning_rate * dw"},
    "the rate multiplies the slope, it is not added to it": {
        BOTH: "w - (learning_rate + dw), b - (learning_rate + db)"
    },
    "a factor too many: the step is rate times slope, without the parameter": {
        BOTH: "w - learning_rate * dw * w, b - learning_rate * db * b"
    },
    "w did not move": {"w - learning_rate * dw": "w"},
    "b did not move": {"b - learning_rate * db": "b"},
    "these are the slopes, not the new place": {BOTH: "dw, db"},
    "the steps alone: now subtract them": {BOTH: "learning_rate * dw, learning_rate * db"},
    "only the rate was subtracted: the step is rate times slope": {
        BOTH: "w - learning_rate, b - learning_rate"
    },
    "each parameter has a slope of its own: here they have changed places": {
        BOTH: "w - learning_rate * db, b - learning_rate * dw"
    },
    "start from where you were": {BOTH: "-learning_rate * dw, -learning_rate * db"},
    "w and b have changed places: first w, then b": {BOTH: f"{B}, {W}"},
    "multiply by the rate": {BOTH: "w - dw / learning_rate, b - db / learning_rate"},
    "a product in the place of a difference: w - learning_rate * dw": {
        BOTH: "w * learning_rate * dw, b * learning_rate * db"
    },
    "the parentheses: the rate belongs to the slope, not to w": {
        BOTH: "(w - learning_rate) * dw, (b - learning_rate) * db"
    },
    "w and b come back as they were": {BOTH: "w, b"},
}
CENTRAL = "(f(x + delta) - f(x - delta)) / (2 * delta)"

recall_02 = Parts(
    name="recall_02",
    notebook="02",
    title="Recall",
    text="Three questions on lesson 01, from memory.",
    minutes=3,
    hints=[
        "a: the two errors are 2 and -1. Square them first.",
        "b: where did the best line come from, and what did its picture look like?",
        "c: dimensions are lined up from the right, and a 1 is stretched.",
    ],
    parts={
        "a": Value(
            text="Two predictions are 3 and 5, the measured temperatures 1 and 6. What is the "
            "mean squared error? (A number.)",
            reference=2.5,
            otherwise="two errors, each squared, then the mean of both: which step is another one?",
            way="""\
the_first_error = 3 - 1
the_second_error = 5 - 6
loss = (the_first_error**2 + the_second_error**2) / 2""",
            wrong=typed_means([3, 5], [1, 6]),
        ),
        "b": Choices(
            text="The best line for our eleven readings has loss 2.9276. Why not 0?",
            options={
                "nobody has searched long enough": (
                    "the closed form does not search: no line has a lower loss on these readings"
                ),
                "the readings do not lie on one line, so each line misses some of them": CORRECT,
                "the computer rounds": (
                    "rounding is smaller than this by many powers of ten: look at the points"
                ),
            },
        ),
        "c": Choices(
            text="A tensor of shape (11, 1) minus one of shape (11,): what comes out?",
            options={
                "an error message": (
                    "the shapes fit together, and that is the trap: no message comes"
                ),
                "eleven differences": (
                    "that is what was meant: but a column and a row are stretched against each "
                    "other"
                ),
                "a table of shape (11, 11)": CORRECT,
            },
        ),
    },
)


@exercise(
    notebook="02",
    title="The update",
    text="""\
`dw` and `db` are the slopes of the loss at `(w, b)`. Return the next `w` and `b`: both go
downhill, each by `learning_rate` times its slope.""",
    hints=[
        "A positive slope says that the loss rises with w. Which way has w to go?",
        "How long is the step for w? The rate times the slope. Take it away from where you are.",
        "w - learning_rate * dw, and the same for b.",
    ],
    cases=lambda: [
        (1.0, 0.0, 40.0, 3.0, 0.01),
        (-2.0, 5.0, -7.0, 11.0, 0.1),
        (0.5, -17.0, 0.25, -6.0, 0.03),
    ],
    wrong={
        **UPDATE_MISTAKES,
        "the learning rate 1e-4 is built in: use the argument": {
            BOTH: "w - 1e-4 * dw, b - 1e-4 * db"
        },
    },
)
def update(w, b, dw, db, learning_rate):
    return w - learning_rate * dw, b - learning_rate * db


@exercise(
    notebook="02",
    title="The slope of b",
    text="""\
Go the same way back for `b`: return the slope of the mean squared error with respect to `b`,
computed from the predictions `t_p` and the temperatures `t_c`, for any number of readings.""",
    hints=[
        "The way back is the same down to the prediction. What does b do to a prediction?",
        "Each reading contributes 2 * (t_p - t_c) / n, times 1. What becomes of n contributions?",
        "They are added: (2 * (t_p - t_c) / len(t_c)).sum()",
    ],
    cases=predictions,
    wrong={
        "this is a sum over all readings: the 1/n of the mean is missing": {" / len(t_c)": ""},
        "this is a mean of the contributions: 1/n is in them already, so add them": {
            ".sum()": ".mean()"
        },
        "the 2 is missing: the square has slope 2 times the difference": {"2 * ": ""},
        "the sign is wrong: the difference is prediction minus measurement": {
            "(t_p - t_c)": "(t_c - t_p)"
        },
        "the contributions have to be added to one number": {".sum()": ""},
        "this is the loss: its slope contains the difference, not the square": {
            "2 * (t_p - t_c)": "(t_p - t_c) ** 2"
        },
        "the differences have signs, and they count: no absolute values": {
            "(t_p - t_c)": "(t_p - t_c).abs()"
        },
        "the 11 of the thermometer is built in: divide by the number of readings that came": {
            "len(t_c)": "11"
        },
        "a factor too many: b is added to the prediction, which changes by 1 for each unit": {
            "2 * (t_p - t_c)": "2 * (t_p - t_c) * t_p"
        },
        "the measured temperatures are missing: the slope of a square contains its difference": {
            "(t_p - t_c)": "t_p"
        },
        "the square is still there": {"2 * (t_p - t_c)": "2 * (t_p - t_c) ** 2"},
        "divide by n, not by n - 1": {"len(t_c)": "(len(t_c) - 1)"},
        "this is the slope of the absolute error: the square has 2 times the difference": {
            "2 * (t_p - t_c)": "(t_p - t_c).sign()"
        },
        COPIED: {"(2 * (t_p - t_c) / len(t_c)).sum()": "82.6"},
        "the 2 is missing, and so is the 1/n of the mean": {
            "(2 * (t_p - t_c) / len(t_c))": "(t_p - t_c)"
        },
    },
)
def slope_of_b(t_p, t_c):
    return (2 * (t_p - t_c) / len(t_c)).sum()


def _where_f_is_called(answer: Callable, f: Callable, x: float, delta: float) -> Iterator[str]:
    """At which places an answer asks for a value of f, told in steps of delta from x."""
    places: list[Any] = []

    def watched(place: Any) -> Any:
        places.append(place)
        return f(place)

    answer(watched, x, delta)
    if not places:
        yield "f is never called: its values on both sides of x are needed"
        return
    steps = sorted({round((float(place) - x) / delta, 6) + 0.0 for place in places})
    if steps == [0.0]:
        yield "f is called at x alone: delta has to change what f is called with"
    if {*steps} - {0.0} in ({1.0}, {-1.0}):
        side = "right" if 1.0 in steps else "left"
        yield f"f is called on the {side} of x, and not on the other side"
    if {-1.0, 1.0} <= {*steps}:
        return  # what is done with the values is told by the value that came
    told = [
        f"x {'+' if step > 0 else '-'} {abs(step):g} * delta" if step else "x" for step in steps
    ]
    yield f"f is called at {' and '.join(told)}: asked is delta to both sides"
    yield "f is called at other places than asked: go delta to both sides of x"


@exercise(
    notebook="02",
    title="The central difference",
    text="""\
Write the central difference for *any* function `f` of one number: its slope at `x`, measured
at a distance of `delta` to both sides.""",
    minutes=5,
    hints=[
        "Two values of f are needed: a little to the right of x and as far to the left.",
        "How far apart are the two points? Divide the change by that.",
        "(f(x + delta) - f(x - delta)) divided by (2 * delta). Count the parentheses.",
    ],
    cases=lambda: [(parabola, 2.0, 0.5), (cubic, -1.5, 0.25), (hyperbola, 3.0, 1.0)],
    watch=_where_f_is_called,
    wrong={
        "this is the forward difference: look to both sides of x": {
            CENTRAL: "(f(x + delta) - f(x)) / delta"
        },
        "this is the backward difference: look to both sides of x": {
            CENTRAL: "(f(x) - f(x - delta)) / delta"
        },
        "you divided by delta, not by 2 delta": {"(2 * delta)": "delta"},
        "parentheses are missing: only the second value is divided": {
            "(f(x + delta) - f(x - delta))": "f(x + delta) - f(x - delta)"
        },
        "/ 2 * delta divides by 2 and then multiplies by delta: write / (2 * delta)": {
            "(2 * delta)": "2 * delta"
        },
        "the sign is the wrong way round: right minus left": {
            "f(x + delta) - f(x - delta)": "f(x - delta) - f(x + delta)"
        },
        "this is the change of f, not yet its rate: divide by the distance": {" / (2 * delta)": ""},
        "delta = 0.1 is built in: use the argument": {CENTRAL: "(f(x + 0.1) - f(x - 0.1)) / 0.2"},
        "x = 1 is built in: use the argument": {
            CENTRAL: "(f(1 + delta) - f(1 - delta)) / (2 * delta)"
        },
        "delta is missing below: the two points are 2 * delta apart, not 2": {"(2 * delta)": "2"},
        "left minus right, and of x itself: it is right minus left, both beside x": {
            CENTRAL: "(f(x) - f(x + delta)) / delta"
        },
        "the two values were added: take their difference": {"delta) - f": "delta) + f"},
        "parentheses are missing, above and below": {
            CENTRAL: "f(x + delta) - f(x - delta) / 2 * delta"
        },
        "this is the second difference, the curvature: the slope was asked for": {
            CENTRAL: "(f(x + delta) - 2 * f(x) + f(x - delta)) / delta**2"
        },
        "the distance below is 2 * delta; x has no part in it": {"(2 * delta)": "(2 * x)"},
        "a value over the distance: a slope needs the difference of two values": {
            CENTRAL: "f(x) / delta"
        },
        COPIED: {CENTRAL: "4517.2964"},
    },
    moral="You can now measure the slope of anything that can be evaluated.",
)
def central_difference(f, x, delta):
    return (f(x + delta) - f(x - delta)) / (2 * delta)
