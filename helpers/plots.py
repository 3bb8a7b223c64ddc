"""How the series draws: one look for the data, the loss curve, the loss contour and the graph.

Colours are those of Okabe and Ito that keep a contrast of 3:1 on light and on dark paper, and
every line has a dash pattern or a marker besides. The background is opaque, so that a figure is
readable in any theme.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle

import matplotlib.pyplot as plt
import plotly.graph_objects as go
import torch
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator
from torch import Tensor
from torch.autograd.graph import Node

from . import theory
from .models import linear

BLUE, VERMILION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
STYLES = [
    {"color": BLUE, "linestyle": "-"},
    {"color": VERMILION, "linestyle": "--"},
    {"color": GREEN, "linestyle": "-."},
    {"color": PURPLE, "linestyle": (0, (1, 1.5))},
]

plt.rcParams.update(
    {
        "figure.figsize": (7.5, 4),
        "figure.dpi": 110,
        "figure.constrained_layout.use": True,
        "figure.facecolor": "white",
        "font.size": 12,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.prop_cycle": plt.cycler(color=[s["color"] for s in STYLES])
        + plt.cycler(linestyle=[s["linestyle"] for s in STYLES]),
        "lines.linewidth": 2,
        "legend.framealpha": 0.85,
        "legend.edgecolor": "white",
    }
)


def show(fig: Figure, alt: str, turnable: go.Figure | None = None) -> None:
    """Show `fig`, attach the alternative text `alt`, and close the figure.

    The text goes where it survives: into the output's metadata, from which a page takes the `alt`
    of its picture, and next to the picture as plain text, which a terminal shows and nbval
    compares. With `turnable`, a plotly figure of the same content, JupyterLab shows that one.
    """
    png = io.BytesIO()
    fig.savefig(png, format="png", metadata={"Software": None})
    plt.close(fig)
    bundle = {"image/png": png.getvalue(), "text/plain": alt}
    if turnable is not None:
        bundle["application/vnd.plotly.v1+json"] = turnable.to_plotly_json()
    display(bundle, metadata={"image/png": {"alt": alt}}, raw=True)


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Show a table: drawn with header cells where Markdown is, as aligned text elsewhere."""
    lines = [[str(cell) for cell in line] for line in [header, *rows]]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )
    lines.insert(1, ["---:"] * len(widths))
    markdown = "\n".join(
        f"| {' | '.join(c.replace('|', '&#124;') for c in line)} |" for line in lines
    )
    display({"text/markdown": markdown, "text/plain": text}, raw=True)


def fit(
    ax: Axes,
    t_u: Tensor,
    t_c: Tensor,
    lines: Mapping[str, Tensor],
    *,
    unit: str = "unknown unit",
    errors: bool = False,
) -> None:
    """Draw the readings as points and each named (w, b) as a line over them.

    With `errors`, thin vertical strokes join each point to the first line.
    """
    reach = torch.stack([t_u.min(), t_u.max()])
    for (name, params), style in zip(lines.items(), cycle(STYLES), strict=False):
        w, b = params.detach()
        ax.plot(reach, linear(reach, w, b), label=name, **style)
        if errors:
            ax.vlines(t_u, linear(t_u, w, b), t_c, color="0.5", linewidth=1)
            errors = False
    ax.plot(t_u, t_c, "o", color="black", markersize=6, label="readings")
    ax.set(xlabel=f"reading ({unit})", ylabel="temperature (°C)")
    ax.legend()


def loss_curves(
    ax: Axes, losses: Mapping[str, Tensor], floor: Tensor | float | None = None
) -> None:
    """Draw the loss of each named run against the epoch, on a logarithmic scale.

    Epoch e is at index e - 1. `floor` is the loss of the best line, drawn as a thin line. What is
    not finite is left out: a run that diverges ends where its loss is too large for the numbers.
    """
    for (name, loss), style in zip(losses.items(), cycle(STYLES), strict=False):
        ax.plot(torch.arange(1, len(loss) + 1), loss.detach(), label=name, **style)
    if floor is not None:
        ax.axhline(float(floor), color="0.35", linewidth=1)
        ax.annotate(
            f"best line {float(floor):.4f}",
            (0, float(floor)),
            xycoords=("axes fraction", "data"),
            xytext=(6, 3),
            textcoords="offset points",
            ha="left",
            va="bottom",
            color="0.35",
        )
    ax.set(xlabel="epoch", ylabel="loss (°C²)", yscale="log")
    if ax.get_ylim()[1] < 1e5:  # plain numbers read more easily, while they are short
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.yaxis.set_major_formatter("{x:g}")
        ax.yaxis.set_minor_formatter("")
    ax.legend()


