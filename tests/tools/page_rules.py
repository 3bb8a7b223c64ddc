"""What must hold for each page of the site. A rule yields one sentence for each departure."""

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import bs4
import canonical

from helpers import exercises

VOID = {"meta", "link", "img", "br", "hr", "input"}
SOLUTIONS = {name: exercise.source for name, exercise in exercises.ALL.items()}
LIVE = ('class="screen" id=', 'id="instrument"', 'id="search"')  # what a script is allowed for


class Page:
    """A page as its reader gets it; the bytes of its pictures are left out, they say nothing."""

    def __init__(self, path: Path, html: str | None = None) -> None:
        html = path.read_text(encoding="utf-8") if html is None else html
        self.path = path
        self.html = re.sub(r"(;base64,\w)[\w+/=]+", r"\1", html)
        self.soup = bs4.BeautifulSoup(self.html, "html.parser")
        self.style = self.soup.style.string
        self.ids = Counter(tag["id"] for tag in self.soup.find_all(id=True))

    def prose(self) -> str:
        """What is written outside of code, printed output and styles."""
        skip = {"code", "samp", "style", "script"}
        words = (
            s for s in self.soup.find_all(string=True) if not skip & {p.name for p in s.parents}
        )
        return " ".join(words)


@cache
def read(path: Path) -> Page:
    return Page(path)


RULES: list[Callable[[Page], Iterator[str]]] = []


def rule(check: Callable[[Page], Iterator[str]]) -> Callable[[Page], Iterator[str]]:
    RULES.append(check)
    return check


@rule
def nothing_is_fetched(page: Page) -> Iterator[str]:
    for tag in page.soup.find_all(True):
        for name in ("src", "srcset", "data", "poster", "action", "href", "xlink:href"):
            value = tag.get(name)
            if value and tag.name != "a" and not value.startswith(("data:", "#")):
                yield f"<{tag.name} {name}={value!r}> would be fetched"
    if re.search(r"url\(|@import|@font-face", page.style):
        yield "the style refers to something outside"
    policy = page.soup.find("meta", {"http-equiv": "Content-Security-Policy"})
    if policy is None or "default-src 'none'" not in policy["content"]:
        yield "the page does not forbid its browser to fetch"


@rule
def scripts_only_where_something_moves(page: Page) -> Iterator[str]:
    handlers = [name for tag in page.soup.find_all(True) for name in tag.attrs if name[:2] == "on"]
    if handlers or 'href="javascript:' in page.html or page.soup.iframe:
        yield "the page holds a script in an attribute, or a frame"
    wanted = any(mark in page.html for mark in LIVE)
    if bool(page.soup.script) != wanted or ("script-src" in page.html) != wanted:
        yield "a script and the permission for it belong to an instrument or the search, only there"


@rule
def links_lead_somewhere(page: Page) -> Iterator[str]:
    for link in page.soup.find_all("a"):
        target, _, anchor = link.get("href", "").partition("#")
        if target.startswith(("https://", "mailto:")):
            continue
        other = page.path.with_name(target) if target else page.path
        if not other.is_file() or not (target or anchor):
            yield f"the link {link.get('href')!r} leads nowhere"
        elif anchor and anchor not in (read(other) if target else page).ids:
            yield f"there is no #{anchor} in {other.name}"
        if not link.get_text(strip=True):
            yield f"the link {link.get('href')!r} has no words"


@rule
def pictures_have_words(page: Page) -> Iterator[str]:
    words = [img.get("alt", "") for img in page.soup.find_all("img")]
    words += [svg.get("aria-label", "") for svg in page.soup.find_all("svg")]
    yield from (f"{alt!r} does not say what a picture shows" for alt in words if len(alt) < 40)
    yield from (f"two pictures share {alt!r}" for alt, n in Counter(words).items() if n > 1)


@rule
def formulas_are_mathml(page: Page) -> Iterator[str]:
    if left := re.search(r".{0,30}(\$|\\[a-z]).{0,30}", page.prose()):
        yield f"TeX is left over: {left.group()}"
    for math in page.soup.find_all("math"):
        if not math.get_text(strip=True):
            yield "a formula is empty"


