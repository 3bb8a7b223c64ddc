"""Draw the pictures of the series as SVG files: `python pics/draw.py`.

`python pics/draw.py --check` writes nothing and fails where a file is not what this program draws;
`python pics/draw.py --alt` prints the alternative texts. What the pictures say is computed with the
helpers that the notebooks teach. The files follow the reader's light or dark theme, hold no script
and no fonts, refer to nothing outside, and are the same bytes on every run.
"""

import argparse
import math
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

import torch
from torch import Tensor

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))  # helpers/ lies next to pics/, wherever we are called from

from helpers.data import thermometer  # noqa: E402
from helpers.losses import mse  # noqa: E402
from helpers.models import linear  # noqa: E402
from helpers.theory import least_squares, predict_path  # noqa: E402
from helpers.training import mse_gradient  # noqa: E402

# --- what the pictures are about: the choices of the notebooks, everything else follows ----------

T_U, T_C = thermometer(torch.float64)  # not the default dtype: an import must not change it
START = torch.tensor([1.0, 0.0], dtype=torch.float64)  # (w, b)
SCALE, LEARNING_RATE, N_EPOCHS = 0.1, 1e-2, 5000  # the run of notebook 02
VAL = [1, 6]  # split A of notebook 06
TRAIN = [i for i in range(len(T_U)) if i not in VAL]
DEGREES = {"underfit": 0, "fit": 1, "overfit": len(TRAIN) - 1}

# --- colours -------------------------------------------------------------------------------------

PALETTE = {  # name: (on light paper, on dark paper); the strokes are those of Okabe and Ito
    "paper": ("#ffffff", "#16181c"),
    "ink": ("#1a1a1a", "#f2f2f2"),
    "soft": ("#4a4a4a", "#c8c8c8"),
    "grid": ("#d4d4d4", "#3c4047"),
    "blue": ("#0072b2", "#56b4e9"),
    "blue tint": ("#e8f2f9", "#10283a"),
    "vermilion": ("#d55e00", "#e69f00"),
    "vermilion tint": ("#fdf0e8", "#35250f"),
    "green": ("#009e73", "#009e73"),
    "green tint": ("#e6f5f0", "#0d2b23"),
    "purple": ("#cc79a7", "#cc79a7"),
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
    ".flow, .error": {"stroke": "soft"},
    ".back": {"stroke": "vermilion"},
    ".curve": {"stroke": "blue"},
    ".grid": {"stroke": "grid"},
    ".flow-head, .reading": {"fill": "ink"},
    ".back-head, .held-out": {"fill": "vermilion"},
}

