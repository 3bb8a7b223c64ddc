"""The site: pages of all lessons, written once, and what must hold for each of them.

The rules stand in tests/tools/page_rules.py; each is seen failing on a broken copy of a page.
"""

import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from page_rules import RULES, SOLUTIONS, Page, links_lead_somewhere, read

from helpers import handout
from helpers.handout.outputs import INSTRUMENTS, instrument_call
from helpers.handout.pages import FOLDED, lesson_page

NOTEBOOKS = sorted(handout.NOTEBOOKS.glob("*.ipynb"))
PAGES = [f"{path.stem}.html" for path in NOTEBOOKS]
FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<!\$)\$([^$]+)\$", re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handouts")
    handout.write(folder)
    return folder


ALONE = [f"{name}.html" for name in INSTRUMENTS]


@pytest.fixture(scope="module", params=[*PAGES, "index.html", "reference.html", *ALONE])
def page(request: pytest.FixtureRequest, folder: Path) -> Page:
    return read(folder / request.param)


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
    drawn = new_output("display_data", {"image/png": "iVBO"}, metadata=metadata)
    figure = new_code_cell("draw()", outputs=[drawn])
    path = folder / "09_more.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell(text), figure]), path)
    page = path.with_suffix(".html")
    page.write_text(lesson_page(path, set(PAGES)), encoding="utf-8")
    return page


PICTURE = f'<img alt="{"Another line through points. " * 2}" src="data:,">'
BROKEN = [
    ("nothing_is_fetched", added('<img alt="" src="https://example.org/a.png">')),
    ("nothing_is_fetched", added('<embed src="page.html">')),
    ("nothing_is_fetched", replaced("</head>", '<link href="style.css"></head>')),
    ("nothing_is_fetched", replaced("</style>", "@import 'https://example.org';</style>")),
    ("nothing_is_fetched", replaced("default-src 'none'", "default-src *")),
    ("scripts_only_where_something_moves", added("<script>1</script>")),
    ("scripts_only_where_something_moves", added('<p onclick="1">x</p>')),
    ("scripts_only_where_something_moves", replaced("default-src", "script-src *; default-src")),
    ("scripts_only_where_something_moves", added("<iframe></iframe>")),
    ("scripts_only_where_something_moves", added('<div class="screen" id="X"></div>')),
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
    text = FOLDED.sub("", re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL))
    blocks, inline = (sum(bool(m[i]) for m in FORMULA.findall(text)) for i in (0, 1))
    assert len(page.soup.select(".formula:not(.print *)")) == blocks
    assert len(page.soup.select("math:not(.formula math, .print math)")) == inline
    code = [pre.code.get_text() for pre in page.soup.select(".cell pre:has(code)")]
    assert code == [cell.source for cell in nb.cells if cell.cell_type == "code"]
    live = [c for c in nb.cells if c.get("outputs") and instrument_call(c.source)]
    still = [cell for cell in nb.cells if cell not in live]
    outputs = [o for cell in still for o in cell.get("outputs", ())]
    figures = [o.metadata["image/png"]["alt"] for o in outputs if "image/png" in o.get("data", {})]
    assert [img["alt"] for img in page.soup.find_all("img")] == figures
    assert len(page.soup.select("figure > svg")) == len(re.findall(r"!\[", text))
    assert len(page.soup.select("pre.error")) == sum(o.output_type == "error" for o in outputs)
    shown = [div["id"].split("-")[0] for div in page.soup.select("div.screen[id]")]
    assert shown == [instrument_call(cell.source)[0] for cell in live]


def test_what_goes_deeper_is_folded_and_answers_stand_at_the_end_on_paper(folder):
    for path, name in zip(NOTEBOOKS, PAGES, strict=True):
        page = read(folder / name)
        cells = nbformat.read(path, as_version=4).cells
        if any(cell.source.startswith("## Going deeper") for cell in cells):
            [deeper] = page.soup.select("details.deeper")
            assert deeper.h2.get_text().startswith("Going deeper") and not deeper.get("open")
            above = [
                c.source for c in itertools.takewhile(lambda c: "## Going d" not in c.source, cells)
            ]
            answers = "\n".join(above).count("<summary>Answer</summary>")
            assert len(page.soup.select("section.print > ol > li")) == answers > 0


def test_cells_that_only_draw_are_folded_under_their_name():
    hidden = new_code_cell(
        "# Picture: two lines\ndraw()", metadata={"jupyter": {"source_hidden": True}}
    )
    nb = new_notebook(cells=[new_markdown_cell("# Title"), hidden])
    [_, drawing] = handout.pages.cells_html(nb, handout.render.Renderer(handout.NOTEBOOKS, set()))
    assert drawing["name"] == "Picture: two lines"


