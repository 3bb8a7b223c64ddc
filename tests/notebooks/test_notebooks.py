"""The stored notebooks: their canonical form, their outline, their links. nbval runs them.

Each rule of `canonical.py` is seen failing on a broken copy: a check that cannot fail is none.
"""

import copy
import re

import canonical
import nbformat
import nbgrader_source
import pytest
import regenerate

PATHS = sorted(canonical.NOTEBOOKS.glob("*.ipynb"))
NAMES = [path.name for path in PATHS]


@pytest.fixture(scope="module", params=PATHS, ids=NAMES)
def path(request):
    return request.param


def markdown(nb):
    return "\n\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")


def test_canonical_form(path):
    nb = canonical.read(path)
    sentences = canonical.complaints(nb)
    expected = nbgrader_source.add_nbgrader_metadata(canonical.canonical(copy.deepcopy(nb)))
    if path.read_text(encoding="utf-8") != canonical.write(expected):
        sentences.append("the file is not what the regeneration command writes")
    command = f"python tests/tools/regenerate.py notebooks/{path.name}"
    assert not sentences, "\n".join([*sentences, f"Run: {command}"])


def test_the_parts_every_notebook_has(path):
    text = markdown(canonical.read(path))
    number = path.name[:2]
    assert text.startswith(f"# {number} ")
    for part in ("**You will be able to**", "**You need**", "**Time**", "## Set-up", "## Summary"):
        assert part in text, f"{part} is missing"
    assert re.search(r"\*\*Time\*\* core \d+, exercises \d+(, project \d+)?, deeper \d+ min", text)
    assert text.count("**Predict.**") >= 4
    assert text.count("<details>") == text.count("</details>") == text.count("<summary>")


def test_previous_and_next_form_a_chain(path):
    nb = canonical.read(path)
    place = NAMES.index(path.name)
    for cell in (nb.cells[0], nb.cells[-1]):
        for word, other in (("Previous", place - 1), ("Next", place + 1)):
            linked = re.findall(rf"{word}: \[[^\]]+\]\(([^)]+)\)", cell.source)
            assert linked == ([NAMES[other]] if 0 <= other < len(NAMES) else [])


def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", markdown(canonical.read(path))):
        if not target.startswith(("https://", "mailto:")):
            assert (path.parent / target).exists(), target


def test_ids_are_unique(path):
    ids = [cell.id for cell in canonical.read(path).cells]
    assert len(set(ids)) == len(ids)


# One broken copy for each rule.


def first_code(nb):
    return canonical.code_cells(nb)[0]


def first_figure(nb):
    return next(o for _, _, o in canonical.outputs(nb) if "image/png" in o.get("data", {}))


def first_error(nb):
    return next(c for c, o in ((c, o) for _, c, o in canonical.outputs(nb)) if "ename" in o)


def stream(text, name="stdout"):
    return nbformat.v4.new_output("stream", name=name, text=text)


def stale_helper_frame(nb):
    """As if a line had been added to helpers since the error was stored."""
    frame = "File helpers/losses.py:1, in mse\n----> 1 return old_line"
    first_error(nb).outputs[0]["traceback"] = [frame]


def not_a_number(nb):
    figure, text = (
        first_figure(nb),
        "The loss after each epoch, from 1763.9 down to nan (lowest value).",
    )
    figure.data["text/plain"] = figure.metadata["image/png"]["alt"] = text


def same_alt(nb):
    figures = [o for _, _, o in canonical.outputs(nb) if "image/png" in o.get("data", {})]
    figures[1].metadata = copy.deepcopy(figures[0].metadata)
    figures[1].data["text/plain"] = figures[0].data["text/plain"]


FOLDED = nbformat.from_dict({"jupyter": {"source_hidden": True}})


def add_markdown(nb, source):
    nb.cells.append(nbformat.v4.new_markdown_cell(source))


