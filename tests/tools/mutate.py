"""How many wrong changes would the checks notice? Run on demand, it takes minutes.

One small change at a time (a constant, an operator, a comparison, a dropped zero_grad, backward or
step, a removed no_grad) goes into a cell, in a fork of the process that has run the cells before.
It is caught if a compared output differs, or a cell raises; what survives is listed. Left out is
what only affects the looks of a figure, and numbers that an assertion tolerates.
"""

import argparse
import ast
import copy
import json
import os
import random
import re
import signal
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from IPython.utils.capture import capture_output
from nbformat import NotebookNode

sys.path.insert(0, str(Path(__file__).parent))
import canonical

SECONDS = 60  # what runs longer than this has been caught: nobody would wait for it
SWAPS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult, ast.FloorDiv: ast.Mult, ast.Lt: ast.GtE, ast.GtE: ast.Lt,
    ast.Gt: ast.LtE, ast.LtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.USub: ast.UAdd,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
# Calls that matter by what they do, not by what they return: dropping one must show.
DROPPED = {"zero_grad", "zero_", "backward", "step", "requires_grad_", "detach_", "manual_seed"}
SWITCHES = {"no_grad", "enable_grad", "inference_mode", "set_grad_enabled"}
NOT_COMPARED = {"image/png", "application/vnd.jupyter.widget-view+json"}
# Where a number only changes the looks of a figure: in any argument, or in those with a name.
COSMETIC = re.compile(
    r"set_?\w*|figure|legend|annotate|text|ax(is|line|hline|vline)|sup(title|[xy]label)|cycle|"
    r"(add_)?subplots?|tick_params|view_init|margins|colorbar|insert|update(_layout)?|Layout"
)
DRAWING = re.compile(
    r"(errorbar|scatter|hist|stem|step|barh?|[vh]lines|fill_between|stairs|grid|imshow|contour|"
    r"plot(_surface)?|semilogy|loglog|loss_(contour|curves)|fit|graph)"
)


def name_of(call: ast.AST) -> str:
    """The last part of what is called: `optimizer.step()` gives "step"."""
    function = getattr(call, "func", None)
    return getattr(function, "attr", getattr(function, "id", ""))


def cosmetic(node: ast.AST) -> list[ast.AST]:
    """The children of `node` in which no change counts."""
    match node:
        case ast.Call() if COSMETIC.fullmatch(name_of(node)):
            return [node.func, *node.args, *node.keywords]  # the first: axes[0].legend()
        case ast.Call() if DRAWING.fullmatch(name_of(node)):
            return list(node.keywords)
        case ast.keyword(arg="strict"):  # a guard, like an assertion
            return [node.value]
        case ast.Assert():
            return [child for child in ast.walk(node.test) if isinstance(child, ast.Constant)]
        case ast.Compare(comparators=[ast.Constant(value=float(value))]) if 0 < value <= 1e-3:
            return node.comparators
        case ast.FormattedValue(format_spec=ast.JoinedStr()):
            return [node.format_spec]
    return []


def change(node: ast.AST, chance: random.Random) -> str:
    """Make one small change to `node` in place and name its kind; "" where there is none."""
    match node:
        case ast.Constant(value=bool(value)):
            node.value = not value
        case ast.Constant(value=int()):
            node.value += chance.choice([-1, 1])
        case ast.Constant(value=float(value)):
            node.value = value * chance.choice([0.5, 1.1, 2.0]) if value else 1.0
        case ast.BinOp() | ast.AugAssign() | ast.UnaryOp() if type(node.op) in SWAPS:
            node.op = SWAPS[type(node.op)]()
            return "operator"
        case ast.Compare():
            node.ops[0] = SWAPS[type(node.ops[0])]()
            return "comparison"
        case ast.Expr() if name_of(node.value) in DROPPED:
            node.value = ast.Constant(None)
            return "dropped call"
        case ast.With() if name_of(node.items[0].context_expr) in SWITCHES:
            nothing = ast.parse("__import__('contextlib').nullcontext()", mode="eval").body
            node.items = [ast.withitem(nothing)]
            return "removed switch"
        case _:
            return ""
    return "constant"


