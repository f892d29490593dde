"""The days of a vendor as sessions: from when to when a bar of a day lasts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.errors import CalendarError
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_SECOND
from tradewright.marketdata.sessions import sessions_around

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from tradewright.marketdata.sessions import SessionTable

__all__ = ["SessionDays"]

_EPOCH = dt.date(1970, 1, 1)
_DAYS = 360


class SessionDays:
    """The sessions of a calendar, found by the stamps that a vendor gives its bars.

    Parameters
    ----------
    calendar : str
    zone : ZoneInfo
        In which the stamp of a day lies on its date.
    """

    def __init__(self, calendar: str, zone: ZoneInfo) -> None:
        self._calendar = calendar
        self._zone = zone
        self._reach = (0, 0)
        self._table: SessionTable | None = None

    def span_at(self, stamp_ns: int) -> tuple[int, int]:
        """When the session of a stamp's date opens and closes; of a date without one, that date.

        What is placed there lies outside the sessions, and whoever places it says so.
        """
        date = dt.datetime.fromtimestamp(stamp_ns // NS_PER_SECOND, self._zone).date()
        table = self._around(stamp_ns)
        place = -1 if table is None else int(table.of_labels(np.array([(date - _EPOCH).days]))[0])
        if table is None or place < 0:
            return self._midnight(date), self._midnight(date + dt.timedelta(days=1))
        return int(table.opens[place]), int(table.closes[place])

    def closes_by(self, opened_ns: int, ends_ns: int) -> int:
        """When a bar that opened then is complete: its end, or that of the session that it opened in."""
        table = self._around(opened_ns)
        place = -1 if table is None else int(table.of_instants(np.array([opened_ns]))[0])
        return ends_ns if table is None or place < 0 else min(ends_ns, int(table.closes[place]))

    def _around(self, stamp_ns: int) -> SessionTable | None:
        """The sessions around an instant; None where the calendar knows none."""
        if not self._reach[0] <= stamp_ns < self._reach[1]:
            self._reach = (stamp_ns - _DAYS * NS_PER_DAY, stamp_ns + _DAYS * NS_PER_DAY)
            try:
                self._table = sessions_around(self._calendar, stamp_ns, stamp_ns, pad_days=_DAYS + 5)
            except CalendarError:
                self._table = None
        return self._table

    def _midnight(self, date: dt.date) -> int:
        return int(dt.datetime.combine(date, dt.time(), self._zone).timestamp()) * NS_PER_SECOND
