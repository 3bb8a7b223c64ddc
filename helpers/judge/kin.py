"""Relatives of the right answer: its formula changed in one place, or its arguments changed.

What agrees with one of them is wrong in a way that can be told, although no author thought of it.
"""

import ast
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from torch import Tensor

OPERATORS = {
    ast.Add: [(ast.Sub, "a minus stands where a plus belongs")],
    ast.Sub: [
        (ast.Add, "a plus stands where a minus belongs"),
        (ast.Mult, "a product stands where a difference belongs"),
    ],
    ast.Mult: [
        (ast.Div, "a division stands where something has to be multiplied"),
        (ast.Add, "a plus stands where something has to be multiplied"),
        (ast.Sub, "a minus stands where something has to be multiplied"),
    ],
    ast.Div: [
        (ast.Mult, "a product stands where something has to be divided"),
        (ast.Sub, "a minus stands where something has to be divided"),
    ],
}
METHODS = {
    "mean": [("sum", "a sum stands where a mean belongs: divide by the number of values")],
    "sum": [("mean", "a mean stands where a sum belongs")],
    "std": [("var", "a variance stands where its root, the standard deviation, belongs")],
    "var": [("std", "a standard deviation stands where its square, the variance, belongs")],
    "max": [("min", "the smallest is taken where the largest belongs")],
    "min": [("max", "the largest is taken where the smallest belongs")],
    "argmin": [("argmax", "the place of the largest is taken, not that of the smallest")],
    "sign": [("abs", "the size is taken where the sign alone belongs")],
}
REDUCED = {"mean": "take their mean", "sum": "add them up"}

Edit = tuple[str, ast.AST]
COMES_OUT = "this is what comes out if "
COMMON = re.compile(
    "missing|a plus stands where a minus|a minus stands where a plus|sum stands|one by one|wrong "
    "way|changed places|squared, not each|parentheses are"
)


def relatives(source: str, common: bool = False) -> list[tuple[str, str]]:
    """A sentence and a source, for each small change of the function in `source`, or for those
    that are so `common` that two of them come together.

    What is left out comes first: a factor that is missing is more likely than one upside down.
    """
    found = [(f"{COMES_OUT}{clause}", text) for clause, text in _altered(source, common)]
    return sorted(found, key=lambda pair: "missing" not in pair[0])


def _altered(source: str, common: bool) -> Iterator[tuple[str, str]]:
    tree = ast.parse(source)
    [function] = tree.body
    parameters = [argument.arg for argument in function.args.args]
    everywhere: dict[str, list] = {}
    if any(isinstance(node, ast.While) for node in ast.walk(tree)):
        return  # it might never end
    inside = [node for node in ast.walk(function) if isinstance(node, ast.Attribute)]
    spread = [node.value for node in inside if node.attr in ("std", "var")]
    for node, put in list(_places(function)):
        for sentence, new in _edits(node, parameters):
            if node in spread and isinstance(getattr(new, "func", None), ast.Attribute):
                continue  # one value has no spread, and equal ones have none to divide by
            if common and not COMMON.search(sentence):
                continue
            put(new)
            yield sentence, ast.unparse(tree)
            put(node)
            everywhere.setdefault(sentence, []).append((put, node, new))
    for sentence, places in everywhere.items():
        if len(places) > 1:  # the same slip in all of its places
            for put, _, new in reversed(places):
                put(new)
            yield sentence, ast.unparse(tree)
            for put, node, _ in places:
                put(node)


def _places(function: ast.FunctionDef) -> Iterator[tuple[ast.AST, Callable]]:
    """Each part of the body, and what puts another one into its place."""
    for statement in function.body:
        for parent in ast.walk(statement):
            for name, value in ast.iter_fields(parent):
                if isinstance(value, ast.AST):
                    yield value, partial(setattr, parent, name)
                elif isinstance(value, list):
                    for number, each in enumerate(value):
                        if isinstance(each, ast.AST):
                            yield each, partial(value.__setitem__, number)


def _edits(node: ast.AST, parameters: list[str]) -> Iterator[Edit]:
    if isinstance(node, ast.BinOp):
        yield from _shorter(node, parameters)
    elif isinstance(node, ast.AugAssign) and type(node.op) in OPERATORS:
        for other, sentence in OPERATORS[type(node.op)]:
            yield sentence, ast.AugAssign(node.target, other(), node.value)
    elif isinstance(node, ast.Call):
        yield from _other_calls(node)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        for other in parameters:
            if node.id in parameters and other != node.id:
                yield f"{other} stands where {node.id} belongs", ast.Name(other, ast.Load())
        if node.id in parameters:
            yield from _wrapped(node)
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        of = node.value
        if isinstance(of, ast.Name) and of.id in parameters and node.attr == "grad":
            yield f"{of.id} stands where its .{node.attr} belongs", of
            yield from _wrapped(node)
    elif isinstance(node, ast.Subscript):
        yield from _other_places(node)
    elif isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load):
        yield from _other_values(node, parameters)


