"""Where an author's code stands, in the words an author knows it by: file and line, or cell and line of a notebook."""

from __future__ import annotations

import linecache
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.domain.leaks import Spot

if TYPE_CHECKING:
    from types import CodeType, FrameType

__all__ = ["author_frame", "is_authors", "is_authors_code", "place", "spot"]

_OWN_FOLDER = str(Path(__file__).parent.parent) + "/"
_EXAMPLES = str(Path(__file__).parent.parent / "examples") + "/"
_DRIVERS = tuple(
    str(Path(__file__).parent.parent / "engine" / f"{name}.py") for name in ("loop", "delivery", "run", "staging")
)
"""Who calls the hooks of a strategy: beyond them stands whoever started the run."""

_LIBRARIES = tuple(sysconfig.get_paths()[name] + "/" for name in ("stdlib", "platstdlib"))


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


def is_authors(filename: str) -> bool:
    """Whether code of that file is an author's: neither ours nor of an installed package or Python itself."""
    if filename.startswith(_OWN_FOLDER):
        return filename.startswith(_EXAMPLES)
    return "site-packages" not in filename and not filename.startswith((*_LIBRARIES, "<frozen "))


def is_authors_code(code: CodeType) -> bool:
    """Whether a function is an author's, and not one that the standard library wrote for a value class of theirs."""
    written = code.co_filename.startswith("<") and (code.co_name.startswith("__") or code.co_name == "<lambda>")
    return is_authors(code.co_filename) and not written


def author_frame(frame: FrameType | None) -> FrameType | None:
    """The nearest frame of an author's code from a frame outward, inside the run that called it; None without one."""
    while frame is not None:
        filename = frame.f_code.co_filename
        if is_authors_code(frame.f_code):
            return frame
        if filename.startswith(_DRIVERS):
            return None
        frame = frame.f_back
    return None


def spot(filename: str, line: int) -> Spot:
    """A line of the author's text with what is written there."""
    return Spot(filename, line, linecache.getline(filename, line).strip())
