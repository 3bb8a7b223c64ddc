"""The canonical form of a notebook: what it is, how to reach it, and what departs from it.

Two runs of `regenerate.py` on one machine give the same bytes, because everything that says when,
where or by whom a notebook was saved is left out. Each rule below is a function that yields one
sentence for each departure; `test_notebooks.py` shows every one of them failing on a broken copy.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
TAGS = {"raises-exception", "nbval-ignore-output"}
# Where the project can be fetched from: the one place that knows. The owner's to set.
HOME = "https://github.com/OWNER/mechanics-of-learning"
# The first code cell of every lesson: on Colab, one notebook comes without the rest.
FIRST_CELL = f"""\
import sys

sys.path.insert(0, "..")  # helpers/ lies next to notebooks/
try:
    from helpers import plots
except ModuleNotFoundError:
    raise ImportError(
        "helpers/ is missing: get the whole repository, not one notebook. On Colab, run first:\\n"
        "![ -d series ] || git clone --depth 1 {HOME} series\\n"
        "%cd series/notebooks"
    ) from None"""
FOLDED = "jp-MarkdownHeadingCollapsed"  # JupyterLab folds what stands below such a heading
KEPT = {"tags", "nbgrader", "jupyter", FOLDED}  # of the metadata of a cell
HIDDEN = {"source_hidden": True}  # all that "jupyter" may say: this cell only draws
COLOUR = re.compile(r"\x1b\[[\d;]*m")  # what sets it in a terminal
ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
ABSOLUTE_PATH = re.compile(r"(?<![\w.:/])(?:/[\w.@+-]+){2,}|\b[A-Z]:\\\w+")
INSTALLED = re.compile(  # a colour may stand right before the path, and stays
    r"(\x1b\[[\d;]*m)?[^\s\x1b\"'(]*[/\\]((?:site-packages|helpers|python3\.\d+)[/\\])"
)

RULES: list[Callable[[NotebookNode], Iterator[str]]] = []


def rule(check: Callable[[NotebookNode], Iterator[str]]) -> Callable[[NotebookNode], Iterator[str]]:
    RULES.append(check)
    return check


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def write(nb: NotebookNode) -> str:
    """The text of the file, byte for byte."""
    return nbformat.writes(nb).rstrip("\n") + "\n"


def complaints(nb: NotebookNode) -> list[str]:
    """Every departure from the canonical form, in words."""
    return [sentence for check in RULES for sentence in check(nb)]


def canonical(nb: NotebookNode) -> NotebookNode:
    """Strip in place what depends on the machine or the editor, keep what the reader sees."""
    nb.metadata = nbformat.from_dict(METADATA)
    nb.nbformat, nb.nbformat_minor = 4, 5
    if first := [cell for cell in code_cells(nb) if "helpers/ is missing" in cell.source]:
        first[0].source = FIRST_CELL
    for count, cell in enumerate(code_cells(nb), 1):
        cell.execution_count = count
        for output in cell.outputs:
            # A view's id is random and its widget gone: what stays is the widget's text of facts.
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
            if "execution_count" in output:
                output.execution_count = count
            if (
                "traceback" in output
            ):  # keep the frames, not the folder that this machine has them in
                output.traceback = [INSTALLED.sub(r"\1\2", line) for line in output.traceback]
    for cell in nb.cells:
        if not cell.metadata.get("jupyter", {}).get("source_hidden"):
            cell.metadata.pop("jupyter", None)  # an output folded by hand, say
        else:
            cell.metadata["jupyter"] = nbformat.from_dict(HIDDEN)
        cell.metadata = nbformat.from_dict(
            {k: v for k, v in cell.metadata.items() if k in KEPT and v}
        )
        cell.pop("attachments", None)
    return nb


def code_cells(nb: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in nb.cells if cell.cell_type == "code"]


def is_hidden(cell: NotebookNode) -> bool:
    """Does JupyterLab fold the source of this cell? Cells that only draw are folded."""
    return bool(cell.metadata.get("jupyter", {}).get("source_hidden"))


def python(cell: NotebookNode) -> str:
    """The source of a code cell without IPython's own commands, such as %xmode."""
    return "\n".join(line for line in cell.source.splitlines() if not line.startswith("%"))


