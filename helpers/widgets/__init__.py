"""Five small widgets to play with: notebooks 01, 02, 04 and 06.

`Playground` builds all of them. A subclass lists its settings, its panels and the looks of its
curves, and computes in `view()` what the present settings give; the base class makes the controls,
the plotly figure, the sentence, the still picture in matplotlib and the check of an answer.
"""

import html
import itertools
import math
import sys
from fractions import Fraction
from typing import ClassVar, NamedTuple

import anywidget
import ipywidgets as ipw
import matplotlib.pyplot as plt
import torch
import traitlets
from matplotlib.figure import Figure
from torch import Tensor, tensor

from .. import data, theory
from ..judge import Target, check_number
from ..losses import mse
from ..models import linear
from ..plots import BLUE, GREEN, VERMILION
from ..training import mse_gradient

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


class Number(traitlets.TraitType):
    """A setting from `low` to `high`, whole if `low` is an int: a named box and a slider.

    With `log` the slider counts in factors of ten; with `zero` its left end means 0.
    """

    def __init__(self, default, low, high, label, *, step=1, log=False, zero=False) -> None:
        super().__init__(default)
        self.low, self.high, self.label, self.step = low, high, label, step
        self.log, self.zero, self.kind = log, zero, type(low)

    def validate(self, obj: traitlets.HasTraits, value: float) -> float:
        number = isinstance(value, int | self.kind) and not isinstance(value, bool)
        if number and (self.low <= value <= self.high or (self.zero and value == 0)):
            return self.kind(value)
        wish = (
            "0, or a number" if self.zero else "a whole number" if self.kind is int else "a number"
        )
        short = isinstance(value, float) and self.kind is float
        given = f"{value:g}" if short else repr(value)
        reach = f"from {self.low:g} to {self.high:g}"
        raise traitlets.TraitError(f"{self.name} is {given}: give {wish} {reach}")

    def controls(self) -> list[ipw.Widget]:
        named = {"description": self.label, "style": {"description_width": "initial"}}
        named["layout"] = {"width": f"{len(self.label) + 13}ch"}
        wide = {"flex": "1", "min_width": "9em", "max_width": "22em"}
        bare = {"readout": False, "step": self.step, "layout": wide}
        if self.log:
            low, high = math.log10(self.low), math.log10(self.high)
            slider = ipw.FloatLogSlider(value=self.high, min=low, max=high, **bare)
            return [ipw.FloatText(**named), slider]
        box, slider = (ipw.FloatText, ipw.FloatSlider)
        if self.kind is int:
            box, slider = (ipw.IntText, ipw.IntSlider)
        return [box(**named), slider(value=self.low, min=self.low, max=self.high, **bare)]

    def read(self, control: ipw.Widget) -> float:
        if (
            isinstance(control, ipw.FloatLogSlider)
            and self.zero
            and control.value < 1.01 * self.low
        ):
            return 0.0
        if isinstance(control, ipw.FloatLogSlider | ipw.FloatSlider):
            digits = 3 if self.log else 6  # 0.0999... is 0.1
            return float(f"{control.value:.{digits}g}")
        return control.value

    def write(self, control: ipw.Widget, value: float) -> None:
        control.value = max(value, self.low) if isinstance(control, ipw.FloatLogSlider) else value


class Choice(traitlets.Enum):
    """A setting with a few named values: a row of buttons."""

    def controls(self) -> list[ipw.Widget]:
        style = {"button_width": "auto", "description_width": "initial"}
        flat = {
            "options": self.values,
            "description": self.name,
            "layout": {"width": "max-content"},
        }
        return [ipw.ToggleButtons(style=style, **flat)]

    def read(self, control: ipw.Widget) -> str | bool:
        return control.value

    def write(self, control: ipw.Widget, value: str | bool) -> None:
        control.value = value


class Switch(Choice):
    """A setting that is on or off: a checkbox."""

    def __init__(self, default: bool, label: str) -> None:
        super().__init__([False, True], default)
        self.label = label

    def controls(self) -> list[ipw.Widget]:
        return [ipw.Checkbox(description=self.label, indent=False, layout={"width": "auto"})]


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
        return check_number(answer, self.target)

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


