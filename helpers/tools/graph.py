"""The graph that autograd records, as a picture and as text (notebooks 04 and 07)."""

from collections.abc import Iterable, Mapping

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch
from matplotlib.text import Text
from torch import Tensor
from torch.autograd.graph import Node

MOST = 40  # boxes: with more of them nobody could read the picture


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
    """The graph behind `loss` as an indented text, one operation a line, the leaves innermost.

    What two operations share is written out once; the second time it only says so.
    """
    _check_graph(loss)
    lines: list[str] = []
    seen: set[Node] = set()
    waiting = [(loss.grad_fn, 0)]
    while waiting:
        node, depth = waiting.pop()
        again = node in seen and bool(parents(node))
        lines.append(f"{'  ' * depth}{node_name(node, names)}{' (again)' if again else ''}")
        if not again:
            waiting += [(parent, depth + 1) for parent in reversed(parents(node))]
        seen.add(node)
    return "\n".join(lines)


def _in_order(losses: Iterable[Tensor]) -> list[Node]:
    """Every node behind the losses, each before all those that it hands its gradient to."""
    done: dict[Node, None] = {}
    waiting = [(loss.grad_fn, False) for loss in losses]
    while waiting:
        node, parents_done = waiting.pop()
        if parents_done:
            done.setdefault(node)
        elif node not in done:
            waiting.append((node, True))
            waiting += [(parent, False) for parent in parents(node) if parent not in done]
    return [*done][::-1]


def _places(losses: Iterable[Tensor]) -> dict[Node, tuple[int, float]]:
    """How many steps each node lies behind its loss, at most, and the row that it is drawn in."""
    place = {loss.grad_fn: (0, -1.0 * row) for row, loss in enumerate(losses)}
    for node in _in_order(losses):
        depth, row = place[node]
        for i, parent in enumerate(dict.fromkeys(parents(node))):
            known = place.get(parent, (0, row - 0.9 * i))
            place[parent] = max(depth + 1, known[0]), (row - 0.9 * i + known[1]) / 2
    return place


def graph(ax: Axes, losses: Mapping[str, Tensor], names: Mapping[str, Tensor]) -> None:
    """Draw the graph behind each named loss, a row each; what two of them share is drawn once.

    Leaves are on the left, the losses on the right; arrows show the way the gradient travels. An
    arrow to an operation with several results says which of them it belongs to: [0], [1], ... Of
    a long graph the first boxes are drawn, with a word on how many more there are.
    """
    for loss in losses.values():
        _check_graph(loss)
    everything = _places([*losses.values()])
    place = dict([*everything.items()][:MOST])
    left_out = len(everything) - len(place)
    boxes = {}
    for node, (depth, row) in place.items():
        name = node_name(node, names).removesuffix("0").removesuffix("Backward")
        boxes[node] = _box(ax, -depth, row, name, leaf=hasattr(node, "variable"))
    for row, (name, loss) in enumerate(losses.items()):
        _arrow(ax, _box(ax, 1, -row, name, leaf=True), boxes[loss.grad_fn])
    for node in place:
        for parent, number in dict.fromkeys(node.next_functions):
            if parent in boxes:
                several = len({n for c in place for p, n in c.next_functions if p is parent}) > 1
                _arrow(ax, boxes[node], boxes[parent], f"[{number}]" if several else "")
    deepest, lowest = max(d for d, _ in place.values()), min(row for _, row in place.values())
    if left_out:
        _box(ax, -deepest - 1, 0, f"… {left_out} more", leaf=False)
        deepest += 1
    ax.set(xlim=(-deepest - 0.6, 1.6), ylim=(lowest - 0.4, 0.4))
    ax.axis("off")


def _box(ax: Axes, x: float, y: float, text: str, leaf: bool) -> Text:
    style = {"boxstyle": "round" if leaf else "square", "facecolor": "#DCEBF5" if leaf else "white"}
    return ax.text(x, y, text, ha="center", va="center", fontsize=10, bbox=style)


def _arrow(ax: Axes, start: Text, end: Text, label: str = "") -> None:
    (x0, y0), (x1, y1) = start.get_position(), end.get_position()
    ends = {"patchA": start.get_bbox_patch(), "patchB": end.get_bbox_patch()}
    # above the boxes, so drawn after them: only then does an arrow know where its boxes end
    look = {"arrowstyle": "->", "mutation_scale": 12, "color": "0.35", "zorder": 4}
    ax.add_artist(FancyArrowPatch((x0, y0), (x1, y1), **look, **ends))
    if label:  # half way, on the line
        place = (x0 + x1) / 2, (y0 + y1) / 2
        plate = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        ax.text(*place, label, ha="center", va="center", fontsize=9, bbox=plate, zorder=5)
