"""What all pictures are made of: colours for light and dark paper, words, boxes, arrows, cells."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from torch import Tensor

# --- colours -------------------------------------------------------------------------------------

PALETTE = {  # name: (on light paper, on dark paper); the strokes are those of Okabe and Ito
    "paper": ("#ffffff", "#16181c"),
    "ink": ("#1a1a1a", "#f2f2f2"),
    "soft": ("#4a4a4a", "#c8c8c8"),
    "blue": ("#0072b2", "#56b4e9"),
    "blue tint": ("#e8f2f9", "#10283a"),
    "vermilion": ("#d55e00", "#e69f00"),
    "vermilion tint": ("#fdf0e8", "#35250f"),
    "green": ("#009e73", "#2bc79a"),
    "green tint": ("#e6f5f0", "#0d2b23"),
    "purple": ("#b35c8d", "#e3a3c6"),
    "purple tint": ("#f9eff5", "#33202b"),
}

# Every kind has a second cue besides its colour: a dash pattern, a width or a shape.
COLOURS = {
    ".paper": {"fill": "paper"},
    "text": {"fill": "ink"},
    ".small": {"fill": "soft"},
    ".step": {"fill": "blue tint", "stroke": "blue"},
    ".slope": {"fill": "vermilion tint", "stroke": "vermilion"},
    ".learned": {"fill": "green tint", "stroke": "green"},
    ".data": {"fill": "purple tint", "stroke": "purple"},
    ".copy": {"fill": "paper", "stroke": "soft"},
    ".flow": {"stroke": "soft"},
    ".back": {"stroke": "vermilion"},
    ".flow-head": {"fill": "ink"},
    ".back-head": {"fill": "vermilion"},
}

SHAPES = """
  .pic { max-width: 100%; height: auto }
  .pic text { font: 17px system-ui, sans-serif; text-anchor: middle }
  .pic .small, .pic .cell { font-size: 16px } .pic .strong { font-size: 18px; font-weight: 600 }
  .pic .code { font: 16px ui-monospace, monospace } .pic .left { text-anchor: start }
  .pic rect { stroke-width: 2 } .pic .learned { stroke-width: 4 }
  .pic .slope { stroke-dasharray: 7 4 } .pic .data { stroke-dasharray: 2 3 }
  .pic .copy { stroke-width: 1; stroke-dasharray: 4 3 }
  .pic path { fill: none; stroke-width: 2.5 } .pic .back { stroke-dasharray: 7 4 }
