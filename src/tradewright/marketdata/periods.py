"""Periods: which session dates make up one bar of a day, a week or a month, and when that bar is complete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.timeframe import TimeUnit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.domain.timeframe import Timeframe
    from tradewright.marketdata.sessions import SessionTable

    Ints = NDArray[np.int64]

__all__ = ["PeriodTable", "padding_days", "period_of", "periods"]

_FIRST_MONDAY = 4  # 1970-01-05, in days since 1970-01-01
_YEAR = 400  # no year has so many sessions, nor days


@dataclass(frozen=True, slots=True)
class PeriodTable:
    """The periods of a calendar: their numbers, last session dates, first opens and last closes, each (p,) int64.

    `timeframe` is their length and `sessions` (s,) the session dates that they were made of, `session_ids` (s,) the
    number of the period of each.
    """

    ids: Ints
    labels: Ints
    opens: Ints
    closes: Ints
    timeframe: Timeframe
    sessions: Ints
    session_ids: Ints

    def ids_of(self, days: Ints) -> Ints:
        """Number of the period of each date, -1 where there is none; several days must be sessions to have one."""
        if self.timeframe.unit is not TimeUnit.DAY:
            return period_of(days, self.timeframe)
        position = np.minimum(np.searchsorted(self.sessions, days), len(self.sessions) - 1)
        return np.where(self.sessions[position] == days, self.session_ids[position], -1)

    def positions(self, days: Ints) -> Ints:
        """Position of the period of each date, -1 where the calendar has no session in it."""
        ids = self.ids_of(days)
        position = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[position] == ids, position, -1)


def period_of(days: Ints, timeframe: Timeframe) -> Ints:
    """The number of the week or month that each date falls in; shorter timeframes count single dates.

    Weeks run from Monday to Sunday and months by the calendar. Several weeks or months are counted from 1970-01-05, the
    first Monday, and from January 1970, so that a bar's bounds never depend on where the data begin.

    Parameters
    ----------
    days : (n,) int64
        Days since 1970-01-01.
    timeframe : Timeframe

    Examples
    --------
    >>> from tradewright.domain.timeframe import Timeframe
    >>> period_of(np.array([3, 4, 10, 11]), Timeframe.parse("1w")).tolist()
    [-1, 0, 0, 1]
    """
    if timeframe.unit is TimeUnit.MONTH:
        months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        return np.asarray(months // timeframe.count)
    if timeframe.unit is TimeUnit.WEEK:
        return np.asarray((days - _FIRST_MONDAY) // (7 * timeframe.count))
    return days


def padding_days(timeframe: Timeframe) -> int:
    """How many days a table must reach beyond the data so that its first and last period are whole."""
    if timeframe.is_intraday:
        return 0
    if timeframe.unit is TimeUnit.DAY and timeframe.count > 1:
        return _YEAR  # they are counted from the first session of the year
    return timeframe.minutes // 1440 + timeframe.count + 10


def periods(table: SessionTable, timeframe: Timeframe) -> PeriodTable:
    """Group sessions into periods; a period is labelled by its last session, as far as the table reaches.

    Several days are that many sessions, counted from the first of each year: the year's last bar may hold fewer.
    """
    ids = _session_ids(table.labels, timeframe)
    changed = np.flatnonzero(np.diff(ids)) + 1
    first = np.concatenate((np.zeros(min(1, len(ids)), np.int64), changed))
    last = np.append(changed, len(ids))[: len(first)] - 1
    columns = ids[first], table.labels[last], table.opens[first], table.closes[last]
    return PeriodTable(*columns, timeframe, table.labels, ids)


def _session_ids(labels: Ints, timeframe: Timeframe) -> Ints:
    """The number of each session's period, rising."""
    if timeframe.unit is not TimeUnit.DAY or timeframe.count == 1:
        return period_of(labels, timeframe)
    years = labels.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    in_year = np.arange(len(labels)) - np.searchsorted(years, years)
    return np.asarray(years * _YEAR + in_year // timeframe.count)
