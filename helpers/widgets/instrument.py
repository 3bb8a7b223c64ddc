"""What the small instruments share: `Playground`, and the names of its panels and curves.

A subclass, one file each, lists its settings, its panels and the looks of its curves, and computes
in `view()` what the present settings give; this file makes the controls, the plotly figure, the
sentence, the still picture in matplotlib and the check of an answer. To add one: a new file beside
this one, and its name in `__init__.py`.
"""

import html
import itertools
import math
import sys
from typing import ClassVar, NamedTuple

import anywidget
import ipywidgets as ipw
import matplotlib.pyplot as plt
import torch
import traitlets
from matplotlib.figure import Figure
from torch import Tensor

from ..judge import NOT_YET, Target, check_number
from .controls import Choice, Number

# FigureWidget imports nbformat, and that a grammar of internet addresses, which takes three seconds
# to build in a kernel and checks nothing here. While it is imported, the grammar counts as missing.
sys.modules.setdefault("rfc3987_syntax", None)
from plotly.graph_objects import FigureWidget  # noqa: E402

if sys.modules["rfc3987_syntax"] is None:
    del sys.modules["rfc3987_syntax"]

F64 = torch.float64
BLACK, GREY = "#000000", "#777777"
DASHES = {"solid": "-", "dash": "--", "dot": ":", None: ""}  # plotly's words, matplotlib's signs
MARKERS = {"circle": "o", "circle-open": "o", "diamond": "D", "star": "*", None: ""}
FITTING = """export default { render({ el }) {
  const fit = () => requestAnimationFrame(() => {
    const box = el.closest(".widget-vbox") ?? document.body;
    for (const handle of box.querySelectorAll(".noUi-handle")) {
      const row = handle.closest(".widget-slider").parentElement;
      handle.setAttribute("aria-label", row.querySelector("label").textContent + ", slider");
    }
    window.dispatchEvent(new Event("resize"));
  });
  const observer = new ResizeObserver(fit);
  observer.observe(el);
  return () => observer.disconnect();
} };"""
STATUS = '<div role="status" style="line-height: 1.4; overflow-wrap: anywhere">%s%s</div>'


class Panel(NamedTuple):
    """One pair of axes: titles, ranges, which are logarithmic, its part of the figure's width.

    `ratio` is the length of one unit of y over that of one unit of x, where it matters.
    """

    x: str
    y: str
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None
    log: str = ""
    share: float = 1
    ratio: float | None = None


class Look(NamedTuple):
    """How a curve looks, and the number of its panel. Only a curve that is `named` has a legend."""

    panel: int
    color: str
    dash: str | None = "solid"
    marker: str | None = None
    size: float = 7
    width: float = 2
    named: bool = True


# What a view holds: the (x, y) of each curve, results by name, a remark in words.
View = tuple[dict[str, tuple[Tensor, Tensor]], dict[str, float], str]


class Fitting(anywidget.AnyWidget):
    """Does in the browser what plotly and ipywidgets leave undone.

    It tells the figure how wide the page is, now and whenever that changes, and it gives a name to
    the handle of each slider, for those who hear the page instead of seeing it.
    """

    _esm = FITTING


class Picture(FigureWidget):
    """A FigureWidget that does not send the empty letter that plotly sends after each update."""

    def send_state(self, key: str | set[str] | None = None) -> None:
        if key != "_py2js_update" or self._py2js_update is not None:
            super().send_state(key)


