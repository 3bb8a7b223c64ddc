"""What the instruments ask: the number to find with each, and what is said of an answer.

`check` is what an instrument's own `.check(answer)` calls. A question is a function of the
instrument: it computes from where to where a number is right, a lesson and a hint. To add one, list
it in QUESTIONS, and in MISSES what natural mistakes find.
"""

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import Tensor

from .. import data, theory
from ..judge import NOT_YET, Target, check_number
from ..losses import mse
from ..models import linear

F64 = torch.float64


def check(instrument: Any, answer: float | dict[str, float | None] | None) -> str:
    """A sentence that begins with "✔", "✘" or "…": right, not yet, not started.

    A dict is judged as the three walls of the explorer, all else as the number of the instrument.
    """
    name = type(instrument).__name__
    if isinstance(answer, dict) and name == "LearningRateExplorer":
        return check_walls(answer, instrument.readings)
    wanted = cache(lambda: target(instrument))
    said = check_number(answer, wanted)
    if name == "LearningRateExplorer":
        return said
    number = answer.item() if isinstance(answer, Tensor) and answer.numel() == 1 else answer
    if not said.startswith(NOT_YET) or not isinstance(number, int | float):
        return said
    misses = MISSES[name](instrument) if name in MISSES else {}
    for sentence, miss in misses.items():
        if abs(number - miss) <= 0.002 * abs(miss):
            return f"{NOT_YET} {sentence}"
    low, high = wanted()[:2]
    near = 0.99 * low <= number <= 1.01 * high
    return f"{NOT_YET} {number:g}: nearly, one decimal more." if near else said


def target(instrument: Any) -> Target:
    """The number to find with this instrument, computed."""
    return QUESTIONS[type(instrument).__name__](instrument)


# -- One function an instrument


def lowest_without_b(play: Any) -> Target:
    """Lesson 01: the lowest loss with b = 0."""
    t_u, t_c = data.thermometer(F64)
    w = t_u @ t_c / (t_u @ t_u)
    lowest = mse(linear(t_u, w, 0.0), t_c).item()
    lesson = f"The lowest loss with b = 0 is {lowest:.4f}, at w = {w:.4f}: b has to move too."
    hint = "Keep b at 0, move w in small steps, and write down the lowest loss."
    return lowest - 0.006, lowest + 0.1, lesson, hint


def best_delta(play: Any) -> Target:
    """Lesson 02: the delta at which a forward difference in float32 is least wrong."""
    t_u, t_c = data.thermometer(F64)
    bend = theory.hessian(t_u)[0, 0].item() / 2
    rounding = torch.finfo(torch.float32).eps / 2 * mse(t_u, t_c).item()
    best = math.sqrt(rounding / bend)
    lesson = f"The curvature's error, {bend:.0f} * delta, and the rounding's, about "
    lesson += f"{rounding:.0e} / delta, are equally large near {best:.0e}."
    hint = "Choose w 1, forward, float32, and look for the lowest part of the blue curve."
    return best / 10, best * 10, lesson, hint


def smallest_rate(explorer: Any) -> Target:
    """Lesson 03: the smallest rate that comes within 1e-3 of the floor in 1000 epochs.

    Readings x0.1, momentum 0.9. An answer is right to within a tenth.
    """
    t_u, t_c = data.thermometer(F64)
    best, _ = theory.least_squares(0.1 * t_u, t_c)
    curvature, axes = torch.linalg.eigh(theory.hessian(0.1 * t_u))
    start = (torch.tensor([1.0, 0.0], dtype=F64) - best) @ axes
    rates = torch.logspace(-4, -1, 3001, dtype=F64)

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


def doubled_border(play: Any) -> Target:
    """Lesson 04: the rate at which the loop without zero_grad begins to run away."""
    border = theory.critical_learning_rate(0.1 * data.thermometer(F64)[0]).item()
    lesson = f"The border is {2 * border:.4f}, twice the {border:.4f} of the correct loop: "
    lesson += "2 (1 + momentum) / lambda_max, with momentum 1."
    hint = "Without zero_grad, raise the learning rate until the loss runs away, then go back."
    return 1.96 * border, 2.04 * border, lesson, hint


def share_of_cosine(noise: Any) -> Target:
    """Lesson 05: the share of epochs near the floor that the best of the schedules reaches."""
    cosine = type(noise)(schedule="cosine")
    cosine.close()  # nobody looks at it
    share = cosine.view().results["share"]
    lesson = f"The cosine schedule has {share:.3f}, each of the others 0: small steps at the "
    hint = "Batch size 2, rate 0.05, seed 0, standardised: try each schedule."
    return share - 0.002, share + 0.002, f"{lesson}end keep the noise small.", hint


def second_worst_split(roulette: Any) -> Target:
    """Lesson 06: the validation loss of the second worst split."""
    t_u, t_c = data.thermometer(F64)
    value = roulette.all_losses(t_u, t_c, 1)[1][-2].item()
    lesson = "It sets the two highest readings aside, {:g} and {:g}: extrapolation again."
    hint = "Degree 1: list all splits, and move until the ring is around the last but one."
    set_aside = t_u[roulette.vals[-2]].tolist()
    return value - 0.05, value + 0.05, lesson.format(*set_aside), hint


def lowest_of_degree_8(knobs: Any) -> Target:
    """Lesson 06: the lowest leave-one-out loss that a penalty gives degree 8."""
    penalties = [10 ** (k / 20) for k in range(-40, 1)]
    lowest, penalty = min((knobs.leave_one_out(p)[8].item(), p) for p in penalties)
    lesson = f"The lowest is {lowest:.2f}, at a penalty of {penalty:.2g}. "
    lesson += f"The plain line has {knobs.leave_one_out(0.0)[1]:.2f}."
    hint = "Degree 8, no noise, 11 points: move only the penalty."
    return 0.99 * lowest, 1.05 * lowest, lesson, hint


QUESTIONS: dict[str, Callable[[Any], Target]] = {
    "BeTheOptimizer": lowest_without_b,
    "FiniteDifferenceStep": best_delta,
    "LearningRateExplorer": smallest_rate,
    "ForgottenZeroGrad": doubled_border,
    "MinibatchNoise": share_of_cosine,
    "SplitRoulette": second_worst_split,
    "DegreeAndPenalty": lowest_of_degree_8,
}


def worst_split(roulette: Any) -> dict[str, float]:
    worst = roulette.all_losses(*data.thermometer(F64), 1)[1][-1].item()
    return {"That is the worst split; the second worst is asked for.": worst}


def other_schedules(noise: Any) -> dict[str, float]:
    return {"Three of the schedules have that; another one settles.": 0.0}


MISSES = {"SplitRoulette": worst_split, "MinibatchNoise": other_schedules}  # sentence -> number


# -- The three walls of the explorer


def check_walls(answer: dict[str, float | None], readings: dict[str, list[float]]) -> str:
    """A sentence on the walls of all three inputs, each right to within 3 %: "✔", "✘" or "…"."""
    t_u = torch.tensor(readings["t_u"], dtype=F64)
    scaled = {"raw": t_u, "x0.1": 0.1 * t_u, "standardised": data.standardize(t_u)[0]}
    walls = {name: theory.critical_learning_rate(t).item() for name, t in scaled.items()}
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