SHAPES = """
  .pic { max-width: 100%; height: auto }
  .pic text { font: 17px system-ui, sans-serif; text-anchor: middle }
  .pic .small, .pic .cell { font-size: 16px } .pic .strong { font-size: 18px; font-weight: 600 }
  .pic .code { font: 16px ui-monospace, monospace } .pic .left { text-anchor: start }
  .pic .right { text-anchor: end }
  .pic rect { stroke-width: 2 } .pic .learned { stroke-width: 4 }
  .pic .slope { stroke-dasharray: 7 4 } .pic .data { stroke-dasharray: 2 3 }
  .pic .copy { stroke-width: 1; stroke-dasharray: 4 3 }
  .pic path { fill: none; stroke-width: 2.5 } .pic .back { stroke-dasharray: 7 4 }
  .pic .grid, .pic .error { stroke-width: 1 }
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
class Plot:
    """A plot area: the corner, the size, and the stretch of numbers that each axis covers."""

    left: float
    top: float
    width: float
    height: float
    x: tuple[float, float] = (18, 86)
    y: tuple[float, float] = (-20, 50)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where on the paper the point (x, y) lies."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return self.left + across * self.width, self.top + (1 - up) * self.height

    def frame(self, x_ticks: Iterable[int], y_ticks: Iterable[int], numbered: bool = True) -> str:
        """Grid lines and what the axes show; without `numbered` the panel to the left tells °C."""
        right, bottom = self.left + self.width, self.top + self.height
        drawn = [text(self.left + self.width / 2, bottom + 42, "reading t_u", "small")]
        for tick in x_ticks:
            x, _ = self.at(tick, 0)
            drawn.append(line([(x, self.top), (x, bottom)], "grid"))
            drawn.append(text(x, bottom + 20, number(tick), "small"))
        for tick in y_ticks:
            _, y = self.at(0, tick)
            drawn.append(line([(self.left, y), (right, y)], "grid"))
            if numbered:
                drawn.append(text(self.left - 8, y + 5, number(tick), "small right"))
        if numbered:
            drawn.append(text(self.left - 8, self.top - 12, "°C", "small right"))
        return "".join(drawn)

    def curve(self, points: Sequence[tuple[float, float]], kind: str = "curve") -> str:
        """A curve through the points, cut off where it leaves the plot area."""
        low, high = self.y
        drawn, piece = [], []
        for (x0, y0), (x1, y1) in pairwise(points):
            # The part of this stretch, from 0 to 1, that lies between the lower and upper edge.
            slope = y1 - y0
            if slope:
                ends = sorted([(low - y0) / slope, (high - y0) / slope])
            else:
                ends = [0.0, 1.0] if low <= y0 <= high else [1.0, 0.0]
            start, end = max(ends[0], 0.0), min(ends[1], 1.0)
            if start < end:
                part = [(x0 + k * (x1 - x0), y0 + k * slope) for k in (start, end)]
                piece += part[1:] if piece else part
            if piece and (start >= end or end < 1):
                drawn.append(piece)
                piece = []
        drawn += [piece] if piece else []
        return "".join(line([self.at(*point) for point in piece], kind) for piece in drawn)

    def readings(self, indices: Iterable[int], held_out: Iterable[int] = ()) -> str:
        """The thermometer's readings: dots, and diamonds for those that are held out."""
        drawn = []
        for i in indices:
            x, y = self.at(T_U[i].item(), T_C[i].item())
            drawn.append(f'<circle class="reading" cx="{at(x)}" cy="{at(y)}" r="5"/>')
        for i in held_out:
            x, y = self.at(T_U[i].item(), T_C[i].item())
            diamond = [(x, y - 8), (x + 8, y), (x, y + 8), (x - 8, y)]
            drawn.append(polygon(diamond, "held-out"))
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


# --- the pictures --------------------------------------------------------------------------------


def learning_loop() -> Picture:
    """Notebook 01: what learning is."""
    return Picture(
        "The learning loop",
        "The learning loop: inputs and parameters go into the model, which makes predictions (the "
        "forward pass), and the loss compares them with the desired outputs (the error). The "
        "backward pass turns the loss into one slope for each parameter, the update changes the "
        "parameters, and the loop repeats.",
        330,
        [
            text(95, 30, "data", "strong"),
            box(95, 75, 150, "inputs", "t_u", kind="data"),
            box(320, 75, 170, "model", "w · t_u + b"),
            box(545, 75, 170, "predictions", "t_p"),
            box(545, 250, 190, "loss", "mean of (t_p − t_c)²"),
            text(760, 205, "data", "strong"),
            box(760, 250, 160, "desired outputs", "t_c", kind="data"),
            box(320, 250, 170, "gradient", "a slope for each", kind="slope"),
            box(95, 250, 150, "parameters", "w, b", kind="learned"),
            arrow((172, 75), (233, 75)),
            arrow((407, 75), (458, 75)),
            text(432, 140, "1 forward pass", "strong"),
            arrow((545, 108), (545, 217)),
            text(559, 170, "2 error", "strong left"),
            arrow((678, 250), (642, 250)),
            arrow((448, 250), (407, 250), kind="back"),
            text(428, 310, "3 backward pass", "strong"),
            arrow((233, 250), (175, 250)),
            text(203, 310, "4 update", "strong"),
            arrow((95, 215), (95, 162), (320, 162), (320, 108)),
            text(203, 152, "repeat", "strong"),
        ],
    )


