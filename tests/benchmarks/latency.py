"""How long from a move of a slider to the repainted picture? On demand, not a test.

    python tests/benchmarks/latency.py            # needs Playwright and Chromium, about a minute

Every row of the table is a notebook cell that shows one widget and the element that changes when
its first slider is moved by one arrow key. The floor is the least that any widget with its work
in the kernel can do: an ipywidgets slider whose callback writes a number into a label. All rows are
measured in the same run of the same JupyterLab, in turns, so that a busy machine is fair to all.

Before that, the time that a kernel takes to make and show each instrument for the first time, when
all is imported (target: at most 150 ms).
"""

import argparse
import statistics
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser")]

FLOOR = "empty ipywidgets callback"
ROWS = {  # name: (code of the cell, the slider inside its output, the element that is redrawn)
    FLOOR: (
        """import ipywidgets
slider, label = ipywidgets.IntSlider(50, 0, 100), ipywidgets.Label("50")
slider.observe(lambda change: setattr(label, "value", str(change.new)), "value")
display(ipywidgets.VBox([slider, label]))""",
        ".noUi-handle",
        ".widget-label:last-child",
    ),
    "learning-rate explorer": (
        """from helpers.explorer import LearningRateExplorer
display(LearningRateExplorer())""",
        "[data-slider=learning_rate]",
        "[data-picture=surface]",
    ),
    **{
        f"widget {name}": (
            f"from helpers import widgets\ndisplay(widgets.{name}({start}))",
            f"[data-slider={slider}]",
            f"[data-picture={panel}]",
        )
        for name, start, slider, panel in (
            ("BeTheOptimizer", "", "w", "panel0"),
            # its first panel looks the same at every small step, and is not drawn anew
            ("FiniteDifferenceStep", "delta=1e-6", "delta", "panel1"),
            ("ForgottenZeroGrad", "", "learning_rate", "panel0"),
            ("MinibatchNoise", "", "batch_size", "panel0"),
            ("SplitRoulette", "", "split", "panel0"),
            ("DegreeAndPenalty", "penalty=1e-3", "penalty", "panel0"),
        )
    },
}

# From the key's event to the frame after the picture has changed: when that frame begins, the one
# with the change in it has been painted.
WATCH = """([cell, slider, picture]) => {
  const output = document.querySelectorAll('.jp-CodeCell')[cell].querySelector('.jp-OutputArea');
  const from = output.querySelector(slider), to = output.querySelector(picture);
  window.measured = new Promise((resolve, reject) => {
    let begun;
    setTimeout(() => reject(new Error(`${picture} has not changed`)), 10000);
    from.addEventListener('keydown', () => { begun = performance.now() },
      { once: true, capture: true });
    const observer = new MutationObserver(() => {
      observer.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - begun)));
    });
    observer.observe(to, { childList: true, subtree: true, attributes: true, characterData: true });
  });
  from.focus();
}"""


def measure(page, cell: int, slider: str, picture: str, key: str) -> float:
    """Milliseconds from one press of `key` on the slider to the repainted picture."""
    page.evaluate(WATCH, [cell, slider, picture])
    page.keyboard.press(key)
    duration = page.evaluate("() => window.measured")
    page.wait_for_timeout(250)  # let the messages of this move pass before the next one
    return duration


def percentile(values: list[float], share: float) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[round(100 * share) - 1]


def table(times: dict[str, list[float]]) -> str:
    """One line a row: p50 and p95 in milliseconds, and as multiples of the floor's."""
    floor = [percentile(times[FLOOR], share) for share in (0.5, 0.95)]
    lines = [f"{'slider to repaint':<28}{'p50':>9}{'p95':>9}{'p50/floor':>12}{'p95/floor':>12}"]
    for name, values in times.items():
        p50, p95 = (percentile(values, share) for share in (0.5, 0.95))
        ratios = f"{p50 / floor[0]:>12.2f}{p95 / floor[1]:>12.2f}"
        lines.append(f"{name:<28}{p50:>6.1f} ms{p95:>6.1f} ms{ratios}")
    return "\n".join(lines)


FIRST = """import time, torch
from helpers import widgets
begun = time.process_time()
widgets.{}()._repr_mimebundle_()
print(1000 * (time.process_time() - begun))"""


def first_displays(times: int = 5) -> str:
    """One line an instrument: the median of fresh processes, in milliseconds."""
    from helpers import widgets

    lines = []
    for name in widgets.__all__:
        command = [sys.executable, "-c", FIRST.format(name)]
        found = [
            float(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)
            for _ in range(times)
        ]
        lines.append(f"{f'first display {name}':<36}{statistics.median(found):>9.1f} ms")
    return "\n".join(lines)


def main(moves: int) -> dict[str, list[float]]:
    import conftest  # the tests' own JupyterLab, without pytest around it
    from playwright.sync_api import sync_playwright

    times: dict[str, list[float]] = {name: [] for name in ROWS}
    with (
        TemporaryDirectory() as home,
        sync_playwright() as playwright,
        contextmanager(conftest.start_lab)(Path(home)) as lab,
    ):
        browser = playwright.chromium.launch(
            executable_path=conftest.CHROMIUM, args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        notebook = lab.write("latency.ipynb", *(code for code, _, _ in ROWS.values()))
        lab.open(page, notebook)
        errors = lab.run_all(page)
        if errors:
            raise RuntimeError(f"the cells raised {errors}")
        for cell, (_, slider, picture) in enumerate(ROWS.values(), 1):
            output = page.locator(".jp-CodeCell").nth(cell)
            output.locator(slider).first.wait_for()
            output.locator(picture).first.wait_for()
            for key in ("ArrowRight", "ArrowLeft"):  # these compile and load, they are not counted
                measure(page, cell, slider, picture, key)
        for move in range(moves):
            key = "ArrowLeft" if move % 2 else "ArrowRight"  # no slider must come to its end
            for cell, (name, (_, slider, picture)) in enumerate(ROWS.items(), 1):
                times[name].append(measure(page, cell, slider, picture, key))
        browser.close()
    return times


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moves", type=int, default=30, help="moves of each slider (30)")
    print(first_displays())
    print(table(main(parser.parse_args().moves)))
