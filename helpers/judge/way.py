"""The way to an answer: the values on it, and slips that are made on it."""

import ast
import math
from collections.abc import Iterator
from itertools import combinations, permutations
from typing import Any

from .kin import relatives


def steps(source: str) -> Iterator[tuple[str, str]]:
    """A sentence and a source, for each value on the way to what `source` returns."""
    tree = ast.parse(source)
    function = tree.body[0]
    last = function.body[-1]
    if not isinstance(last, ast.Return) or last.value is None:
        return
    parameters = {argument.arg for argument in function.args.args}
    known = _known(function)
    whole = last.value
    several = isinstance(whole, ast.Tuple)
    for place, part in enumerate(whole.elts if several else [whole]):
        for step in [*_on_the_way(part), *(ast.Name(name, ast.Load()) for name in known)]:
            told = ast.unparse(_written_out(step, known))
            own = {n.id for n in ast.walk(ast.parse(told)) if isinstance(n, ast.Name)}
            told = f"{told}, " if own <= parameters | {"len", "abs"} and len(told) < 50 else ""
            if several:
                other = [*whole.elts[:place], step, *whole.elts[place + 1 :]]
                last.value = ast.Tuple(other, ast.Load())
            else:
                last.value = step
            what = f"value {place + 1}" if several else "this"
            yield f"{what} is {told}a value on the way: what is still missing?", ast.unparse(tree)
    last.value = whole


def written_out(source: str) -> str:
    """The same function with what its names stand for, where each has one meaning."""
    tree = ast.parse(source)
    *before, last = tree.body[0].body
    known = _known(tree.body[0])
    if isinstance(last, ast.Return) and last.value is not None and len(known) == len(before):
        last.value = _written_out(last.value, known)
        tree.body[0].body = [last]
    return ast.unparse(tree)


def _known(function: ast.FunctionDef) -> dict[str, ast.AST]:
    """The names that are given one meaning, once, and are none of the arguments."""
    stored = [n.id for n in ast.walk(function) if isinstance(n, ast.Name) and _is_stored(n)]
    stored += [argument.arg for argument in function.args.args]
    known = {
        line.targets[0].id: line.value
        for line in function.body
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
    }
    return {name: value for name, value in known.items() if stored.count(name) == 1}


def _is_stored(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _on_the_way(part: ast.AST) -> Iterator[ast.AST]:
    """The values that `part` is made of; its names and numbers alone are none."""
    for node in ast.walk(part):
        if node is not part and isinstance(node, ast.BinOp | ast.Call | ast.UnaryOp):
            yield node


def _written_out(step: ast.AST, known: dict[str, ast.AST]) -> ast.AST:
    """A step with what its names stand for."""

    class Insert(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            return _written_out(known[node.id], known) if node.id in known else node

    return Insert().visit(ast.parse(ast.unparse(step), mode="eval").body)


def of_a_way(way: str) -> Iterator[tuple[str, float]]:
    """A sentence and a number, for each slip on a `way`: lines `name = ...`, the last the value.

    The names are told: they say which step an answer stops at.
    """
    lines = way.strip().splitlines()
    names = [line.split(" = ")[0] for line in lines]
    body = "".join(f"    {line}\n" for line in lines)
    for name in names[:-1]:
        told = name.replace("_", " ")
        yield f"this is {told}, a value on the way", _run(f"def way():\n{body}    return {name}")
    whole = f"def way():\n{body}    return {names[-1]}"
    for sentence, source in [*relatives(whole), *steps(whole)]:
        try:
            yield sentence, _run(source)
        except (ArithmeticError, TypeError):
            continue
    for sentence, other in _exchanged(way):
        body = "".join(f"    {line}\n" for line in other.splitlines())
        yield sentence, _run(f"def way():\n{body}    return {names[-1]}")
    tree = ast.parse(way)
    given = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    for value in given:
        yield "this is a number that goes into the answer: how?", value
    by_hand: dict[str, float] = {}
    pairs = [*permutations(sorted(given - {1, 2}), 2)]  # 1 and 2 belong to formulas, not to data
    for a, b in pairs:
        if a < b:
            by_hand |= {f"{a:g} x {b:g}": a * b, f"{a:g} + {b:g}": a + b}
    for a, b in pairs:
        by_hand |= {f"{a:g} - {b:g}": a - b, f"{a:g} / {b:g}": a / b if b else 0.0}
    for told, value in by_hand.items():
        if _telling(value):
            yield f"this is {told}: what else belongs to the answer?", value


def _telling(value: float) -> bool:
    """Is a number so particular that hardly two ways lead to it? Small whole numbers come of many
    ways: 4 x 10 is 40, and so is 64 + 16 over 2."""
    digits = f"{abs(value):.10g}".replace(".", "").strip("0")
    return len(digits) >= 3


def _exchanged(way: str) -> Iterator[tuple[str, str]]:
    """A sentence and another way, for two numbers that play the same part in two lines."""
    tree = ast.parse(way)
    found: dict[str, list[list[ast.Constant]]] = {}
    for line in tree.body:
        numbers = [node for node in ast.walk(line.value) if isinstance(node, ast.Constant)]
        kept = [node.value for node in numbers]
        for node in numbers:
            node.value = 0
        names = {node.id for node in ast.walk(line.value) if isinstance(node, ast.Name)}
        shape = ast.unparse(line.value)
        for name in names:
            shape = shape.replace(name, "name")
        for node, value in zip(numbers, kept, strict=True):
            node.value = value
        found.setdefault(shape, []).append(numbers)
    for rows in found.values():
        for one, other in combinations(rows, 2):
            for a, b in zip(one, other, strict=True):
                if a.value == b.value:
                    continue
                a.value, b.value = b.value, a.value
                yield f"{b.value:g} and {a.value:g} have changed places", ast.unparse(tree)
                a.value, b.value = b.value, a.value


def _run(source: str) -> Any:
    names: dict[str, Any] = {"sqrt": math.sqrt}
    exec(compile(source, "<a way>", "exec"), names)
    return names["way"]()
