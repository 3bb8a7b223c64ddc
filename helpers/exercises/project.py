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
        "x and y are exchanged: what is to be predicted belongs on the vertical axis": {
            "plot(x, y,": "plot(y, x,"
        },
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
        "one word on the horizontal axis: its unit belongs there, or (no unit) if there is none": {
            "chirps a second": "chirps"
        },
        "one word on the vertical axis: its unit belongs there, or (no unit) if there is none": {
            "degrees Fahrenheit": "temperature"
        },
        "the names have changed places: each axis bears the name of the other": {
            'set_xlabel("chirps': 'set_ylabel("chirps',
            'set_ylabel("degrees': 'set_xlabel("degrees',
        },
        "lines join points that do not follow one another: draw the points alone": {
            ', "o"': ', "o-"'
        },
        "a line through the rows in their order, and no points: draw the points alone": {
            'plot(x, y, "o")': "plot(x, y)"
        },
        "these are the values of y in the order of the rows: x is missing": {
            'plot(x, y, "o")': 'plot(y, "o")'
        },
        "the axes have their names, and no point is drawn": {'    ax.plot(x, y, "o")\n': ""},
        "these are standardised: the axes are to show what was measured": {
            'plot(x, y, "o")': 'plot((x - x.mean()) / x.std(), (y - y.mean()) / y.std(), "o")'
        },
        "the two columns stand side by side against the number of the row: draw y against x": {
            'plot(x, y, "o")': 'plot(x, "o")\n    ax.plot(y, "o")'
        },
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
        "the trivial model predicts y, not x": {"(y - y.mean())": "(x - x.mean())"},
        "the trivial loss is a sum: take the mean": {"** 2).mean()": "** 2).sum()"},
        "this is the mean absolute error of the trivial model: a loss squares": {
            "((y - y.mean()) ** 2).mean()": "(y - y.mean()).abs().mean()"
        },
        "this is what the trivial model says: how large is its loss?": {
            "((y - y.mean()) ** 2).mean()": "y.mean()"
        },
        "the median makes the absolute errors small; for squares the mean is better": {
            "(y - y.mean())": "(y - y.median())"
        },
        "the trivial model says the mean of y, not that of x": {"y.mean())": "x.mean())"},
        "the first y is one number, but the mean does better": {"y.mean())": "y[0])"},
        "the floor came with its parameters: take the second of the two": {
            "_, floor = least_squares(x, y)": "floor = least_squares(x, y)"
        },
        "the floor is a mean of squares, not their sum": {
            "return trivial, floor": "return trivial, len(y) * floor"
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
Return the standardised column (standard deviation with n - 1) and the critical learning rate
of a line on it.""",
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
        "divide by the standard deviation, not by the variance": {"x.std()": "x.var()"},
        "this is from 0 to 1: standardising is another thing": {
            "(x - x.mean()) / x.std()": "(x - x.min()) / (x.max() - x.min())"
        },
        "the standard deviation is that with n: n - 1 was asked for": {
            "x.std()": "x.std(correction=0)"
        },
        "this is half of it: the wall is at 2 over the largest curvature": {
            "critical_learning_rate(x_s)": "critical_learning_rate(x_s) / 2"
        },
        "the other way round: the column first": {
            "return x_s, critical_learning_rate(x_s)": "return critical_learning_rate(x_s), x_s"
        },
        "a parenthesis is missing: only the mean is divided": {
            "(x - x.mean()) / x.std()": "x - x.mean() / x.std()"
        },
        "divide by the standard deviation, do not multiply by it": {") / x.std()": ") * x.std()"},
        "mean and standard deviation have changed places": {
            "(x - x.mean()) / x.std()": "(x - x.std()) / x.mean()"
        },
        "this is the median: standardising subtracts the mean": {"x.mean()": "x.median()"},
        "the smallest value was subtracted: standardising subtracts the mean": {
            "x.mean()": "x.min()"
        },
        "you divided by the largest value: standardising divides by the standard deviation": {
            "x.std()": "x.max()"
        },
        "this is x0.1: standardising uses mean and standard deviation": {
            "(x - x.mean()) / x.std()": "0.1 * x"
        },
        "this is the column as it was, with its own rate: standardise it first": {
            "(x - x.mean()) / x.std()": "x"
        },
        "the rate is twice too large: critical_learning_rate gives the wall itself": {
            "critical_learning_rate(x_s)": "2 * critical_learning_rate(x_s)"
        },
        "the column alone came back: the rate belongs beside it": {
            "return x_s, critical_learning_rate(x_s)": "return x_s"
        },
    },
)
def project_scaling(x):
    x_s = (x - x.mean()) / x.std()
    return x_s, critical_learning_rate(x_s)
