"""The pictures: drawn by their program, readable, self-contained, and used under their names.

Each rule is a function that yields one sentence for each departure, and is seen failing on a
broken copy. Widths of words are measured in DejaVu Sans, one of the widest fonts that a browser
takes for system-ui: what fits there fits elsewhere.
"""

import math
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import nbformat
import pytest
import torch
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath
from torch.optim import SGD

from helpers.losses import mse
from helpers.models import linear
from helpers.training import gradient_descent
from pics import draw, pieces

ROOT = Path(__file__).parents[2]
FILES = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "pics").glob("*.svg")}
PICTURE = r"!\[([^\]]*)\]\(\.\./pics/([^)\s]+)\)"  # as markdown shows it: text, file
SVG = "{http://www.w3.org/2000/svg}"
OTHER_PROCESSOR = {  # makes this machine compute like an older one
    "ATEN_CPU_CAPABILITY": "default",
    "NPY_DISABLE_CPU_FEATURES": "AVX512_ICL,X86_V4,X86_V3",
    "MKL_CBWR": "COMPATIBLE",
}


# --- the program ---------------------------------------------------------------------------------


def test_the_files_are_what_another_processor_would_draw(tmp_path):
    """Started from anywhere, as a program."""
    done = subprocess.run(
        [sys.executable, ROOT / "pics" / "draw.py", "--check"],
        cwd=tmp_path,
        env=os.environ | OTHER_PROCESSOR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_files_are_what_the_program_draws(capsys):
    assert draw.main(["--check"]) == 0, capsys.readouterr().err


def test_check_names_a_stale_file_and_writes_nothing(tmp_path, capsys):
    for name in FILES:
        shutil.copy(ROOT / "pics" / f"{name}.svg", tmp_path)
    changed = tmp_path / "accumulation.svg"
    good = changed.read_bytes()
    changed.write_bytes(good.replace(b"kept", b"lost"))
    bad = changed.read_bytes()

    assert draw.main(["--check"], tmp_path) == 1
    said = capsys.readouterr().err
    assert "accumulation.svg" in said and "broadcasting.svg" not in said
    assert changed.read_bytes() == bad != good

    assert draw.main([], tmp_path) == 0  # without --check the file is repaired
    said = capsys.readouterr()
    assert "accumulation.svg: written" in said.out and said.err == ""
    assert changed.read_bytes() == good


def test_check_in_one_process(tmp_path, capsys):
    assert draw.main([], tmp_path) == 0
    assert draw.main(["--check"], tmp_path) == 0
    (tmp_path / "accumulation.svg").unlink()
    (tmp_path / "forgotten.svg").write_text("")
    assert draw.main(["--check"], tmp_path) == 1
    assert "accumulation.svg forgotten.svg" in capsys.readouterr().err
    assert not (tmp_path / "accumulation.svg").exists()


def test_alt_prints_one_text_for_each_picture(capsys):
    assert draw.main(["--alt"]) == 0
    printed = capsys.readouterr().out
    assert set(draw.ALT) == set(FILES)
    for name, words in draw.ALT.items():
        assert f"{name}.svg: {words}\n" in printed
        assert len(re.findall(r"\.(?:\s|$)", words)) in (1, 2), f"{name}: one or two sentences"
    assert len(set(draw.ALT.values())) == len(draw.ALT)


def test_before_training_the_line_lies_above_all_points():
    assert (linear(draw.T_U, *draw.START) > draw.T_C + 20).all()


# --- reading a picture ---------------------------------------------------------------------------


def words(root: Element) -> list[Element]:
    return root.findall(f".//{SVG}text")


def rules(css: str) -> dict[str, dict[str, str]]:
    """Selector (without `.pic`) -> its declarations; a later rule adds to an earlier one."""
    found: dict[str, dict[str, str]] = {}
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        declarations = dict(re.findall(r"([\w-]+): ([^;]+?) *(?:;|$)", body.strip()))
        for selector in selectors.split(","):
            name = re.sub(r"^\.pic ?", "", selector.strip())
            found[name] = found.get(name, {}) | declarations
    return found


def schemes(root: Element) -> dict[str, dict[str, dict[str, str]]]:
    css = root.find(f"{SVG}style").text
    light, _, dark = css.partition("@media (prefers-color-scheme: dark) {")
    return {"light": rules(light), "dark": rules(light + dark.rstrip().removesuffix("}"))}


def look(element: Element, what: str, sheet: dict[str, dict[str, str]]) -> str | None:
    """The value of a property: that of the last class that sets it, else that of the tag."""
    selectors = [f".{kind}" for kind in reversed(element.get("class", "").split())]
    selectors.append(element.tag.removeprefix(SVG))
    values = (sheet.get(selector, {}).get(what) for selector in selectors)
    return next((value for value in values if value), None)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear_light = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(k * c for k, c in zip((0.2126, 0.7152, 0.0722), linear_light, strict=True))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 defines it, 1 to 21."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def font_size(element: Element, sheet: dict) -> float:
    declared = look(element, "font-size", sheet) or look(element, "font", sheet)
    return float(re.search(r"(\d+)px", declared).group(1))


@cache
def width(text: str, size: float, code: bool, strong: bool) -> float:
    family, weight = "DejaVu Sans Mono" if code else "DejaVu Sans", "bold" if strong else "normal"
    properties = FontProperties(family=family, weight=weight)
    return TextPath((0, 0), text, size=size, prop=properties).get_extents().width


Area = tuple[float, float, float, float]


def extent(element: Element, sheet: dict) -> Area:
    """Left, top, right and bottom of a line of words."""
    kinds, size = element.get("class", "").split(), font_size(element, sheet)
    wide = width(element.text, size, "code" in kinds, "strong" in kinds)
    x, y = float(element.get("x")), float(element.get("y"))
    left = x if "left" in kinds else x - wide if "right" in kinds else x - wide / 2
    return left, y - 0.75 * size, left + wide, y + 0.22 * size


def area(rect: Element) -> Area:
    x, y, width, height = (float(rect.get(k, 0)) for k in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def inside(inner: Area, outer: Area, margin: float = 0) -> bool:
    left, top, right, bottom = outer
    across = left + margin <= inner[0] and inner[2] <= right - margin
    return across and top + margin <= inner[1] and inner[3] <= bottom - margin


def apart(one: Area, other: Area) -> bool:
    """Whether two areas have nothing in common, with a little air between them sideways."""
    across = one[2] + 3 < other[0] or other[2] + 3 < one[0]
    return across or one[3] < other[1] or other[3] < one[1]


def behind(root: Element, element: Element, sheet: dict) -> Element:
    """The last rectangle drawn before a line of words that holds the words' middle."""
    left, top, right, bottom = extent(element, sheet)
    x, y = (left + right) / 2, (top + bottom) / 2
    found = None
    for other in root.iter():
        if other is element:
            break
        if other.tag == f"{SVG}rect" and inside((x, y, x, y), area(other)):
            found = other
    return found


# --- the rules -----------------------------------------------------------------------------------

RULES: list[Callable[[Element], Iterator[str]]] = []


def rule(check: Callable[[Element], Iterator[str]]) -> Callable[[Element], Iterator[str]]:
    RULES.append(check)
    return check


@rule
def says_what_it_shows(root: Element) -> Iterator[str]:
    parts = {part: root.find(f"{SVG}{part}") for part in ("title", "desc")}
    for name, part in parts.items():
        if part is None or not (part.text or "").strip():
            yield f"no {name}"
    ids = [part.get("id") for part in parts.values() if part is not None]
    if root.get("role") != "img" or root.get("aria-labelledby", "").split() != ids:
        yield "the title and desc are not the image's label"


@rule
def holds_everything_it_needs(root: Element) -> Iterator[str]:
    for element in root.iter():
        if element.tag.removeprefix(SVG) in {"script", "image", "use", "foreignObject", "a"}:
            yield f"<{element.tag}>"
        for name, value in element.attrib.items():
            if "href" in name or name.startswith("on") or "url(" in value or "//" in value:
                yield f"{name}={value!r}"
    css = root.find(f"{SVG}style").text
    if "@import" in css or "url(" in css or "@font-face" in css:
        yield "the style sheet loads something"


@rule
def style_stays_inside(root: Element) -> Iterator[str]:
    css = re.sub(r"@media[^{]+\{", "", root.find(f"{SVG}style").text)
    for selectors in re.findall(r"([^{}]+)\{", css):
        for selector in selectors.split(","):
            if not re.match(r"\s*\.pic\b", selector):
                yield f"{selector.strip()} would change the page around the picture"
    if root.get("class") != "pic":
        yield "the picture is not of the class pic"


@rule
def has_both_schemes(root: Element) -> Iterator[str]:
    sheets = schemes(root)
    coloured = [
        (name, what)
        for name, body in sheets["light"].items()
        for what, value in body.items()
        if value.startswith("#")
    ]
    css = root.find(f"{SVG}style").text
    dark = rules(css.partition("(prefers-color-scheme: dark) {")[2])
    for name, what in coloured:
        if not dark.get(name, {}).get(what, "").startswith("#"):
            yield f"{name} has no {what} for dark paper"
    paper = {scheme: sheet[".paper"]["fill"] for scheme, sheet in sheets.items()}
    if not luminance(paper["dark"]) < 0.05 < 0.9 < luminance(paper["light"]):
        yield f"the papers are {paper}"
    rects = root.findall(f".//{SVG}rect")
    whole = (0, 0, float(root.get("width")), float(root.get("height")))
    if rects[0].get("class") != "paper" or area(rects[0]) != whole:
        yield "the paper does not cover the picture"


@rule
def words_stand_out(root: Element) -> Iterator[str]:
    for scheme, sheet in schemes(root).items():
        for element in words(root):
            ink = look(element, "fill", sheet)
            ground = look(behind(root, element, sheet), "fill", sheet)
            if contrast(ink, ground) < 4.5:
                yield f"{element.text!r} {ink} on {ground} ({scheme}): {contrast(ink, ground):.2f}"


@rule
def shapes_stand_out(root: Element) -> Iterator[str]:
    for scheme, sheet in schemes(root).items():
        paper = sheet[".paper"]["fill"]
        for element in root.iter():
            kind = element.get("class", "")
            tag = element.tag.removeprefix(SVG)
            what = {"path": "stroke", "polygon": "fill", "circle": "fill", "rect": "stroke"}.get(
                tag
            )
            if what is None or kind in ("grid", "paper"):
                continue
            colour = look(element, what, sheet)
            if contrast(colour, paper) < 3:
                yield f"{kind} {colour} on {paper} ({scheme}): {contrast(colour, paper):.2f}"


@rule
def words_can_be_read_from_afar(root: Element) -> Iterator[str]:
    sheet = schemes(root)["light"]
    for element in words(root):
        size = font_size(element, sheet)
        if size * 860 / float(root.get("width")) < 16:
            yield f"{element.text!r} is {size} px high"


@rule
def words_have_room(root: Element) -> Iterator[str]:
    sheet = schemes(root)["light"]
    boxes = [(element.text, extent(element, sheet)) for element in words(root)]
    for element, (content, box) in zip(words(root), boxes, strict=True):
        own = behind(root, element, sheet)
        if own is None or not inside(box, area(own), margin=3):
            yield f"{content!r} leaves its box"
        for rect in root.iter(f"{SVG}rect"):
            if not (apart(box, area(rect)) or inside(box, area(rect))):
                yield f"{content!r} crosses the border of a box"
    for (one, a), (other, b) in combinations(boxes, 2):
        if not apart(a, b):
            yield f"{one!r} and {other!r} overlap"


@rule
def coordinates_are_rounded(root: Element) -> Iterator[str]:
    for element in root.iter():
        for name in ("x", "y", "cx", "cy", "width", "height", "d", "points"):
            if found := re.search(r"\d\.\d{2,}|\de", element.get(name, "")):
                yield f"{name} holds {found.group()!r}"


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("check", RULES, ids=lambda check: check.__name__)
def test_rule(check, name):
    assert not list(check(ElementTree.fromstring(FILES[name])))


BROKEN = [  # (rule, what is there, what replaces it), all in accumulation.svg
    ("says_what_it_shows", 'role="img"', ""),
    ("says_what_it_shows", 'id="accumulation-desc"', 'id="desc"'),
    ("says_what_it_shows", ">Gradients accumulate unless they are cleared<", "><"),
    ("holds_everything_it_needs", "<style>", "<script>alert(1)</script><style>"),
    ("holds_everything_it_needs", "<style>", "<style>@import 'a.css';"),
    ("holds_everything_it_needs", "<style>", '<image href="a.png"/><style>'),
    ("style_stays_inside", ".pic .small {", ".small {"),
    ("style_stays_inside", 'class="pic"', ""),
    ("has_both_schemes", "(prefers-color-scheme: dark)", "(prefers-color-scheme: none)"),
    ("has_both_schemes", "fill: #16181c", "fill: #f0f0f0"),
    ("has_both_schemes", '<rect class="paper" width="860"', '<rect class="paper" width="800"'),
    ("words_stand_out", "fill: #4a4a4a", "fill: #8a8a8a"),
    ("words_stand_out", "fill: #c8c8c8", "fill: #5a5a5a"),
    ("shapes_stand_out", "stroke: #0072b2", "stroke: #56b4e9"),
    ("words_can_be_read_from_afar", "font-size: 16px", "font-size: 13px"),
    ("words_have_room", ">kept<", ">kept, and added to all that comes later, again and again<"),
    ("words_have_room", ">epoch 1 adds<", f">{'epoch ' * 9}adds<"),
    ("coordinates_are_rounded", 'points="', 'points="1.2345,'),
]


@pytest.mark.parametrize(("name", "old", "new"), BROKEN)
def test_rule_fails_on_a_broken_copy(name, old, new):
    assert old in FILES["accumulation"]
    check = {check.__name__: check for check in RULES}[name]
    assert list(check(ElementTree.fromstring(FILES["accumulation"].replace(old, new))))


def test_every_rule_is_seen_failing():
    assert {name for name, _, _ in BROKEN} == {check.__name__ for check in RULES}


# --- what the pictures say -----------------------------------------------------------------------

SAYS = {
    "learning_loop": ["data", "1 forward pass", "2 error", "3 backward pass", "4 update"],
    "forward_backward": ["1763.8845", "4517.2964", "82.6", "35.2", "1239.04", "0.0909", "228.48"],
    "two_graphs": ["90.3475", "35.4401", "−84.7083", "−11.2222", "9 readings", "2 readings"],
    "training_loops": ["loss.backward()", "optimizer.zero_grad()", "optimizer.step()"],
    "accumulation": ["−77.614", "−10.64", "−108.4763", "−13.0264", "−30.8623"],
    "broadcasting": ["()", "(3, 1)", "(1, 3)", "(2, 1, 1)", "(3, 3)", "(2, 3, 3)", "(11, 11)"],
}


@pytest.mark.parametrize("name", FILES)
def test_the_numbers_are_there(name):
    seen = "\n".join(element.text for element in words(ElementTree.fromstring(FILES[name])))
    for number in SAYS[name]:
        assert re.search(rf"(?<![\d.]){re.escape(number)}(?![\d.]*\d)", seen), number


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("forward_backward", ["1763.8845", "4517.2964", "82.6"]),
        ("two_graphs", ["90.3475", "35.4401"]),
        ("accumulation", ["−108.4763", "−30.8623"]),
    ],
)
def test_the_alternative_text_holds_the_numbers(name, numbers):
    assert ElementTree.fromstring(FILES[name]).find(f"{SVG}desc").text == draw.ALT[name]
    assert all(number in draw.ALT[name] for number in numbers)


