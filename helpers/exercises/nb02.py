"""The exercises of 02 Gradients by hand."""

from ..judge import COPIED, Exercise, exercise
from ..models import linear
from .cases import thermometers

W, B = "w - learning_rate * dw", "b - learning_rate * db"
BOTH = f"{W}, {B}"

recall_02 = Exercise(
    "recall_02",
    notebook="02",
    title="Recall",
    question="""\
Three questions on lesson 01, from memory.

**a.** Two predictions are 3 and 5, the measured temperatures 1 and 6. What is the mean squared
error? (A number.)

**b.** The best line for our eleven readings has loss 2.9276. Why not 0?

- `"A"`: nobody has searched long enough
- `"B"`: the readings do not lie on one line, so each line misses some of them
- `"C"`: the computer rounds

**c.** A tensor of shape (11, 1) minus one of shape (11,): what comes out?

- `"A"`: an error message
- `"B"`: eleven differences
- `"C"`: a table of shape (11, 11)""",
    difficulty=1,
    minutes=3,
    hints=[
        "a: the two errors are 2 and -1. Square them first.",
        "b: where did the best line come from, and what did its picture look like?",
        "c: dimensions are lined up from the right, and a 1 is stretched.",
    ],
    reference={"a": 2.5, "b": "B", "c": "C"},
    wrong={
        "a: this is the sum of the squares: take their mean": {"a": 5.0},
        "a: this is the mean of the absolute errors: square them": {"a": 1.5},
        "a: this is the mean of the errors, in which signs cancel: square them first": {"a": 0.5},
        "a: this is the root of it: stay with the mean of the squares": {"a": 2.5**0.5},
        "b: the closed form does not search: no line has a lower loss on these readings": {
            "b": "A"
        },
        "b: rounding is smaller than this by many powers of ten: look at the points": {"b": "C"},
        "c: the shapes fit together, and that is the trap: no message comes": {"c": "A"},
        "c: that is what was meant: but a column and a row are stretched against each other": {
            "c": "B"
        },
    },
    stub="""\
recall_02 = {
    "a": ...,
    "b": ...,
    "c": ...,
}""",
)


@exercise(
    notebook="02",
    title="The update",
    question="""\
`dw` and `db` are the slopes of the loss at `(w, b)`. Return the next `w` and `b`: both go
downhill, each by `learning_rate` times its slope.""",
    difficulty=1,
    minutes=2,
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
        "you stepped uphill: subtract": {BOTH: "w + learning_rate * dw, b + learning_rate * db"},
        "the learning rate is missing": {"learning_rate * ": ""},
        "w did not move": {"w - learning_rate * dw": "w"},
        "b did not move": {"b - learning_rate * db": "b"},
        "these are the slopes, not the new place": {BOTH: "dw, db"},
        "the steps alone: now subtract them": {BOTH: "learning_rate * dw, learning_rate * db"},
        "only the rate was subtracted: the step is rate times slope": {" * dw": "", " * db": ""},
        "each parameter has a slope of its own: here they have changed places": {
            "learning_rate * dw, b - learning_rate * db": (
                "learning_rate * db, b - learning_rate * dw"
            )
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
        "the learning rate 1e-4 is built in: use the argument": {"learning_rate": "1e-4"},
    },
)
def update(w, b, dw, db, learning_rate):
    return w - learning_rate * dw, b - learning_rate * db


def _predictions() -> list[tuple]:
    places = [(1.0, 0.0), (-0.5, 2.0), (3.0, -7.0)]
    data = zip(thermometers(), places, strict=True)
    return [(linear(t_u, w, b), t_c) for (t_u, t_c), (w, b) in data]


@exercise(
    notebook="02",
    title="The slope of b",
    question="""\
Go the same way back for `b`: return the slope of the mean squared error with respect to `b`,
computed from the predictions `t_p` and the temperatures `t_c`, for any number of readings.""",
    difficulty=1,
    minutes=2,
    hints=[
        "The way back is the same down to the prediction. What does b do to a prediction?",
        "Each reading contributes 2 * (t_p - t_c) / n, times 1. What becomes of n contributions?",
        "They are added: (2 * (t_p - t_c) / len(t_c)).sum()",
    ],
    cases=_predictions,
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
    },
)
def slope_of_b(t_p, t_c):
    return (2 * (t_p - t_c) / len(t_c)).sum()


def parabola(x):
    return 3 * x**2 - 2 * x + 1


def cubic(x):
    return x**3 + x


def hyperbola(x):
    return 5 / x


