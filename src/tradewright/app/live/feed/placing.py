"""Placing: a bar of a venue gets its session, its completion and the end of its session, as stored bars do."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.errors import CalendarError
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.marketdata.placement import Hours, place_instants, place_labels, session_dates
from tradewright.marketdata.sessions import sessions_around

from .hours import calendar_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tradewright.domain.bars import Bar
    from tradewright.domain.instrument import Instrument
    from tradewright.domain.timeframe import Timeframe
    from tradewright.marketdata.placement import PlacedRows

    Ints = NDArray[np.int64]

__all__ = ["PlacedBar", "Placer", "Placing"]


@dataclass(frozen=True, slots=True)
class PlacedBar:
    """A bar at its true times.

    Parameters
    ----------
    bar : Bar
    day : int
        Session date, days since 1970-01-01.
    ends : bool
        Whether its session ends with it by the calendar.
    """

    bar: Bar
    day: int
    ends: bool


@dataclass(frozen=True, slots=True)
class Placing:
    """What became of some bars.

    Parameters
    ----------
    placed : tuple of PlacedBar
    outside : int
        How many lie outside the hours that count.
    refused : tuple of (Bar, str)
        Those that cannot be, each with its sentence.
    """

    placed: tuple[PlacedBar, ...]
    outside: int = 0
    refused: tuple[tuple[Bar, str], ...] = ()


class Placer:
    """Places the bars of one instrument.

    An intraday bar belongs to the session that it opens in, and in hours that are `STRICT` it is complete at the close
    at the latest. A bar of a day belongs to the session whose local date holds the instant that the venue gives for its
    open, be that midnight or the open itself; it opens and is complete when that session does.

    Parameters
    ----------
    instrument : Instrument
    timeframe : Timeframe
    hours : Hours
    """

    def __init__(self, instrument: Instrument, timeframe: Timeframe, hours: Hours) -> None:
        self.calendar = calendar_of(instrument)
        self.symbol = instrument.symbol
        self.timeframe = timeframe
        self.hours = hours
        self._session = (0, 0, 0)

    def place(self, bars: Sequence[Bar]) -> Placing:
        """Place bars of the instrument, in any order; of several that open together the first counts."""
        if len(bars) == 1 and (next_one := self._of_same_session(bars[0])) is not None:
            return Placing((next_one,))
        rising = sorted(bars, key=lambda bar: bar.open_time)
        faults = [(bar, self._fault(bar)) for bar in rising]
        refused = [(bar, fault) for bar, fault in faults if fault]
        good = list({bar.open_time: bar for bar, fault in reversed(faults) if not fault}.values())[::-1]
        if not good:
            return Placing((), 0, tuple(refused))
        try:
            rows, stops = self._rows(np.array([bar.open_time for bar in good], np.int64))
        except CalendarError as error:
            return Placing((), 0, (*refused, *((bar, str(error)) for bar in good)))
        return self._sorted(good, rows, stops, refused)

    def _of_same_session(self, bar: Bar) -> PlacedBar | None:
        """A bar of the session of the one before is placed without a look at the calendar; None where it is another."""
        begins, stops, day = self._session
        if not begins <= bar.open_time < stops or self._fault(bar):
            return None
        closes = min(bar.open_time + self.timeframe.nanoseconds, bar.close_time)
        if self.hours is Hours.STRICT:
            closes = min(closes, stops)
        # Nearly every bar is at its true times already: it is the same value, and need not be born again.
        return PlacedBar(bar if closes == bar.close_time else replace(bar, close_time=closes), day, closes >= stops)

    def _fault(self, bar: Bar) -> str:
        """Why a bar that is valid in itself cannot be one of this feed."""
        if bar.symbol != self.symbol:
            why = f"was given for {self.symbol}"
        elif not bar.low > 0:
            why = f"has a low of {bar.low}"
        elif not math.isfinite(bar.volume):
            why = f"has a volume of {bar.volume}"
        elif self.timeframe.is_intraday and bar.close_time - bar.open_time > self.timeframe.nanoseconds:
            why = f"lasts longer than {self.timeframe}"
        else:
            return ""
        return f"A bar of {bar.symbol} that opens at {np.datetime64(bar.open_time, 'ns')} {why}."

    def _rows(self, opens: Ints) -> tuple[PlacedRows, Ints]:
        """Where the bars lie, and when the session of each ends."""
        if not self.timeframe.is_intraday:
            days, outside = session_dates(self.calendar, opens)
            rows = place_labels(self.calendar, self.timeframe, np.where(outside, opens // NS_PER_DAY, days))
            return replace(rows, outside=rows.outside | outside), rows.close_time
        rows = place_instants(self.calendar, self.timeframe, opens, self.hours)
        table = sessions_around(self.calendar, int(opens.min()), int(opens.max()))
        starts, stops = table.extended if self.hours is Hours.EXTENDED else (table.opens, table.closes)
        places = np.maximum(table.of_labels(rows.labels), 0)
        if not rows.outside[-1]:
            self._session = int(starts[places[-1]]), int(stops[places[-1]]), int(rows.labels[-1])
        return rows, stops[places]

    def _sorted(self, good: list[Bar], rows: PlacedRows, stops: Ints, refused: list[tuple[Bar, str]]) -> Placing:
        placed, outside = [], 0
        for at, bar in enumerate(good):
            if not rows.outside[at]:
                placed.append(self._placed(bar, rows, at, int(stops[at])))
            elif self.hours is Hours.REGULAR and self.timeframe.is_intraday:
                outside += 1
            else:
                stamp = np.datetime64(bar.open_time, "ns")
                refused.append((bar, f"A bar of {bar.symbol} at {stamp} lies outside the sessions of {self.calendar}."))
        return Placing(tuple(placed), outside, tuple(refused))

    def _placed(self, bar: Bar, rows: PlacedRows, at: int, stop: int) -> PlacedBar:
        opens, closes = int(rows.open_time[at]), int(rows.close_time[at])
        if self.timeframe.is_intraday:
            # A source that cuts at whole hours says itself when its short bar was complete.
            closes = min(closes, bar.close_time)
        if (opens, closes) != (bar.open_time, bar.close_time):
            bar = replace(bar, open_time=opens, close_time=closes)
        return PlacedBar(bar, int(rows.labels[at]), closes >= stop)
