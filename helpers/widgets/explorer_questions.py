"""What the explorer can be asked to find, and the sentences on an answer."""

import torch
from torch import Tensor

from .. import theory
from ..judge import Target
from .readings import INPUTS, prepare


def smallest_rate() -> Target:
    """A question: readings x0.1, momentum 0.9, within 1e-3 of the floor in 1000 epochs.

    An answer is right to within a tenth.
    """
    t_u, t_c = prepare("x0.1")
    best, _ = theory.least_squares(t_u, t_c)
    curvature, axes = torch.linalg.eigh(theory.hessian(t_u))
    start = (torch.tensor([1.0, 0.0], dtype=torch.float64) - best) @ axes
    rates = torch.logspace(-4, -1, 3001, dtype=torch.float64)

    def smallest(momentum: float) -> float:
        """All rates are tried at once, along both axes of the bowl: shape (rates, 2)."""
        error = start.repeat(len(rates), 1)
        velocity = torch.zeros_like(error)
        for _ in range(1000):
            velocity = momentum * velocity + curvature * error
            error = error - rates[:, None] * velocity
        return rates[(curvature * error**2).sum(dim=1) / 2 < 1e-3][0].item()

    found, plain = smallest(0.9), smallest(0.0)
    lesson = f"From {found:.4f} on it arrives; without momentum it takes a rate of {plain:.4f}."
    hint = "x0.1, momentum 0.9, 1000 epochs: how far can the rate go down and still arrive?"
    return 0.9 * found, 1.1 * found, lesson, hint


def check_walls(answer: dict[str, float | None], readings: dict[str, list[float]]) -> str:
    """A sentence on the walls of all three inputs, each right to within 3 %: "✔", "✘" or "…"."""
    scaled = {name: prepare(name, readings)[0] for name in INPUTS}
    walls = {name: theory.critical_learning_rate(t_u).item() for name, t_u in scaled.items()}
    if unknown := [name for name in answer if name not in walls]:
        return f"✘ {unknown[0]!r} is none of the inputs: name {', '.join(walls)}."
    said = {name: _wall(answer.get(name), name, walls) for name in walls}
    if all(words == "right" for words in said.values()):
        found = ", ".join(f"{name} {wall:.4g}" for name, wall in walls.items())
        scope = "Below them every run converges; above them it diverges, unless it starts without "
        return f"✔ Right: {found}. {scope}a steep part."
    mark = "…" if any(words.startswith("not answered") for words in said.values()) else "✘"
    return f"{mark} " + "; ".join(f"{name}: {words}" for name, words in said.items()) + "."


def _wall(value: float | None, name: str, walls: dict[str, float]) -> str:
    """What is to be said of one wall: "right", or how it was missed."""
    if value is None:
        return "not answered yet"
    if isinstance(value, Tensor) and value.numel() == 1:
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{value!r} is not a number"
    near = {other: abs(value / wall - 1) <= 0.03 for other, wall in walls.items()}
    if near[name]:
        return "right"
    if any(abs(times * value / walls[name] - 1) <= 0.03 for times in (0.1, 10)):
        return "the digits are right, the power of ten is not"
    if any(near.values()):
        return f"that is the wall of {max(near, key=near.get)}"
    if 0 < value < walls[name]:
        return f"at {value:.4g} a run still converges; ask for the largest such rate, go further up"
    return f"at {value:.4g} a run cannot converge; go further down"
