"""A wrong change turns the checks red: each class of change that `mutate.py` makes is seen failing.

First under strict nbval, as CI would see it; then the tool itself, which must report both what is
caught and what is not: a measure that finds everything caught proves nothing.
"""

import os
import random
import re
import subprocess
import sys
from pathlib import Path

import mutate
import nbformat
import pytest

ROOT = Path(__file__).parents[2]
SET_UP = """import torch

t_u, t_c = torch.tensor([35.7, 55.9, 58.2]), torch.tensor([0.5, 14.0, 15.0])
params = torch.tensor([1.0, 0.0], requires_grad=True)

class optimizer:  # that of PyTorch would load for a second
    zero_grad = lambda: setattr(params, "grad", None)
    step = lambda: params.data.sub_(1e-4 * params.grad)

def backward():
    w, b = params
    ((w * t_u + b - t_c) ** 2).mean().backward()"""
TRAINING = """params.data, params.grad = torch.tensor([1.0, 0.0]), torch.ones(2)
optimizer.zero_grad()
backward()
optimizer.step()
print([f'{number:.4f}' for number in params.tolist() + params.grad.tolist()])"""
# One cell for each class: a fragment of the lesson, on its own, and what it must print.
CELLS = {
    "constant": ("print(f'{t_u.quantile(0.5):.1f}')", "55.9\n"),
    "operator": ("print(f'{(t_u - t_c).mean():.1f}')", "40.1\n"),
    "comparison": ("print(bool(t_c[0] < t_c[1]))", "True\n"),
    "dropped call": (TRAINING, "['0.5925', '-0.0080', '4075.3936', '80.2000']\n"),
    "removed switch": ("with torch.no_grad():\n    print((2 * params).requires_grad)", "False\n"),
}
BLIND = "scale = 0.1\nprint('scaled')"  # nothing that is shown depends on the number


def changes(source: str) -> list[tuple[str, str]]:
    """(class, changed source) of every change, as `mutate` makes them."""
    found = mutate.mutants(source, random.Random(0))
    return [(what.partition(":")[0], changed) for what, changed in found]


def broken(kind: str) -> list[str]:
    return [changed for name, changed in changes(CELLS[kind][0]) if name == kind]


def write(path: Path, cells: list[tuple[str, str]]) -> None:
    """A notebook of these cells, (source, what it must print)."""
    nb = nbformat.v4.new_notebook()
    for number, (source, text) in enumerate(cells, start=1):
        outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)] if text else []
        nb.cells.append(nbformat.v4.new_code_cell(source, outputs=outputs, execution_count=number))
    nbformat.write(nb, path)


def test_a_wrong_name_is_told(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["mutate.py", "3"])
    with pytest.raises(SystemExit):
        mutate.main()
    assert "no notebook 3: there are 00, 01" in capsys.readouterr().err


def test_every_class_has_a_change():
    kinds = {kind for source, _ in CELLS.values() for kind, _ in changes(source)}
    assert kinds == set(CELLS)
    assert len(broken("dropped call")) == 3  # zero_grad, backward through a name, and step


def test_nbval_sees_a_change_of_every_class(tmp_path):
    right = [(SET_UP, ""), *CELLS.values()]
    wrong = [(changed, CELLS[kind][1]) for kind in CELLS for changed in broken(kind)]
    write(tmp_path / "some.ipynb", [*right, *wrong])
    command = [sys.executable, "-m", "pytest", "-v", "-c", str(ROOT / ".pytest.ini")]
    command += ["-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    found = re.findall(r"Cell \d+ (\w+)", done.stdout.partition("= FAILURES =")[0])
    assert found == ["PASSED"] * len(right) + ["FAILED"] * len(wrong)


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="mutate.py forks: not on Windows")


@needs_fork
def test_the_score_of_a_notebook(tmp_path):
    """In a process of its own that has imported nothing else; the second has no score at all."""
    some, odd = tmp_path / "some.ipynb", tmp_path / "odd.ipynb"
    write(some, [("w = 2", ""), ("print(w * 3)", "6\n"), (BLIND, "scaled\n")])
    write(odd, [("print(1)", "2\n")])
    script = f"""
import random
from pathlib import Path
import mutate
for name in {str(some)!r}, {str(odd)!r}:
    print(dict(sorted(mutate.try_notebook(Path(name), 100, random.Random(0)).items())))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT / "tests" / "tools",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    shown = re.sub(r"(?m)^ +survived: ", "", done.stdout)
    assert "some.ipynb, code cell 3, constant: 0.1 -> " in shown
    assert shown.splitlines()[1:] == ["{False: 1, True: 3}"], "the second ends it"
    assert done.stderr == "odd.ipynb, code cell 1 differs without any change\n"
    assert done.returncode == 1
