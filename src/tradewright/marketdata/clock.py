"""Whether a market trades at an instant, and when that changes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tradewright.domain.timeframe import NS_PER_DAY

from .sessions import sessions_between

__all__ = ["MarketHours", "market_hours"]

_LONGEST_HOLIDAY = 15
"""Days; no market of the calendars closes for longer."""


class MarketHours(NamedTuple):
    """A market at an instant.

    Parameters
    ----------
    calendar, zone : str
    is_open : bool
    is_around_the_clock : bool
        Whether its sessions follow each other without a break.
    opens_ns : int or None
        When it opens next, UTC nanoseconds; None while it is open.
    closes_ns : int or None
        When it closes, or pauses; None while it is closed.
    """

    calendar: str
    zone: str
    is_open: bool
    is_around_the_clock: bool
    opens_ns: int | None
    closes_ns: int | None


def market_hours(calendar: str, now_ns: int) -> MarketHours:
    """The hours of a market around an instant.

    Raises
    ------
    CalendarError
        When the calendar is unknown or does not reach so far.
    """
    today = now_ns // NS_PER_DAY
    table = sessions_between(calendar, today - 2, today + _LONGEST_HOLIDAY)
    opens, closes = table.opens, table.closes
    if table.breaks is not None:
        opens = np.sort(np.concatenate((opens, table.breaks[1])))
        closes = np.sort(np.concatenate((table.breaks[0], closes)))
    known = opens < closes
    opens, closes = opens[known], closes[known]
    place = int(np.searchsorted(closes, now_ns, "right"))
    has_next = place < len(opens)
    is_open = has_next and int(opens[place]) <= now_ns
    return MarketHours(
        calendar,
        table.zone,
        is_open,
        table.is_around_the_clock,
        int(opens[place]) if has_next and not is_open else None,
        int(closes[place]) if is_open else None,
    )