def forward_backward() -> Picture:
    """Notebook 02: the chain rule, with the numbers of the first reading."""
    w, b = START.clone().requires_grad_().unbind()
    product = w * T_U
    prediction = product + b
    difference = prediction - T_C
    square = difference**2
    loss = square.mean()
    chain = [product, prediction, difference, square]
    # autograd as the referee: the slope of the loss in every value along the way
    begin, *slopes, dw, db = torch.autograd.grad(loss, [loss, *chain, w, b])
    by_hand = mse_gradient(T_U, T_C, linear(T_U, *START))
    assert torch.allclose(torch.stack([dw, db]), by_hand)
    first = [number(values[0]) for values in chain]
    d_product, d_prediction, d_difference, d_square = (number(slope[0]) for slope in slopes)
    # the slope of a step: how the slopes of the loss on its two sides differ
    plus, minus = number(slopes[0][0] / slopes[1][0]), number(slopes[1][0] / slopes[2][0])
    begin = number(begin)
    t_u, t_c, n = number(T_U[0]), number(T_C[0]), len(T_U)
    w0, b0 = number(w), number(b)

    x = [90, 260, 430, 600, 770]
    up, low, width = 162, 318, 140
    forward = [
        box(x[0], up, width, "product", f"{w0} × {t_u}", first[0], strong=True),
        box(x[1], up, width, "prediction", f"{first[0]} + {b0}", first[1], strong=True),
        box(x[2], up, width, "difference", f"{first[1]} − {t_c}", first[2], strong=True),
        box(x[3], up, width, "square", f"{first[2]}²", first[3], strong=True),
        box(x[4], up, width, "loss", f"mean of {n}", number(loss), strong=True),
        box(54, 72, 68, f"w = {w0}", kind="learned"),
        box(147, 72, 106, f"t_u = {t_u}", kind="data"),
        box(x[1], 72, 74, f"b = {b0}", kind="learned"),
        box(x[2], 72, 100, f"t_c = {t_c}", kind="data"),
        box(x[4], 72, 130, f"+ {n - 1} squares"),
        *(arrow((column, 93), (column, 118)) for column in (54, 138, x[1], x[2], x[4])),
        *(arrow((left + 72, up), (right - 72, up)) for left, right in pairwise(x)),
    ]
    twice = number(2 * difference[0])
    backward = [
        box(x[4], low, width, "start with", "dL/dL", begin, kind="slope", strong=True),
        box(
            x[3], low, width, "dL/d square", f"{begin} × 1/{n}", d_square, kind="slope", strong=True
        ),
        *(
            box(x[i], low, width, f"dL/d {name}", how, slope, kind="slope", strong=True)
            for i, name, how, slope in [
                (2, "difference", f"{d_square} × {twice}", d_difference),
                (1, "prediction", f"{d_difference} × {minus}", d_prediction),
                (0, "product", f"{d_prediction} × {plus}", d_product),
            ]
        ),
        *(arrow((right - 72, low), (left + 72, low), kind="back") for left, right in pairwise(x)),
        arrow((x[4], 206), (x[4], 273), kind="back"),
    ]
    along_w = number(slopes[0][0] * T_U[0])
    sums = [
        (128, 216, f"{d_product} × {t_u} = {along_w}", f"dL/dw = {number(dw)}"),
        (345, 178, f"{d_prediction} × {plus} = {d_prediction}", f"dL/db = {number(db)}"),
    ]
    results = [
        *(
            box(
                middle,
                462,
                wide,
                "first reading",
                one,
                f"sum of all {n}:",
                every,
                kind="slope",
                strong=True,
            )
            for middle, wide, one, every in sums
        ),
        arrow((x[0], 363), (x[0], 406), kind="back"),
        arrow((x[1], 363), (x[1], 406), kind="back"),
        text(456, 428, "An arrow back multiplies by the slope of", "small left"),
        text(456, 453, f"the mean: 1/{n} = {d_square}", "small left"),
        text(456, 478, f"the square: 2 × {first[2]} = {twice}", "small left"),
        text(456, 503, f"− t_c and + b: {minus}", "small left"),
        text(456, 528, f"the product: t_u = {t_u}", "small left"),
    ]
    return Picture(
        "Forward and backward pass through the thermometer's computation",
        f"Forward and backward pass at w = {w0} and b = {b0}. Forward, the first reading gives "
        f"product {first[0]}, prediction {first[1]}, difference {first[2]}, square {first[3]}, "
        f"and the mean of all {n} squares is the loss {number(loss)}; backward, its slopes "
        f"{d_square}, {d_difference}, {d_prediction} and {d_product} lead to {along_w} for w and "
        f"{d_prediction} for b, and the sums over all {n} readings are dL/dw = {number(dw)} and "
        f"dL/db = {number(db)}.",
        545,
        [
            text(20, 34, "forward pass: first reading, left to right", "strong left"),
            *forward,
            text(20, 250, "backward pass: slopes of the loss L, right to left", "strong left"),
            *backward,
            *results,
        ],
    )