class BeTheOptimizer(Playground):
    """Notebook 01: move `w` and `b`, watch the squares of the errors; `reveal` shows the slopes."""

    w = Number(1.0, -1.0, 2.0, "w", step=0.001)
    b = Number(0.0, -50.0, 50.0, "b", step=0.5)
    reveal = Switch(False, "reveal the slopes of the loss")
    CAPTION = "Left: the readings, your line, a square on each error. Right: the loss of each try."
    RATIO = 0.38
    PANELS = (
        Panel("reading (unknown unit)", "temperature (°C)", (10, 120), (-45, 95), ratio=RATIO),
        Panel("your last 40 tries", "loss (°C²)", (0, 41), (1, 1e4), log="y", share=0.7),
    )
    LOOKS: ClassVar = {
        "squared errors": Look(0, VERMILION, width=1),
        "your line": Look(0, BLUE),
        "one step against the slopes": Look(0, GREEN, "dash"),
        "readings": Look(0, BLACK, None, "circle"),
        "your tries": Look(1, BLUE, "dot", "circle", size=5, named=False),
        "present": Look(1, VERMILION, None, "diamond", size=10, named=False),
    }

    def view(self) -> View:
        t_u, t_c = data.thermometer(F64)
        params, reach = tensor([self.w, self.b], dtype=F64), tensor([10.0, 120.0], dtype=F64)
        t_p = linear(t_u, *params)
        loss = mse(t_p, t_c).item()
        self.remember((self.w, self.b), loss)
        tries = tensor([*self.history.values()], dtype=F64)[-40:]
        numbers = torch.arange(len(tries)) + 1
        right = t_u + self.RATIO * (t_p - t_c).abs()  # as far as the error is high: a square
        gap = torch.full_like(t_u, torch.nan)
        squares_x = torch.stack([t_u, t_u, right, right, t_u, gap], dim=1).flatten()
        squares_y = torch.stack([t_c, t_p, t_p, t_c, t_c, gap], dim=1).flatten()
        remark = "The loss is the mean of the squares. "
        remark += f"Lowest of your tries: {_short(min(self.history.values()))}."
        results, step = {"loss": loss}, torch.empty(2, 0)
        if self.reveal:
            slopes = mse_gradient(t_u, t_c, t_p)
            curvature = theory.hessian(t_u)
            length = slopes @ slopes / (slopes @ curvature @ slopes).clamp(min=1e-12)
            step = torch.stack([reach, linear(reach, *(params - length * slopes))])
            results |= {"slope in w": slopes[0].item(), "slope in b": slopes[1].item()}
            for name, slope, bend in zip("wb", slopes, curvature.diagonal(), strict=True):
                if slope.abs() < bend * self.traits()[name].step / 2:  # the next step is no better
                    remark += f" {name} is as good as level."
                else:
                    remark += f" Turn {name} {'down' if slope > 0 else 'up'}."
        curves = {
            "squared errors": (squares_x, squares_y),
            "your line": (reach, linear(reach, *params)),
            "one step against the slopes": tuple(step),
            "readings": (t_u, t_c),
            "your tries": (numbers, tries),
            "present": (numbers[-1:], tries[-1:]),
        }
        return curves, results, remark

    def target(self) -> Target:
        t_u, t_c = data.thermometer(F64)
        w = t_u @ t_c / (t_u @ t_u)
        lowest = mse(linear(t_u, w, 0.0), t_c).item()
        lesson = f"The lowest loss with b = 0 is {lowest:.4f}, at w = {w:.4f}: b has to move too."
        hint = "Keep b at 0, move w in small steps, and write down the lowest loss."
        return lowest - 0.006, lowest + 0.1, lesson, hint


