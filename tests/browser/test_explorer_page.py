"""The explorer as a page from disk, with the network off."""

import re

import pytest
from explorer_steps import (
    PICTURES,
    drag,
    drawn,
    nothing_is_cut_off,
    places,
    press,
    settled,
    slider,
    type_into,
    verdict,
)

from helpers.explorer import LearningRateExplorer


@pytest.fixture
def from_disk(new_page, tmp_path):
    """Open `page()` from disk, with the network off; what it would have asked for is an error."""

    def show(explorer=None, **options):
        file = tmp_path / "explorer.html"
        (explorer or LearningRateExplorer()).page(file)
        page = new_page(offline=True, **options)
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(file.as_uri())
        page.locator("[data-picture=surface] .line").first.wait_for()
        assert page.asked == [file.as_uri()]
        return page

    return show


def test_the_page_works_without_a_network(from_disk, shots):
    page = from_disk(
        LearningRateExplorer(
            inputs="raw", optimizer="momentum", learning_rate=1e-4, n_epochs=500, momentum=0.8
        )
    )
    assert page.get_by_role("radio", name="raw").is_checked()
    assert page.get_by_role("radio", name="momentum").is_checked()
    assert page.get_by_label("β, the momentum, typed").input_value() == "0.8"
    for number in range(7):
        before = drawn(page, "surface")
        page.locator(f"[data-preset='{number}']").click()
        assert drawn(page, "surface") != before
        said = " ".join([verdict(page), *(drawn(page, name) for name in PICTURES)])
        assert "NaN" not in said and "Infinity" not in said and "undefined" not in said
        nothing_is_cut_off(page)
        page.screenshot(path=shots / f"explorer-page-{number}.png")
    press(page, "Copy as Python")
    page.locator("[data-code]").get_by_text("torch.optim.Adam([params], lr=0.1)").wait_for()
    page.locator("[data-copied]").get_by_text(re.compile("copied|selected")).wait_for()
    press(page, "Reset")
    assert page.get_by_label("Epochs, typed").input_value() == "500"
    assert page.complaints == [] and len(page.asked) == 1


@pytest.mark.parametrize("name", ["Learning rate", "Epochs"])
@pytest.mark.parametrize("text", ["0", "-1", "NaN", "abc", "", "1e300", "Infinity", "1,5"])
def test_bad_entries_are_said_and_not_done(from_disk, name, text):
    page = from_disk()
    before = drawn(page, "surface"), verdict(page)
    type_into(page, name, text)
    message = page.locator(".message[role=alert]")
    assert re.search("must be a (whole )?number from", message.inner_text())
    assert page.get_by_label(f"{name}, typed").get_attribute("aria-invalid") == "true"
    assert (drawn(page, "surface"), verdict(page)) == before
    type_into(page, name, "20" if name == "Epochs" else "0.02")
    assert message.inner_text() == ""
    assert (drawn(page, "surface"), verdict(page)) != before
    assert page.complaints == []


@pytest.mark.parametrize("inputs", ["raw", "x0.1", "standardised"])
@pytest.mark.parametrize("optimizer", ["gd", "momentum", "adam"])
def test_no_setting_breaks_a_picture(from_disk, inputs, optimizer):
    page = from_disk(LearningRateExplorer(inputs=inputs, optimizer=optimizer))
    for rate, epochs in [("1e-9", 1), ("1e-6", 10000), ("0.3", 1), ("1.9", 300), ("1e6", 10000)]:
        type_into(page, "Learning rate", rate)
        type_into(page, "Epochs", str(epochs))
        words = page.locator("[data-instrument]").inner_text()
        picture = "".join(drawn(page, name) for name in PICTURES)
        assert not re.search("NaN|Infinity|undefined|null", words + picture)
        nothing_is_cut_off(page)
    assert page.complaints == []


