"""What the small instruments share: `Instrument`, and the names of its panels and curves.

A subclass, one file each, lists its settings, its panels and the looks of its curves, and computes
in `view()` what the present settings give. js/instrument.js makes the controls and draws; this file
answers it, and writes stills and pages. To add one: a new file beside this one, and its name in
`__init__.py`.
"""

import io
import itertools
import json
import math
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import anywidget
import torch
import traitlets
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image
from torch import Tensor

from .. import plots
from ..judge import NOT_YET, Target, check_number
from ..tools.palette import few_colours
from ..training import loss_text
from .bundle import InPages, bundle
from .controls import Choice, Number, Switch

F64 = torch.float64
COLORS = {"blue": plots.BLUE, "vermilion": plots.VERMILION, "green": plots.GREEN}
COLORS |= {"purple": plots.PURPLE, "black": "#000000", "grey": "#777777"}
DASHES = {"solid": "-", "dash": "--", "dot": ":", "": ""}
MARKERS = {"circle": "o", "ring": "o", "diamond": "D", "star": "*", "": ""}
Range = tuple[float, float]


class Panel(NamedTuple):
    """One pair of axes: titles, ranges (or None: each view says its own), which are logarithmic.

    `equal` draws one unit of y as long as one of x. `click` names the settings that a click into
    the panel sets: the one along x, the one along y; "" for none.
    """

    title: str
    x: str
    y: str
    x_range: Range | None = None
    y_range: Range | None = None
    log: str = ""
    equal: bool = False
    click: tuple[str, str] = ("", "")


class Look(NamedTuple):
    """How a curve looks, and the number of its panel. Only a curve that is `named` has a legend.

    `marker` "squares" draws a square from (x, y) to a third column, the other y. Of a curve with a
    `trail`, one point, the browser keeps those shown before. A point without an x is drawn at the
    number of the try.
    """

    panel: int
    color: str
    dash: str = "solid"
    marker: str = ""
    size: float = 4
    width: float = 2
    named: bool = True
    trail: bool = False


@dataclass
class View:
    """The columns of each curve, results by name (the first is the large one), a remark in words.

    `ranges` are those of panels that have none of their own: number of the panel -> (x, y).
    """

    curves: dict[str, tuple[Tensor, ...]]
    results: dict[str, float]
    remark: str
    ranges: dict[int, tuple[Range, Range]] = field(default_factory=dict)


