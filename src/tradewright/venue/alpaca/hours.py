"""The clock and the calendar as Alpaca writes them: in the time of the exchange."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from tradewright.venue.refusals import Refusal, Why

if TYPE_CHECKING:
    from tradewright.venue.tape import Tape

__all__ = ["calendar_json", "clock_json"]


def _local(tape: Tape, nanoseconds: int) -> dt.datetime:
    """An instant in the time of the exchange, to the microsecond."""
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    moment = dt.datetime.fromtimestamp(seconds, dt.UTC) + dt.timedelta(microseconds=rest // 1000)
    return moment.astimezone(ZoneInfo(tape.hours.zone))


def clock_json(tape: Tape, now_ns: int) -> dict[str, Any]:
    """What time it is, and when the market opens and closes next."""
    is_open, opens, closes = tape.clock(now_ns)
    return {
        "timestamp": _local(tape, now_ns).isoformat(),
        "is_open": is_open,
        "next_open": _local(tape, opens).isoformat(),
        "next_close": _local(tape, closes).isoformat(),
    }


def calendar_json(tape: Tape, start: str | None, end: str | None) -> list[dict[str, Any]]:
    """The sessions from one date to another, both included.

    Raises
    ------
    Refusal
        When a date is none.
    """
    hours = tape.hours
    first, last = _day(start, "start", -(2**62)), _day(end, "end", 2**62)
    chosen = np.flatnonzero((hours.labels >= first) & (hours.labels <= last))
    return [_session(tape, int(place)) for place in chosen]


def _session(tape: Tape, place: int) -> dict[str, Any]:
    hours = tape.hours
    opened, closed = _local(tape, int(hours.opens[place])), _local(tape, int(hours.closes[place]))
    is_whole_day = closed - opened >= dt.timedelta(days=1)
    return {
        "date": str(np.datetime64(int(hours.labels[place]), "D")),
        "open": f"{opened:%H:%M}",
        "close": "23:59" if is_whole_day else f"{closed:%H:%M}",
        "session_open": f"{opened:%H%M}",
        "session_close": "2359" if is_whole_day else f"{closed:%H%M}",
    }


def _day(text: str | None, name: str, otherwise: int) -> int:
    if text is None:
        return otherwise
    try:
        return (dt.date.fromisoformat(text[:10]) - dt.date(1970, 1, 1)).days
    except ValueError:
        raise Refusal(Why.BAD_FIELD, f"{name} must be a date, such as 2024-01-31") from None
