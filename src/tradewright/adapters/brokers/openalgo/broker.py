"""OpenAlgo behind the socket of brokers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradewright.domain.approval import ApprovedOrder
from tradewright.domain.errors import BrokerError, OrderError, UnapprovedOrderError
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.live.ids import parse_id
from tradewright.domain.live.venue import Answer, AnswerKind, StreamEvent, VenueAccount, VenueFill
from tradewright.domain.order import TimeInForce

from .table import OFFER
from .words import Names, Stamps, fields_of, fills_of, number, order_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Sequence
    from zoneinfo import ZoneInfo

    from tradewright.domain.live.venue import Capabilities, VenueOrder
    from tradewright.domain.live.wire import WireOrder
    from tradewright.ports.clock import Clock

    from .door import Door
    from .table import OpenAlgoTerms

    Permit = Callable[[], bool]

__all__ = ["OpenAlgoBroker", "OpenAlgoWords"]

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAlgoWords:
    """What an account is spoken to with: its names, its product, its zone, and the tag that its orders carry."""

    names: Names
    product: str
    zone: ZoneInfo
    strategy: str = "tradewright"


@dataclass(frozen=True, slots=True)
class _Book:
    """The order book and what was paid, as they were read together."""

    orders: dict[str, VenueOrder]
    prices: dict[str, Decimal]


class OpenAlgoBroker:
    """A `tradewright.ports.broker.Broker` at an OpenAlgo server.

    Parameters
    ----------
    door : Door
    words : OpenAlgoWords
    terms : OpenAlgoTerms
    clock : Clock
    """

    def __init__(self, door: Door, words: OpenAlgoWords, terms: OpenAlgoTerms, clock: Clock) -> None:
        self._door = door
        self._words = words
        self._terms = terms
        self._clock = clock
        self._session = 0
        self._closed: asyncio.Event | None = None
        self._told = _Book({}, {})

    @property
    def capabilities(self) -> Capabilities:
        """What the venue can do."""
        return self._terms.capabilities

    @property
    def session(self) -> int:
        """Number of the present connection."""
        return self._session

    # The connection.

    async def connect(self) -> None:
        """Read the order book, whose changes are told from now on; where it is connected nothing happens."""
        if self._closed is not None:
            return
        self._door.open()
        self._told = await self._book()
        self._closed = asyncio.Event()
        self._session += 1

    async def disconnect(self) -> None:
        """Close the connections, and end the stream."""
        if self._closed is not None:
            self._closed.set()
            self._closed = None
        await self._door.close()

    async def events(self) -> AsyncIterator[StreamEvent]:
        """What changes in the order book from look to look; a look without a change is a heartbeat."""
        closed = self._closed
        while closed is not None and not closed.is_set():
            try:
                async with asyncio.timeout(self._terms.poll_s):
                    await closed.wait()
            except TimeoutError:
                events = await self._look()
                if events is None:
                    break
                for event in events:
                    yield event
        if closed is self._closed:
            self._closed = None

    async def _look(self) -> list[StreamEvent] | None:
        """The changes since the last look; None where the server did not answer, which ends the connection."""
        before = self._told
        try:
            book = await self._book()
            changed = [order for vid, order in book.orders.items() if before.orders.get(vid) != order]
            grown = any(order.filled > _filled(before, order.vid) for order in changed)
            trades = await self.executions(0) if grown else []
        except BrokerError:
            return None
        self._told = book
        told = [event for order in changed for event in self._changes(order, before, trades)]
        return told or [StreamEvent()]

    def _changes(self, order: VenueOrder, before: _Book, trades: Sequence[VenueFill]) -> list[StreamEvent]:
        """What happened to an order: its trades one by one, and where it stands; the last trade carries the order."""
        was = _filled(before, order.vid)
        fills = [fill for fill in trades if fill.vid == order.vid and was < fill.cumulative <= order.filled]
        known = fills[-1].cumulative if fills else was
        if order.filled > known:
            fills.append(self._untold(order, known, before))
        if not fills:
            return [StreamEvent(order=order)]
        return [*(StreamEvent(fill=fill) for fill in fills[:-1]), StreamEvent(order=order, fill=fills[-1])]

    def _untold(self, order: VenueOrder, known: Decimal, before: _Book) -> VenueFill:
        """What has filled and the trade book does not show yet, at the average price of the order."""
        price = self._told.prices.get(order.vid) or before.prices.get(order.vid, _ZERO)
        return VenueFill(
            execution_id=None, vid=order.vid, cid=None, symbol=order.symbol, side=order.side,
            quantity=order.filled - known, price=price, cumulative=order.filled, at_ns=self._clock.now_ns(),
        )  # fmt: skip

    # Requests.

    async def submit(self, approved: ApprovedOrder[WireOrder], cid: str, permit: Permit) -> Answer:
        """Place an order; the venue keeps no id of ours."""
        self._require_approved(approved)
        refused = _not_offered(approved.order, cid)
        if refused is not None:
            return refused
        return await self._door.change("placeorder", self._fields(approved.order), permit)

    async def cancel(self, cid: str, vid: str | None, permit: Permit) -> Answer:
        """Ask for the end of an order, which only its number names."""
        self._require_connected()
        if vid is None:
            return Answer(AnswerKind.NOT_SENT, reason=f"The number of {cid} is not known yet.")
        said = {"orderid": vid, "strategy": self._words.strategy}
        return await self._door.change("cancelorder", said, permit, vid)

    async def replace(self, vid: str, approved: ApprovedOrder[WireOrder], cid: str, permit: Permit) -> Answer:
        """Change an order where it stands: every field is sent again, the quantity in all."""
        self._require_approved(approved)
        refused = _not_offered(approved.order, cid)
        if refused is not None:
            return refused
        return await self._door.change("modifyorder", {"orderid": vid, **self._fields(approved.order)}, permit, vid)

    def _fields(self, wire: WireOrder) -> dict[str, str]:
        return {"strategy": self._words.strategy, **fields_of(wire, self._words.names, self._words.product)}

    def _require_approved(self, approved: ApprovedOrder[WireOrder]) -> None:
        self._require_connected()
        if type(approved) is not ApprovedOrder:
            raise UnapprovedOrderError("OpenAlgo was given an order that did not pass the risk gate.")

    def _require_connected(self) -> None:
        if self._closed is None:
            raise VenueConnectionError("OpenAlgo is not connected.", hint="Connect first.")

    # Questions.

    async def order_by_cid(self, cid: str) -> VenueOrder | None:
        """Nothing: the venue keeps no ids of ours.

        Raises
        ------
        BrokerError
            Always; nobody asks who has read `capabilities`.
        """
        raise BrokerError(f"OpenAlgo cannot be asked for {cid}: it keeps no ids of ours.")

    async def order_by_vid(self, vid: str) -> VenueOrder | None:
        """The order with the venue's number, from the whole book: an error about one order would prove nothing."""
        return (await self._book()).orders.get(vid)

    async def open_orders(self) -> Sequence[VenueOrder]:
        """All working orders."""
        return [order for order in (await self._book()).orders.values() if not order.status.is_terminal]

    async def closed_orders(self, since_ns: int) -> Sequence[VenueOrder]:  # noqa: ARG002 - the book does not tell it
        """All orders of the day that ended, older ones too: of some brokers the book says only when one was placed."""
        return [order for order in (await self._book()).orders.values() if order.status.is_terminal]

    async def executions(self, since_ns: int) -> Sequence[VenueFill]:
        """All executions of the day since an instant, oldest first."""
        rows = _rows(await self._door.ask("tradebook"), "tradebook")
        return [fill for fill in fills_of(rows, self._words.names, self._stamps()) if fill.at_ns >= since_ns]

    async def positions(self) -> dict[str, Decimal]:
        """Signed units by symbol: positions of the day in every product, and what lies in the depository."""
        held: dict[str, Decimal] = {}
        for row in [*await self._positions(), *await self._holdings()]:
            symbol = self._words.names.symbol(str(row.get("symbol")), str(row.get("exchange")))
            held[symbol] = held.get(symbol, _ZERO) + number(row, "quantity")
        return {symbol: units for symbol, units in held.items() if units}

    async def account(self) -> VenueAccount:
        """Money; the venue does not say what the account is worth.

        Equity is made of what is available, what is bound, what positions of the day gained, and what lies in the
        depository at its last price.
        """
        funds = (await self._door.ask("funds")).get("data")
        if not isinstance(funds, dict):
            raise BrokerError("OpenAlgo says nothing about the funds.")
        cash = number(funds, "availablecash")
        bound = number(funds, "utiliseddebits") + number(funds, "collateral")
        gained = sum((number(row, "pnl") for row in await self._positions()), _ZERO)
        worth = sum((number(row, "quantity") * _last(row) for row in await self._holdings()), _ZERO)
        return VenueAccount(cash + bound + gained + worth, cash, cash)

    async def _positions(self) -> list[dict[str, Any]]:
        return _rows(await self._door.ask("positionbook"), "positionbook")

    async def _holdings(self) -> list[dict[str, Any]]:
        return _rows(await self._door.ask("holdings"), "holdings", "holdings")

    async def _book(self) -> _Book:
        rows = _rows(await self._door.ask("orderbook"), "orderbook", "orders")
        traded: dict[str, Decimal] = {}
        if any("filled_quantity" not in row for row in rows):
            for fill in await self.executions(0):
                traded[fill.vid] = fill.cumulative
        stamps = self._stamps()
        orders = (order_of(row, self._words.names, stamps, traded) for row in rows)
        return _Book(
            {order.vid: order for order in orders}, {str(row["orderid"]): number(row, "average_price") for row in rows}
        )

    def _stamps(self) -> Stamps:
        return Stamps(self._words.zone, self._clock.now_ns())


def _filled(book: _Book, vid: str) -> Decimal:
    order = book.orders.get(vid)
    return _ZERO if order is None else order.filled


def _not_offered(wire: WireOrder, cid: str) -> Answer | None:
    """The refusal of what the venue does not take. What protects a position is sent, and lives for the day."""
    parts = parse_id(cid)
    is_exit = parts is not None and parts.role.protects
    try:
        OFFER.require(replace(wire, time_in_force=TimeInForce.DAY, expires_ns=None) if is_exit else wire)
    except OrderError as error:
        return Answer(AnswerKind.REFUSED, reason=str(error))
    return None


def _rows(answer: dict[str, Any], what: str, name: str | None = None) -> list[dict[str, Any]]:
    """The rows of an answer, all of them.

    Raises
    ------
    BrokerError
        When it has none: an answer that cannot be read is no empty list.
    """
    data = answer.get("data")
    rows: Iterable[Any] | None = data.get(name) if name is not None and isinstance(data, dict) else data
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BrokerError(f"OpenAlgo's {what} cannot be read.")
    return rows


def _last(row: dict[str, Any]) -> Decimal:
    return number(row, "ltp") or number(row, "average_price")
