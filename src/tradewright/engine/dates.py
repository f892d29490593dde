"""From the dates a user gives to the rows of a run."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.errors import ConfigError, DataNotAvailableError

if TYPE_CHECKING:
    from tradewright.domain.bars import Bars, SessionIndex

__all__ = ["day_of", "first_row_from", "iso_day", "until"]


def day_of(text: str, what: str) -> int:
    """A date as days since 1970-01-01.

    Raises
    ------
    ConfigError
        When the text is no ISO date.
    """
    try:
        return (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days
    except ValueError:
        raise ConfigError(f"The {what} '{text}' is not a date.", hint="Write it as 2020-12-31.") from None


def first_row_from(sessions: SessionIndex, rows: int, start: str | None) -> int:
    """First row whose session is on or after a date; 0 without one, the number of rows where there is none."""
    if start is None:
        return 0
    place = int(np.searchsorted(sessions.labels, day_of(start, "start")))
    return rows if place == len(sessions.labels) else int(sessions.first_rows[place])


def until(bars: Bars, end: str | None, start: str | None) -> Bars | None:
    """The bars up to a date, which is included; None where nothing is left.

    Raises
    ------
    DataNotAvailableError
        When the range is empty because it ends before it begins.
    """
    if end is None:
        return bars
    last = day_of(end, "end")
    if start is not None and last < day_of(start, "start"):
        raise DataNotAvailableError(f"The range {start} … {end} ends before it begins.")
    place = int(np.searchsorted(bars.sessions.labels, last, "right"))
    if place == 0:
        return None
    stop = len(bars) if place == len(bars.sessions.labels) else int(bars.sessions.first_rows[place])
    return bars if stop == len(bars) else bars.rows(0, stop)


def iso_day(nanoseconds: int) -> str:
    """The date of an instant or a session label, UTC nanoseconds, as 2020-12-31."""
    return str(np.datetime64(nanoseconds, "ns").astype("datetime64[D]"))