"""


def style() -> str:
    """The style sheet: shapes, then the colours on light paper, then those on dark paper.

    Everything is below the class `pic`, because the style of a picture that is put inside a page
    would otherwise reach the page.
    """

    def rules(scheme: int) -> str:
        lines = []
        for selectors, roles in COLOURS.items():
            scoped = ", ".join(f".pic {selector}" for selector in selectors.split(", "))
            colours = "; ".join(f"{what}: {PALETTE[role][scheme]}" for what, role in roles.items())
            lines.append(f"  {scoped} {{ {colours} }}\n")
        return "".join(lines)

    return f"{SHAPES}{rules(0)}  @media (prefers-color-scheme: dark) {{\n{rules(1)}  }}\n"


# --- pieces that all pictures are made of --------------------------------------------------------


def at(value: float) -> str:
    """A coordinate. One decimal hides the last digits, in which processors differ."""
    return f"{round(value, 1) + 0:g}"  # + 0 turns -0 into 0


def number(value: Tensor | float, decimals: int = 4) -> str:
    """A number for readers: at most `decimals` decimals, no idle zeros, a real minus sign."""
    rounded = round(value.item() if isinstance(value, Tensor) else value, decimals) + 0.0
    digits = f"{rounded:.{decimals}f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return digits.replace("-", "−")


def pair(values: Tensor) -> str:
    """A parameter or gradient tensor as readers write it: (w, b)."""
    return f"({', '.join(number(value) for value in values)})"


def text(x: float, y: float, words: str, kind: str = "") -> str:
    """One line of words, centred on x unless `kind` holds "left" or "right"; y is its base line."""
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{at(x)}" y="{at(y)}"{named}>{escape(words)}</text>'


def rectangle(x: float, y: float, width: float, height: float, kind: str, radius: int = 0) -> str:
    """A rectangle around the centre (x, y)."""
    corner = f'x="{at(x - width / 2)}" y="{at(y - height / 2)}"'
    size = f'width="{at(width)}" height="{at(height)}"'
    return f'<rect class="{kind}" {corner} {size} rx="{radius}"/>'


def box(
    x: float, y: float, width: float, *lines: str, kind: str = "step", strong: bool = False
) -> str:
    """A rounded box around the centre (x, y) that is as high as its lines of words need.

    The first line is the heading; `strong` makes the last one, the result, stand out too.
    """
    kinds = ["", *["small"] * (len(lines) - 1)]
    if strong:
        kinds[-1] = "strong"
    first = y + 6 - 11.5 * (len(lines) - 1)
    words = [text(x, first + 23 * i, line, kinds[i]) for i, line in enumerate(lines)]
    return rectangle(x, y, width, 23 * len(lines) + 16, kind, 10) + "".join(words)


def line(points: Iterable[tuple[float, float]], kind: str) -> str:
    """A line through the points."""
    return f'<path class="{kind}" d="M{"L".join(f"{at(x)} {at(y)}" for x, y in points)}"/>'


def polygon(points: Iterable[tuple[float, float]], kind: str) -> str:
    """A filled shape."""
    corners = " ".join(f"{at(x)},{at(y)}" for x, y in points)
    return f'<polygon class="{kind}" points="{corners}"/>'


def arrow(*points: tuple[float, float], kind: str = "flow") -> str:
    """An arrow along the points. `kind` is "flow" (solid) or "back" (dashed, a backward pass).

    The head is a shape of its own: a marker would need an id, and ids clash inside one page.
    """
    (x0, y0), (x1, y1) = points[-2:]
    length, half = 12, 6
    reach = math.hypot(x1 - x0, y1 - y0)
    dx, dy = (x1 - x0) / reach, (y1 - y0) / reach
    x, y = x1 - length * dx, y1 - length * dy
    head = [(x1, y1), (x - half * dy, y + half * dx), (x + half * dy, y - half * dx)]
    return line([*points[:-1], (x, y)], kind) + polygon(head, f"{kind}-head")


def cells(x: float, y: float, values: Tensor, shape: Sequence[int], size: int = 40) -> str:
    """The two-dimensional `values` as a grid of cells with the upper left corner (x, y).

    Only the first `shape` rows and columns are there in memory; the rest are drawn as copies.
    """
    drawn = []
    for i, row in enumerate(values.tolist()):
        for j, value in enumerate(row):
            real = i < shape[0] and j < shape[1]
            middle = x + size * (j + 0.5), y + size * (i + 0.5)
            drawn.append(rectangle(*middle, size - 3, size - 3, "step" if real else "copy", 3))
            kind = "cell" if real else "small"
            drawn.append(text(middle[0], middle[1] + 6, number(value), kind))
    return "".join(drawn)


@dataclass
class Picture:
    """What a picture shows: its title, its alternative text, its size and its parts."""

    title: str
    alt: str
    height: int
    parts: Sequence[str]
    width: int = 860

    def svg(self, name: str) -> str:
        """The whole file. `name` makes the ids unique, for several pictures inside one page."""
        size = f'viewBox="0 0 {self.width} {self.height}" width="{self.width}"'
        labels = f'role="img" aria-labelledby="{name}-title {name}-desc"'
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" class="pic" {size} '
                f'height="{self.height}" {labels}>',
                f'<title id="{name}-title">{escape(self.title)}</title>',
                f'<desc id="{name}-desc">{escape(self.alt)}</desc>',
                f"<style>{style()}</style>",
                f'<rect class="paper" width="{self.width}" height="{self.height}" rx="8"/>',
                *self.parts,
                "</svg>\n",
            ]
        )