def test_the_contours_are_exact(from_disk):
    """Every point of a contour, read back in units of w and b, has the same loss as its mates."""
    page = from_disk()
    import torch

    from helpers.losses import mse
    from helpers.models import linear
    from helpers.widgets.readings import prepare

    t_u, t_c = prepare("x0.1")
    ticks = page.evaluate(
        """() => [...document.querySelectorAll('[data-picture=surface] text:not(.label)')].map(
             t => [t.getAttribute('text-anchor'), +t.getAttribute('x'), +t.getAttribute('y'),
                   +t.textContent.replace('−', '-')])"""
    )
    w_ticks = [(x, value) for anchor, x, _, value in ticks if anchor == "middle"][:2]
    b_ticks = [(y - 4, value) for anchor, _, y, value in ticks if anchor == "end"][:2]

    def number(pixel, two):
        (p, a), (q, z) = two
        return a + (pixel - p) * (z - a) / (q - p)

    for ellipse in page.locator("[data-picture=surface] [fill-opacity]").all()[:3]:
        entries = re.findall(r"-?[\d.]+", ellipse.get_attribute("d"))
        points = torch.tensor([float(entry) for entry in entries]).reshape(-1, 2)
        losses = torch.tensor(
            [mse(linear(t_u, number(x, w_ticks), number(y, b_ticks)), t_c) for x, y in points]
        )
        assert losses.std() / losses.mean() < 0.01


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(from_disk, shots, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    page = from_disk(width=width, height=844, color_scheme=scheme)
    press(page, "raw, 1e-2", "Copy as Python", "at the edge")
    type_into(page, "Learning rate", "abc")
    results = Axe().run(page)
    found = [f"{v['id']}: {v['nodes'][0]['html']}" for v in results.response["violations"]]
    assert found == []
    page.screenshot(path=shots / f"explorer-{width}-{scheme}.png", full_page=True)


def test_it_fits_a_phone(from_disk, shots):
    page = from_disk(width=390, height=844, has_touch=True, is_mobile=True)
    for preset in ("x0.1, 1e-2", "raw, 1e-2", "Adam on raw", "at the edge"):
        press(page, preset)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
        nothing_is_cut_off(page)
    before = verdict(page)
    page.locator("[data-picture=sweep]").tap(position={"x": 90, "y": 60})
    assert verdict(page) != before
    page.screenshot(path=shots / "explorer-phone.png", full_page=True)
    assert page.complaints == []


def test_screen_readers_hear_the_verdict_once_it_rests(from_disk):
    page = from_disk()
    page.wait_for_timeout(900)
    live = page.locator(".unseen[role=status]")
    page.evaluate(
        """() => { window.heard = 0; new MutationObserver(() => heard++).observe(
             document.querySelector('.unseen[role=status]'), { childList: true }) }"""
    )
    slider(page, "Learning rate").focus()
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1200)
    assert page.evaluate("() => heard") == 1
    assert verdict(page) in live.text_content()


# Own readings, the start, the link, hidden parts

CHIRPS = [20.0, 16.0, 19.8, 18.4, 17.1, 15.5, 14.7]
WARMTH = [88.6, 71.6, 93.3, 84.3, 80.6, 75.2, 69.7]


def test_own_readings_under_their_own_names(from_disk):
    labels = ("chirps", "warmth (°F)")
    page = from_disk(LearningRateExplorer(CHIRPS, WARMTH, labels=labels, inputs="raw"))
    assert "chirps" in drawn(page, "fit") and "warmth (°F)" in drawn(page, "fit")
    assert "loss (°F²)" in drawn(page, "losses")
    assert len(places(page, "fit", ".edge")) == 7
    page.get_by_label("Number of the reading").fill("7")
    page.keyboard.press("Enter")
    assert page.get_by_label("Its reading").input_value() == "14.7"
    nothing_is_cut_off(page)
    assert page.complaints == []


