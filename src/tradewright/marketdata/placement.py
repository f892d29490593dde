"""Placement: from a source's stamps to the instants at which each bar opens, and at which it is complete.

What a stamp means is stated by the caller and never guessed here. Rows that cannot be placed come back as faults,
each with its reason; the caller knows their lines and decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_MINUTE, TimeUnit
from tradewright.marketdata.periods import padding_days, periods
from tradewright.marketdata.sessions import sessions_around

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.domain.timeframe import Timeframe

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["Hours", "PlacedRows", "place_ends", "place_instants", "place_labels", "session_dates", "spacing_fault"]

_ENOUGH_GAPS = 20


class Hours(StrEnum):
    """Which hours of a day an intraday series may hold."""

    STRICT = "strict"
    """Only the session's; a row outside is a fault."""
    REGULAR = "regular"
    """Only the session's; rows outside are left out."""
    EXTENDED = "extended"
    """Also those before and after it on the same local day, which then belong to that day's session."""


@dataclass(frozen=True, slots=True)
class PlacedRows:
    """When each bar opens, when it is complete, its session date, and whether the calendar has no place for it.

    All columns are (n,); times in UTC nanoseconds, dates in days since 1970-01-01. Where `outside` is true the other
    columns mean nothing.
    """

    open_time: Ints
    close_time: Ints
    labels: Ints
    outside: Mask


def place_labels(calendar: str, timeframe: Timeframe, days: Ints) -> PlacedRows:
    """Place daily and longer bars by their session date.

    A day is complete at its session's close. A week or month may be labelled by any of its dates; it opens with its
    first session, is complete at the close of its last, and takes the date of that last session as its label.

    Parameters
    ----------
    calendar : str
    timeframe : Timeframe
        A day or longer.
    days : (n,) int64
        Session dates as days since 1970-01-01.
    """
    pad = padding_days(timeframe)
    table = sessions_around(calendar, int(days.min()) * NS_PER_DAY, int(days.max()) * NS_PER_DAY, pad_days=pad)
    if timeframe.unit is TimeUnit.DAY and timeframe.count == 1:
        position = table.of_labels(days)
        return PlacedRows(table.opens[position], table.closes[position], days, position < 0)
    grouped = periods(table, timeframe)
    position = grouped.positions(days)
    return PlacedRows(grouped.opens[position], grouped.closes[position], grouped.labels[position], position < 0)


def place_instants(calendar: str, timeframe: Timeframe, instants: Ints, hours: Hours = Hours.STRICT) -> PlacedRows:
    """Place intraday bars by the instant at which they open.

    A bar lasts its timeframe; in a series of session hours the last, shorter one is complete at the close. A first bar
    of a session that is shorter because the source cuts at whole hours is complete when the next one opens.

    Parameters
    ----------
    calendar : str
    timeframe : Timeframe
        Shorter than a day.
    instants : (n,) int64
        UTC nanoseconds, rising.
    hours : Hours
    """
    table = sessions_around(calendar, int(instants.min()), int(instants.max()))
    position = table.of_instants(instants, extended=hours is Hours.EXTENDED)
    close_time = instants + timeframe.nanoseconds
    if hours is Hours.STRICT:
        # A source that also holds later hours may have traded past the close inside this bar: cutting it there would
        # show those trades too early, so only a series of pure session hours is cut.
        np.minimum(close_time, table.closes[position], out=close_time)
    _shorten_first_bars(instants, close_time, position)
    return PlacedRows(instants, close_time, table.labels[position], position < 0)


