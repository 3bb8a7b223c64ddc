"""The stored outputs of a lesson as HTML, and which instrument a cell shows."""

import ast
import re

from markupsafe import Markup
from nbformat import NotebookNode

from .render import Renderer, plain

INSTALLED = re.compile(r"File \S*(site-packages|python3)")  # a frame of somebody else's code
ACTIVE = re.compile(r"<(script|link|iframe|object|embed|style|base)\b|\s(src|on\w+)\s*=", re.I)
WIDGET = re.compile(r"<[A-Z]\w+: .+>\Z")  # canonical form keeps only a widget's text of facts
INSTRUMENTS = {  # they live in a page too, without a kernel; title, and what one does with it
    "BeTheOptimizer": ("Be the optimizer", "turn w and b, and look for the lowest loss"),
    "FiniteDifferenceStep": ("Finite-difference step", "how far apart to measure a slope"),
    "LearningRateExplorer": ("Learning-rate explorer", "what one number does to a training run"),
    "ForgottenZeroGrad": ("Forgotten zero_grad", "what gradients do that pile up"),
    "MinibatchNoise": ("Minibatch noise", "batches, schedules and the path they lead"),
    "SplitRoulette": ("Split roulette", "55 ways to set two readings aside"),
    "DegreeAndPenalty": ("Degree and penalty", "four cures for overfitting as four knobs"),
}


def samp(text: str) -> Markup:
    """Printed text. Columns too wide for a phone are not wrapped: there the reader can scroll."""
    text = plain(text)
    columns = [line for line in text.splitlines() if re.search(r"\S {2,}\S", line)]
    scroll = len(columns) > 1 and max(map(len, columns)) > 42
    wide = Markup(' class="wide" tabindex="0" role="group" aria-label="Output in columns"')
    return Markup("<pre{}><samp>{}</samp></pre>").format(wide if scroll else "", text)


def error_text(output: NotebookNode) -> str:
    """The traceback as a terminal shows it, but for what happened inside of installed packages."""
    lines = [plain(part) for part in output.traceback]
    inside = [line for line in lines if INSTALLED.match(line)]
    if inside:
        place = lines.index(inside[0])
        lines = [line for line in lines if line not in inside]
        lines.insert(
            place, f"... ({len(inside)} inside of installed packages, left out here) ...\n"
        )
    return "\n".join(lines) or f"{output.ename}: {output.evalue}"


def note(text: str) -> Markup:
    return Markup('<p class="note">{}</p>').format(text)


def instrument_call(source: str) -> tuple[str, list, dict] | None:
    """The instrument that a cell makes and shows: its class, and the arguments it is given.

    None where the cell makes none, or hands over what only a running kernel knows.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a line for IPython, such as %xmode
        return None
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id in INSTRUMENTS:
            try:
                values = [ast.literal_eval(value) for value in call.args]
                named = {k.arg: ast.literal_eval(k.value) for k in call.keywords}
            except ValueError:
                return None
            return call.func.id, values, named
    return None


def make(name: str, *values: object, **named: object) -> object:
    """An instrument of the class `name`; imports torch, so only where one is needed."""
    from .. import widgets

    return getattr(widgets, name)(*values, **named)


def output_html(output: NotebookNode, renderer: Renderer) -> Markup:
    """One stored output. Of the forms it is stored in, the first that a page can show."""
    if output.output_type == "stream":
        return samp(output.text)
    if output.output_type == "error":
        text = error_text(output)
        return Markup('<p class="label">Error</p><pre class="error"><samp>{}</samp></pre>').format(
            text
        )
    data = output.data
    if set(data) == {"text/plain"} and WIDGET.match(data["text/plain"]):
        return note("What stands here can be moved in JupyterLab; a page holds its picture only.")
    if "image/png" in data:
        return picture(data["image/png"], output.metadata.get("image/png", {}))
    if "text/markdown" in data:
        return renderer.markdown(data["text/markdown"])
    if "text/html" in data and not ACTIVE.search(data["text/html"]):
        return Markup(data["text/html"])
    return samp(data.get("text/plain", ""))


def picture(png: str, metadata: dict) -> Markup:
    """A figure at the size it was drawn for; one that is too wide for a phone scrolls there."""
    width = metadata.get("width", "")
    frame = ""
    if width and width > 720:
        frame = Markup(' class="wide" tabindex="0" role="group" aria-label="Wide figure"')
    html = '<figure{}><img alt="{}" width="{}" src="data:image/png;base64,{}"></figure>'
    return Markup(html).format(frame, metadata.get("alt", ""), width, "".join(png.split()))
