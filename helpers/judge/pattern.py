"""In how far values are off: a factor, a sign, a rule that holds on every data set.

All that is said here is true of the values that came, whatever led to them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from .compare import CLUE, numbers, numbers_of, same

Facts = Mapping[str, Sequence[Tensor]]  # a name, and what it stands for on each data set
Clauses = Callable[[int, list[Tensor]], str]  # what a relative says of one part


class Part(NamedTuple):
    """One of the numbers that come back, on all data sets."""

    place: int
    name: str
    came: list[Tensor]
    true: list[Tensor]

    @property
    def right(self) -> bool:
        return all(map(same, self.came, self.true))


def rounded(seen: Sequence[Any], expected: Sequence[Any]) -> str:
    """Words for numbers that are all nearly right, as after rounding to four decimals."""
    exact = True
    for came, true in zip(map(numbers_of, seen), map(numbers_of, expected), strict=True):
        if came is None or true is None or [x.shape for x in came] != [x.shape for x in true]:
            return ""
        pairs = [*zip(came, true, strict=True)]
        near = all(torch.allclose(*pair, rtol=1e-3, atol=5.1e-5) for pair in pairs)
        if not near or all(same(*pair) for pair in pairs):  # or what differs is no number
            return ""
        exact &= all(
            torch.allclose(*pair, rtol=1e-5, atol=1e-7)
            or any(torch.equal(pair[0], pair[0].round(decimals=digits)) for digits in range(6))
            for pair in pairs
        )
    if not exact:
        return (
            "your value is nearly right, within a thousandth: was something rounded on the way, or "
            "a small thing left out?"
        )
    return "your value is nearly right; was something rounded, or computed in float32?"


def parts(seen: Sequence[Any], expected: Sequence[Any]) -> list[Part]:
    """The numbers that came beside the true ones; none if they cannot be laid side by side."""
    rows = [(numbers_of(came), numbers_of(true)) for came, true in zip(seen, expected, strict=True)]
    if any(came is None or true is None or len(came) != len(true) for came, true in rows):
        return []
    if any(a.shape != b.shape for came, true in rows for a, b in zip(came, true, strict=True)):
        return []
    came, true = (list(zip(*side, strict=False)) for side in zip(*rows, strict=True))
    names = value_names(expected[0])
    both = enumerate(zip(came, true, strict=True))
    return [Part(place, names(place + 1), list(a), list(b)) for place, (a, b) in both]


def pattern(
    seen: Sequence[Any], expected: Sequence[Any], facts: Facts | None = None,
    clauses: Clauses | None = None,
) -> str:  # fmt: skip
    """A rule in how far the values are off: a factor, a sign, a constant, one of several parts.

    With `facts` it may be a rule with what was handed over, with `clauses` what a relative of the
    right answer has there.
    """
    beside = parts(seen, expected)
    off = [part for part in beside if not part.right]
    words = []
    for part in off:
        word = steady(part) or (clauses(part.place, part.came) if clauses else "")
        word = word or (with_facts(part, facts) or by_entries(part) if facts is not None else "")
        words.append(word)
    if len(beside) == 1:
        return f"your value {words[0]}" if off and words[0] else ""
    if not any(words):
        return ""
    return ", and ".join(
        f"{part.name} {w or 'is not right'}" for part, w in zip(off, words, strict=True)
    )


def only_part(seen: Sequence[Any], expected: Sequence[Any]) -> str:
    """Which of several values is wrong, where nothing else can be said of it."""
    beside = parts(seen, expected)
    off = [part.name for part in beside if not part.right]
    return f"{off[0]} is not right, the others are" if 0 < len(off) < len(beside) else ""


def _flat(tensors: Sequence[Tensor]) -> Tensor:
    return torch.cat([each.flatten() for each in tensors])


def _close(one: Tensor, other: Tensor) -> bool:
    return torch.allclose(one, other, rtol=1e-6, atol=1e-9)


def steady(part: Part) -> str:
    """The same factor, or the same distance, everywhere."""
    came, true = _flat(part.came), _flat(part.true)
    ratio, difference = (came / true)[true.abs() > 1e-9], came - true
    if len(ratio) and torch.allclose(ratio, ratio[0], rtol=1e-6, atol=0):
        times = ratio.mean().item()
        word = {-1.0: "has the wrong sign", 0.0: "is always 0"}.get(round(times, 6))
        return word or f"is {times:.4g} times the true one"
    if torch.allclose(difference, difference[0], rtol=1e-6, atol=0):
        return f"is always off by {difference.mean().item():.4g}"
    if len(came) == len(part.came) > 1 and bool((came == came[0]).all()):
        return f"is always {came[0].item():.6g}, whatever comes in"
    if bool((came.abs() > 1e12 * true.abs().max()).any()) and bool(true.any()):
        return "is enormous: does something divide that is nearly 0?"
    return ""


def with_facts(part: Part, facts: Facts) -> str:
    """A rule that holds on all data sets: with the true value, or with what was handed over."""
    came, true = _flat(part.came), _flat(part.true)
    if len(came) < 2 or not bool((came - came[0]).any()):
        return ""
    for word, other in _of_the_true(true):
        if bool(other.isfinite().all()) and _close(came, other):
            return word
    for name, values in facts.items():
        if any(b.ndim and a.shape != b.shape for a, b in zip(part.true, values, strict=True)):
            continue
        both = zip(part.true, values, strict=True)
        fact = _flat([torch.zeros_like(a) + b for a, b in both])
        for word, other in _with(name, fact, true, came):
            if bool(other.isfinite().all()) and _close(came, other):
                return word
    return ""


def _of_the_true(true: Tensor) -> Iterator[tuple[str, Tensor]]:
    yield "is upside down: 1 over the true one", 1 / true
    yield "is the square of the true one", true**2
    yield "is the root of the true one", true.sqrt()
    yield "is the true one without its sign, and the sign counts", true.abs()
    yield "is 1 minus the true one", 1 - true
    for digits in (0, 1, 2, 3):
        yield f"is the true one rounded to {digits} decimals: keep all", true.round(decimals=digits)
    yield "is the true one without its decimals: keep all", true.trunc()
    yield "is the true one, but nothing below 0: are signs cut off?", true.clamp(min=0)


def _with(name: str, fact: Tensor, true: Tensor, came: Tensor) -> Iterator[tuple[str, Tensor]]:
    yield f"is {name}, just as it came", fact
    if not bool((fact - fact[0]).any()):
        return  # a fact that never changes would explain too much
    yield f"is the true one times {name}", true * fact
    yield f"is the true one divided by {name}", true / fact
    step = (came - fact) / (true - fact)
    steady = bool(step.isfinite().all()) and same(step, torch.full_like(step, step[0].item()))
    if steady and abs(step[0].item()) > 1e-9:
        far = f"{step[0].item():.4g} times as far as it should"
        yield f"moves {name} {'the wrong way' if same(step[0], -1.0) else far}", came
    yield f"is off by {name}: that much too large", true + fact
    yield f"is off by {name}: that much too small", true - fact
    yield f"is off by twice {name}: look at its sign", true + 2 * fact
    yield f"is off by twice {name}: look at its sign", true - 2 * fact
    yield f"is the true one times the square of {name}", true * fact**2
    yield f"is the true one divided by the square of {name}", true / fact**2
    yield f"is minus the true one times {name}", -true * fact
    yield f"is minus the true one divided by {name}", -true / fact


def by_entries(part: Part) -> str:
    """Which entries of a tensor are wrong, or what became of their order."""
    came, true = part.came, part.true
    if any(each.ndim == 0 or len(each) < 2 for each in true):
        scalars = all(each.ndim == 0 for each in true)
        sizes = scalars and all(same(a.abs(), b.abs()) for a, b in zip(came, true, strict=True))
        return "has the right size, but not always the right sign" if sizes else ""
    pairs = [*zip(came, true, strict=True)]
    rules: dict[str, Callable[[Tensor, Tensor], bool]] = {
        "holds the right values, in reverse order": lambda a, b: same(a, b.flip(0)),
        "holds the right values, in another order": lambda a, b: same(
            a.sort(dim=0).values, b.sort(dim=0).values
        ),
        "begins with the second of the right values": lambda a, b: same(a[:-1], b[1:]),
        "has each value one place too late": lambda a, b: same(a[1:], b[:-1]),
        "adds up as it goes": lambda a, b: same(a, b.cumsum(0)),
        "has the right sizes, but not all of the right signs": lambda a, b: same(a.abs(), b.abs()),
    }
    for word, holds in rules.items():
        if all(holds(*pair) for pair in pairs):
            return word
    wrong = [
        [i for i, (a, b) in enumerate(zip(*pair, strict=True)) if not same(a, b)] for pair in pairs
    ]
    ends = {(i, i - len(b)) for places, (_, b) in zip(wrong, pairs, strict=True) for i in places}
    if len({first for first, _ in ends}) == 1:
        return f"is right but for entry {min(ends)[0] + 1}"
    if {last for _, last in ends} == {-1}:
        return "is right but for the last entry"
    if all(
        0 not in places and len(places) == len(b) - 1
        for places, (_, b) in zip(wrong, pairs, strict=True)
    ):
        return "is right in its first entry alone"
    return ""


def facts(names: Sequence[str], cases: Sequence[tuple]) -> Facts:
    """The numbers that are handed over, and how many of them come in a row."""
    found: dict[str, list[Tensor]] = {}
    for name, values in zip(names, zip(*cases, strict=False), strict=False):
        known = [numbers(value) for value in values]
        if not name or any(each is None for each in known):
            continue
        found[name] = [each for each in known if each is not None]
        if all(each.ndim == 1 for each in found[name]):
            found[f"len({name})"] = [torch.tensor(float(len(each))) for each in found[name]]
    return found


def times(came: Sequence[Tensor], other: Sequence[Tensor], facts: Facts) -> str:
    """How often `other` is in what came: "twice", "half of", "minus"; nothing if it is a guess."""
    a, b = _flat(came), _flat(other)
    if not bool((b.abs() > 1e-9).all()) or not bool((b - b[0]).any()):
        return ""
    factors: dict[str, Any] = {
        "minus": -1.0, "twice": 2.0, "half of": 0.5, "minus twice": -2.0, "minus half of": -0.5,
    }  # fmt: skip
    n = next((values for name, values in facts.items() if name.startswith("len(")), ())
    if n and all(each.ndim == 0 for each in other):
        several = torch.stack([*n]).to(b.dtype)
        factors |= {"n times": several, "1 / n of": 1 / several}
    return next((word for word, factor in factors.items() if _close(a, factor * b)), "")


def where_right(facts: Facts, wrong: Sequence[int]) -> str:
    """What the data sets have in common on which an answer is right, if it is something plain."""
    for name, tensors in facts.items():
        if any(each.ndim for each in tensors):
            continue
        values = [each.item() for each in tensors]
        good = {values[i] for i in range(len(values)) if i not in wrong}
        bad = {values[i] for i in wrong}
        plain = {11.0} if name.startswith("len(") else {0.0, 1.0}  # 11 readings has the series
        if len(good) == 1 and not good & bad and good <= plain:
            return f"right where {name} is {good.pop():g}, wrong elsewhere: is that built in?"
        for sign, what in ((1, "above"), (-1, "below")):
            if all(sign * value > 0 for value in good) and all(sign * value < 0 for value in bad):
                return f"right where {name} is {what} 0, wrong on the other side: look at its sign"
    return ""


def among(come: Sequence[Any], true: Any) -> str:
    """Words for several values where one was asked for, if the right one is among them."""
    hits = [place for place, value in enumerate(come, 1) if same(value, true)]
    if not hits or len(come) < 2:
        return ""
    return f"value {hits[0]} of your {len(come)} is the right one: return it alone"


def value_names(expected: Any) -> Callable[[int], str]:
    """How the n-th number of an observation is called: by its key, or by its place."""
    if not isinstance(expected, Mapping):
        return "value {}".format
    keys = [k for k, v in expected.items() if not k.startswith(CLUE) and not isinstance(v, bool)]
    return lambda number: f'"{keys[number - 1]}"'