class FiniteDifferenceStep(Playground):
    """Notebook 02: the slope in w at (1, 0), measured over a distance `delta`, and its error."""

    delta = Number(0.1, 1e-13, 1.0, "delta", step=0.05, log=True)
    scheme = Choice(["central", "forward"], "central")
    precision = Choice(["float64", "float32"], "float64")
    CAPTION = "Left: the loss against w and the measured slope. Right: its error against delta."
    LEAST = 1e-12  # the distance from one float64 near 4517 to the next
    PANELS = (
        Panel("w", "loss at b = 0 (°C²)", (-0.2, 2.2), (-3000, 11000), share=0.8),
        Panel("delta", "error of the slope", (5e-14, 2), (3e-13, 3e5), log="xy"),
    )
    LOOKS: ClassVar = {
        "loss": Look(0, BLACK, named=False),
        "measured slope": Look(0, VERMILION, "dash"),
        "points compared": Look(0, VERMILION, None, "circle", size=8),
        "the other three choices": Look(1, GREY, "dot", width=1),
        "error of this choice": Look(1, BLUE, "solid", "circle", size=4),
        "at this delta": Look(1, VERMILION, None, "diamond", size=12),
    }

    def measure(self, delta: float, scheme: str, precision: str) -> tuple[float, float]:
        """The difference quotient as in notebook 02, and how far it is from the exact slope."""
        t_u, t_c = data.thermometer(getattr(torch, precision))
        left, width = (1 - delta, 2 * delta) if scheme == "central" else (1.0, delta)
        change = mse(linear(t_u, 1 + delta, 0.0), t_c) - mse(linear(t_u, left, 0.0), t_c)
        u, c = ([Fraction(str(v)) for v in values] for values in (data.T_U, data.T_C))
        exact = 2 * sum((u_i - c_i) * u_i for u_i, c_i in zip(u, c, strict=True)) / len(u)
        slope = (change / width).item()
        return slope, max(abs(slope - float(exact)), self.LEAST)

    def errors(self, *choice: str) -> Tensor:
        """Rows of delta and error, four in each factor of ten, ended by a gap. Computed once."""
        if choice not in self.history:
            deltas = [10 ** (k / 4) for k in range(-52, 1)]
            points = [(delta, self.measure(delta, *choice)[1]) for delta in deltas]
            self.remember(choice, tensor([*points, (torch.nan, torch.nan)], dtype=F64).T)
        return self.history[choice]

    def view(self) -> View:
        t_u, t_c = data.thermometer(F64)
        slope, error = self.measure(self.delta, self.scheme, self.precision)
        left = 1 - self.delta if self.scheme == "central" else 1.0
        w = torch.cat([tensor([left, 1 + self.delta]), torch.linspace(-0.2, 2.2, 61)]).to(F64)
        losses = ((w[:, None] * t_u - t_c) ** 2).mean(dim=1)
        ends = w[[2, -1]]
        others = set(itertools.product(["central", "forward"], ["float64", "float32"]))
        others = sorted(others - {(self.scheme, self.precision)})
        curves = {
            "loss": (w[2:], losses[2:]),
            "measured slope": (ends, losses[1] + slope * (ends - w[1])),
            "points compared": (w[:2], losses[:2]),
            "the other three choices": tuple(torch.cat([self.errors(*o) for o in others], dim=1)),
            "error of this choice": tuple(self.errors(self.scheme, self.precision)),
            "at this delta": tuple(tensor([[self.delta], [error]], dtype=F64)),
        }
        remark = f"The slope is off by {f'{error:.2g}' if error > 1e-3 else 'less than 0.001'}."
        return curves, {"slope": slope}, remark

    def target(self) -> Target:
        t_u, t_c = data.thermometer(F64)
        bend = theory.hessian(t_u)[0, 0].item() / 2
        rounding = torch.finfo(torch.float32).eps / 2 * mse(t_u, t_c).item()
        best = math.sqrt(rounding / bend)
        lesson = f"The curvature's error, {bend:.0f} * delta, and the rounding's, about "
        lesson += f"{rounding:.0e} / delta, are equally large near {best:.0e}."
        hint = "Choose forward and float32, and look for the lowest part of the blue curve."
        return best / 10, best * 10, lesson, hint


