"""The explorer in a real browser: in JupyterLab, and as a page from disk with the network off."""

import json
import math
import re

import pytest

from helpers.explorer import LearningRateExplorer

SHOW = """from helpers.explorer import LearningRateExplorer
explorer = LearningRateExplorer()
explorer"""
PICTURES = ["surface", "losses", "fit", "sweep"]


def settled(page) -> None:
    """Two frames later everything that was asked for has been drawn."""
    page.evaluate("() => new Promise(f => requestAnimationFrame(() => requestAnimationFrame(f)))")


def drawn(page, name: str) -> str:
    settled(page)
    return page.locator(f"[data-picture={name}]").inner_html()


def verdict(page) -> str:
    settled(page)
    return page.locator("[data-verdict]").inner_text()


def slider(page, label: str):
    return page.get_by_role("slider", name=label, exact=True)


def press(page, *names: str) -> None:
    for name in names:
        page.get_by_role("button", name=name, exact=True).click()
        settled(page)


def type_into(page, label: str, text: str) -> None:
    page.get_by_label(f"{label}, typed").fill(text)
    page.keyboard.press("Enter")
    settled(page)


def nothing_is_cut_off(page) -> None:
    """No text in a picture leaves it, no control leaves the page, no two notes overlap."""
    faults = page.evaluate(
        """() => {
          const root = document.querySelector('.lre'), faults = [];
          const frame = root.getBoundingClientRect();
          for (const text of root.querySelectorAll('svg[data-picture] text')) {
            const a = text.closest('svg').getBoundingClientRect(), t = text.getBoundingClientRect();
            if (t.left < a.left - 2 || t.right > a.right + 2 || t.top < a.top - 3 || t.bottom > a.bottom + 3)
              faults.push(`cut off: ${text.textContent}`);
          }
          for (const element of root.querySelectorAll('button, input, p, figcaption, output')) {
            const e = element.getBoundingClientRect();
            if (e.width > 1 && e.right > frame.right + 1) faults.push(`too wide: ${element.outerHTML}`);
          }
          for (const svg of root.querySelectorAll('svg[data-picture]')) {
            const boxes = [...svg.querySelectorAll('text:not(.label)')].map(
              t => [t.textContent, t.getBoundingClientRect()]);
            boxes.forEach(([p, a], i) => boxes.slice(i + 1).forEach(([q, b]) => {
              if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3)
                faults.push(`overlap in ${svg.dataset.picture}: ${p} / ${q}`);
            }));
          }
          return faults;
        }"""  # noqa: E501
    )
    assert faults == []


# In JupyterLab


@pytest.fixture
def notebook(lab) -> str:
    return lab.write("explorer_test.ipynb", SHOW, "")


@pytest.fixture
def widget(open_notebook, notebook):
    """The explorer in JupyterLab: `page = widget(theme="dark")`."""

    def show(**options):
        page = open_notebook(notebook, **options)
        assert page.errors == []
        page.locator(".lre [data-picture=surface] .contour").first.wait_for()
        page.locator(".lre").evaluate("e => e.scrollIntoView({ block: 'start' })")
        settled(page)
        return page

    return show


def ask_kernel(page, expression: str):
    """The value of an expression in the notebook's kernel."""
    found = page.evaluate(
        """code => new Promise(resolve => {
          const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
          const future = kernel.requestExecute({ code });
          let text = '';
          future.onIOPub = m => { if (m.header.msg_type === 'stream') text += m.content.text; };
          future.done.then(() => resolve(text));
        })""",
        f"import json; print(json.dumps({expression}))",
    )
    return json.loads(found)


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