def two_graphs() -> Picture:
    """Notebook 07: training and validation share the parameters and nothing else."""
    params = START.clone().requires_grad_()
    losses = {
        part: mse(linear(SCALE * T_U[indices], *params), T_C[indices])
        for part, indices in (("training", TRAIN), ("validation", VAL))
    }
    (gradient,) = torch.autograd.grad(losses["training"], params)
    (other,) = torch.autograd.grad(losses["validation"], params)

    rows = [85, 150, 215, 280, 345]
    steps = ["× w", "+ b", "− t_c", "square", "mean"]
    drawn = [
        box(430, rows[0], 100, f"w = {number(params[0])}", kind="learned"),
        box(430, rows[1], 100, f"b = {number(params[1])}", kind="learned"),
        text(430, 34, "shared: parameters", "strong"),
    ]
    sides = [("training", 240, 80, 1, TRAIN), ("validation", 620, 780, -1, VAL)]
    for part, middle, outside, inward, indices in sides:
        drawn.append(text((middle + outside) / 2, 34, f"{part} graph", "strong"))
        drawn += [box(middle, y, 120, step) for y, step in zip(rows, steps, strict=True)]
        drawn += [
            arrow((middle - 22 * inward, y0 + 21), (middle - 22 * inward, y1 - 21))
            for y0, y1 in pairwise([*rows, 424])
        ]
        drawn.append(box(middle, 436, 150, f"{part} loss", number(losses[part]), strong=True))
        for y, name in ((rows[0], f"{number(SCALE)} × t_u"), (rows[2], "t_c")):
            drawn.append(box(outside, y, 116, f"{len(indices)} readings", name, kind="data"))
            drawn.append(arrow((outside + 59 * inward, y), (middle - 62 * inward, y)))
        for y in rows[:2]:
            drawn.append(arrow((430 - 53 * inward, y - 8), (middle + 62 * inward, y - 8)))
    drawn += [  # the way back, from the training loss to the parameters, and on that side only
        arrow((262, y1 - 21), (262, y0 + 21), kind="back") for y0, y1 in pairwise([*rows, 424])
    ]
    drawn += [arrow((302, y + 9), (376, y + 9), kind="back") for y in rows[:2]]
    drawn += [
        text(430, 240, "train_loss.backward()", "code"),
        text(430, 268, "fills params.grad with", "small"),
        text(430, 296, f"dL/dw {number(gradient[0])}", "strong"),
        text(430, 320, f"dL/db {number(gradient[1])}", "strong"),
        text(766, 340, "no backward()", "strong"),
        text(766, 364, "from here", "small"),
    ]
    return Picture(
        "Two graphs that share only the parameters",
        f"Two computation graphs side by side: the {len(TRAIN)} training readings lead to the "
        f"training loss {number(losses['training'])}, the {len(VAL)} validation readings to the "
        f"validation loss {number(losses['validation'])}, and the parameters w = "
        f"{number(params[0])} and b = {number(params[1])} are all that both have in common. "
        f"backward is called on the training loss only: params.grad becomes {pair(gradient)}, "
        f"and the {pair(other)} of the validation loss never enters.",
        490,
        drawn,
    )


