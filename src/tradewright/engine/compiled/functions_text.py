"""Functions of numbers in the words of the loop, guarded where Python raises and machine code would not."""

from __future__ import annotations

import ast
import builtins
import math
from types import FunctionType
from typing import TYPE_CHECKING, Any

from .subset import Kind, Term, outside

if TYPE_CHECKING:
    from .expressions import Expressions

__all__ = ["call_function"]

_EXTREMES = {min: "<", max: ">"}
_OF_ONE = {
    abs: ("abs", True),
    float: ("float", False),
    int: ("truncated", True),
    round: ("rounded", True),
    math.fabs: ("abs", False),
    math.sqrt: ("root", False),
    math.exp: ("exponential", False),
    math.log: ("logarithm", False),
    math.floor: ("floored", True),
    math.ceil: ("ceiled", True),
    math.trunc: ("truncated", True),
}
"""The guarded function that stands for each, and whether Python may give an int."""


def call_function(text: Expressions, node: ast.Call, function: Any) -> Term:
    """A call of a function that is no method: one of numbers, or one that the author wrote."""
    if isinstance(function, FunctionType):
        return text.inline(node, function, own=False)
    name = ast.unparse(node.func)
    if function is len and len(node.args) == 1 and not node.keywords:
        return _length(text, node.args[0])
    if node.keywords or not node.args or getattr(builtins, name, function) is not function:
        raise outside(node, f"the function {name} is not compiled")
    if function in (min, max) and len(node.args) > 1:
        return _extreme(text, node.args, _EXTREMES[function])
    if function is bool and len(node.args) == 1:
        return Term(text.flag(node.args[0]), Kind.FLAG)
    try:
        known = _OF_ONE.get(function)
    except TypeError:
        known = None
    if known is None or len(node.args) != 1:
        raise outside(node, f"the function {name} is not compiled")
    term = text.numeric(node.args[0])
    guarded, whole = known
    return Term(f"{guarded}(1.0 * {term.code})", Kind.NUMBER, whole and (term.whole or guarded != "abs"))


def _length(text: Expressions, node: ast.expr) -> Term:
    term = text.term(node)
    if term.kind == Kind.COUNT:
        return Term(f"float({term.code})", Kind.NUMBER, whole=True)
    if term.kind != Kind.SYMBOLS:
        raise outside(node, f"len of a {term.kind} is not compiled")
    counts = {"all": "len(books)", "ready": "count_ready(ready, i)", "held": "count_held(books)"}
    return Term(f"float({counts.get(term.code, f'{term.code}_n')})", Kind.NUMBER, whole=True)


def _extreme(text: Expressions, nodes: list[ast.expr], sign: str) -> Term:
    """The first of the least or the greatest, as Python compares: what no comparison holds for changes nothing."""
    terms = [text.numeric(each) for each in nodes]
    found = text.fresh("m")
    text.say(f"{found} = 1.0 * {terms[0].code}")
    for term in terms[1:]:
        other = text.fresh("m")
        text.say(f"{other} = 1.0 * {term.code}\nif {other} {sign} {found}:\n    {found} = {other}")
    return Term(found, Kind.NUMBER, any(term.whole for term in terms))
