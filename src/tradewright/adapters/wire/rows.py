"""From a vendor's rows to bars: numbers that are numbers, and each bar once, oldest first."""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.adapters.data.rules import price_faults
from tradewright.domain.bars import Bar
from tradewright.domain.errors import DataError, ImpossibleRowsError
from tradewright.domain.moments import utc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = ["RowReader", "number_in"]

_LONGEST = 40
_NAMES = ("open", "high", "low", "close", "volume")
_UNREADABLE = (KeyError, TypeError, ValueError, IndexError, AttributeError, DataError)


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


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads the rows of one vendor's history of a symbol.

    Parameters
    ----------
    vendor, symbol : str
        As sentences call them.
    span : callable
        When the bar of a row opens, and when it closes, in UTC nanoseconds.
    numbers : callable
        Open, high, low, close and volume of a row.
    """

    vendor: str
    symbol: str
    span: Callable[[Any], tuple[int, int]]
    numbers: Callable[[Any], Sequence[float]]

    def bars(self, rows: Iterable[Any], first_ns: int, last_ns: int) -> list[Bar]:
        """The bars that lie between two instants, each once and oldest first.

        Raises
        ------
        ImpossibleRowsError
            When rows between them cannot be bars, cannot be read, or open together and differ: which of those is true,
            nobody can say, so that none of them counts.
        """
        found = _Found()
        for row in rows:
            self._take(row, found)
        bars = [bar for at, bar in sorted(found.bars.items()) if first_ns <= at and bar.close_time <= last_ns]
        faults = [(at, why) for at, why in found.faults if at is None or first_ns <= at < last_ns]
        if faults:
            raise self._refusal([bar for bar in bars if bar.open_time not in found.twice], faults)
        return bars

    def opened(self, row: Any) -> int | None:
        """When the bar of a row would open; None where that cannot be read."""
        try:
            return self.span(row)[0]
        except _UNREADABLE:
            return None

    def _take(self, row: Any, found: _Found) -> None:
        opened: int | None = None
        try:
            opened, closed = self.span(row)
            numbers = self.numbers(row)
            if why := _fault(numbers):
                raise DataError(why)
            found.take(Bar(self.symbol, opened, closed, *numbers))
        except _UNREADABLE as error:
            found.faults.append((opened, _reason(error)))

    def _refusal(self, bars: list[Bar], faults: list[tuple[int | None, str]]) -> ImpossibleRowsError:
        at, why = min(faults, key=lambda each: (each[0] is not None, each[0]))
        when = "" if at is None else f" at {utc(at):%F %T}"
        more = f"; nor can {len(faults) - 1:,} more" if len(faults) > 1 else ""
        return ImpossibleRowsError(
            f"A bar of {self.symbol} from {self.vendor}{when} cannot be used: {why}{more}.",
            bars=tuple(bars),
            rows=tuple(faults),
            hint="Ask for the bars before and after it.",
        )


@dataclass(slots=True)
class _Found:
    """What is read so far."""

    bars: dict[int, Bar] = field(default_factory=dict)
    twice: set[int] = field(default_factory=set)
    faults: list[tuple[int | None, str]] = field(default_factory=list)

    def take(self, bar: Bar) -> None:
        known = self.bars.setdefault(bar.open_time, bar)
        if known != bar and known.open_time not in self.twice:
            self.twice.add(bar.open_time)
            self.faults.append((bar.open_time, "it is one of two different bars that open together"))


def _fault(numbers: Sequence[float]) -> str:
    """Why numbers cannot be those of a bar, in the words of files; empty where they can, or only a sign is strange."""
    open_, high, low, close, volume = numbers
    if low <= open_ <= high < math.inf and low <= close <= high and 0 <= volume < math.inf:
        return ""
    columns = {name: np.array([value], np.float64) for name, value in zip(_NAMES, numbers, strict=True)}
    return price_faults(columns, has_volume=True).get(0, "")


def _reason(error: Exception) -> str:
    said = (error.message if isinstance(error, DataError) else f"{type(error).__name__}: {error}").rstrip(".")
    if said.startswith("'"):
        return f"its {said}"
    return said if said.startswith(("its ", "it ")) else f"it cannot be read ({said})"
