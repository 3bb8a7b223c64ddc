"""The handouts in a real browser, opened from disk with the network off, light and dark.

axe-core looks at each page; what it cannot see (cut figures, columns beside the page) is measured.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers import handout

if os.environ.get("CI") != "true":  # in CI its absence is an error
    pytest.importorskip("axe_playwright_python", reason="pip install -r tests/requirements.txt")

PAGES = [f"{path.stem}.html" for path in sorted(handout.NOTEBOOKS.glob("*.ipynb"))]
LESSONS = [name for name in PAGES if name[:2] in ("01", "02", "03", "04", "05", "06")]
BESIDE = """() => [...document.querySelectorAll("main *")]
  .filter(e => !e.closest("svg, .wide, [role=group]"))
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  .map(e => `${e.tagName}: ${e.textContent.slice(0, 60)}`)"""
SHOWN = """selector => [...document.querySelectorAll(selector)]
  .filter(e => e.getClientRects().length > 0).length"""
INSTRUMENTS = [f"{name}.html" for name in handout.INSTRUMENTS]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handouts")
    handout.write(folder)
    return folder


@pytest.fixture
def opened(folder: Path, new_page: Callable) -> Callable:
    """Open a page of the handout; `page.requests` lists what it asks for, itself left out."""

    def open_page(name: str, **options):
        page = new_page(offline=True, **options)
        page.requests = []
        page.on("request", lambda request: page.requests.append(request.url))
        page.goto((folder / name).as_uri())
        page.requests = [url for url in page.requests[1:] if not url.startswith("data:")]
        return page

    return open_page


def found_by_axe(page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    violations = Axe().run(page).response["violations"]
    return [f"{v['id']}: {node['html'][:200]}" for v in violations for node in v["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [*PAGES, "index.html", "reference.html", *INSTRUMENTS])
def test_nothing_is_asked_for_and_nothing_is_wrong(opened, name, scheme):
    page = opened(name, color_scheme=scheme)
    assert found_by_axe(page) == []
    page.set_viewport_size({"width": 390, "height": 844})  # a telephone
    assert found_by_axe(page) == []
    assert page.evaluate(BESIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert (page.requests, page.complaints) == ([], [])


def test_axe_and_the_ruler_see_what_is_wrong(opened):
    page = opened(PAGES[0])
    page.evaluate(
        """() => { document.querySelector("main p").style.color = "#aaa";
          document.querySelector("main img").removeAttribute("alt");
          document.querySelector("main h2").style.width = "200vw"; }"""
    )
    found = " ".join(found_by_axe(page))
    assert "color-contrast" in found and "image-alt" in found
    assert any(line.startswith("H2") for line in page.evaluate(BESIDE))


def test_a_page_may_not_fetch_even_if_it_wants_to(opened):
    page = opened(PAGES[0])
    page.evaluate(
        "document.body.append(Object.assign(new Image(), {src: 'https://example.org/a'}))"
    )
    page.wait_for_function("() => [...document.images].every(image => image.complete)")
    assert any("Content Security Policy" in text for text in page.complaints)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", [*LESSONS, *INSTRUMENTS])
def test_instruments_move_in_a_page(opened, name, width):
    page = opened(name, width=width)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    for instrument in page.locator("[data-instrument]").all():
        slider = instrument.locator("input[type=range]:enabled").first
        drawn = "e => [...e.querySelectorAll('svg')].map(svg => svg.innerHTML).join()"
        instrument.scroll_into_view_if_needed()
        page.wait_for_timeout(200)
        before = instrument.evaluate(drawn)
        slider.focus()
        for _ in range(5):
            slider.press("ArrowRight")
        page.wait_for_timeout(1500)
        assert instrument.evaluate(drawn) != before
    assert page.locator("[data-instrument]").count() == (2 if name == LESSONS[-1] else 1)
    assert (page.requests, page.complaints) == ([], [])


SMALL = """() => [...document.querySelectorAll(
    "header a, .parts a, .series a, .instruments a, summary, "
    + ".lm :is(button, .check, .segments span, input[type=range])")]
  .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 38)
  .map(e => `${e.tagName}: ${e.textContent.slice(0, 40)}`)"""


@pytest.mark.parametrize("name", ["index.html", LESSONS[0], *INSTRUMENTS])
def test_a_finger_hits_what_it_aims_at(opened, name):
    page = opened(name, width=390, has_touch=True, is_mobile=True)
    page.wait_for_timeout(300)
    assert page.evaluate(SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_an_instrument_looks_in_a_page_as_it_does_alone(opened, name):
    page = opened(name, width=390)
    page.locator("[data-instrument]").wait_for()
    rows = "e => Math.abs(e.querySelector('svg').getBoundingClientRect().bottom"
    rows += " - e.getBoundingClientRect().bottom) < 12"
    keys = page.locator(".key:has(svg)").all()
    assert keys or name == "LearningRateExplorer.html"
    assert all(key.evaluate(rows) for key in keys if key.is_visible())


@pytest.mark.parametrize("name", [LESSONS[0], LESSONS[1]])
def test_a_drawing_keeps_readable_letters_on_a_phone(opened, name):
    page = opened(name, width=390)
    letters = """() => [...document.querySelectorAll("main figure.wide > svg")].map(e =>
      16 * e.getBoundingClientRect().width / e.viewBox.baseVal.width)"""
    sizes = page.evaluate(letters)
    assert sizes and min(sizes) > 12


def test_the_search_finds_a_heading_and_leads_there(opened):
    page = opened("index.html")
    page.get_by_label("Search headings and glossary").fill("learning rate")
    page.get_by_role("status").filter(has_text="found").wait_for()
    page.locator("#found a").first.click()
    assert "#" in page.url and page.complaints == []


def test_on_paper_answers_stand_at_the_end_and_nothing_is_dark(opened):
    page = opened(next(name for name in PAGES if name.startswith("02")), color_scheme="dark")
    assert page.evaluate(SHOWN, "details") > 0 and page.evaluate(SHOWN, "section.print li") == 0
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(SHOWN, "details") == 0 and page.evaluate(SHOWN, "section.print li") > 0
    assert page.evaluate(BESIDE) == []
    paper = "getComputedStyle(document.querySelector('svg .paper')).fill"
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert len(page.pdf(prefer_css_page_size=True)) > 100_000


def test_the_reference_fits_on_one_sheet(opened, tmp_path):
    page = opened("reference.html")
    pdf = page.pdf(prefer_css_page_size=True).decode("latin-1")
    pages = len(re.findall(r"/Type\s*/Page\b", pdf))
    assert 1 <= pages <= 2, f"{pages} pages: one sheet has two sides"


def test_previous_and_next_can_be_followed(opened):
    page = opened("index.html")
    page.get_by_role("link", name="00 Before you start").click()
    for name in PAGES[1:]:
        page.get_by_text("Next:").last.get_by_role("link").last.click()
        assert page.url.endswith(name)
    page.get_by_role("link", name="All lessons").click()
    assert page.url.endswith("index.html") and page.complaints == []
