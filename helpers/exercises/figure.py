"""How the figure of the project in 09 is looked at: its points, and what its axes say."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from ..judge import CLUE, Unusable, call
from ..judge.compare import same
from ..judge.words import describe

# Words of a name that says nothing of what was measured.
EMPTY_WORDS = {
    *("x", "y", "axis", "ax", "value", "values", "data", "label", "column", "name", "variable"),
    *("the", "of", "horizontal", "vertical", "unit", "units", "input", "output", "title"),
}


def what_the_figure_shows(answer, x, y):
    """The figure of 09: its points in order, whether something joins them, the names of its axes.
    Figures that the answer made are closed again, or Jupyter would show all of them."""
    before = plt.get_fignums()
    try:
        figure = _figure_of(call(answer, x, y))
        drawn = [ax for ax in figure.axes if ax.axison]
        if len(drawn) != 1:
            raise Unusable(
                f"one panel was expected, with y against x; your figure has {len(drawn)}"
            )
        return _panel(*drawn, x, y)
    finally:
        for number in set(plt.get_fignums()) - {*before}:
            plt.close(number)


def _figure_of(came):
    """The figure that came, or that the axes which came belong to: what plt.subplots() gives holds
    both."""
    several = came if isinstance(came, tuple | list) else [came]
    figures = {each.figure for each in several if isinstance(each, Figure | Axes)}
    if len(figures) == 1:
        return figures.pop()
    what = "plt, the module that draws," if came is plt else describe(came)
    how = "return plt.gcf()" if came is plt else "return fig"
    raise Unusable(f"a figure of matplotlib or its axes were expected, {what} came: {how}")


def _panel(ax, x, y):
    loose = [line for line in ax.lines if line.get_linestyle() in ("None", "", " ")]
    joined = [] if loose or ax.collections else list(ax.lines)  # a line beside points is welcome
    clouds = [torch.tensor(line.get_xydata()) for line in loose + joined]
    clouds += [torch.as_tensor(cloud.get_offsets().data) for cloud in ax.collections]
    points = sorted(point for cloud in clouds for point in cloud.double().tolist())
    names = [_name(ax.get_xlabel(), "x"), _name(ax.get_ylabel(), "y")]
    shown = next((what for what, rows in _clouds(x, y).items() if same(points, rows)), "another")
    if shown == "another" and points and len(points) != len(x):
        raise Unusable(
            f"{len(points)} points are drawn (a line counts with its corners), and the data have "
            f"{len(x)} rows"
        )
    if shown == "another" and points:
        raise Unusable("these points are not the rows: each x with the y beside it, as they came")
    return {
        "number of points": len(points),
        "the points are the rows": shown == "x and y",
        "lines join the points": bool(joined),
        "a name on the horizontal axis": names[0] not in ("", "x"),
        "a name on the vertical axis": names[1] not in ("", "y"),
        "more than one word on the horizontal axis": not names[0].isalpha(),
        "more than one word on the vertical axis": not names[1].isalpha(),
        "each name at its own axis": not ("chirp" in names[1] and "chirp" not in names[0]),
        CLUE + "no name": "".join(name or "-" for name in names if name in ("", "x", "y")),
        CLUE + "points are marked": all(line.get_marker() != "None" for line in loose + joined),
        CLUE + "shown": shown,
    }


def _name(label: str, variable: str) -> str:
    """What an axis is called; the variable alone where no word says what was measured, and nothing
    where a unit stands alone."""
    label = re.sub(r"[(\[]\s*[)\]]", "", label).strip().casefold()
    outside = re.sub(r"[(\[].*?[)\]]", "", label)
    if label != variable and not re.search("[^\\W\\d_]" * (1 + (outside == label)), outside):
        return ""
    words = set(re.findall(r"[^\W\d_]+", label))
    return variable if label and words <= EMPTY_WORDS else label


def _clouds(x, y):
    """What the points may be, each as its sorted list."""
    number = torch.arange(len(x)).double()
    scaled = [(column - column.mean()) / column.std() for column in (x, y)]
    pairs = {
        "x and y": (x, y),
        "y and x": (y, x),
        "y alone": (number, y),
        "standardised": scaled,
        "both against the row": (torch.cat([number, number]), torch.cat([x, y])),
    }
    return {
        what: tuple(sorted(zip(*map(Tensor.tolist, p), strict=True))) for what, p in pairs.items()
    }


SHOWN = {
    "y and x": "x and y are exchanged: what is to be predicted belongs on the vertical axis",
    "y alone": "these are the values of y in the order of the rows: x is missing",
    "standardised": "these are standardised: the axes are to show what was measured",
    "both against the row": (
        "the two columns stand side by side against the number of the row: draw y against x"
    ),
}


def figure_slips(seen: Any, x: Tensor, y: Tensor) -> Iterator[str]:
    """All that a figure lacks, the points first."""
    if not isinstance(seen, Mapping):
        return
    if not seen["number of points"]:
        yield "no point is drawn"
    elif not seen["the points are the rows"]:
        yield SHOWN.get(seen[CLUE + "shown"], "these points are not the rows")
    if seen["lines join the points"]:
        yield "lines join points that do not follow one another: draw the points alone"
    for which in ("horizontal", "vertical"):
        if not seen[f"a name on the {which} axis"]:
            yield (
                f"the {which} axis does not say what was measured: a name, with its unit, or with "
                "(no unit) where there is none"
            )
        elif not seen[f"more than one word on the {which} axis"]:
            yield (
                f"one word on the {which} axis: its unit belongs there, or (no unit) where there "
                "is none"
            )
    if not seen["each name at its own axis"]:
        yield "the names have changed places: each axis bears the name of the other"
