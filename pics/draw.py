"""Draw the pictures of the series as SVG files: `python pics/draw.py`.

`python pics/draw.py --check` writes nothing and fails where a file is not what this program draws;
`python pics/draw.py --alt` prints the alternative texts. What the pictures say is computed with the
helpers that the notebooks teach. The files follow the reader's light or dark theme, hold no script
and no fonts, refer to nothing outside, and are the same bytes on every run.
"""

import argparse
import sys
from collections.abc import Sequence
from itertools import pairwise, product
from pathlib import Path

import torch
from torch import Tensor

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))  # helpers/ lies next to pics/, wherever we are called from

from helpers.data import thermometer  # noqa: E402
from helpers.losses import mse  # noqa: E402
from helpers.models import linear  # noqa: E402
from helpers.training import mse_gradient  # noqa: E402
from pics.pieces import Picture, arrow, box, cells, line, number, pair, rectangle, text  # noqa: E402

# --- what the pictures are about: the choices of the notebooks, everything else follows ----------

T_U, T_C = thermometer(torch.float64)  # not the default dtype: an import must not change it
START = torch.tensor([1.0, 0.0], dtype=torch.float64)  # (w, b)
SCALE, LEARNING_RATE = 0.1, 1e-2  # the run of notebook 02
VAL = [1, 6]  # split A of notebook 06
TRAIN = [i for i in range(len(T_U)) if i not in VAL]

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
            text(320, 30, "1 forward pass", "strong"),
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


def chain_rule() -> dict[str, str]:
    """The numbers of one forward and one backward pass for the first reading, as readers see them.

    Autograd is the referee: the slope of the loss in every value along the way.
    """
    w, b = START.clone().requires_grad_().unbind()
    product = w * T_U
    prediction = product + b
    difference = prediction - T_C
    square = difference**2
    loss = square.mean()
    chain = {"product": product, "prediction": prediction, "difference": difference}
    chain["square"] = square
    *slopes, dw, db = torch.autograd.grad(loss, [*chain.values(), w, b])
    by_hand = mse_gradient(T_U, T_C, linear(T_U, *START))
    assert torch.allclose(torch.stack([dw, db]), by_hand)
    found = {name: number(values[0]) for name, values in chain.items()}
    found |= {f"d {name}": number(slope[0]) for name, slope in zip(chain, slopes, strict=True)}
    found |= {"loss": number(loss), "dw": number(dw), "db": number(db)}
    found["2 e"] = number(2 * difference[0])
    found["one dw"] = number(slopes[0][0] * T_U[0])
    return found


COLUMNS = [90, 260, 430, 600, 770]  # of the forward and the backward pass


def forward_row(v: dict[str, str]) -> list[str]:
    """From the first reading to the loss."""
    x, y, n = COLUMNS, 162, len(T_U)
    w, b, t_u, t_c = (number(value) for value in (*START, T_U[0], T_C[0]))
    steps = [
        ("product", f"{w} × {t_u}", v["product"]),
        ("prediction", f"{v['product']} + {b}", v["prediction"]),
        ("difference", f"{v['prediction']} − {t_c}", v["difference"]),
        ("square", f"{v['difference']}²", v["square"]),
        ("loss", f"mean of {n}", v["loss"]),
    ]
    return [
        text(20, 34, "forward pass: first reading, left to right", "strong left"),
        *(box(middle, y, 134, *step, strong=True) for middle, step in zip(x, steps, strict=True)),
        box(54, 72, 68, f"w = {w}", kind="learned"),
        box(147, 72, 106, f"t_u = {t_u}", kind="data"),
        box(x[1], 72, 74, f"b = {b}", kind="learned"),
        box(x[2], 72, 100, f"t_c = {t_c}", kind="data"),
        box(x[4], 72, 130, f"+ {n - 1} squares"),
        *(arrow((column, 93), (column, 118)) for column in (54, 138, x[1], x[2], x[4])),
        *(arrow((left + 68, y), (right - 68, y)) for left, right in pairwise(x)),
    ]


