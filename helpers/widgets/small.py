"""What the small instruments share: `SmallInstrument`, which computes in Python what is shown.

A subclass, one file each, lists its settings, its panels and the looks of its curves, and computes
in `view()` what the present settings give. This file draws stills and computes the frames of
pages. To add one: a new file beside this one, and its name in `__init__.py`.
"""

import itertools
import json
import math
from dataclasses import dataclass, field
from typing import Any, ClassVar

import torch
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import LogLocator, MaxNLocator
from torch import Tensor

from .. import plots
from ..tools.palette import png
from ..training import loss_text
from .bundle import bundle
from .controls import Choice, Number, Switch
from .instrument import Instrument, Look, Panel, Range

__all__ = ["F64", "Choice", "Look", "Number", "Panel", "SmallInstrument", "Switch", "View"]

F64 = torch.float64
COLORS = {"blue": plots.BLUE, "vermilion": plots.VERMILION, "green": plots.GREEN}
COLORS |= {"purple": plots.PURPLE, "black": "#000000", "grey": "#777777"}
DASHES = {"solid": "-", "dash": "--", "dot": ":", "": ""}
MARKERS = {"circle": "o", "ring": "o", "diamond": "D", "star": "*", "": ""}


@dataclass
class View:
    """The columns of each curve, results by name (the first is the large one), a remark in words.

    `ranges` are those of panels that have none of their own: number of the panel -> (x, y).
    """

    curves: dict[str, tuple[Tensor, ...]]
    results: dict[str, float]
    remark: str
    ranges: dict[int, tuple[Range, Range]] = field(default_factory=dict)


class SmallInstrument(Instrument):
    """An instrument whose views Python computes. `words` says what is shown."""

    CAPTION: ClassVar[str]  # what the picture shows, whatever the settings
    GRID: ClassVar[dict[str, list]]  # where the controls can stand in a page without a kernel
    TRIES: ClassVar[dict[str, str]] = {}  # a curve with a trail: "Lowest ..." or "Mean ..."
    BUTTONS: ClassVar[dict[str, str]] = {}  # what a button says: the setting that it draws anew
    _kept: ClassVar[dict[tuple, dict[str, Any]]] = {}  # the frames of each, once computed
    _esm = bundle("small.js")

    def view(self) -> View:
        """What PyTorch computes for the present settings. Each instrument has its own."""
        raise NotImplementedError

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

    @traitlets.default("spec")
    def _spec(self) -> dict[str, Any]:
        return super()._spec() | {"buttons": self.BUTTONS, "tries": self.TRIES}

    @traitlets.default("shown")
    def _show(self, problem: str = "") -> dict[str, Any]:
        self._view = self.view()
        return super()._show(problem) | _plain(self, self._view, 6)

    # -- Without a kernel: a still picture, and pages

    def still(self) -> tuple[Figure, str]:
        """The first two panels in matplotlib, and the sentence: for readers without a kernel."""
        fig = Figure(figsize=(9, 3.6), dpi=96, layout="none")
        for number, panel in enumerate(self.PANELS[:2]):
            ax = fig.add_axes([0.095 + 0.5 * number, 0.14, 0.395, 0.7])
            xs, ys = self._view.ranges.get(number, (panel.x_range, panel.y_range))
            ax.set(xlabel=panel.x, ylabel=panel.y, xlim=xs, ylim=ys)
            ax.set(**{f"{axis}scale": "log" for axis in panel.log})
            ax.set_aspect("equal" if panel.equal else "auto")
            ax.apply_aspect()
            for axis, letter, (low, high) in zip((ax.xaxis, ax.yaxis), "xy", (xs, ys), strict=True):
                subs = (1, 2, 5) if high < 1e3 * low else (1,)
                log = LogLocator(subs=subs, numticks=6)  # each tick takes time
                axis.set_major_locator(log if letter in panel.log else MaxNLocator(6))
                axis.set_major_formatter("{x:g}")
            ax.minorticks_off()
            for name, look in self.LOOKS.items():
                if look.panel == number:
                    _draw(ax, name, look, self._view.curves[name])
            ax.legend(
                loc="lower left",
                bbox_to_anchor=(0, 1),
                ncols=2,
                fontsize=9,
                frameon=False,
                columnspacing=1.2,
                handlelength=1.5,
            )
        return fig, f"{self.CAPTION} {self.words}"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict]:
        """Alive where widgets can be shown; the still and its sentence everywhere else."""
        data, metadata = super()._repr_mimebundle_(**kwargs)
        fig, sentence = self.still()
        still = {"image/png": png(fig, plots.SHARPNESS, optimize=False), "text/plain": sentence}
        words = {"image/png": {"alt": sentence, "width": round(fig.bbox.width)}}
        return data | still, metadata | words

    def frames(self) -> dict[str, Any]:
        """The views on the page grid, to four digits: `grid`, `pool`, `frames` in its order.

        What views share stands in the pool once; a frame holds the places of its parts there.
        """
        key = (type(self).__name__, *self.values().items())
        if key in self._kept:  # a site shows each instrument in its lesson and on its own page
            return self._kept[key]
        double = type(self)(**self.values())
        double.close()  # it speaks to no browser
        double.unobserve_all()  # and computes only when asked
        pool: dict[str, int] = {}

        def place(part: object) -> int:
            return pool.setdefault(json.dumps(part, separators=(",", ":")), len(pool))

        frames = []
        for values in itertools.product(*self.GRID.values()):
            with double.hold_trait_notifications():
                for name, value in zip(self.GRID, values, strict=True):
                    setattr(double, name, value)
            plain = _plain(self, double.view(), 4)
            curves = [[place(column) for column in curve] for curve in plain.pop("curves")]
            frames.append([curves, *map(place, plain.values())])
        texts = f"[{','.join(pool)}]"
        self._kept[key] = {"grid": self.GRID, "pool": json.loads(texts), "frames": frames}
        return self._kept[key]

    def _given(self) -> dict[str, Any]:
        return super()._given() | self.frames()


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


def _plain(instrument: SmallInstrument, view: View, digits: int) -> dict[str, Any]:
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
