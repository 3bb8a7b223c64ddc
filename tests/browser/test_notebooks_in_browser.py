"""All notebooks as learners meet them: Run All in JupyterLab, a widget moved, a link followed."""

from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
# Notebook, and an instrument in it.
WIDGETS = [
    ("01_learning_from_data", "BeTheOptimizer"),
    ("02_manual_gradients", "FiniteDifferenceStep"),
    ("04_autograd", "ForgottenZeroGrad"),
    ("05_optimizers", "MinibatchNoise"),
    ("06_overfitting", "SplitRoulette"),
    ("06_overfitting", "DegreeAndPenalty"),
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


DRAWN = "e => [...e.querySelectorAll('svg[data-picture]')].map(svg => svg.innerHTML).join()"


@pytest.mark.parametrize("name, widget", WIDGETS, ids=[widget for _, widget in WIDGETS])
def test_keyboard_moves_an_instrument_of_a_lesson(shown, name, widget, shots):
    page = shown(name)
    scroll_to(page, f"import {widget}")
    root = page.locator(f"[data-instrument={widget}]").first
    root.locator("svg[data-picture] text").first.wait_for()
    before = root.evaluate(DRAWN)
    root.locator("input[type=range]").first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1500)
    assert root.evaluate(DRAWN) != before
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
