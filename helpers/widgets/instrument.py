"""What all instruments share: settings, panels and curves by name, how they talk to the browser.

An instrument names them; js/instrument.js makes the controls and draws. The small ones compute
what they show in Python (`small.py`), the explorer computes it in the browser (`explorer.py`).
"""

import sys
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import anywidget
import traitlets

from .bundle import PAGE, plain
from .controls import Setting

Range = tuple[float, float]


class Panel(NamedTuple):
    """One pair of axes: titles, ranges (or None: each view says its own), which are logarithmic.

    `equal` draws one unit of y as long as one of x. `click` names the settings that a click into
    the panel sets: the one along x, the one along y; "" for none. `name` is what `hide` calls it.
    """

    title: str
    x: str
    y: str
    x_range: Range | None = None
    y_range: Range | None = None
    log: str = ""
    equal: bool = False
    click: tuple[str, str] = ("", "")
    name: str = ""


class Look(NamedTuple):
    """How a curve looks, and the number of its panel. Only a curve that is `named` has a legend.

    `marker` "squares" draws a square from (x, y) to a third column, the other y; "area" shades what
    the curve encloses, `size` is how much. Of a curve with a `trail`, one point, the browser keeps
    those shown before. A point without an x is drawn at the number of the try.
    """

    panel: int
    color: str
    dash: str = "solid"
    marker: str = ""
    size: float = 4
    width: float = 2
    named: bool = True
    trail: bool = False


class Instrument(anywidget.AnyWidget):
    """What all instruments share. Settings are traits: set them, or move a control.

    A setting that makes no sense raises TraitError (from Python) or is answered in words (from a
    control), and the last good state stays.
    """

    TITLE: ClassVar[str] = ""  # of its page; the name of the class if empty
    PANELS: ClassVar[tuple[Panel, ...]]
    LOOKS: ClassVar[dict[str, Look]] = {}  # none where the browser computes the curves
    spec = traitlets.Dict().tag(sync=True)  # what there is: for the browser, once
    shown = traitlets.Dict().tag(sync=True)  # what it shows: for the browser, at each move
    _answers, _hearing = 0, False

    def __init__(self, **settings: Any) -> None:
        members = [vars(cls) for cls in reversed(type(self).__mro__)]
        self.settings = {k: t for m in members for k, t in m.items() if isinstance(t, Setting)}
        if unknown := sorted(set(settings) - set(self.traits())):
            raise TypeError(f"no setting {', '.join(unknown)}: choose {', '.join(self.settings)}")
        try:
            super().__init__(**settings)
        except Exception:
            if "google.colab.output" not in sys.modules:
                raise
            # Colab has no manager for such widgets today: nobody will listen, a still is shown.
            super(anywidget.AnyWidget, self).__init__(**settings)
            self.comm.close()
            self.comm = None
        self._shown_for = self.values()
        self.observe(lambda change: self._refresh(), list(self.settings))
        self.on_msg(self._hear)

    def values(self) -> dict[str, Any]:
        """The present settings by name, as plain values."""
        return {name: getattr(self, name) for name in self.settings}

    def check(self, answer: float | dict | None) -> str:
        """A sentence on an answer to what the lesson asks: it begins with "✔", "✘" or "…"."""
        from ..exercises import instruments  # the one arrow there: none but the asked need it

        return instruments.check(self, answer)

    _ipython_display_ = None  # ipywidgets 7 has one, which would come before the bundle below

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict]:
        """Alive where widgets can be shown, facts elsewhere."""
        if self.comm is None:
            return {"text/plain": repr(self)}, {}
        return super()._repr_mimebundle_(**kwargs)

    # -- With the browser: one message from it for a move, one back

    @traitlets.default("spec")
    def _spec(self) -> dict[str, Any]:
        return {
            "name": type(self).__name__,
            "settings": {name: trait.control() for name, trait in self.settings.items()},
            "panels": [
                panel._replace(name=panel.name or f"panel{number}")._asdict()
                for number, panel in enumerate(self.PANELS)
            ],
            "looks": [{"name": name, **look._asdict()} for name, look in self.LOOKS.items()],
        }

    @traitlets.default("shown")
    def _show(self, problem: str = "") -> dict[str, Any]:
        """The settings, and what Python computes for them; `problem`: why a wish was refused."""
        self._answers += 1  # each message differs from the last, or it would not be sent
        return {"values": self.values(), "problem": problem, "answers": self._answers}

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

    # -- In pages, without a kernel

    def _given(self) -> dict[str, Any]:
        """What `standalone` in its module takes beside the element, as JSON would give it back."""
        return {"spec": self.spec, "values": self.values()}

    def page(self, path: str | Path | None = None) -> str:
        """The instrument with these settings as one HTML page, also written to `path`.

        The page holds everything it needs: it opens from disk and asks nobody for anything. Its
        address keeps the settings (`#w=0.5&b=-10`), and `#hide=w` hides a part.
        """
        title = self.TITLE or type(self).__name__
        text = PAGE % {"title": title, "script": self.script("instrument")}
        if path is not None:
            Path(path).write_text(text, encoding="utf-8")
        return text

    def script(self, place: str, *, link: bool = True) -> str:
        """A module that puts the instrument into the element of a page whose id is `place`.

        With `link` the address of the page keeps the state; one with other anchors wants none.
        """
        module = str(self._esm).replace("</script", r"<\/script")
        given = f"{plain(self._given())}, {plain(link)}"
        return f'{module}\nstandalone(document.getElementById("{place}"), {given});\n'
