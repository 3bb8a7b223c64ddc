"""The handouts: pages of all notebooks, written once, and what must hold for each of them.

Each rule yields one sentence for each departure and is seen failing on a broken copy of a page.
"""

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import bs4
import canonical
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers import exercises, handout

NOTEBOOKS = sorted(handout.NOTEBOOKS.glob("*.ipynb"))
PAGES = [f"{path.stem}.html" for path in NOTEBOOKS]
FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<!\$)\$([^$]+)\$", re.DOTALL)
VOID = {"meta", "link", "img", "br", "hr", "input"}
SOLUTIONS = {name: exercise.source for name, exercise in exercises.ALL.items()}


class Page:
    """A page as its reader gets it; the bytes of its pictures are left out, they say nothing."""

    def __init__(self, path: Path, html: str | None = None) -> None:
        html = path.read_text(encoding="utf-8") if html is None else html
        self.path = path
        self.html = re.sub(r"(;base64,\w)[\w+/=]+", r"\1", html)
        self.soup = bs4.BeautifulSoup(self.html, "html.parser")
        self.style = self.soup.style.string

    def prose(self) -> str:
        """What is written outside of code, printed output and styles."""
        skip = {"code", "samp", "style", "script"}
        words = (
            s for s in self.soup.find_all(string=True) if not skip & {p.name for p in s.parents}
        )
        return " ".join(words)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handouts")
    handout.write(folder)
    return folder


@cache
def read(path: Path) -> Page:
    return Page(path)


@pytest.fixture(scope="module", params=[*PAGES, "index.html"])
def page(request: pytest.FixtureRequest, folder: Path) -> Page:
    return read(folder / request.param)


RULES: list[Callable[[Page], Iterator[str]]] = []


def rule(check: Callable[[Page], Iterator[str]]) -> Callable[[Page], Iterator[str]]:
    RULES.append(check)
    return check


@rule
def nothing_is_fetched(page: Page) -> Iterator[str]:
    for tag in page.soup.find_all(True):
        for name in ("src", "srcset", "data", "poster", "action", "href", "xlink:href"):
            value = tag.get(name)
            if value and tag.name != "a" and not value.startswith(("data:", "#")):
                yield f"<{tag.name} {name}={value!r}> would be fetched"
    if re.search(r"url\(|@import|@font-face", page.style):
        yield "the style refers to something outside"
    policy = page.soup.find("meta", {"http-equiv": "Content-Security-Policy"})
    if policy is None or "default-src 'none'" not in policy["content"]:
        yield "the page does not forbid its browser to fetch"


@rule
def only_the_explorer_has_a_script(page: Page) -> Iterator[str]:
    handlers = [name for tag in page.soup.find_all(True) for name in tag.attrs if name[:2] == "on"]
    if page.soup.script or handlers or 'href="javascript:' in page.html:
        yield "the page holds a script"
    if "script-src" in page.html and not page.soup.iframe:
        yield "the page allows scripts although it has none"
    for frame in page.soup.find_all("iframe"):
        if not frame.get("title") or re.search(r"(src|href)=.https?:", frame.get("srcdoc", "")):
            yield "a frame without a title, or with something to fetch"


@rule
def links_lead_somewhere(page: Page) -> Iterator[str]:
    for link in page.soup.find_all("a"):
        target, _, anchor = link.get("href", "").partition("#")
        if target.startswith(("https://", "mailto:")):
            continue
        other = page.path.with_name(target) if target else page.path
        if not other.is_file() or not (target or anchor):
            yield f"the link {link.get('href')!r} leads nowhere"
        elif anchor and not (read(other) if target else page).soup.find(id=anchor):
            yield f"there is no #{anchor} in {other.name}"
        if not link.get_text(strip=True):
            yield f"the link {link.get('href')!r} has no words"


@rule
def pictures_have_words(page: Page) -> Iterator[str]:
    words = [img.get("alt", "") for img in page.soup.find_all("img")]
    words += [svg.get("aria-label", "") for svg in page.soup.find_all("svg")]
    yield from (f"{alt!r} does not say what a picture shows" for alt in words if len(alt) < 40)
    yield from (f"two pictures share {alt!r}" for alt, n in Counter(words).items() if n > 1)


