"""Values as JSON and back again, without loss: what JSON has no word for is marked with a ``$`` and the word.

Parameters of strategies, fields of log lines and descriptions of models are of the author's making. Numbers, text,
lists and mappings stand as they are; tuples, sets, ranges, infinities, numpy scalars and arrays of numbers come back as
what they were. Anything else comes back as its text alone.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Unreadable", "from_plain", "is_restorable", "to_plain"]

_MARK = "$"
_NUMBERS = "biuf"
"""Kinds of numpy's types whose values are numbers of JSON."""


class Unreadable:
    """Something that was kept as its text only; shows itself as what it stands for did."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unreadable) and repr(self) == repr(other)

    def __hash__(self) -> int:
        return hash(self._text)


def to_plain(value: Any) -> Any:
    """The value in the words of JSON, infinities and NaN included."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, np.generic) and value.dtype.kind in _NUMBERS:
        return _marked("numpy", [value.dtype.str, to_plain(value.item())])
    if isinstance(value, float):
        return value if math.isfinite(value) else _marked("float", repr(value))
    return _container(value)


def from_plain(value: Any) -> Any:
    """What `to_plain` was given."""
    if isinstance(value, list):
        return [from_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        word, inner = next(iter(value.items()))
        if word.startswith(_MARK) and word[1:] in _READERS:
            return _READERS[word[1:]](inner)
    return {name: from_plain(item) for name, item in value.items()}


def is_restorable(value: Any) -> bool:
    """Whether the value comes back as it was, rather than as its text."""
    if isinstance(value, dict):
        return all(isinstance(name, str) and is_restorable(item) for name, item in value.items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(map(is_restorable, value))
    if isinstance(value, (np.generic, np.ndarray)):
        return value.dtype.kind in _NUMBERS
    return value is None or isinstance(value, (bool, int, float, str, range))


def _marked(word: str, inner: Any) -> dict[str, Any]:
    return {_MARK + word: inner}


def _container(value: Any) -> Any:
    if hasattr(value, "items"):
        return _mapping(value)
    if isinstance(value, list):
        return [to_plain(item) for item in value]
    if isinstance(value, range):
        return _marked("range", [value.start, value.stop, value.step])
    if isinstance(value, np.ndarray) and value.dtype.kind in _NUMBERS:
        return _marked("array", [value.dtype.str, to_plain(value.tolist())])
    return _collection(value)


def _collection(value: Any) -> Any:
    if isinstance(value, tuple):
        return _marked("tuple", [to_plain(item) for item in value])
    if isinstance(value, (set, frozenset)):
        return _marked("set", [to_plain(item) for item in sorted(value)])
    return _marked("text", repr(value))


def _mapping(value: Mapping[Any, Any]) -> dict[str, Any]:
    plain = {str(name): to_plain(item) for name, item in value.items()}
    # A mapping that looks like a mark is marked itself, so that it is not read as one.
    return _marked("dict", plain) if len(plain) == 1 and next(iter(plain)).startswith(_MARK) else plain


_READERS: dict[str, Any] = {
    "float": float,
    "numpy": lambda inner: np.dtype(inner[0]).type(from_plain(inner[1])),
    "tuple": lambda inner: tuple(map(from_plain, inner)),
    "set": lambda inner: set(map(from_plain, inner)),
    "range": lambda inner: range(*inner),
    "array": lambda inner: np.array(from_plain(inner[1]), np.dtype(inner[0])),
    "dict": lambda inner: {name: from_plain(item) for name, item in inner.items()},
    "text": Unreadable,
}
