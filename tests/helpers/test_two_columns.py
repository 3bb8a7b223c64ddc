"""Data of one's own: what a CSV file may look like, and what is said of the rest."""

import pytest
import torch

from helpers.data import two_columns

NUMBERS = [(1.5, 10.0), (2.5, 20.0), (3.5, 30.0), (4.5, 40.0), (5.5, 50.0), (6.5, 60.0)]
GOOD = {
    "commas": "\n".join(f"{x},{y}" for x, y in NUMBERS),
    "a header": "chirps,degrees\n" + "\n".join(f"{x}, {y}" for x, y in NUMBERS),
    "semicolons": "x;y\n" + "\n".join(f"{x};{y}" for x, y in NUMBERS),
    "decimal commas": "\n".join(f"{x};{y}".replace(".", ",") for x, y in NUMBERS),
    "tabs and empty lines": "\n\n" + "\n\n".join(f"{x}\t{y}" for x, y in NUMBERS),
    "quotes and a mark at the start": "\ufeffx,y\n" + "\n".join(f'"{x}","{y}"' for x, y in NUMBERS),
}
BAD = {
    "1,2\n3,warm\n": "line 2: 'warm' is not a number",
    "1,2\n3,\n": "line 2: '' is not a number",
    "1,2\nnan,4\n": "line 2 holds NaN",
    "1,2\n3,inf\n": "line 2 holds NaN or an infinite value",
    "x,y\n1\n": "line 2 has 1 column: two",
    "1,2\n1,2,3\n": "line 2 has 3 columns",
    "1,5,2,5\n": "decimal commas",
    "x,y\n1,2\n3,4\n5,6\n7,8\n9,10\n": "5 rows",
    "": "0 rows",
    "1,2\n" * 6: "first column is 1 in every row",
    "\n".join(f"{x},7" for x in range(6)): "second column is 7 in every row",
    "x,y\na,b\n": "line 2",
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_files_that_can_be_read(tmp_path, text):
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    x, y = two_columns(path)
    assert list(zip(x.tolist(), y.tolist(), strict=True)) == NUMBERS


@pytest.mark.parametrize(("text", "said"), BAD.items())
def test_files_that_cannot(tmp_path, text, said):
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        two_columns(path)


def test_a_file_that_is_no_text_in_utf_8(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("größe;länge\n", encoding="latin-1")
    with pytest.raises(ValueError, match="not text in UTF-8"):
        two_columns(path)


def test_without_a_file_the_crickets():
    x, y = two_columns()
    assert x.shape == y.shape == (15,) and x.dtype == torch.get_default_dtype()
    assert f"{torch.corrcoef(torch.stack([x, y]))[0, 1]:.2f}" == "0.84"
