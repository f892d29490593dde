"""Inputs and outputs in canonical JSON, written at the speed of ticks."""

from __future__ import annotations

import json
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from tradewright.domain.bars import Bar
from tradewright.domain.live.session import (
    Logged,
    Replaced,
    Row,
    input_from_plain,
    output_from_plain,
)
from tradewright.domain.live.wire import canonical_json
from tradewright.domain.plain_values import from_plain, to_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradewright.domain.live.session import Input, Output

__all__ = ["ANSWERS", "answers_of", "bytes_of", "bytes_of_answers", "input_of"]

ANSWERS = "Answers"
"""The kind of a record that holds what the engine answered."""

_MARK = b'"$'
_written = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode
"""The same text as `canonical_json`, without setting the encoder up again each time."""

_Fields = tuple[tuple[str, ...], "Callable[[Any], tuple[Any, ...]]"]
_FIELDS: dict[type, _Fields] = {}


def bytes_of(given: Input) -> bytes:
    """An input as it is written."""
    return _bytes(_plain(given))


def bytes_of_answers(outputs: Sequence[Output]) -> bytes:
    """What the engine answered to one input as it is written."""
    return _bytes({"kind": ANSWERS, "said": [_plain(each) for each in outputs]})


def input_of(body: bytes) -> Input:
    """The input that was written so.

    Raises
    ------
    KeyError, TypeError, ValueError
        When it is none that this version knows.
    """
    return input_from_plain(_read(body))


def answers_of(body: bytes) -> tuple[Output, ...]:
    """The outputs that were written so; errors as of `input_of`."""
    return tuple(output_from_plain(each) for each in _read(body)["said"])


def _bytes(plain: dict[str, Any]) -> bytes:
    try:
        return _written(plain).encode("ascii")
    except (TypeError, ValueError):
        # Infinities and numbers of numpy, which JSON has no words for, are rare enough to be looked for only here.
        return canonical_json(to_plain(plain))


def _read(body: bytes) -> Any:
    plain = json.loads(body)
    return from_plain(plain) if _MARK in body else plain


def _fields(kind: type) -> _Fields:
    found = _FIELDS.get(kind)
    if found is None:
        names = tuple(kind.__dataclass_fields__)  # type: ignore[attr-defined]
        found = _FIELDS[kind] = (names, attrgetter(*names))
    return found


def _dict(value: Any) -> dict[str, Any]:
    names, values = _fields(type(value))
    return dict(zip(names, values(value), strict=True))


def _plain(said: Input | Output) -> dict[str, Any]:
    """`plain_of`, without the copies that it makes of every value."""
    plain = _dict(said)
    plain["kind"] = type(said).__name__
    if type(said) is Row:
        names, values = _fields(Bar)
        plain["bars"] = [dict(zip(names, values(bar), strict=True)) for bar in said.bars]
    elif type(said) is Logged:
        plain["fields"] = to_plain(dict(said.fields))
    elif type(said) is Replaced:
        plain["order"] = _dict(said.order)
    return plain