LOOP_BY_HAND = [  # (indentation, line); a test runs both loops
    (0, "for _ in range(n_epochs):"),
    (1, "t_p = linear(t_u, *params)"),
    (1, "loss = mse(t_p, t_c)"),
    (1, "loss.backward()"),
    (1, "with torch.no_grad():"),
    (2, "params -= lr * params.grad"),
    (1, "params.grad = None"),
]
MAKE_OPTIMIZER = "optimizer = SGD([params], lr=lr)"
LOOP_WITH_OPTIMIZER = [
    (0, "for _ in range(n_epochs):"),
    (1, "t_p = linear(t_u, *params)"),
    (1, "loss = mse(t_p, t_c)"),
    (1, "optimizer.zero_grad()"),
    (1, "loss.backward()"),
    (1, "optimizer.step()"),
]


def training_loops() -> Picture:
    """Notebook 05: which line replaces which."""
    top, step = 86, 46
    left_x, right_x = 20, 520

    def code(x: float, row: float, indent: int, words: str) -> str:
        return text(x + 16 + 38 * indent, top + step * row + 6, words, "code left")

    def mark(x: float, first: int, last: int, width: float, kind: str) -> str:
        middle = top + step * (first + last) / 2
        return rectangle(x + width / 2, middle, width, step * (last - first) + 36, kind, 8)

    def middle(first: int, last: int) -> float:
        return top + step * (first + last) / 2

    return Picture(
        "The training loop by hand and with an optimizer",
        f"Two training loops side by side. By hand, {len(LOOP_BY_HAND) - 1} lines an epoch: "
        "forward pass, loss, backward pass, the update inside no_grad, clearing the gradient; "
        f"with an optimizer {len(LOOP_WITH_OPTIMIZER) - 1}: optimizer.step() replaces the update, "
        "optimizer.zero_grad() replaces params.grad = None and stands before the backward pass.",
        460,
        [
            text(left_x, 38, "by hand", "strong left"),
            text(right_x, 38, "with an optimizer", "strong left"),
            mark(left_x + 42, 4, 5, 328, "step"),
            mark(left_x + 42, 6, 6, 328, "slope"),
            mark(right_x + 42, 5, 5, 278, "step"),
            mark(right_x + 42, 3, 3, 278, "slope"),
            *(code(left_x, i, *row) for i, row in enumerate(LOOP_BY_HAND)),
            *(code(right_x, i, *row) for i, row in enumerate(LOOP_WITH_OPTIMIZER)),
            arrow(
                (392, middle(4, 5)), (464, middle(4, 5)), (464, middle(5, 5)), (560, middle(5, 5))
            ),
            arrow(
                (392, middle(6, 6)),
                (500, middle(6, 6)),
                (500, middle(3, 3)),
                (560, middle(3, 3)),
                kind="back",
            ),
            text(427, middle(4, 5) - 9, "update", "small"),
            text(427, middle(6, 6) - 9, "clear", "small"),
            text(right_x, 410, "made once, before the loop:", "small left"),
            text(right_x, 436, MAKE_OPTIMIZER, "code left"),
        ],
    )


def line_points(params: Tensor, low: float, high: float) -> list[tuple[float, float]]:
    """Two points of the line `params`."""
    return [(x, linear(x, *params).item()) for x in (low, high)]


