"""Write the notebooks as web pages that need no network: `python -m helpers.handout`.

Formulas become MathML, figures carry their alternative text, drawings move into the page, answers
are folded on the screen and open in print. Only the page with the learning-rate explorer holds a
script. What a page looks like is in `page.html.j2`, next to this file.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Sequence
from functools import cache
from html import escape, unescape
from pathlib import Path

import nbformat
from jinja2 import Environment, FileSystemLoader
from latex2mathml.converter import convert
from markupsafe import Markup
from nbconvert.filters import strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound
from tqdm import tqdm

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
FOLDER = ".handouts"  # hidden, and ignored by git
EXPLORER = "explorer.html"  # the explorer once more, on a page of its own
WIDGET = re.compile(r"<[A-Z]\w+: .+>\Z")  # canonical form keeps only a widget's text of facts
SOLUTION = re.compile(r"^[^#\n]*\.solution\(", re.MULTILINE)  # a call, not a comment about it
FOLDED = re.compile(r"<details>\s*<summary>\s*Solution.*?</details>", re.DOTALL | re.I)
INSTALLED = re.compile(r"File \S*(site-packages|python3)")  # a frame of somebody else's code
ACTIVE = re.compile(r"<(script|link|iframe|object|embed|style|base)\b|\s(src|on\w+)\s*=", re.I)


def mathml(latex: str, display: str) -> str:
    """The formula as a `<math>` element; ValueError where a part of it has no translation.

    The converter hands on what it does not know, so this looks at what it left behind.
    """
    known = re.sub(r"(\\(?:begin|end)\{align)ed\}", r"\1*}", latex.strip())
    math = convert(known, display=display).replace(
        ' xmlns="http://www.w3.org/1998/Math/MathML"', ""
    )
    if re.search(r"\\|&(?!#?\w+;)", math):
        raise ValueError(f"this formula has no translation to MathML: {latex}")
    return math


def plain(text: str) -> str:
    """Text as a terminal shows it, without what sets the colours there."""
    return strip_ansi(text).replace("\x1b", "").strip("\n")


def code(source: str, language: str = "ipython3") -> str:
    """Code as HTML, each token in a `<span>` with the class that Pygments gives it."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return escape(source)
    return highlight(source, lexer, HtmlFormatter(nowrap=True)).rstrip("\n")


