"""How far stored bars lie behind their market: by the calendar, at an instant, with what their source is late by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.errors import CalendarError
from tradewright.domain.freshness import Freshness, Standing
from tradewright.domain.spans import Spans
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_SECOND
from tradewright.marketdata.findings import written
from tradewright.marketdata.open_hours import open_hours
from tradewright.marketdata.periods import padding_days, periods
from tradewright.marketdata.sessions import sessions_around

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.domain.instrument import Instrument
    from tradewright.domain.timeframe import Timeframe
    from tradewright.marketdata.open_hours import OpenHours
    from tradewright.marketdata.sessions import SessionTable

    Ints = NDArray[np.int64]

__all__ = ["ALLOWED_SESSIONS", "Tail", "freshness_of"]

ALLOWED_SESSIONS = 1
"""Sessions that may have closed since the last bar before it counts as stale: what is fetched once a day lies one
behind from each close until it is fetched."""

_QUIET_NS = 15 * 60 * NS_PER_SECOND
"""Bars inside sessions have no row where nothing traded: what closed so shortly before counts as not traded."""


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of a series.

    Parameters
    ----------
    instrument : Instrument
    timeframe : Timeframe
    last_ns : int
        Stamp of the last bar, UTC nanoseconds: session date of daily and longer bars, open of shorter ones.
    end : int, optional
        The first day on which the instrument is not traded any more, days since 1970-01-01.
    """

    instrument: Instrument
    timeframe: Timeframe
    last_ns: int
    end: int | None = None

    @property
    def day(self) -> int:
        """The date of the stamp, days since 1970-01-01."""
        return self.last_ns // NS_PER_DAY


@dataclass(frozen=True, slots=True)
class _Lag:
    """What the calendar says.

    Parameters
    ----------
    day : int
        Session of the last bar, days since 1970-01-01.
    last_close, expected_close : int
        When the last bar closed, and the last that can be there.
    bars : int
        How many can be there after the last one.
    sessions : (s,) int64
        Those that have closed and of which they are.
    """

    day: int
    last_close: int
    expected_close: int
    bars: int
    sessions: Ints


def freshness_of(
    tail: Tail, now_ns: int, *, delay_s: float = 0.0, answered: Spans | None = None, allowed: int = ALLOWED_SESSIONS
) -> Freshness:
    """How far a series lies behind its calendar.

    Parameters
    ----------
    tail : Tail
    now_ns : int
        The present instant, UTC nanoseconds.
    delay_s : float
        What its source is late by design: bars that closed within it cannot be there.
    answered : Spans, optional
        Days of which its source has said everything, bars or none.
    allowed : int
        Sessions that may have closed since the last bar before it is stale.
    """
    calendar = tail.instrument.calendar
    last_close = tail.last_ns + min(tail.timeframe.nanoseconds, NS_PER_DAY)
    if calendar is None:
        return Freshness(Standing.UNKNOWN, f"{tail.instrument.id} names no calendar to go by.", last_close)
    if tail.last_ns > now_ns:
        return Freshness(
            Standing.UNKNOWN,
            f"Its last bar ({_stamp(tail)}) begins later than the present: a clock is wrong.",
            last_close,
        )
    until = min(now_ns - int(delay_s * NS_PER_SECOND), tail.instrument.expiry_ns or now_ns)
    if tail.end is not None:
        until = min(until, tail.end * NS_PER_DAY)
    try:
        table = sessions_around(calendar, tail.last_ns, now_ns, pad_days=max(padding_days(tail.timeframe), 10))
    except CalendarError:
        return Freshness(Standing.UNKNOWN, f"The calendar {calendar} does not reach to the present.", last_close)
    lag = _inside(tail, table, until) if tail.timeframe.is_intraday else _by_days(tail, table, until)
    standing, sentence = _judged(tail, lag, answered or Spans(), allowed)
    return Freshness(standing, sentence, lag.last_close, lag.expected_close, len(lag.sessions), lag.bars)


