"""The best bid and ask as they change: Interactive Brokers tells the two sides one after the other."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.adapters.wire.inbox import QuoteInbox
from tradewright.adapters.wire.quotes import quote_in
from tradewright.domain.errors import BrokerError
from tradewright.domain.live.feed import Pulse

from .table import FEED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from tradewright.domain.live.feed import FeedKind, QuoteEvent
    from tradewright.ports.clock import Clock

    from .contracts import Contracts
    from .link import Link
    from .table import IbTerms

__all__ = ["IbQuoteStream"]

_FIELDS = ("bid", "bid_size", "ask", "ask_size")
_PRICES = {1: ("bid", "bid_size"), 2: ("ask", "ask_size")}
_SIZES = {0: "bid_size", 3: "ask_size"}
_DATA_LOST = 1101
"""The gateway has the broker again, and the subscriptions are gone."""


@dataclass(slots=True)
class _Sides:
    """What is known of a symbol; 0 where nobody is on a side."""

    symbol: str
    bid: float = 0.0
    bid_size: float = 0.0
    ask: float = 0.0
    ask_size: float = 0.0


class IbQuoteStream:
    """A `tradewright.ports.quote_stream.QuoteStream` over the connection of the bars.

    Its messages say no time: it is that of their coming.

    Parameters
    ----------
    link : Link
    contracts : Contracts
    terms : IbTerms
    clock : Clock
    close_idle : callable
        Closes the connection where nobody else needs it.
    """

    def __init__(
        self, link: Link, contracts: Contracts, terms: IbTerms, clock: Clock, close_idle: Callable[[], Awaitable[None]]
    ) -> None:
        self._link = link
        self._contracts = contracts
        self._terms = terms
        self._clock = clock
        self._close_idle = close_idle
        self._sides: dict[int, _Sides] = {}
        self._inbox = QuoteInbox()
        self._inbox.end()
        self._refused: list[BrokerError] = []
        self._beating: asyncio.Task[None] | None = None

    @property
    def feed(self) -> FeedKind:
        """Which feed it is."""
        return FEED

    @property
    def heartbeat_s(self) -> float:
        """Longest silence of a healthy stream."""
        return self._terms.capabilities.heartbeat_s

    async def connect(self) -> None:
        """Open the stream."""
        await self.disconnect()
        self._inbox = QuoteInbox()
        await self._link.ensure_open()
        self._beating = asyncio.create_task(self._beat())

    async def subscribe(self, symbols: Sequence[str]) -> None:
        """Ask for the quotes of these symbols.

        Raises
        ------
        DataError
            For a symbol that there is not.
        BrokerError
            When the subscription was refused.
        """
        self._refused = []
        wanted = {symbol: await self._contracts.contract(symbol) for symbol in symbols}
        for symbol, contract in wanted.items():
            number = self._link.number()
            self._sides[number] = _Sides(symbol)
            await self._link.limiter.take(self._terms.question_s)
            self._link.require_line().reqMktData(number, contract, "", False, False, [])
        # A refusal comes before the answer to what was asked later.
        await self._link.ask("currentTime", lambda client: client.reqCurrentTime())
        if self._refused:
            raise self._refused[0]

    async def _beat(self) -> None:
        while self._link.is_open:
            with contextlib.suppress(BrokerError):
                await self._link.ask("currentTime", lambda client: client.reqCurrentTime())
                self._inbox.put(Pulse(self._clock.now_ns()))
            await asyncio.sleep(self.heartbeat_s / 3)

    def events(self) -> AsyncIterator[QuoteEvent]:
        """Quotes and pulses, until the connection ends."""
        return self._inbox.items()

    async def disconnect(self) -> None:
        """Close the stream; the bars go on over the connection."""
        beating, self._beating = self._beating, None
        if beating is None:
            return
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)
        numbers, self._sides = list(self._sides), {}
        if self._link.is_open:
            for number in numbers:
                with contextlib.suppress(BrokerError):
                    self._link.require_line().cancelMktData(number)
        self._inbox.end()
        await self._close_idle()

    def hear(self, name: str, *said: Any) -> None:
        """A message of the connection that answers no question."""
        if name == "connectionClosed" or (name == "error" and said[1] == _DATA_LOST):
            self._inbox.end()
        elif said and said[0] in self._sides:
            self._take(name, *said)

    def _take(self, name: str, number: int, *said: Any) -> None:
        sides = self._sides[number]
        if name == "error":
            del self._sides[number]
            text = f"Interactive Brokers ends the quotes of {sides.symbol}: {said[1]}."
            self._refused.append(BrokerError(text, broker_code=str(said[0])))
            return
        if name == "priceSizeTick" and said[0] in _PRICES:
            price, size = _PRICES[said[0]]
            # What is not positive says that nobody is there.
            setattr(sides, price, max(said[1], 0.0))
            setattr(sides, size, said[2])
        elif name == "tickSize" and said[0] in _SIZES:
            setattr(sides, _SIZES[said[0]], said[1])
        else:
            return
        plain = {field: getattr(sides, field) for field in _FIELDS}
        self._inbox.put(quote_in(plain, sides.symbol, lambda _: self._clock.now_ns(), _FIELDS, "Interactive Brokers"))