class Instrument(InPages, anywidget.AnyWidget):
    """What the small instruments share. Settings are traits: set them, or move a control.

    A setting that makes no sense raises TraitError (from Python) or is answered in words (from a
    control), and the last good state stays. `words` says what is shown.
    """

    CAPTION: ClassVar[str]  # what the picture shows, whatever the settings
    PANELS: ClassVar[tuple[Panel, ...]]
    LOOKS: ClassVar[dict[str, Look]]
    GRID: ClassVar[dict[str, list]]  # where the controls can stand in a page without a kernel
    TRIES: ClassVar[dict[str, str]] = {}  # a curve with a trail: "Lowest ..." or "Mean ..."
    BUTTONS: ClassVar[dict[str, str]] = {}  # what a button says: the setting that it draws anew
    _esm = bundle("instrument.js")
    spec = traitlets.Dict().tag(sync=True)  # what there is: for the browser, once
    shown = traitlets.Dict().tag(sync=True)  # what it shows: for the browser, at each move
    _answers, _hearing = 0, False

    def __init__(self, **settings: float | str | bool) -> None:
        kinds = Number | Choice | Switch
        members = [vars(cls) for cls in reversed(type(self).__mro__)]
        self.settings = {k: t for m in members for k, t in m.items() if isinstance(t, kinds)}
        if unknown := sorted(set(settings) - set(self.settings)):
            raise TypeError(f"no setting {', '.join(unknown)}: choose {', '.join(self.settings)}")
        super().__init__(**settings)
        self._shown_for = self.values()
        self.observe(lambda change: self._refresh(), list(self.settings))
        self.on_msg(self._hear)

    def view(self) -> View:
        """What PyTorch computes for the present settings. Each instrument has its own."""
        raise NotImplementedError

    def target(self) -> Target:
        """The number to find with this instrument, computed. Each instrument has its own."""
        raise NotImplementedError

    def values(self) -> dict[str, Any]:
        """The present settings by name."""
        return {name: getattr(self, name) for name in self.settings}

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

    @property
    def words(self) -> str:
        """The settings, the results and the remark as one text."""
        return f"{self._facts()}. {self._view.remark}"

    def __repr__(self) -> str:
        """Facts, in at most 110 characters (ipywidgets cuts longer ones)."""
        return f"<{type(self).__name__}: {self._facts()}>"

    def _facts(self) -> str:
        """Settings and results; a choice needs no name, what is off goes without saying."""
        said = [f"{name} {results}" for name, results in _texts(self._view.results)]
        for name, trait in reversed(self.settings.items()):
            value = getattr(self, name)
            if isinstance(trait, Number):
                said.insert(0, f"{name} {value:g}")
            elif value:
                said.insert(0, name if value is True else value)
        return ", ".join(said)

    # -- With the browser: one message from it for a move, one back

    @traitlets.default("spec")
    def _spec(self) -> dict[str, Any]:
        return {
            "name": type(self).__name__,
            "settings": {name: trait.control() for name, trait in self.settings.items()},
            "panels": [panel._asdict() for panel in self.PANELS],
            "looks": [{"name": name, **look._asdict()} for name, look in self.LOOKS.items()],
            "buttons": self.BUTTONS,
            "tries": self.TRIES,
        }

    @traitlets.default("shown")
    def _show(self, problem: str = "") -> dict[str, Any]:
        self._view = self.view()
        self._answers += 1  # each message differs from the last, or it would not be sent
        told = {"values": self.values(), "problem": problem, "answers": self._answers}
        return told | _plain(self, self._view, 6)

    def _refresh(self, problem: str | None = None) -> None:
        if self._hearing or (problem is None and self._shown_for == self.values()):
            return
        self._shown_for = self.values()
        self.shown = self._show(problem or "")

    def _hear(self, _: object, wishes: dict[str, Any], __: object) -> None:
        """A control was moved: adopt all its settings or none, and answer once."""
        problem, self._hearing = "", True
        try:
            with self.hold_trait_notifications():
                for name in set(wishes) & set(self.settings):
                    setattr(self, name, wishes[name])
        except traitlets.TraitError as error:
            problem = f"{error}. The last good value stays."
        finally:
            self._hearing = False
        self._refresh(problem)

    # -- Without a kernel: a still picture, and pages

    def still(self) -> tuple[Figure, str]:
        """The first two panels in matplotlib, and the sentence: for readers without a kernel."""
        fig = Figure(figsize=(9, 3.6), dpi=96, layout="none")  # as wide as the series' figures
        for number, panel in enumerate(self.PANELS[:2]):
            ax = fig.add_axes([0.08 + 0.5 * number, 0.14, 0.41, 0.76])
            xs, ys = self._view.ranges.get(number, (panel.x_range, panel.y_range))
            ax.set(xlabel=panel.x, ylabel=panel.y, xlim=xs, ylim=ys)
            ax.set(**{f"{axis}scale": "log" for axis in panel.log})
            ax.set_aspect("equal" if panel.equal else "auto")
            ax.apply_aspect()
            for axis, (low, high) in zip("xy", (xs, ys), strict=True):
                if axis in panel.log and high < 1e3 * low:
                    plots.plain_ticks(getattr(ax, f"{axis}axis"))
                elif axis in panel.log:  # a formula at each tick would take half of the time
                    getattr(ax, f"{axis}axis").set_major_formatter("{x:g}")
            ax.minorticks_off()
            for name, look in self.LOOKS.items():
                if look.panel == number:
                    _draw(ax, name, look, self._view.curves[name])
            ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, fontsize=9, frameon=False)
        return fig, f"{self.CAPTION} {self.words}"

    _ipython_display_ = None  # ipywidgets 7 has one, which would come before the bundle below

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict]:
        """Alive where widgets can be shown; the still and its sentence everywhere else."""
        fig, sentence = self.still()
        width, png = round(fig.bbox.width), io.BytesIO()
        fig.set_dpi(plots.SHARPNESS * fig.dpi)
        canvas = FigureCanvasAgg(fig)
        canvas.draw()
        image = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba())
        few_colours(image.convert("RGB")).save(png, "png")
        data = {"image/png": png.getvalue(), "text/plain": sentence}
        if self.comm is not None:  # nobody listens: no widget
            data = super()._repr_mimebundle_(**kwargs)[0] | data
        return data, {"image/png": {"alt": sentence, "width": width}}

    def frames(self) -> dict[str, Any]:
        """The views on the page grid, to four digits: `grid`, `pool`, `frames` in its order.

        What views share stands in the pool once; a frame holds the places of its parts there.
        """
        double = type(self)(**self.values())
        double.close()  # it speaks to no browser
        pool: dict[str, int] = {}

        def place(part: object) -> int:
            return pool.setdefault(json.dumps(part, separators=(",", ":")), len(pool))

        frames = []
        for values in itertools.product(*self.GRID.values()):
            with double.hold_trait_notifications():
                for name, value in zip(self.GRID, values, strict=True):
                    setattr(double, name, value)
            plain = _plain(self, double._view, 4)
            curves = [[place(column) for column in curve] for curve in plain.pop("curves")]
            frames.append([curves, *map(place, plain.values())])
        return {"grid": self.GRID, "pool": [json.loads(text) for text in pool], "frames": frames}

    def _given(self) -> dict[str, Any]:
        return {"spec": self.spec, "values": self.values(), **self.frames()}


def _draw(ax: Axes, name: str, look: Look, columns: tuple[Tensor, ...]) -> None:
    color, label = COLORS[look.color], name if look.named and len(columns[0]) else None
    if look.marker == "squares":
        (left, low), (right, high) = ax.transData.transform([(0, 0), (1, 1)])
        for x, y, other in zip(*(column.tolist() for column in columns), strict=True):
            width = abs(other - y) * (high - low) / (right - left)
            ax.add_patch(Rectangle((x, y), width, other - y, ec=color, fc="none", lw=look.width))
        ax.plot([], [], "s", color=color, mfc="none", label=label)
        return
    style = {"linestyle": DASHES[look.dash], "linewidth": look.width, "color": color}
    style |= {"marker": MARKERS[look.marker], "markersize": 1.6 * look.size}
    style["markerfacecolor"] = "none" if look.marker == "ring" else color
    ax.plot(*columns, label=label, **style)


def _plain(instrument: Instrument, view: View, digits: int) -> dict[str, Any]:
    """A view for JSON."""
    return {
        "curves": [[_numbers(c, digits) for c in view.curves[name]] for name in instrument.LOOKS],
        "results": _texts(view.results),
        "remark": view.remark,
        "ranges": {str(number): ranges for number, ranges in view.ranges.items()},
    }


def _numbers(values: Tensor, digits: int) -> list[float | None]:
    return [float(f"{v:.{digits}g}") if math.isfinite(v) else None for v in values.tolist()]


def _texts(results: dict[str, float]) -> list[tuple[str, str]]:
    return [(name, loss_text(value)) for name, value in results.items()]
