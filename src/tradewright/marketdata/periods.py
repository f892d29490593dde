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


@dataclass(frozen=True, slots=True)
class PeriodTable:
    """The periods of a calendar: their numbers, last session dates, first opens and last closes, each (p,) int64."""

    ids: Ints
    labels: Ints
    opens: Ints
    closes: Ints

    def positions(self, ids: Ints) -> Ints:
        """Position of each period number, -1 where the calendar has no session in it."""
        position = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[position] == ids, position, -1)


def period_of(days: Ints, timeframe: Timeframe) -> Ints:
    """The number of the period that each session date falls in; shorter timeframes count single dates.

    Weeks run from Monday to Sunday and months by the calendar. Several days, weeks or months are counted from
    1970-01-05, the first Monday, and from January 1970, so that a bar's bounds never depend on where the data begin.

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
    if timeframe.unit is TimeUnit.DAY and timeframe.count > 1:
        return np.asarray((days - _FIRST_MONDAY) // timeframe.count)
    return days


def padding_days(timeframe: Timeframe) -> int:
    """How many days a table must reach beyond the data so that its first and last period are whole."""
    return 0 if timeframe.is_intraday else timeframe.minutes // 1440 + timeframe.count + 10


def periods(table: SessionTable, timeframe: Timeframe) -> PeriodTable:
    """Group sessions into periods; a period is labelled by its last session, as far as the table reaches."""
    ids = period_of(table.labels, timeframe)
    changed = np.flatnonzero(np.diff(ids)) + 1
    first = np.concatenate((np.zeros(min(1, len(ids)), np.int64), changed))
    last = np.append(changed, len(ids))[: len(first)] - 1
    return PeriodTable(ids[first], table.labels[last], table.opens[first], table.closes[last])