def is_compared(cell: NotebookNode) -> bool:
    """Does nbval compare the outputs of this code cell?"""
    return "nbval-ignore-output" not in cell.metadata.get("tags", ())


def outputs(nb: NotebookNode) -> Iterator[tuple[int, NotebookNode, NotebookNode]]:
    """Every stored output as (number of its code cell, cell, output)."""
    for number, cell in enumerate(code_cells(nb), 1):
        for output in cell.outputs:
            yield number, cell, output


def texts(output: NotebookNode) -> str:
    """What an output says in words: its stream, its plain text, its error with the traceback."""
    plain = output.get("data", {}).get("text/plain", "")
    error = "\n".join([output.get("evalue", ""), *output.get("traceback", [])])
    return "\n".join([output.get("text", ""), plain, error])


def outline_faults(levels: list[int]) -> Iterator[str]:
    """What is wrong with the heading levels of a notebook or a page."""
    if levels.count(1) != 1 or levels[0] != 1:
        yield "there must be one first-level heading, at the top"
    if any(after - before > 1 for before, after in itertools.pairwise(levels)):
        yield f"the heading levels {levels} skip a level"


@rule
def metadata_is_minimal(nb: NotebookNode) -> Iterator[str]:
    if nb.metadata != METADATA or (nb.nbformat, nb.nbformat_minor) != (4, 5):
        yield f"the notebook metadata must be exactly {METADATA} in format 4.5"


@rule
def cells_keep_only_known_tags(nb: NotebookNode) -> Iterator[str]:
    for number, cell in enumerate(nb.cells, 1):
        if set(cell.metadata) - KEPT or set(cell.metadata.get("tags", ())) - TAGS:
            yield f"cell {number} has metadata {dict(cell.metadata)}: only tags of {sorted(TAGS)}"
        if "attachments" in cell:
            yield f"cell {number} has an attachment: pictures belong into pics/"


@rule
def cells_ran_once_in_order(nb: NotebookNode) -> Iterator[str]:
    counts = [cell.execution_count for cell in code_cells(nb)]
    if counts != list(range(1, len(counts) + 1)):
        yield f"the execution counts are {counts}: a cell that was not run would not be compared"


@rule
def errors_are_on_purpose(nb: NotebookNode) -> Iterator[str]:
    for number, cell in enumerate(code_cells(nb), 1):
        raised = any(output.output_type == "error" for output in cell.outputs)
        if raised != ("raises-exception" in cell.metadata.get("tags", ())):
            does = "raises" if raised else "does not raise"
            yield f"code cell {number} {does}, but its tags say otherwise"


@rule
def nothing_on_stderr(nb: NotebookNode) -> Iterator[str]:
    for number, _, output in outputs(nb):
        if output.get("name") == "stderr":
            yield f"code cell {number} writes to stderr: {output.text.splitlines()[0]}"


@rule
def streams_are_whole(nb: NotebookNode) -> Iterator[str]:
    for number, cell in enumerate(code_cells(nb), 1):
        if sum(output.output_type == "stream" for output in cell.outputs) > 1:
            # A figure between two prints splits the stream: which text belongs to which picture?
            yield f"code cell {number} stores its printed text in pieces: print before the figure"


@rule
def no_trace_of_this_machine(nb: NotebookNode) -> Iterator[str]:
    for number, _, output in outputs(nb):
        for pattern in (ADDRESS, ABSOLUTE_PATH):
            if found := pattern.search(texts(output)):
                yield f"code cell {number} shows {found.group()!r}: no addresses, no absolute paths"