def backward_row(v: dict[str, str]) -> list[str]:
    """From the loss back to w and b: each arrow carries the factor that it multiplies by."""
    x, y, n = COLUMNS, 330, len(T_U)
    names = ["product", "prediction", "difference", "square"]
    factors = ["× 1", "× 1", f"× {v['2 e']}", f"× 1/{n}"]
    drawn = [text(20, 252, "backward pass: slopes of the loss L, right to left", "strong left")]
    for middle, name in zip(x, names, strict=False):
        drawn.append(box(middle, y, 134, f"dL/d {name}", v[f"d {name}"], kind="slope", strong=True))
    drawn.append(box(x[4], y, 134, "dL/dL", "1", kind="slope", strong=True))
    for (left, right), factor in zip(pairwise(x), factors, strict=True):
        drawn.append(arrow((right - 68, y), (left + 68, y), kind="back"))
        drawn.append(text((left + right) / 2, y - 40, factor, "small"))
    drawn.append(arrow((x[4], 206), (x[4], 294), kind="back"))
    t_u = number(T_U[0])
    for column, middle, factor, one, every in (
        (x[0], 128, f"× t_u = {t_u}", v["one dw"], f"dL/dw = {v['dw']}"),
        (x[1], 362, "× 1", v["d prediction"], f"dL/db = {v['db']}"),
    ):
        drawn.append(arrow((column, 362), (column, 415), kind="back"))
        drawn.append(text(column + 8, 410, factor, "small left"))
        words = ("first reading", one, f"sum of all {n}", every)
        drawn.append(box(middle, 474, 214, *words, kind="slope", strong=True))
    return drawn


def forward_backward() -> Picture:
    """Notebook 02: the chain rule, with the numbers of the first reading."""
    v = chain_rule()
    w, b = (number(value) for value in START)
    slopes = ", ".join(v[f"d {name}"] for name in ("square", "difference", "prediction"))
    return Picture(
        "Forward and backward pass through the thermometer's computation",
        f"Forward and backward pass at w = {w} and b = {b}. Forward, the first reading gives "
        f"product {v['product']}, prediction {v['prediction']}, difference {v['difference']}, "
        f"square {v['square']}, and the mean of all {len(T_U)} squares is the loss {v['loss']}; "
        f"backward, its slopes {slopes} and {v['d product']} lead to {v['one dw']} for w and "
        f"{v['d prediction']} for b, and the sums over all {len(T_U)} readings are dL/dw = "
        f"{v['dw']} and dL/db = {v['db']}.",
        545,
        [*forward_row(v), *backward_row(v)],
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
    why = "from epoch 3 on the two rows add other gradients: their params have gone other ways"
    drawn.append(text(430, 548, why, "small"))
    return Picture(
        "Gradients accumulate unless they are cleared",
        f"Two rows with the gradient of the first {n_epochs} epochs on the readings times "
        f"{number(SCALE)}, learning rate {number(LEARNING_RATE)}. Without zero_grad every new "
        f"gradient is added to the sum of all earlier ones, dL/dw in .grad is {stories[False]}; "
        f"with zero_grad every epoch sees the gradient of its own parameters only, "
        f"{stories[True]}.",
        565,
        drawn,
    )


def trap(top: float, size: int = 15) -> list[str]:
    """Eleven predictions minus a column of eleven temperatures: a table, right on its diagonal."""
    parts = [text(20, top - 70, "the trap: (11,) against (11, 1)", "strong left")]

    def table(left: float, rows: int, columns: int, name: str, shape: str) -> None:
        middle = left + columns * size / 2
        parts.append(text(middle, top - 34, name, "code"))
        parts.append(text(middle, top - 12, shape, "small"))
        for i, j in product(range(rows), range(columns)):
            kind = "learned" if i == j and rows == columns else "step"
            side = size - (6 if kind == "learned" else 3)
            x, y = left + size * (j + 0.5), top + size * (i + 0.5)
            parts.append(rectangle(x, y, side, side, kind, 2))

    table(34, 1, 11, "t_p", "(11,)")
    parts.append(text(235, top + 88, "−", "strong"))
    table(290, 11, 1, "column", "(11, 1)")
    parts.append(text(360, top + 88, "=", "strong"))
    table(410, 11, 11, "t_p - column", "(11, 11)")
    says = "121 differences,", "no error message:", "only the 11 on the", "diagonal are meant"
    for i, words in enumerate(says):
        parts.append(text(610, top + 50 + 26 * i, words, "left"))
    return parts


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
        f"{tuple(yza.shape)}: two sheets, the second {number(a[1])} times the first; "
        "(11,) minus (11, 1), the trap, gives a table of (11, 11), in which only the 11 "
        "differences on the diagonal are meant.",
        810,
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
            *trap(625),
        ],
    )


DRAWINGS = (
    learning_loop,
    forward_backward,
    two_graphs,
    training_loops,
    accumulation,
    broadcasting,
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
