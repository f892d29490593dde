"""The tape: the bars that are replayed, the row that is now, and the hours of the market around it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from tradewright.domain.errors import CalendarError, ConfigError
from tradewright.domain.instrument import ALWAYS_OPEN
from tradewright.domain.timeframe import NS_PER_SECOND
from tradewright.engine.dates import first_row_from
from tradewright.engine.ground import Ground
from tradewright.marketdata.resample import resample
from tradewright.marketdata.sessions import sessions_around

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tradewright.domain.bars import Bar, Bars
    from tradewright.domain.timeframe import Timeframe
    from tradewright.engine.plan import RunPlan
    from tradewright.marketdata.market import Market
    from tradewright.marketdata.sessions import SessionTable

__all__ = ["Series", "Tape"]

_DAYS_AROUND = 30


class Series(NamedTuple):
    """Bars, and what they are stamped with: the open, or where days count the midnight of the exchange."""

    bars: Bars
    stamps: NDArray[np.int64]


class Tape:
    """Bars on one timeline, and how far it has been replayed.

    Parameters
    ----------
    plan : RunPlan
        Whose bars and dates are meant; bars before its start are history that nobody trades on.

    Attributes
    ----------
    row : int
        The last row that is complete.
    skew_ns : int
        By how much the clock that clients are shown is wrong.
    """

    def __init__(self, plan: RunPlan) -> None:
        self.ground = Ground.of(plan)
        self.market: Market = self.ground.market
        self.first_row = first_row_from(self.market.sessions, len(self.market), plan.start)
        if self.first_row >= len(self.market) - 1:
            raise ConfigError(
                "There is no bar left to replay.", hint="Start earlier, or give more bars: the first is history."
            )
        self.row = self.first_row
        self.skew_ns = 0
        self._between: Callable[[], int] | None = None
        self._session_firsts = set(self.market.sessions.first_rows.tolist())
        self._hours: SessionTable | None = None
        self._series: dict[tuple[int, Timeframe], Series] = {}

    # Time.

    @property
    def now_ns(self) -> int:
        """The time at the venue, UTC nanoseconds: the close of the last bar, or a moment inside the one on its way."""
        closed = int(self.market.close_time[self.row])
        if self._between is None:
            return closed
        return min(max(closed, self._between()), int(self.market.close_time[self.row + 1]) - 1)

    @property
    def shown_ns(self) -> int:
        """The time as clients are shown it."""
        return self.now_ns + self.skew_ns

    @property
    def is_over(self) -> bool:
        """Whether the last bar has been replayed."""
        return self.row >= len(self.market) - 1

    @property
    def rows_left(self) -> int:
        """Bars still to come."""
        return len(self.market) - 1 - self.row

    def next_span(self) -> tuple[int, int]:
        """From when to when the next row lasts, UTC nanoseconds; never before now."""
        opened, closed = int(self.market.open_time[self.row + 1]), int(self.market.close_time[self.row + 1])
        return max(opened, int(self.market.close_time[self.row])), closed

    def flow(self, between: Callable[[], int]) -> None:
        """Let time pass inside the row on its way, as a clock tells it, until the row is complete."""
        self._between = between

    def step(self) -> int:
        """Complete the next row, and say which it is."""
        self.row += 1
        self._between = None
        return self.row

    @property
    def begins_session(self) -> bool:
        """Whether the present row is the first of its session."""
        return self.row in self._session_firsts

    # Hours.

    @property
    def hours(self) -> SessionTable:
        """Sessions from before the first bar to after the last."""
        if self._hours is None:
            calendar = self.market.tracks[0].bars.instrument.calendar or ALWAYS_OPEN
            first, last = int(self.market.open_time[0]), int(self.market.close_time[-1])
            try:
                self._hours = sessions_around(calendar, first, last, pad_days=_DAYS_AROUND)
            except CalendarError:
                self._hours = sessions_around(ALWAYS_OPEN, first, last, pad_days=_DAYS_AROUND)
        return self._hours

    def clock(self, now_ns: int) -> tuple[bool, int, int]:
        """Whether the market is open at an instant, when it opens next, and when it closes next."""
        hours = self.hours
        following = min(int(np.searchsorted(hours.closes, now_ns, "right")), len(hours) - 1)
        is_open = bool(hours.opens[following] <= now_ns < hours.closes[following])
        opens_next = min(following + is_open, len(hours) - 1)
        return is_open, int(hours.opens[opens_next]), int(hours.closes[following])

    # Bars.

    def bar_number(self, symbol: int) -> int:
        """Number of a symbol's last complete bar; -1 before its first."""
        rows = self.market.tracks[symbol].bar_of_row
        return self.row if rows is None else int(rows[self.row])

    def bars_of(self, symbol: int) -> Bars:
        """All bars of a symbol, those to come included: only for who looks no further than `bar_number`."""
        return self.market.tracks[symbol].bars

    def series(self, symbol: int, timeframe: Timeframe) -> Series:
        """A symbol's bars at a timeframe, those to come included.

        Raises
        ------
        DataError
            When bars of that length cannot be made of those that are replayed.
        """
        if (symbol, timeframe) not in self._series:
            self._series[symbol, timeframe] = self._stamped(resample(self.bars_of(symbol), timeframe))
        return self._series[symbol, timeframe]

    def _stamped(self, bars: Bars) -> Series:
        if bars.timeframe.is_intraday:
            return Series(bars, bars.open_time)
        zone = ZoneInfo(self.hours.zone)
        days = bars.sessions.row_labels(len(bars)).astype("datetime64[D]").tolist()
        midnights = (dt.datetime.combine(day, dt.time(), zone).timestamp() for day in days)
        return Series(bars, np.fromiter(midnights, np.float64, len(bars)).astype(np.int64) * NS_PER_SECOND)

    def last_bar(self, symbol: int) -> Bar | None:
        """The last complete bar of a symbol; None before its first."""
        number = self.bar_number(symbol)
        return None if number < 0 else self.bars_of(symbol).bar(number)

    def last_stamp(self, symbol: str) -> int:
        """What the last complete bar of a symbol is stamped with."""
        number = self.market.symbols.index(symbol)
        return int(self.series(number, self.market.timeframe).stamps[self.bar_number(number)])

    def fresh_bars(self) -> list[tuple[int, Bar]]:
        """The bars that the present row has completed, with their symbols' numbers."""
        fresh = [track for track in self.market.tracks if track.present is None or track.present[self.row]]
        return [(track.number, track.bars.bar(self.bar_number(track.number))) for track in fresh]
