"""The small instruments in JupyterLab and as pages from disk, moved by keyboard and by mouse."""

import json
import re

import pytest
from explorer_steps import ask_kernel

from helpers import widgets

NAMES = [name for name in widgets.__all__ if name != "LearningRateExplorer"]
ROOT = "[data-instrument={}]"
DRAWN = "e => [...e.querySelectorAll('svg[data-picture]')].map(svg => svg.innerHTML).join()"
SHOWN = """root => Object.fromEntries([
  ...[...root.querySelectorAll('[data-box]')].map(e => [e.dataset.box, Number(e.value)]),
  ...[...root.querySelectorAll('[data-choice]:checked')].map(e => [e.dataset.choice, e.value]),
  ...[...root.querySelectorAll('[data-switch]')].map(e => [e.dataset.switch, e.checked])])"""
FAULTS = """root => {
  const faults = [], frame = root.getBoundingClientRect();
  for (const text of root.querySelectorAll('svg[data-picture] text')) {
    const a = text.closest('svg').getBoundingClientRect(), t = text.getBoundingClientRect();
    if (t.left < a.left - 2 || t.right > a.right + 2 || t.top < a.top - 3 || t.bottom > a.bottom + 3)
      faults.push(`cut off: ${text.textContent}`);
  }
  for (const element of root.querySelectorAll('button, input, p, figcaption, .later'))
    if (element.getBoundingClientRect().right > frame.right + 1)
      faults.push(`too wide: ${element.outerHTML.slice(0, 80)}`);
  for (const path of root.querySelectorAll('svg[data-picture] *'))
    for (const { name, value } of path.attributes)
      if (/NaN|Infinity|undefined/.test(value)) faults.push(`${name}=${value}`);
  return faults }"""  # noqa: E501


def settled(page, seconds: float = 1.5) -> None:
    page.wait_for_timeout(1000 * seconds)


def changed(page, root, before: str) -> str:
    """What is drawn once it is something else, and still is a second and a half later."""
    page.wait_for_function(
        f"([e, before]) => ({DRAWN})(e) !== before", arg=[root.element_handle(), before]
    )
    settled(page)
    now = root.evaluate(DRAWN)
    assert now != before
    return now


@pytest.fixture(scope="module")
def lab_page(lab, browser):
    """One notebook with all of them, run once."""
    cells = [f"from helpers.widgets import {name}\n{name.lower()} = {name}()" for name in NAMES]
    cells = [f"{cell}\n{name.lower()}" for cell, name in zip(cells, NAMES, strict=True)]
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    lab.open(page, lab.write("instruments.ipynb", *cells))
    assert lab.run_all(page) == []
    yield page
    page.close()


@pytest.fixture
def in_lab(lab_page):
    """`page, root = in_lab(name)`: an instrument scrolled to."""

    def scroll(name: str):
        lab_page.evaluate(
            """source => {
              const notebook = jupyterapp.shell.currentWidget.content;
              const place = notebook.widgets.findIndex(
                cell => cell.model.sharedModel.source.includes(source));
              return notebook.scrollToItem(place, 'start') }""",
            f"import {name}",
        )
        root = lab_page.locator(ROOT.format(name)).first
        root.locator("svg[data-picture] text").first.wait_for()
        return lab_page, root

    return scroll


def agree(page, root, name: str) -> dict:
    """The controls and the traits in Python say the same."""
    shown = root.evaluate(SHOWN)
    assert shown == pytest.approx(ask_kernel(page, f"{name.lower()}.values()"))
    return shown