@rule
def formulas_are_mathml(page: Page) -> Iterator[str]:
    if left := re.search(r".{0,30}(\$|\\[a-z]).{0,30}", page.prose()):
        yield f"TeX is left over: {left.group()}"
    for math in page.soup.find_all("math"):
        if not math.get_text(strip=True):
            yield "a formula is empty"


@rule
def headings_form_an_outline(page: Page) -> Iterator[str]:
    headings = page.soup.find_all(re.compile(r"^h[1-6]$"))
    yield from canonical.outline_faults([int(tag.name[1]) for tag in headings])


@rule
def landmarks_and_language(page: Page) -> Iterator[str]:
    soup = page.soup
    if not page.html.startswith("<!DOCTYPE html>") or soup.html.get("lang") != "en":
        yield "document type or language is missing"
    if soup.title.string.strip() != soup.h1.get_text():
        yield "the title of the page is not its heading"
    first = soup.body.find(True)
    if len(soup.find_all("main")) != 1 or first.get("href") != f"#{soup.main.get('id')}":
        yield "there must be one <main>, and a link that skips to it"


@rule
def ids_are_unique(page: Page) -> Iterator[str]:
    ids = Counter(tag["id"] for tag in page.soup.find_all(id=True))
    yield from (f"id {name!r} occurs {n} times" for name, n in ids.items() if n > 1)


