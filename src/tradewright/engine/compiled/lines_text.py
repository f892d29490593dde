"""Lines of indicators in the words of the loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.strategy.lines import Line, SparseLine

from .source import line_holder
from .subset import Kind, Term, outside

if TYPE_CHECKING:
    import ast

    from .expressions import Expressions

__all__ = ["crossing", "line_argument", "line_at", "line_term"]


def line_argument(text: Expressions, path: str) -> str:
    """The name of the argument that holds a line."""
    return text.lines.setdefault(path, "line_" + path.replace(".", "_").replace(" ", "_"))


def line_term(text: Expressions, node: ast.AST, path: str) -> Term:
    """A line, or the lines of all symbols, at a path of the strategy."""
    value = line_holder(text.strategy, path)
    lines = list(value.values()) if isinstance(value, dict) else [value]
    if not lines or not all(isinstance(line, Line) for line in lines):
        raise outside(node, f"self.{path} is not a line")
    return Term(line_argument(text, path), Kind.LINES if isinstance(value, dict) else Kind.LINE)


def line_at(text: Expressions, code: str, ago: int, node: ast.AST | None = None) -> Term:
    """A line's value some bars ago."""
    name = code.split("[", maxsplit=1)[0]
    if node is not None and ago > 0 and _is_sparse(text, name):
        raise outside(node, "a line with values of its own pace is read in the past")
    text.back[name] = max(ago, text.back.get(name, 0))
    place = "i" if ago == 0 else f"i - {ago}"
    if "[" in code:
        # A symbol's line may have no value yet: reading it is an error in both tiers.
        return Term(f"known({code[:-1]}, {place}])", Kind.NUMBER)
    return Term(f"{code}[{place}]", Kind.NUMBER)


def _is_sparse(text: Expressions, name: str) -> bool:
    path = next(path for path, argument in text.lines.items() if argument == name)
    holder = line_holder(text.strategy, path)
    return isinstance(next(iter(holder.values())) if isinstance(holder, dict) else holder, SparseLine)


def crossing(text: Expressions, node: ast.Call, line: Term, *, upward: bool) -> Term:
    """Whether a line crossed another one, or a level, with this bar."""
    other = text.term(node.args[0])
    now, before = line_at(text, line.code, 0).code, line_at(text, line.code, 1).code
    if other.kind == Kind.LINE:
        level, past = line_at(text, other.code, 0).code, line_at(text, other.code, 1).code
    else:
        level = past = f"(1.0 * {text.number(node.args[0])})"
    over, under = (">", "<=") if upward else ("<", ">=")
    return Term(f"({now} {over} {level} and {before} {under} {past})", Kind.FLAG)