def test_previous_and_next_form_a_chain(folder):
    for name, after in itertools.pairwise(PAGES):
        assert f'href="{after}"' in (folder / name).read_text(encoding="utf-8")
        assert f'href="{name}"' in (folder / after).read_text(encoding="utf-8")


def test_the_front_page_has_minutes_and_a_sentence_for_each(folder):
    entries = read(folder / "index.html").soup.select(".series li")
    assert [entry.a["href"] for entry in entries] == PAGES
    for entry in entries:
        assert re.search(r"· .*\d\d.* minutes", entry.get_text()) and len(entry.p.get_text()) > 60


def test_the_search_knows_headings_and_glossary(folder):
    front = read(folder / "index.html")
    index = json.loads(front.soup.find(id="index").string)
    pages = {name: read(folder / name).ids for name in [*PAGES, "reference.html"]}
    for text, link, _ in index:
        name, _, anchor = link.partition("#")
        assert text and anchor in pages[name], link
    words = [text for text, *_ in index]
    assert "Summary" in words and any(text.startswith("Learning rate:") for text in words)


def test_the_sheet_holds_the_checklist_itself(folder):
    soup = read(folder / "reference.html").soup
    tables = {h2.get_text(): h2.find_next("table") for h2 in soup.find_all("h2")}
    assert len(tables["The checklist"].find_all("tr")) > 10
    assert "Above" not in soup.get_text()
    assert "this one" not in {cell.get_text() for cell in soup.find_all("td")}


def test_the_contents_are_the_sections(page):
    if page.soup.select(".contents"):
        headings = [h2 for h2 in page.soup.find_all("h2") if h2["id"] != "answers"]
        links = [(a["href"], a.get_text()) for a in page.soup.select(".contents a")]
        assert links == [(f"#{h2['id']}", h2.get_text()) for h2 in headings] and len(links) > 3


def test_every_instrument_has_a_page_of_its_own_that_leads_back(folder):
    front = read(folder / "index.html").soup
    for name, (title, does) in INSTRUMENTS.items():
        page = read(folder / f"{name}.html")
        assert page.soup.h1.get_text() == title and name in page.html
        assert "https://" not in page.html.replace("https://www.w3.org", "")
        [entry] = front.select(f'.instruments li:has(a[href="{name}.html"])')
        assert entry.get_text() == f"{title}: {does}"
        back, place = (link["href"] for link in page.soup.select("header a"))
        assert back == "index.html#instruments"
        lesson, _, anchor = place.partition("#")  # the first lesson that shows it
        shown = [other for other in PAGES if f'id="{name}"' in read(folder / other).html]
        assert (lesson, anchor) == (shown[0], name)


def test_no_page_is_heavy(folder):
    for path in folder.glob("*.html"):
        assert path.stat().st_size < 1.2e6, f"{path.name}: {path.stat().st_size / 1e6:.2f} MB"


@pytest.mark.parametrize(
    ("source", "call"),
    [
        ("explorer = LearningRateExplorer()\nexplorer", ("LearningRateExplorer", [], {})),
        ("LearningRateExplorer(inputs='raw')", ("LearningRateExplorer", [], {"inputs": "raw"})),
        ("LearningRateExplorer(x, y)", None),  # only a kernel knows x and y
        ("%xmode Minimal", None),
        ("print(play.check(None))", None),
    ],
)
def test_which_instrument_a_cell_shows(source, call):
    assert instrument_call(source) == call


def test_the_command(tmp_path, capsys):
    assert handout.main(["02", "--folder", str(tmp_path)]) == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines()[-1] == f"2 files. Open {tmp_path / 'index.html'}"
    assert "pages: 100%" in shown.err  # it takes seconds, so there is a bar
    written = [*(name for name in PAGES if name.startswith("02")), "index.html"]
    assert sorted(path.name for path in tmp_path.iterdir()) == written
    for name in written:  # links to the other lessons are gone
        assert not list(links_lead_somewhere(Page(tmp_path / name)))
    assert handout.main(["99", "--folder", str(tmp_path)]) == 2
    assert f"there is no notebook '99': choose {PAGES[0][:2]}, ..." in capsys.readouterr().err


def test_the_folder_is_ignored_by_git():
    ignored = (handout.ROOT / ".gitignore").read_text().splitlines()
    assert f"{handout.FOLDER}/" in ignored
