"""Streams of market data on loopback, in the words of one vendor each, and the trouble that they are told to make."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol, Self

import msgpack
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tradewright.domain.bars import Bar
from tradewright.domain.quote import Quote

KEY, SECRET = "PKTEST", "a secret that nobody may see"


class Dialect(Protocol):
    """What a vendor's stream says."""

    path: str
    unreadable: str | bytes

    def read(self, frame: str | bytes) -> dict[str, Any]: ...

    def write(self, messages: Sequence[dict[str, Any]]) -> str | bytes: ...

    def greeting(self) -> dict[str, Any]: ...

    def welcome(self, said: dict[str, Any]) -> tuple[bool, dict[str, Any]]: ...

    def topics(self, said: dict[str, Any]) -> list[str]: ...

    def granted(self, topics: list[str], all_topics: list[str]) -> list[dict[str, Any]]: ...

    def refusal(self) -> dict[str, Any]: ...

    def quote(self, quote: Quote) -> tuple[str, dict[str, Any]]: ...

    def bar(self, bar: Bar) -> tuple[str, dict[str, Any]]: ...


class Alpaca:
    """Alpaca's data stream: msgpack, lists of symbols by channel."""

    path = "/v2/iex"
    unreadable = b"\xc1"

    def read(self, frame: str | bytes) -> dict[str, Any]:
        said: dict[str, Any] = msgpack.unpackb(frame if isinstance(frame, bytes) else frame.encode())
        return said

    def write(self, messages: Sequence[dict[str, Any]]) -> bytes:
        packed: bytes = msgpack.packb(list(messages))
        return packed

    def greeting(self) -> dict[str, Any]:
        return {"T": "success", "msg": "connected"}

    def welcome(self, said: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
        if (said.get("key"), said.get("secret")) == (KEY, SECRET):
            return True, {"T": "success", "msg": "authenticated"}
        return False, {"T": "error", "code": 402, "msg": "auth failed"}

    def topics(self, said: dict[str, Any]) -> list[str]:
        return [f"{channel} {symbol}" for channel in ("bars", "quotes") for symbol in said.get(channel, [])]

    def granted(self, topics: list[str], all_topics: list[str]) -> list[dict[str, Any]]:
        found: dict[str, list[str]] = {"bars": [], "quotes": [], "trades": []}
        for channel, symbol in (each.split() for each in all_topics):
            found[channel].append(symbol)
        return [{"T": "subscription", **found}]

    def refusal(self) -> dict[str, Any]:
        return {"T": "error", "code": 405, "msg": "symbol limit exceeded"}

    def quote(self, quote: Quote) -> tuple[str, dict[str, Any]]:
        said = {"T": "q", "S": quote.symbol, "t": msgpack.Timestamp.from_unix_nano(quote.at_ns), **sides(quote)}
        return f"quotes {quote.symbol}", said

    def bar(self, bar: Bar) -> tuple[str, dict[str, Any]]:
        said = {"T": "b", "S": bar.symbol, "t": msgpack.Timestamp.from_unix_nano(bar.open_time)}
        return f"bars {bar.symbol}", {**said, **columns(bar)}


class Polygon:
    """Polygon's stream of shares: JSON, topics."""

    path = "/stocks"
    unreadable = '[{"ev":"Q","sym":"ACME","bp":'

    def read(self, frame: str | bytes) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(frame)
        return said

    def write(self, messages: Sequence[dict[str, Any]]) -> str:
        return json.dumps(list(messages))

    def greeting(self) -> dict[str, Any]:
        return {"ev": "status", "status": "connected", "message": "Connected Successfully"}

    def welcome(self, said: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
        if said.get("params") == KEY:
            return True, {"ev": "status", "status": "auth_success", "message": "authenticated"}
        why = f"authentication failed: {said.get('params')}"
        return False, {"ev": "status", "status": "auth_failed", "message": why}

    def topics(self, said: dict[str, Any]) -> list[str]:
        return str(said.get("params")).split(",")

    def granted(self, topics: list[str], all_topics: list[str]) -> list[dict[str, Any]]:
        return [{"ev": "status", "status": "success", "message": f"subscribed to: {each}"} for each in topics]

    def refusal(self) -> dict[str, Any]:
        return {"ev": "status", "status": "error", "message": f"not authorized, {KEY}"}

    def quote(self, quote: Quote) -> tuple[str, dict[str, Any]]:
        said = {"ev": "Q", "sym": quote.symbol, "t": quote.at_ns // 1_000_000, "q": 1, "z": 3, **sides(quote)}
        return f"Q.{quote.symbol}", said

    def bar(self, bar: Bar) -> tuple[str, dict[str, Any]]:
        said = {"ev": "AM", "sym": bar.symbol, "s": bar.open_time // 1_000_000, "e": bar.close_time // 1_000_000}
        return f"AM.{bar.symbol}", {**said, **columns(bar), "av": 1, "vw": bar.close}


def sides(quote: Quote) -> dict[str, Any]:
    """Prices and sizes in the words that both vendors have."""
    return {"bp": quote.bid or 0, "bs": quote.bid_size, "ap": quote.ask or 0, "as": quote.ask_size}


def columns(bar: Bar) -> dict[str, Any]:
    """Prices and volume of a bar in the words that both vendors have."""
    return {"o": bar.open, "h": bar.high, "l": bar.low, "c": bar.close, "v": bar.volume}


@dataclass(eq=False)
class Listening:
    """A connection, and what was granted to it."""

    socket: ServerConnection
    topics: list[str] = field(default_factory=list)


class StreamVendor:
    """Serves inside an ``async with``.

    Attributes
    ----------
    listening : list of Listening
        Connections that showed the right credentials.
    opened : int
        How many there were.
    refuses : bool
        Whether the next symbols that are asked for are refused.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.listening: list[Listening] = []
        self.opened = 0
        self.refuses = False
        self._changed = asyncio.Event()
        self._server: Server | None = None

    @property
    def address(self) -> str:
        assert self._server is not None
        return f"ws://127.0.0.1:{next(iter(self._server.sockets)).getsockname()[1]}"

    async def __aenter__(self) -> Self:
        self._server = await serve(self._speak, "127.0.0.1", 0, ping_interval=None)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        await self.cut()
        self._server.close()
        await self._server.wait_closed()

    async def _speak(self, socket: ServerConnection) -> None:
        dialect = self.dialect
        assert socket.request is not None
        assert socket.request.path == dialect.path, socket.request.path
        await socket.send(dialect.write([dialect.greeting()]))
        try:
            is_known, answer = dialect.welcome(dialect.read(await socket.recv()))
            await socket.send(dialect.write([answer]))
            if is_known:
                await self._listen(socket)
        except ConnectionClosed:
            return

    async def _listen(self, socket: ServerConnection) -> None:
        mine = Listening(socket)
        self.listening.append(mine)
        self.opened += 1
        try:
            async for frame in socket:
                wanted = self.dialect.topics(self.dialect.read(frame))
                if self.refuses:
                    self.refuses = False
                    await socket.send(self.dialect.write([self.dialect.refusal()]))
                    continue
                mine.topics += [each for each in wanted if each not in mine.topics]
                self._changed.set()
                await socket.send(self.dialect.write(self.dialect.granted(wanted, mine.topics)))
        finally:
            if mine in self.listening:
                self.listening.remove(mine)

    async def until_asked(self, topics: int) -> None:
        """Wait until somebody has asked for so many topics."""
        while not any(len(each.topics) == topics for each in self.listening):
            self._changed.clear()
            await self._changed.wait()

    async def say(self, topic: str, message: dict[str, Any]) -> None:
        """A message to all who asked for it."""
        for each in self.listening:
            if topic in each.topics:
                await each.socket.send(self.dialect.write([message]))

    async def send(self, frame: str | bytes) -> None:
        """A frame to everybody."""
        for each in self.listening:
            await each.socket.send(frame)

    async def cut(self) -> None:
        """End every connection without a word."""
        for each in self.listening:
            each.socket.transport.abort()

    def fall_mute(self) -> None:
        """Leave every connection open, and neither read nor say anything more: no ping is answered."""
        for each in self.listening:
            each.socket.transport.pause_reading()
