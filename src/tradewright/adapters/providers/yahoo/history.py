"""Bars that have closed, from Yahoo's charts: raw again, and only as far back as Yahoo keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.adapters.wire.days import SessionDays
from tradewright.adapters.wire.rows import in_order
from tradewright.domain.bars import Bar
from tradewright.domain.errors import BrokerError, DataError, TimeframeError
from tradewright.domain.moments import utc
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_MINUTE

from .places import place_of
from .raw import raw_numbers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

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
        BrokerError
            When an answer is not whole, or holds what cannot be.
        """
        words = _words_for(timeframe)
        last_ns = min(end_ns, self._clock.now_ns())
        if last_ns <= start_ns:
            return ()
        first_ns = self._first(symbol, timeframe, start_ns)
        daily = await self._door.chart(symbol, _DAILY, first_ns, self._clock.now_ns())
        if daily is None:
            return ()
        place = place_of(daily.meta, symbol)
        days = SessionDays(place.calendar, place.zone)
        charts = [daily] if words == _DAILY else [c async for c in self._pages(symbol, words, first_ns, last_ns)]
        maker = _Maker(symbol, timeframe, place, days, daily.splits)
        made = [bar for each in charts for bar in maker.bars(each.rows)]
        return in_order([bar for bar in made if start_ns <= bar.open_time and bar.close_time <= last_ns], "Yahoo")

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
class _Maker:
    """Makes the bars of one symbol of rows of its charts."""

    symbol: str
    timeframe: Timeframe
    place: Place
    days: SessionDays
    splits: Sequence[Split]

    def bars(self, rows: Sequence[Row]) -> list[Bar]:
        spans: dict[tuple[int, int], Row] = {}
        made = []
        for row in rows if not self.timeframe.is_intraday else self._without_moment(rows):
            span = self._span(row.stamp)
            # Yahoo adds the price of the moment to its days as a row of its own: the row of the day itself is earlier.
            first = spans.setdefault(span, row)
            if first.stamp == row.stamp:
                made.append(self._bar(span, row))
        return made

    def _without_moment(self, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows but for a last one that is the price of the moment: it begins before the one before it ends."""
        if not rows:
            return rows
        stamp, before = rows[-1].stamp, rows[-2].stamp if len(rows) > 1 else None
        is_off = stamp % NS_PER_MINUTE or (before is not None and 0 < stamp - before < self.timeframe.nanoseconds)
        return rows[:-1] if is_off else rows

    def _span(self, stamp: int) -> tuple[int, int]:
        if not self.timeframe.is_intraday:
            return self.days.span_at(stamp)
        return stamp, self.days.closes_by(stamp, stamp + self.timeframe.nanoseconds)

    def _bar(self, span: tuple[int, int], row: Row) -> Bar:
        try:
            return Bar(self.symbol, *span, *raw_numbers(row, self.splits, self.place.zone, self.place.per_unit))
        except DataError as error:
            raise BrokerError(
                f"A bar of {self.symbol} from Yahoo on {utc(row.stamp).date()} cannot be used: {error}",
                hint="Fetch the days before and after it.",
            ) from None
