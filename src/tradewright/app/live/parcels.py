"""Inputs and outputs on their way to another process and back: plain tuples, which travel several times faster."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from tradewright.domain.bars import Bar
from tradewright.domain.live import session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.live.session import Input, Output

__all__ = ["packed", "packed_all", "unpacked", "unpacked_all"]

_KINDS: tuple[type, ...] = (
    session.Row, session.Filled, session.Standing, session.Ended, session.Booked, session.SessionClosed,
    session.Command, session.Placed, session.CancelAsked, session.Replaced, session.Happened, session.Logged,
    session.Tripped, session.StrategyFailed,
)  # fmt: skip
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}
_VALUES = [attrgetter(*kind.__dataclass_fields__) for kind in _KINDS]  # type: ignore[attr-defined]
_ROW, _REPLACED = _NUMBERS[session.Row], _NUMBERS[session.Replaced]
_BAR = attrgetter(*Bar.__dataclass_fields__)
_BARS, _ORDER = 2, 1
"""Places of what is a value of its own, in a row and in what replaces an order."""


def packed(said: Input | Output) -> tuple[int, tuple[Any, ...]]:
    """A value as a plain tuple."""
    number = _NUMBERS[type(said)]
    values: tuple[Any, ...] = _VALUES[number](said)
    if number == _ROW:
        return number, (*values[:_BARS], tuple(map(_BAR, values[_BARS])), *values[_BARS + 1 :])
    if number == _REPLACED:
        return number, (values[0], packed(values[_ORDER])[1])
    return number, values


def unpacked(parcel: tuple[int, tuple[Any, ...]]) -> Any:
    """The value that was packed so."""
    number, values = parcel
    if number == _ROW:
        values = (*values[:_BARS], tuple(Bar(*each) for each in values[_BARS]), *values[_BARS + 1 :])
    elif number == _REPLACED:
        values = (values[0], session.Placed(*values[_ORDER]))
    return _KINDS[number](*values)


def packed_all(said: Sequence[Output]) -> tuple[tuple[int, tuple[Any, ...]], ...]:
    """Outputs as plain tuples."""
    return tuple(map(packed, said))


def unpacked_all(parcels: Sequence[tuple[int, tuple[Any, ...]]]) -> tuple[Any, ...]:
    """The outputs that were packed so."""
    return tuple(map(unpacked, parcels))