def _inside(tail: Tail, table: SessionTable, until: int) -> _Lag:
    """Bars inside sessions are counted slot by slot, a slot when it has closed."""
    hours = open_hours(table, tail.timeframe.nanoseconds)
    there, closed = int(hours.slot_of(np.array([tail.last_ns + 1]))[0]), _closed_slots(hours, until)
    last_close = _close_of(hours, there - 1)
    if not last_close - hours.step <= tail.last_ns < last_close:
        last_close = tail.last_ns + hours.step  # outside of the hours
    expected = _close_of(hours, closed - 1) if closed > there else last_close
    sessions = table.labels[(table.opens > tail.last_ns) & (table.closes <= until)]
    home = max(int(np.searchsorted(table.opens, tail.last_ns, "right")) - 1, 0)
    return _Lag(int(table.labels[home]), last_close, expected, max(closed - there, 0), sessions)


def _closed_slots(hours: OpenHours, until: int) -> int:
    """Slots that have closed at an instant; the last one of a stretch may be shorter."""
    at = max(int(np.searchsorted(hours.opens, until, "right")) - 1, 0)
    inside = max(until - int(hours.opens[at]), 0)
    return int(hours.bases[at]) + (int(hours.slots[at]) if until >= hours.closes[at] else inside // hours.step)


def _close_of(hours: OpenHours, slot: int) -> int:
    slot = max(slot, 0)
    stretch = int(hours.stretch_of(np.array([slot]))[0])
    return min(hours.stamp_of(slot) + hours.step, int(hours.closes[stretch]))


def _by_days(tail: Tail, table: SessionTable, until: int) -> _Lag:
    """Longer bars are there when the last of their sessions has closed."""
    grouped = periods(table, tail.timeframe)
    home = int(grouped.positions(np.array([tail.day]))[0])
    label = tail.day if home < 0 else int(grouped.labels[home])
    last_close = tail.last_ns + NS_PER_DAY if home < 0 else int(grouped.closes[home])
    # The last period of the table may go on behind it.
    later = np.flatnonzero((grouped.closes[:-1] <= until) & (grouped.labels[:-1] > label))
    if len(later) == 0:
        return _Lag(label, last_close, last_close, 0, table.labels[:0])
    sessions = table.labels[(table.labels > label) & (table.labels <= grouped.labels[later[-1]])]
    return _Lag(label, last_close, int(grouped.closes[later[-1]]), len(later), sessions)


def _judged(tail: Tail, lag: _Lag, answered: Spans, allowed: int) -> tuple[Standing, str]:
    if not len(lag.sessions):
        return _of_its_session(tail, lag, answered)
    missing = Spans.of((day, day + 1) for day in lag.sessions.tolist())
    is_answered = not missing.without(answered).days
    is_by_session = tail.timeframe.is_intraday or tail.timeframe.nanoseconds <= NS_PER_DAY
    behind = len(lag.sessions) if is_by_session else lag.bars
    unit = "session" if is_by_session else "bar"
    have = f"1 {unit} has" if behind == 1 else f"{behind} {unit}s have"
    said = f"{have} closed on {tail.instrument.calendar} since its last bar ({_stamp(tail)})"
    if behind > allowed:
        why = ", and its source was asked and has none: halted, renamed or delisted" if is_answered else ""
        return Standing.STALE, f"{said}{why}."
    if is_answered:
        return Standing.FRESH, f"{said}, and its source was asked and has none."
    return Standing.LATE, f"{said}."


def _of_its_session(tail: Tail, lag: _Lag, answered: Spans) -> tuple[Standing, str]:
    """Of a series whose last bar lies in the last session that closed, or in the one that goes on."""
    is_quiet = tail.timeframe.is_intraday and lag.expected_close - lag.last_close <= _QUIET_NS
    is_answered = not Spans.of([(lag.day, lag.day + 1)]).without(answered).days
    if not lag.bars:
        return Standing.FRESH, f"Its last bar ({_stamp(tail)}) is the last that can be there."
    if is_quiet or is_answered:
        why = "its source was asked for the rest" if is_answered else "nothing need have traded so shortly after"
        return Standing.FRESH, f"Its last bar ({_stamp(tail)}) may be the last: {why}."
    are = "bar is" if lag.bars == 1 else "bars are"
    return Standing.LATE, f"{lag.bars} {are} missing of the session of its last bar ({_stamp(tail)})."


def _stamp(tail: Tail) -> str:
    return written(tail.last_ns, is_intraday=tail.timeframe.is_intraday)
