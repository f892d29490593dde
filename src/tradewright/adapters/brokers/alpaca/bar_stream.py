"""Alpaca's stream of one-minute bars: msgpack, one feed to a socket."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgpack

from tradewright.domain.bars import Bar
from tradewright.domain.errors import AuthenticationError, BrokerError, DataError
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.live.feed import Pulse, StreamBar
from tradewright.domain.timeframe import NS_PER_MINUTE, Timeframe, TimeUnit

from .listener import Listener

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from websockets.asyncio.client import ClientConnection

    from tradewright.domain.live.feed import FeedEvent, FeedKind
    from tradewright.domain.live.modes import Keys
    from tradewright.ports.clock import Clock

    from .table import AlpacaTerms

__all__ = ["AlpacaBarStream"]

_MINUTE = Timeframe(1, TimeUnit.MINUTE)
_REFUSED = (401, 402, 403, 404, 409)
"""Codes for keys that are missing, wrong or without the feed."""


class AlpacaBarStream:
    """A `tradewright.ports.bar_stream.BarStream` of one feed.

    Parameters
    ----------
    address : str
        Without the feed's name.
    feed : FeedKind
    keys : Keys
    terms : AlpacaTerms
    clock : Clock
    """

    def __init__(self, address: str, feed: FeedKind, keys: Keys, terms: AlpacaTerms, clock: Clock) -> None:
        self._address = f"{address}/{feed.name}"
        self._feed = feed
        self._keys = keys
        self._terms = terms
        self._granted: set[str] = set()
        self._changed = asyncio.Event()
        self._listener: Listener[FeedEvent] = Listener(
            self._read, terms.connect_s, terms.capabilities.heartbeat_s, lambda: Pulse(clock.now_ns())
        )

    @property
    def feed(self) -> FeedKind:
        """Which feed it is."""
        return self._feed

    @property
    def heartbeat_s(self) -> float:
        """Longest silence of a healthy stream."""
        return self._terms.capabilities.heartbeat_s

    async def connect(self) -> None:
        """Open the stream."""
        self._granted = set()
        await self._listener.open(self._address, self._greet, {"Content-Type": "application/msgpack"})

    async def _greet(self, socket: ClientConnection) -> None:
        await _answered(socket, "connected")
        said = {"action": "auth", "key": self._keys.get("key"), "secret": self._keys.get("secret")}
        await socket.send(msgpack.packb(said))
        await _answered(socket, "authenticated")

    async def subscribe(self, symbols: Sequence[str], timeframe: Timeframe) -> None:
        """Ask for the bars of these symbols, and for corrections of them.

        Raises
        ------
        DataError
            For every timeframe but one minute.
        BrokerError
            When it was not granted.
        """
        if timeframe != _MINUTE:
            raise DataError(f"Alpaca streams bars of 1m, not of {timeframe}.", hint="Stream 1m bars and resample them.")
        wanted = list(symbols)
        await self._listener.say(msgpack.packb({"action": "subscribe", "bars": wanted, "updatedBars": wanted}))
        try:
            async with asyncio.timeout(self._terms.connect_s):
                while not self._granted.issuperset(wanted):
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise VenueConnectionError(f"Alpaca did not grant the bars of {', '.join(wanted)}.") from None

    def events(self) -> AsyncIterator[FeedEvent]:
        """Bars, corrections and pulses, until the stream ends."""
        return self._listener.heard()

    async def disconnect(self) -> None:
        """Close the stream."""
        await self._listener.close()

    def _read(self, message: str | bytes) -> list[FeedEvent | BrokerError]:
        found: list[FeedEvent | BrokerError] = []
        for said in _messages_in(message):
            kind = said.get("T")
            if kind == "error":
                raise BrokerError(f"Alpaca's bar stream says: {said.get('msg')}.", broker_code=str(said.get("code")))
            if kind == "subscription":
                self._granted = set(said.get("bars") or ())
                self._changed.set()
            elif kind in ("b", "u"):
                found.append(_bar_from(said))
        return found


async def _answered(socket: ClientConnection, word: str) -> None:
    """Wait for the word that is due.

    Raises
    ------
    AuthenticationError
        When the keys are refused.
    ValueError
        When another word came.
    """
    said = _messages_in(await socket.recv())[0]
    if said.get("T") == "error" and said.get("code") in _REFUSED:
        raise AuthenticationError(
            f"Alpaca's bar stream refuses the keys: {said.get('msg')}.", broker_code=str(said.get("code"))
        )
    if (said.get("T"), said.get("msg")) != ("success", word):
        raise ValueError(str(said))


def _messages_in(message: str | bytes) -> list[dict[str, Any]]:
    """The messages of a frame.

    Raises
    ------
    BrokerError
        When it holds something else.
    """
    try:
        said = msgpack.unpackb(message if isinstance(message, bytes) else message.encode())
    except (ValueError, msgpack.UnpackException):
        said = None
    if not isinstance(said, list) or not said or not all(isinstance(each, dict) for each in said):
        raise BrokerError("A message of Alpaca's bar stream cannot be read.")
    return said


def _bar_from(said: dict[str, Any]) -> StreamBar | BrokerError:
    """The bar of a message, or why there is none: one bad bar does not end the stream of the others."""
    try:
        opened: int = said["t"].to_unix_nano()
        prices = [float(said[name]) for name in "ohlcv"]
        bar = Bar(str(said["S"]), opened, opened + NS_PER_MINUTE, *prices)
    except (KeyError, TypeError, ValueError, AttributeError, DataError) as error:
        return BrokerError(f"A bar of Alpaca's stream cannot be used: {error}")
    return StreamBar(bar, is_correction=said["T"] == "u")
