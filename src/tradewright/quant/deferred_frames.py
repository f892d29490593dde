"""Stand-ins for data frame libraries while TA-Lib is imported.

TA-Lib imports pandas and polars only to recognise their frames and to answer in kind: it asks ``isinstance`` of four
classes and calls them. The stand-ins do both through the real class once somebody has imported it, so that TA-Lib
behaves as ever, and a program without frames starts without the second that both libraries cost.
"""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["frames_deferred", "may_defer"]

_LIBRARIES = ("pandas", "polars")
_CLASSES = ("DataFrame", "Series")


class _Deferred(type):
    """The class of a class that is not imported yet: nothing is an instance of it until it is."""

    def __instancecheck__(cls, value: object) -> bool:
        real = cls._real()
        return real is not None and isinstance(value, real)

    def __call__(cls, *args: Any, **keywords: Any) -> Any:
        # TA-Lib only answers in frames what it was given in frames: the real class is there by then.
        real = cls._real()
        if real is None:
            raise TypeError(f"{cls.__module__} is not imported")
        return real(*args, **keywords)

    def _real(cls) -> Any:
        return getattr(sys.modules.get(cls.__module__), cls.__name__, None)


def may_defer() -> bool:
    """Whether no other thread could meet a stand-in while it stands there."""
    return threading.active_count() == 1


@contextmanager
def frames_deferred() -> Iterator[None]:
    """Let ``import pandas`` and ``import polars`` find stand-ins, where they are installed and not imported yet."""
    placed = [name for name in _LIBRARIES if name not in sys.modules and find_spec(name) is not None]
    for name in placed:
        sys.modules[name] = _stand_in(name)
    try:
        yield
    finally:
        for name in placed:
            del sys.modules[name]


def _stand_in(name: str) -> ModuleType:
    module = ModuleType(name)
    for each in _CLASSES:
        setattr(module, each, _Deferred(each, (), {"__module__": name}))
    return module
