"""Bars that have closed, from Yahoo's charts: raw again, and only as far back as Yahoo keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.adapters.wire.days import SessionDays
from tradewright.adapters.wire.rows import RowReader
from tradewright.domain.errors import DataError, TimeframeError
from tradewright.domain.moments import utc
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_MINUTE

from .places import place_of
from .raw import raw_numbers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from tradewright.domain.bars import Bar
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.clock import Clock

    from .chart import Chart, Row, Split, YahooDoor
    from .places import Place

__all__ = ["YahooBarHistory"]

_DAILY = "1d"
_KEPT_DAYS = {"1m": 30, "2m": 60, "5m": 60, "15m": 60, "30m": 60, "1h": 730}
_PAGE_DAYS = {"1m": 7}


class YahooBarHistory:
    """A `tradewright.ports.bar_stream.BarHistory`.

    Minutes of the last 30 or 60 days, hours of the last 730 from the open of the session on, and days.

    Parameters
    ----------
    door : YahooDoor
    clock : Clock
    """

    def __init__(self, door: YahooDoor, clock: Clock) -> None:
        self._door = door
        self._clock = clock

    async def bars(self, symbol: str, timeframe: Timeframe, start_ns: int, end_ns: int) -> Sequence[Bar]:
        """The closed bars that lie between two instants.

        Raises
        ------
        TimeframeError
            For a timeframe that is not served.
        DataError
            For days of which Yahoo keeps no such bars any more.
        SymbolNotFoundError
        ImpossibleRowsError
            When rows cannot be; carries the bars of the others.
        BrokerError
            When an answer is not whole.
        """
        interval = _words_for(timeframe)
        last_ns = min(end_ns, self._clock.now_ns())
        if last_ns <= start_ns:
            return ()
        first_ns = self._first(symbol, timeframe, start_ns)
        daily = await self._door.chart(symbol, _DAILY, first_ns, self._clock.now_ns())
        if daily is None:
            return ()
        place = place_of(daily.meta, symbol)
        days = SessionDays(place.calendar, place.zone)
        charts = [daily] if interval == _DAILY else [c async for c in self._pages(symbol, interval, first_ns, last_ns)]
        words = _Words(timeframe, place, days, daily.splits)
        reader = RowReader("Yahoo", symbol, words.span, words.numbers)
        return reader.bars([row for each in charts for row in words.own(each.rows)], start_ns, last_ns)

    def _first(self, symbol: str, timeframe: Timeframe, start_ns: int) -> int:
        """From when on is asked.

        Raises
        ------
        DataError
            When Yahoo's memory does not reach there.
        """
        if not timeframe.is_intraday:
            return max(0, start_ns - NS_PER_DAY)
        kept = _KEPT_DAYS[str(timeframe)]
        earliest = self._clock.now_ns() - kept * NS_PER_DAY + NS_PER_MINUTE
        if start_ns + timeframe.nanoseconds < earliest:
            day = utc(earliest + NS_PER_DAY).date()
            raise DataError(
                f"Yahoo keeps {timeframe} bars of the last {kept} days, and {symbol} was asked for from "
                f"{utc(start_ns).date()} on.",
                hint=f"Ask from {day} on.",
            )
        return max(start_ns, earliest)

    async def _pages(self, symbol: str, words: str, first_ns: int, last_ns: int) -> AsyncIterator[Chart]:
        step = _PAGE_DAYS.get(words, _KEPT_DAYS[words]) * NS_PER_DAY
        for begin in range(first_ns, last_ns, step):
            chart = await self._door.chart(symbol, words, begin, min(begin + step, last_ns))
            if chart is not None:
                yield chart


def _words_for(timeframe: Timeframe) -> str:
    """A timeframe in Yahoo's words, which are ours.

    Raises
    ------
    TimeframeError
    """
    words = str(timeframe)
    if words not in (*_KEPT_DAYS, _DAILY):
        raise TimeframeError(
            f"Yahoo has no bars of {timeframe} that can be read.", hint=f"It has {', '.join((*_KEPT_DAYS, _DAILY))}."
        )
    return words


@dataclass(frozen=True, slots=True)
class _Words:
    """What the rows of one symbol's charts say."""

    timeframe: Timeframe
    place: Place
    days: SessionDays
    splits: Sequence[Split]

    def own(self, rows: Sequence[Row]) -> list[Row]:
        """The rows that are bars, without the price of the moment.

        Yahoo adds that to its days as a row of its own: the row of the day itself is earlier.
        """
        first: dict[tuple[int, int], Row] = {}
        traded = rows if not self.timeframe.is_intraday else self._without_moment(rows)
        return [row for row in traded if first.setdefault(self.span(row), row).stamp == row.stamp]

    def _without_moment(self, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows but for a last one that is the price of the moment: it begins before the one before it ends."""
        if not rows:
            return rows
        stamp, before = rows[-1].stamp, rows[-2].stamp if len(rows) > 1 else None
        is_off = stamp % NS_PER_MINUTE or (before is not None and 0 < stamp - before < self.timeframe.nanoseconds)
        return rows[:-1] if is_off else rows

    def span(self, row: Row) -> tuple[int, int]:
        """When the bar of a row opens and closes."""
        if not self.timeframe.is_intraday:
            return self.days.span_at(row.stamp)
        return row.stamp, self.days.closes_by(row.stamp, row.stamp + self.timeframe.nanoseconds)

    def numbers(self, row: Row) -> list[float]:
        """Its numbers as they were traded."""
        return raw_numbers(row, self.splits, self.place.zone, self.place.per_unit)
