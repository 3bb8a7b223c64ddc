"""The pages of the site: a lesson, the front page, the reference on one sheet, an instrument."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path

import nbformat
from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup
from nbformat import NotebookNode

from .outputs import INSTRUMENTS, instrument_call, make, note, output_html
from .render import Renderer, code

HERE = Path(__file__).parent
SOLUTION = re.compile(r"^[^#\n]*\.solution\(", re.MULTILINE)  # a call, not a comment about it
FOLDED = re.compile(r"<details>\s*<summary>\s*Solution.*?</details>", re.DOTALL | re.I)
ANSWER = re.compile(r"<details><summary>Answer</summary>(.*?)</details>", re.DOTALL)
DEEPER = "## Going deeper"
REFERENCE = "## Reference"
CHECKLIST = "## The checklist"
ABOVE = re.compile(rf"^#{CHECKLIST}\n.*?(?=^### |\Z)", re.DOTALL | re.MULTILINE)


@dataclass
class Lesson:
    """What the front page says of a lesson, read from its first cell."""

    page: str
    title: str
    hook: str
    minutes: str

    @classmethod
    def read(cls, path: Path) -> "Lesson":
        first = nbformat.read(path, as_version=4).cells[0].source
        title, _, rest = first.partition("\n")
        minutes = re.search(r"\*\*Time\*\* ([^\n]+?)(?: minutes)?\.?(?:\n|$)", first)
        return cls(
            page=f"{path.stem}.html",
            title=title.lstrip("# "),
            hook=rest.strip().split("\n\n")[0].replace("\n", " "),
            minutes=re.sub(r", \w+ 0\b", "", minutes[1]) if minutes else "",
        )


@cache
def template() -> Template:
    loader = FileSystemLoader(HERE)
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("page.html.j2")


def cells_html(nb: NotebookNode, renderer: Renderer) -> list[dict]:
    """The cells for the template: `text` of a Markdown cell, or `code` with its `outputs`.

    A cell that only draws carries `name`, the words that it is folded under. `deeper` marks the
    cells of the part that is folded at the end.
    """
    cells, deeper = [], False
    for cell in nb.cells:
        if re.match(r"## ", cell.source):
            deeper = cell.source.startswith(DEEPER)
        if cell.cell_type == "markdown":
            source = FOLDED.sub(note("The solution is in the notebook."), cell.source)
            cells.append({"text": renderer.markdown(source), "deeper": deeper})
        elif cell.cell_type == "code":
            cells.append({**_code_cell(cell, renderer), "deeper": deeper})
    return cells


def _code_cell(cell: NotebookNode, renderer: Renderer) -> dict:
    shown = {"code": Markup(code(cell.source)), "number": cell.execution_count, "name": ""}
    call = instrument_call(cell.source)
    if SOLUTION.search(cell.source):
        shown["outputs"] = [note("Run this cell in JupyterLab: no solutions in the handout.")]
    elif call is not None and cell.outputs:
        name, values, named = call
        shown["outputs"] = [renderer.instrument(name, make(name, *values, **named))]
    else:
        shown["outputs"] = [output_html(output, renderer) for output in cell.outputs]
    if cell.metadata.get("jupyter", {}).get("source_hidden"):
        shown["name"] = cell.source.partition("\n")[0].lstrip("# ").strip()
    return shown


def _parts(cells: list[dict]) -> dict[str, list[dict]]:
    """The cells before what is folded, those that are, and those after them."""
    folded = [number for number, cell in enumerate(cells) if cell["deeper"]]
    first, last = (folded[0], folded[-1] + 1) if folded else (len(cells), len(cells))
    return {"core": cells[:first], "deeper": cells[first:last], "after": cells[last:]}


def answers_of(cells: list[dict]) -> list[Markup]:
    """The folded answers in these cells: on paper they stand together at the end."""
    return [Markup(text) for cell in cells for text in ANSWER.findall(cell.get("text", ""))]


def lesson_page(path: Path, pages: set[str]) -> str:
    """The page of one lesson."""
    nb = nbformat.read(path, as_version=4)
    renderer = Renderer(path.parent, pages)
    parts = _parts(cells_html(nb, renderer))
    return template().render(
        kind="lesson",
        title=nb.cells[0].source.splitlines()[0].lstrip("# "),
        **parts,
        contents=renderer.contents,
        answers=answers_of(parts["core"]),
        scripts=renderer.scripts,
    )


def reference_page(path: Path, pages: set[str]) -> str:
    """The reference of the last lesson, set to be printed on one sheet."""
    nb = nbformat.read(path, as_version=4)
    texts = [cell.source for cell in nb.cells if cell.cell_type == "markdown"]
    first = next(i for i, text in enumerate(texts) if text.startswith(REFERENCE))
    last = next((i for i in range(first + 1, len(texts)) if re.match("## ", texts[i])), len(texts))
    source = "\n\n".join(texts[first:last]).replace(REFERENCE, "# Reference", 1)
    for text in texts:  # on the sheet the checklist itself, where the lesson points up to it
        if text.startswith(CHECKLIST):
            source = ABOVE.sub(lambda _, text=text: f"#{text}\n\n", source)
    source = source.replace("| this one |", f"| [{path.stem[:2]}]({path.name}) |")
    source = re.sub(r"^###", "##", source, flags=re.MULTILINE)
    body = Renderer(path.parent, pages).markdown(source)
    return template().render(kind="reference", title="Reference", body=body)


def instrument_page(name: str, pages: set[str], folder: Path) -> str:
    """The page of one instrument, its state in the address; it leads back to its lesson.

    Its lesson is the first in the folder that shows it, if one does.
    """
    title, does = INSTRUMENTS[name]
    place = f'id="{name}"'
    shown = (p for p in sorted(pages) if place in _text(folder / p))
    lesson = next(shown, "")
    return template().render(
        kind="instrument",
        title=title,
        does=does,
        lesson=f"{lesson}#{name}" if lesson else "",
        number=lesson[:2],
        scripts=[Markup(make(name).script("instrument"))],
    )


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8") if page.exists() else ""


def front_page(paths: Sequence[Path], pages: set[str], folder: Path) -> str:
    """The list of lessons, the instruments, and a search over headings and glossary.

    The pages are read from the folder, because those that an earlier run has left count too.
    """
    lessons = [Lesson.read(path) for path in paths]
    renderer = Renderer(paths[0].parent, pages)
    entries = [
        {
            "title": lesson.title,
            "page": lesson.page if lesson.page in pages else "",
            "minutes": lesson.minutes,
            "hook": renderer.markdown(lesson.hook),
        }
        for lesson in lessons
    ]
    found = [entry for page in sorted(pages) for entry in headings(folder / page)]
    return template().render(
        kind="front",
        title="The Mechanics of Learning",
        entries=entries,
        instruments={name: said for name, said in INSTRUMENTS.items() if f"{name}.html" in pages},
        reference="reference.html" in pages,
        index=Markup(json.dumps(found, ensure_ascii=False).replace("</", "<\\/")),
        script=Markup((HERE / "search.js").read_text(encoding="utf-8")),
        scripts=[True],
    )


def headings(page: Path) -> list[list[str]]:
    """What the search finds in a page: [words, page#anchor, where] of each heading and term."""
    html = page.read_text(encoding="utf-8")
    title = unescape(re.search(r"<title>(.*?)</title>", html)[1])

    def words(part: str) -> str:
        return unescape(re.sub(r"<[^>]+>", "", part)).strip()

    found = [
        [words(text), f"{page.name}#{unescape(anchor)}", title]
        for anchor, text in re.findall(r'<h[23] id="([^"]+)">(.*?)</h[23]>', html, re.DOTALL)
    ]
    terms = html.partition('id="Glossary"')[2]
    for row in re.findall(r"<tr>\s*<td>(.*?)</td>\s*<td>(.*?)</td>", terms, re.DOTALL):
        found.append([f"{words(row[0])}: {words(row[1])}", f"{page.name}#Glossary", title])
    return found
