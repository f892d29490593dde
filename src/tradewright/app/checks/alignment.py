"""Which values that an author holds belong to which bar: by their times, or by their place."""

from __future__ import annotations

import datetime as dt
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.research.leak_foresight import foresight

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.marketdata.market import Market

    Ints = NDArray[np.int64]

__all__ = ["Alignment", "are_stamps", "stamps_of"]

_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|\+00:00)?)?$")
_FIRST_STAMP = 10**17
"""Nanoseconds of 1973: whole numbers from here up are instants, not amounts."""

_MOST_SHORT = 60
_COUNTED = ((NS_PER_DAY, 0), (NS_PER_DAY, -719_163), (10**9, 0), (10**6, 0), (10**3, 0))
"""How times may be counted: days since 1970 and since the year 1, seconds, milliseconds and microseconds."""


class Alignment:
    """Finds for values the bars of one market that they belong to.

    Parameters
    ----------
    market : Market
        Of the whole run.
    """

    def __init__(self, market: Market) -> None:
        self.market = market
        self._offsets: dict[int, tuple[Any, int]] = {}

    @cached_property
    def _moments(self) -> set[int]:
        days = (self.market.sessions.labels * NS_PER_DAY).tolist()
        return {*days, *self.market.open_time.tolist(), *self.market.close_time.tolist()}

    @cached_property
    def _opens(self) -> set[int]:
        return set(self.market.open_time.tolist())

    def are_opens(self, stamps: Ints) -> bool:
        """Whether most stamps are those at which bars open."""
        return bool(np.mean([stamp in self._opens for stamp in _some(stamps)]) > 0.5)

    def stamps(self, values: Any) -> Ints | None:
        """Values that are times, as UTC nanoseconds: as `stamps_of`, and counted in days or seconds as the bars are."""
        found = stamps_of(values)
        if found is not None or len(values) < 6 or isinstance(values[0], str):
            return found
        numbers = np.asarray(values)
        if numbers.dtype.kind not in "iu" or (np.diff(numbers) < 0).any():
            return None
        for unit, offset in _COUNTED:
            counted = (numbers.astype(np.int64) + offset) * unit
            if np.mean([each in self._moments for each in _some(counted)]) > 0.8:
                return counted
        return None

    def known(self, values: Any, row: int, instant: int) -> int | None:
        """How many of the first values are known when a row has closed; None where they are no column of the market."""
        rows = len(self.market)
        for track in self.market.tracks:
            missing = len(track.bars) - len(values)
            if 0 <= missing <= _MOST_SHORT and len(values) > _MOST_SHORT:
                until = int(np.searchsorted(track.bars.close_time, instant, "right"))
                return max(0, until - (self._offset(values, track.bars.close) if missing else 0))
        return row + 1 if len(values) == rows else None

    def _offset(self, values: Any, close: NDArray[np.float64]) -> int:
        """By how many rows a shorter column is late: the first placing at which it does not foretell the next bar."""
        if id(values) not in self._offsets:
            self._offsets[id(values)] = values, self._late(np.asarray(values), close)
        return self._offsets[id(values)][1]

    def _late(self, values: Any, close: NDArray[np.float64]) -> int:
        if values.ndim != 1 or values.dtype.kind not in "fib":
            return 0
        missing = len(close) - len(values)
        for late in range(missing + 1):
            placed = np.full(len(close), np.nan)
            placed[late : late + len(values)] = values
            if foresight(placed, close) is None:
                return late
        return 0


def _some(values: Ints) -> list[int]:
    return [int(each) for each in values[:: max(1, len(values) // 50)]]


def are_stamps(values: Any) -> bool:
    """Whether an array of whole numbers holds instants."""
    return values.dtype.kind == "i" and bool(len(values)) and bool(np.abs(values).max() >= _FIRST_STAMP)


def stamps_of(values: Any) -> Ints | None:
    """Values that are times as UTC nanoseconds; None where they are anything else.

    Examples
    --------
    >>> stamps_of(["2020-01-01", "2020-01-02"]).tolist()
    [1577836800000000000, 1577923200000000000]
    >>> stamps_of(["AAPL", "MSFT"]) is None
    True
    """
    if not len(values):
        return None
    array = values if isinstance(values, np.ndarray) else None
    if array is not None and array.dtype.kind == "M":
        return array.astype("datetime64[ns]").astype(np.int64)
    if array is not None and array.dtype.kind != "O":
        return array.astype(np.int64) if are_stamps(array) else None
    return _stamps_of_objects(list(values))


def _stamps_of_objects(values: list[Any]) -> Ints | None:
    first = values[0]
    if isinstance(first, str) and _DATE.match(first):
        if not all(isinstance(each, str) and _DATE.match(each) for each in values):
            return None
        plain = [re.sub(r"(Z|\+00:00)$", "", each) for each in values]
        return np.array(plain, "datetime64[ns]").astype(np.int64)
    if isinstance(first, (np.datetime64, dt.date)):
        return np.array([_nanoseconds(each) for each in values], np.int64)
    if isinstance(first, (int, np.integer)) and not isinstance(first, bool) and abs(int(first)) >= _FIRST_STAMP:
        return np.array(values, np.int64)
    return None


def _nanoseconds(moment: Any) -> int:
    if isinstance(moment, dt.datetime):
        aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
        return int(aware.timestamp() * 1_000_000) * 1000
    if isinstance(moment, dt.date):
        return (moment - dt.date(1970, 1, 1)).days * NS_PER_DAY
    return int(np.datetime64(moment, "ns").astype(np.int64))
