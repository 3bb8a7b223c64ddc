"""The settings of a small instrument: traits with limits, and the controls that move them."""

import math

import ipywidgets as ipw
import traitlets


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
