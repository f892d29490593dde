"""The paper exchange behind the socket of brokers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tradewright.domain.approval import ApprovedOrder
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.errors import OrderError, SymbolNotFoundError, UnapprovedOrderError
from tradewright.domain.live.feed import StreamBar
from tradewright.domain.live.venue import Answer, AnswerKind, VenueStatus

from .exchange import PaperRefusalError
from .table import CAPABILITIES, OFFER

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from decimal import Decimal

    from tradewright.domain.bars import Bar
    from tradewright.domain.instrument import Instrument
    from tradewright.domain.live.venue import Capabilities, StreamEvent, VenueAccount, VenueFill, VenueOrder
    from tradewright.domain.live.wire import WireOrder
    from tradewright.ports.bar_stream import BarStream

    from .exchange import PaperExchange
    from .orders import PaperOrder

    Permit = Callable[[], bool]

__all__ = ["PaperBroker", "PaperInstruments"]


class PaperBroker:
    """A `tradewright.ports.broker.Broker` on a paper exchange.

    Parameters
    ----------
    exchange : PaperExchange
    capabilities : Capabilities, optional
    """

    def __init__(self, exchange: PaperExchange, capabilities: Capabilities = CAPABILITIES) -> None:
        self.exchange = exchange
        self._capabilities = capabilities
        self._session = 0
        self._inbox: asyncio.Queue[StreamEvent | None] | None = None

    # The market.

    def trade(self, bars: Sequence[Bar]) -> None:
        """Let the bars of one instant pass; see `PaperExchange.trade`."""
        self.exchange.trade(bars)

    async def follow(self, stream: BarStream) -> None:
        """Trade on the bars of a stream, one by one, until it ends; corrections come too late to change a fill."""
        async for event in stream.events():
            if isinstance(event, StreamBar) and not event.is_correction:
                self.exchange.trade([event.bar])

    # The connection.

    @property
    def capabilities(self) -> Capabilities:
        """What the venue can do."""
        return self._capabilities

    @property
    def session(self) -> int:
        """Number of the present connection."""
        return self._session

    async def connect(self) -> None:
        """Begin to listen; where it is connected nothing happens."""
        if self._inbox is None:
            self._session += 1
            self._inbox = asyncio.Queue()
            self.exchange.listeners.append(self._inbox.put_nowait)

    async def disconnect(self) -> None:
        """Listen no more."""
        if self._inbox is not None:
            self.exchange.listeners.remove(self._inbox.put_nowait)
            self._inbox.put_nowait(None)
            self._inbox = None

    async def events(self) -> AsyncIterator[StreamEvent]:
        """What happens to orders, until the connection ends."""
        inbox = self._inbox
        while inbox is not None and (event := await inbox.get()) is not None:
            yield event

    # Requests.

    async def submit(self, approved: ApprovedOrder[WireOrder], cid: str, permit: Permit) -> Answer:
        """Place an order."""
        self._require_approved(approved)
        refused = _not_offered(approved.order)
        if refused is not None or not permit():
            return refused or Answer(AnswerKind.NOT_SENT)
        if self.exchange.of_cid(cid) is not None:
            return Answer(AnswerKind.DUPLICATE_ID, reason=f"The id {cid} was used before.")
        try:
            order = self.exchange.submit(cid, approved.order)
        except PaperRefusalError as refusal:
            return Answer(AnswerKind.REFUSED, reason=str(refusal))
        return Answer(AnswerKind.ACCEPTED, order.vid)

    async def cancel(self, cid: str, vid: str | None, permit: Permit) -> Answer:
        """End an order."""
        self._require_connected()
        if not permit():
            return Answer(AnswerKind.NOT_SENT)
        order = self.exchange.of_cid(cid) if vid is None else self.exchange.orders.get(vid)
        refused = self._why_not(order)
        if refused is not None or order is None:
            return refused or Answer(AnswerKind.UNKNOWN_ORDER)
        self.exchange.cancel(order)
        return Answer(AnswerKind.ACCEPTED, order.vid)

    async def replace(self, vid: str, approved: ApprovedOrder[WireOrder], cid: str, permit: Permit) -> Answer:
        """Put an order in the place of another."""
        self._require_approved(approved)
        refused = _not_offered(approved.order)
        if refused is not None or not permit():
            return refused or Answer(AnswerKind.NOT_SENT)
        old = self.exchange.orders.get(vid)
        refused = self._why_not(old)
        if refused is not None or old is None:
            return refused or Answer(AnswerKind.UNKNOWN_ORDER)
        if self.exchange.of_cid(cid) is not None:
            return Answer(AnswerKind.DUPLICATE_ID, reason=f"The id {cid} was used before.")
        try:
            new = self.exchange.replace(old, cid, approved.order)
        except PaperRefusalError as refusal:
            return Answer(AnswerKind.REFUSED, reason=str(refusal))
        return Answer(AnswerKind.ACCEPTED, new.vid)

    @staticmethod
    def _why_not(order: PaperOrder | None) -> Answer | None:
        if order is None:
            return Answer(AnswerKind.UNKNOWN_ORDER, reason="There is no such order.")
        if order.status is not VenueStatus.OPEN:
            return Answer(AnswerKind.TOO_LATE, order.vid, f"The order is {order.status}.")
        return None

    def _require_approved(self, approved: ApprovedOrder[WireOrder]) -> None:
        self._require_connected()
        if type(approved) is not ApprovedOrder:
            raise UnapprovedOrderError("The paper exchange was given an order that did not pass the risk gate.")

    def _require_connected(self) -> None:
        if self._inbox is None:
            raise VenueConnectionError("The paper exchange is not connected.", hint="Connect first.")

    # Questions.

    async def order_by_cid(self, cid: str) -> VenueOrder | None:
        """The order with our id."""
        return self._shown(self.exchange.of_cid(cid))

    async def order_by_vid(self, vid: str) -> VenueOrder | None:
        """The order with the venue's id."""
        return self._shown(self.exchange.orders.get(vid))

    def _shown(self, order: PaperOrder | None) -> VenueOrder | None:
        self._require_connected()
        return None if order is None else order.shown()

    async def open_orders(self) -> Sequence[VenueOrder]:
        """All working orders."""
        self._require_connected()
        return [order.shown() for order in self.exchange.orders.values() if order.status is VenueStatus.OPEN]

    async def closed_orders(self, since_ns: int) -> Sequence[VenueOrder]:
        """All orders that ended since an instant."""
        self._require_connected()
        ended = (order for order in self.exchange.orders.values() if order.status is not VenueStatus.OPEN)
        return [order.shown() for order in ended if order.ended_ns >= since_ns]

    async def executions(self, since_ns: int) -> Sequence[VenueFill]:
        """All executions since an instant, oldest first."""
        self._require_connected()
        fills = [fill for order in self.exchange.orders.values() for fill in order.fills]
        return sorted((fill for fill in fills if fill.at_ns >= since_ns), key=lambda fill: fill.at_ns)

    async def positions(self) -> dict[str, Decimal]:
        """Signed units by symbol."""
        self._require_connected()
        return self.exchange.positions()

    async def account(self) -> VenueAccount:
        """Money of the account."""
        self._require_connected()
        return self.exchange.account()


def _not_offered(wire: WireOrder) -> Answer | None:
    try:
        OFFER.require(wire)
    except OrderError as error:
        return Answer(AnswerKind.REFUSED, reason=str(error))
    return None


class PaperInstruments:
    """A `tradewright.ports.bar_stream.InstrumentSource`: what the exchange lists."""

    def __init__(self, exchange: PaperExchange) -> None:
        self._exchange = exchange

    async def instrument(self, symbol: str) -> Instrument:
        """The instrument of a symbol."""
        found = self._exchange.instruments.get(symbol)
        if found is None:
            raise SymbolNotFoundError(
                f"The paper exchange does not list {symbol}.", hint="Name it in brokers.paper.options.symbols."
            )
        return found
