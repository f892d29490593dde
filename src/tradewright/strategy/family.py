"""Which strategies are variants of one idea: the family under which trials are counted.

Renaming things does not make a new idea, so the family is the shape of the text with its names erased. Changing the
text does; an author who goes on varying one idea declares the family: ``family = "rotation"`` in the class, or as an
attribute of the function.
"""

from __future__ import annotations

import ast
import hashlib
import textwrap
from typing import Any

from tradewright.domain.syntax import parsed, source_of

__all__ = ["family_of"]

_NAMED = ("id", "attr", "arg", "name", "asname", "module", "names")
_DIGITS = 16


def family_of(source: Any, declared: str | None = None) -> str:
    """The family of a strategy.

    Parameters
    ----------
    source : class or function
        What the author wrote.
    declared : str, optional
        Comes before what the author wrote down as ``family``.

    Returns
    -------
    str
        The declared name, else ``shape:`` and a hash of the syntax tree without names, defaults of parameters,
        docstrings and annotations; where there is no text, ``name:`` and the name.
    """
    written = declared or getattr(source, "family", None)
    if isinstance(written, str) and written:
        return written
    try:
        tree = parsed(textwrap.dedent(source_of(source)))
    except (OSError, TypeError, SyntaxError):
        return f"name:{getattr(source, '__qualname__', source)}"
    shape = ast.dump(_Eraser().visit(tree), annotate_fields=False)
    return f"shape:{hashlib.sha256(shape.encode()).hexdigest()[:_DIGITS]}"


class _Eraser(ast.NodeTransformer):
    """Leaves the shape: which statements, operators, calls and constants stand in which order."""

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.Call) and _is_parameter(node.func):
            node.args, node.keywords = [], []
        self.generic_visit(node)
        for field in _NAMED:
            if isinstance(getattr(node, field, None), str):
                setattr(node, field, "_")
        return self._without_words(node)

    def _without_words(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if ast.get_docstring(node, clean=False) is not None:
                node.body = node.body[1:] or [ast.Pass()]
            node.decorator_list = []
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
        return node


def _is_parameter(function: ast.expr) -> bool:
    """Whether a call declares a parameter: another default is another trial, not another idea."""
    return getattr(function, "id", getattr(function, "attr", None)) == "Param"