def before_after() -> Picture:
    """Notebook 02: what training did to the line."""
    scaled = predict_path(SCALE * T_U, T_C, START, LEARNING_RATE, N_EPOCHS)[-1]
    trained = scaled * torch.tensor([SCALE, 1.0], dtype=torch.float64)  # for the readings as read
    _, floor = least_squares(T_U, T_C)
    drawn, losses = [], []
    for left, heading, params in ((62, "before training", START), (492, "after training", trained)):
        plot = Plot(left, 100, 340, 260, y=(-10, 90))
        w, b = (number(value) for value in params)
        loss = mse(linear(T_U, *params), T_C)
        losses.append(loss)
        drawn += [
            text(left + 170, 34, heading, "strong"),
            text(left + 170, 62, f"w = {w}, b = {b}: loss {number(loss)}", "small"),
            plot.frame([20, 40, 60, 80], [0, 20, 40, 60, 80]),
            *(
                line([plot.at(x, y), plot.at(x, linear(x, *params).item())], "error")
                for x, y in zip(T_U.tolist(), T_C.tolist(), strict=True)
            ),
            plot.curve(line_points(params, *plot.x)),
            plot.readings(range(len(T_U))),
        ]
    w, b = (number(value) for value in trained)
    return Picture(
        "The line before and after training",
        f"Two panels with the {len(T_U)} readings. Before training the line with w = "
        f"{number(START[0])} and b = {number(START[1])} lies far above all points, loss "
        f"{number(losses[0])}; after {N_EPOCHS} epochs the line with w = {w} and b = {b} runs "
        f"through their middle, loss {number(losses[1])}, the best line's being {number(floor)}.",
        420,
        drawn,
    )


def gradients(n_epochs: int, zero_grad: bool) -> tuple[list[Tensor], list[Tensor]]:
    """Train on the rescaled readings: each epoch's own gradient, and what `.grad` holds then."""
    params = START.clone().requires_grad_()
    own, held = [], []
    for _ in range(n_epochs):
        t_p = linear(SCALE * T_U, *params)
        own.append(mse_gradient(SCALE * T_U, T_C, t_p.detach()))
        mse(t_p, T_C).backward()
        held.append(params.grad.clone())
        with torch.no_grad():
            params -= LEARNING_RATE * params.grad
        if zero_grad:
            params.grad = None
    return own, held


def accumulation() -> Picture:
    """Notebook 04: `.grad` is added to, unless somebody clears it."""
    middles, n_epochs = [105, 430, 755], 3
    drawn, stories = [], {}
    for top, zero_grad in ((20, False), (290, True)):
        own, held = gradients(n_epochs, zero_grad)
        stories[zero_grad] = ", ".join(number(grad[0]) for grad in held)
        heading = "with zero_grad()" if zero_grad else "without zero_grad()"
        says = "each epoch sees its own gradient" if zero_grad else "the old sum stays in .grad"
        drawn.append(text(20, top + 20, f"{heading}: {says}", "strong left"))
        for epoch, (x, new, grad) in enumerate(zip(middles, own, held, strict=True), 1):
            w, b = (number(value) for value in grad)
            drawn += [
                text(x, top + 58, f"epoch {epoch} adds", "small"),
                text(x, top + 83, pair(new)),
                arrow((x, top + 94), (x, top + 128)),
                box(
                    x,
                    top + 175,
                    168,
                    "params.grad",
                    f"dL/dw {w}",
                    f"dL/db {b}",
                    kind="step" if zero_grad else "slope",
                ),
            ]
        for x0, x1 in pairwise(middles):
            middle = (x0 + x1) / 2
            if zero_grad:  # the way from one sum to the next is cut
                drawn += [
                    arrow((x0 + 86, top + 175), (middle - 4, top + 175)),
                    line([(middle, top + 160), (middle, top + 190)], "flow"),
                    text(middle, top + 150, "zero_grad()", "code"),
                    text(middle, top + 214, "None", "code"),
                ]
            else:
                drawn += [
                    arrow((x0 + 86, top + 175), (x1 - 86, top + 175), kind="back"),
                    text(middle, top + 162, "kept", "strong"),
                ]
    return Picture(
        "Gradients accumulate unless they are cleared",
        f"Two rows with the gradient of the first {n_epochs} epochs on the readings times "
        f"{number(SCALE)}, learning rate {number(LEARNING_RATE)}. Without zero_grad every new "
        f"gradient is added to the sum of all earlier ones, dL/dw in .grad is {stories[False]}; "
        f"with zero_grad every epoch sees the gradient of its own parameters only, "
        f"{stories[True]}.",
        530,
        drawn,
    )


