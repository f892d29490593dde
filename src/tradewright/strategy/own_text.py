"""The text of a class or function as its file has it now; finding where it ends is done once while the file stays."""

from __future__ import annotations

import inspect
import linecache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from tradewright.domain.syntax import source_of

if TYPE_CHECKING:
    from collections.abc import MutableMapping

__all__ = ["text_of"]

_KNOWN: MutableMapping[Any, tuple[list[str], str]] = WeakKeyDictionary()
"""By class or function: the lines of the file and the text that was found in them."""


def text_of(source: Any) -> str:
    """What `inspect.getsource` says of a class or function.

    Raises
    ------
    OSError
        When there is no text.
    TypeError
        When it is nothing that has one.
    """
    file = inspect.getsourcefile(source) or inspect.getfile(source)
    linecache.checkcache(file)
    lines = linecache.getlines(file)
    known = _KNOWN.get(source)
    if known is not None and known[0] is lines:
        return known[1]
    text = source_of(source)
    _KNOWN[source] = lines, text
    return text