def loss_contour(
    ax: Axes, t_u: Tensor, t_c: Tensor, paths: Mapping[str, Tensor], *, equal: bool = False
) -> None:
    """Draw the loss of a line as a map over (w, b), with the named descent paths on it.

    The contour lines are exact ellipses around the best line; from one to the next the excess
    over the best loss grows fourfold. `paths` are tensors of shape (n + 1, 2). With `equal`, one
    unit of w is as long as one unit of b: the map as gradient descent meets it.
    """
    best, _ = theory.least_squares(t_u, t_c)
    visited = torch.cat([best[None], *(path.detach() for path in paths.values())])
    visited = visited[visited.isfinite().all(dim=1)]
    low, high = visited.min(dim=0).values, visited.max(dim=0).values
    margin = 0.15 * (high - low).clamp(min=1e-3 * best.abs())
    low, high = low - margin, high + margin
    if equal:  # the same stretch of numbers on both axes: a square
        middle, half = (low + high) / 2, (high - low).max() / 2
        low, high = middle - half, middle + half
    eigenvalues, eigenvectors = torch.linalg.eigh(theory.hessian(t_u))
    corners = torch.cartesian_prod(*torch.stack([low, high], dim=1)) - best
    highest = ((corners @ eigenvectors) ** 2 @ eigenvalues).max() / 2
    angle = torch.linspace(0, 2 * torch.pi, 400)
    circle = torch.stack([angle.cos(), angle.sin()], dim=1)
    for level in highest / 4.0 ** torch.arange(7):
        ellipse = best + circle * (2 * level / eigenvalues).sqrt() @ eigenvectors.T
        ax.plot(*ellipse.T, color="0.7", linewidth=1, linestyle="-")
    for (name, path), style in zip(paths.items(), cycle(STYLES), strict=False):
        dots = "." if len(path) < 60 else None  # show single steps while they can be told apart
        ax.plot(*path.detach().T, marker=dots, markersize=6, label=name, **style)
        ax.plot(*path[0].detach(), "s", color=style["color"], markersize=8)
    ax.plot(*best, "k*", markersize=14, label="best line")
    ax.set(
        xlabel="w",
        ylabel="b",
        xlim=low[0:1].tolist() + high[0:1].tolist(),
        ylim=low[1:].tolist() + high[1:].tolist(),
    )
    if equal:
        ax.set_aspect("equal")
    ax.legend()


def bowl(t_u: Tensor, t_c: Tensor, w: Tensor, b: Tensor) -> go.Figure:
    """The loss as a surface over the values `w` and `b` (both 1-d), to be turned with the mouse."""
    losses = [
        [float(((linear(t_u, wi, bi) - t_c) ** 2).mean().round(decimals=3)) for wi in w] for bi in b
    ]
    axes = {"xaxis_title": "w", "yaxis_title": "b", "zaxis_title": "loss"}
    surface = go.Surface(
        x=w.round(decimals=4).tolist(),
        y=b.round(decimals=4).tolist(),
        z=losses,
        colorscale="Cividis",
    )
    return go.Figure(surface, go.Layout(scene=axes, height=450, margin=dict.fromkeys("ltrb", 0)))


# The graph that autograd records: notebooks 04 and 07.


def node_name(node: Node, names: Mapping[str, Tensor]) -> str:
    """What to call a node of the graph: the name of its leaf tensor, or of its operation."""
    if hasattr(node, "variable"):  # an AccumulateGrad node: it adds to the .grad of a leaf
        return next((name for name, t in names.items() if t is node.variable), "a leaf")
    return type(node).__name__


def parents(node: Node) -> list[Node]:
    """The nodes that this one hands its gradient to. Inputs without gradient have none."""
    return [parent for parent, _ in node.next_functions if parent is not None]


def _check_graph(loss: Tensor) -> None:
    if loss.grad_fn is None:
        raise ValueError("this loss has no graph: was autograd off, or has nothing requires_grad?")


def graph_text(loss: Tensor, names: Mapping[str, Tensor]) -> str:
    """The graph behind `loss` as an indented text, one operation a line, the leaves innermost."""
    _check_graph(loss)

    def lines(node: Node, depth: int) -> list[str]:
        below = [line for parent in parents(node) for line in lines(parent, depth + 1)]
        return ["  " * depth + node_name(node, names), *below]

    return "\n".join(lines(loss.grad_fn, 0))


def graph(ax: Axes, losses: Mapping[str, Tensor], names: Mapping[str, Tensor]) -> None:
    """Draw the graph behind each named loss, a row each; what two of them share is drawn once.

    Leaves are on the left, the losses on the right; arrows show the way the gradient travels.
    """
    for loss in losses.values():
        _check_graph(loss)
    place: dict[Node, tuple[int, float]] = {}
    arrows = set()
    waiting = [(loss.grad_fn, 0, float(-row)) for row, loss in enumerate(losses.values())]
    while waiting:
        node, depth, row = waiting.pop()
        known = place.get(node, (depth, row))
        place[node] = max(depth, known[0]), (row + known[1]) / 2
        for i, parent in enumerate(parents(node)):
            arrows.add((node, parent))
            waiting.append((parent, depth + 1, row - 0.9 * i))
    for node, (depth, row) in place.items():
        leaf = hasattr(node, "variable")
        text = node_name(node, names).removesuffix("0").removesuffix("Backward")
        ax.text(
            -depth,
            row,
            text,
            ha="center",
            va="center",
            fontsize=10,
            bbox={
                "boxstyle": "round" if leaf else "square",
                "facecolor": "#DCEBF5" if leaf else "white",
            },
        )
    for node, parent in arrows:
        ax.annotate(
            "",
            (-place[parent][0], place[parent][1]),
            (-place[node][0], place[node][1]),
            arrowprops={"arrowstyle": "->", "color": "0.4", "shrinkA": 24, "shrinkB": 24},
        )
    for row, name in enumerate(losses):
        ax.text(0.75, -row, name, ha="left", va="center", fontsize=11)
    ax.set(xlim=(-max(d for d, _ in place.values()) - 0.6, 1.6), ylim=(-len(losses) - 0.1, 0.5))
    ax.axis("off")
