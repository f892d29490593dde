"""Python's text read as a tree, by one thread at a time.

CPython keeps the depth of the tree it is building in one place for all threads (gh-106905); when a garbage collection
lets another thread in half-way, both come out of step and `SystemError: AST constructor recursion depth mismatch` is
raised. Searches run from several threads at once met it.
"""

from __future__ import annotations

import ast
import inspect
import threading
from typing import Any

__all__ = ["lines_of", "parsed", "parsed_expression", "source_of"]

_ONE_AT_A_TIME = threading.RLock()


def parsed(text: str, filename: str = "<unknown>") -> ast.Module:
    """The tree of a module's text, as `ast.parse` makes it.

    Raises
    ------
    SyntaxError
        As Python raises it.
    """
    with _ONE_AT_A_TIME:
        return ast.parse(text, filename)


def parsed_expression(text: str) -> ast.expr:
    """The tree of one expression; errors as of `parsed`."""
    with _ONE_AT_A_TIME:
        return ast.parse(text, mode="eval").body


def source_of(written: Any) -> str:
    """The text of a class or function, as `inspect.getsource` finds it: for a class it reads the tree of the file.

    Raises
    ------
    OSError
        When there is no text.
    TypeError
        When it is nothing that has one.
    """
    with _ONE_AT_A_TIME:
        return inspect.getsource(written)


def lines_of(written: Any) -> tuple[list[str], int]:
    """Lines and number of the first one, as `inspect.getsourcelines` finds them; errors as of `source_of`."""
    with _ONE_AT_A_TIME:
        return inspect.getsourcelines(written)
