"""A drawing stored with few colours: a third of the bytes, and nothing that an eye would miss."""

from PIL import Image

DISTINCT = 2**16  # more colours than any drawing has; a photograph is left as it is


def few_colours(image: Image.Image, n: int = 24) -> Image.Image:
    """`image` (mode RGB) with a palette of at most `n` of its own colours.

    Colours are grouped by likeness, each counted with the root of its number of pixels: a thin line
    keeps its colour beside a wide background. A group is shown in its commonest colour, so that
    background, areas and lines keep exactly theirs; only the blur of edges is rounded.
    """
    counted = image.getcolors(DISTINCT)
    if counted is None:
        return image
    row = b"".join(bytes(colour) * round(pixels**0.5) for pixels, colour in counted)
    groups = line(row).quantize(n, Image.Quantize.MEDIANCUT, kmeans=2)
    counted.sort()  # the commonest last
    singles = b"".join(bytes(colour) for _, colour in counted)
    group_of = line(singles).quantize(palette=groups, dither=Image.Dither.NONE).tobytes()
    commonest = {group: colour for group, (_, colour) in zip(group_of, counted, strict=True)}
    palette = Image.new("P", (1, 1))
    palette.putpalette([channel for colour in commonest.values() for channel in colour])
    return image.quantize(palette=palette, dither=Image.Dither.NONE)


def line(pixels: bytes) -> Image.Image:
    """Bytes r, g, b, r, g, b, ... as an image of one row."""
    return Image.frombytes("RGB", (len(pixels) // 3, 1), pixels)