@rule
def headings_form_an_outline(page: Page) -> Iterator[str]:
    headings = page.soup.find_all(re.compile(r"^h[1-6]$"))
    yield from canonical.outline_faults([int(tag.name[1]) for tag in headings])


@rule
def landmarks_and_language(page: Page) -> Iterator[str]:
    soup = page.soup
    if not page.html.startswith("<!DOCTYPE html>") or soup.html.get("lang") != "en":
        yield "document type or language is missing"
    if soup.title.string.strip() != soup.h1.get_text():
        yield "the title of the page is not its heading"
    first = soup.body.find(True)
    if len(soup.find_all("main")) != 1 or first.get("href") != f"#{soup.main.get('id')}":
        yield "there must be one <main>, and a link that skips to it"


@rule
def ids_are_unique(page: Page) -> Iterator[str]:
    yield from (f"id {name!r} occurs {n} times" for name, n in page.ids.items() if n > 1)


@rule
def tags_are_nested(page: Page) -> Iterator[str]:
    """Browsers repair what is not; each in its own way."""
    found, open_tags = [], []

    class Nesting(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            blocks = {"p", "div", "ul", "ol", "pre", "figure", "details", "table", "h2", "h3"}
            if tag in blocks and "p" in open_tags:
                found.append(f"<{tag}> inside <p>, line {self.getpos()[0]}")
            if tag not in VOID:
                open_tags.append(tag)

        def handle_startendtag(self, tag: str, attrs: object) -> None:
            pass

        def handle_endtag(self, tag: str) -> None:
            if not open_tags or open_tags.pop() != tag:
                found.append(f"</{tag}> closes something else, line {self.getpos()[0]}")

    Nesting(convert_charrefs=True).feed(page.html)
    yield from found[:3]
    if open_tags:
        yield f"never closed: {open_tags}"


@rule
def tables_have_header_cells(page: Page) -> Iterator[str]:
    for table in page.soup.find_all("table"):
        if not all(cell.get_text(strip=True) for cell in table.find_all("th")) or not table.th:
            yield "a table without header cells, or with an empty one"


@rule
def answers_can_be_unfolded(page: Page) -> Iterator[str]:
    for answer in page.soup.find_all("details"):
        if answer.find(True).name != "summary" or not answer.summary.get_text(strip=True):
            yield "<details> without a <summary>"


@rule
def text_is_plain(page: Page) -> Iterator[str]:
    if "\x1b" in page.html:
        yield "control sequences for a terminal are left over"
    if re.search(r"<[A-Z]\w+: ", page.soup.get_text()) or "FigureWidget" in page.prose():
        yield "a widget shows its name instead of itself"


@rule
def no_solutions(page: Page) -> Iterator[str]:
    text = page.soup.get_text()
    yield from (f"the solution of {name}" for name, source in SOLUTIONS.items() if source in text)
    if any(s.get_text().strip().startswith("Solution") for s in page.soup.find_all("summary")):
        yield "a folded solution"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (#rrggbb), as WCAG 2 defines it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def schemes(style: str) -> list[dict[str, str]]:
    """The colours of the light and of the dark scheme, by name."""
    roots = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): (#\w{6});", root)) for root in roots]


@rule
def colours_are_readable(page: Page) -> Iterator[str]:
    light, dark = schemes(page.style)
    if set(light) != set(dark):
        yield f"only one scheme has {set(light) ^ set(dark)}"
    for scheme in (light, dark):
        for ink, paper in itertools.product(scheme, scheme):
            needed = 4.5 if ink.startswith("ink") else 3.0 if ink == "line" else 0
            if paper.startswith("paper") and contrast(scheme[ink], scheme[paper]) < needed:
                yield f"--{ink} on --{paper}: {contrast(scheme[ink], scheme[paper]):.2f}"
    rules = re.sub(r":root \{.*?\}", "", page.style, flags=re.DOTALL)
    for what, value in re.findall(
        r"(?<![\w-])(color|background|border\w*|outline): ([^;}]+)", rules
    ):
        allowed = {"color": "ink", "background": "paper"}.get(what, "(line|ink)")
        if re.search(rf"#|rgb|var\((?!--{allowed})", value):
            yield f"{what}: {value} is none of the colours whose contrast is known"
