"""The handouts in a real browser, opened from disk with the network off, light and dark.

axe-core looks at each page; what it cannot see (cut figures, columns beside the page) is measured.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers import handout

if os.environ.get("CI") != "true":  # in CI its absence is an error
    pytest.importorskip("axe_playwright_python", reason="pip install -r tests/requirements.txt")

PAGES = [f"{path.stem}.html" for path in sorted(handout.NOTEBOOKS.glob("*.ipynb"))]
BESIDE = """() => [...document.querySelectorAll("main *")]
  .filter(e => !e.closest("svg, .wide") && e.getBoundingClientRect().right > innerWidth + 1)
  .map(e => `${e.tagName}: ${e.textContent.slice(0, 60)}`)"""
FOLDED = """() => [...document.querySelectorAll("details:not(.contents)")]
  .filter(e => e.lastElementChild.getClientRects().length === 0
            || !e.lastElementChild.checkVisibility({ contentVisibilityAuto: true })).length"""


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
        page.requests = [
            url for url in page.requests[1:] if not url.startswith(("data:", "about:srcdoc"))
        ]
        return page

    return open_page


def found_by_axe(page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    violations = Axe().run(page).response["violations"]
    return [f"{v['id']}: {node['html'][:200]}" for v in violations for node in v["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [*PAGES, "index.html", handout.EXPLORER])
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


def test_the_explorer_answers_in_its_page(opened):
    page = opened("03_learning_rate.html")
    frame = page.frame_locator('iframe[title="Learning-rate explorer"]')
    rate = frame.get_by_role("textbox", name="Learning rate").or_(
        frame.get_by_role("spinbutton", name="Learning rate")
    )
    before = frame.locator("body").inner_text()
    rate.first.fill("1")
    rate.first.press("Enter")
    page.wait_for_timeout(300)
    assert frame.locator("body").inner_text() != before
    assert (page.requests, page.complaints) == ([], [])


def test_on_paper_answers_are_open_and_nothing_is_dark(opened):
    page = opened(PAGES[1], color_scheme="dark", width=700)
    assert page.evaluate(FOLDED) > 0
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(FOLDED) == 0
    assert page.evaluate(BESIDE) == []
    paper = "getComputedStyle(document.querySelector('svg .paper')).fill"
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert len(page.pdf(prefer_css_page_size=True)) > 100_000


def test_previous_and_next_can_be_followed(opened):
    page = opened("index.html")
    page.get_by_role("link", name="01 Learning from data").click()
    for name in PAGES[1:]:
        page.get_by_text("Next:").last.get_by_role("link").last.click()
        assert page.url.endswith(name)
    page.get_by_role("link", name="All notebooks").click()
    assert page.url.endswith("index.html") and page.complaints == []
