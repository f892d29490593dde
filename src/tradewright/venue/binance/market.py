"""Binance's market data: what is traded, klines, and the last bar as a ticker and a book of two prices."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.errors import ConfigError, DataError, DataNotAvailableError
from tradewright.domain.timeframe import Timeframe
from tradewright.venue.refusals import Refusal, Why

from .bodies import ORDER_TYPES, instant_of, whole_of
from .errors import missing
from .pairs import Pair, pair_named, pairs_of, plain
from .signing import server_ms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.bars import Bar
    from tradewright.venue.exchange import SandboxVenue
    from tradewright.venue.tape import Series

__all__ = ["MARKET", "kline_fields", "quote_fields", "series_of"]

_INTERVALS = ("1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M")
_MOST = 1_000
_LARGEST = 9_000_000.0


def ping(_: SandboxVenue, __: Mapping[str, str]) -> Any:
    """Nothing."""
    return {}


def server_time(venue: SandboxVenue, _: Mapping[str, str]) -> Any:
    """The clock that requests are held to."""
    return {"serverTime": server_ms(venue)}


def exchange_info(venue: SandboxVenue, said: Mapping[str, str]) -> Any:
    """What is traded, in which steps of price and quantity."""
    wanted = _wanted(venue, said)
    limit = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000}
    return {
        "timezone": "UTC",
        "serverTime": server_ms(venue),
        "rateLimits": [limit],
        "exchangeFilters": [],
        "symbols": [_symbol_json(pair) for pair in wanted],
    }


def _wanted(venue: SandboxVenue, said: Mapping[str, str]) -> list[Pair]:
    """The pairs that a request names, by one name or by a list of them; all where it names none."""
    if said.get("symbol"):
        return [pair_named(venue, said["symbol"])]
    if not said.get("symbols"):
        return pairs_of(venue)
    try:
        names = json.loads(said["symbols"])
    except ValueError:
        names = None
    if not isinstance(names, list):
        raise Refusal(Why.MALFORMED, "Illegal characters found in parameter 'symbols'.", code=-1100)
    return [pair_named(venue, name) for name in names]


def _symbol_json(pair: Pair) -> dict[str, Any]:
    lot, tick = pair.instrument.lot, pair.instrument.tick
    price = {"minPrice": plain(tick), "maxPrice": plain(_LARGEST), "tickSize": plain(tick)}
    size = {"minQty": plain(lot), "maxQty": plain(_LARGEST), "stepSize": plain(lot)}
    return {
        "symbol": pair.id,
        "status": "TRADING",
        "baseAsset": pair.base,
        "baseAssetPrecision": 8,
        "quoteAsset": pair.quote,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "baseCommissionPrecision": 8,
        "quoteCommissionPrecision": 8,
        "orderTypes": list(ORDER_TYPES),
        "icebergAllowed": False,
        "ocoAllowed": False,
        "quoteOrderQtyMarketAllowed": False,
        "allowTrailingStop": False,
        "cancelReplaceAllowed": True,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "filters": [{"filterType": "PRICE_FILTER", **price}, {"filterType": "LOT_SIZE", **size}],
        "permissions": ["SPOT"],
        "permissionSets": [["SPOT"]],
        "defaultSelfTradePreventionMode": "NONE",
        "allowedSelfTradePreventionModes": ["NONE"],
    }


def series_of(venue: SandboxVenue, pair: Pair, interval: str) -> Series | None:
    """The bars of a pair at an interval, those to come included; None where there are none of that length yet.

    Raises
    ------
    Refusal
        When the interval is none, or cannot be made of the bars that are replayed.
    """
    try:
        if interval in _INTERVALS:
            return venue.tape.series(pair.number, Timeframe.parse(interval))
    except DataNotAvailableError:
        return None
    except (DataError, ConfigError):
        pass
    raise Refusal(Why.BAD_FIELD, "Invalid interval.", code=-1120)


def kline_fields(series: Series, number: int) -> tuple[int, int, Bar]:
    """When a bar opened and closed in milliseconds, as Binance stamps it, and the bar."""
    bar = series.bars.bar(number)
    opened = int(series.stamps[number])
    length = series.bars.timeframe.nanoseconds if opened != bar.open_time else bar.close_time - bar.open_time
    return opened // 1_000_000, (opened + length) // 1_000_000 - 1, bar


def klines(venue: SandboxVenue, said: Mapping[str, str]) -> Any:
    """Complete bars, oldest first: the last ones, or the first ones from an instant on."""
    pair = pair_named(venue, said.get("symbol"))
    if not said.get("interval"):
        raise missing("interval")
    series = series_of(venue, pair, said["interval"])
    limit = min(whole_of(said, "limit") or 500, _MOST)
    if series is None:
        return []
    start, end = instant_of(said, "startTime"), instant_of(said, "endTime")
    chosen = series.bars.close_time <= venue.tape.now_ns
    chosen &= True if start is None else series.stamps >= start
    chosen &= True if end is None else series.stamps <= end
    numbers = np.flatnonzero(chosen)
    return [_kline(series, int(each)) for each in (numbers[-limit:] if start is None else numbers[:limit])]


def _kline(series: Series, number: int) -> list[Any]:
    opened, closed, bar = kline_fields(series, number)
    prices = [plain(each) for each in (bar.open, bar.high, bar.low, bar.close, bar.volume)]
    turnover = plain(bar.volume * bar.close)
    return [opened, *prices, closed, turnover, int(bar.volume > 0), plain(0.0), plain(0.0), "0"]


def _last(venue: SandboxVenue, pair: Pair) -> Bar:
    bar = venue.tape.last_bar(pair.number)
    if bar is None:
        raise Refusal(Why.INVALID, "Market is closed.", code=-2010)
    return bar


def depth(venue: SandboxVenue, said: Mapping[str, str]) -> Any:
    """A book of two prices, a tick to either side of the last close."""
    pair = pair_named(venue, said.get("symbol"))
    bar, tick = _last(venue, pair), pair.instrument.tick
    bids, asks = ([[plain(bar.close + side * tick), plain(bar.volume)]] for side in (-1, 1))
    return {"lastUpdateId": venue.tape.row, "bids": bids, "asks": asks}


def _per_pair(venue: SandboxVenue, said: Mapping[str, str], form: Any) -> Any:
    rows = [form(venue, pair) for pair in _wanted(venue, said)]
    return rows[0] if said.get("symbol") else rows


def price(venue: SandboxVenue, said: Mapping[str, str]) -> Any:
    """The last close."""
    return _per_pair(venue, said, lambda of, pair: {"symbol": pair.id, "price": plain(_last(of, pair).close)})


def book_ticker(venue: SandboxVenue, said: Mapping[str, str]) -> Any:
    """The best two prices."""
    return _per_pair(venue, said, _quote)


def _quote(venue: SandboxVenue, pair: Pair) -> dict[str, str]:
    return {"symbol": pair.id, **quote_fields(venue, pair)}


def quote_fields(venue: SandboxVenue, pair: Pair) -> dict[str, str]:
    """The best two prices with what stands there, a tick to either side of the last close: bid first."""
    bar, tick = _last(venue, pair), pair.instrument.tick
    sides = {"bidPrice": bar.close - tick, "bidQty": bar.volume, "askPrice": bar.close + tick, "askQty": bar.volume}
    return {name: plain(value) for name, value in sides.items()}


def day_ticker(venue: SandboxVenue, said: Mapping[str, str]) -> Any:
    """The last bar in place of the last day."""
    return _per_pair(venue, said, _day)


def _day(venue: SandboxVenue, pair: Pair) -> dict[str, Any]:
    bar = _last(venue, pair)
    prices = {"openPrice": bar.open, "highPrice": bar.high, "lowPrice": bar.low, "lastPrice": bar.close}
    return {
        **_quote(venue, pair),
        **{name: plain(value) for name, value in prices.items()},
        "priceChange": format(bar.close - bar.open, ".8f"),
        "volume": plain(bar.volume),
        "quoteVolume": plain(bar.volume * bar.close),
        "openTime": bar.open_time // 1_000_000,
        "closeTime": bar.close_time // 1_000_000,
        "count": 1,
    }


MARKET = {
    ("GET", "ping"): ping,
    ("GET", "time"): server_time,
    ("GET", "exchangeInfo"): exchange_info,
    ("GET", "klines"): klines,
    ("GET", "depth"): depth,
    ("GET", "ticker/price"): price,
    ("GET", "ticker/bookTicker"): book_ticker,
    ("GET", "ticker/24hr"): day_ticker,
}
"""What needs no key, by method and the last part of the path."""
