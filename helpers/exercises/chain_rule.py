"""Whether slopes came by the chain rule, as a task of 02 asks: told by what an answer does."""

import sys

import torch
from torch import Tensor

from ..judge import Unusable, numbers
from ..judge.compare import same


def by_the_chain_rule(answer, t_u, t_c, w, b):
    """The slopes of 02. Measured slopes lose their digits where the loss is huge, autograd cannot
    look into inference mode; the chain rule minds neither."""
    used = {*getattr(getattr(answer, "__code__", None), "co_names", ())}
    if done := used & {"mse_gradient", "gradient_descent"}:
        raise Unusable(
            f"{done.pop()} does the work here: the chain rule was asked for, from the arguments"
        )
    slopes, others = watched(answer, t_u.clone(), t_c.clone(), w, b)
    if others:
        raise Unusable(
            f"{others[0]} does the work here: it gives both slopes back; the chain rule was asked "
            "for, from the arguments"
        )
    if not _grows(slopes, answer(t_u.clone(), 2 * t_c, 2 * w, 2 * b), 2.0):
        return slopes  # not the slopes of a squared error: wrong for another reason
    large = 2.0**40
    if not _grows(slopes, answer(t_u.clone(), large * t_c, large * w, large * b), large):
        raise Unusable("these slopes are measured by differences: the chain rule was asked for")
    try:
        with torch.inference_mode():
            answer(t_u.clone(), t_c.clone(), w, b)
    except RuntimeError as error:
        raise Unusable("autograd has done the work here: the chain rule was asked for") from error
    return slopes


def watched(answer, *arguments):
    """What an answer returns, and the functions from other cells or files that returned the same.

    A function that stands in the answer's own cell is a part of the answer, one of torch a tool.
    """
    own = getattr(getattr(answer, "__code__", None), "co_filename", None)
    returned = []

    def note(frame, event, value):
        foreign = frame.f_code.co_filename != own and frame.f_code is not watched.__code__
        tool = frame.f_globals.get("__name__", "").split(".")[0] in ("torch", "numpy")
        if event == "return" and foreign and not tool and isinstance(value, tuple | list | Tensor):
            returned.append((frame.f_code.co_name, value))

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        result = answer(*arguments)
    finally:
        sys.setprofile(before)
    came = numbers(result)
    told = came is not None and came.ndim == 1
    return result, [name for name, value in returned if told and same(value, came)]


def _grows(slopes, other, factor):
    """Is `other` the `factor` times `slopes`? The slopes of a squared error follow its scale."""
    one, two = numbers(slopes), numbers(other)
    if one is None or two is None or one.shape != two.shape:
        return False
    return torch.allclose(two, factor * one, rtol=1e-6)
