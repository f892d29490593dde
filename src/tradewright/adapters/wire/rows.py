"""From a vendor's rows to bars: numbers that are numbers, and each bar once, oldest first."""

from __future__ import annotations

import contextlib
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import BrokerError, DataError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradewright.domain.bars import Bar

__all__ = ["in_order", "number_in"]

_LONGEST = 40


def number_in(row: Any, name: str) -> float:
    """A number of a row, whether it is written as one or as text.

    Raises
    ------
    DataError
        When it is none, or missing.
    """
    value = row.get(name) if isinstance(row, dict) else None
    if isinstance(value, (int, float, Decimal, str)) and not isinstance(value, bool):
        with contextlib.suppress(ValueError, OverflowError):
            return _finite(float(value))
    raise DataError(f"'{name}' is {repr(value)[:_LONGEST]}, and no number.")


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(value)
    return value


def in_order(bars: Iterable[Bar], vendor: str) -> list[Bar]:
    """The bars, each once and oldest first.

    Raises
    ------
    BrokerError
        When two that open together differ: which of them is true, nobody can say.
    """
    found: dict[int, Bar] = {}
    for bar in bars:
        if found.setdefault(bar.open_time, bar) != bar:
            raise BrokerError(f"{vendor} sent two different bars of {bar.symbol} that open at {bar.timestamp:%F %T}.")
    return [found[at] for at in sorted(found)]
