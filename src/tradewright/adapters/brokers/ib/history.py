"""Bars that have closed, page by page from the end to the beginning."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.adapters.wire.rate_limiter import TokenBucketRateLimiter
from tradewright.adapters.wire.rows import RowReader
from tradewright.domain.errors import BrokerError, DataError, DataNotAvailableError
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_SECOND, TimeUnit
from tradewright.marketdata.sessions import sessions_between

from .bar_stream import require_minutes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.bars import Bar
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.clock import Clock

    from .contracts import IbInstruments
    from .link import Link
    from .table import IbTerms

__all__ = ["IbBarHistory"]

_NO_DATA = "162"
_PAGES = ((1, "1 D", NS_PER_DAY), (5, "1 W", 7 * NS_PER_DAY), (30, "1 M", 28 * NS_PER_DAY))
_PAGE_OF_DAYS = ("1 Y", 365 * NS_PER_DAY)
_MOST_PAGES = 2_000


class IbBarHistory:
    """A `tradewright.ports.bar_stream.BarHistory` of trades in regular hours.

    Of minutes that divide half an hour, and of days. Its trades have all splits up to now in their prices and volumes,
    and dividends not; it tells of neither.

    Parameters
    ----------
    link : Link
    instruments : IbInstruments
        Days last as long as the sessions of their exchange.
    terms : IbTerms
    clock : Clock
    """

    def __init__(self, link: Link, instruments: IbInstruments, terms: IbTerms, clock: Clock) -> None:
        self._link = link
        self._instruments = instruments
        self._terms = terms
        self._clock = clock
        self._limiter = TokenBucketRateLimiter(terms.history_pace, clock)

    async def bars(self, symbol: str, timeframe: Timeframe, start_ns: int, end_ns: int) -> Sequence[Bar]:
        """The closed bars that lie between two instants.

        Raises
        ------
        TimeframeError
            For a timeframe that is not served.
        DataError
            For a symbol that there is not.
        ImpossibleRowsError
            When rows cannot be; carries the bars of the others.
        BrokerError
            When a page is missing.
        """
        size, span, span_ns = _page_of(timeframe)
        await self._link.ensure_open()
        calendar = (await self._instruments.instrument(symbol)).calendar or "" if not timeframe.is_intraday else ""
        reader = RowReader("Interactive Brokers", symbol, lambda row: _span(row, timeframe, calendar), _numbers)
        found: dict[int | None, Any] = {}
        until = end_ns = min(end_ns, self._clock.now_ns())
        for _ in range(_MOST_PAGES):
            if until <= start_ns:
                break
            page = {reader.opened(row): row for row in await self._page(symbol, size, span, until)}
            found |= page
            stamps = [at for at in page if at is not None]
            until = min([until - NS_PER_SECOND, *stamps] if page else [until - span_ns])
        else:
            raise DataNotAvailableError(f"The history of {symbol} from {start_ns} is longer than {_MOST_PAGES} pages.")
        return reader.bars(found.values(), start_ns, end_ns)

    async def _page(self, symbol: str, size: str, span: str, until_ns: int) -> list[Any]:
        """The rows of one page; asked again where the connection was lost."""
        contract = await self._instruments.contracts.contract(symbol)
        second = -(-until_ns // NS_PER_SECOND)
        until = f"{dt.datetime.fromtimestamp(second, dt.UTC):%Y%m%d-%H:%M:%S}"
        for left in range(self._terms.attempts - 1, -1, -1):
            await self._limiter.take(600.0)
            try:
                return await self._link.ask_numbered(
                    lambda client, number: client.reqHistoricalData(
                        number, contract, until, span, size, "TRADES", True, 2, False, []
                    )
                )
            except VenueConnectionError:
                if not left:
                    raise
                await self._link.ensure_open()
            except BrokerError as error:
                if error.broker_code == _NO_DATA and "no data" in str(error):
                    return []
                raise
            await asyncio.sleep(0)
        return []


def _page_of(timeframe: Timeframe) -> tuple[str, str, int]:
    """Size of bars and length of a page, in their words, and its nanoseconds.

    Raises
    ------
    TimeframeError
    """
    if timeframe.unit is TimeUnit.DAY and timeframe.count == 1:
        return ("1 day", *_PAGE_OF_DAYS)
    require_minutes(timeframe, "history")
    size = f"{timeframe.count} min{'s' if timeframe.count > 1 else ''}"
    span, span_ns = next((words, length) for most, words, length in _PAGES if timeframe.count <= most)
    return size, span, span_ns


def _span(row: Any, timeframe: Timeframe, calendar: str) -> tuple[int, int]:
    if not timeframe.is_intraday:
        return _session(str(row[0].date), calendar)
    opened = int(row[0].date) * NS_PER_SECOND
    return opened, opened + timeframe.nanoseconds


def _numbers(row: Any) -> list[float]:
    bar = row[0]
    return [float(each) for each in (bar.open, bar.high, bar.low, bar.close, bar.volume)]


def _session(text: str, calendar: str) -> tuple[int, int]:
    day = (dt.datetime.strptime(text, "%Y%m%d").replace(tzinfo=dt.UTC).date() - dt.date(1970, 1, 1)).days
    table = sessions_between(calendar, day, day)
    places = np.flatnonzero(table.labels == day)
    if len(places) != 1:
        raise DataError(f"{text} is no session of {calendar}.")
    return int(table.opens[places[0]]), int(table.closes[places[0]])
