"""Interactive Brokers as a venue that takes orders."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import BrokerError, OrderError, SymbolNotFoundError
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.live.venue import Answer, AnswerKind, StreamEvent, VenueAccount, VenueStatus

from .contracts import Contracts, symbol_of
from .lists import Lists
from .picture import Picture, Waiting, done_by, going, taken
from .table import CANCEL_CODES, OFFER, ORDER_CODES
from .words import amount, order_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
    from decimal import Decimal

    from tradewright.domain.approval import ApprovedOrder
    from tradewright.domain.live.venue import Capabilities, VenueFill, VenueOrder
    from tradewright.domain.live.wire import WireOrder
    from tradewright.ports.clock import Clock

    from .link import Client, Link, Place
    from .numbers import OrderNumbers
    from .picture import Reported
    from .table import IbTerms

__all__ = ["IbBroker"]

_MONEY = ("NetLiquidation", "TotalCashValue", "BuyingPower")
_NOT_SENT = Answer(AnswerKind.NOT_SENT)


class IbBroker:
    """A `tradewright.ports.broker.Broker` over one connection to TWS or its gateway.

    Our id travels as the order's reference and the venue's is its permanent number. The number of the order at this
    client identifies nothing: it comes from `OrderNumbers`, once. An order is changed only where this connection has
    reported it open itself, since a gateway that forgot it would take the change for a new order.

    Parameters
    ----------
    make_link : callable
        ``make_link(hear)`` gives the `Link`.
    place : Place
    terms : IbTerms
    numbers : OrderNumbers
    clock : Clock
    beside : callable
        Closes what else was opened for this venue and is not in use; called as this one disconnects.
    """

    def __init__(
        self, make_link: Callable[[Callable[..., None]], Link], place: Place, terms: IbTerms, numbers: OrderNumbers,
        clock: Clock, beside: Callable[[], Awaitable[None]],
    ) -> None:  # fmt: skip
        self._terms = terms
        self._numbers = numbers
        self._clock = clock
        self._beside = beside
        self._link = make_link(self._hear)
        self._contracts = Contracts(self._link)
        self._picture = Picture(clock, place.client_id, self._symbol_of, self._tell)
        self._lists = Lists(self._link, self._picture, self._symbol_of)
        self._inbox: asyncio.Queue[StreamEvent | None] = asyncio.Queue()
        self._beating: asyncio.Task[None] | None = None

    @property
    def capabilities(self) -> Capabilities:
        """What the venue can do."""
        return self._terms.capabilities

    @property
    def session(self) -> int:
        """Number of the present connection; the gateway's own reconnect makes it another one, too."""
        return self._link.session

    async def connect(self) -> None:
        """Open the connection, check whose account it is, and learn which numbers were used."""
        await self.disconnect()
        self._picture.forget()
        self._inbox = asyncio.Queue()
        await self._link.open()
        try:
            await self._learn_numbers()
        except BrokerError:
            await self.disconnect()
            raise
        self._beating = asyncio.create_task(self._beat())

    async def _learn_numbers(self) -> None:
        """What the gateway hands out may have rolled back: what it shows of used numbers counts, too."""
        self._numbers.at_least(self._link.first_valid)
        own = await self._link.ask("openOrders", lambda client: client.reqOpenOrders())
        ran = await self._lists.raw_executions()
        used = [row[0] for row in own] + [execution.orderId for _, execution in ran]
        self._numbers.at_least(max((number for number in used if number < 1 << 31), default=0) + 1)

    async def disconnect(self) -> None:
        """Close the connection; harmless where it is closed."""
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
            self._beating = None
        await self._link.close()
        await self._beside()
        self._picture.silence("The connection was closed.")
        self._inbox.put_nowait(None)

    async def _beat(self) -> None:
        """A gateway that answers the time is alive, and so is the stream that comes over the same socket."""
        while self._link.is_open:
            with contextlib.suppress(BrokerError):
                await self._link.ask("currentTime", lambda client: client.reqCurrentTime())
                self._tell(StreamEvent())
            await asyncio.sleep(self.capabilities.heartbeat_s / 3)

    # Requests.

    async def submit(self, approved: ApprovedOrder[WireOrder], cid: str, permit: Callable[[], bool]) -> Answer:
        """Hand over a new order under a number that was never used."""
        wire = approved.order
        try:
            OFFER.require(wire)
            contract = await self._contracts.contract(wire.symbol)
        except (OrderError, SymbolNotFoundError) as error:
            return Answer(AnswerKind.REFUSED, reason=error.message)
        order = order_of(wire, cid, self._link.account)
        number = self._numbers.take()
        waiting = Waiting(_future(), ORDER_CODES, taken)

        def write(client: Client) -> None:
            self._picture.wants(cid, wire)
            self._picture.sent(number, cid)
            client.placeOrder(number, contract, order)

        return await self._hand_over(number, waiting, permit, write)

    async def cancel(self, cid: str, vid: str | None, permit: Callable[[], bool]) -> Answer:
        """Ask for the end of an order that this client placed."""
        number = self._picture.number_of(cid, vid)
        if number is None:
            await self._lists.open_orders()
            number = self._picture.number_of(cid, vid)
        if number is None:
            if self._picture.reported(vid) is not None:
                return Answer(AnswerKind.REFUSED, vid, "Another client placed the order; only that one may cancel it.")
            return Answer(AnswerKind.UNKNOWN_ORDER, vid, "The gateway shows no such order of this client.")
        found, waiting = number, Waiting(_future(), CANCEL_CODES, going)
        return await self._hand_over(number, waiting, permit, lambda client: client.cancelOrder(found), is_urgent=True)

    async def replace(
        self, vid: str, approved: ApprovedOrder[WireOrder], cid: str, permit: Callable[[], bool]
    ) -> Answer:
        """Change the quantity and the prices of an order in its place; it keeps its id, and its first reference.

        Where this connection has not reported it open nothing is sent: NOT_SENT.
        """
        wire, found = approved.order, self._picture.open_one(vid)
        if found is None:
            return Answer(AnswerKind.NOT_SENT, vid, "This connection has not reported the order open.")
        if (wire.symbol, wire.side, wire.order_type.value) != (found.order.symbol, found.order.side, found.order.shape):
            return Answer(AnswerKind.REFUSED, vid, "Only the quantity and the prices of an order can be changed.")
        contract = await self._contracts.contract(wire.symbol)
        order = order_of(wire, found.order.cid or "", self._link.account)
        waiting = Waiting(_future(), ORDER_CODES, done_by(wire))

        def write(client: Client) -> None:
            self._picture.wants(cid, wire)
            self._picture.changed(found.number)
            client.placeOrder(found.number, contract, order)

        return await self._hand_over(
            found.number, waiting, lambda: self._is_still(found) and permit(), write, is_urgent=True
        )

    def _is_still(self, before: Reported) -> bool:
        found = self._picture.open_one(before.order.vid)
        return found is not None and found.number == before.number

    async def _hand_over(
        self, number: int, waiting: Waiting, permit: Callable[[], bool], write: Callable[[Client], None], *,
        is_urgent: bool = False,
    ) -> Answer:  # fmt: skip
        """One attempt. From the permit to the bytes nothing is awaited, and the library holds nothing back."""
        await self._link.limiter.take(self._terms.answer_s, is_urgent=is_urgent)
        client = self._link.require_line()
        if not self._link.may_write():
            raise VenueConnectionError("The gateway does not read what it is sent.")
        if not permit():
            return _NOT_SENT
        self._picture.wait_for(number, waiting)
        try:
            write(client)
            async with asyncio.timeout(self._terms.answer_s):
                return await waiting.answer
        except TimeoutError:
            return Answer(AnswerKind.SILENT, reason="There was no answer in time.")
        except OSError as error:
            return Answer(AnswerKind.SILENT, reason=f"The connection broke: {error}")
        finally:
            self._picture.stop_waiting(number, waiting)

    # Questions.

    async def order_by_cid(self, cid: str) -> VenueOrder | None:
        """The order with our id: in the open orders, the completed ones, or the executions, each to its end.

        Raises
        ------
        BrokerError
            When it is absent but may still come: the gateway was cut off, and what it held leaves when it is back.
        """
        return await self._found(lambda order: order.cid == cid)

    async def order_by_vid(self, vid: str) -> VenueOrder | None:
        """The order with the venue's id; errors as of `order_by_cid`."""
        return await self._found(lambda order: order.vid == vid)

    async def _found(self, is_meant: Callable[[VenueOrder], bool]) -> VenueOrder | None:
        session = self._link.session
        for ask in (self._lists.open_orders, self._lists.completed_orders):
            found = next((order for order in await ask() if is_meant(order)), None)
            if found is not None:
                return found
        found = next((order for order in await self._lists.orders_that_filled() if is_meant(order)), None)
        if found is not None and found.status is VenueStatus.OPEN:
            raise BrokerError(f"The gateway shows executions of {found.vid} and neither where it stands nor its end.")
        if found is not None:
            return found
        if session != self._link.session:
            raise VenueConnectionError("The connection changed while an order was looked for.")
        back_ns, window_ns = self._link.back_ns, int(self.capabilities.window_s * 1e9)
        if back_ns is not None and self._clock.monotonic_ns() < back_ns + window_ns:
            raise VenueConnectionError("The gateway was cut off a moment ago; what it held may still come.")
        return None

    async def open_orders(self) -> Sequence[VenueOrder]:
        """All working orders, whoever placed them."""
        return await self._lists.open_orders()

    async def closed_orders(self, since_ns: int) -> Sequence[VenueOrder]:
        """All orders that ended since; the gateway's list goes back to the day's beginning."""
        return await self._lists.completed_orders(since_ns)

    async def executions(self, since_ns: int) -> Sequence[VenueFill]:
        """All executions since, each as it was corrected last; the gateway's list goes back to midnight."""
        return await self._lists.executions(since_ns)

    async def positions(self) -> dict[str, Decimal]:
        """Signed units by symbol."""
        rows = await self._link.ask("positions", lambda client: client.reqPositions())
        self._link.require_line().cancelPositions()
        held = {self._symbol_of(row[1]): amount(row[2]) for row in rows if row[0] == self._link.account}
        return {symbol: units for symbol, units in held.items() if units}

    async def account(self) -> VenueAccount:
        """Money of the account."""
        number = self._link.number()
        rows = await self._link.ask_numbered(
            lambda client, request: client.reqAccountSummary(request, "All", ",".join(_MONEY)), number
        )
        self._link.require_line().cancelAccountSummary(number)
        found = {tag: amount(float(value)) for account, tag, value, _ in rows if account == self._link.account}
        if not found.keys() >= set(_MONEY):
            raise BrokerError("Interactive Brokers' summary of the account is not whole.")
        return VenueAccount(*(found[tag] for tag in _MONEY))

    # The stream.

    async def events(self) -> AsyncIterator[StreamEvent]:
        """What is said of orders, until the connection ends."""
        inbox = self._inbox
        while (event := await inbox.get()) is not None:
            yield event

    def _tell(self, event: StreamEvent) -> None:
        self._inbox.put_nowait(event)

    def _symbol_of(self, contract: Any) -> str:
        return symbol_of(contract, self._terms.currency)

    def _hear(self, name: str, *said: Any) -> None:
        if name == "openOrder" and self._is_ours(said[2].account):
            self._picture.open_order(*said)
        elif name == "orderStatus":
            self._picture.order_status(*said)
        elif name == "execDetails" and self._is_ours(said[2].acctNumber):
            self._picture.execution(*said[1:])
        elif name == "error":
            self._picture.error(*said)
        elif name == "connectionClosed":
            self._picture.silence("The connection is gone.")
            self._inbox.put_nowait(None)

    def _is_ours(self, account: str) -> bool:
        return account in ("", self._link.account)


def _future() -> asyncio.Future[Answer]:
    return asyncio.get_running_loop().create_future()
