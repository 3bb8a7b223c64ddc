"""How cells become HTML: cells that are in no lesson today, and things that go wrong."""

import bs4
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers import handout
from helpers.handout.outputs import samp
from helpers.handout.pages import cells_html
from helpers.handout.render import Renderer, code, mathml


def converted(*cells: nbformat.NotebookNode) -> bs4.BeautifulSoup:
    nb = new_notebook(cells=[new_markdown_cell("# Title"), *cells])
    parts = cells_html(nb, Renderer(handout.NOTEBOOKS, {"02_manual_gradients.html"}))
    html = "".join(part.get("text", "") + "".join(part.get("outputs", ())) for part in parts)
    return bs4.BeautifulSoup(html, "html.parser")


def with_output(source: str, data: dict, **options) -> nbformat.NotebookNode:
    return new_code_cell(source, outputs=[new_output("display_data", data, **options)])


@pytest.mark.parametrize("source", ["exercises.train.solution()", "e = 1\nprint(e.solution())"])
def test_what_a_solution_prints_is_left_out(source):
    cell = new_code_cell(source, outputs=[new_output("stream", text="SECRET")])
    soup = converted(cell)
    assert "SECRET" not in soup.get_text() and "no solutions" in soup.get_text()
    cell.source = "# exercises.train.solution() shows it\nexercises.train.check(train)"
    assert "SECRET" in converted(cell).get_text()
    folded = "<details><summary>Solution</summary>\n\nSECRET\n\n</details>\n\nafter"
    assert "SECRET" not in converted(new_markdown_cell(folded)).get_text()


def test_an_instrument_that_needs_the_kernel_shows_its_picture():
    other = with_output("move()", {"text/plain": "<BeTheOptimizer: w 1, b 0>"})
    assert "can be moved in JupyterLab" in converted(other).get_text()
    still = {"text/plain": "The readings and a line.", "image/png": "AAAA"}
    soup = converted(with_output("LearningRateExplorer(x, y)", still))
    assert soup.img and not soup.select("div.screen")


def test_other_outputs():
    table = "| a | b |\n|---|---|\n| 1 | $x$ |"
    assert converted(with_output("t", {"text/markdown": table, "text/plain": "T"})).th
    assert converted(with_output("t", {"text/html": "<table></table>", "text/plain": "T"})).table
    script = {"text/html": "<script>1</script>", "text/plain": "T"}
    assert "T" in converted(with_output("t", script)).samp.get_text()
    plotly = {"application/vnd.plotly.v1+json": {}, "image/png": "AAAA", "text/plain": "words"}
    described = with_output("p", plotly, metadata={"image/png": {"alt": "words"}})
    assert converted(described).img["alt"] == "words"


def test_errors_show_the_readers_own_code():
    frames = ["\x1b[31mE\x1b[39m", "Cell In[1], line 1", "File \x1bsite-packages/a.py:1", "E: why"]
    error = new_output("error", ename="E", evalue="why", traceback=frames)
    text = converted(new_code_cell("f()", outputs=[error])).find("pre").get_text()
    left_out = "... (1 inside of installed packages, left out here) ...\n"
    assert text == "\n".join(["E", "Cell In[1], line 1", left_out, "E: why"])
    error.traceback = []
    assert converted(new_code_cell("f()", outputs=[error])).pre.get_text() == "E: why"


def test_links_to_what_is_not_there_keep_their_words():
    text = (
        "[two](02_manual_gradients.ipynb#Set-up) [three](03_learning_rate.ipynb) [r](../README.md)"
    )
    soup = converted(new_markdown_cell(text))
    assert [a["href"] for a in soup.find_all("a")] == ["02_manual_gradients.html#Set-up"]
    assert soup.p.get_text() == "two three r"


def test_a_drawing_can_stand_twice_in_a_page():
    drawing = "![A loop](../pics/learning_loop.svg)"
    soup = converted(new_markdown_cell(f"{drawing}\n\n## Again\n\n{drawing}\n\n## Again"))
    assert [heading["id"] for heading in soup.find_all("h2")] == ["Again", "Again-2"]
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(soup.find_all("svg")) == 2 and len(ids) == len(set(ids)) >= 2


FORMULAS = {
    r"\begin{aligned} a &= b \\ c &= d \end{aligned}": "mtable",
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}": "mtable",
    r"\frac{1}{n} \sum_{i=1}^n e_i^2": "mfrac",
    r"\hat m": "mover",
    r"v^{\mathsf T} e^\top": "msup",
    r"\text{learning rate} < 2": "mtext",
    r"\sqrt{\hat v}": "msqrt",
}


@pytest.mark.parametrize("latex", FORMULAS)
def test_formulas(latex):
    math = bs4.BeautifulSoup(mathml(latex, "block"), "html.parser")
    assert math.find(FORMULAS[latex]) and "&" not in math.get_text()


def test_a_formula_breaks_where_it_may():
    soup = converted(new_markdown_cell(r"$$a = b \qquad \text{and} \quad c = \sqrt{d}$$"))
    assert [part.name for part in soup.select_one(".formula")] == ["math", "span", "math"]
    soup = converted(new_markdown_cell(r"$$a = \sqrt{b \quad c}$$"))
    assert [part.name for part in soup.select_one(".formula")] == ["math"]


def test_code_keeps_its_lines_and_knows_its_language():
    assert code("\n\nsome words", "text") == "\n\nsome words"
    assert code("a < b", "nothing known") == "a &lt; b"
    soup = converted(new_markdown_cell("```python title=x\nfor i in x: pass\n```"))
    assert soup.select("code .k")  # a keyword


@pytest.mark.parametrize(
    ("text", "wide"),
    [
        ("a  b\n" + "c" * 40 + "  d", True),
        ("a  b\n" + "c" * 39 + "  d", False),
        ("c" * 50 + "  d", False),
    ],
)
def test_columns_too_wide_for_a_phone_can_be_scrolled(text, wide):
    assert (' class="wide"' in samp(text)) == wide


def test_a_formula_that_cannot_be_translated_stops_the_work():
    with pytest.raises(ValueError, match="no translation to MathML"):
        converted(new_markdown_cell(r"$\nosuchthing{x}$"))
