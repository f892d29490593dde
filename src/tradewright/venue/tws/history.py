"""Bars as the gateway gives them: pages of history, and bars of five seconds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from tradewright.domain.errors import DataError
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_SECOND, Timeframe
from tradewright.venue.wording import decimal_of

from .book import GatewayError
from .orders import instant_of, moment_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradewright.domain.bars import Bar

    from .gateway import TwsGateway

__all__ = ["HistoryAsk", "history_fields", "split_bar"]

_SIZES = re.compile(r"(\d+) (min|mins|hour|hours|day|week|month)", re.ASCII)
_LONG = {"S": NS_PER_SECOND, "D": NS_PER_DAY, "W": 7 * NS_PER_DAY, "M": 31 * NS_PER_DAY, "Y": 366 * NS_PER_DAY}
_SPAN = re.compile(r"(\d{1,6}) ([SDWMY])", re.ASCII)
_REAL_TIME_S = 5
_COLUMNS = ("open", "high", "low", "close", "volume")


class HistoryAsk(NamedTuple):
    """What a client wants of the past; instant, size and span as it wrote them."""

    symbol: str
    until: str
    size: str
    span: str
    wants_seconds: bool = True


def history_fields(gateway: TwsGateway, ask: HistoryAsk) -> list[str]:
    """The fields of an answer behind the number of its request.

    Raises
    ------
    GatewayError
        When the size or the span is none, or there are no bars.
    """
    size, span = _SIZES.fullmatch(ask.size), _SPAN.fullmatch(ask.span)
    if size is None or span is None:
        raise GatewayError(321, "Error validating request: invalid bar size or duration")
    tape = gateway.venue.tape
    last = min(instant_of(ask.until) or tape.now_ns, tape.now_ns)
    first = last - int(span[1]) * _LONG[span[2]]
    try:
        timeframe = Timeframe.parse(f"{size[1]} {size[2].removesuffix('s')}")
        series = tape.series(tape.market.symbols.index(ask.symbol), timeframe).bars
    except DataError as error:
        raise GatewayError(162, f"Historical Market Data Service error message:{error.message}") from None
    bars = [series.bar(n) for n in range(len(series)) if series.close_time[n] <= last and series.open_time[n] >= first]
    if not bars:
        raise GatewayError(162, "Historical Market Data Service error message:HMDS query returned no data")
    found = [moment_text(first), moment_text(last), str(len(bars))]
    for bar in bars:
        found += [_stamp(bar, ask, series.timeframe), *(decimal_of(getattr(bar, each)) for each in _COLUMNS)]
        found += [decimal_of(bar.close), "1"]
    return found


def _stamp(bar: Bar, ask: HistoryAsk, timeframe: Timeframe) -> str:
    if not timeframe.is_intraday:
        return moment_text(bar.open_time)[:8]
    return str(bar.open_time // NS_PER_SECOND) if ask.wants_seconds else moment_text(bar.open_time)


def split_bar(bar: Bar) -> Iterator[dict[str, Any]]:
    """A bar as bars of five seconds: everything happens in the first, and the others stand at its close."""
    seconds = range(bar.open_time // NS_PER_SECOND, bar.close_time // NS_PER_SECOND, _REAL_TIME_S)
    for number, second in enumerate(seconds):
        whole = number == 0
        prices = {name: getattr(bar, name if whole else "close") for name in _COLUMNS[:-1]}
        yield {"time": second, **prices, "volume": bar.volume if whole else 0.0, "wap": bar.close, "count": int(whole)}
