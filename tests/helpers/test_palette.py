"""helpers.tools.palette: few colours, and those that matter exactly."""

import io

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

from helpers import plots
from helpers.tools.palette import few_colours, png


def drawing() -> Image.Image:
    fig, ax = plt.subplots()
    for y, colour in enumerate([plots.BLUE, plots.VERMILION, plots.GREEN, plots.PURPLE]):
        ax.plot([0, 1], [y, y + 0.4], color=colour, linestyle="-", linewidth=2)
        ax.plot([0.5, 0.52], [y + 1, y + 1], color=plots.GREEN, linestyle="-")  # a short one
        ax.fill_between([0, 1], [y, y + 0.4], alpha=0.05 * (y + 1), linestyle="-", color="0.5")
    png = io.BytesIO()
    fig.savefig(png, format="png", dpi=plots.SHARPNESS * fig.dpi)
    plt.close(fig)
    return Image.open(png).convert("RGB")


def colours(image: Image.Image) -> list:
    return [colour for _, colour in image.convert("RGB").getcolors(2**24)]


def test_background_and_thin_lines_keep_their_colour():
    before = drawing()
    after = few_colours(before)
    assert after.mode == "P" and len(colours(after)) <= 24 < len(colours(before))
    named = [plots.BLUE, plots.VERMILION, plots.GREEN, plots.PURPLE, "#FFFFFF", "#000000"]
    wanted = {tuple(bytes.fromhex(name[1:])) for name in named}
    assert wanted <= set(colours(after))


def test_hardly_a_pixel_changes_visibly():
    before = drawing()
    change = np.abs(np.asarray(few_colours(before).convert("RGB"), int) - np.asarray(before, int))
    assert (change.max(axis=2) > 24).mean() < 4e-3


def test_a_drawing_of_few_colours_stays_as_it_is():
    flat = Image.new("RGB", (8, 8), "#0072B2")
    flat.putpixel((3, 3), (213, 94, 0))
    assert few_colours(flat).convert("RGB").tobytes() == flat.tobytes()


def test_a_photograph_is_left_alone():
    noise = np.random.default_rng(0).integers(0, 256, (300, 300, 3), dtype=np.uint8)
    image = Image.fromarray(noise)
    assert few_colours(image) is image


def test_a_figure_is_stored_as_drawn_with_few_colours_and_stays_as_large():
    fig, ax = plt.subplots(figsize=(4, 3))
    ax.plot([0, 1], [0, 1], color=plots.BLUE)
    stored = Image.open(io.BytesIO(png(fig, 1.5)))
    assert stored.size == (576, 432) and stored.mode == "P" and fig.dpi == 96
    whole = io.BytesIO()
    fig.savefig(whole, dpi=1.5 * fig.dpi)
    plt.close(fig)
    change = np.asarray(stored.convert("RGB"), int) - np.asarray(
        Image.open(whole).convert("RGB"), int
    )
    assert (abs(change).max(axis=2) > 24).mean() < 4e-3
