"""The exercises of 02 Gradients by hand."""

from ..judge import COPIED, exercise
from .cases import thermometers


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
            "w - learning_rate * dw, b - learning_rate * db": (
                "w - learning_rate * 2 * ((w * t_u + b - t_c) * t_u).mean(), b"
            ),
        },
        "you stepped uphill: subtract the gradient": {
            "w - learning_rate * dw, b - learning_rate * db": (
                "w + learning_rate * dw, b + learning_rate * db"
            )
        },
        "the learning rate is missing": {"learning_rate * ": ""},
        "w did not move": {"w - learning_rate * dw": "w"},
        "b did not move": {"b - learning_rate * db": "b"},
        "this is the gradient, not the new place": {
            "w - learning_rate * dw, b - learning_rate * db": "dw, db"
        },
        "this is the step alone: subtract it from where you were": {
            "w - learning_rate * dw, b - learning_rate * db": "learning_rate * dw, learning_rate "
            "* db"
        },
        "a product in the place of a difference: w - learning_rate * dw": {
            "w - learning_rate": "w * learning_rate",
            "b - learning_rate": "b * learning_rate",
        },
        "the learning rate 1e-2 is built in: use the argument": {"learning_rate": "1e-2"},
        COPIED: {
            "w - learning_rate * dw, b - learning_rate * db": "0.5483, -0.0083",
        },
    },
)
def gradient_step(t_u, t_c, w, b, learning_rate):
    error = w * t_u + b - t_c
    dw = 2 * (error * t_u).mean()
    db = 2 * error.mean()
    return w - learning_rate * dw, b - learning_rate * db
