"""What a matplotlib figure shows, in words that it computes from itself.

The text stands beside each picture: as its alternative text, for those who cannot see it, and as
plain text that nbval compares, so that a changed curve turns the tests red.
"""

import math
from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

MOST = 4  # curves without a name that are described: they only support those that have one


def describe(fig: Figure) -> str:
    """One sentence for each panel of `fig`, drawn before, and one for each labelled thing in it.

    Numbers have four significant digits, and what is below 1e-4 of its axis' range counts as 0 (on
    a logarithmic axis it is "below" that): finer differences are the processor's.
    """
    panels = [ax for ax in fig.axes if ax.axison or ax.texts]
    texts = [" ".join(_panel(ax)) for ax in panels]
    if len(texts) < 2:
        return "".join(texts)
    return " ".join(f"Panel {number}: {text}" for number, text in enumerate(texts, 1))


def _panel(ax: Axes) -> Iterator[str]:
    if ax.get_title():
        yield ax.get_title() + ("" if ax.get_title().endswith("?") else ".")
    if ax.axison:
        yield f"{_axis(ax, 'x')}, {_axis(ax, 'y')}."
    for line in ax.lines:
        if _named(line):
            yield f"{line.get_label()}: {_curve(line, ax)}."
    others = [_curve(line, ax) for line in ax.lines if not _named(line) and _is_curve(line, ax)]
    if others:
        more = f"; {len(others) - MOST} more" if len(others) > MOST else ""
        yield f"Without a name: {'; '.join(others[:MOST])}{more}."
    for points in ax.collections:
        if _named(points) and len(offsets := np.asarray(points.get_offsets())):
            yield f"{points.get_label()}: {_cloud(*offsets.T, ax)}."
    for bars in ax.containers:
        if isinstance(bars, BarContainer):
            heights = [bar.get_height() or bar.get_width() for bar in bars]
            name = "bars" if bars.get_label().startswith("_") else bars.get_label()
            yield f"{name}: {', '.join(_number(h, max(map(abs, heights))) for h in heights)}."
    for image in ax.images:
        values = np.ma.compressed(image.get_array())
        rows, columns = image.get_array().shape[:2]
        yield f"table of {rows} x {columns}, {_number(values.min())} to {_number(values.max())}."
    said = dict.fromkeys(" ".join(t.get_text().split()) for t in ax.texts if t.get_text().strip())
    if said:
        yield f"In the picture: {'; '.join(said)}."


def _axis(ax: Axes, which: str) -> str:
    low, high = getattr(ax, f"get_{which}lim")()
    name = getattr(ax, f"get_{which}label")() or which
    scale = ", logarithmic" if getattr(ax, f"get_{which}scale")() == "log" else ""
    labels = [t.get_text() for t in getattr(ax, f"get_{which}ticklabels")() if t.get_text()]
    if any(label[0].isalpha() for label in labels):
        return f"{name}: {', '.join(labels)}"  # categories, not a range
    size = _size(ax, which)
    return f"{name} from {_number(low, size, 3)} to {_number(high, size, 3)}{scale}"


def _named(artist: Line2D) -> bool:
    label = str(artist.get_label())
    return bool(label) and not label.startswith("_")


def _is_curve(line: Line2D, ax: Axes) -> bool:
    """Does it join points of the data? A mark does not, nor a rule, nor a contour, which closes."""
    points = np.column_stack(line.get_data(orig=False)).astype(float)
    joins = len(points) > 1 and line.get_linestyle() != "None"
    return joins and line.get_transform() == ax.transData and not np.allclose(points[0], points[-1])


def _curve(line: Line2D, ax: Axes) -> str:
    """First, last and lowest value of a curve; the points themselves where nothing joins them."""
    x, y = (np.asarray(values, dtype=float) for values in line.get_data(orig=False))
    finite = np.isfinite(x) & np.isfinite(y)
    x, y = x[finite], y[finite]
    if len(y) == 0:
        return "no finite point"
    if len(y) == 1:
        return _point(x[0], y[0], ax)
    if line.get_linestyle() == "None":
        return _cloud(x, y, ax)
    lowest = int(np.argmin(y))
    parts = [f"from {_point(x[0], y[0], ax)} to {_point(x[-1], y[-1], ax)}"]
    if 0 < lowest < len(y) - 1 and y[lowest] < min(y[0], y[-1]):
        parts.append(f"lowest at {_point(x[lowest], y[lowest], ax)}")
    return ", ".join(parts)


def _cloud(x: np.ndarray, y: np.ndarray, ax: Axes) -> str:
    size = _size(ax, "y")
    if len(y) == 1:
        return _point(x[0], y[0], ax)
    low, high = (_number(value, size) for value in (y.min(), y.max()))
    return f"{len(y)} points, the lowest {low}, the highest {high}"


def _point(x: float, y: float, ax: Axes) -> str:
    sizes = (_size(ax, "x"), _size(ax, "y"))
    return f"({', '.join(map(_number, (x, y), sizes))})"


def _size(ax: Axes, which: str) -> float:
    """How long an axis is, in its numbers; negative for a logarithmic one."""
    low, high = getattr(ax, f"get_{which}lim")()
    return abs(high - low) * (-1 if getattr(ax, f"get_{which}scale")() == "log" else 1)


def _number(value: float, size: float = 0.0, digits: int = 4) -> str:
    """Four significant digits; a word or 0 for what is nothing on an axis that is `size` long."""
    value = float(value)
    if not math.isfinite(value):
        return "beyond all numbers"
    if abs(value) < 1e-4 * abs(size):
        return "0" if size > 0 else f"below {1e-4 * abs(size):.0e}"
    text = f"{value:.{digits}g}"
    return text if "e" in text else f"{float(text):g}"