def test_a_moved_reading_moves_wall_factors_floor_and_best_line(from_disk):
    page = from_disk(LearningRateExplorer(inputs="raw", learning_rate=1e-4))

    def facts() -> list[str]:
        settled(page)
        best = page.locator("[data-picture=fit] .line").first.get_attribute("d")
        words = [page.locator("[data-factors]").inner_text(), best]
        for name, note in (("sweep", "wall"), ("losses", "best")):
            words.append(page.locator(f"[data-picture={name}] .note", has_text=note).text_content())
        return words

    before = facts()
    x, y = places(page, "fit", ".edge")[3]
    drag(page, "fit", (x, y), (x - 40, y))
    dragged = facts()
    assert all(a != b for a, b in zip(before, dragged, strict=True))
    page.get_by_label("Its reading").press("ArrowUp")
    assert all(a != b for a, b in zip(dragged, facts(), strict=True))
    for text in ("", "1e9"):
        page.get_by_label("Its reading").fill(text)
        page.keyboard.press("Enter")
        assert "Its reading must be a number" in page.locator(".message").inner_text()
    assert page.complaints == []


@pytest.mark.parametrize(
    ("link", "word"),
    [
        ("#learning_rate=abc", "Learning rate must be"),
        ("#learning_rate=", "Learning rate must be"),
        ("#section-2", "names"),
        ("#inputs=raw&colour=red", "colour"),
        ("#hide=everything", "everything"),
        ("#readings=1,2;1", "as many"),
        ("#start=1", "The start must be two numbers"),
        ("#n_epochs=-1", "Epochs must be"),
        ("#%E0%A4%A&n_epochs=5", "names"),
    ],
)
def test_a_link_that_makes_no_sense_falls_back_with_a_word(from_disk, link, word):
    page = from_disk()
    said = verdict(page)
    page.evaluate("link => { location.hash = link }", link)
    page.locator(".message", has_text=word).wait_for()
    assert "link of this page" in page.locator(".message").inner_text()
    assert verdict(page) == said
    assert page.complaints == []


def test_the_link_holds_the_whole_state(from_disk, new_page):
    page = from_disk()
    press(page, "Adam on raw")
    type_into(page, "Learning rate", "0.25")
    page.get_by_label("Start w").fill("-3")
    page.get_by_label("Its target").fill("7.5")
    page.wait_for_timeout(400)
    other = new_page(offline=True)
    other.goto(f"{page.url}&hide=optimizer,presets,sweep")
    settled(other)
    assert verdict(other) == verdict(page)
    assert "After 2000 epochs: w " in other.locator("[data-readout]").inner_text()
    for name in PICTURES[:3]:
        mine, theirs = ((re.sub(r"instrument-\w+", "", drawn(p, name))) for p in (page, other))
        assert mine == theirs
    for part in ("optimizer", "presets", "sweep"):
        assert page.locator(f"[data-part={part}]").is_visible()
        assert other.locator(f"[data-part={part}]").is_hidden()
    press(other, "Reset")
    other.wait_for_timeout(400)
    assert "hide=optimizer" in other.url
    assert page.complaints == other.complaints == []


def test_python_hides_parts(from_disk):
    page = from_disk(LearningRateExplorer(hide=("optimizer", "momentum", "fit")))
    for part in ("optimizer", "momentum", "fit"):
        assert page.locator(f"[data-part={part}]").is_hidden()
    nothing_is_cut_off(page)


def test_one_scale_suits_standardised_inputs(from_disk):
    """There a unit of w is as long as one of b: the bowl is round. The others would be threads."""
    page = from_disk()
    size = """() => { const { width, height } = document.querySelector(
      '[data-picture=surface] [fill-opacity]').getBBox(); return width / height }"""
    assert page.evaluate(size) < 0.9
    press(page, "standardised")
    assert page.evaluate(size) == pytest.approx(1.1**0.5, abs=0.01)  # n / (n - 1) is 1.1


def test_a_run_at_the_edge_is_no_slab(from_disk):
    page = from_disk()
    press(page, "at the edge")
    assert "20 jumps" in drawn(page, "surface")
    assert page.locator("[data-picture=surface] [fill-opacity='0.3']").count() == 1
    jumps = page.locator("[data-picture=surface] [fill=none][stroke*=blue]").first.get_attribute(
        "d"
    )
    assert jumps.count("L") == 20
    press(page, "raw, 1e-2")  # one that has left jumps too, but nothing fills the picture
    assert "20 jumps" not in drawn(page, "surface") and "has left" in drawn(page, "surface")
