"""Bars: one market's history as columns, and one bar as a value.

A bar is available at its ``close_time`` and never earlier. Columns are validated once, when they are built, and are
read-only from then on.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from .actions import Actions
from .errors import BadRowsError, DataError, DataNotAvailableError
from .moments import utc
from .timeframe import NS_PER_DAY, Timeframe

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from .instrument import Instrument
    from .quality import QualityReport

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Actions", "Adjustment", "Bar", "Bars", "Clock", "SessionIndex"]


class Adjustment(StrEnum):
    """Which corporate actions the prices of a series already contain."""

    RAW = "raw"
    SPLIT = "split"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar as a value.

    Raises
    ------
    DataError
        When the prices contradict each other or the times do not rise.
    """

    symbol: str
    open_time: int
    close_time: int
    open: float
    high: float
    low: float
    close: float
    volume: float

    def __post_init__(self) -> None:
        if self.close_time <= self.open_time:
            raise DataError(f"A bar of {self.symbol} closes at {self.close_time}, not after it opens.")
        reason = _price_fault(self.open, self.high, self.low, self.close, self.volume)
        if reason:
            raise DataError(f"A bar of {self.symbol} cannot be: {reason}.")

    @property
    def timestamp(self) -> dt.datetime:
        """When it opened, aware UTC, to the microsecond."""
        return utc(self.open_time)


def _price_fault(open_: float, high: float, low: float, close: float, volume: float) -> str:
    if not all(map(math.isfinite, (open_, high, low, close))):
        return "a price is missing"
    if not low <= min(open_, close) <= max(open_, close) <= high:
        return f"high {high} and low {low} do not enclose open {open_} and close {close}"
    if not volume >= 0:
        return f"volume {volume} is negative or missing"
    return ""


