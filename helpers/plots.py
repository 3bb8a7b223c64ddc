"""How the series draws: one look for the data, the loss curve, the loss contour and the graph.

Colours are those of Okabe and Ito that keep a contrast of 3:1 on light and on dark paper, and
every line has a dash pattern or a marker besides. The background is opaque, so that a figure is
readable in any theme.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle

import matplotlib.pyplot as plt
import plotly.graph_objects as go
import torch
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator
from torch import Tensor

from . import theory
from .models import linear
from .tools.describe import describe
from .tools.graph import graph, graph_text, node_name, parents
from .tools.palette import png

__all__ = [
    "bowl",
    "fit",
    "graph",
    "graph_text",
    "loss_contour",
    "loss_curves",
    "node_name",
    "parents",
    "show",
    "table",
]

# The sizes of the series, in inches: one row of panels, and panels below each other. A phone shows
# both whole. All letters are equal.
ONE, TALL = (6.4, 4.0), (6.4, 7.6)

BLUE, VERMILION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
STYLES = [
    {"color": BLUE, "linestyle": "-"},
    {"color": VERMILION, "linestyle": "--"},
    {"color": GREEN, "linestyle": "-."},
    {"color": PURPLE, "linestyle": (0, (1, 1.5))},
]

SHARPNESS = 1.4  # pixels stored for each pixel shown: dense screens show them

plt.rcParams.update(
    {
        "figure.figsize": ONE,
        "figure.dpi": 96,  # an inch of a page: letters are as large as the text around
        "figure.constrained_layout.use": True,
        "figure.facecolor": "white",
        "font.size": 11,
        "axes.titlesize": 11,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.prop_cycle": plt.cycler(color=[s["color"] for s in STYLES])
        + plt.cycler(linestyle=[s["linestyle"] for s in STYLES]),
        "lines.linewidth": 2,
        "legend.framealpha": 0.85,
        "legend.edgecolor": "white",
    }
)


def show(fig: Figure, text: str, turnable: go.Figure | None = None) -> None:
    """Show `fig` with one plain sentence on what to see in it, and close it.

    The figure adds facts about itself (axes, ranges, the values of each named curve). Sentence and
    facts go where they survive: into the output's metadata, from which a page takes the `alt` of
    its picture, and next to the picture as plain text, which a terminal shows and nbval compares.
    With `turnable`, a plotly figure of the same content, JupyterLab shows that one.
    """
    picture = png(fig, SHARPNESS)  # the limits of its axes, which are described, are known then
    alt = f"{text} {describe(fig)}".strip()
    plt.close(fig)
    bundle = {"image/png": picture, "text/plain": alt}
    if turnable is not None:
        bundle["application/vnd.plotly.v1+json"] = turnable.to_plotly_json()
    width = round(fig.get_figwidth() * fig.dpi)
    display(bundle, metadata={"image/png": {"alt": alt, "width": width}}, raw=True)


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
    ax.set(xlabel="epoch", ylabel="loss (°C²)", yscale="log", xlim=(0, None))
    if ax.get_ylim()[1] < 1e5:  # plain numbers read more easily, while they are short
        plain_ticks(ax.yaxis)
    ax.legend()


def plain_ticks(axis: Axis) -> None:
    """Write 1, 2, 5, 10, 20, 50 ... on a logarithmic axis instead of powers of ten."""
    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter("{x:g}")
    axis.set_minor_formatter("")


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
    outermost = circle * (2 * highest / eigenvalues).sqrt() @ eigenvectors.T
    for halving in range(7):  # from the outside in: each a little darker
        ellipse = best + outermost / 2**halving
        shade = plt.Polygon(ellipse, color=BLUE, alpha=0.05, linewidth=0)
        ax.add_artist(shade)  # ax.fill would measure each of its 400 corners, slowly
        ax.plot(*ellipse.T, color="0.45", linewidth=1, linestyle="-")
    for (name, path), style in zip(paths.items(), cycle(STYLES), strict=False):
        dots = "." if len(path) < 60 else None  # show single steps while they can be told apart
        ax.plot(*path.detach().T, marker=dots, markersize=6, label=name, **style)
        ax.plot(*path[0].detach(), "ks", markersize=7)
    ax.plot(*best, "k*", markersize=14, linestyle="None", label="best line")
    ax.set(
        xlabel="w",
        ylabel="b",
        xlim=low[0:1].tolist() + high[0:1].tolist(),
        ylim=low[1:].tolist() + high[1:].tolist(),
    )
    if equal:
        ax.set_aspect("equal")
    ax.legend()


def bowl(t_u: Tensor, t_c: Tensor, w: Tensor, b: Tensor, path: Tensor | None = None) -> go.Figure:
    """The loss as a surface over the values `w` and `b` (both 1-d), to be turned with the mouse.

    The best line is marked at its bottom; `path`, shape (n + 1, 2), is drawn on it.
    """

    def loss(w: Tensor, b: Tensor) -> float:
        return round(((linear(t_u, w, b) - t_c) ** 2).mean().item(), 3)

    surface = go.Surface(
        x=w.round(decimals=4).tolist(),
        y=b.round(decimals=4).tolist(),
        z=[[loss(wi, bi) for wi in w] for bi in b],
        colorscale="Cividis",
        colorbar={"title": "loss (°C²)"},
    )
    best, _ = theory.least_squares(t_u, t_c)
    places = {"best line": (best[None], "markers", "diamond")}
    if path is not None:
        places["path"] = (path.detach(), "lines+markers", "circle")
    drawn = [
        go.Scatter3d(
            x=points[:, 0].round(decimals=4).tolist(),
            y=points[:, 1].round(decimals=4).tolist(),
            z=[loss(*point) for point in points],
            mode=mode,
            name=name,
            marker={"symbol": symbol, "size": 4, "color": VERMILION},
            line={"color": VERMILION, "width": 5},
        )
        for name, (points, mode, symbol) in places.items()
    ]
    scene = {"xaxis_title": "w", "yaxis_title": "b (°C)", "zaxis_title": "loss (°C²)"}
    scene["camera"] = {"eye": {"x": 0.9, "y": -1.6, "z": 1.0}}  # as matplotlib looks at it
    return go.Figure(
        [surface, *drawn],
        go.Layout(
            scene=scene, height=440, margin=dict.fromkeys("ltrb", 10), legend_x=0, template="none"
        ),
    )
