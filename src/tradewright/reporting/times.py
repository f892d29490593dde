"""Rows and instants of a run as people read them: session dates for days and longer, the exchange's clock for less."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.reporting import zones

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.domain.record import RunRecord

    Ints = NDArray[np.int64]

__all__ = ["Times"]

_MOST_BROKEN = 30
_NS_PER_HOUR = NS_PER_DAY // 24


class Times:
    """How the times of one run are told.

    Parameters
    ----------
    record : RunRecord
    """

    def __init__(self, record: RunRecord) -> None:
        self._line = record.timeline
        self.intraday = record.timeline.intraday
        self.zone = zones.zone_of(record)
        self.city = zones.city(self.zone)

    @property
    def axis(self) -> str:
        """What stands at a time axis."""
        return f"{self.city} time" if self.intraday and self.zone != zones.UTC else "UTC" if self.intraday else ""

    @property
    def hover(self) -> str:
        """How a time axis writes one instant."""
        return "%Y-%m-%d %H:%M" if self.intraday else "%Y-%m-%d"

    @cached_property
    def breaks(self) -> list[dict[str, object]]:
        """Nights and weekends to leave out of a time axis, for a few sessions of a market that closes.

        Over many sessions they are thinner than a pixel, and drawing without them takes seconds.
        """
        line = self._line
        firsts, lasts = line.sessions.first_rows, line.sessions.last_rows(len(line))
        if not self.intraday or self.zone == zones.UTC or not 1 < len(firsts) <= _MOST_BROKEN:
            return []
        opens = zones.local(line.open_time[firsts], self.zone) % NS_PER_DAY
        closes = zones.local(line.close_time[lasts], self.zone) % NS_PER_DAY
        first, last = float(opens.min()) / _NS_PER_HOUR, float(closes.max()) / _NS_PER_HOUR
        nights: list[dict[str, object]] = [{"bounds": [last, first], "pattern": "hour"}] if last > first else []
        return [{"bounds": ["sat", "mon"]}, *nights]

    @cached_property
    def _days(self) -> Ints:
        return self._line.sessions.row_labels(len(self._line))

    def rows(self, rows: Ints) -> list[str]:
        """Where each row lies on a time axis: its session, or its open on the exchange's clock."""
        if self.intraday:
            return self.instants(self._line.open_time[rows])
        return _texts(self._days[rows].astype("datetime64[D]"))

    def instants(self, instants: Ints) -> list[str]:
        """Instants on the exchange's clock, to the minute."""
        return _texts(zones.local(instants, self.zone).astype("datetime64[ns]").astype("datetime64[m]"))

    def points(self, places: Ints) -> list[str]:
        """Places in `curves.marked_equity` as text: 0 is the start, others the row before them."""
        first = self._line.first_row
        return [text.replace("T", " ") for text in self.rows(np.maximum(first + places - 1, first))]

    def session_dates(self, rows: Ints) -> NDArray[np.datetime64]:
        """Session dates of rows, datetime64[D]."""
        dates: NDArray[np.datetime64] = (self._days[rows] * NS_PER_DAY).astype("datetime64[ns]").astype("datetime64[D]")
        return dates

    def full(self, instant: int, row: int) -> str:
        """One instant: the session for days and longer, else the exchange's clock by name, then UTC."""
        if not self.intraday:
            return str(self.session_dates(np.array([row]))[0])
        there = self.instants(np.array([instant], np.int64))[0].replace("T", " ")
        utc = str(np.datetime64(instant, "ns").astype("datetime64[m]"))[11:]
        return f"{there} UTC" if self.zone == zones.UTC else f"{there} {self.city} · {utc} UTC"


def _texts(stamps: NDArray[np.datetime64]) -> list[str]:
    return [str(stamp) for stamp in np.datetime_as_string(stamps).tolist()]