def _wrapped(node: ast.expr) -> Iterator[Edit]:
    """An argument, or what hangs on it, changed before it is used."""
    name = ast.unparse(node)
    square = ast.BinOp(node, ast.Pow(), ast.Constant(2))
    yield f"{name} is squared: once is enough", square
    for method, clause in (
        ("mean", f"the mean of {name} stands where each of its values belongs"),
        ("sum", f"the sum of {name} stands where each of its values belongs"),
        ("sign", f"only the sign of {name} is used"),
    ):
        yield clause, ast.Call(ast.Attribute(node, method, ast.Load()), [], [])
    size = ast.Call(ast.Name("abs", ast.Load()), [node], [])
    yield f"{name} loses its sign: no absolute values", size


def _shorter(node: ast.BinOp, parameters: list[str]) -> Iterator[Edit]:
    """Another sign, a term or factor left out, operands the wrong way round, a square undone."""
    left, right = node.left, node.right
    if type(node.op) in OPERATORS and ast.dump(left) != ast.dump(right):
        for other, sentence in OPERATORS[type(node.op)]:
            yield sentence, ast.BinOp(left, other(), right)
    if isinstance(node.op, ast.Pow):
        yield "a square is missing: ** 2", left
        yield "* 2 stands where ** 2 belongs", ast.BinOp(left, ast.Mult(), right)
        if isinstance(left, ast.BinOp) and not isinstance(left.op, ast.Pow):
            inner = ast.BinOp(left.right, node.op, right)
            yield "parentheses are missing: ** goes first", ast.BinOp(left.left, left.op, inner)
        return
    what = "a factor" if isinstance(node.op, ast.Mult) else "a term"
    if isinstance(node.op, ast.Mult | ast.Add | ast.Sub):
        yield f"{what} is missing{_named(right, parameters)}", left
    if isinstance(node.op, ast.Mult | ast.Add):
        yield f"{what} is missing{_named(left, parameters)}", right
    if isinstance(node.op, ast.Sub):
        yield f"{what} is missing{_named(left, parameters)}", ast.UnaryOp(ast.USub(), right)
        yield "a difference is the wrong way round", ast.BinOp(right, ast.Sub(), left)
    if isinstance(node.op, ast.Mult):
        for name in parameters:
            more = ast.BinOp(node, ast.Mult(), ast.Name(name, ast.Load()))
            yield f"{name} is a factor too many", more
    if isinstance(node.op, ast.Mult) and isinstance(left, ast.Constant) and left.value == 2:
        yield "a square stands where a 2 * belongs", ast.BinOp(right, ast.Pow(), left)
    yield from _other_parentheses(node)
    if isinstance(node.op, ast.Div):
        yield f"a division is missing{_named(right, parameters)}", left
        yield "a quotient is upside down", ast.BinOp(right, ast.Div(), left)


def _other_parentheses(node: ast.BinOp) -> Iterator[Edit]:
    left, right = node.left, node.right
    adds, multiplies = ast.Add | ast.Sub, ast.Mult | ast.Div
    if isinstance(node.op, adds) and isinstance(right, ast.BinOp):
        if isinstance(right.op, multiplies):
            inner = ast.BinOp(left, node.op, right.left)
            yield "parentheses come first that should not", ast.BinOp(inner, right.op, right.right)
    elif isinstance(node.op, multiplies):
        if isinstance(left, ast.BinOp) and isinstance(left.op, adds):
            inner = ast.BinOp(left.right, node.op, right)
            yield "parentheses are missing", ast.BinOp(left.left, left.op, inner)
        if isinstance(right, ast.BinOp) and isinstance(right.op, adds):
            inner = ast.BinOp(left, node.op, right.left)
            yield "parentheses are missing", ast.BinOp(inner, right.op, right.right)
        below = right if isinstance(node.op, ast.Div) and isinstance(right, ast.BinOp) else None
        if below and isinstance(below.op, multiplies):
            inner = ast.BinOp(left, ast.Div(), below.left)
            yield "parentheses are missing below", ast.BinOp(inner, below.op, below.right)


def _named(node: ast.AST, parameters: list[str]) -> str:
    """The names of the learner's own arguments are told, those of the reference are not."""
    own = isinstance(node, ast.Name) and node.id in parameters
    told = own or isinstance(node, ast.Constant)
    return f": {ast.unparse(node)}" if told else ""