class Renderer(IPythonRenderer):
    """Markdown to HTML for one page.

    Relative links in the text start at `folder`. `pages` are the names of the pages that exist: a
    link to anything else on disk loses the link and keeps its words.
    """

    def __init__(self, folder: Path, pages: set[str]) -> None:
        super().__init__(escape=False)
        self.folder, self.pages = folder, pages
        self.contents: list[tuple[str, Markup]] = []  # id and text of each second-level heading
        self.used: Counter[str] = Counter()  # ids, and names of pictures

    def markdown(self, source: str) -> Markup:
        return Markup(MarkdownWithMath(renderer=self).render(source))

    def unique(self, name: str) -> str:
        self.used[name] += 1
        return name if self.used[name] == 1 else f"{name}-{self.used[name]}"

    def heading(self, text: str, level: int, **_: object) -> str:
        anchor = self.unique(unescape(re.sub(r"<[^>]*>", "", text)).replace(" ", "-"))
        if level == 2:
            self.contents.append((anchor, Markup(text)))
        return f'<h{level} id="{escape(anchor)}">{text}</h{level}>\n'

    def paragraph(self, text: str) -> str:
        return text if text.startswith("<figure>") else super().paragraph(text)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        if re.match(r"https?:|mailto:|#", url):
            return super().link(text, url, title)
        path, _, anchor = url.partition("#")
        page = Path(path).with_suffix(".html").name
        if not path.endswith(".ipynb") or page not in self.pages:
            return text
        return super().link(text, f"{page}#{anchor}" if anchor else page, title)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """A drawing (SVG), moved into the page under the description that the text gives it."""
        svg = (self.folder / url).read_text(encoding="utf-8")
        svg = re.sub(r"<\?xml.*?\?>|<title.*?</title>|<desc.*?</desc>", "", svg, flags=re.DOTALL)
        svg = re.sub(r' (?:aria-\w+|xmlns)="[^"]*"', "", svg)
        svg = svg.replace("@media (prefers", "@media screen and (prefers")  # paper is white
        name = self.unique(Path(url).stem)
        svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", svg)
        described = f'<svg aria-label="{escape(unescape(text))}"'
        return f"<figure>{svg.strip().replace('<svg', described, 1)}</figure>"

    def table(self, text: str) -> str:
        """A table that is too wide for a phone can be scrolled there, also with the keyboard."""
        return (
            '<div class="wide" tabindex="0" role="group" aria-label="Table">'
            f"<table>\n{text}</table></div>\n"
        )

    def block_math(self, body: str) -> str:
        """A formula of its own. Where it has a `\\quad`, a narrow page may break the line."""
        parts = [part.strip() for part in re.split(r"\\q?quad", body)]
        if any(part.count("{") != part.count("}") for part in parts):
            parts = [body]
        return f'<span class="formula">{"".join(map(self.part, parts))}</span>'

    def part(self, latex: str) -> str:
        """A part of a formula; words alone remain words, which can be wrapped."""
        words = re.fullmatch(r"\\text\{([^{}\\]*)\}", latex)
        if words:
            return f"<span>{escape(words[1])}</span>"
        return mathml(latex, "block") if latex else ""

    def inline_math(self, body: str) -> str:
        return mathml(body, "inline")

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")

    def block_code(self, source: str, info: str | None = None) -> str:
        return f"<pre><code>{code(source, (info or 'text').split()[0])}</code></pre>\n"


@cache
def explorer() -> str:
    """The explorer as a page."""
    from ..explorer import LearningRateExplorer  # imports torch: only where it is needed

    return LearningRateExplorer().page()


def explorer_frame() -> Markup:
    """The explorer for the middle of a page."""
    return Markup(
        '<iframe title="Learning-rate explorer" srcdoc="{}"></iframe>\n'
        '<p class="note screen">The explorer also has <a href="{}">a page of its own</a>.</p>\n'
        '<p class="note print">On the screen the learning-rate explorer is here.</p>'
    ).format(explorer(), EXPLORER)


def samp(text: str) -> Markup:
    """Printed text. Columns too wide for a phone are not wrapped: there the reader can scroll."""
    text = plain(text)
    columns = [line for line in text.splitlines() if re.search(r"\S {2,}\S", line)]
    scroll = len(columns) > 1 and max(map(len, columns)) > 42
    wide = Markup(' class="wide" tabindex="0" role="group" aria-label="Output in columns"')
    return Markup("<pre{}><samp>{}</samp></pre>").format(wide if scroll else "", text)


def error_text(output: NotebookNode) -> str:
    """The traceback as a terminal shows it, but for what happened inside of installed packages."""
    lines = [plain(part) for part in output.traceback]
    inside = [line for line in lines if INSTALLED.match(line)]
    if inside:
        place = lines.index(inside[0])
        lines = [line for line in lines if line not in inside]
        lines.insert(
            place, f"... ({len(inside)} inside of installed packages, left out here) ...\n"
        )
    return "\n".join(lines) or f"{output.ename}: {output.evalue}"


def note(text: str) -> Markup:
    return Markup('<p class="note">{}</p>').format(text)


