"""Speed, as ratios within one run: `python tests/benchmarks/speed.py [loop] [notebooks] [cells]`.

Not part of the tests: a time depends on the machine, and on what else it does. The first two are
ratios of things measured side by side, medians of several pairs; the third says where to look.

loop       what `training_loop` costs over the plain PyTorch loop (target: at most 1.2)
notebooks  what the nbval pass over all notebooks costs over its floor: the same kernels and cells,
           of which only the imports are left, and the first optimizer, which loads a good part of
           PyTorch (target: at most 2.2)
cells      the cells that take longest, and what part of all the time after set-up each takes
"""

import ast
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from statistics import median

import nbformat

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "tools"), str(ROOT / "tests" / "helpers")]

OPTIMIZER = "optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)"


def seconds(task, *arguments) -> float:
    start = time.perf_counter()
    task(*arguments)
    return time.perf_counter() - start


def loop(n_epochs: int = 2000, pairs: int = 15) -> None:
    from test_training import plain_loop, ready

    from helpers.data import thermometer
    from helpers.training import training_loop

    t_u, t_c = thermometer()
    ratios = []
    for _ in range(pairs):
        times = []
        for train in (plain_loop, training_loop):
            params, optimizer = ready()
            times.append(seconds(train, n_epochs, optimizer, params, 0.1 * t_u, t_c))
        ratios.append(times[1] / times[0])
    print(
        f"training_loop over the plain loop: {median(ratios):.3f} "
        f"(from {min(ratios):.3f} to {max(ratios):.3f}, {pairs} pairs of {n_epochs} epochs)"
    )


def floor_of(path: Path) -> nbformat.NotebookNode:
    """A lesson with nothing in its code cells but imports, and one optimizer if it has any."""
    import canonical

    nb = canonical.read(path)
    first, *others = canonical.code_cells(nb)
    first.source = first.source.replace('".."', repr(str(ROOT)))  # where helpers/ is
    has_optimizer = False
    for cell in others:
        tree = ast.parse(canonical.python(cell))
        kept = [
            ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        if "torch.optim." in cell.source and not has_optimizer:
            has_optimizer = True
            kept.append(OPTIMIZER)
        cell.source, cell.outputs, cell.metadata = "\n".join(kept), [], {}
    return nb


def nbval(folder: Path) -> None:
    """One strict nbval pass, one process, so that the ratio does not depend on the cores."""
    command = [sys.executable, "-m", "pytest", "-q", "-c", str(ROOT / ".pytest.ini")]
    command += ["--rootdir", str(ROOT), "-p", "no:cacheprovider", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def notebooks(pairs: int = 3) -> None:
    paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            nbformat.write(floor_of(path), Path(folder) / path.name)
        ratios = []
        for pair in range(pairs):
            floor, whole = seconds(nbval, Path(folder)), seconds(nbval, ROOT / "notebooks")
            ratios.append(whole / floor)
            print(f"pair {pair + 1}: floor {floor:.1f} s, notebooks {whole:.1f} s")
    print(
        f"nbval over its floor: {median(ratios):.2f} "
        f"(from {min(ratios):.2f} to {max(ratios):.2f}, {len(paths)} notebooks)"
    )


def cells(shown: int = 20) -> None:
    import canonical
    import regenerate

    times = []
    for path in sorted(canonical.NOTEBOOKS.glob("*.ipynb")):
        notebook = canonical.read(path)
        regenerate.client(notebook, path).execute()
        code = canonical.code_cells(notebook)[1:]  # the first holds the imports
        for number, cell in enumerate(code, start=2):
            took = cell.metadata.execution
            start, end = took["iopub.execute_input"], took["shell.execute_reply"]
            begin, done = (datetime.fromisoformat(text).timestamp() for text in (start, end))
            times.append((done - begin, path.name[:2], number, cell.source.splitlines()[0][:60]))
    total = sum(taken for taken, *_ in times)
    for taken, label, number, line in sorted(times, reverse=True)[:shown]:
        print(f"{taken / total:5.1%}  {taken:.2f} s  {label}, code cell {number}: {line}")


if __name__ == "__main__":
    for name in sys.argv[1:] or ["loop", "notebooks"]:
        {"loop": loop, "notebooks": notebooks, "cells": cells}[name]()