BROKEN = [
    ("metadata_is_minimal", lambda nb: nb.metadata.language_info.update(version="3.11")),
    ("metadata_is_minimal", lambda nb: nb.metadata.kernelspec.update(name="my-env")),
    ("cells_keep_only_known_tags", lambda nb: nb.cells[3].metadata.update(collapsed=True)),
    ("cells_keep_only_known_tags", lambda nb: nb.cells[3].metadata.update(tags=["nbval-skip"])),
    ("cells_keep_only_known_tags", lambda nb: nb.cells[0].update(attachments={"a.png": {}})),
    ("cells_ran_once_in_order", lambda nb: first_code(nb).update(execution_count=None)),
    ("cells_ran_once_in_order", lambda nb: first_code(nb).update(execution_count=7)),
    ("errors_are_on_purpose", lambda nb: first_error(nb).metadata.pop("tags")),
    ("errors_are_on_purpose", lambda nb: first_error(nb).update(outputs=[])),
    ("nothing_on_stderr", lambda nb: first_code(nb).outputs.append(stream("Warning", "stderr"))),
    ("streams_are_whole", lambda nb: first_code(nb).outputs.extend([stream("a"), stream("b")])),
    (
        "no_trace_of_this_machine",
        lambda nb: first_code(nb).outputs.append(stream("at 0x7f12ab34")),
    ),
    (
        "no_trace_of_this_machine",
        lambda nb: first_code(nb).outputs.append(stream("in /home/ada/nb")),
    ),
    ("no_trace_of_this_machine", lambda nb: first_code(nb).outputs.append(stream(r"C:\Users\ada"))),
    ("tracebacks_show_helpers_as_they_are", stale_helper_frame),
    ("no_widget_state", lambda nb: nb.metadata.update(widgets={})),
    ("at_most_four_decimals", lambda nb: first_code(nb).outputs.append(stream("loss 2.92764"))),
    ("figures_say_what_they_show", lambda nb: first_figure(nb).update(metadata={})),
    ("figures_say_what_they_show", lambda nb: first_figure(nb).data.update({"text/plain": "<F>"})),
    ("figures_say_what_they_show", same_alt),
    ("figures_say_what_they_show", not_a_number),
    ("pictures_say_what_they_show", lambda nb: add_markdown(nb, "![loop](../pics/a.svg)")),
    ("headings_form_an_outline", lambda nb: add_markdown(nb, "# Another title")),
    ("headings_form_an_outline", lambda nb: add_markdown(nb, "##### Too deep")),
    ("cells_are_short", lambda nb: first_code(nb).update(source="x = 1\n" * 13)),
    ("cells_are_short", lambda nb: first_code(nb).update(source="\n")),
    ("folded_cells_name_their_picture", lambda nb: first_code(nb).metadata.update(FOLDED)),
    ("the_deeper_part_is_folded", lambda nb: add_markdown(nb, "## Going deeper")),
]


@pytest.mark.parametrize(
    "name, spoil", BROKEN, ids=[f"{i}-{name}" for i, (name, _) in enumerate(BROKEN)]
)
def test_a_broken_copy_is_found(name, spoil):
    [path] = canonical.NOTEBOOKS.glob("04_*.ipynb")  # it holds figures, answers and errors
    nb = canonical.read(path)
    spoil(nb)
    [check] = [check for check in canonical.RULES if check.__name__ == name]
    assert list(check(nb)), f"{name} did not notice"


def test_every_rule_has_a_broken_copy():
    assert {check.__name__ for check in canonical.RULES} == {name for name, _ in BROKEN}


TIME = "import time\nprint(f'{time.time_ns()} ns')"  # another number in each run


@pytest.fixture
def saved_from_jupyterlab(tmp_path):
    """A small notebook as an editor leaves it: out of order, with traces of the machine."""
    nb = nbformat.v4.new_notebook()
    nb.metadata = nbformat.from_dict(
        {"kernelspec": {"name": "python3", "display_name": "mine"}, "widgets": {}, "toc": True}
    )
    sources = ["print(1)", "print(2)\nprint(3)", "import json\njson.loads('x')", "6 * 7", TIME]
    for count, source in zip([3, None, 8, 2, 5], sources, strict=True):
        cell = nbformat.v4.new_code_cell(source, execution_count=count)
        cell.metadata = nbformat.from_dict({"execution": {"iopub.status.idle": "2026"}, "tags": []})
        nb.cells.append(cell)
    nb.cells[2].metadata.tags = ["raises-exception"]
    nb.cells[4].metadata.tags = ["nbval-ignore-output"]
    nb.cells.insert(0, nbformat.v4.new_markdown_cell("# Title"))
    path = tmp_path / "saved.ipynb"
    nbformat.write(nb, path)
    return path


def test_regeneration_brings_it_back(saved_from_jupyterlab):
    assert canonical.complaints(canonical.read(saved_from_jupyterlab))
    assert regenerate.run(saved_from_jupyterlab) == []
    first = saved_from_jupyterlab.read_bytes()
    assert regenerate.run(saved_from_jupyterlab) == []
    assert saved_from_jupyterlab.read_bytes() == first
    nb = canonical.read(saved_from_jupyterlab)
    assert [cell.outputs[0].get("text") for cell in canonical.code_cells(nb)[:2]] == [
        "1\n",
        "2\n3\n",
    ]
    assert canonical.code_cells(nb)[2].outputs[0].ename == "JSONDecodeError"
    assert canonical.code_cells(nb)[3].outputs[0].data["text/plain"] == "42"


def test_regeneration_keeps_a_time_but_not_its_old_words(saved_from_jupyterlab):
    regenerate.run(saved_from_jupyterlab)
    nb = canonical.read(saved_from_jupyterlab)
    timed = canonical.code_cells(nb)[4]
    before = timed.outputs[0].text
    timed.source = timed.source.replace("} ns", "} nanoseconds")
    nbformat.write(nb, saved_from_jupyterlab)
    regenerate.run(saved_from_jupyterlab)
    after = canonical.code_cells(canonical.read(saved_from_jupyterlab))[4].outputs[0].text
    assert before.endswith(" ns\n") and after.endswith(" nanoseconds\n")


def test_regeneration_says_when_there_is_no_such_notebook(capsys):
    assert regenerate.main(["notebooks/99_nothing.ipynb"]) == 2
    assert "no such notebook: notebooks/99_nothing.ipynb" in capsys.readouterr().err