@rule
def tracebacks_show_helpers_as_they_are(nb: NotebookNode) -> Iterator[str]:
    """nbval compares only the name and the message of an error."""
    for number, _, output in outputs(nb):
        for frame in (COLOUR.sub("", part) for part in output.get("traceback", ())):
            if place := re.match(r"File (helpers/[\w/]+\.py):(\d+)", frame):
                source = (NOTEBOOKS.parent / place[1]).read_text(encoding="utf-8")
                now = dict(enumerate(map(str.strip, source.splitlines()), 1)).get(int(place[2]))
                shown = re.search(r"^-+> \d+ +(.*)$", frame, flags=re.MULTILINE)
                if not shown or shown[1].strip() != now:
                    yield f"code cell {number} shows another {place[1]}:{place[2]} than there is"


@rule
def no_widget_state(nb: NotebookNode) -> Iterator[str]:
    if "widgets" in nb.metadata:
        yield "metadata.widgets is stored: widget state is large and goes stale"


@rule
def at_most_four_decimals(nb: NotebookNode) -> Iterator[str]:
    for number, _, output in outputs(nb):
        if output.output_type == "error" or "image/png" in output.get("data", {}):
            continue  # a figure tells its numbers to four significant digits
        if found := re.search(r"\d\.\d{5,}", texts(output)):
            yield f"code cell {number} prints {found.group()}: the last digits are the processor's"


@rule
def figures_say_what_they_show(nb: NotebookNode) -> Iterator[str]:
    seen: set[str] = set()
    for number, _, output in outputs(nb):
        if "image/png" in output.get("data", {}):
            alt = output.metadata.get("image/png", {}).get("alt", "")
            if len(alt) < 60 or alt != output.data.get("text/plain"):
                yield f"the figure of code cell {number} has no alternative text: use plots.show"
            if re.search(r"\b(nan|inf)\b", alt):
                yield f"the figure of code cell {number} says nan or inf instead of a number"
            if alt in seen:
                yield f"the figure of code cell {number} repeats the alternative text of another"
            seen.add(alt)


@rule
def pictures_say_what_they_show(nb: NotebookNode) -> Iterator[str]:
    for number, cell in enumerate(nb.cells, 1):
        if cell.cell_type == "markdown":
            for alt in re.findall(r"!\[([^\]]*)\]\(", cell.source):
                if len(alt) < 40:
                    yield f"the picture in cell {number} needs a text that says what it shows"


@rule
def headings_form_an_outline(nb: NotebookNode) -> Iterator[str]:
    markdown = (cell.source for cell in nb.cells if cell.cell_type == "markdown")
    prose = re.sub(r"```.*?```", "", "\n\n".join(markdown), flags=re.DOTALL)
    yield from outline_faults([len(h) for h in re.findall(r"^(#+) ", prose, flags=re.MULTILINE)])


@rule
def cells_are_short(nb: NotebookNode) -> Iterator[str]:
    for number, cell in enumerate(code_cells(nb), 1):
        lines = [line for line in cell.source.splitlines() if line.strip()]
        if not lines or (len(lines) > 12 and not is_hidden(cell)):
            yield f"code cell {number} has {len(lines)} lines: one idea a cell, 1 to 12 lines"


@rule
def folded_cells_name_their_picture(nb: NotebookNode) -> Iterator[str]:
    """JupyterLab shows the first line of a folded cell, and three dots."""
    for number, cell in enumerate(code_cells(nb), 1):
        if is_hidden(cell) and not re.match(r"# \S.{8}", cell.source):
            yield f"code cell {number} is folded: its first line must be a comment that names it"


@rule
def the_deeper_part_is_folded(nb: NotebookNode) -> Iterator[str]:
    for number, cell in enumerate(nb.cells, 1):
        deeper = cell.cell_type == "markdown" and re.match(r"## Going deeper", cell.source)
        if bool(deeper) != bool(cell.metadata.get(FOLDED)):
            yield f"cell {number}: 'Going deeper' and only that carries {FOLDED}: true"