@exercise(
    notebook="02",
    title="The central difference",
    question="""\
Write the central difference for *any* function `f` of one number: its slope at `x`, measured
at a distance of `delta` to both sides.""",
    difficulty=1,
    minutes=5,
    hints=[
        "Two values of f are needed: a little to the right of x and as far to the left.",
        "How far apart are the two points? Divide the change by that.",
        "(f(x + delta) - f(x - delta)) divided by (2 * delta). Count the parentheses.",
    ],
    cases=lambda: [(parabola, 2.0, 0.5), (cubic, -1.5, 0.25), (hyperbola, 3.0, 1.0)],
    wrong={
        "this is the forward difference: look to both sides of x": {
            "f(x - delta)) / (2 * delta)": "f(x)) / delta"
        },
        "this is the backward difference: look to both sides of x": {
            "f(x + delta) - f(x - delta)) / (2 * delta)": "f(x) - f(x - delta)) / delta"
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
        "delta = 0.1 is built in: use the argument": {"delta": "0.1"},
        "x = 1 is built in: use the argument": {"x ": "1.0 "},
        COPIED: {"(f(x + delta) - f(x - delta)) / (2 * delta)": "4517.2964"},
    },
    moral="You can now measure the slope of anything that can be evaluated.",
)
def central_difference(f, x, delta):
    return (f(x + delta) - f(x - delta)) / (2 * delta)


def _starts() -> list[tuple]:
    places = [(1.0, 0.0), (-0.5, 2.0), (3.0, -7.0)]
    return [(*data, w, b) for data, (w, b) in zip(thermometers(), places, strict=True)]


@exercise(
    notebook="02",
    title="The gradient by hand",
    question="""\
Write the gradient of the mean squared error of the line `w * t_u + b`, by the chain rule, as
a pair `(dw, db)`. No finite differences this time, and nothing imported: only the arguments.""",
    difficulty=2,
    minutes=10,
    hints=[
        "First the prediction, then the error of each reading: w * t_u + b - t_c.",
        "The slope of a squared error is 2 * error, times what the error changes by: t_u for w, 1 "
        "for b.",
        "The loss is a mean, so both slopes are means over the readings.",
    ],
    cases=_starts,
    wrong={
        "your db is twice too large: is the 2 in twice?": {"2 * error.mean()": "4 * error.mean()"},
        "your dw is twice too large: is the 2 in twice?": {
            "2 * (error * t_u)": "4 * (error * t_u)"
        },
        "the 2 is missing: the slope of e² is 2e": {"2 * ": ""},
        "these are sums: the loss is a mean, so divide by the number of readings": {
            ".mean()": ".sum()"
        },
        "the mean is taken twice": {"mean()": "mean() / len(t_u)"},
        "your dw lacks the factor t_u: that is how much a prediction changes with w": {
            "(error * t_u)": "error"
        },
        "in dw you multiplied two means: take the mean of the products": {
            "(error * t_u).mean()": "error.mean() * t_u.mean()"
        },
        "both signs are wrong: the error is prediction minus measurement": {
            "w * t_u + b - t_c": "t_c - w * t_u - b"
        },
        "dw and db have changed places": {"return dw, db": "return db, dw"},
        "b is missing in the prediction": {"w * t_u + b": "w * t_u"},
        "the 11 of the thermometer is built in: divide by the number of readings that came": {
            "mean()": "sum() / 11"
        },
        COPIED: {"return dw, db": "return 4517.2964, 82.6"},
    },
    moral="Notebook 04 lets PyTorch do this, and you will know what it does.",
)
def line_gradient(t_u, t_c, w, b):
    error = w * t_u + b - t_c
    dw = 2 * (error * t_u).mean()
    db = 2 * error.mean()
    return dw, db


@exercise(
    notebook="02",
    title="One step of gradient descent",
    question="""\
Take one step of gradient descent by hand: from `w` and `b` to the next pair, which is
returned. (The optimizer `SGD` of notebook 05 does the same.) You may call functions that you
have written above.""",
    difficulty=2,
    minutes=10,
    hints=[
        "Gradient first, both parts of it; only then the update.",
        "New value = old value - learning rate * slope.",
        "Do not overwrite w before the slope of b is computed.",
    ],
    cases=lambda: [
        (*start, rate) for start, rate in zip(_starts(), (0.01, 0.02, 0.005), strict=True)
    ],
    wrong={
        "b's slope was taken after w had moved: take both slopes at the same point": {
            "    db =": "    w = w - learning_rate * dw\n    error = w * t_u + b - t_c\n    db =",
            "return w - learning_rate * dw": "return w",
        },
        "w's slope was taken after b had moved: take both slopes at the same point": {
            "    dw = 2 * (error * t_u).mean()\n": "",
            "    return": "    b = b - learning_rate * db\n    return",
            BOTH: ("w - learning_rate * 2 * ((w * t_u + b - t_c) * t_u).mean(), b"),
        },
        "you stepped uphill: subtract": {BOTH: "w + learning_rate * dw, b + learning_rate * db"},
        "the learning rate is missing": {"learning_rate * ": ""},
        "w did not move": {"w - learning_rate * dw": "w"},
        "b did not move": {"b - learning_rate * db": "b"},
        "this is the gradient, not the new place": {BOTH: "dw, db"},
        "the steps alone: now subtract them": {BOTH: "learning_rate * dw, learning_rate * db"},
        "a product in the place of a difference: w - learning_rate * dw": {
            BOTH: "w * learning_rate * dw, b * learning_rate * db"
        },
        "the learning rate 1e-2 is built in: use the argument": {"learning_rate": "1e-2"},
        COPIED: {BOTH: "0.5483, -0.0083"},
    },
)
def gradient_step(t_u, t_c, w, b, learning_rate):
    error = w * t_u + b - t_c
    dw = 2 * (error * t_u).mean()
    db = 2 * error.mean()
    return w - learning_rate * dw, b - learning_rate * db
