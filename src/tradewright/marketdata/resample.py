"""Resampling: bars of one timeframe aggregated into longer ones, session by session."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.bars import Bars, SessionIndex
from tradewright.domain.errors import CalendarError, DataError, DataNotAvailableError
from tradewright.domain.timeframe import NS_PER_DAY, Timeframe, TimeUnit
from tradewright.marketdata.periods import padding_days, periods
from tradewright.marketdata.provenance import origin_after
from tradewright.marketdata.sessions import SessionTable, sessions_around

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

__all__ = ["resample", "visible_rows"]


def resample(bars: Bars, timeframe: str | Timeframe, *, keep_incomplete: bool = False) -> Bars:
    """Aggregate bars into a longer timeframe.

    An intraday bar never spans sessions, nor a pause for lunch: it is counted from its session's open, and again from
    the end of the pause, and the last, shorter one is complete at the close, or when the pause begins. Hours before the
    open and after the close form bars of their own. A daily bar is one session, several days are as many sessions,
    counted from the first of the year; weeks and months are those of the session dates. Several days, weeks and months
    are labelled by their last session. The bar opens when its first row does and is complete when the calendar says
    that nothing more can belong to it: a series that holds hours outside sessions completes its days when the local day
    ends.

    Prices of unadjusted bars are taken as they are: a week with a split inside holds prices from before and after it.

    Parameters
    ----------
    bars : Bars
    timeframe : str or Timeframe
        Not shorter than that of the bars; for intraday bars a multiple of it.
    keep_incomplete : bool
        Also give the last bar when the rows do not reach its end, marked only by a `close_time` after the last row's.

    Raises
    ------
    DataError
        When the timeframe is shorter than, or no multiple of, that of the bars.
    DataNotAvailableError
        When no bar is complete.

    Examples
    --------
    >>> from tradewright.domain.instrument import Crypto
    >>> hour, n = 3_600_000_000_000, 48
    >>> opens, ones = np.arange(n) * hour, np.ones(n)
    >>> days = SessionIndex.of_labels(np.arange(n) // 24)
    >>> bars = Bars(Crypto("BTCUSD"), Timeframe.parse("1h"), opens, opens + hour, ones, ones, ones, ones, ones, days)
    >>> resample(bars, "1d").volume.tolist()
    [24.0, 24.0]
    """
    wanted = Timeframe.parse(timeframe)
    if wanted == bars.timeframe:
        return bars
    _require_longer(bars, wanted)
    groups = _session_bins(bars, wanted) if wanted.is_intraday else _periods(bars, wanted)
    stop = len(groups.first)
    if not keep_incomplete and groups.close_time[-1] > bars.close_time[-1]:
        stop -= 1
    if stop == 0:
        raise DataNotAvailableError(f"{bars!r} holds no complete bar of {wanted}.")
    return _aggregate(bars, wanted, groups, stop)


def visible_rows(base_close_time: Ints, higher_close_time: Ints) -> Ints:
    """For each base bar the row of the last higher bar that is complete when it closes, -1 before the first.

    Parameters
    ----------
    base_close_time : (n,) int64
    higher_close_time : (m,) int64
        Rising.

    Examples
    --------
    >>> visible_rows(np.array([1, 2, 3, 4]), np.array([2, 4])).tolist()
    [-1, 0, 0, 1]
    """
    return np.searchsorted(higher_close_time, base_close_time, side="right") - 1


@dataclass(frozen=True, slots=True)
class _Groups:
    """First row, completion and session date of each aggregated bar."""

    first: Ints
    close_time: Ints
    labels: Ints


def _require_longer(bars: Bars, wanted: Timeframe) -> None:
    if wanted < bars.timeframe:
        raise DataError(f"Bars of {bars.timeframe} cannot be resampled to the shorter {wanted}.")
    if wanted.is_intraday and wanted.minutes % bars.timeframe.minutes:
        raise DataError(f"Bars of {bars.timeframe} do not add up to {wanted}.", hint="Choose a multiple.")
    if not (bars.timeframe.is_intraday or _adds_up(bars.timeframe, wanted)):
        raise DataError(
            f"Bars of {bars.timeframe} do not add up to {wanted}, whose bounds fall inside them.",
            hint="Resample the daily bars.",
        )
    if bars.instrument.calendar is None:
        raise CalendarError(f"{bars.instrument.id} names no calendar, so its bars have no sessions to resample by.")


def _adds_up(timeframe: Timeframe, wanted: Timeframe) -> bool:
    """Whether no bar of a day or longer holds sessions of two of the wanted ones."""
    same = timeframe.unit is wanted.unit and wanted.count % timeframe.count == 0
    return same or (timeframe.unit is TimeUnit.DAY and timeframe.count == 1)


def _table(bars: Bars, wanted: Timeframe) -> SessionTable:
    pad = padding_days(wanted) + 10
    calendar = bars.instrument.calendar or ""
    return sessions_around(calendar, int(bars.open_time[0]), int(bars.close_time[-1]), pad_days=pad)


def _require_sessions(bars: Bars, position: Ints, labels: Ints) -> None:
    if (position < 0).any():
        day = np.datetime64(int(labels[np.argmin(position)]), "D")
        raise CalendarError(f"{bars.instrument.id} has bars on {day}, no session of {bars.instrument.calendar}.")


def _rows_of_sessions(bars: Bars, table: SessionTable) -> Ints:
    """Position in the table of every row's session."""
    position = table.of_labels(bars.sessions.labels)
    _require_sessions(bars, position, bars.sessions.labels)
    lengths = np.diff(np.append(bars.sessions.first_rows, len(bars)))
    return np.repeat(position, lengths)


def _session_bins(bars: Bars, wanted: Timeframe) -> _Groups:
    table = _table(bars, wanted)
    position = _rows_of_sessions(bars, table)
    anchors, limits = _stretches(table)
    part = np.sum([bars.open_time >= bound[position] for bound in limits[:-1]], axis=0)
    anchor, limit = np.stack(anchors)[part, position], np.stack(limits)[part, position]
    number = (bars.open_time - anchor) // wanted.nanoseconds
    first = _starts(position, part, number)
    end = np.minimum(anchor[first] + (number[first] + 1) * wanted.nanoseconds, limit[first])
    return _Groups(first, _not_before_rows(bars, first, end), table.labels[position[first]])


def _stretches(table: SessionTable) -> tuple[tuple[Ints, ...], tuple[Ints, ...]]:
    """Where counting begins, and where it ends, in the five stretches of each session; each (s,).

    They are the hours before the open, up to lunch, during lunch, after lunch, and after the close; a session without
    lunch has nothing in the third and fourth.
    """
    pause, resumed = table.breaks or (table.closes, table.closes)
    start = table.labels * NS_PER_DAY if table.is_around_the_clock else table.opens
    anchors = start, start, pause, resumed, table.closes
    return anchors, (table.opens, pause, resumed, table.closes, table.extended[1])


def _starts(*keys: Ints | NDArray[np.bool_]) -> Ints:
    """Rows at which any of the keys changes, the first included."""
    changed = np.zeros(len(keys[0]), np.bool_)
    changed[0] = True
    for key in keys:
        changed[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(changed)


def _not_before_rows(bars: Bars, first: Ints, end: Ints) -> Ints:
    """No aggregate is complete before the last of its rows."""
    last = np.append(first[1:], len(bars)) - 1
    latest: Ints = np.maximum(end, bars.close_time[last])
    return latest


def _periods(bars: Bars, wanted: Timeframe) -> _Groups:
    table = _table(bars, wanted)
    if bars.timeframe.is_intraday and (table.of_instants(bars.open_time) < 0).any():
        # Rows outside session hours: the day may go on after the close, so it is complete only when the day ends.
        table = replace(table, closes=table.extended[1])
    grouped = periods(table, wanted)
    row_labels = bars.sessions.row_labels(len(bars))
    position = grouped.positions(row_labels)
    _require_sessions(bars, position, row_labels)
    first = _starts(position)
    position = position[first]
    return _Groups(first, _not_before_rows(bars, first, grouped.closes[position]), grouped.labels[position])


def _aggregate(bars: Bars, wanted: Timeframe, groups: _Groups, stop: int) -> Bars:
    first, rows = groups.first, len(bars)
    last = np.append(first[1:], rows) - 1
    return replace(
        bars,
        timeframe=wanted,
        open_time=bars.open_time[first][:stop],
        close_time=groups.close_time[:stop],
        open=bars.open[first][:stop],
        high=np.maximum.reduceat(bars.high, first)[:stop],
        low=np.minimum.reduceat(bars.low, first)[:stop],
        close=bars.close[last][:stop],
        volume=np.add.reduceat(bars.volume, first)[:stop],
        sessions=SessionIndex.of_labels(groups.labels[:stop]),
        origin=origin_after(bars, "resample", str(wanted)),
    )