def test_the_check_runs_pytorch_and_finds_no_difference(widget, shots):
    page = widget()
    for preset in ("×0.1, 1e-2", "Adam on raw", "raw, 1e-2"):
        press(page, preset, "Check against PyTorch")
        result = page.locator("[data-checked]")
        result.get_by_text("Same run").wait_for(timeout=60_000)
        text = result.inner_text()
        assert "✔ Same run: over 100 epochs" in text
        assert float(re.search(r"at most\s+(\S+) of", text)[1]) <= 1e-9
        assert ("overflow" in text) == (preset == "raw, 1e-2")
    result.scroll_into_view_if_needed()
    page.screenshot(path=shots / "explorer-check.png")
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
        if reached[-1][0] == "check":
            break
        page.keyboard.press("Tab")
    names = [name for name, _, _ in reached]
    for wanted in ["preset", "radio", "slider", "box", "play", "shown", "pin", "equal", "reset"]:
        assert wanted in names
    assert names[-1] == "check"
    assert all(keys == "true" and outline != "none" for _, keys, outline in reached)

    page.get_by_role("radio", name="gradient descent").focus()
    page.keyboard.press("ArrowRight")
    settled(page)
    page.keyboard.press("Tab")
    assert slider(page, "β, the momentum coefficient").evaluate("e => e === document.activeElement")
    page.keyboard.press("ArrowLeft")
    settled(page)
    assert page.locator(".beta output").inner_text() == "0.89"
    epoch = slider(page, "Show epoch")
    epoch.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    settled(page)
    assert epoch.get_attribute("aria-valuetext") == "after 1 epoch"
    type_into(page, "Epochs", "50")
    page.get_by_role("button", name="Pin this run").focus()
    page.keyboard.press("Enter")
    settled(page)
    assert page.get_by_role("button", name="Unpin").get_attribute("aria-pressed") == "true"
    page.get_by_role("checkbox", name="same scale for w and b").focus()
    page.keyboard.press("Space")
    assert page.get_by_role("checkbox", name="same scale for w and b").is_checked()
    # None of these keys reached the notebook: its cells are what they were.
    assert page.evaluate("() => jupyterapp.shell.currentWidget.content.model.cells.length") == 3
    assert page.complaints == []


@pytest.mark.parametrize("preset", ["×0.1, 1e-2", "raw, 1e-2", "at the edge", "Adam on raw"])
def test_slider_and_pictures_fit_one_screen(widget, shots, preset):
    page = widget()
    press(page, preset)
    page.locator(".lre").evaluate("e => e.scrollIntoView({ block: 'start' })")
    places = page.evaluate(
        """() => { const [a, z, whole] = ['[data-slider=learning_rate]', '.pictures',
            '.jp-WindowedPanel-outer'].map(s => document.querySelector(s).getBoundingClientRect());
          return [a.top - whole.top, whole.bottom - z.bottom] }"""
    )
    assert min(places) >= 0, places
    nothing_is_cut_off(page)
    page.screenshot(path=shots / f"explorer-lab-{preset.replace(' ', '-').replace(',', '')}.png")


def test_it_follows_the_dark_theme(widget, shots):
    page = widget(theme="dark")
    background, text = page.locator(".lre").evaluate(
        "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]"
    )
    assert sum(map(float, re.findall(r"[\d.]+", background)[:3])) < 150
    assert sum(map(float, re.findall(r"[\d.]+", text)[:3])) > 500
    press(page, "at the edge", "Pin this run", "best rate")
    page.screenshot(path=shots / "explorer-dark.png")
    nothing_is_cut_off(page)
    assert page.complaints == []


# The page from disk


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
        page.locator("[data-picture=surface] .contour").first.wait_for()
        assert page.asked == [file.as_uri()]
        return page

    return show


def test_the_page_works_without_a_network(from_disk, shots):
    page = from_disk(LearningRateExplorer("raw", "momentum", 1e-4, 500, momentum=0.8))
    assert page.get_by_role("radio", name="raw").is_checked()
    assert page.get_by_role("radio", name="momentum").is_checked()
    assert page.locator(".beta output").inner_text() == "0.8"
    for number in range(7):
        before = drawn(page, "surface")
        page.locator(f"[data-preset='{number}']").click()
        assert drawn(page, "surface") != before
        said = " ".join([verdict(page), *(drawn(page, name) for name in PICTURES)])
        assert "NaN" not in said and "Infinity" not in said and "undefined" not in said
        nothing_is_cut_off(page)
        page.screenshot(path=shots / f"explorer-page-{number}.png")
    page.locator("summary").click()
    page.locator("[data-code]").get_by_text("torch.optim.Adam([params], lr=0.1)").wait_for()
    press(page, "Copy")
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


