"""The best bid and ask as they change."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tradewright.adapters.wire.inbox import QuoteInbox
from tradewright.adapters.wire.quotes import quote_in
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.errors import DataNotAvailableError
from tradewright.domain.live.feed import Pulse

from .outcomes import failures
from .table import FEED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from tradewright.domain.live.feed import FeedKind, QuoteEvent
    from tradewright.ports.clock import Clock

    from .door import Door
    from .pairs import Pairs

__all__ = ["CcxtQuoteStream"]

_MS = 1_000_000
_FIELDS = ("bid", "bidVolume", "ask", "askVolume")


class CcxtQuoteStream:
    """A `tradewright.ports.quote_stream.QuoteStream` over ccxt.pro.

    Where the exchange says no time with its best prices, as Binance does not, it is that of their coming.

    Parameters
    ----------
    door : Door
        Of its own: the stream ends without the broker's and that of the bars.
    pairs : Pairs
    clock : Clock
    """

    def __init__(self, door: Door, pairs: Pairs, clock: Clock) -> None:
        self._door = door
        self._pairs = pairs
        self._clock = clock
        self._made: Any = None
        self._inbox = QuoteInbox()
        self._inbox.end()
        self._tasks: list[asyncio.Task[None]] = []
        self._wanted: dict[str, str] = {}
        self._told: dict[str, Any] = {}
        self._granted = asyncio.Event()

    @property
    def feed(self) -> FeedKind:
        """Which feed it is."""
        return FEED

    @property
    def heartbeat_s(self) -> float:
        """Longest silence of a healthy stream."""
        return self._door.terms.capabilities.heartbeat_s

    async def connect(self) -> None:
        """Reach the exchange; its socket opens with the first subscription."""
        await self.disconnect()
        await self._door.hold()
        async with self._door.held() as made:
            self._made = made
        inbox = self._inbox = QuoteInbox()
        self._wanted, self._told = {}, {}
        self._door.on_frame = lambda _: inbox.put(Pulse(self._clock.now_ns()))
        self._door.on_message = self._hear

    async def subscribe(self, symbols: Sequence[str]) -> None:
        """Ask for the quotes of these symbols.

        Raises
        ------
        DataNotAvailableError
            When the exchange streams none.
        SymbolNotFoundError
        BrokerError
            When it was not granted, or the stream is not connected.
        """
        made = self._made
        if made is None:
            raise VenueConnectionError(f"The stream of {self._door.plan.name} is not connected.")
        if not made.has.get("watchBidsAsks"):
            raise DataNotAvailableError(f"{made.id} streams no best bids and asks.")
        self._wanted |= {self._pairs.market(made, symbol)["symbol"]: symbol for symbol in symbols}
        self._granted.clear()
        watching = asyncio.create_task(self._watch(made, list(symbols)))
        self._tasks.append(watching)
        try:
            async with asyncio.timeout(self._door.terms.patience.within_s):
                await self._granted.wait()
        except TimeoutError:
            raise VenueConnectionError(f"The quotes of {', '.join(symbols)} were not granted.") from None
        if watching.done():
            raise VenueConnectionError(f"The quotes of {', '.join(symbols)} were refused.")

    async def _watch(self, made: Any, symbols: list[str]) -> None:
        """Wait for news until the line is lost."""
        try:
            while True:
                await made.watch_bids_asks(symbols)
                # What came while nobody waited is in the library's table of the last ones, and nowhere else.
                for symbol in list(self._wanted):
                    self._say(symbol, made.bidsasks.get(symbol))
        except failures():
            self._inbox.end()
        finally:
            self._granted.set()

    def _hear(self, message: Any) -> None:
        if isinstance(message, dict) and message.get("id") is not None and "result" in message:
            self._granted.set()

    def _say(self, symbol: str, said: Any) -> None:
        if said is not None and said is not self._told.get(symbol):
            self._told[symbol] = said
            self._inbox.put(quote_in(said, self._wanted[symbol], self._instant_of, _FIELDS, self._door.plan.name))

    def _instant_of(self, said: dict[str, Any]) -> int:
        at_ms = said.get("timestamp")
        return self._clock.now_ns() if at_ms is None else int(at_ms) * _MS

    def events(self) -> AsyncIterator[QuoteEvent]:
        """Quotes and pulses, until the stream ends."""
        return self._inbox.items()

    async def disconnect(self) -> None:
        """Close the stream; harmless where it is closed."""
        made, self._made = self._made, None
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if made is not None:
            self._inbox.end()
            await self._door.release()
