"""Klines as they close."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import BrokerError
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.live.feed import Pulse, StreamBar

from .klines import bar_from, closed_kline, words_for
from .outcomes import failures
from .table import FEED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from tradewright.domain.live.feed import FeedEvent, FeedKind
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.clock import Clock

    from .door import Door
    from .pairs import Pairs

__all__ = ["CcxtBarStream"]


class CcxtBarStream:
    """A `tradewright.ports.bar_stream.BarStream` over ccxt.pro.

    Binance says of each kline whether it has closed; at other exchanges one has when the next begins.

    Parameters
    ----------
    door : Door
        Of its own: the stream ends without the broker's.
    pairs : Pairs
    clock : Clock
    """

    def __init__(self, door: Door, pairs: Pairs, clock: Clock) -> None:
        self._door = door
        self._pairs = pairs
        self._clock = clock
        self._made: Any = None
        self._line: asyncio.Queue[FeedEvent | BrokerError | None] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self._wanted: dict[tuple[str, str], tuple[str, Timeframe]] = {}
        self._granted = asyncio.Event()
        self._says_closed = door.plan.name.startswith("binance")

    @property
    def feed(self) -> FeedKind:
        """Which feed it is."""
        return FEED

    @property
    def heartbeat_s(self) -> float:
        """Longest silence of a healthy stream."""
        return self._door.terms.capabilities.heartbeat_s

    async def connect(self) -> None:
        """Reach the exchange; its socket opens with the first subscription, and until then it is asked for the time."""
        await self.disconnect()
        await self._door.hold()
        async with self._door.held() as made:
            self._made = made
            can_ask = bool(made.has.get("fetchTime"))
        line: asyncio.Queue[FeedEvent | BrokerError | None] = asyncio.Queue()
        self._line, self._wanted = line, {}
        self._door.on_frame = lambda _: line.put_nowait(Pulse(self._clock.now_ns()))
        self._door.on_message = self._hear
        self._tasks = [asyncio.create_task(self._beat())] if can_ask else []

    async def _beat(self) -> None:
        """Give a sign of life while there is no socket that could."""
        try:
            while not self._wanted:
                await self._door.ask(lambda made: made.fetch_time())
                self._line.put_nowait(Pulse(self._clock.now_ns()))
                await asyncio.sleep(self.heartbeat_s / 2)
        except BrokerError:
            self._line.put_nowait(None)

    async def subscribe(self, symbols: Sequence[str], timeframe: Timeframe) -> None:
        """Ask for the klines of these symbols.

        Raises
        ------
        DataError
            For a timeframe that the exchange does not have.
        SymbolNotFoundError
        BrokerError
            When it was not granted, or the stream is not connected.
        """
        made = self._made
        if made is None:
            raise VenueConnectionError(f"The stream of {self._door.plan.name} is not connected.")
        word = words_for(made, timeframe)
        for symbol in symbols:
            market = self._pairs.market(made, symbol)
            self._wanted[market["id"], made.timeframes[word]] = (symbol, timeframe)
        self._granted.clear()
        self._tasks.append(asyncio.create_task(self._watch(made, list(symbols), word, timeframe)))
        if self._says_closed:
            await self._until_granted(symbols)

    async def _until_granted(self, symbols: Sequence[str]) -> None:
        try:
            async with asyncio.timeout(self._door.terms.patience.within_s):
                await self._granted.wait()
        except TimeoutError:
            raise VenueConnectionError(f"The klines of {', '.join(symbols)} were not granted.") from None
        if self._tasks and self._tasks[-1].done():
            raise VenueConnectionError(f"The klines of {', '.join(symbols)} were refused.")

    async def _watch(self, made: Any, symbols: list[str], word: str, timeframe: Timeframe) -> None:
        """Wait for news until the line is lost."""
        begun: dict[str, Any] = {}
        try:
            while True:
                found = await made.watch_ohlcv_for_symbols([[symbol, word] for symbol in symbols])
                if not self._says_closed:
                    self._succeeded(found, word, timeframe, begun)
        except failures():
            self._line.put_nowait(None)
        finally:
            self._granted.set()

    def _succeeded(self, found: Any, word: str, timeframe: Timeframe, begun: dict[str, Any]) -> None:
        """Hand on every kline that another one has followed."""
        for symbol, by_word in found.items():
            for row in by_word.get(word, ()):
                before = begun.get(symbol)
                if before is not None and row[0] > before[0]:
                    self._say(symbol, before, timeframe)
                if before is None or row[0] >= before[0]:
                    begun[symbol] = list(row)

    def _hear(self, message: Any) -> None:
        if isinstance(message, dict) and message.get("id") is not None and "result" in message:
            self._granted.set()
        kline = closed_kline(message) if self._says_closed else None
        wanted = None if kline is None else self._wanted.get(kline[:2])
        if kline is not None and wanted is not None:
            self._say(wanted[0], kline[2], wanted[1])

    def _say(self, symbol: str, row: Any, timeframe: Timeframe) -> None:
        """Hand a bar on; one bad kline does not end the stream of the others."""
        try:
            self._line.put_nowait(StreamBar(bar_from(symbol, row, timeframe)))
        except BrokerError as error:
            self._line.put_nowait(error)

    async def events(self) -> AsyncIterator[FeedEvent]:
        """Bars and pulses, until the stream ends."""
        line = self._line
        while self._made is not None or not line.empty():
            event = await line.get()
            if event is None:
                line.put_nowait(None)
                return
            if isinstance(event, BrokerError):
                raise event
            yield event

    async def disconnect(self) -> None:
        """Close the stream; harmless where it is closed."""
        made, self._made = self._made, None
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if made is not None:
            self._line.put_nowait(None)
            await self._door.release()