class ForgottenZeroGrad(Playground):
    """Notebook 04: 60 epochs with or without `zero_grad`, beside a zeroed run with `momentum`."""

    zero_grad = Switch(False, "zero_grad in each epoch")
    learning_rate = Number(1e-2, 1e-3, 0.1, "learning rate", step=0.01, log=True)
    momentum = Number(0.9, 0.0, 1.0, "momentum of the other run", step=0.05)
    CAPTION = (
        "Left: the loss of two runs in 60 epochs. Right: their paths over lines of equal loss."
    )
    EPOCHS = 60
    PANELS = (
        Panel("epoch", "loss (°C²)", (0, EPOCHS), log="y"),
        Panel("w (readings × 0.1)", "b", (-8, 18), (-48, 14)),
    )
    LOOKS: ClassVar = {
        "equal loss": Look(1, GREY, width=1, named=False),
        "best line": Look(1, BLACK, None, "star", size=13),
        "this loop": Look(0, BLUE),
        "zeroed, with momentum": Look(0, VERMILION, "dash"),
        "path of this loop": Look(1, BLUE, width=1, named=False),
        "path with momentum": Look(1, VERMILION, "dash", width=1, named=False),
    }

    def train(self, keep: float, t_un: Tensor, t_c: Tensor) -> tuple[Tensor, Tensor]:
        """The loop of notebook 04, with autograd: losses (60,) and path (61, 2).

        A share `keep` of the old gradient stays: 0 is zero_grad, 1 is to forget it, and what lies
        between is momentum, because backward() adds the new gradient to what is left.
        """
        params = tensor([1.0, 0.0], dtype=F64, requires_grad=True)
        losses, path = [], [params.tolist()]
        for _ in range(self.EPOCHS):
            if params.grad is not None:
                params.grad *= keep
            loss = mse(linear(t_un, *params), t_c)
            loss.backward()
            with torch.no_grad():
                params -= self.learning_rate * params.grad
            losses.append(loss.item())
            path.append(params.tolist())
        path = tensor(path, dtype=F64)
        return tensor(losses, dtype=F64), path.where(path.abs() < 1e3, torch.nan)

    def view(self) -> View:
        t_u, t_c = data.thermometer(F64)
        t_un, epochs = 0.1 * t_u, torch.arange(self.EPOCHS) + 1
        losses, path = self.train(0.0 if self.zero_grad else 1.0, t_un, t_c)
        rolled, rolled_path = self.train(self.momentum, t_un, t_c)
        best, floor = theory.least_squares(t_un, t_c)
        eigenvalues, eigenvectors = torch.linalg.eigh(theory.hessian(t_un))
        angle = torch.linspace(0, 2 * torch.pi, 81, dtype=F64)
        circle = torch.stack([angle.cos(), angle.sin()], dim=1)
        circle = torch.cat([circle, torch.full((1, 2), torch.nan)])  # lift the pen
        ring = circle * (2 * (losses[0] - floor) / eigenvalues).sqrt() @ eigenvectors.T
        rings = torch.cat([best + size * ring for size in (1.0, 0.5, 0.25)])
        early, late = losses[: self.EPOCHS // 2].max(), losses[self.EPOCHS // 2 :].max()
        falls = "falls" if late < early / 2 else "swings and does not settle"
        remark = f"The loss {falls if late < 3 * early else 'runs away'}; "
        remark += f"the best line has {floor:.4f}."
        results = {"loss": losses[-1].item(), "difference": (losses - rolled).abs().max().item()}
        curves = {
            "equal loss": tuple(rings.T),
            "best line": (best[:1], best[1:]),
            "this loop": (epochs, losses),
            "zeroed, with momentum": (epochs, rolled),
            "path of this loop": tuple(path.T),
            "path with momentum": tuple(rolled_path.T),
        }
        return curves, results, remark

    def target(self) -> Target:
        border = theory.critical_learning_rate(0.1 * data.thermometer(F64)[0]).item()
        lesson = f"The border is {2 * border:.4f}, twice the {border:.4f} of the correct loop: "
        lesson += "2 (1 + momentum) / lambda_max, with momentum 1."
        hint = "Without zero_grad, raise the learning rate until the loss runs away, then go back."
        return 1.96 * border, 2.04 * border, lesson, hint


class SplitRoulette(Playground):
    """Notebook 06: set two of the eleven readings aside, fit a line to nine; all 55 ways."""

    split = Number(14, 0, 54, "split")
    list_all = Switch(False, "list all 55 splits")
    CAPTION = "Left: nine readings, their line, two set aside. Right: both losses, by place."
    BUTTONS: ClassVar = {"Draw a split": "draw"}
    PANELS = (
        Panel("reading (°F)", "temperature (°C)", (18, 86), (-9, 33)),
        Panel("place among the 55, by validation loss", "loss (°C²)", (0, 56), (0.8, 30), log="y"),
    )
    LOOKS: ClassVar = {
        "line for the nine": Look(0, BLUE),
        "training": Look(0, BLACK, None, "circle"),
        "validation": Look(0, VERMILION, None, "diamond", size=11),
        "training loss": Look(1, BLUE, None, "circle", size=5),
        "validation loss": Look(1, VERMILION, None, "diamond"),
        "this split": Look(1, BLACK, None, "circle-open", size=15),
    }

    def __init__(self, **settings: float | bool) -> None:
        self._dice = torch.Generator().manual_seed(0)
        t_u, t_c = data.thermometer(F64)
        self.vals = torch.combinations(torch.arange(11), 2)
        rest = [[i for i in range(11) if i not in pair] for pair in self.vals.tolist()]
        self.trains = tensor(rest)
        fits = [theory.least_squares(t_u[train], t_c[train]) for train in self.trains]
        self.params, self.train_loss = (torch.stack(part) for part in zip(*fits, strict=True))
        t_p = linear(t_u[self.vals], *self.params.T[..., None])
        self.val_loss = ((t_p - t_c[self.vals]) ** 2).mean(dim=1)
        self.place = self.val_loss.argsort().argsort() + 1
        super().__init__(**settings)

    def draw(self) -> None:
        """Draw a split at random; every session draws the same ones."""
        self.split = torch.randint(55, (1,), generator=self._dice).item()

    def view(self) -> View:
        t_u, t_c = data.thermometer(F64)
        train, val, here = self.trains[self.split], self.vals[self.split], [self.split]
        self.remember(self.split)
        shown = list(range(55)) if self.list_all else list(self.history)
        reach = tensor([18.0, 86.0], dtype=F64)
        results = {
            "training": self.train_loss[here].item(),
            "validation": self.val_loss[here].item(),
        }
        results["place"] = self.place[here].item()
        remark = "Set aside: {:g} and {:g}. ".format(*t_u[val].tolist())
        remark += (
            f"Mean validation loss of the {len(shown)} shown: {self.val_loss[shown].mean():.2f}."
        )
        curves = {
            "line for the nine": (reach, linear(reach, *self.params[self.split])),
            "training": (t_u[train], t_c[train]),
            "validation": (t_u[val], t_c[val]),
            "training loss": (self.place[shown], self.train_loss[shown]),
            "validation loss": (self.place[shown], self.val_loss[shown]),
            "this split": (self.place[here], self.val_loss[here]),
        }
        return curves, results, remark

    def target(self) -> Target:
        second = self.val_loss.argsort()[-2]
        value, readings = self.val_loss[second].item(), data.thermometer(F64)[0][self.vals[second]]
        lesson = "It sets the two highest readings aside, {:g} and {:g}: ".format(
            *readings.tolist()
        )
        hint = "List all splits and move until the ring is around the last diamond but one."
        return value - 0.05, value + 0.05, f"{lesson}extrapolation again.", hint


class DegreeAndPenalty(Playground):
    """Notebook 06: four cures as four knobs. Points after the eleventh are invented, as there."""

    degree = Number(8, 0, 8, "degree")
    penalty = Number(0.0, 1e-7, 10.0, "L2 penalty", step=0.1, log=True, zero=True)
    noise = Number(0.0, 0.0, 30.0, "noise on the inputs, ±", step=0.5)
    points = Number(11, 11, 60, "points")
    CAPTION = "Left: the readings and the fitted curve. Right: both losses against the degree."
    PANELS = (
        Panel("reading (°F)", "temperature (°C)", (16, 90), (-25, 50)),
        Panel("degree", "loss (°C²)", (-0.5, 8.5), (0.3, 1e9), log="y"),
    )
    LOOKS: ClassVar = {
        "fitted curve": Look(0, BLUE),
        "readings": Look(0, BLACK, None, "circle", size=6),
        "training loss": Look(1, BLUE, "solid", "circle"),
        "leave-one-out loss": Look(1, VERMILION, "dash", "diamond"),
        "this degree": Look(1, BLACK, None, "circle-open", size=15, named=False),
    }

    def __init__(self, **settings: float) -> None:
        dice = torch.Generator().manual_seed(6)
        u, e = torch.rand(2, 49, generator=dice, dtype=F64)
        invented = (
            20 + 65 * u,
            (65 * u - 12) * 5 / 9 + 6 * e - 3,
        )  # true line, noise up to 3 degrees
        pairs = zip(data.thermometer(F64), invented, strict=True)
        self.t_u, self.t_c = (torch.cat(pair) for pair in pairs)
        self.shifts = 2 * torch.rand(60, 20, generator=dice, dtype=F64) - 1  # 20 copies of each
        super().__init__(**settings)

    def fit(self, rows: Tensor, penalty: float, noise: float, at: Tensor) -> Tensor:
        """Fit each row of point numbers with every degree; the predictions `at`, degrees first.

        The normal equations of all degrees are solved at once: those of degree 8, in which a lower
        degree sets the powers that it does not have to zero.
        """
        copies = self.shifts[rows] if noise else torch.zeros(*rows.shape, 1, dtype=F64)
        t = (self.t_u[rows][..., None] + noise * copies).flatten(1)
        t_c = self.t_c[rows].repeat_interleave(copies.shape[-1], dim=1)[..., None]
        mean, std = t.mean(dim=1, keepdim=True), t.std(dim=1, keepdim=True)
        inputs, new = (torch.linalg.vander((v - mean) / (2 * std), N=9) for v in (t, at))
        price = penalty * (torch.arange(9) > 0).to(F64).diag()  # no price on the offset
        matrix, right = inputs.mT @ inputs / t.shape[1] + price, inputs.mT @ t_c / t.shape[1]
        has = torch.ones(9, 9, dtype=F64).tril()[:, None, :, None]  # degrees, rows, powers
        matrix = matrix * has * has.mT + (1 - has[..., 0]).diag_embed()
        return (new @ torch.linalg.solve(matrix, right * has))[..., 0]

    def leave_one_out(self, penalty: float, noise: float = 0.0, points: int = 11) -> Tensor:
        """The leave-one-out loss of every degree, shape (9,)."""
        rows = tensor([[j for j in range(points) if j != i] for i in range(points)])
        left_out = self.fit(rows, penalty, noise, self.t_u[:points, None])[..., 0]
        return ((left_out - self.t_c[:points]) ** 2).mean(dim=1)

    def view(self) -> View:
        t_u, t_c = self.t_u[: self.points], self.t_c[: self.points]
        grid = torch.linspace(17, 89, 181, dtype=F64)
        rows, at = torch.arange(self.points)[None], torch.cat([t_u, grid])[None]
        fitted = self.fit(rows, self.penalty, self.noise, at)[:, 0]
        train = ((fitted[:, : self.points] - t_c) ** 2).mean(dim=1)
        loo = self.leave_one_out(self.penalty, self.noise, self.points)
        here, degrees = tensor([self.degree, self.degree]), torch.arange(9)
        results = {"training": train[self.degree].item(), "leave-one-out": loo[self.degree].item()}
        curves = {
            "fitted curve": (grid, fitted[self.degree, self.points :].clamp(-1e3, 1e3)),
            "readings": (t_u, t_c),
            "training loss": (degrees, train),
            "leave-one-out loss": (degrees, loo),
            "this degree": (here, torch.stack([train, loo])[:, self.degree]),
        }
        remark = f"The lowest leave-one-out loss is that of degree {loo.argmin()}: {loo.min():.4g}."
        return curves, results, remark

    def target(self) -> Target:
        penalties = [10 ** (k / 20) for k in range(-40, 1)]
        lowest, penalty = min((self.leave_one_out(p)[8].item(), p) for p in penalties)
        lesson = f"The lowest is {lowest:.2f}, at a penalty of {penalty:.2g}. "
        lesson += f"The plain line has {self.leave_one_out(0.0)[1]:.2f}."
        hint = "Degree 8, no noise, 11 points: move only the penalty."
        return 0.99 * lowest, 1.05 * lowest, lesson, hint
