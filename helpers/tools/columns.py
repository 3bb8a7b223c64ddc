"""Two columns of numbers out of a CSV file, with an error that names the line."""

import csv
import math
from pathlib import Path

AT_LEAST = 6  # rows: with fewer there is nothing left to judge a line by


def read_columns(path: str | Path) -> tuple[list[float], list[float]]:
    """The two columns of the file at `path`.

    Commas, semicolons or tabs stand between the columns; with one of the last two, a number may
    have a decimal comma. A first line without numbers is a header. Anything else that is not two
    finite numbers a line raises ValueError, naming the line; so do fewer than six rows.
    """
    lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
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
    x, y = zip(*rows, strict=True)
    return list(x), list(y)


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
        raise ValueError(f"line {number} has {len(cells)} columns: two are needed{more}")
    for cell in cells:
        if not _is_number(cell):
            raise ValueError(f"line {number}: {cell!r} is not a number")
    x, y = (float(cell.replace(",", ".") if decimal_comma else cell) for cell in cells)
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError(f"line {number} holds NaN or an infinite value: leave this line out")
    return x, y