def _other_calls(node: ast.Call) -> Iterator[Edit]:
    if isinstance(node.func, ast.Attribute):
        of, name = node.func.value, node.func.attr
        for other, sentence in METHODS.get(name, []):
            yield sentence, ast.Call(ast.Attribute(of, other, ast.Load()), node.args, node.keywords)
        if name in REDUCED and isinstance(of, ast.BinOp) and not node.args:
            what = "mean" if name == "mean" else "sum"

            def reduced(part: ast.AST, name: str = name) -> ast.AST:
                return ast.Call(ast.Attribute(part, name, ast.Load()), [], [])

            if isinstance(of.op, ast.Pow):
                sentence = f"the {what} is squared, not each value"
                yield sentence, ast.BinOp(reduced(of.left), ast.Pow(), of.right)
            elif isinstance(of.op, ast.Mult) and not isinstance(of.left, ast.Constant):
                sentence = f"two {what}s are multiplied: take the {what} of the products"
                yield sentence, ast.BinOp(reduced(of.left), ast.Mult(), reduced(of.right))
        if name in REDUCED and not node.args:
            yield f"the values are left one by one: {REDUCED[name]}", of
        if name in ("std", "var"):
            given = [keyword for keyword in node.keywords if keyword.arg == "correction"]
            divisor = "n - 1 stands where n belongs" if given else "n stands where n - 1 belongs"
            correction = [] if given else [ast.keyword("correction", ast.Constant(0))]
            yield f"{divisor}, in the {name}", ast.Call(node.func, node.args, correction)
        if name == "abs":
            yield "signs that do not count are still there: absolute values are missing", of
    if len(node.args) == 2 and not any(isinstance(each, ast.Starred) for each in node.args):
        turned = ast.Call(node.func, node.args[::-1], node.keywords)
        yield "two arguments of a call have changed places", turned


def _other_places(node: ast.Subscript) -> Iterator[Edit]:
    if isinstance(node.slice, ast.Slice | ast.Constant) and not isinstance(node.ctx, ast.Load):
        return
    if not isinstance(node.slice, ast.Slice | ast.Tuple):
        for step, where in ((1, "behind"), (-1, "before")):
            place = ast.BinOp(node.slice, ast.Add(), ast.Constant(step))
            sentence = f"an index is off by one, one place {where} the right one"
            yield sentence, ast.Subscript(node.value, place, node.ctx)


def _other_values(node: ast.Tuple, parameters: list[str]) -> Iterator[Edit]:
    for number, value in enumerate(node.elts):
        before, behind = node.elts[:number], node.elts[number + 1 :]
        for name in parameters:
            if not (isinstance(value, ast.Name) and value.id == name):
                new = ast.Tuple([*before, ast.Name(name, ast.Load()), *behind], ast.Load())
                yield f"value {number + 1} is {name}, just as it came", new
    if len(node.elts) == 2:
        yield "the two values have changed places", ast.Tuple(node.elts[::-1], ast.Load())


# Other arguments


def as_if(names: list[str], arguments: tuple) -> Iterator[tuple[str, tuple]]:
    """A sentence and other arguments, which an answer may be right for by mistake."""
    for place, (name, value) in enumerate(zip(names, arguments, strict=False)):
        if not name or isinstance(value, bool) or not isinstance(value, int | float):
            continue
        others: dict[str, Any] = {
            f"{name} = 0: is it forgotten?": value * 0,
            f"{name} = 1: is it forgotten?": value * 0 + 1,
            f"-{name}: look at the signs around it": -value,
            f"2 * {name}: where does a 2 belong?": 2 * value,
        }
        if isinstance(value, int):
            others[f"{name} - 1: where does the count begin and end?"] = value - 1
            others[f"{name} + 1: where does the count begin and end?"] = value + 1
        else:
            others[f"{name} / 2: where does a 2 belong?"] = value / 2
            others[f"{name}**2: once is enough"] = value**2
        for sentence, other in others.items():
            sentence = f"this is what comes out for {sentence}"
            yield sentence, (*arguments[:place], other, *arguments[place + 1 :])
    rows = {len(a) for a in arguments if isinstance(a, Tensor) and a.ndim == 1}
    if len(rows) == 1 and rows.pop() > 2:
        for which, part in (("first", slice(1, None)), ("last", slice(None, -1))):
            sentence = f"this is what comes out without the {which} value: is each one used?"
            shorter = (a[part] if isinstance(a, Tensor) and a.ndim == 1 else a for a in arguments)
            yield sentence, tuple(shorter)


def another(value: Any, elsewhere: Any) -> Any:
    """An argument changed, to see whether it is used at all."""
    if isinstance(value, Tensor):
        return 1.5 * value + 0.25 * value**2 + 0.25 if value.is_floating_point() else value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return elsewhere
    return value + 1 if isinstance(value, int) else 1.5 * value + 0.01