@pytest.mark.parametrize("name", NAMES)
def test_keyboard_mouse_and_boxes_move_it_in_jupyterlab(in_lab, shots, name):
    page, root = in_lab(name)
    drawn = root.evaluate(DRAWN)
    cells = page.evaluate("() => jupyterapp.shell.currentWidget.content.model.cells.length")
    start = agree(page, root, name)
    first = root.locator("input[type=range]").first
    first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    drawn = changed(page, root, drawn)
    moved = agree(page, root, name)
    assert moved != start
    box = first.bounding_box()
    page.mouse.click(box["x"] + 0.35 * box["width"], box["y"] + box["height"] / 2)
    drawn = changed(page, root, drawn)
    clicked = agree(page, root, name)
    assert clicked != moved
    number = root.locator("[data-box]").first
    number.fill(json.dumps(start[number.get_attribute("data-box")]))
    page.keyboard.press("Enter")
    drawn = changed(page, root, drawn)
    assert agree(page, root, name) == start
    number.fill("1e12")
    page.keyboard.press("Enter")
    settled(page)
    assert "last good value" in root.locator("[role=alert]").inner_text()
    assert number.get_attribute("aria-invalid") == "true" and root.evaluate(DRAWN) == drawn
    assert ask_kernel(page, f"{name.lower()}.values()") == start
    assert page.evaluate("() => document.activeElement.matches('input')")  # nobody stole the keys
    assert cells == page.evaluate("() => jupyterapp.shell.currentWidget.content.model.cells.length")
    assert root.evaluate(FAULTS) == [] and page.complaints == []
    root.screenshot(path=shots / f"{name}-lab.png")


@pytest.mark.parametrize("name", NAMES)
def test_a_fast_drag_ends_where_the_hand_ends(in_lab, name):
    page, root = in_lab(name)
    slider = root.locator("input[type=range]").last
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.2 * box["width"], middle)
    page.mouse.down()
    for part in range(20, 81, 2):
        page.mouse.move(box["x"] + part / 100 * box["width"], middle)
    page.mouse.up()
    settled(page)
    shown, value = agree(page, root, name), slider.input_value()
    settled(page)
    assert agree(page, root, name) == shown and slider.input_value() == value


@pytest.mark.parametrize("name", NAMES)
def test_python_moves_the_controls(in_lab, name):
    page, root = in_lab(name)
    drawn = root.evaluate(DRAWN)
    setting = root.locator("[data-box]").first.get_attribute("data-box")
    trait = getattr(getattr(widgets, name), setting)
    value = trait.high if root.evaluate(SHOWN)[setting] != trait.high else trait.low
    ask_kernel(page, f"setattr({name.lower()}, {setting!r}, {value!r})")
    changed(page, root, drawn)
    assert agree(page, root, name)[setting] == pytest.approx(value)


def test_tries_are_remembered_when_the_slider_rests(in_lab):
    page, root = in_lab("BeTheOptimizer")
    ask_kernel(page, "[setattr(betheoptimizer, 'b', b / 10) for b in range(30)][0]")
    settled(page)
    status = root.locator(".results")
    before = status.inner_text()
    assert "Lowest of your tries" in before
    for value in ("3", "4"):
        root.locator("[data-box=b]").fill(value)
        page.keyboard.press("Enter")
        settled(page, 0.8)

    def tries(text: str) -> int:
        return int(text.split("tries (")[1].split(")")[0])

    assert tries(status.inner_text()) == tries(before) + 2
    panel = root.locator("[data-picture=panel3]")
    box = panel.bounding_box()
    panel.click(position={"x": box["width"] / 2, "y": box["height"] / 3})
    settled(page)
    shown = agree(page, root, "BeTheOptimizer")
    assert 0.2 < shown["w"] < 0.6 and 5 < shown["b"] < 30


# As pages


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pages")


