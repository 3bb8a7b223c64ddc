"""How many wrong changes would the checks notice? Run on demand, it takes minutes.

usage: python tests/tools/mutate.py [01 02 ...] [--sample 100] [--seed 0] [--verbose]

One small change at a time (a constant, an operator, a flipped comparison, a dropped zero_grad,
backward or step, a removed no_grad) goes into one notebook cell. It is caught if a compared output
differs or a cell raises. What is left over has survived: `--verbose` lists it.

Left out, because nobody would call them wrong: what only affects the looks of a figure, the numbers
that an assertion or a comparison tolerates (0.001 and below), and the lines that find `helpers`.

Processes are forked, so torch is imported once: a mutant of cell 30 starts where cell 29 ended.
"""

import argparse
import ast
import copy
import importlib
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import canonical

ROOT = Path(__file__).parents[2]
SECONDS = 60  # a mutant that runs longer than this has been caught: nobody would wait for it

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
# Calls that matter by what they do, not by what they return: dropping one must show.
DROPPED = {"zero_grad", "zero_", "backward", "step", "requires_grad_", "detach_", "manual_seed"}
SWITCHES = {"no_grad", "enable_grad", "inference_mode", "set_grad_enabled"}
# Where a number only changes the looks of a figure, or where helpers are found.
COSMETIC_CALLS = {
    "subplots", "figure", "legend", "annotate", "text", "set", "set_title", "set_aspect", "axis",
    "savefig", "set_printoptions", "insert", "suptitle", "tick_params", "view_init", "axhline",
    "axvline", "set_major_locator", "set_major_formatter", "set_minor_formatter", "update",
    "add_subplot", "set_box_aspect", "set_xticks", "set_yticks", "axline", "margins", "colorbar",
    "update_layout", "Layout", "cycle", "supxlabel", "supylabel", "set_zlabel", "Look", "Panel",
}  # fmt: skip
DRAWING_CALLS = {
    "plot", "scatter", "bar", "barh", "vlines", "hlines", "fill_between", "hist", "step", "stem",
    "semilogy", "loglog", "plot_surface", "contour", "imshow", "errorbar", "loss_contour", "fit",
    "loss_curves", "graph", "stairs", "grid",
}  # fmt: skip


def name_of(call: ast.AST) -> str:
    """The last part of what is called: `optimizer.step()` gives "step"."""
    function = getattr(call, "func", None)
    return getattr(function, "attr", getattr(function, "id", ""))


def is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float, bool)


def cosmetic(node: ast.AST) -> list[ast.AST]:
    """The children of `node` in which no change counts."""
    if isinstance(node, ast.Call) and name_of(node) in COSMETIC_CALLS:
        return [node.func, *node.args, *node.keywords]  # the first: axes[0].legend()
    if isinstance(node, ast.Call) and name_of(node) in DRAWING_CALLS:
        return list(node.keywords)
    if isinstance(node, ast.keyword) and node.arg == "strict":  # a guard, like an assertion
        return [node.value]
    if isinstance(node, ast.Assert):
        return [c for c in ast.walk(node.test) if is_number(c)]
    if isinstance(node, ast.Compare):
        return [c for c in node.comparators if is_number(c) and 0 < abs(c.value) <= 1e-3]
    if isinstance(node, ast.FormattedValue) and node.format_spec:
        return [node.format_spec]
    if isinstance(node, ast.FunctionDef | ast.AnnAssign):  # annotations are not run for their value
        return [n for n in (getattr(node, "returns", None), getattr(node, "annotation", None)) if n]
    return []


