"""A drawing stored with few colours: a third of the bytes, and nothing that an eye would miss."""

import io

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

DISTINCT = 2**16  # more colours than any drawing has; a photograph is left as it is


def few_colours(image: Image.Image, n: int = 24) -> Image.Image:
    """`image` (mode RGB) with a palette of at most `n` of its own colours.

    One after the other that colour is taken which is worst served by those before it: its squared
    distance from the nearest, times the root of its number of pixels. So background, areas and
    lines keep exactly their colour, the thinnest too; only the blur of edges is rounded.
    """
    counted = image.getcolors(DISTINCT)
    if counted is None:
        return image
    counted.sort(reverse=True)  # the commonest first
    colours = np.array([colour for _, colour in counted], dtype=np.int64)
    weight = np.array([pixels for pixels, _ in counted]) ** 0.5
    nearest = np.zeros(len(colours), dtype=np.uint8)
    distance = ((colours - colours[0]) ** 2).sum(axis=1)
    chosen = [0]
    while len(chosen) < n and distance.any():
        chosen.append(int((distance * weight).argmax()))
        new = ((colours - colours[chosen[-1]]) ** 2).sum(axis=1)
        nearest[new < distance] = len(chosen) - 1
        distance = np.minimum(distance, new)
    place = np.zeros((256, 256, 256), dtype=np.uint8)  # of each colour in the palette
    place[tuple(colours.T)] = nearest
    flat = Image.fromarray(place[tuple(np.moveaxis(np.asarray(image), 2, 0))])
    flat.putpalette(colours[chosen].astype(np.uint8).tobytes())
    return flat


def png(fig: Figure, sharpness: float = 1.0, *, optimize: bool = True) -> bytes:
    """`fig`, drawn once with `sharpness` pixels for each of its own, as a file of few colours.

    Without `optimize` it is written in 5 ms instead of 35 and a twelfth larger.
    """
    dpi = fig.dpi
    fig.set_dpi(sharpness * dpi)
    canvas = FigureCanvasAgg(fig)
    canvas.draw()
    image = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba())
    fig.set_dpi(dpi)
    file = io.BytesIO()
    few_colours(image.convert("RGB")).save(file, "png", optimize=optimize)
    return file.getvalue()
