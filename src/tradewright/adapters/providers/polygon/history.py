"""Bars that have closed, from Polygon's aggregates: every page, unadjusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.adapters.wire.days import SessionDays
from tradewright.adapters.wire.rows import RowReader, number_in
from tradewright.domain.errors import BrokerError, TimeframeError
from tradewright.domain.timeframe import NS_PER_DAY, TimeUnit

from .words import CALENDAR, ZONE, ticker_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.bars import Bar
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.clock import Clock

    from .door import PolygonDoor

__all__ = ["PolygonBarHistory"]

_MS = 1_000_000


class PolygonBarHistory:
    """A `tradewright.ports.bar_stream.BarHistory`.

    Minutes that divide half an hour, and days; those begin with their session and end with it.

    Parameters
    ----------
    door : PolygonDoor
    clock : Clock
    page : int
        Bars of one page, 50,000 at most.
    """

    def __init__(self, door: PolygonDoor, clock: Clock, page: int = 50_000) -> None:
        self._door = door
        self._clock = clock
        self._page = page

    async def bars(self, symbol: str, timeframe: Timeframe, start_ns: int, end_ns: int) -> Sequence[Bar]:
        """The closed bars that lie between two instants.

        Raises
        ------
        TimeframeError
            For a timeframe that is not served.
        DataError
            For days that the plan of the key does not include.
        SymbolNotFoundError
            For what is no ticker of a share.
        ImpossibleRowsError
            When rows cannot be; carries the bars of the others.
        BrokerError
            When a page is missing.
        """
        words, ticker = _words_for(timeframe), ticker_of(symbol)
        last_ns = min(end_ns, self._clock.now_ns())
        first_ns = max(0, start_ns if timeframe.is_intraday else start_ns - NS_PER_DAY)
        if last_ns <= start_ns:
            return ()
        path = f"/v2/aggs/ticker/{ticker}/range/{words}/{-(-first_ns // _MS)}/{last_ns // _MS}"
        days = SessionDays(CALENDAR, ZONE)
        reader = RowReader("Polygon", symbol, lambda row: _span(row, timeframe, days), _numbers)
        return reader.bars(await self._rows(path, symbol), start_ns, last_ns)

    async def _rows(self, path: str, symbol: str) -> list[Any]:
        found: list[Any] = []
        query: dict[str, str | int] = {"adjusted": "false", "sort": "asc", "limit": self._page}
        async for said in self._door.pages(path, query):
            found += _rows_of(said, symbol)
        return found


def _words_for(timeframe: Timeframe) -> str:
    """A timeframe in Polygon's words.

    Raises
    ------
    TimeframeError
        When it is none of those whose bars begin where ours do.
    """
    if timeframe.fits_half_hours:
        return f"{timeframe.count}/minute"
    if timeframe.unit is TimeUnit.DAY and timeframe.count == 1:
        return "1/day"
    raise TimeframeError(
        f"Polygon's bars are read in minutes that divide half an hour and in days, not in {timeframe}.",
        hint="Read 1m, 5m, 15m, 30m or 1d bars and resample them.",
    )


def _rows_of(said: dict[str, Any], symbol: str) -> list[Any]:
    """The rows of one page: all that it says it has, raw, and of this symbol."""
    rows = said.get("results") or []
    if not isinstance(rows, list):
        raise BrokerError(f"Polygon sent no list of bars of {symbol}.")
    if said.get("adjusted") is True:
        raise BrokerError(f"Polygon sent adjusted bars of {symbol}, and raw ones were asked for.")
    if said.get("ticker", symbol) != symbol:
        raise BrokerError(f"Polygon sent bars of another symbol than {symbol}.")
    if said.get("resultsCount", len(rows)) != len(rows):
        raise BrokerError(f"Polygon sent {len(rows)} bars of {symbol} and says that there are more on the page.")
    return rows


def _span(row: Any, timeframe: Timeframe, days: SessionDays) -> tuple[int, int]:
    stamp = int(number_in(row, "t")) * _MS
    return (stamp, stamp + timeframe.nanoseconds) if timeframe.is_intraday else days.span_at(stamp)


def _numbers(row: Any) -> list[float]:
    return [number_in(row, name) for name in "ohlcv"]
