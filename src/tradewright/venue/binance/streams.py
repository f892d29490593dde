"""Binance's two kinds of sockets: klines and best prices for anybody, and the WebSocket API for an account."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tradewright.venue.line import Line
from tradewright.venue.refusals import Refusal, Why

from .answers import report_json
from .errors import error_body, status_of
from .market import kline_fields, quote_fields, series_of
from .pairs import pair_named, pairs_of, plain
from .signing import account_of_words, server_ms

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

    from tradewright.domain.bars import Bar
    from tradewright.venue.account import VenueAccount
    from tradewright.venue.desk import SandboxDesk
    from tradewright.venue.line import Packed
    from tradewright.venue.placed import Happening
    from tradewright.venue.tape import Series

    from .pairs import Pair

__all__ = ["market_stream", "user_stream"]

_BOOK, _KLINE = "bookTicker", "kline_"
_UNREAD = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


async def market_stream(desk: SandboxDesk, socket: WebSocket) -> None:
    """Serve klines and best prices to one listener until it leaves."""
    await socket.accept()
    watcher = _Watcher(desk, socket)
    try:
        await watcher.line.talk(watcher.hear)
    finally:
        desk.hub.forget(watcher.line)


class _Watcher:
    """One listener: what it has subscribed to, and the last kline that it was told of each."""

    def __init__(self, desk: SandboxDesk, socket: WebSocket) -> None:
        self._desk = desk
        self._wanted: dict[str, tuple[Pair, str, Series]] = {}
        self._told: dict[str, int] = {}
        self._quoted: dict[str, Pair] = {}
        self.line = Line(socket, json.dumps)

    def hear(self, data: Packed) -> None:
        """Carry out what the listener asks for."""
        number = None
        try:
            said = json.loads(data)
            number = said.get("id")
            result = {"SUBSCRIBE": self._add, "UNSUBSCRIBE": self._drop, "LIST_SUBSCRIPTIONS": self._list}[
                said["method"]
            ](said.get("params") or [])
        except Refusal as refusal:
            self.line.say({"error": {"code": 2, "msg": f"Invalid request: {refusal.message}"}, "id": number})
        except _UNREAD:
            self.line.say({"error": {"code": 3, "msg": "Invalid JSON: expected a request"}, "id": number})
        else:
            self.line.say({"result": result, "id": number})

    def _add(self, streams: list[str]) -> None:
        for stream in streams:
            name, _, what = str(stream).partition("@")
            pair = pair_named(self._desk.venue, name.upper())
            if what == _BOOK:
                self._quoted[stream] = pair
                continue
            interval = what.removeprefix(_KLINE)
            series = series_of(self._desk.venue, pair, interval)
            if series is not None:
                self._wanted[stream] = (pair, interval, series)
                self._told[stream] = self._last(series)
        self._desk.drive.begin()
        self._desk.hub.watchers[self.line] = self._show

    def _drop(self, streams: list[str]) -> None:
        for stream in streams:
            self._wanted.pop(stream, None)
            self._quoted.pop(stream, None)

    def _list(self, _: Any) -> list[str]:
        return [*self._wanted, *self._quoted]

    def _last(self, series: Series) -> int:
        """Number of the last complete bar of a series."""
        return int(series.bars.close_time.searchsorted(self._desk.venue.tape.now_ns, "right")) - 1

    def _show(self, _: dict[str, Bar]) -> list[Any]:
        """Tell of best prices, and of klines that have closed: as each began, and as it ended; a frame for each."""
        for pair in self._quoted.values():
            quote = quote_fields(self._desk.venue, pair)
            sides = dict(zip("bBaA", quote.values(), strict=True))
            self.line.say({"u": self._desk.venue.tape.row, "s": pair.id, **sides})
        for stream, (pair, interval, series) in self._wanted.items():
            last = self._last(series)
            for number in range(self._told[stream] + 1, last + 1):
                for is_closed in (False, True):
                    self.line.say(self._kline(pair, interval, series, number, is_closed=is_closed))
            self._told[stream] = last
        return []

    def _kline(self, pair: Pair, interval: str, series: Series, number: int, *, is_closed: bool) -> dict[str, Any]:
        opened, closed, bar = kline_fields(series, number)
        seen = (bar.open, bar.high, bar.low, bar.close, bar.volume) if is_closed else (bar.open,) * 4 + (0.0,)
        prices = dict(zip("ohlcv", map(plain, seen), strict=True))
        count = int(is_closed and bar.volume > 0)
        turnover = plain(bar.volume * bar.close if is_closed else 0.0)
        kline = {"t": opened, "T": closed, "s": pair.id, "i": interval, "f": -1, "L": -1, **prices, "n": count}
        kline |= {"x": is_closed, "q": turnover, "V": plain(0.0), "Q": plain(0.0), "B": "0"}
        return {"e": "kline", "E": self._desk.venue.tape.now_ns // 1_000_000, "s": pair.id, "k": kline}


async def user_stream(desk: SandboxDesk, socket: WebSocket) -> None:
    """Serve the WebSocket API to one client until it leaves: the time, and the events of its account."""
    await socket.accept()
    line = Line(socket, json.dumps)
    try:
        await line.talk(lambda data: _hear(desk, line, data))
    finally:
        desk.hub.forget(line)


def _hear(desk: SandboxDesk, line: Line, data: Packed) -> None:
    number = None
    try:
        said = json.loads(data)
        number = said.get("id")
        result = _METHODS[said["method"]](desk, line, said.get("params") or {})
        line.say({"id": number, "status": 200, "result": result, "rateLimits": []})
    except Refusal as refusal:
        line.say({"id": number, "status": status_of(refusal), "error": error_body(refusal), "rateLimits": []})
    except _UNREAD:
        unread = Refusal(Why.MALFORMED, "The request cannot be understood.", code=-1100)
        line.say({"id": number, "status": 400, "error": error_body(unread), "rateLimits": []})


def _subscribe(desk: SandboxDesk, line: Line, said: dict[str, Any]) -> dict[str, Any]:
    account = account_of_words(desk.venue, said)
    line.key = account.key
    pairs = {pair.symbol: pair for pair in pairs_of(desk.venue)}

    def report(of: VenueAccount, happening: Happening) -> dict[str, Any]:
        return {"subscriptionId": 0, "event": report_json(of, pairs[happening.order.symbol], happening)}

    desk.hub.traders[line] = report
    desk.drive.begin()
    return {"subscriptionId": 0}


def _unsubscribe(desk: SandboxDesk, line: Line, _: dict[str, Any]) -> dict[str, Any]:
    desk.hub.forget(line)
    return {}


def _time(desk: SandboxDesk, _: Line, __: dict[str, Any]) -> dict[str, Any]:
    return {"serverTime": server_ms(desk.venue)}


_METHODS = {
    "userDataStream.subscribe.signature": _subscribe,
    "userDataStream.unsubscribe": _unsubscribe,
    "time": _time,
    "ping": lambda *_: {},
}
