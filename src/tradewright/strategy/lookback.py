"""How far back a strategy's text reads: ``self.line[-3]``, ``.ago(2)``, crossings, ``ctx.history(bars=20)``.

A line that is read two bars ago is ready two bars after its first value. The text says so where the numbers are
constants, parameters or names bound outside; what it does not say raises `WarmupError` when it is read too early.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["HistoryRead", "Reads", "reads_of"]


class HistoryRead(NamedTuple):
    """One call of ``ctx.history`` with its length; `timeframe` None is the trading one."""

    bars: int
    timeframe: str | None


class Reads(NamedTuple):
    """What a text reads of the past: bars ago by attribute of ``self``, and the histories it asks for."""

    attributes: dict[str, int]
    histories: list[HistoryRead]


def reads_of(owner: Any, code: type | Callable[..., Any]) -> Reads:
    """Read the text of a class or function; nothing is found where the text is not to be had.

    Parameters
    ----------
    owner : object
        Gives the values of ``self.<name>`` that stand for numbers.
    code : class or function
    """
    finder = _Finder(owner, _outer_names(code))
    for tree in _texts(code):
        finder.visit(tree)
    return Reads(finder.attributes, finder.histories)


def _texts(code: Any) -> Iterator[ast.AST]:
    layers = (
        [c for c in code.__mro__ if c.__module__.partition(".")[0] != "builtins"] if isinstance(code, type) else [code]
    )
    for layer in layers:
        if getattr(layer, "__module__", "").startswith("tradewright.strategy"):
            continue
        try:
            yield ast.parse(textwrap.dedent(inspect.getsource(layer)))
        except (OSError, TypeError, SyntaxError):
            continue


def _outer_names(code: Any) -> Mapping[str, Any]:
    function = inspect.unwrap(code) if callable(code) and not isinstance(code, type) else None
    if function is None or not hasattr(function, "__code__"):
        return getattr(inspect.getmodule(code), "__dict__", {})
    cells = function.__closure__ or ()
    closed = {n: c.cell_contents for n, c in zip(function.__code__.co_freevars, cells, strict=True) if _is_bound(c)}
    defaults = {n: p.default for n, p in inspect.signature(function).parameters.items()}
    return {**function.__globals__, **closed, **defaults}


def _is_bound(cell: Any) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


class _Finder(ast.NodeVisitor):
    """Collects reads of the past; a local name assigned from ``self.<name>`` stands for it."""

    def __init__(self, owner: Any, outer: Mapping[str, Any]) -> None:
        self.attributes: dict[str, int] = {}
        self.histories: list[HistoryRead] = []
        self._owner = owner
        self._outer = outer
        self._aliases: dict[str, str] = {}

    def visit_Assign(self, node: ast.Assign) -> None:
        root = self._root(node.value)
        for target in node.targets:
            if root is not None and isinstance(target, ast.Name):
                self._aliases[target.id] = root
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        index = node.slice.lower if isinstance(node.slice, ast.Slice) else node.slice
        bars = self._number(index)
        if bars is not None and bars < 0:
            self._note(node.value, -bars - 1)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name in ("crossed_above", "crossed_below") and isinstance(node.func, ast.Attribute):
            for line in (node.func.value, *node.args[:1]):
                self._note(line, 1)
        elif name == "ago" and isinstance(node.func, ast.Attribute) and node.args:
            self._note(node.func.value, self._number(node.args[0]) or 0)
        elif name == "history":
            self._note_history(node)
        self.generic_visit(node)

    def _note(self, node: ast.expr, bars: int) -> None:
        root = self._root(node)
        if root is not None:
            self.attributes[root] = max(bars, self.attributes.get(root, 0))

    def _note_history(self, node: ast.Call) -> None:
        words = {word.arg: word.value for word in node.keywords}
        length = words.get("bars") or (node.args[1] if len(node.args) > 1 else None)
        bars = self._number(length) if length is not None else None
        frame = words.get("timeframe") or (node.args[2] if len(node.args) > 2 else None)
        value = frame.value if isinstance(frame, ast.Constant) else None
        if bars is not None and bars > 0:
            self.histories.append(HistoryRead(bars, value if isinstance(value, str) else None))

    def _root(self, node: ast.expr) -> str | None:
        """The attribute of ``self`` that an expression starts from."""
        while isinstance(node, (ast.Subscript, ast.Attribute)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
                return node.attr
            node = node.value
        return self._aliases.get(node.id) if isinstance(node, ast.Name) else None

    def _number(self, node: ast.expr | None) -> int | None:
        """The whole number an expression stands for, where that can be known before the run."""
        sign = 1
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            sign, node = -1, node.operand
        value: Any = None
        if isinstance(node, ast.Constant):
            value = node.value
        elif isinstance(node, ast.Name):
            value = self._outer.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
            value = getattr(self._owner, node.attr, None)
        return sign * value if isinstance(value, int) and not isinstance(value, bool) else None
