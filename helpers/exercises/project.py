"""The stages of the project in 09: functions of two columns, tried on the crickets and others.

A stage is right if it is right for any data; the reader then calls it with columns of their own.
Stage 4 is in project_training.py, 5 and 6 in project_judging.py, what may be said in the end in
conclusion.py.
"""

import matplotlib.pyplot as plt

from ..judge import exercise
from ..theory import critical_learning_rate, least_squares
from .cases import columns
from .figure import figure_slips, what_the_figure_shows
from .project_slips import floor_bounds, floor_slips, scaling_slips, scaling_state


@exercise(
    notebook="09",
    title="Stage 1: look",
    text="""\
Draw `y` against `x`, one point for each row, and return the figure or its axes. Both axes have to
say what was measured, with its unit: `temperature (°C)`. Where there is none, say so:
`year (no unit)`.""",
    minutes=5,
    hints=[
        "plt.subplots() returns a figure and its axes.",
        'ax.plot(x, y, "o") draws points and joins none of them.',
        "ax.set_xlabel and ax.set_ylabel take a text; return the figure at the end.",
    ],
    cases=columns,
    probe=what_the_figure_shows,
    slips=figure_slips,
    wrong={
        "the horizontal axis has no name": {'    ax.set_xlabel("chirps a second")\n': ""},
        "the vertical axis has no name": {'    ax.set_ylabel("degrees Fahrenheit")\n': ""},
        "both axes need a name": {
            '    ax.set_xlabel("chirps a second")\n    ax.set_ylabel("degrees Fahrenheit")\n': ""
        },
        "x and y are names of variables: what was measured, and in which unit?": {
            "chirps a second": "x",
            "degrees Fahrenheit": "y",
        },
        "x is the name of a variable: what was measured, and in which unit?": {
            "chirps a second": "x"
        },
        "y is the name of a variable: what was measured, and in which unit?": {
            "degrees Fahrenheit": "y"
        },
        "one word on each axis: the unit belongs there, or (no unit) where there is none": {
            "chirps a second": "chirps",
            "degrees Fahrenheit": "temperature",
        },
        "a line through the rows in their order, and no points: draw the points alone": {
            'plot(x, y, "o")': "plot(x, y)"
        },
        "the axes have their names, and no point is drawn": {'    ax.plot(x, y, "o")\n': ""},
    },
    moral="What would a model have to do? And is any point far from the rest?",
)
def project_plot(x, y):
    fig, ax = plt.subplots()
    ax.plot(x, y, "o")
    ax.set_xlabel("chirps a second")
    ax.set_ylabel("degrees Fahrenheit")
    return fig


@exercise(
    notebook="09",
    title="Stage 2: the simplest model, and two marks",
    text="""\
The simplest model that may work is a line. Return the two marks: the loss of the trivial model
that always says the same, and the floor, the loss of the best line.""",
    minutes=5,
    hints=[
        "The first does not need x at all.",
        "The second is what least_squares returns beside the parameters.",
        "The trivial model says the mean of y; its loss is the mean of the squared distances.",
    ],
    cases=columns,
    slips=floor_slips,
    otherwise=floor_bounds,
    wrong={
        "the other way round: the trivial loss first": {
            "return trivial, floor": "return floor, trivial"
        },
        "the trivial loss divides by n, as a mean squared error does": {
            "((y - y.mean()) ** 2).mean()": "y.var()"
        },
        "x and y are exchanged in the floor": {"least_squares(x, y)": "least_squares(y, x)"},
        "these are the roots: both marks are losses": {
            "return trivial, floor": "return trivial.sqrt(), floor.sqrt()"
        },
        "the trivial model says the best number, not 0": {"(y - y.mean())": "y"},
        "the parameters came in the place of the floor": {
            "_, floor = least_squares(x, y)": "floor, _ = least_squares(x, y)"
        },
        "the floor came with its parameters: take the second of the two": {
            "_, floor = least_squares(x, y)": "floor = least_squares(x, y)"
        },
        "the floor alone came back: the trivial loss first, then it": {
            "return trivial, floor": "return floor"
        },
        "no line reaches 0 here: what does the best one leave?": {
            "return trivial, floor": "return trivial, 0.0"
        },
    },
)
def project_floor(x, y):
    trivial = ((y - y.mean()) ** 2).mean()
    _, floor = least_squares(x, y)
    return trivial, floor


@exercise(
    notebook="09",
    title="Stage 3: scaling and rate",
    text="""\
Return the standardised column (standard deviation with n - 1) and the wall, the critical
learning rate, of a line on it.""",
    difficulty=2,
    minutes=10,
    hints=[
        "Subtract one number, divide by another.",
        "critical_learning_rate wants the column that the line is trained on.",
        "Mean and standard deviation: x.mean() and x.std().",
    ],
    cases=lambda: [(x,) for x, _ in columns()],
    slips=scaling_slips,
    otherwise=scaling_state,
    wrong={
        "this is the rate for the raw column: the line sees the standardised one": {
            "critical_learning_rate(x_s)": "critical_learning_rate(x)"
        },
        "the column is centred, but not divided": {"(x - x.mean()) / x.std()": "x - x.mean()"},
        "the column is divided, but not centred": {"(x - x.mean()) / x.std()": "x / x.std()"},
        "this is from 0 to 1: standardising is another thing": {
            "(x - x.mean()) / x.std()": "(x - x.min()) / (x.max() - x.min())"
        },
        "the other way round: the column first": {
            "return x_s, critical_learning_rate(x_s)": "return critical_learning_rate(x_s), x_s"
        },
        "mean and standard deviation have changed places": {
            "(x - x.mean()) / x.std()": "(x - x.std()) / x.mean()"
        },
        "this is the column as it was, with its own rate: standardise it first": {
            "(x - x.mean()) / x.std()": "x"
        },
        "the column alone came back: the rate belongs beside it": {
            "return x_s, critical_learning_rate(x_s)": "return x_s"
        },
    },
)
def project_scaling(x):
    x_s = (x - x.mean()) / x.std()
    return x_s, critical_learning_rate(x_s)
