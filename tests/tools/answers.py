"""What the tests of exercises share: handing an answer over, running a cell as a kernel does."""

import contextlib
import io
import itertools
import linecache
import textwrap

import matplotlib.pyplot as plt
import pytest
import torch

from helpers import data, theory
from helpers.exercises import ALL
from helpers.judge import Function
from helpers.losses import mse
from helpers.models import linear, quadratic
from helpers.theory import least_squares

EACH = pytest.mark.parametrize("name", ALL)
FUNCTIONS = [name for name, exercise in ALL.items() if isinstance(exercise, Function)]
MISTAKES = [(name, sentence) for name, exercise in ALL.items() for sentence in exercise.mistakes]


def said(name, *answer):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        ALL[name].check(*answer)
    assert err.getvalue() == ""
    return out.getvalue()


CELLS = itertools.count()


def execute(source, namespace):
    """Run a cell as a kernel does: the source of what it defines can be looked up afterwards."""
    name = f"<cell {next(CELLS)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), namespace)


def run(source, **names):
    """The names that a cell defines, in a namespace of its own."""
    namespace = {"torch": torch, "linear": linear, "mse": mse, "quadratic": quadratic}
    namespace |= {"least_squares": least_squares, **names}
    namespace |= {"critical_learning_rate": theory.critical_learning_rate, "plt": plt}
    namespace |= zip("xy", data.two_columns(), strict=True)
    execute(source, namespace)
    return namespace


def with_body(name, body, before="", **names):
    """The function `name` with another body, run in a cell whose other lines stand `before` it."""
    head = ALL[name].source.split("\n")[0]
    return run(f"{before}{head}\n{textwrap.indent(body, '    ')}", **names)[name]
