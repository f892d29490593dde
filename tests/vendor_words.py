"""How each vendor answers over HTTP: its own words for the rows that a truth holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

from tests.vendor_truth import COIN, DAILY, MINUTES, MUMBAI, NEW_YORK, Truth, as_floats32, day, label_of

from tradewright.adapters.wire.instants import instant_from, instant_text
from tradewright.domain.bars import Bar
from tradewright.domain.timeframe import NS_PER_DAY, Timeframe

NEW_YORK_ZONE, MUMBAI_ZONE = ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata")
S, MS = 1_000_000_000, 1_000_000
KEY, SECRET = "k-canary-771", "s-canary-772"


@dataclass
class Asked:
    """One request."""

    method: str
    target: str
    headers: dict[str, str]
    body: Any = None

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query))


@dataclass
class Row:
    """A bar on its way out: faults may put anything in the place of its numbers."""

    bar: Bar
    changes: dict[str, Any] = field(default_factory=dict)

    def number(self, name: str, value: Any) -> Any:
        return self.changes.get(name, value)


def midnight(label: int, zone: ZoneInfo) -> int:
    """UTC nanoseconds at which a date begins."""
    date = dt.date(1970, 1, 1) + dt.timedelta(days=label)
    return int(dt.datetime.combine(date, dt.time(), zone).timestamp()) * S


class Vendor:
    """One vendor's interface.

    Attributes
    ----------
    truth : Truth
    page : int
        Rows of one page.
    """

    truth: Truth
    page = 50

    def is_for_bars(self, asked: Asked) -> bool:
        """Whether bars are asked for."""
        raise NotImplementedError

    def rows(self, asked: Asked) -> list[Row]:
        """What there is of what is asked for, before anything goes wrong."""
        raise NotImplementedError

    def bars(self, asked: Asked, rows: list[Row]) -> tuple[int, Any]:
        """The answer of those rows."""
        raise NotImplementedError

    def other(self, asked: Asked) -> tuple[int, Any]:
        """The answer to a question about something else than bars."""
        raise NotImplementedError

    def is_known(self, asked: Asked) -> bool:
        """Whether who asks has said the key."""
        raise NotImplementedError

    refused: ClassVar[tuple[int, Any]] = (401, {})
    limited: ClassVar[dict[str, Any]] = {}

    def _rows(self, timeframe: Timeframe, first_ns: int, last_ns: int) -> list[Row]:
        """Bars that open between two instants."""
        return [Row(bar) for bar in self.truth.bars(timeframe) if first_ns <= bar.open_time <= last_ns]


class Polygon(Vendor):
    """Aggregates and tickers; pages by a cursor that names another host than ours."""

    truth = NEW_YORK
    refused: ClassVar[tuple[int, Any]] = (401, {"status": "ERROR", "request_id": "1", "error": "Unknown API Key"})
    limited: ClassVar[dict[str, Any]] = {"status": "ERROR", "error": "You've exceeded the maximum requests per minute."}

    def is_known(self, asked: Asked) -> bool:
        return asked.headers.get("authorization") == f"Bearer {KEY}"

    def is_for_bars(self, asked: Asked) -> bool:
        return asked.path.startswith("/v2/aggs/")

    def _timeframe(self, asked: Asked) -> Timeframe:
        count, unit = asked.path.split("/")[6:8]
        return Timeframe.parse(f"{count}{unit[0]}")

    def stamp(self, bar: Bar, timeframe: Timeframe) -> int:
        if timeframe.is_intraday:
            return bar.open_time
        return midnight(label_of(bar, self.truth), NEW_YORK_ZONE)

    def rows(self, asked: Asked) -> list[Row]:
        if asked.path.split("/")[4] != self.truth.symbol or asked.query["adjusted"] != "false":
            return []
        timeframe = self._timeframe(asked)
        first, last = (int(each) * MS for each in asked.path.split("/")[8:10])
        return [each for each in self._rows(timeframe, 0, last) if first <= self.stamp(each.bar, timeframe) <= last]

    def bars(self, asked: Asked, rows: list[Row]) -> tuple[int, Any]:
        begin, page = int(asked.query.get("cursor", "0")), min(int(asked.query["limit"]), self.page)
        piece, timeframe = rows[begin : begin + page], self._timeframe(asked)
        said = {
            "ticker": self.truth.symbol, "queryCount": len(piece), "resultsCount": len(piece), "adjusted": False,
            "results": [self._row(each, timeframe) for each in piece], "status": "OK", "request_id": "6a7e",
        }  # fmt: skip
        if begin + page < len(rows):
            target = urlsplit(asked.target)
            query = f"cursor={begin + page}&adjusted=false&limit={page}"
            said["next_url"] = f"https://api.example{target.path}?{query}"
        return 200, said

    def _row(self, row: Row, timeframe: Timeframe) -> dict[str, Any]:
        bar = row.bar
        numbers = {"o": bar.open, "h": bar.high, "l": bar.low, "c": bar.close, "v": bar.volume}
        said = {name: row.number(name, value) for name, value in numbers.items()}
        return {"t": self.stamp(bar, timeframe) // MS, "n": 10, "vw": bar.close, **said}

    def other(self, asked: Asked) -> tuple[int, Any]:
        if asked.path == "/v3/reference/splits":
            date, ratio = self.truth.split or ("", 1.0)
            split = {"ticker": self.truth.symbol, "execution_date": date, "split_from": 1, "split_to": ratio}
            return 200, {"status": "OK", "results": [split] if date else []}
        if asked.path != f"/v3/reference/tickers/{self.truth.symbol}":
            return 404, {"status": "NOT_FOUND", "message": "Ticker not found."}
        about = {
            "ticker": self.truth.symbol, "name": "Acme", "market": "stocks", "locale": "us", "active": True,
            "primary_exchange": "XNAS", "type": "CS", "currency_name": "usd",
        }  # fmt: skip
        return 200, {"status": "OK", "request_id": "31d5", "results": about}


class Yahoo(Vendor):
    """Charts: columns of 32 bits with the split of later in them, nulls where nothing was traded."""

    truth = NEW_YORK
    refused: ClassVar[tuple[int, Any]] = (
        401,
        {"finance": {"result": None, "error": {"code": "Unauthorized", "description": "Invalid Crumb"}}},
    )
    page = 1_000_000

    def is_known(self, asked: Asked) -> bool:
        return "Mozilla" in asked.headers.get("user-agent", "")

    def is_for_bars(self, asked: Asked) -> bool:
        return "period1" in asked.query

    def _timeframe(self, asked: Asked) -> Timeframe:
        return Timeframe.parse(asked.query["interval"])

    def rows(self, asked: Asked) -> list[Row]:
        first, last = int(asked.query["period1"]) * S, int(asked.query["period2"]) * S
        return self._rows(self._timeframe(asked), first, last)

    def bars(self, asked: Asked, rows: list[Row]) -> tuple[int, Any]:
        if self._symbol(asked) != self.truth.symbol:
            return self._unknown()
        result: dict[str, Any] = {"meta": self._meta(), "indicators": {"quote": [{}]}}
        if rows:
            quote = {name: [self._number(row, name) for row in rows] for name in ("open", "high", "low", "close")}
            quote["volume"] = [self._number(row, "volume") for row in rows]
            stamps = [row.bar.open_time // S for row in rows]
            # Yahoo has a row for every slot, with nothing in it where nothing was traded.
            stamps.insert(1, stamps[0] + 60 if self._timeframe(asked).is_intraday else stamps[0] + 1)
            for column in quote.values():
                column.insert(1, None)
            result |= {"timestamp": stamps, "indicators": {"quote": [quote]}}
        if self.truth.split is not None and "split" in asked.query.get("events", ""):
            result["events"] = self._splits(asked)
        return 200, {"chart": {"result": [result], "error": None}}

    def _splits(self, asked: Asked) -> dict[str, Any]:
        date, ratio = self.truth.split or ("", 1.0)
        place = self.truth.sessions.labels.tolist().index(day(date))
        stamp = int(self.truth.sessions.opens[place]) // S
        if not int(asked.query["period1"]) <= stamp <= int(asked.query["period2"]):
            return {}
        return {"splits": {str(stamp): {"date": stamp, "numerator": ratio, "denominator": 1, "splitRatio": "4:1"}}}

    def _number(self, row: Row, name: str) -> Any:
        ratio = self.truth.ratio_after(label_of(row.bar, self.truth))
        value = getattr(row.bar, name)
        short = {"open": "o", "high": "h", "low": "l", "close": "c", "volume": "v"}[name]
        return row.number(short, value * ratio if name == "volume" else as_floats32(value / ratio))

    def _meta(self) -> dict[str, Any]:
        return {
            "currency": "USD", "symbol": self.truth.symbol, "exchangeName": "NMS", "fullExchangeName": "NasdaqGS",
            "instrumentType": "EQUITY", "exchangeTimezoneName": "America/New_York", "priceHint": 2,
            "regularMarketTime": self.truth.now_ns // S, "gmtoffset": -18000,
        }  # fmt: skip

    def _symbol(self, asked: Asked) -> str:
        return asked.path.rpartition("/")[2]

    def _unknown(self) -> tuple[int, Any]:
        error = {"code": "Not Found", "description": "No data found, symbol may be delisted"}
        return 404, {"chart": {"result": None, "error": error}}

    def other(self, asked: Asked) -> tuple[int, Any]:
        if self._symbol(asked) != self.truth.symbol:
            return self._unknown()
        return 200, {"chart": {"result": [{"meta": self._meta(), "indicators": {"quote": [{}]}}], "error": None}}


class Alpaca(Vendor):
    """Bars and assets; pages by a token."""

    truth = NEW_YORK
    refused: ClassVar[tuple[int, Any]] = (401, {"code": 40110000, "message": "access key verification failed"})
    limited: ClassVar[dict[str, Any]] = {"code": 42910000, "message": "rate limit exceeded"}

    def is_known(self, asked: Asked) -> bool:
        return (asked.headers.get("apca-api-key-id"), asked.headers.get("apca-api-secret-key")) == (KEY, SECRET)

    def is_for_bars(self, asked: Asked) -> bool:
        return asked.path == "/v2/stocks/bars"

    def _timeframe(self, asked: Asked) -> Timeframe:
        return DAILY if asked.query["timeframe"] == "1Day" else MINUTES

    def stamp(self, bar: Bar, timeframe: Timeframe) -> int:
        return bar.open_time if timeframe.is_intraday else midnight(label_of(bar, self.truth), NEW_YORK_ZONE)

    def rows(self, asked: Asked) -> list[Row]:
        if asked.query["symbols"] != self.truth.symbol or asked.query["adjustment"] != "raw":
            return []
        timeframe = self._timeframe(asked)
        first, last = instant_from(asked.query["start"]), instant_from(asked.query["end"])
        return [each for each in self._rows(timeframe, 0, last) if first <= self.stamp(each.bar, timeframe) <= last]

    def bars(self, asked: Asked, rows: list[Row]) -> tuple[int, Any]:
        begin, page = int(asked.query.get("page_token", "0")), min(int(asked.query["limit"]), self.page)
        piece, timeframe = rows[begin : begin + page], self._timeframe(asked)
        token = str(begin + page) if begin + page < len(rows) else None
        bars = {self.truth.symbol: [self._row(each, timeframe) for each in piece]} if piece else {}
        return 200, {"bars": bars, "next_page_token": token}

    def _row(self, row: Row, timeframe: Timeframe) -> dict[str, Any]:
        bar = row.bar
        numbers = {"o": bar.open, "h": bar.high, "l": bar.low, "c": bar.close, "v": bar.volume}
        said = {name: row.number(name, value) for name, value in numbers.items()}
        return {"t": instant_text(self.stamp(bar, timeframe)), "n": 3, "vw": bar.close, **said}

    def other(self, asked: Asked) -> tuple[int, Any]:
        if asked.path != f"/v2/assets/{self.truth.symbol}":
            return 404, {"code": 40410000, "message": "asset not found"}
        return 200, {
            "id": "1", "class": "us_equity", "exchange": "NASDAQ", "symbol": self.truth.symbol, "status": "active",
            "tradable": True, "fractionable": True,
        }  # fmt: skip


class OpenAlgo(Vendor):
    """Everything is a POST that carries the key."""

    truth = MUMBAI
    refused: ClassVar[tuple[int, Any]] = (403, {"status": "error", "message": "Invalid openalgo apikey"})
    limited: ClassVar[dict[str, Any]] = {"status": "error", "message": "Rate limit exceeded"}

    def is_known(self, asked: Asked) -> bool:
        return bool(asked.body.get("apikey") == KEY)

    def is_for_bars(self, asked: Asked) -> bool:
        return asked.path == "/api/v1/history"

    def _timeframe(self, asked: Asked) -> Timeframe:
        return DAILY if asked.body["interval"] == "D" else MINUTES

    def rows(self, asked: Asked) -> list[Row]:
        first, last = (midnight(day(asked.body[name]), MUMBAI_ZONE) for name in ("start_date", "end_date"))
        return self._rows(self._timeframe(asked), first, last + NS_PER_DAY - 1)

    def bars(self, asked: Asked, rows: list[Row]) -> tuple[int, Any]:
        if asked.body["symbol"] != self.truth.symbol:
            return 400, {"status": "error", "message": f"Symbol '{asked.body['symbol']}' not found"}
        timeframe = self._timeframe(asked)
        return 200, {"status": "success", "data": [self._row(each, timeframe) for each in rows]}

    def _row(self, row: Row, timeframe: Timeframe) -> dict[str, Any]:
        bar = row.bar
        stamp = bar.open_time if timeframe.is_intraday else midnight(label_of(bar, self.truth), MUMBAI_ZONE)
        numbers = {"open": bar.open, "high": bar.high, "low": bar.low, "close": bar.close, "volume": bar.volume}
        said = {name: row.number(name[0], value) for name, value in numbers.items()}
        return {"timestamp": stamp // S, "oi": 0, **said}

    def other(self, asked: Asked) -> tuple[int, Any]:
        if asked.body["symbol"] != self.truth.symbol:
            return 404, {"status": "error", "message": "Symbol not found"}
        return 200, {"status": "success", "data": {"symbol": "INFY", "exchange": "NSE", "lotsize": 1, "tick_size": 0.05,
                                                   "instrumenttype": "EQ"}}  # fmt: skip


class Binance(Vendor):
    """Klines in text, pages by where the last one ended."""

    truth = COIN
    refused: ClassVar[tuple[int, Any]] = (
        401,
        {"code": -2015, "msg": "Invalid API-key, IP, or permissions for action."},
    )
    limited: ClassVar[dict[str, Any]] = {"code": -1003, "msg": "Too many requests."}

    def is_known(self, asked: Asked) -> bool:
        return True

    def is_for_bars(self, asked: Asked) -> bool:
        return asked.path.endswith("/klines")

    def rows(self, asked: Asked) -> list[Row]:
        timeframe = Timeframe.parse(asked.query["interval"])
        first, last = int(asked.query["startTime"]) * MS, int(asked.query.get("endTime", "9" * 13)) * MS
        return self._rows(timeframe, first, last)[: min(int(asked.query["limit"]), self.page)]

    def bars(self, asked: Asked, rows: list[Row]) -> tuple[int, Any]:
        return 200, [self._row(each) for each in rows]

    def _row(self, row: Row) -> list[Any]:
        bar = row.bar
        numbers = {"o": bar.open, "h": bar.high, "l": bar.low, "c": bar.close, "v": bar.volume}
        said = [row.number(name, str(value)) for name, value in numbers.items()]
        return [bar.open_time // MS, *said, bar.close_time // MS - 1, "1", 3, "1", "1", "0"]

    def other(self, asked: Asked) -> tuple[int, Any]:
        if asked.path.endswith("/exchangeInfo"):
            return 200, {"timezone": "UTC", "serverTime": 0, "rateLimits": [], "exchangeFilters": [],
                         "symbols": [_PAIR]}  # fmt: skip
        return 200, {"serverTime": self.truth.now_ns // MS}


_PAIR = {
    "symbol": "BTCUSDT", "status": "TRADING", "baseAsset": "BTC", "baseAssetPrecision": 8, "quoteAsset": "USDT",
    "quotePrecision": 8, "quoteAssetPrecision": 8, "baseCommissionPrecision": 8, "quoteCommissionPrecision": 8,
    "orderTypes": ["LIMIT", "MARKET"], "isSpotTradingAllowed": True, "isMarginTradingAllowed": False,
    "permissions": ["SPOT"], "permissionSets": [["SPOT"]],
    "filters": [
        {"filterType": "PRICE_FILTER", "minPrice": "0.01", "maxPrice": "1000000", "tickSize": "0.01"},
        {"filterType": "LOT_SIZE", "minQty": "0.00001", "maxQty": "9000", "stepSize": "0.00001"},
    ],
}  # fmt: skip

__all__ = [
    "KEY",
    "SECRET",
    "Alpaca",
    "Asked",
    "Binance",
    "OpenAlgo",
    "Polygon",
    "Row",
    "Vendor",
    "Yahoo",
]