def broadcasting() -> Picture:
    """Notebook 01: four shapes and what their products look like."""
    x = torch.tensor(2.0)
    y = torch.tensor([[1.0], [2.0], [3.0]])
    z = torch.tensor([[1.0, 10.0, 100.0]])
    a = torch.tensor([[[1.0]], [[2.0]]])
    size = 40

    def operand(left: float, top: float, name: str, values: Tensor, result: Tensor) -> str:
        """One operand, its own cells solid and its copies dashed, sheet beside sheet."""
        shape = tuple(values.shape)
        full = values.broadcast_to(result.shape)
        sheets = full if full.ndim == 3 else full[None]
        own = (1,) * (3 - len(shape)) + shape  # a shape is filled up with ones from the left
        drawn = []
        for i, sheet in enumerate(sheets):
            real = own[1:] if i < own[0] else (0, 0)
            drawn.append(cells(left + i * (3 * size + 8), top, sheet, real, size))
        reach = len(sheets) * sheets.shape[2] * size + (len(sheets) - 1) * 8
        drawn.append(text(left + reach / 2, top - 34, name, "code"))
        drawn.append(text(left + reach / 2, top - 12, str(shape), "small"))
        return "".join(drawn)

    def sign(left: float, top: float, words: str) -> str:
        return text(left, top + 1.5 * size + 6, words, "strong")

    upper, lower = 110, 358
    xy, yz = x * y, y * z
    yza = yz * a
    return Picture(
        "Broadcasting four shapes",
        "Broadcasting drawn as grids of cells, repeated values dashed. "
        f"{tuple(x.shape)} times {tuple(y.shape)} gives {tuple(xy.shape)}, {tuple(y.shape)} times "
        f"{tuple(z.shape)} gives {tuple(yz.shape)}, and that times {tuple(a.shape)} gives "
        f"{tuple(yza.shape)}: two sheets, the second {number(a[1])} times the first.",
        535,
        [
            text(20, 34, "a number, a column", "strong left"),
            operand(34, upper, "x", x, xy),
            sign(95, upper, "×"),
            operand(116, upper, "y", y, xy),
            sign(177, upper, "="),
            operand(198, upper, "x * y", xy, xy),
            text(388, 34, "a column, a row", "strong left"),
            operand(388, upper, "y", y, yz),
            sign(527, upper, "×"),
            operand(546, upper, "z", z, yz),
            sign(685, upper, "="),
            operand(704, upper, "y * z", yz, yz),
            text(20, 282, "a table, two sheets", "strong left"),
            operand(20, lower, "y * z", yz, yza),
            sign(287, lower, "×"),
            operand(306, lower, "a", a, yza),
            sign(573, lower, "="),
            operand(592, lower, "y * z * a", yza, yza),
            text(430, 515, "dashed: repeated by broadcasting, not stored", "small"),
        ],
    )


def polynomial(degree: int) -> Callable[[Tensor], Tensor]:
    """The polynomial of least squares through the training readings of split A (notebook 06)."""
    mean, std = T_U[TRAIN].mean(), T_U[TRAIN].std()

    def powers(t: Tensor) -> Tensor:
        z = (t - mean) / (2 * std)  # mostly within -1 to 1, so that no power becomes huge
        return torch.stack([z**k for k in range(degree + 1)], dim=1)

    weights = torch.linalg.lstsq(powers(T_U[TRAIN]), T_C[TRAIN]).solution
    return lambda t: powers(t) @ weights