@dataclass(frozen=True, slots=True)
class SessionIndex:
    """Which rows of a series belong to which session.

    Parameters
    ----------
    labels : (s,) int64
        Session dates as days since 1970-01-01, rising. Around-the-clock markets use the UTC date.
    first_rows : (s,) int64
        Row at which each session begins; the first is 0.
    """

    labels: Ints
    first_rows: Ints

    def last_rows(self, rows: int) -> Ints:
        """Row at which each session ends, for a series of that many rows."""
        return np.append(self.first_rows[1:], rows) - 1

    def row_labels(self, rows: int) -> Ints:
        """The session date of every row, as days since 1970-01-01."""
        return np.repeat(self.labels, np.diff(np.append(self.first_rows, rows)))

    def cut(self, first: int, stop: int) -> SessionIndex:
        """The sessions of the rows ``first`` to ``stop - 1``."""
        begin = int(np.searchsorted(self.first_rows, first, "right")) - 1
        keep = slice(begin, int(np.searchsorted(self.first_rows, stop)))
        return SessionIndex(self.labels[keep], np.maximum(self.first_rows[keep] - first, 0))

    @staticmethod
    def of_labels(row_labels: Ints) -> SessionIndex:
        """Build the index from each row's session date (days since 1970-01-01, never falling)."""
        changed = np.flatnonzero(np.diff(row_labels)) + 1
        first_rows = np.concatenate((np.zeros(min(1, len(row_labels)), np.int64), changed))
        return SessionIndex(row_labels[first_rows].astype(np.int64), first_rows.astype(np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """The times of a series: columns that many series may share, so that a look tells that they are the same.

    Parameters
    ----------
    open_time, close_time : (n,) int64
        UTC nanoseconds.
    sessions : SessionIndex
    last_rows : (s,) int64
        Row at which each session ends.
    """

    open_time: Ints
    close_time: Ints
    sessions: SessionIndex
    last_rows: Ints

    def has_times(self, other: Clock) -> bool:
        """Whether the bars open and close at the same times."""
        return np.array_equal(self.open_time, other.open_time) and np.array_equal(self.close_time, other.close_time)

    def has_sessions(self, other: Clock) -> bool:
        """Whether sessions begin in the same rows and have the same dates."""
        mine, theirs = self.sessions, other.sessions
        return np.array_equal(mine.first_rows, theirs.first_rows) and np.array_equal(mine.labels, theirs.labels)


_PRICES = ("open", "high", "low", "close")


@dataclass(frozen=True, eq=False)
class Bars:
    """One instrument's bars of one timeframe, as columns.

    Parameters
    ----------
    instrument : Instrument
    timeframe : Timeframe
    open_time, close_time : (n,) int64
        UTC nanoseconds; `open_time` rises strictly and every bar closes after it opens and not after the next opens.
    open, high, low, close, volume : (n,) float64
        Prices in the instrument's currency; volume in its units.
    sessions : SessionIndex
    actions : Actions
        Splits and dividends that the prices do not contain yet.
    adjustment : Adjustment
    source : str
        Where the bars came from, shown in results; ``"SYNTHETIC …"`` for made ones.
    synthetic : bool
    origin : mapping
        How to get the same bars again, as plain values: ``kind`` is ``"file"``, ``"store"`` or ``"synthetic"``, and
        what that kind needs; ``then`` lists what was done since (``{"adjust": "full"}``, ``{"resample": "1w"}``); empty
        for bars that live in memory only. Outside the fingerprint.
    quality : QualityReport, optional
        What was found when they were read, rows that were left out included. Outside the fingerprint.

    Raises
    ------
    BadRowsError
        When rows are impossible; names the first of them.
    DataNotAvailableError
        When there is no row.
    """

    instrument: Instrument
    timeframe: Timeframe
    open_time: Ints
    close_time: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    sessions: SessionIndex
    actions: Actions = field(default_factory=Actions)
    adjustment: Adjustment = Adjustment.RAW
    source: str = "memory"
    synthetic: bool = False
    origin: Mapping[str, Any] = field(default_factory=dict)
    quality: QualityReport | None = None

    def __post_init__(self) -> None:
        for name in ("open_time", "close_time"):
            _freeze(self, name, np.int64)
        for name in (*_PRICES, "volume"):
            _freeze(self, name, np.float64)
        if len(self) == 0:
            raise DataNotAvailableError(f"There are no bars of {self.symbol} {self.timeframe} in {self.source}.")
        _require_equal_lengths(self)
        _require_possible_rows(self)

    def __len__(self) -> int:
        return len(self.open_time)

    @property
    def symbol(self) -> str:
        """The instrument's short name."""
        return self.instrument.symbol

    @cached_property
    def fingerprint(self) -> str:
        """Hash of everything that defines the series: equal bars, equal text."""
        digest = hashlib.sha256(repr((self.instrument.id, str(self.timeframe), str(self.adjustment))).encode())
        for column in (*self.columns().values(), self.sessions.labels, self.sessions.first_rows):
            digest.update(np.ascontiguousarray(column).data)
        for part in self.actions.content():
            digest.update(part)
        return digest.hexdigest()

    @cached_property
    def clock(self) -> Clock:
        """Its times."""
        return Clock(self.open_time, self.close_time, self.sessions, self.sessions.last_rows(len(self)))

    def follow(self, clock: Clock) -> bool:
        """Share another series' clock where the times are equal, so that the next look is quick; whether they are.

        Series with equal times and other sessions keep their own.
        """
        if self.clock is not clock and self.clock.has_times(clock):
            if not self.clock.has_sessions(clock):
                return True
            self.__dict__["clock"] = clock
        return self.clock is clock

    @property
    def ends(self) -> tuple[int, int]:
        """The first and the last of `labels`."""
        if self.timeframe.is_intraday:
            return int(self.open_time[0]), int(self.open_time[-1])
        return int(self.sessions.labels[0]) * NS_PER_DAY, int(self.sessions.labels[-1]) * NS_PER_DAY

    def columns(self) -> dict[str, NDArray[Any]]:
        """Time, price and volume columns by name; no copies."""
        return {name: getattr(self, name) for name in ("open_time", "close_time", *_PRICES, "volume")}

    def labels(self) -> Ints:
        """Index of the rows, UTC nanoseconds: session dates of daily and longer bars, open times of shorter ones."""
        if self.timeframe.is_intraday:
            return self.open_time
        return self.sessions.row_labels(len(self)) * NS_PER_DAY

    def bar(self, row: int) -> Bar:
        """One row as a value."""
        values = (float(getattr(self, name)[row]) for name in (*_PRICES, "volume"))
        return Bar(self.symbol, int(self.open_time[row]), int(self.close_time[row]), *values)

    def rows(self, first: int, stop: int) -> Bars:
        """The rows ``first`` to ``stop - 1`` as a series of their own; columns are views."""
        cut: dict[str, Any] = {name: column[first:stop] for name, column in self.columns().items()}
        return replace(self, sessions=self.sessions.cut(first, stop), **cut)

    def lengthened(self, columns: Mapping[str, NDArray[Any]], sessions: SessionIndex) -> Bars:
        """The same series with rows behind it, whose bars were born valid one by one; nothing is checked again.

        Parameters
        ----------
        columns : mapping
            Every column of `columns`, contiguous, of its type and read-only; it begins with the rows of this series.
        sessions : SessionIndex
        """
        longer = object.__new__(Bars)
        kept = {name: value for name, value in vars(self).items() if name not in _DERIVED}
        longer.__dict__.update(kept, **columns, sessions=sessions)
        return longer

    def with_instrument(self, instrument: Instrument) -> Bars:
        """The same columns under another instrument."""
        return replace(self, instrument=instrument)

    def __repr__(self) -> str:
        first, last = np.array([self.labels()[0], self.labels()[-1]], "datetime64[ns]").astype("datetime64[m]")
        return f"<Bars {self.instrument.id} {self.timeframe}, {len(self):,} rows, {first} … {last}>"


_DERIVED = frozenset({"clock", "fingerprint"})
"""What is worked out of the columns once and belongs to them."""


def _freeze(bars: Bars, name: str, dtype: type) -> None:
    """Store the column as a contiguous read-only array of its type; callers keep their own arrays writable."""
    column: NDArray[Any] = np.ascontiguousarray(getattr(bars, name), dtype=dtype).view()
    column.flags.writeable = False
    object.__setattr__(bars, name, column)


def _require_equal_lengths(bars: Bars) -> None:
    lengths = {name: len(column) for name, column in bars.columns().items()}
    if len(set(lengths.values())) != 1:
        raise DataError(f"The columns of {bars.symbol} differ in length: {lengths}.")


def _require_possible_rows(bars: Bars) -> None:
    if _all_possible(bars):
        return
    for rule, bad in _faults(bars):
        if bad.any():
            row = int(np.argmax(bad))
            stamp = np.datetime64(int(bars.open_time[row]), "ns")
            raise BadRowsError(
                f"Row {row} of {bars.symbol} ({stamp}) {rule}; {int(bad.sum())} of {len(bars)} rows do.",
                rows=tuple((int(index), rule) for index in np.flatnonzero(bad)[:1000]),
                hint="Repair the source, or read it with bad_rows='drop'.",
            )


def _all_possible(bars: Bars) -> bool:
    """The rules of `_faults` in as few passes and as little memory as they take; NaN fails every comparison."""
    good = bool((bars.close_time > bars.open_time).all()) and bool((bars.open_time[1:] >= bars.close_time[:-1]).all())
    for name in ("open", "close"):
        column = getattr(bars, name)
        good = good and bool((bars.low <= column).all()) and bool((column <= bars.high).all())
    good = good and bool((bars.low > 0).all()) and bool((bars.high < np.inf).all())
    return good and bool((bars.volume >= 0).all())


def _faults(bars: Bars) -> Any:
    """Each rule with the rows that break it, evaluated one at a time to bound memory."""
    yield "closes at or before it opens", bars.close_time <= bars.open_time
    yield "does not come after the row before it", np.append(False, bars.open_time[1:] < bars.close_time[:-1])
    for name in _PRICES:
        yield f"has a missing {name}", ~np.isfinite(getattr(bars, name))
    yield "has a negative price", bars.low < 0
    yield "has a price of zero", bars.low == 0
    yield "has a high below its open, low or close", bars.high < np.maximum(np.maximum(bars.open, bars.close), bars.low)
    yield "has a low above its open or close", bars.low > np.minimum(bars.open, bars.close)
    yield "has a negative or missing volume", ~(bars.volume >= 0)
