"""The settings of a small instrument: traits with limits, and what its controls must know."""

from typing import Any

import traitlets


class Number(traitlets.TraitType):
    """A setting from `low` to `high`, whole if `low` is an int: a slider and a box.

    With `log` the slider counts in factors of ten and `step` is a part of one; with `zero` its left
    end means 0. `fresh` says that what was tried before counts no more once this is changed.
    """

    def __init__(
        self, default, low, high, label, *, step=1, log=False, zero=False, fresh=False
    ) -> None:
        super().__init__(default)
        self.low, self.high, self.label, self.step = low, high, label, step
        self.log, self.zero, self.fresh, self.kind = log, zero, fresh, type(low)

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

    def control(self) -> dict[str, Any]:
        """What the browser needs to make the control, for JSON."""
        names = "label", "low", "high", "step", "log", "zero", "fresh"
        return {"kind": "number"} | {name: getattr(self, name) for name in names}


class Choice(traitlets.Enum):
    """A setting with a few named values: a list to choose from."""

    def __init__(self, values: list[str], default: str, label: str) -> None:
        super().__init__(values, default)
        self.label = label

    def validate(self, obj: traitlets.HasTraits, value: str) -> str:
        if not isinstance(value, str) or value not in self.values:
            raise traitlets.TraitError(f"{self.name} is {value!r}: give {', '.join(self.values)}")
        return value

    def control(self) -> dict[str, Any]:
        return {"kind": "choice", "label": self.label, "options": self.values}


class Switch(Choice):
    """A setting that is on or off: a checkbox."""

    def __init__(self, default: bool, label: str) -> None:
        super().__init__([False, True], default, label)

    def validate(self, obj: traitlets.HasTraits, value: bool) -> bool:
        if not isinstance(value, bool):  # 1 and 0 would count as values
            raise traitlets.TraitError(f"{self.name} is {value!r}: give True or False")
        return value

    def control(self) -> dict[str, Any]:
        return {"kind": "switch", "label": self.label}
