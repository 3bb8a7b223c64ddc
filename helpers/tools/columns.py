"""Two columns of numbers out of a CSV file, with an error that names the line."""

import csv
import math
from pathlib import Path

AT_LEAST = 6  # rows: with fewer there is nothing left to judge a line by


def read_columns(path: str | Path) -> tuple[list[float], list[float]]:
    """The two columns of the file at `path`.

    Commas, semicolons or tabs stand between the columns; with one of the last two, a number may
    have a decimal comma. A first line without numbers is a header. Anything else that is not two
    finite numbers a line raises ValueError, naming the line; so do fewer than six rows, a column
    that never changes, and a file that is not text in UTF-8.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not text in UTF-8: save it as “CSV UTF-8”") from None
    separator = next((s for s in (";", "\t") if any(s in line for line in lines)), ",")
    rows = []
    for number, cells in enumerate(csv.reader(lines, delimiter=separator), 1):
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        if not rows and number == _first(lines) and not any(map(_is_number, cells)):
            continue  # the header
        rows.append(_two_numbers(cells, number, decimal_comma=separator != ","))
    if len(rows) < AT_LEAST:
        raise ValueError(f"{path} has {len(rows)} rows of numbers: at least {AT_LEAST} are needed")
    columns = [list(column) for column in zip(*rows, strict=True)]
    for name, column in zip(("first", "second"), columns, strict=True):
        if len(set(column)) == 1:
            raise ValueError(f"the {name} column is {column[0]:g} in every row: nothing to learn")
    return columns[0], columns[1]


def _first(lines: list[str]) -> int:
    return next(number for number, line in enumerate(lines, 1) if line.strip())


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def _two_numbers(cells: list[str], number: int, decimal_comma: bool) -> tuple[float, float]:
    if len(cells) != 2:
        more = (
            "; with decimal commas, put semicolons between the columns"
            if len(cells) == 4 and not decimal_comma
            else ""
        )
        columns = f"{len(cells)} column" + "s" * (len(cells) != 1)
        raise ValueError(f"line {number} has {columns}: two are needed{more}")
    for cell in cells:
        if not _is_number(cell):
            raise ValueError(f"line {number}: {cell!r} is not a number")
    x, y = (float(cell.replace(",", ".") if decimal_comma else cell) for cell in cells)
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError(f"line {number} holds NaN or an infinite value: leave this line out")
    return x, y
