"""The one module that anywidget takes, joined from the ES modules and the style sheet in js/.

Each file in js/ is a real module that names what it needs; "./given.js" is the one that Python
writes, so that readings and limits stand in Python only. Names of one bundle share one room: two
modules that declare the same name are a syntax error in the browser.
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
    texts = [f"export const {name} = {plain(value)};\n" for name, value in given.items()]
    met = {"given.js"}

    def add(name: str) -> None:
        met.add(name)
        text = (JS / name).read_text(encoding="utf-8")
        for other in IMPORT.findall(text):  # what it needs comes first
            if other not in met:
                add(other)
        css = name.endswith(".css")
        texts.append(f"const STYLE = {plain(text)};\n" if css else IMPORT.sub("", text))

    add(entry)
    return "\n".join(texts)


def plain(value: Any) -> str:
    """A value as JavaScript reads it, and as it may stand in a page's script."""
    return json.dumps(value, ensure_ascii=False).replace("<", r"\u003c")