def test_the_two_training_loops_do_the_same(readings, start):
    t_u, t_c = 0.1 * readings[0], readings[1]
    by_hand = draw.LOOP_BY_HAND
    with_optimizer = [(0, draw.MAKE_OPTIMIZER), *draw.LOOP_WITH_OPTIMIZER]
    _, path = gradient_descent(t_u, t_c, start, 1e-2, 50)
    for loop in (by_hand, with_optimizer):
        params = start.clone().requires_grad_()
        names = {"torch": torch, "SGD": SGD, "linear": linear, "mse": mse}
        names |= {"params": params, "t_u": t_u, "t_c": t_c, "lr": 1e-2, "n_epochs": 50}
        exec("\n".join(" " * 4 * indent + line for indent, line in loop), names)
        assert torch.allclose(params, path[-1], rtol=1e-12)
        shown = [element.text for element in words(ElementTree.fromstring(FILES["training_loops"]))]
        assert all(line in shown for _, line in loop)


def test_numbers_for_readers():
    assert [draw.number(x) for x in (82.6000, -0.00001, 100, -3.5)] == ["82.6", "0", "100", "−3.5"]
    assert draw.number(torch.tensor(1763.88446, dtype=torch.float64)) == "1763.8845"
    assert [pieces.at(x) for x in (-0.01, 12.34, 5)] == ["0", "12.3", "5"]
    assert math.isclose(contrast("#ffffff", "#000000"), 21)


# --- where the pictures are used -----------------------------------------------------------------


def test_ids_are_unique_when_all_pictures_are_in_one_page():
    ids = Counter(re.findall(r'\bid="([^"]+)"', "".join(FILES.values())))
    assert len(ids) == 2 * len(FILES)
    assert max(ids.values()) == 1


def test_notebooks_show_only_pictures_that_exist():
    shown = set()
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                shown |= {(path.name, *found) for found in re.findall(PICTURE, cell.source)}
    assert shown
    for notebook, alt, name in shown:
        assert (ROOT / "pics" / name).is_file(), f"{notebook} shows {name}"
        assert alt.strip(), f"{notebook} shows {name} without an alternative text"