def output_html(output: NotebookNode, renderer: Renderer) -> Markup:
    """One stored output. Of the forms it is stored in, the first that a page can show."""
    if output.output_type == "stream":
        return samp(output.text)
    if output.output_type == "error":
        text = error_text(output)
        return Markup('<p class="label">Error</p><pre class="error"><samp>{}</samp></pre>').format(
            text
        )
    data = output.data
    words = data.get("text/plain", "")
    if set(data) == {"text/plain"} and WIDGET.match(words):
        if words.startswith("<LearningRateExplorer"):
            return explorer_frame()
        return note("What stands here can be moved in JupyterLab; a page holds its picture only.")
    if "image/png" in data:
        alt = output.metadata.get("image/png", {}).get("alt", "")
        png = "".join(data["image/png"].split())
        return Markup('<figure><img alt="{}" src="data:image/png;base64,{}"></figure>').format(
            alt, png
        )
    if "text/markdown" in data:
        return renderer.markdown(data["text/markdown"])
    if "text/html" in data and not ACTIVE.search(data["text/html"]):
        return Markup(data["text/html"])
    return samp(words)


def cells_html(nb: NotebookNode, renderer: Renderer) -> list[dict]:
    """The cells for the template: `text` of a Markdown cell, or `code` with its `outputs`."""
    cells = []
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            source = FOLDED.sub(note("The solution is in the notebook."), cell.source)
            cells.append({"text": renderer.markdown(source)})
        elif cell.cell_type == "code":
            if SOLUTION.search(cell.source):
                outputs = [note("Run this cell in JupyterLab: no solutions in the handout.")]
            else:
                outputs = [output_html(output, renderer) for output in cell.outputs]
            number = cell.execution_count
            cells.append({"code": Markup(code(cell.source)), "outputs": outputs, "number": number})
    return cells


@cache
def template() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("page.html.j2")


def notebook_page(path: Path, pages: set[str]) -> str:
    """The page of one notebook."""
    nb = nbformat.read(path, as_version=4)
    renderer = Renderer(path.parent, pages)
    cells = cells_html(nb, renderer)
    title = nb.cells[0].source.splitlines()[0].lstrip("# ")
    html = "".join(cell.get("text", "") + "".join(cell.get("outputs", ())) for cell in cells)
    return template().render(
        title=title, cells=cells, contents=renderer.contents, scripts="<iframe" in html
    )


def index_page(paths: Sequence[Path], pages: set[str]) -> str:
    """The list of the notebooks, under what the README says first."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    renderer = Renderer(ROOT, pages)
    intro = renderer.markdown(readme.split("\n## ")[0])
    entries = []
    for path in paths:
        # A row of the README's table: | [title](notebooks/name) | what one can do then | minutes |
        row = re.search(rf"^\| *\[(.+?)\]\(notebooks/{path.name}\) *\|(.*)\|(.*)\|", readme, re.M)
        title, able, minutes = row.groups() if row else (path.stem, "", "")
        sentence = renderer.markdown(f"After it you can {able.strip()}.") if able.strip() else ""
        page = f"{path.stem}.html"
        entries.append(
            {
                "title": title,
                "page": page if page in pages else "",
                "minutes": minutes.strip(),
                "sentence": sentence,
            }
        )
    title = readme.splitlines()[0].lstrip("# ")
    return template().render(title=title, intro=intro, entries=entries, explorer=EXPLORER in pages)


def chosen(wishes: Sequence[str], paths: Sequence[Path]) -> list[Path]:
    """The notebooks that the wishes name: `03`, `03_learning_rate` or a path; all without one."""
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
    """Write the pages of the notebooks that are wished for, and the index. What was written."""
    every = sorted(NOTEBOOKS.glob("*.ipynb"))
    paths = chosen(wishes, every)
    folder.mkdir(parents=True, exist_ok=True)
    pages = {f"{path.stem}.html" for path in every if (folder / f"{path.stem}.html").exists()}
    pages |= {f"{path.stem}.html" for path in paths}
    written = []

    def save(name: str, text: str) -> None:
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        written.append(folder / name)

    for path in tqdm(paths, "pages", unit="page", disable=not progress):
        html = notebook_page(path, pages)
        save(f"{path.stem}.html", html)
        if f'href="{EXPLORER}"' in html:
            save(EXPLORER, explorer())
    pages |= {EXPLORER} if (folder / EXPLORER).exists() else set()
    save("index.html", index_page(every, pages))
    return written


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser("python -m helpers.handout", description=__doc__)
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
