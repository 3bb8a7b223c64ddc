"""The explorer in a real JupyterLab: what is moved holds, in the page and in Python alike."""

import math
import re

import pytest
from explorer_steps import (
    PICTURES,
    agreed,
    ask_kernel,
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

from helpers import theory
from helpers.widgets.readings import prepare

SHOW = """from helpers.explorer import LearningRateExplorer
explorer = LearningRateExplorer()
explorer"""


@pytest.fixture
def notebook(lab) -> str:
    return lab.write("explorer_test.ipynb", SHOW, "")


@pytest.fixture
def widget(open_notebook, notebook):
    """The explorer in JupyterLab: `page = widget(theme="dark")`."""

    def show(**options):
        page = open_notebook(notebook, **options)
        assert page.errors == []
        page.locator("[data-instrument] [data-picture=surface] .line").first.wait_for()
        page.locator("[data-instrument]").evaluate("e => e.scrollIntoView({ block: 'start' })")
        settled(page)
        return page

    return show


PRESETS = {
    "raw, 1e-2": ("raw", "gd", 1e-2, 100),
    "raw, 1e-4": ("raw", "gd", 1e-4, 100),
    "x0.1, 1e-2": ("x0.1", "gd", 1e-2, 5000),
    "best rate": ("x0.1", "gd", None, 3000),
    "at the edge": ("x0.1", "gd", 0.03297, 200),
    "standardised": ("standardised", "gd", 1e-2, 1000),
    "Adam on raw": ("raw", "adam", 0.1, 2000),
}


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_holds(widget, preset):
    page = widget()
    press(page, preset)
    said = verdict(page)
    now = agreed(page)
    inputs, optimizer, rate, n_epochs = PRESETS[preset]
    rate = rate or pytest.approx(2 / theory.hessian(prepare("x0.1")[0]).trace().item(), rel=1e-5)
    assert [now["inputs"], now["optimizer"], now["n_epochs"]] == [inputs, optimizer, n_epochs]
    assert now["learning_rate"] == rate
    pressed = page.get_by_role("group", name="Presets").get_by_role("button", pressed=True)
    assert pressed.all_inner_texts() == [preset]
    assert verdict(page) == said
    assert page.complaints == []


def test_every_control_and_key_holds(widget):
    page = widget()
    page.get_by_role("radio", name="standardised").check(force=True)
    assert agreed(page)["inputs"] == "standardised"
    page.get_by_role("radio", name="gradient descent").focus()
    page.keyboard.press("ArrowRight")
    assert agreed(page)["optimizer"] == "momentum"
    slider(page, "β, the momentum").press("ArrowLeft")
    assert agreed(page)["momentum"] == 0.89
    slider(page, "Learning rate").press("ArrowRight")
    assert agreed(page)["learning_rate"] == 0.01023
    slider(page, "Epochs").press("ArrowLeft")
    assert agreed(page)["n_epochs"] == 960
    for name, key, text in [
        ("learning_rate", "Enter", "0.02"),
        ("learning_rate", "Tab", "0.03"),
        ("n_epochs", "Enter", "300"),
        ("n_epochs", "Tab", "400"),
    ]:
        page.locator(f"[data-box={name}]").fill(text)
        page.keyboard.press(key)
        assert agreed(page)[name] == float(text)
    for name, text in [("Start w", "2.5"), ("Start b", "-7"), ("Its reading", "36.5")]:
        page.get_by_label(name).fill(text)
        page.keyboard.press("Enter")
    now = agreed(page)
    assert now["start"] == [2.5, -7] and now["reading"] == [36.5, 0.5]
    page.get_by_label("Start w").press("ArrowUp")
    page.get_by_label("Its target").press("ArrowDown")
    now = agreed(page)
    assert now["start"] == [2.6, -7] and now["reading"] == [36.5, 0.4]
    press(page, "Reset")
    assert agreed(page)["start"] == [1, 0]
    assert page.evaluate("() => jupyterapp.shell.currentWidget.content.model.cells.length") == 3
    assert page.complaints == []


def test_what_is_dragged_holds(widget):
    page = widget()
    [[x, y]] = places(page, "surface", "g > [transform]:nth-last-child(3)")
    drag(page, "surface", (x, y), (x + 60, y + 80))
    w, b = agreed(page)["start"]
    assert 1.5 < w < 2.5 and -8 < b < -3
    before = {name: drawn(page, name) for name in PICTURES}
    x, y = places(page, "fit", ".edge")[3]
    drag(page, "fit", (x, y), (x - 30, y + 20))
    u, c = agreed(page)["reading"]
    assert 65 < u < 80 and 18 < c < 26
    assert ask_kernel(page, "explorer.readings['t_u'][3]") == u
    assert all(drawn(page, name) != before[name] for name in PICTURES)
    assert page.complaints == []


def test_keyboard_and_mouse_move_it_in_jupyterlab(widget, shots):
    page = widget()
    page.screenshot(path=shots / "explorer-light.png")
    rate = slider(page, "Learning rate")

    before = {name: drawn(page, name) for name in PICTURES}
    rate.focus()
    for _ in range(20):  # 20 times 0.01 powers of ten
        page.keyboard.press("ArrowRight")
    settled(page)
    assert page.get_by_label("Learning rate, typed").input_value() == "0.01585"
    assert rate.get_attribute("aria-valuetext") == "0.01585"
    assert all(drawn(page, name) != before[name] for name in PICTURES)
    page.wait_for_timeout(600)
    assert math.isclose(ask_kernel(page, "explorer.learning_rate"), 0.01585)

    before = {name: drawn(page, name) for name in PICTURES}
    box = rate.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    assert all(drawn(page, name) != before[name] for name in PICTURES)
    assert "Diverges" in verdict(page)

    sweep = page.locator("[data-picture=sweep]")
    box = sweep.bounding_box()
    sweep.click(position={"x": box["width"] * 0.3, "y": box["height"] / 2})
    assert "Not there yet" in verdict(page)
    assert page.complaints == []


def test_errors_are_asked_from_the_notebook(lab, open_notebook):
    """The fixture sees what a cell raises, also when the stored notebook has run before."""
    name = lab.write("raises_test.ipynb", "import time; time.sleep(2); 1 / 0", "2")
    assert open_notebook(name).errors == ["ZeroDivisionError: division by zero"]
    name = lab.write("runs_test.ipynb", "import time; time.sleep(2)", "2")
    assert open_notebook(name).errors == []


def test_python_moves_the_controls(widget):
    page = widget()
    ask_kernel(page, "setattr(explorer, 'inputs', 'raw') or setattr(explorer, 'n_epochs', 77)")
    page.get_by_role("radio", name="raw").and_(page.locator(":checked")).wait_for(state="attached")
    page.wait_for_function("() => document.querySelector('[data-box=n_epochs]').value === '77'")
    assert "29.4 times" in verdict(page)
    assert page.complaints == []


def test_a_move_sends_few_messages(widget):
    page = widget()
    page.evaluate(
        """() => { window.sent = [];
          const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
          kernel.anyMessage.connect((_, { msg }) => {
            if (msg.header.msg_type.startsWith('comm'))
              sent.push(JSON.stringify(msg).length) }) }"""
    )
    slider(page, "Learning rate").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1500)
    sent = page.evaluate("() => sent")
    assert 1 <= len(sent) <= 6
    assert sum(sent) <= 40_000


