"""Sets in another order: what iterates over a set of texts gets another order in every process.

Within one process the order of a set stays the same, so a second run would not show what depends on it. For the time of
one run the author's functions get sets that are walked the other way round: those that stand in their text, those that
they make by name, and those that they hold.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import inspect
import textwrap
from typing import TYPE_CHECKING, Any

from tradewright.domain.syntax import lines_of, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, FunctionType

__all__ = ["OtherOrder", "other_order"]

_NAME = "__set_in_another_order__"


class OtherOrder(set[Any]):
    """A set that is walked the other way round."""

    def __iter__(self) -> Iterator[Any]:
        yield from reversed(list(super().__iter__()))

    def pop(self) -> Any:
        """Take out the one that comes first here."""
        first = next(iter(self))
        self.remove(first)
        return first


@contextlib.contextmanager
def other_order(functions: list[FunctionType]) -> Iterator[None]:
    """Let the sets of some functions be walked the other way round for a while."""
    codes = [(function, function.__code__) for function in functions]
    names = {id(function.__globals__): function.__globals__ for function in functions}
    before = [(each, {word: each[word] for word in ("set", "hash", _NAME) if word in each}) for each in names.values()]
    for function in functions:
        other = _rewritten(function)
        if other is not None:
            function.__code__ = other
    for each in names.values():
        each.update({"set": OtherOrder, "hash": _other_hash, _NAME: OtherOrder})
    try:
        yield
    finally:
        for function, code in codes:
            function.__code__ = code
        for each, words in before:
            for word in ("set", "hash", _NAME):
                each.pop(word, None)
            each.update(words)


def _other_hash(value: Any) -> int:
    """The hash of a text as another process may give it; everything else as it is."""
    return builtins.hash(value) ^ 0x5DEECE66D if isinstance(value, (str, bytes)) else builtins.hash(value)


class _Sets(ast.NodeTransformer):
    """Sets that stand in a text become calls."""

    found = False

    def visit_Set(self, node: ast.Set) -> ast.AST:
        """A set that is written out."""
        self.generic_visit(node)
        return self._call(node, ast.List(elts=node.elts, ctx=ast.Load()))

    def visit_SetComp(self, node: ast.SetComp) -> ast.AST:
        """A set that is comprehended."""
        self.generic_visit(node)
        return self._call(node, ast.ListComp(elt=node.elt, generators=node.generators))

    def _call(self, node: ast.expr, argument: ast.expr) -> ast.AST:
        self.found = True
        made = ast.Call(func=ast.Name(id=_NAME, ctx=ast.Load()), args=[argument], keywords=[])
        for part in (made, made.func, argument):
            ast.copy_location(part, node)
        return made


def _rewritten(function: FunctionType) -> CodeType | None:
    """The code of a function with its sets as calls; None where there are none, or the text is not to be had."""
    try:
        lines, first = lines_of(function)
        tree = parsed(textwrap.dedent("".join(lines)))
    except (OSError, TypeError, SyntaxError):
        return None
    sets = _Sets()
    body = sets.visit(tree).body[0]
    if not sets.found or not isinstance(body, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    body.decorator_list = []
    outer = parsed(f"def outer({', '.join(function.__code__.co_freevars)}): pass")
    outer.body[0].body = [body]  # type: ignore[attr-defined]
    ast.increment_lineno(body, first - 1)
    module = compile(ast.fix_missing_locations(outer), function.__code__.co_filename, "exec")
    code = _inner(_inner(module, "outer"), body.name)
    return code if code is not None and code.co_freevars == function.__code__.co_freevars else None


def _inner(code: CodeType | None, name: str) -> CodeType | None:
    constants = () if code is None else code.co_consts
    return next((each for each in constants if inspect.iscode(each) and each.co_name == name), None)