def mutants(source: str, chance: random.Random) -> list[tuple[str, str]]:
    """All changed versions of `source`, as (what was changed, the new source)."""
    tree = ast.parse(source)
    skipped = {id(n) for node in ast.walk(tree) for c in cosmetic(node) for n in ast.walk(c)}
    found = []
    for number, node in enumerate(ast.walk(tree)):
        changed = copy.deepcopy(tree)
        twin = list(ast.walk(changed))[number]
        if id(node) not in skipped and (kind := change(twin, chance)):
            after = ast.unparse(ast.fix_missing_locations(changed))
            found.append((f"{kind}: {ast.unparse(node)} -> {ast.unparse(twin)}", after))
    return found


def seen(texts: Iterable[tuple], bundles: Iterable[dict]) -> list[tuple]:
    """What nbval compares, in an order of its own: no pictures, plotly's figures as text."""
    shown = [(kind, b[kind]) for b in bundles for kind in b.keys() - NOT_COMPARED]
    return sorted([*texts, *((kind, json.dumps(data, sort_keys=True)) for kind, data in shown)])


def stored(cell: NotebookNode) -> list[tuple]:
    texts = [(o.name, o.text) for o in cell.outputs if "text" in o]
    texts += [(o.ename, o.evalue) for o in cell.outputs if "ename" in o]
    return seen(texts, [o.data for o in cell.outputs if "data" in o])


def computed(shell: InteractiveShell, source: str) -> list[tuple]:
    with capture_output() as captured:
        result = shell.run_cell(source)
    texts = [p for p in (("stdout", captured.stdout), ("stderr", captured.stderr)) if p[1]]
    if (error := result.error_before_exec or result.error_in_exec) is not None:
        texts.append((type(error).__name__, str(error)))
    return seen(texts, [output.data for output in captured.outputs])


def try_notebook(path: Path, size: int, chance: random.Random) -> Counter[bool]:
    """How many of `size` changes are caught (True), and how many survive (False)."""
    os.chdir(path.parent)
    cells = canonical.code_cells(canonical.read(path))
    found = []
    for number, cell in enumerate(cells):
        if canonical.is_compared(cell):
            found += [(number, *mutant) for mutant in mutants(canonical.python(cell), chance)]
    sample = chance.sample(found, min(size, len(found)))
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.showtraceback = shell.showsyntaxerror = lambda *_, **__: None
    # The value of a last expression is captured as a display, not printed as "Out[3]: ...".
    shell.display_trap.hook = lambda value: None if value is None else display(value)
    score, running = Counter(), {}

    def differs(source: str, cell: NotebookNode) -> bool:
        return computed(shell, source) != stored(cell) and canonical.is_compared(cell)

    def in_a_fork(source: str, rest: list[NotebookNode]) -> None:
        signal.alarm(SECONDS)
        try:
            os._exit(differs(source, rest[0]) or any(differs(c.source, c) for c in rest[1:]))
        finally:
            os._exit(1)

    def wait_until(most: int) -> None:
        while len(running) > most:
            child, status = os.wait()
            score[status != 0] += 1
            if status == 0:
                print(f"   survived: {running[child]}")
            del running[child]

    for number, cell in enumerate(cells):
        for _, what, changed in (mutant for mutant in sample if mutant[0] == number):
            wait_until(os.cpu_count() - 1)
            child = os.fork() or in_a_fork(changed, cells[number:])
            running[child] = f"{path.name}, code cell {number + 1}, {what}"
        if differs(cell.source, cell):
            raise SystemExit(f"{path.name}, code cell {number + 1} differs without any change")
    wait_until(0)
    return score


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="numbers of notebooks (all)")
    parser.add_argument("--sample", type=int, default=100, help="changes of each (100)")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    paths = {path.name[:2]: path for path in sorted(canonical.NOTEBOOKS.glob("*.ipynb"))}
    if unknown := set(options.names) - set(paths):
        parser.error(f"no notebook {', '.join(unknown)}: there are {', '.join(paths)}")
    os.environ["OMP_NUM_THREADS"] = "1"  # threads do not survive a fork
    for number in options.names or paths:
        score = try_notebook(paths[number], options.sample, random.Random(options.seed))
        print(f"{number}: {score[True]} of {score.total()} changes caught", flush=True)


if __name__ == "__main__":
    main()
