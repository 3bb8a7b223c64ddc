"""Write the lessons as pages that need no network: `python -m helpers.handout`.

render.py turns text, formulas and drawings into HTML, outputs.py what cells have printed and drawn,
pages.py puts the pages together, and page.html.j2 says what a page looks like. A page asks nobody
for anything; only those with an instrument, and the front page with its search, hold a script.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from .outputs import INSTRUMENTS
from .pages import REFERENCE, front_page, instrument_page, lesson_page, reference_page

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
FOLDER = ".handouts"  # hidden, and ignored by git


def chosen(wishes: Sequence[str], paths: Sequence[Path]) -> list[Path]:
    """The lessons that the wishes name: `03`, `03_learning_rate` or a path; all without one."""
    if not wishes:
        return list(paths)
    found = []
    for wish in wishes:
        stem = Path(wish).name.removesuffix(".ipynb")
        hits = [path for path in paths if path.stem == stem or path.stem.split("_")[0] == stem]
        if not hits:
            raise ValueError(f"there is no notebook {wish!r}: choose {paths[0].stem[:2]}, ...")
        found += [path for path in hits if path not in found]
    return sorted(found)


def write(folder: Path, wishes: Sequence[str] = (), progress: bool = False) -> list[Path]:
    """Write the pages of the lessons that are wished for, the instruments and the front page.

    Returns what was written, the front page last. Without wishes the folder is a whole site.
    """
    every = sorted(NOTEBOOKS.glob("*.ipynb"))
    paths = chosen(wishes, every)
    folder.mkdir(parents=True, exist_ok=True)
    instruments = () if wishes else INSTRUMENTS
    names = [path.stem for path in every] + ["reference", *INSTRUMENTS]
    pages = {f"{name}.html" for name in names if (folder / f"{name}.html").exists()}
    pages |= {f"{path.stem}.html" for path in paths} | {f"{name}.html" for name in instruments}
    written = []

    def save(name: str, text: str) -> None:
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        written.append(folder / name)

    bar = tqdm([*paths, *instruments], "pages", unit="page", disable=not progress)
    for page in bar:
        if isinstance(page, str):
            save(f"{page}.html", instrument_page(page, pages, folder))
            continue
        save(f"{page.stem}.html", lesson_page(page, pages))
        if f'"{REFERENCE}' in page.read_text(encoding="utf-8"):
            save("reference.html", reference_page(page, pages))
            pages.add("reference.html")
    save("index.html", front_page(every, pages, folder))
    return written


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        "python -m helpers.handout", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("notebooks", nargs="*", help="such as 03, or a path; all without one")
    parser.add_argument("--folder", type=Path, default=ROOT / FOLDER, help="where the pages go")
    options = parser.parse_args(arguments)
    try:
        written = write(options.folder, options.notebooks, progress=True)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{len(written)} files. Open {written[-1]}")
    return 0