@pytest.mark.parametrize("inputs", ["raw", "x0.1", "standardized"])
@pytest.mark.parametrize("optimizer", ["gd", "momentum", "adam"])
def test_no_setting_breaks_a_picture(from_disk, inputs, optimizer):
    page = from_disk(LearningRateExplorer(inputs, optimizer))
    for rate, epochs in [("1e-9", 1), ("1e-6", 10000), ("0.3", 1), ("1.9", 300), ("1e6", 10000)]:
        type_into(page, "Learning rate", rate)
        type_into(page, "Epochs", str(epochs))
        for shown in ("End", "Home"):
            slider(page, "Show epoch").press(shown)
            words = page.locator(".lre").inner_text()
            picture = "".join(drawn(page, name) for name in [*PICTURES, "gauge"])
            assert not re.search("NaN|Infinity|undefined|null", words + picture)
            nothing_is_cut_off(page)
    assert page.complaints == []


def test_play_moves_through_the_epochs(from_disk):
    page = from_disk()
    press(page, "Play")
    page.wait_for_timeout(800)
    press(page, "Pause")
    assert 0 < int(slider(page, "Show epoch").input_value()) < 1000
    press(page, "Play")
    page.wait_for_function("() => document.querySelector('[data-shown]').value === '1000'")
    assert page.complaints == []


def test_play_honours_reduced_motion(from_disk):
    page = from_disk(reduced_motion="reduce")
    slider(page, "Show epoch").press("Home")
    press(page, "Play")
    assert slider(page, "Show epoch").input_value() == "1000"
    assert page.get_by_role("button", name="Play").is_visible()


def test_a_pinned_run_stays_to_compare(from_disk, shots):
    page = from_disk(LearningRateExplorer("raw", "gd", 1e-4, 100))
    press(page, "Pin this run", "standardized")
    pinned = page.locator("[data-pinned]")
    assert "raw, gd at 0.0001, loss 29.0218 after 100 epochs" in pinned.inner_text()
    for name in ("surface", "losses", "fit"):
        assert "#CC79A7" in drawn(page, name)
    page.screenshot(path=shots / "explorer-pinned.png")
    press(page, "Unpin")
    assert pinned.is_hidden() and "#CC79A7" not in drawn(page, "losses")


def test_the_contours_are_exact(from_disk):
    """Every drawn contour point, read back in units of w and b, has the same loss as its mates."""
    page = from_disk()
    import torch

    from helpers.losses import mse
    from helpers.models import linear
    from helpers.widgets.explorer import prepare

    t_u, t_c = prepare("x0.1")
    ticks = page.evaluate(
        """() => [...document.querySelectorAll('[data-picture=surface] text:not(.label)')].map(
             t => [t.getAttribute('text-anchor'), +t.getAttribute('x'), +t.getAttribute('y'),
                   +t.textContent])"""
    )
    w_ticks = [(x, value) for anchor, x, _, value in ticks if anchor == "middle"][:2]
    b_ticks = [(y - 4, value) for anchor, _, y, value in ticks if anchor == "end"][:2]

    def number(pixel, two):
        (p, a), (q, z) = two
        return a + (pixel - p) * (z - a) / (q - p)

    for path in page.locator("[data-picture=surface] .contour").all()[:3]:
        points = re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.get_attribute("d"))
        losses = torch.tensor(
            [
                mse(linear(t_u, number(float(x), w_ticks), number(float(y), b_ticks)), t_c)
                for x, y in points
            ]
        )
        assert losses.std() / losses.mean() < 0.01  # the pixels are rounded to a tenth


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(from_disk, shots, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    page = from_disk(width=width, height=844, color_scheme=scheme)
    page.locator("summary").click()
    press(page, "raw, 1e-2", "Pin this run", "at the edge")
    type_into(page, "Learning rate", "abc")
    results = Axe().run(page)
    found = [f"{v['id']}: {v['nodes'][0]['html']}" for v in results.response["violations"]]
    assert found == []
    page.screenshot(path=shots / f"explorer-{width}-{scheme}.png", full_page=True)


def test_it_fits_a_phone(from_disk, shots):
    page = from_disk(width=390, height=844, has_touch=True, is_mobile=True)
    for preset in ("×0.1, 1e-2", "raw, 1e-2", "Adam on raw", "at the edge"):
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
    live = page.locator("[data-announce]")
    assert live.get_attribute("aria-live") == "polite"
    page.evaluate(
        """() => { window.heard = 0; new MutationObserver(() => heard++).observe(
             document.querySelector('[data-announce]'), { childList: true }) }"""
    )
    slider(page, "Learning rate").focus()
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1200)
    assert page.evaluate("() => heard") == 1
    assert f"… {live.inner_text()}" == verdict(page)
