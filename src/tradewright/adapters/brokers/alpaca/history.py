"""Bars that have closed, from Alpaca's market-data interface: every page, unadjusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tradewright.adapters.wire.days import SessionDays
from tradewright.adapters.wire.instants import instant_from, instant_text
from tradewright.adapters.wire.rows import RowReader, number_in
from tradewright.domain.errors import BrokerError, TimeframeError
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_SECOND, TimeUnit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.bars import Bar
    from tradewright.domain.live.feed import FeedKind
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.clock import Clock

    from .door import Door

__all__ = ["AlpacaBarHistory"]

CALENDAR = "XNYS"
_ZONE = ZoneInfo("America/New_York")
_SOURCES = {"delayed_sip": "sip"}


class AlpacaBarHistory:
    """A `tradewright.ports.bar_stream.BarHistory` of one feed.

    Minutes that divide half an hour, and days; those begin with their session and end with it. A feed that is late by
    design is asked only for what it may show.

    Parameters
    ----------
    door : Door
    feed : FeedKind
    clock : Clock
    page : int
        Bars of one page.
    """

    def __init__(self, door: Door, feed: FeedKind, clock: Clock, page: int) -> None:
        self._door = door
        self._feed = feed
        self._clock = clock
        self._page = page

    async def bars(self, symbol: str, timeframe: Timeframe, start_ns: int, end_ns: int) -> Sequence[Bar]:
        """The closed bars that lie between two instants.

        Raises
        ------
        DataError
            For a timeframe that is not served.
        ImpossibleRowsError
            When rows cannot be; carries the bars of the others.
        BrokerError
            When a page is missing.
        """
        words = _words_for(timeframe)
        last_ns = min(end_ns, self._clock.now_ns() - int(self._feed.delay_s * NS_PER_SECOND))
        first_ns = start_ns if timeframe.is_intraday else start_ns - NS_PER_DAY
        if last_ns <= start_ns:
            return ()
        days = SessionDays(CALENDAR, _ZONE)
        rows = await self._rows(symbol, words, max(0, first_ns), last_ns)
        return RowReader("Alpaca", symbol, lambda row: _span(row, timeframe, days), _numbers).bars(
            rows, start_ns, last_ns
        )

    async def _rows(self, symbol: str, words: str, start_ns: int, end_ns: int) -> list[Any]:
        query: dict[str, str | int | None] = {
            "symbols": symbol,
            "timeframe": words,
            "start": instant_text(start_ns),
            "end": instant_text(end_ns),
            "limit": self._page,
            "adjustment": "raw",
            "feed": _SOURCES.get(self._feed.name, self._feed.name),
            "sort": "asc",
        }
        found: list[Any] = []
        while True:
            said = await self._door.ask("/v2/stocks/bars", query)
            if not isinstance(said, dict) or not isinstance(said.get("bars") or {}, dict):
                raise BrokerError(f"Alpaca sent no bars of {symbol}.")
            found.extend((said.get("bars") or {}).get(symbol, ()))
            token = said.get("next_page_token")
            if not token:
                return found
            query["page_token"] = str(token)


def _words_for(timeframe: Timeframe) -> str:
    """A timeframe in Alpaca's words.

    Raises
    ------
    DataError
        When it is none of those whose bars begin where ours do.
    """
    if timeframe.fits_half_hours:
        return f"{timeframe.count}Min"
    if timeframe.unit is TimeUnit.DAY and timeframe.count == 1:
        return "1Day"
    raise TimeframeError(
        f"Alpaca's history is read in minutes that divide half an hour and in days, not in {timeframe}.",
        hint="Read 1m, 5m, 15m, 30m or 1d bars and resample them.",
    )


def _span(row: Any, timeframe: Timeframe, days: SessionDays) -> tuple[int, int]:
    stamp = instant_from(row["t"])
    # The stamp of a day is the midnight of New York.
    return (stamp, stamp + timeframe.nanoseconds) if timeframe.is_intraday else days.span_at(stamp)


def _numbers(row: Any) -> list[float]:
    return [number_in(row, name) for name in "ohlcv"]