@pytest.fixture
def from_disk(new_page, folder):
    def show(name: str, **options):
        file = folder / f"{name}.html"
        if not file.exists():
            getattr(widgets, name)().page(file)
        page = new_page(offline=True, **options)
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(file.as_uri())
        root = page.locator(ROOT.format(name))
        root.locator("svg[data-picture] text").first.wait_for()
        return page, root

    return show


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_lives_without_a_network(from_disk, shots, name, width, scheme):
    page, root = from_disk(name, width=width, color_scheme=scheme)
    sliders = root.locator("input[type=range]:enabled")
    assert sliders.count() + root.locator("[role=radiogroup]:has(:enabled)").count() >= 2
    for number in range(sliders.count()):
        slider = sliders.nth(number)
        slider.focus()
        page.keyboard.press("Home")
        settled(page, 0.4)
        drawn = root.evaluate(DRAWN)
        page.keyboard.press("ArrowRight")
        settled(page, 0.4)
        assert root.evaluate(DRAWN) != drawn
        assert root.evaluate(FAULTS) == []
    for disabled in root.locator("input[type=range]:disabled").all():
        assert "in JupyterLab" in disabled.locator("xpath=..").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tops = {svg.bounding_box()["y"] for svg in root.locator("svg[data-picture]").all()}
    assert width > 390 or len(tops) == root.locator("svg[data-picture]").count()
    page.screenshot(path=shots / f"{name}-{width}-{scheme}.png", full_page=True)
    assert page.complaints == [] and len(page.asked) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_what_it_cannot_do(from_disk, name):
    page, root = from_disk(name)
    box = root.locator("[data-box]:enabled").first
    before = root.evaluate(DRAWN)
    box.fill("many")
    page.keyboard.press("Enter")
    assert "must be " in root.locator("[role=alert]").inner_text()
    assert root.evaluate(DRAWN) == before
    if name != "SplitRoulette":  # its page has every split
        box.fill("0.0123" if name == "ForgottenZeroGrad" else "0.5003")
        page.keyboard.press("Enter")
        assert "is the nearest" in root.locator("[role=alert]").inner_text()


@pytest.mark.parametrize("name", NAMES)
def test_the_link_of_a_page_keeps_its_state(from_disk, new_page, name):
    page, root = from_disk(name)
    for control in (
        *root.locator("input[type=range]:enabled").all(),
        *root.locator("input[type=checkbox]:enabled").all(),
    ):
        control.press("ArrowRight" if control.get_attribute("type") == "range" else "Space")
    settled(page, 0.6)
    shown, drawn = root.evaluate(SHOWN), root.evaluate(DRAWN)
    assert "=" in page.url
    fresh = new_page(offline=True)
    fresh.goto(f"{page.url}&hide={next(iter(shown))}")
    other = fresh.locator(ROOT.format(name))
    other.locator("svg[data-picture] text").first.wait_for()
    page.reload()
    settled(page, 0.6)
    assert root.evaluate(SHOWN) == other.evaluate(SHOWN) == shown
    if not getattr(widgets, name).TRIES:
        assert re.sub(r"instrument-\w+", "", root.evaluate(DRAWN)) == re.sub(
            r"instrument-\w+", "", drawn
        )
    assert other.locator(f"[data-part={next(iter(shown))}]").is_hidden()
    for link in ("#colour=red", f"#{next(iter(shown))}=many", "#hide=everything"):
        page.evaluate("link => { location.hash = link }", link)
        page.get_by_text("The link of this page makes no sense").wait_for()
        assert root.evaluate(SHOWN) == pytest.approx(getattr(widgets, name)().values())
    assert page.complaints == fresh.complaints == []


def test_the_page_of_the_roulette_draws_and_keeps_its_splits(from_disk):
    page, root = from_disk("SplitRoulette")
    seen = set()
    for number in range(2, 5):
        settled(page, 0.5)
        root.get_by_role("button", name="Draw a split").click()
        seen.add(root.locator("[data-box=split]").input_value())
        assert "shown (" in root.locator(".results").inner_text()
        shown = int(root.locator(".results").inner_text().split("shown (")[1].split(")")[0])
        assert 1 < shown <= number
    root.get_by_label("list all 55 splits").check()
    assert "shown (55): 4.71" in root.locator(".results").inner_text()
    panel = root.locator("[data-picture=panel1]")
    panel.click(position={"x": panel.bounding_box()["width"] - 24, "y": 100})
    assert root.locator("[data-box=split]").input_value() in ("53", "54", "55")