def places(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Every node that can be changed, with the kind of change."""
    skipped: set[int] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if id(node) in skipped:
            continue
        skipped.update(map(id, cosmetic(node)))
        waiting.extend(ast.iter_child_nodes(node))
        if is_number(node):
            yield node, "constant"
        elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in SWAPS:
            yield node, "operator"
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            yield node, "sign"
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield node, "condition"
        elif isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
            yield node, "comparison"
        elif isinstance(node, ast.Expr) and name_of(node.value) in DROPPED:
            yield node, "dropped call"
        elif isinstance(node, ast.With) and name_of(node.items[0].context_expr) in SWITCHES:
            yield node, "removed switch"


def change(node: ast.AST, kind: str, chance: random.Random) -> None:
    """Make one small change to `node` in place."""
    if kind == "constant":
        value = node.value
        if isinstance(value, bool):
            node.value = not value
        elif isinstance(value, int):
            node.value = value + chance.choice([-1, 1])
        else:
            node.value = value * chance.choice([0.5, 1.1, 2.0]) if value else 1.0
    elif kind == "operator":
        node.op = SWAPS[type(node.op)]()
    elif kind == "sign":
        node.op = ast.UAdd()
    elif kind == "condition":  # not not, which is what it was before the not
        node.operand = ast.UnaryOp(ast.Not(), node.operand)
    elif kind == "comparison":
        node.ops[0] = SWAPS[type(node.ops[0])]()
    elif kind == "dropped call":
        node.value = ast.Constant(None)
    else:
        nothing = ast.parse("__import__('contextlib').nullcontext()", mode="eval").body
        node.items = [ast.withitem(nothing)]


def mutants(source: str, chance: random.Random) -> list[tuple[str, str]]:
    """All changed versions of `source`, as (what was changed, the new source)."""
    tree = ast.parse(source)
    found = []
    for number, (node, kind) in enumerate(places(tree)):
        changed = copy.deepcopy(tree)
        twin = list(places(changed))[number][0]
        before = ast.unparse(node)
        change(twin, kind, chance)
        after = ast.unparse(ast.fix_missing_locations(twin))
        line = getattr(node, "lineno", 0)
        found.append((f"{kind}, line {line}: {before} -> {after}", ast.unparse(changed)))
    return found


class Forks:
    """Runs tasks in copies of this process, as many at once as there are processors.

    A mutant counts as caught if its task returns True, crashes or takes too long.
    """

    def __init__(self, verbose: bool) -> None:
        self.score: Counter[bool] = Counter()
        self.verbose = verbose
        self._running: dict[int, tuple[str, float]] = {}  # process: what was changed, until when

    def start(self, what: str, task: Callable[[], bool]) -> None:
        """Run `task`, now or as soon as a processor is free."""
        self._wait_for_fewer_than(os.cpu_count() or 1)
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            caught = True
            try:
                caught = task()
            finally:
                os._exit(int(caught))
        self._running[child] = what, time.monotonic() + SECONDS

    def finish(self) -> Counter[bool]:
        """Wait for all of them: how many were caught (True) and how many survived (False)."""
        self._wait_for_fewer_than(1)
        return self.score

    def _wait_for_fewer_than(self, number: int) -> None:
        while len(self._running) >= number:
            child, status = os.waitpid(-1, os.WNOHANG)
            if child == 0:
                for late in [c for c, (_, end) in self._running.items() if time.monotonic() > end]:
                    os.kill(late, signal.SIGKILL)
                time.sleep(0.005)
            elif child in self._running:
                what, _ = self._running.pop(child)
                self.score[status != 0] += 1
                if self.verbose and status == 0:
                    print(f"   survived: {what}")


# Notebooks: a small stand-in for a kernel, which compares as nbval does.

NOT_COMPARED = {"image/png", "application/vnd.jupyter.widget-view+json"}


def bundle(data: dict) -> list:
    """A display bundle in a form that can be compared: plotly figures are nested dictionaries."""
    return [
        (kind, json.dumps(value, sort_keys=True))
        for kind, value in data.items()
        if kind not in NOT_COMPARED
    ]


def outputs_of(cell) -> list:
    """What nbval would compare of the stored outputs of a cell."""
    seen = []
    for output in cell.outputs:
        if output.output_type == "stream":
            seen.append((output.name, output.text))
        elif output.output_type == "error":
            seen.append(("error", output.ename, output.evalue))
        else:
            seen += bundle(output.data)
    return sorted(seen)


def run_cell(shell, source: str) -> list:
    """The same of a cell that is run now."""
    from IPython.utils.capture import capture_output

    with capture_output() as captured:
        result = shell.run_cell(source)
    seen = [(n, t) for n, t in (("stdout", captured.stdout), ("stderr", captured.stderr)) if t]
    for output in captured.outputs:
        seen += bundle(output.data)
    error = result.error_before_exec or result.error_in_exec
    if error is not None:
        seen.append(("error", type(error).__name__, str(error)))
    return sorted(seen)


def notebook_mutants(path: Path, size: int, chance: random.Random) -> list[tuple[int, str, str]]:
    """A sample of (number of the code cell, what was changed, the changed source)."""
    found = [
        (number, what, changed)
        for number, cell in enumerate(canonical.code_cells(canonical.read(path)))
        if canonical.is_compared(cell)
        for what, changed in mutants(canonical.python(cell), chance)
    ]
    return chance.sample(found, min(size, len(found)))


def try_notebook(path: Path, size: int, chance: random.Random, verbose: bool) -> Counter:
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.display import display

    os.chdir(path.parent)
    cells = canonical.code_cells(canonical.read(path))
    sample = notebook_mutants(path, size, chance)
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.showtraceback = shell.showsyntaxerror = lambda *_, **__: None
    # The value of a last expression is captured as a display, not printed as "Out[3]: ...".
    shell.display_trap.hook = lambda value: None if value is None else display(value)
    forks = Forks(verbose)
    for number, cell in enumerate(cells):

        def survives(changed: str, number: int = number) -> bool:
            sources = [changed] + [later.source for later in cells[number + 1 :]]
            return all(
                run_cell(shell, source) == outputs_of(cells[number + i])
                or not canonical.is_compared(cells[number + i])
                for i, source in enumerate(sources)
            )

        for where, what, changed in sample:
            if where == number:
                label = f"{path.name}, code cell {number + 1}, {what}"
                forks.start(label, lambda changed=changed: not survives(changed))
        if run_cell(shell, cell.source) != outputs_of(cell) and canonical.is_compared(cell):
            raise SystemExit(f"{path.name}, code cell {number + 1} differs without any change")
    return forks.finish()


# What the children need, imported once, before any fork.
NEEDED = ["hypothesis", "ipywidgets", "matplotlib.pyplot", "nbconvert", "plotly", "torch._dynamo"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="numbers of notebooks")
    parser.add_argument("--sample", type=int, default=100, help="mutants for each (100)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--verbose", action="store_true", help="list the survivors")
    options = parser.parse_args()
    paths = {path.name[:2]: path for path in sorted(canonical.NOTEBOOKS.glob("*.ipynb"))}
    if unknown := set(options.names) - set(paths):
        parser.error(f"no notebook {', '.join(sorted(unknown))}: there are {', '.join(paths)}")

    for module in NEEDED:
        importlib.import_module(module)
    import torch

    torch.set_num_threads(1)  # threads do not survive a fork
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    for path in [paths[number] for number in options.names] or paths.values():
        start = time.perf_counter()
        score = try_notebook(path, options.sample, random.Random(options.seed), options.verbose)
        total = score.total()
        share = score[True] / total if total else 1
        print(
            f"{path.name}: {score[True]} of {total} changes caught ({share:.0%}), "
            f"{time.perf_counter() - start:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
