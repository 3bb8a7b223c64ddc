"""The settings of an instrument: traits with limits, and what their controls must know.

The browser makes the controls from what `control()` says and knows the same limits.
"""

from collections.abc import Sequence
from typing import Any

import traitlets


class Setting(traitlets.TraitType):
    """A setting with a label. What is asked of it in words ends each of its errors."""

    def __init__(self, default: object, label: str, **control: Any) -> None:
        super().__init__(default)
        self.label, self.more = label, control

    def refuse(self, value: object, wish: str) -> None:
        """Raise the error on a value that makes no sense."""
        given = repr(value)
        if isinstance(value, float) and not value.is_integer():
            given = f"{value:g}"
        raise traitlets.TraitError(f"{self.name} is {given}: give {wish}")

    def control(self) -> dict[str, Any]:
        """What the browser needs to make the control, for JSON."""
        return {"kind": type(self).__name__.lower(), "label": self.label} | self.more


class Number(Setting):
    """A setting from `low` to `high`, whole if `low` is an int: a slider and a box.

    With `log` the slider counts in factors of ten and `step` is a part of one; with `zero` its left
    end means 0. `slider` is where it ends, if not at the limits. `fresh` says that what was tried
    before counts no more once this is changed.
    """

    def __init__(
        self, default: float, low: float, high: float, label: str, *, step: float = 1, **more: Any
    ) -> None:
        super().__init__(default, label, low=low, high=high, step=step, **more)
        self.low, self.high, self.step, self.zero = low, high, step, more.get("zero", False)
        self.whole = self.more["whole"] = isinstance(low, int)

    def validate(self, obj: traitlets.HasTraits, value: float) -> float:
        number = isinstance(value, int if self.whole else int | float)
        number = number and not isinstance(value, bool)
        if number and (self.low <= value <= self.high or (self.zero and value == 0)):
            return value if self.whole else float(value)
        kind = "0, or a number" if self.zero else f"a {'whole ' * self.whole}number"
        return self.refuse(value, f"{kind} from {self.low:g} to {self.high:g}")


class Choice(Setting):
    """A setting with a few named values: buttons side by side. `texts` are other words for them."""

    def __init__(
        self, values: list[str], default: str, label: str, texts: Sequence[str] = ()
    ) -> None:
        super().__init__(default, label, options=values, texts=list(texts or values))
        self.values = values

    def validate(self, obj: traitlets.HasTraits, value: str) -> str:
        known = isinstance(value, str) and value in self.values
        return value if known else self.refuse(value, ", ".join(self.values))


class Switch(Setting):
    """A setting that is on or off: a checkbox."""

    def validate(self, obj: traitlets.HasTraits, value: bool) -> bool:
        # 1 and 0 are no truth values
        return value if isinstance(value, bool) else self.refuse(value, "True or False")
