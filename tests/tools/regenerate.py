"""Run notebooks from the top and store them in canonical form.

usage: python tests/tools/regenerate.py                              all notebooks
       python tests/tools/regenerate.py notebooks/03_learning_rate.ipynb ...

Use it after every change to a notebook, also after saving one from JupyterLab, and look at the
difference in git before committing: each changed output is a claim that the series now makes.
Where outputs are not compared (measured times), the stored ones stay as long as the words around
the numbers are the same: so a second run changes nothing.
"""

import json
import os
import re
import sys
import time
from pathlib import Path

from nbclient import NotebookClient
from nbformat import NotebookNode

sys.path.insert(0, str(Path(__file__).parent))
import canonical
import nbgrader_source


def words(outputs: list) -> str:
    """What outputs say, whatever their numbers are."""
    return re.sub(r" *\d+", "#", json.dumps(outputs, sort_keys=True))


def client(nb: NotebookNode, path: Path, **options: bool) -> NotebookClient:
    """Executes `nb` in the folder of `path`, without the kernel's remark on encryption."""
    return NotebookClient(
        nb,
        timeout=300,
        resources={"metadata": {"path": str(path.parent)}},
        extra_arguments=["--log-level=ERROR"],
        **options,
    )


def run(path: Path) -> list[str]:
    """Execute the notebook at `path`, rewrite it, and return what is still not canonical."""
    os.environ["EXERCISES_PROGRESS"] = ""  # what its author has solved is no part of a notebook
    nb = canonical.read(path)
    not_compared = [
        (cell, cell.outputs) for cell in canonical.code_cells(nb) if not canonical.is_compared(cell)
    ]
    options = {"record_timing": False, "store_widget_state": False, "coalesce_streams": True}
    client(nb, path, **options).execute()
    nbgrader_source.add_nbgrader_metadata(canonical.canonical(nb))
    for cell, stored in not_compared:
        if "exercises.progress()" in cell.source:  # a reader's own: nothing to store
            cell.outputs = []
        elif words(cell.outputs) == words(stored):
            cell.outputs = stored
    text = canonical.write(nb)
    path.write_text(text, encoding="utf-8", newline="\n")
    return canonical.complaints(nb)


def main(names: list[str]) -> int:
    paths = [Path(name) for name in names] or sorted(canonical.NOTEBOOKS.glob("*.ipynb"))
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        print("no such notebook:", *missing, file=sys.stderr)
        return 2
    found = 0
    for path in paths:
        print(f"{path.name} ...", end=" ", flush=True)
        start = time.perf_counter()
        sentences = run(path)
        print(f"{time.perf_counter() - start:.1f} s")
        print(*(f"   {sentence}\n" for sentence in sentences), sep="", end="")
        found += len(sentences)
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
