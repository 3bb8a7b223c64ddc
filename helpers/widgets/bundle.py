"""The one module that anywidget takes, joined from the ES modules and the style sheet in js/.

Each file in js/ is a real module that names what it needs; "./given.js" is the one that Python
writes, so that readings, limits and defaults stand in Python only. Names of one bundle share one
room: two modules that declare the same name are a syntax error in the browser.
"""

import json
import re
from pathlib import Path
from typing import Any

JS = Path(__file__).parent / "js"
IMPORT = re.compile(r'^import [^"]*?"\./([\w.-]+)";\n', re.MULTILINE)
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>%(title)s</title>
<link rel="icon" href="data:,">
<style>
:root { color-scheme: light dark }
body { margin: 0; background: #fff; color: #1b1b1b; font-family: system-ui, sans-serif }
main { max-width: 1180px; margin: auto; padding: 4px }
h1 { font-size: 18px; margin: 4px 6px }
@media (prefers-color-scheme: dark) { body { background: #161616; color: #eee } }
</style>
</head>
<body>
<main><h1>%(title)s</h1><div id="instrument"></div></main>
<script type="module">
%(script)s</script>
</body>
</html>
"""


def bundle(entry: str, **given: Any) -> str:
    """The text of one module: `entry` (a file in js/) and all it imports, each once, in order.

    `given` are the constants of "./given.js", anything that JSON can carry. A style sheet that is
    imported becomes a string. A file that is not there raises FileNotFoundError.
    """
    joined = {"given.js": "".join(f"export const {k} = {_text(v)};\n" for k, v in given.items())}

    def add(name: str) -> None:
        if name in joined:
            return
        text = (JS / name).read_text(encoding="utf-8")
        joined[name] = ""  # modules may import each other
        for other in IMPORT.findall(text):
            add(other)
        del joined[name]  # what it needs comes first
        joined[name] = f"const STYLE = {_text(text)};\n" if name.endswith(".css") else text

    add(entry)
    return "\n".join(IMPORT.sub("", text) for text in joined.values())


def script(module: str, place: str, *given: Any) -> str:
    """`module` and a call of its `standalone(element, ...given)`, to stand in a page's <script>.

    `place` is the id of the element that the instrument fills.
    """
    values = ", ".join(_text(value).replace("<", r"\u003c") for value in given)
    call = f'standalone(document.getElementById("{place}"), {values});'
    return module.replace("</script", r"<\/script") + f"\n{call}\n"


def page(title: str, module: str, *given: Any) -> str:
    """An instrument alone in an HTML page that holds all it needs, as `script` calls it."""
    return PAGE % {"title": title, "script": script(module, "instrument", *given)}


class InPages:
    """What every instrument can do without a kernel, from its `_esm` and what `_given` hands it."""

    TITLE = ""  # of its page; the name of the class if empty
    _esm: Any

    def _given(self) -> dict[str, Any]:
        """What `standalone` in its module takes beside the element, as JSON would give it back."""
        raise NotImplementedError

    def page(self, path: str | Path | None = None) -> str:
        """The instrument with these settings as one HTML page, also written to `path`.

        The page holds everything it needs: it opens from disk and asks nobody for anything.
        """
        text = page(self.TITLE or type(self).__name__, str(self._esm), self._given())
        if path is not None:
            Path(path).write_text(text, encoding="utf-8")
        return text

    def script(self, place: str, *, link: bool = True) -> str:
        """A module that puts the instrument into the element of a page whose id is `place`.

        With `link` the address of the page keeps the explorer's state, and `#hide=optimizer,sweep`
        hides parts of it; a page with other anchors wants none.
        """
        return script(str(self._esm), place, self._given(), link)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