def test_every_control_is_reached_and_moved_by_keyboard(widget):
    page = widget()
    page.get_by_role("button", name="raw, 1e-2").focus()
    reached = []
    for _ in range(30):
        reached.append(
            page.evaluate(
                """() => { const e = document.activeElement, s = getComputedStyle(e);
                  const t = e.type === 'radio' ? getComputedStyle(e.nextElementSibling) : s;
                  return [Object.keys(e.dataset).filter(k => k !== 'lmSuppressShortcuts')[0]
                    ?? e.type ?? e.tagName, e.dataset.lmSuppressShortcuts, t.outlineStyle] }"""
            )
        )
        if reached[-1][0] == "copy":
            break
        page.keyboard.press("Tab")
    names = [name for name, _, _ in reached]
    assert {"preset", "choice", "slider", "box", "reset"} < set(names)
    assert names[-1] == "copy"
    assert all(keys == "true" and outline != "none" for _, keys, outline in reached)

    page.get_by_role("radio", name="gradient descent").focus()
    page.keyboard.press("ArrowRight")
    settled(page)
    page.keyboard.press("Tab")
    assert slider(page, "β, the momentum").evaluate("e => e === document.activeElement")
    page.keyboard.press("ArrowLeft")
    settled(page)
    assert page.get_by_label("β, the momentum, typed").input_value() == "0.89"
    type_into(page, "Epochs", "50")
    # None of these keys reached the notebook: its cells are what they were.
    assert page.evaluate("() => jupyterapp.shell.currentWidget.content.model.cells.length") == 3
    assert page.complaints == []


@pytest.mark.parametrize("preset", ["x0.1, 1e-2", "raw, 1e-2", "at the edge", "Adam on raw"])
def test_slider_and_pictures_fit_one_screen(widget, shots, preset):
    page = widget()
    press(page, preset)
    page.locator("[data-instrument]").evaluate("e => e.scrollIntoView({ block: 'start' })")
    places = page.evaluate(
        """() => { const [a, z, whole] = ['[data-slider=learning_rate]', '.panels',
            '.jp-WindowedPanel-outer'].map(s => document.querySelector(s).getBoundingClientRect());
          return [a.top - whole.top, whole.bottom - z.bottom] }"""
    )
    assert min(places) >= 0, places
    nothing_is_cut_off(page)
    page.screenshot(path=shots / f"explorer-lab-{preset.replace(' ', '-').replace(',', '')}.png")


def test_it_follows_the_dark_theme(widget, shots):
    page = widget(theme="dark")
    background, text = page.locator("[data-instrument]").evaluate(
        "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]"
    )
    assert sum(map(float, re.findall(r"[\d.]+", background)[:3])) < 150
    assert sum(map(float, re.findall(r"[\d.]+", text)[:3])) > 500
    press(page, "at the edge", "best rate")
    page.screenshot(path=shots / "explorer-dark.png")
    nothing_is_cut_off(page)
    assert page.complaints == []