@rule
def tags_are_nested(page: Page) -> Iterator[str]:
    """Browsers repair what is not; each in its own way."""
    found, open_tags = [], []

    class Nesting(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            blocks = {"p", "div", "ul", "ol", "pre", "figure", "details", "table", "h2", "h3"}
            if tag in blocks and "p" in open_tags:
                found.append(f"<{tag}> inside <p>, line {self.getpos()[0]}")
            if tag not in VOID:
                open_tags.append(tag)

        def handle_startendtag(self, tag: str, attrs: object) -> None:
            pass

        def handle_endtag(self, tag: str) -> None:
            if not open_tags or open_tags.pop() != tag:
                found.append(f"</{tag}> closes something else, line {self.getpos()[0]}")

    Nesting(convert_charrefs=True).feed(page.html)
    yield from found[:3]
    if open_tags:
        yield f"never closed: {open_tags}"


@rule
def tables_have_header_cells(page: Page) -> Iterator[str]:
    for table in page.soup.find_all("table"):
        if not all(cell.get_text(strip=True) for cell in table.find_all("th")) or not table.th:
            yield "a table without header cells, or with an empty one"


@rule
def answers_can_be_unfolded(page: Page) -> Iterator[str]:
    for answer in page.soup.find_all("details"):
        if answer.find(True).name != "summary" or not answer.summary.get_text(strip=True):
            yield "<details> without a <summary>"


@rule
def text_is_plain(page: Page) -> Iterator[str]:
    if "\x1b" in page.html:
        yield "control sequences for a terminal are left over"
    if "<LearningRateExplorer" in page.soup.get_text() or "FigureWidget" in page.prose():
        yield "a widget shows its name instead of itself"


@rule
def no_solutions(page: Page) -> Iterator[str]:
    text = page.soup.get_text()
    yield from (f"the solution of {name}" for name, source in SOLUTIONS.items() if source in text)
    if any(s.get_text().strip().startswith("Solution") for s in page.soup.find_all("summary")):
        yield "a folded solution"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (#rrggbb), as WCAG 2 defines it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def schemes(style: str) -> list[dict[str, str]]:
    """The colours of the light and of the dark scheme, by name."""
    roots = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): (#\w{6});", root)) for root in roots]


@rule
def colours_are_readable(page: Page) -> Iterator[str]:
    light, dark = schemes(page.style)
    if set(light) != set(dark):
        yield f"only one scheme has {set(light) ^ set(dark)}"
    for scheme in (light, dark):
        for ink, paper in itertools.product(scheme, scheme):
            needed = 4.5 if ink.startswith("ink") else 3.0 if ink == "line" else 0
            if paper.startswith("paper") and contrast(scheme[ink], scheme[paper]) < needed:
                yield f"--{ink} on --{paper}: {contrast(scheme[ink], scheme[paper]):.2f}"
    rules = re.sub(r":root \{.*?\}", "", page.style, flags=re.DOTALL)
    for what, value in re.findall(
        r"(?<![\w-])(color|background|border\w*|outline): ([^;}]+)", rules
    ):
        allowed = {"color": "ink", "background": "paper"}.get(what, "(line|ink)")
        if re.search(rf"#|rgb|var\((?!--{allowed})", value):
            yield f"{what}: {value} is none of the colours whose contrast is known"


def test_every_page_follows_the_rules(page):
    assert [sentence for check in RULES for sentence in check(page)] == []


def replaced(pattern: str, by: str) -> Callable[[str], str]:
    def spoil(html: str) -> str:
        spoilt = re.sub(pattern, by, html, count=1, flags=re.DOTALL)
        assert spoilt != html, "nothing to break here"
        return spoilt

    return spoil


def added(html: str) -> Callable[[str], str]:
    return replaced("</main>", html.replace("\\", r"\\") + "</main>")


@pytest.fixture(scope="module")
def specimen(folder: Path) -> Path:
    """A short page with a bit of everything, next to the others."""
    drawing = (handout.ROOT / "pics" / "learning_loop.svg").as_posix()
    text = f"# 09 More\n\nAbout $w$.\n\n![{'A loop with four arrows. ' * 2}]({drawing})"
    metadata = {"image/png": {"alt": "A line through eleven points. " * 2}}
    figure = with_output("draw()", {"image/png": "iVBO"}, metadata=metadata)
    path = folder / "09_more.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell(text), figure]), path)
    page = path.with_suffix(".html")
    page.write_text(handout.notebook_page(path, set(PAGES)), encoding="utf-8")
    return page


PICTURE = f'<img alt="{"Another line through points. " * 2}" src="data:,">'
BROKEN = [
    ("nothing_is_fetched", added('<img alt="" src="https://example.org/a.png">')),
    ("nothing_is_fetched", added('<iframe title="x" src="page.html"></iframe>')),
    ("nothing_is_fetched", replaced("</head>", '<link href="style.css"></head>')),
    ("nothing_is_fetched", replaced("</style>", "@import 'https://example.org';</style>")),
    ("nothing_is_fetched", replaced("default-src 'none'", "default-src *")),
    ("only_the_explorer_has_a_script", added("<script>1</script>")),
    ("only_the_explorer_has_a_script", added('<p onclick="1">x</p>')),
    ("only_the_explorer_has_a_script", replaced("default-src", "script-src *; default-src")),
    ("only_the_explorer_has_a_script", added("<iframe></iframe>")),
    ("links_lead_somewhere", added('<a href="02_manual_gradients.ipynb">x</a>')),
    ("links_lead_somewhere", added('<a href="10_more.html">x</a>')),
    ("links_lead_somewhere", added('<a href="index.html#nothing">x</a>')),
    ("links_lead_somewhere", added('<a href="index.html"></a>')),
    ("pictures_have_words", replaced('alt="[^"]*"', 'alt="a figure"')),
    ("pictures_have_words", replaced('<svg aria-label="[^"]*"', "<svg")),
    ("pictures_have_words", added(PICTURE * 2)),
    ("formulas_are_mathml", added("<p>$w$</p>")),
    ("formulas_are_mathml", added("<math><mi>\\foo</mi></math>")),
    ("formulas_are_mathml", added("<math></math>")),
    ("headings_form_an_outline", added("<h1>Another title</h1>")),
    ("headings_form_an_outline", added("<h4>Too deep</h4>")),
    ("landmarks_and_language", replaced(' lang="en"', "")),
    ("landmarks_and_language", replaced("<title>", "<title>Page ")),
    ("landmarks_and_language", replaced('href="#main"', 'href="#text"')),
    ("landmarks_and_language", replaced("<main[^>]*>", "<div>")),
    ("ids_are_unique", added('<p id="main">x</p>')),
    ("tags_are_nested", added("<p>x<details><summary>A</summary></p></details>")),
    ("tags_are_nested", added("<p><div>x</div></p>")),
    ("tags_are_nested", added("<div>")),
    ("tables_have_header_cells", added("<table><tr><td>1</td></tr></table>")),
    ("tables_have_header_cells", added("<table><tr><th>a</th><th></th></tr></table>")),
    ("answers_can_be_unfolded", added("<details><p>x</p></details>")),
    ("text_is_plain", added("<pre><samp>\x1b[31mError</samp></pre>")),
    ("text_is_plain", added("<pre>&lt;LearningRateExplorer: x0.1&gt;</pre>")),
    ("no_solutions", added(f"<pre>{SOLUTIONS['line_gradient']}</pre>")),
    ("no_solutions", added("<details><summary>Solution</summary>42</details>")),
    ("colours_are_readable", replaced("--ink-comment: #......", "--ink-comment: #8a9099")),
    ("colours_are_readable", replaced(r"(dark\).*?--ink-soft: )#......", r"\1#6f7680")),
    ("colours_are_readable", replaced("--line: #......", "--line: #d8dade")),
    ("colours_are_readable", replaced("(dark.*?)--ink-name: #......;", r"\1")),
    ("colours_are_readable", replaced("</style>", ".c { color: #999999 }</style>")),
    ("colours_are_readable", replaced("</style>", ".c { color: var(--line) }</style>")),
]


@pytest.mark.parametrize(
    "name, spoil", BROKEN, ids=[f"{i}-{name}" for i, (name, _) in enumerate(BROKEN)]
)
def test_a_broken_copy_is_found(specimen, name, spoil):
    [check] = [check for check in RULES if check.__name__ == name]
    html = specimen.read_text(encoding="utf-8")
    assert not list(check(Page(specimen, html)))
    assert list(check(Page(specimen, spoil(html)))), f"{name} did not notice"


def test_every_rule_has_a_broken_copy():
    assert {check.__name__ for check in RULES} == {name for name, _ in BROKEN}


# What is in the notebooks is in the pages.


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_nothing_is_lost(folder, path):
    page = read(folder / f"{path.stem}.html")
    nb = nbformat.read(path, as_version=4)
    text = "\n\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    text = handout.FOLDED.sub("", re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL))
    blocks, inline = (sum(bool(m[i]) for m in FORMULA.findall(text)) for i in (0, 1))
    assert len(page.soup.select(".formula")) == blocks
    assert len(page.soup.select("math:not(.formula math)")) == inline
    outputs = [o for cell in nb.cells for o in cell.get("outputs", ())]
    figures = [o.metadata["image/png"]["alt"] for o in outputs if "image/png" in o.get("data", {})]
    assert [img["alt"] for img in page.soup.find_all("img")] == figures
    assert len(page.soup.find_all("svg")) == len(re.findall(r"!\[", text))
    code = [pre.code.get_text() for pre in page.soup.select(".cell > pre:has(code)")]
    assert code == [cell.source for cell in nb.cells if cell.cell_type == "code"]
    assert len(page.soup.select("pre.error")) == sum(o.output_type == "error" for o in outputs)
    shown = "\n".join(o.get("data", {}).get("text/markdown", "") for o in outputs)
    tables = len(re.findall(r"^\|[-| :]+\|$", f"{text}\n{shown}", re.M))
    assert len(page.soup.find_all("table")) == tables
    folded = text.count("<details>") + 1  # and the list of contents
    assert len(page.soup.find_all("details")) == folded


def test_previous_and_next_form_a_chain(folder):
    for name, after in itertools.pairwise(PAGES):
        assert f'href="{after}"' in (folder / name).read_text(encoding="utf-8")
        assert f'href="{name}"' in (folder / after).read_text(encoding="utf-8")


def test_the_index_has_minutes_and_a_sentence_for_each(folder):
    entries = read(folder / "index.html").soup.select(".series li")
    assert [entry.a["href"] for entry in entries] == PAGES
    for entry in entries:
        assert re.search(r"· \d\d minutes", entry.get_text()) and len(entry.p.get_text()) > 60


def test_the_contents_are_the_sections(page):
    if page.soup.select(".contents"):
        sections = [(f"#{h2['id']}", h2.get_text()) for h2 in page.soup.find_all("h2")]
        links = [(a["href"], a.get_text()) for a in page.soup.select(".contents a")]
        assert links == sections and len(links) > 3


def test_the_explorer_is_in_one_page(folder):
    frames = {name: read(folder / name).soup.find_all("iframe") for name in PAGES}
    assert [name for name in PAGES if frames[name]] == ["03_learning_rate.html"]
    [frame] = frames["03_learning_rate.html"]
    assert frame["srcdoc"] == (folder / handout.EXPLORER).read_text(encoding="utf-8")


# Cells that are not in the notebooks today, and things that go wrong.


def converted(*cells: nbformat.NotebookNode) -> bs4.BeautifulSoup:
    nb = new_notebook(cells=[new_markdown_cell("# Title"), *cells])
    renderer = handout.Renderer(handout.NOTEBOOKS, {"02_manual_gradients.html"})
    parts = handout.cells_html(nb, renderer)
    html = "".join(part.get("text", "") + "".join(part.get("outputs", ())) for part in parts)
    return bs4.BeautifulSoup(html, "html.parser")


def with_output(source: str, data: dict, **options) -> nbformat.NotebookNode:
    return new_code_cell(source, outputs=[new_output("display_data", data, **options)])


@pytest.mark.parametrize("source", ["exercises.train.solution()", "e = 1\nprint(e.solution())"])
def test_what_a_solution_prints_is_left_out(source):
    cell = new_code_cell(source, outputs=[new_output("stream", text="SECRET")])
    soup = converted(cell)
    assert "SECRET" not in soup.get_text() and "no solutions" in soup.get_text()
    cell.source = "# exercises.train.solution() shows it\nexercises.train.check(train)"
    assert "SECRET" in converted(cell).get_text()
    folded = "<details><summary>Solution</summary>\n\nSECRET\n\n</details>\n\nafter"
    assert "SECRET" not in converted(new_markdown_cell(folded)).get_text()


def test_widgets():
    other = with_output("move()", {"text/plain": "<BeTheOptimizer: w 1, b 0>"})
    assert "can be moved in JupyterLab" in converted(other).get_text()
    explorer = with_output("show()", {"text/plain": "<LearningRateExplorer: x0.1>"})
    assert len(converted(explorer).find_all("iframe")) == 1
    figure = {"text/plain": "<Figure: of a widget>", "image/png": "AAAA"}
    assert converted(with_output("still()", figure)).img


def test_other_outputs():
    table = "| a | b |\n|---|---|\n| 1 | $x$ |"
    assert converted(with_output("t", {"text/markdown": table, "text/plain": "T"})).th
    assert converted(with_output("t", {"text/html": "<table></table>", "text/plain": "T"})).table
    script = {"text/html": "<script>1</script>", "text/plain": "T"}
    assert "T" in converted(with_output("t", script)).samp.get_text()
    plotly = {"application/vnd.plotly.v1+json": {}, "image/png": "AAAA", "text/plain": "words"}
    described = with_output("p", plotly, metadata={"image/png": {"alt": "words"}})
    assert converted(described).img["alt"] == "words"


def test_errors_show_the_readers_own_code():
    frames = ["\x1b[31mE\x1b[39m", "Cell In[1], line 1", "File \x1bsite-packages/a.py:1", "E: why"]
    error = new_output("error", ename="E", evalue="why", traceback=frames)
    text = converted(new_code_cell("f()", outputs=[error])).find("pre").get_text()
    left_out = "... (1 inside of installed packages, left out here) ...\n"
    assert text == "\n".join(["E", "Cell In[1], line 1", left_out, "E: why"])
    error.traceback = []
    assert converted(new_code_cell("f()", outputs=[error])).pre.get_text() == "E: why"


def test_links_to_what_is_not_there_keep_their_words():
    text = (
        "[two](02_manual_gradients.ipynb#Set-up) [three](03_learning_rate.ipynb) [r](../README.md)"
    )
    soup = converted(new_markdown_cell(text))
    assert [a["href"] for a in soup.find_all("a")] == ["02_manual_gradients.html#Set-up"]
    assert soup.p.get_text() == "two three r"


def test_a_drawing_can_stand_twice_in_a_page():
    drawing = "![A loop](../pics/learning_loop.svg)"
    soup = converted(new_markdown_cell(f"{drawing}\n\n## Again\n\n{drawing}\n\n## Again"))
    assert [heading["id"] for heading in soup.find_all("h2")] == ["Again", "Again-2"]
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(soup.find_all("svg")) == 2 and len(ids) == len(set(ids)) >= 2


FORMULAS = {
    r"\begin{aligned} a &= b \\ c &= d \end{aligned}": "mtable",
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}": "mtable",
    r"\frac{1}{n} \sum_{i=1}^n e_i^2": "mfrac",
    r"\hat m": "mover",
    r"v^{\mathsf T} e^\top": "msup",
    r"\text{learning rate} < 2": "mtext",
    r"\sqrt{\hat v}": "msqrt",
}


@pytest.mark.parametrize("latex", FORMULAS)
def test_formulas(latex):
    math = bs4.BeautifulSoup(handout.mathml(latex, "block"), "html.parser")
    assert math.find(FORMULAS[latex]) and "&" not in math.get_text()


def test_a_formula_breaks_where_it_may():
    soup = converted(new_markdown_cell(r"$$a = b \qquad \text{and} \quad c = \sqrt{d}$$"))
    assert [part.name for part in soup.select_one(".formula")] == ["math", "span", "math"]
    soup = converted(new_markdown_cell(r"$$a = \sqrt{b \quad c}$$"))
    assert [part.name for part in soup.select_one(".formula")] == ["math"]


def test_code_keeps_its_lines_and_knows_its_language():
    assert handout.code("\n\nsome words", "text") == "\n\nsome words"
    assert handout.code("a < b", "nothing known") == "a &lt; b"
    soup = converted(new_markdown_cell("```python title=x\nfor i in x: pass\n```"))
    assert soup.select("code .k")  # a keyword


@pytest.mark.parametrize(
    ("text", "wide"),
    [
        ("a  b\n" + "c" * 40 + "  d", True),
        ("a  b\n" + "c" * 39 + "  d", False),
        ("c" * 50 + "  d", False),
    ],
)
def test_columns_too_wide_for_a_phone_can_be_scrolled(text, wide):
    assert (' class="wide"' in handout.samp(text)) == wide


def test_a_formula_that_cannot_be_translated_stops_the_work():
    with pytest.raises(ValueError, match="no translation to MathML"):
        converted(new_markdown_cell(r"$\nosuchthing{x}$"))


def test_the_command(tmp_path, capsys):
    assert handout.main(["02", "--folder", str(tmp_path)]) == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines()[-1] == f"2 files. Open {tmp_path / 'index.html'}"
    assert "pages: 100%" in shown.err  # it takes seconds, so there is a bar
    assert sorted(path.name for path in tmp_path.iterdir()) == [PAGES[1], "index.html"]
    for name in (PAGES[1], "index.html"):  # links to the other notebooks are gone
        assert not list(links_lead_somewhere(Page(tmp_path / name)))
    assert handout.main(["99", "--folder", str(tmp_path)]) == 2
    assert "there is no notebook '99': choose 01, ..." in capsys.readouterr().err
    handout.write(tmp_path / "new", ["notebooks/02_manual_gradients.ipynb", "02"])
    assert capsys.readouterr().err == "" and len(list((tmp_path / "new").iterdir())) == 2


def test_the_folder_is_ignored_by_git():
    ignored = (handout.ROOT / ".gitignore").read_text().splitlines()
    assert f"{handout.FOLDER}/" in ignored
