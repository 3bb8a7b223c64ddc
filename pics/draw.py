"""Draw the pictures of the series as SVG files: `python pics/draw.py`.

`python pics/draw.py --check` writes nothing and fails where a file is not what this program draws.
All numbers in the pictures are computed here, none is typed. The files contain no script and no
fonts, follow the reader's light or dark theme, and are the same bytes on every run.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

FOLDER = Path(__file__).parent

STYLE = """
  .paper { fill: #ffffff } .box { fill: #eef4f9; stroke: #0072b2; stroke-width: 2 }
  .goal { fill: #fdf1ea; stroke: #d55e00; stroke-width: 2; stroke-dasharray: 6 4 }
  text { font: 18px system-ui, sans-serif; fill: #1a1a1a; text-anchor: middle }
  .small { font-size: 15px; fill: #4a4a4a }
  .arrow { stroke: #4a4a4a; stroke-width: 2.5; fill: none } .head { fill: #4a4a4a }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #16181c } .box { fill: #10283a; stroke: #56b4e9 }
    .goal { fill: #3a2416; stroke: #f08a4b }
    text { fill: #f2f2f2 } .small { fill: #c8c8c8 } .arrow { stroke: #c8c8c8 } .head { fill: #c8c8c8 }
  }
"""


def svg(width: int, height: int, title: str, description: str, *parts: str) -> str:
    """A whole SVG file; `title` and `description` are what a screen reader says."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img" aria-labelledby="title desc">',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="desc">{escape(description)}</desc>',
            f"<style>{STYLE}</style>",
            '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" '
            'markerHeight="7" orient="auto"><path class="head" d="M0 0L10 5L0 10z"/></marker></defs>',
            f'<rect class="paper" width="{width}" height="{height}" rx="8"/>',
            *parts,
            "</svg>\n",
        ]
    )


def text(x: float, y: float, words: str, kind: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" class="{kind}">{escape(words)}</text>'


def box(x: float, y: float, width: float, words: str, below: str = "", kind: str = "box") -> str:
    """A rounded box around the centre (x, y), with one or two lines of words."""
    lines = [text(x, y - 4, words), text(x, y + 19, below, "small")] if below else [text(x, y + 6, words)]
    rect = f'<rect class="{kind}" x="{x - width / 2:g}" y="{y - 32:g}" width="{width:g}" height="64" rx="10"/>'
    return rect + "".join(lines)


def arrow(*points: tuple[float, float]) -> str:
    path = "L".join(f"{x:g} {y:g}" for x, y in points)
    return f'<path class="arrow" marker-end="url(#head)" d="M{path}"/>'


def learning_loop() -> str:
    return svg(
        860,
        330,
        "The learning loop",
        "Inputs and parameters go into the model, which makes predictions: the forward pass. The loss "
        "compares the predictions with the desired outputs: the error. The backward pass turns the "
        "loss into one slope for each parameter. The update changes the parameters, and the loop repeats.",
        box(110, 70, 160, "inputs", "t_u"),
        box(350, 70, 180, "model", "w · t_u + b"),
        box(590, 70, 160, "predictions", "t_p"),
        box(590, 240, 160, "loss", "mean of (t_p − t_c)²"),
        box(780, 240, 130, "desired", "outputs t_c", "goal"),
        box(350, 240, 180, "gradient", "one slope a parameter"),
        box(110, 240, 160, "parameters", "w, b", "goal"),
        arrow((190, 70), (256, 70)),
        arrow((440, 70), (506, 70)),
        text(473, 44, "1 forward", "small"),
        arrow((590, 102), (590, 204)),
        text(640, 160, "2 error", "small"),
        arrow((715, 240), (674, 240)),
        arrow((510, 240), (444, 240)),
        text(475, 290, "3 backward", "small"),
        arrow((260, 240), (194, 240)),
        text(226, 290, "4 update", "small"),
        arrow((150, 208), (282, 104)),
        text(160, 160, "repeat", "small"),
    )


PICTURES: dict[str, Callable[[], str]] = {"learning_loop.svg": learning_loop}


def main(arguments: list[str]) -> int:
    stale = []
    for name, draw in PICTURES.items():
        path = FOLDER / name
        if "--check" not in arguments:
            path.write_text(draw(), encoding="utf-8", newline="\n")
        elif not path.is_file() or path.read_text(encoding="utf-8") != draw():
            stale.append(name)
    if stale:
        print("not what pics/draw.py draws:", *stale, "- run python pics/draw.py", file=sys.stderr)
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