class Playground(ipw.VBox):
    """What the five widgets share. Settings are traits: set them from Python or move a control.

    A setting that makes no sense raises TraitError (from Python) or is answered in words (from a
    control), and the last good state stays. `figure` is the plotly FigureWidget, `words` says what
    it shows, `history` holds what has been tried, the latest last.
    """

    CAPTION: ClassVar[str]  # what the picture shows, whatever the settings
    PANELS: ClassVar[tuple[Panel, ...]]
    LOOKS: ClassVar[dict[str, Look]]
    BUTTONS: ClassVar[dict[str, str]] = {}  # what a button says: the method that it calls

    def __init__(self, **settings: float | str | bool) -> None:
        kinds = Number | Choice
        self.settings = {k: t for k, t in vars(type(self)).items() if isinstance(t, kinds)}
        if unknown := sorted(set(settings) - set(self.settings)):
            raise TypeError(f"no setting {', '.join(unknown)}: choose {', '.join(self.settings)}")
        self.history: dict = {}
        self._drawn: dict[str, tuple] = {}
        self._moving: ipw.Widget | None = None
        self._following = False
        super().__init__()
        for name, value in settings.items():
            setattr(self, name, value)
        self.controls = {name: trait.controls() for name, trait in self.settings.items()}
        rows = [ipw.HBox(c, layout={"margin": "0 1em 0 0"}) for c in self.controls.values()]
        for name, control in ((n, c) for n, cs in self.controls.items() for c in cs):
            self.settings[name].write(control, getattr(self, name))
            control.observe(lambda change, name=name: self._on_control(name, change.owner), "value")
        for text, method in self.BUTTONS.items():
            rows.append(ipw.Button(description=text, layout={"width": "auto"}))
            rows[-1].on_click(lambda _, method=method: getattr(self, method)())
        self._said = ipw.HTML(layout={"min_height": "3.2em"})
        self.figure = Picture({"data": self._traces(), "layout": self._layout()})
        self.figure._config = {"responsive": True, "displayModeBar": False}
        controls = ipw.HBox(rows, layout={"flex_flow": "row wrap", "align_items": "center"})
        self.children = [controls, self._said, Fitting(), self.figure]
        self._refresh()
        self.observe(self._on_setting, list(self.settings))

    def view(self) -> View:
        """What PyTorch computes for the present settings. Each widget has its own."""
        raise NotImplementedError

    def target(self) -> Target:
        """The number to find with this widget, computed. Each widget has its own."""
        raise NotImplementedError

    def check(self, answer: float | None) -> str:
        """A sentence that begins with "✔", "✘" or "…": right, not yet, not started."""
        said = check_number(answer, self.target)
        number = answer.item() if isinstance(answer, Tensor) and answer.numel() == 1 else answer
        if not said.startswith(NOT_YET) or not isinstance(number, int | float):
            return said
        for sentence, miss in self.misses().items():
            if abs(number - miss) <= 0.002 * abs(miss):
                return f"{NOT_YET} {sentence}"
        low, high = self.target()[:2]
        near = 0.99 * low <= number <= 1.01 * high
        return f"{NOT_YET} {number:g}: nearly, one decimal more." if near else said

    def misses(self) -> dict[str, float]:
        """Sentences for wrong numbers that one finds by a natural mistake."""
        return {}

    def still(self) -> tuple[Figure, str]:
        """The same picture in matplotlib, and the sentence: for readers without a kernel."""
        shares = [panel.share for panel in self.PANELS]
        fig, axes = plt.subplots(1, len(shares), figsize=(11, 4.4), width_ratios=shares)
        for name, (panel, color, dash, marker, size, width, named) in self.LOOKS.items():
            x, y = self._view[0][name]
            style = {"linestyle": DASHES[dash], "linewidth": width, "marker": MARKERS[marker]}
            style["markerfacecolor"] = "none" if marker == "circle-open" else color
            label = name if named and len(x) else None
            axes[panel].plot(x, y, color=color, markersize=size, label=label, **style)
        for ax, panel in zip(axes, self.PANELS, strict=True):
            ax.set(xlabel=panel.x, ylabel=panel.y, **{f"{axis}scale": "log" for axis in panel.log})
            ax.set(xlim=panel.x_range, ylim=panel.y_range, aspect=panel.ratio or "auto")
        fig.legend(loc="outside upper center", ncols=len(self.LOOKS), fontsize=10)
        return fig, f"{self.CAPTION} {self.words}"

    @property
    def words(self) -> str:
        """The settings, the results and the remark as one text."""
        return f"{self._facts()}. {self._view[2]}"

    def __repr__(self) -> str:
        """Facts, in at most 110 characters (ipywidgets cuts longer ones)."""
        return f"<{type(self).__name__}: {self._facts()}>"

    def _facts(self) -> str:
        settings = [f"{name} {_short(getattr(self, name), 'g')}" for name in self.settings]
        return ", ".join(settings + [f"{k} {_short(v)}" for k, v in self._view[1].items()])

    def remember(self, what: object, value: object = None) -> None:
        """Put `what` at the end of the history; it is there only once."""
        self.history.pop(what, None)
        self.history[what] = value

    def _on_control(self, name: str, control: ipw.Widget) -> None:
        if self._following:  # it was moved to show a setting, and has fewer digits than that
            return
        self._moving = control
        try:
            setattr(self, name, self.settings[name].read(control))
        except traitlets.TraitError as error:
            self.settings[name].write(control, getattr(self, name))
            self._say(f"{error}. The last good value stays.")
        finally:
            self._moving = None

    def _on_setting(self, change: traitlets.Bunch) -> None:
        self._following = True
        try:
            for control in self.controls[change.name]:
                if control is not self._moving:  # never push back the slider that is being dragged
                    self.settings[change.name].write(control, change.new)
        finally:
            self._following = False
        self._refresh()

    def _refresh(self) -> None:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)  # to wake a second thread takes longer than all this work
        try:
            self._view = self.view()
        finally:
            torch.set_num_threads(threads)
        with self.figure.batch_update():
            for trace in self.figure.data:
                points = tuple(_plain(values) for values in self._view[0][trace.name])
                if points != self._drawn.get(trace.name):  # send only what has changed
                    trace.x, trace.y = self._drawn[trace.name] = points
        self._say()

    def _say(self, problem: str = "") -> None:
        problem = f"<b>⚠ {html.escape(problem)}</b><br>" if problem else ""
        self._said.value = STATUS % (problem, html.escape(self.words))

    def _traces(self) -> list[dict]:
        traces = []
        for name, (panel, color, dash, marker, size, width, named) in self.LOOKS.items():
            axis = str(panel + 1) if panel else ""
            trace = {"type": "scatter", "name": name, "showlegend": named}
            trace["mode"] = "+".join(["lines"] * bool(dash) + ["markers"] * bool(marker))
            trace["line"] = {"color": color, "dash": dash, "width": width}
            trace["marker"] = {"symbol": marker, "size": size, "color": color}
            traces.append(trace | {"xaxis": f"x{axis}", "yaxis": f"y{axis}"})
        return traces

    def _layout(self) -> dict:
        layout = {"template": "plotly_white", "height": 380, "font": {"size": 13, "color": BLACK}}
        # Fixed margins: to fit them to the labels takes plotly longer than all the rest of a move.
        layout["margin"] = {"l": 60, "r": 15, "t": 48, "b": 50, "autoexpand": False}
        layout["legend"] = {"orientation": "h", "y": 1.02, "yanchor": "bottom"}
        total = sum(panel.share for panel in self.PANELS)
        ends = [0, *itertools.accumulate(panel.share / total for panel in self.PANELS)]
        for i, panel in enumerate(self.PANELS):
            number = str(i + 1) if i else ""
            for axis, other, title, reach in zip("xy", "yx", panel[:2], panel[2:4], strict=True):
                look = {"title": {"text": title, "standoff": 6, "font": {"size": 13}}}
                look |= {"range": reach, "zeroline": False, "showline": True, "automargin": False}
                if axis in panel.log:
                    look |= {"type": "log", "exponentformat": "power", "tickfont": {"size": 11}}
                    look["range"] = [math.log10(end) for end in reach] if reach else None
                    decades = math.log10(reach[1] / reach[0]) if reach else 0
                    look["dtick"] = math.ceil(decades / 8) if decades > 3 else None
                layout[f"{axis}axis{number}"] = look | {"anchor": f"{other}{number}"}
            x, y = layout[f"xaxis{number}"], layout[f"yaxis{number}"]
            x["domain"] = [ends[i] + 0.1 * bool(i), ends[i + 1]]
            if panel.ratio:
                y |= {"scaleanchor": f"x{number}", "scaleratio": panel.ratio}
                x["constrain"] = y["constrain"] = "domain"
        return layout


def _plain(values: Tensor) -> list[float | None]:
    """A list for JSON: six digits, and None where there is no number."""
    return [float(f"{v:.6g}") if math.isfinite(v) else None for v in values.tolist()]


def _short(value: float | str | bool, style: str = ".4f") -> str:
    """On or off, words as they are; four decimals while they can be read, else four digits."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int | str):
        return str(value)
    return f"{value:{style}}" if abs(value) < 1e5 else f"{value:.4g}"
