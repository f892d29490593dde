"""Alpaca's market-data stream: bars, quotes and trades, as msgpack or JSON, as the client asks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

from tradewright.venue.line import Line
from tradewright.venue.refusals import Refusal
from tradewright.venue.wording import instant_of

from .keys import account_named
from .prices import bar_fields, quote_fields, trade_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.websockets import WebSocket

    from tradewright.domain.bars import Bar
    from tradewright.venue.desk import SandboxDesk
    from tradewright.venue.line import Packed

__all__ = ["data_stream"]

_CHANNELS = ("trades", "quotes", "bars", "updatedBars", "dailyBars", "statuses", "lulds", "corrections", "cancelErrors")


async def data_stream(desk: SandboxDesk, socket: WebSocket) -> None:
    """Serve one listener until it leaves."""
    await socket.accept()
    watcher = _Watcher(desk, socket, packed="msgpack" in socket.headers.get("content-type", ""))
    watcher.line.say([{"T": "success", "msg": "connected"}])
    try:
        await watcher.line.talk(watcher.hear)
    finally:
        desk.hub.forget(watcher.line)
        watcher.leave()


Form: TypeAlias = "tuple[Callable[[Any], Any], Callable[[Any], Packed], Callable[[int], Any]]"
"""How a listener is read, written to, and given instants."""

_TEXT_FORM: Form = (json.loads, json.dumps, instant_of)


class _Watcher:
    """One listener: what it has subscribed to, and in which form it reads."""

    def __init__(self, desk: SandboxDesk, socket: WebSocket, *, packed: bool) -> None:
        self._desk = desk
        self._read, pack, self._stamp = _packed_form() if packed else _TEXT_FORM
        self._symbols: dict[str, list[str]] = {name: [] for name in _CHANNELS}
        self.line = Line(socket, pack)

    def hear(self, data: Packed) -> None:
        """Carry out what the listener asks for."""
        try:
            said = self._read(data)
            action = said["action"]
            {"auth": self._auth, "subscribe": self._subscribe, "unsubscribe": self._unsubscribe, "ack": self._ack}[
                action
            ](said)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self._error(400, "invalid syntax")

    def leave(self) -> None:
        """The listener has gone."""
        if self.line.key is not None:
            self._desk.barrier.leave(self.line.key)

    def _error(self, code: int, message: str) -> None:
        self.line.say([{"T": "error", "code": code, "msg": message}])

    def _auth(self, said: dict[str, Any]) -> None:
        if self.line.key is not None:
            self._error(403, "already authenticated")
            return
        try:
            key = account_named(self._desk.venue, said.get("key"), said.get("secret")).key
        except Refusal:
            self._error(402, "auth failed")
            return
        self.line.key = key
        self._desk.barrier.join(key)
        self._desk.drive.begin()
        self.line.say([{"T": "success", "msg": "authenticated"}])

    def _subscribe(self, said: dict[str, Any]) -> None:
        self._change(said, lambda old, new: [*old, *(each for each in new if each not in old)])

    def _unsubscribe(self, said: dict[str, Any]) -> None:
        self._change(said, lambda old, new: [each for each in old if each not in new])

    def _change(self, said: dict[str, Any], joined: Callable[[list[str], list[str]], list[str]]) -> None:
        if self.line.key is None:
            self._error(401, "not authenticated")
            return
        for name in _CHANNELS:
            self._symbols[name] = joined(self._symbols[name], [str(each) for each in said.get(name) or []])
        self._desk.hub.watchers[self.line] = self._messages
        self.line.say([{"T": "subscription", **self._symbols}])

    def _ack(self, _: dict[str, Any]) -> None:
        if self.line.key is None:
            self._error(401, "not authenticated")
        else:
            self._desk.barrier.acknowledge(self.line.key)

    def _messages(self, bars: dict[str, Bar]) -> list[dict[str, Any]]:
        """What the listener hears of new bars: trades and quotes first, as they came before the bar was complete."""
        trades = [{"T": "t", "S": name, **trade_fields(bar, self._stamp)} for name, bar in self._of("trades", bars)]
        quotes = [
            {"T": "q", "S": name, **quote_fields(bar, self._tick(name), self._stamp)}
            for name, bar in self._of("quotes", bars)
        ]
        completed = [{"T": "b", "S": name, **self._bar(name, bar)} for name, bar in self._of("bars", bars)]
        is_daily = not self._desk.venue.tape.market.timeframe.is_intraday
        days = self._of("dailyBars", bars) if is_daily else []
        return [*trades, *quotes, *completed, *({"T": "d", "S": name, **self._bar(name, bar)} for name, bar in days)]

    def _bar(self, symbol: str, bar: Bar) -> dict[str, Any]:
        return bar_fields(bar, self._stamp(self._desk.venue.tape.last_stamp(symbol)))

    def _of(self, channel: str, bars: dict[str, Bar]) -> list[tuple[str, Bar]]:
        wanted = self._symbols[channel]
        return [(name, bar) for name, bar in bars.items() if "*" in wanted or name in wanted]

    def _tick(self, symbol: str) -> float:
        market = self._desk.venue.tape.market
        return market.tracks[market.symbols.index(symbol)].bars.instrument.tick


def _packed_form() -> Form:
    """Reading, writing and stamping in msgpack."""
    import msgpack

    def read(data: Packed) -> Any:
        if isinstance(data, str):
            return json.loads(data)
        try:
            return msgpack.unpackb(data)
        except msgpack.UnpackException as error:
            raise ValueError(str(error)) from error

    def pack(message: Any) -> Packed:
        packed: bytes = msgpack.packb(message)
        return packed

    return read, pack, msgpack.Timestamp.from_unix_nano