def fitting() -> Picture:
    """Notebook 06: too simple, right, too flexible."""
    drawn, losses = [], {}
    low, high = T_U.min().item(), T_U.max().item()
    t = torch.tensor([low + (high - low) * i / 601 for i in range(602)], dtype=torch.float64)
    shapes = ["a constant", "a line", "a wild curve"]
    for left, (name, degree), shape in zip((62, 332, 602), DEGREES.items(), shapes, strict=True):
        model = polynomial(degree)
        curve = model(t)
        train, val = (mse(model(T_U[part]), T_C[part]) for part in (TRAIN, VAL))
        losses[name] = f"{number(train, 2)} and {number(val, 2)}"
        plot = Plot(left, 100, 240, 240)
        drawn += [
            text(left + 120, 34, name, "strong"),
            text(left + 120, 62, f"degree {degree}: {shape}", "small"),
            plot.frame([20, 40, 60, 80], [-20, 0, 20, 40], numbered=not drawn),
            plot.curve(list(zip(t.tolist(), curve.tolist(), strict=True))),
            plot.readings(TRAIN, VAL),
            text(left + 120, 416, f"training loss {number(train, 2)}"),
            text(left + 120, 442, f"validation loss {number(val, 2)}"),
        ]
    reach = f"{number(curve.min(), 0)} to {number(curve.max(), 0)} °C"
    drawn += [
        text(
            430,
            480,
            f"dots: {len(TRAIN)} training readings; diamonds: {len(VAL)} held out",
            "small",
        ),
        text(430, 504, f"the wild curve leaves the picture: it swings from {reach}", "small"),
    ]
    return Picture(
        "Underfitting, fitting, overfitting",
        f"Three panels with the same {len(T_U)} readings, {len(VAL)} of them held out for "
        "validation: a flat line misses them (underfit, training and validation loss "
        f"{losses['underfit']}), a straight line follows their trend (fit, {losses['fit']}), and a "
        f"curve of degree {DEGREES['overfit']} passes through all {len(TRAIN)} training readings "
        f"and swings from {reach} (overfit, {losses['overfit']}).",
        525,
        drawn,
    )


DRAWINGS = (
    learning_loop,
    forward_backward,
    two_graphs,
    training_loops,
    before_after,
    accumulation,
    broadcasting,
    fitting,
)
PICTURES = {draw.__name__: draw() for draw in DRAWINGS}
ALT = {name: picture.alt for name, picture in PICTURES.items()}


def main(arguments: Sequence[str], folder: Path = FOLDER) -> int:
    """Write the pictures into `folder`, or check or describe them; the exit status."""
    parser = argparse.ArgumentParser(description="Draw the pictures of the series as SVG files.")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--check", action="store_true", help="write nothing, fail on a stale file")
    only.add_argument("--alt", action="store_true", help="print the alternative texts")
    options = parser.parse_args(arguments)
    if options.alt:
        for name, words in ALT.items():
            print(f"{name}.svg: {words}\n")
        return 0
    stale = []
    for name, picture in PICTURES.items():
        path, wanted = folder / f"{name}.svg", picture.svg(name).encode()
        if path.is_file() and path.read_bytes() == wanted:
            print(f"{path.name}: as it should be")
        elif options.check:
            stale.append(path.name)
        else:
            path.write_bytes(wanted)
            print(f"{path.name}: written, {len(wanted)} bytes")
    if options.check:  # a picture that nobody draws any more would stay for ever
        stale += sorted({path.name for path in folder.glob("*.svg")} - {f"{n}.svg" for n in ALT})
    if stale:
        print("not what pics/draw.py draws:", *stale, "- run python pics/draw.py", file=sys.stderr)
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
