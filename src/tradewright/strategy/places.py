"""Where an author's code stands, in the words an author knows it by: file and line, or cell and line of a notebook."""

from __future__ import annotations

import sys

__all__ = ["place"]


def place(filename: str, line: int | None) -> str:
    """``file.py:3``, or ``cell In[2], line 3`` where the code was run in a notebook or at IPython's prompt.

    Examples
    --------
    >>> place("mine.py", 3)
    'mine.py:3'
    """
    cell = _cell(filename)
    return f"{filename}:{line}" if cell is None else f"cell {cell}, line {line}"


def _cell(filename: str) -> str | None:
    """What IPython calls the cell whose code has that file name; None without IPython, or for a real file."""
    ask = getattr(sys.modules.get("IPython"), "get_ipython", None)
    named = getattr(getattr(ask and ask(), "compile", None), "format_code_name", None)
    found = named(filename) if callable(named) else None
    return None if found is None else str(found[1])
