"""A number that was found with an instrument."""

from collections.abc import Callable
from typing import Any

from torch import Tensor

from .verdict import NOT_STARTED, NOT_YET, RIGHT

# The number to find: right from the first to the second; a lesson, a hint.
Target = tuple[float, float, str, str]


def check_number(answer: Any, target: Callable[[], Target]) -> str:
    """A sentence that begins with "✔", "✘" or "…": right, not yet, not started.

    `target()` is called only where there is a number: it may have to train to know.
    """
    if answer is None:
        return f"{NOT_STARTED} Not answered yet: write the number that you found in place of None."
    if isinstance(answer, Tensor) and answer.numel() == 1:
        answer = answer.item()
    if not isinstance(answer, int | float) or isinstance(answer, bool):
        return f"{NOT_YET} {answer!r} is not a number: write one, such as 1.5 or 2e-3."
    low, high, lesson, hint = target()
    if low <= answer <= high:
        return f"{RIGHT} {answer:g}: right. {lesson}"
    return f"{NOT_YET} Not yet. {hint}"
