"""The text of a lesson as HTML: Markdown, formulas as MathML, drawings moved into the page."""

import re
from collections import Counter
from html import escape, unescape
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert
from markupsafe import Markup
from nbconvert.filters import strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound


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
        self.scripts: list[Markup] = []  # what the page must hold once, for its instruments
        self.used: Counter[str] = Counter()  # ids, and names of pictures

    def markdown(self, source: str) -> Markup:
        return Markup(MarkdownWithMath(renderer=self).render(source))

    def instrument(self, name: str, made: Any) -> Markup:
        """An instrument, alive in the page, with a link to its own page where there is one."""
        place = self.unique(name)
        self.scripts.append(Markup(made.script(place, link=False)))
        own = f"{name}.html"
        link = f' It has <a href="{own}">a page of its own</a>.' if own in self.pages else ""
        still = '<p class="note print">On the screen an instrument stands here.</p>'
        return Markup(
            f'<div class="screen" id="{place}"></div>{still}'
            f'<p class="note screen">Move it with the mouse, the keyboard or a finger.{link}</p>'
        )

    def unique(self, name: str) -> str:
        self.used[name] += 1
        return name if self.used[name] == 1 else f"{name}-{self.used[name]}"

    def heading(self, text: str, level: int, **_: object) -> str:
        anchor = self.unique(unescape(re.sub(r"<[^>]*>", "", text)).replace(" ", "-"))
        if level == 2:
            self.contents.append((anchor, Markup(text)))
        return f'<h{level} id="{escape(anchor)}">{text}</h{level}>\n'

    def paragraph(self, text: str) -> str:
        return text if text.startswith("<figure") else super().paragraph(text)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        if re.match(r"https?:|mailto:|#", url):
            return super().link(text, url, title)
        path, _, anchor = url.partition("#")
        page = Path(path).with_suffix(".html").name
        if not path.endswith(".ipynb") or page not in self.pages:
            return text
        return super().link(text, f"{page}#{anchor}" if anchor else page, title)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """A drawing (SVG), moved into the page under the description that the text gives it.

        On a phone it keeps a size at which its letters can be read, and scrolls.
        """
        svg = (self.folder / url).read_text(encoding="utf-8")
        svg = re.sub(r"<\?xml.*?\?>|<title.*?</title>|<desc.*?</desc>", "", svg, flags=re.DOTALL)
        svg = re.sub(r' (?:aria-\w+|xmlns)="[^"]*"', "", svg)
        svg = svg.replace("@media (prefers", "@media screen and (prefers")  # paper is white
        name = self.unique(Path(url).stem)
        svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", svg)
        described = f'<svg aria-label="{escape(unescape(text))}"'
        return (
            '<figure class="wide" tabindex="0" role="group" aria-label="Wide drawing">'
            f"{svg.strip().replace('<svg', described, 1)}</figure>"
        )

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
