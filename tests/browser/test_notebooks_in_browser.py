"""All notebooks as learners meet them: Run All in JupyterLab, a widget moved, a link followed."""

from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
# Notebook, the widget in it, one of its sliders.
WIDGETS = [
    ("01_learning_from_data", "BeTheOptimizer", "w"),
    ("02_manual_gradients", "FiniteDifferenceStep", "delta"),
    ("04_autograd", "ForgottenZeroGrad", "learning rate"),
    ("06_overfitting", "SplitRoulette", "split"),
    ("06_overfitting", "DegreeAndPenalty", "L2 penalty"),
]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_run_all_raises_nothing_and_the_console_is_quiet(open_notebook, path, shots):
    page = open_notebook(f"notebooks/{path.name}")
    assert page.errors == []
    assert page.complaints == []
    page.screenshot(path=shots / f"{path.stem}.png")


@pytest.fixture(scope="module")
def shown(lab, browser):
    """One page for each notebook with widgets, run once: `shown(notebook)`."""
    pages = {}

    def open_once(name: str):
        if name not in pages:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            lab.open(page, f"notebooks/{name}.ipynb")
            assert lab.run_all(page) == []
            pages[name] = page
        return pages[name]

    yield open_once
    for page in pages.values():
        page.close()


def scroll_to(page, source: str) -> None:
    """Bring the cell with this source into view: JupyterLab draws only the cells near it."""
    page.evaluate("() => jupyterapp.commands.execute('notebook:expand-all-headings')")
    page.evaluate(
        """source => {
          const notebook = jupyterapp.shell.currentWidget.content;
          const place = notebook.widgets.findIndex(
            cell => cell.model.sharedModel.source.includes(source));
          return notebook.scrollToItem(place, 'start') }""",
        source,
    )


def curves(handle) -> list[str]:
    """The drawn lines of the plot that belongs to a slider."""
    return handle.evaluate(
        """handle => {
          const output = handle.closest('.jp-OutputArea-output');
          return [...output.querySelectorAll('.cartesianlayer .scatterlayer path')].map(
            path => path.getAttribute('d')) }"""
    )


def wait_for_change(page, handle, before: list[str]) -> list[str]:
    for _ in range(100):
        now = curves(handle)
        if now and now != before:
            return now
        page.wait_for_timeout(50)
    raise AssertionError("the picture did not change")


@pytest.mark.parametrize("name, widget, slider", WIDGETS, ids=[w for _, w, _ in WIDGETS])
def test_keyboard_and_mouse_move_a_widget(shown, name, widget, slider, shots):
    page = shown(name)
    scroll_to(page, f"import {widget}")
    handle = page.locator(f'[aria-label="{slider}, slider"]')
    handle.scroll_into_view_if_needed()
    before = wait_for_change(page, handle, [])
    handle.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    by_keyboard = wait_for_change(page, handle, before)
    track = handle.locator("xpath=ancestor::*[contains(@class, 'noUi-target')]")
    box = track.bounding_box()
    page.mouse.click(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2)
    wait_for_change(page, handle, by_keyboard)
    page.screenshot(path=shots / f"{widget}.png")


def test_the_explorer_of_notebook_03_answers(shown, shots):
    page = shown("03_learning_rate")
    scroll_to(page, "import LearningRateExplorer")
    widget = page.locator("[data-instrument=LearningRateExplorer]:visible")
    widget.scroll_into_view_if_needed()
    before = page.locator("[data-verdict]").inner_text()
    page.get_by_role("button", name="raw, 1e-2", exact=True).click()
    page.wait_for_function(
        "before => document.querySelector('[data-verdict]').innerText !== before", arg=before
    )
    assert "29.4 times" in page.locator("[data-verdict]").inner_text()
    page.screenshot(path=shots / "03-explorer.png")


def test_next_and_previous_open_in_jupyterlab(lab, new_page):
    page = new_page()
    lab.open(page, "notebooks/02_manual_gradients.ipynb")
    for link, opened in [
        ("03 The learning rate", "notebooks/03_learning_rate.ipynb"),
        ("02 Gradients by hand", "notebooks/02_manual_gradients.ipynb"),
    ]:
        panel = page.locator(".jp-NotebookPanel:visible")
        panel.locator(".jp-MarkdownCell a", has_text=link).first.click()
        page.wait_for_function(
            "path => jupyterapp.shell.currentWidget?.context?.path === path", arg=opened
        )
