"""Take pics/explorer.png: verdict, map and rate curve of the explorer, light, twice the size.

python tests/tools/explorer_picture.py        # needs Playwright and Chromium
"""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
HIDDEN = "presets learning_rate n_epochs inputs optimizer momentum reset start"
HIDDEN += " readings copy losses fit"
STYLE = """.LearningRateExplorer .panels { height: 300px !important;
  grid-template: "surface sweep" 1fr / 4fr 5fr !important; }
.LearningRateExplorer :is([data-part=factors], .sweep .key) { display: none }
.LearningRateExplorer .results { min-height: 0 !important }"""


def main(path: Path) -> None:
    from playwright.sync_api import sync_playwright

    from helpers.explorer import LearningRateExplorer

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder) / "explorer.html"
        LearningRateExplorer(hide=tuple(HIDDEN.split())).page(page_file)
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": 766, "height": 800}, device_scale_factor=2, color_scheme="light"
        )
        page.goto(page_file.as_uri())
        page.add_style_tag(content=STYLE)
        page.locator("[data-picture=surface] .line").first.wait_for()
        page.wait_for_timeout(500)
        boxes = [page.locator(part).bounding_box() for part in (".says", ".panels")]
        top, bottom = boxes[0]["y"] - 6, boxes[1]["y"] + boxes[1]["height"] + 4
        page.screenshot(path=path, clip={"x": 0, "y": top, "width": 766, "height": bottom - top})
        browser.close()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main(ROOT / "pics" / "explorer.png")