def place_ends(calendar: str, timeframe: Timeframe, ends: Ints, hours: Hours = Hours.STRICT) -> PlacedRows:
    """Place intraday bars by the instant at which they end, which is when they are complete.

    A bar begins its timeframe earlier, though not before the bar before it ended, nor (in session hours) before the
    open. Parameters are those of `place_instants`, with `ends` instead of openings.
    """
    table = sessions_around(calendar, int(ends.min()), int(ends.max()))
    position = table.of_instants(ends - 1, extended=hours is Hours.EXTENDED)
    open_time = ends - timeframe.nanoseconds
    open_time[1:] = np.where(position[1:] == position[:-1], np.maximum(open_time[1:], ends[:-1]), open_time[1:])
    starts = table.extended[0] if hours is Hours.EXTENDED else table.opens
    open_time = np.maximum(open_time, starts[position])
    return PlacedRows(open_time, ends, table.labels[position], position < 0)


def session_dates(calendar: str, instants: Ints) -> tuple[Ints, Mask]:
    """The session date whose local day holds each instant, and where there is none."""
    table = sessions_around(calendar, int(instants.min()), int(instants.max()))
    position = table.of_instants(instants, extended=True)
    return table.labels[position], position < 0


def _shorten_first_bars(open_time: Ints, close_time: Ints, position: Ints) -> None:
    """Let the first bar of each session end when its second begins, in place."""
    first = np.flatnonzero(np.append(True, position[1:] != position[:-1]))
    first = first[first + 1 < len(position)]
    first = first[position[first] == position[first + 1]]
    close_time[first] = np.minimum(close_time[first], open_time[first + 1])


def spacing_fault(
    timeframe: Timeframe, stamps: Ints, sessions: Ints, *, begins_short: bool = True
) -> tuple[int, str] | None:
    """The first row whose distance from its neighbour contradicts the timeframe, with the reason.

    Parameters
    ----------
    timeframe : Timeframe
    stamps : (n,) int64
        Opening instants of intraday bars, session dates of longer ones, rising.
    sessions : (n,) int64
        Session date that labels every row's bar.
    begins_short : bool
        Whether the first bar of a session may be shorter than the timeframe, as where exchanges open at half past and
        bars begin with the hour; markets around the clock have none.
    """
    return (
        _intraday_spacing(timeframe, stamps, sessions, begins_short=begins_short)
        if timeframe.is_intraday
        else _daily_spacing(timeframe, stamps, sessions)
    )


def _intraday_spacing(
    timeframe: Timeframe, stamps: Ints, sessions: Ints, *, begins_short: bool
) -> tuple[int, str] | None:
    gaps = np.diff(stamps)
    inside = sessions[1:] == sessions[:-1]
    settled = inside & np.append(False, inside[:-1]) if begins_short else inside
    close = np.flatnonzero(settled & (gaps < timeframe.nanoseconds))
    if len(close):
        row = int(close[0]) + 1
        return row, f"comes {_minutes(int(gaps[row - 1]))} after the row before it, less than the timeframe {timeframe}"
    step = int(np.gcd.reduce(gaps[settled])) if settled.sum() >= _ENOUGH_GAPS else timeframe.nanoseconds
    if step > timeframe.nanoseconds:
        # A longer bar that claims to be short would be seen before it is complete.
        return 1, f"and all others are multiples of {_minutes(step)} apart, so the timeframe is not {timeframe}"
    return None


def _daily_spacing(timeframe: Timeframe, days: Ints, sessions: Ints) -> tuple[int, str] | None:
    same = np.flatnonzero(np.diff(sessions) == 0)
    if len(same):
        return int(same[0]) + 1, f"falls into the same {timeframe} bar as the row before it"
    typical = {TimeUnit.DAY: 5, TimeUnit.WEEK: 21}.get(timeframe.unit, 1_000_000) * timeframe.count
    if len(days) > _ENOUGH_GAPS // 2 and int(np.diff(days).min()) >= typical:
        return (
            1,
            f"and all others are at least {int(np.diff(days).min())} days apart, so the timeframe is not {timeframe}",
        )
    return None


def _minutes(nanoseconds: int) -> str:
    return f"{nanoseconds / NS_PER_MINUTE:g} min"
