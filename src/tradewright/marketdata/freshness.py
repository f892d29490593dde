"""How far stored bars lie behind their market."""

from __future__ import annotations

import numpy as np

from tradewright.domain.errors import CalendarError
from tradewright.domain.timeframe import NS_PER_DAY, Timeframe
from tradewright.marketdata.sessions import sessions_between

__all__ = ["sessions_behind"]

_DAY = Timeframe.parse("1d").nanoseconds


def sessions_behind(calendar: str, timeframe: Timeframe, last_ns: int, now_ns: int) -> int | None:
    """Sessions that have closed since the last bar.

    Parameters
    ----------
    calendar : str
    timeframe : Timeframe
    last_ns : int
        Stamp of the last bar, UTC nanoseconds: session date of daily bars, open of shorter ones.
    now_ns : int
        The present instant.

    Returns
    -------
    int or None
        None of bars longer than a day, and where the calendar does not reach as far.
    """
    first, last = last_ns // NS_PER_DAY, now_ns // NS_PER_DAY
    if timeframe.nanoseconds > _DAY:
        return None
    if last < first:
        return 0
    try:
        table = sessions_between(calendar, first, last)
    except CalendarError:
        return None
    later = table.opens > last_ns if timeframe.is_intraday else table.labels > first
    return int(np.count_nonzero(later & (table.closes <= now_ns)))
