"""A door to one account: every call of a broker, over risk office, journal and order road."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from tradewright.app.orders.submit import Decision, Intent
from tradewright.domain.approval import ApprovedOrder
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.errors import DecisionConflictError, OrderError, OrderRejectedError
from tradewright.domain.live.ids import DecisionKey
from tradewright.domain.live.order import Lifecycle
from tradewright.domain.live.response import BrokerAccount
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide

from .account import LiveAccount
from .fill_prices import FillPrices, HeardJournal
from .requests import changed_wire, market_life, of_stranger, plan_of, position_of, refused, response_of, wire_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from tradewright.domain.bars import Bar
    from tradewright.domain.live.order import BracketPlan, LiveOrder
    from tradewright.domain.live.response import OrderResponse
    from tradewright.domain.order import OrderRequest
    from tradewright.domain.portfolio import Position
    from tradewright.risk.office import RiskOffice

    from .door_way import DoorWay

__all__ = ["BrokerDoor"]

NS = 1_000_000_000
_MARK_EVERY_S = 60.0
_WAITING = {Lifecycle.PENDING, Lifecycle.SUBMITTED}


class BrokerDoor:
    """One account of one broker, opened.

    Every order passes the risk office and is in the journal before its first byte leaves; it is sent once. Leaving does
    not end orders: they go on at the venue, and whoever opens the account again finds them.

    Parameters
    ----------
    way : DoorWay
    answer_s : float
        Deadline of one request, and how long a call waits for what comes of it.
    ttl_s : float
        Age at which an order that could not be sent is given up.

    """

    def __init__(self, way: DoorWay, *, answer_s: float = 5.0, ttl_s: float = 30.0) -> None:
        self._way = way
        self._answer_s = answer_s
        self._ttl_ns = int(ttl_s * NS)
        self._paid = FillPrices()
        self._journal = HeardJournal(way.journal, self._paid)
        self._last_moment = 0
        self._inside: LiveAccount | None = None

    # The connection.

    async def __aenter__(self) -> Self:
        """Connect."""
        await self.connect()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Disconnect."""
        await self.disconnect()

    @property
    def is_connected(self) -> bool:
        """Whether orders can be asked for: connected, recovered, and nothing has stopped the road."""
        return self._inside is not None and self._inside.road.office.stopped is None

    async def connect(self) -> None:
        """Open the journal, connect, recover what earlier processes left, and begin to watch the account.

        Raises
        ------
        JournalError
            When another process trades this account, or its journal cannot be trusted.
        AuthenticationError
            When the venue refuses the credentials.
        """
        if self._inside is not None:
            return
        account = LiveAccount(self._way, answer_s=self._answer_s, journal=self._journal)
        await account.connect()
        self._inside = account

    async def disconnect(self) -> None:
        """Stop sending, write down what is known, and let go of the account; orders at the venue go on."""
        account, self._inside = self._inside, None
        if account is not None:
            await account.disconnect()

    # Orders.

    async def submit_order(self, request: OrderRequest) -> OrderResponse:
        """Send an order, once, and say how it stands when the venue has answered or its deadline is over.

        With a `client_order_id` the order is the same one however often it is asked for, also after a restart: what was
        sent is not sent again.

        Parameters
        ----------
        request : OrderRequest

        Returns
        -------
        OrderResponse
            REJECTED with the reason where risk office or venue refuse it; UNKNOWN where no answer came.

        Raises
        ------
        OrderError
            When the venue does not take such orders, or quantity or prices are not on its grid.
        DecisionConflictError
            When the same `client_order_id` meant something else before.
        """
        instrument = await self._way.parts.instruments.instrument(request.symbol)
        wire, plan = wire_of(request, instrument), plan_of(request, instrument)
        self._way.offer.require(wire)
        return await self._submit(wire, plan)

    async def _submit(self, wire: WireOrder, plan: BracketPlan | None = None) -> OrderResponse:
        office, key = self._in.road.office, self._key(wire)
        known = office.book.decided("", key, 0)
        if known is not None:
            return await self._again(known, wire)
        risk = await self._informed(wire.symbol)
        answer = risk.approve(wire, stop=None if plan is None or plan.stop is None else float(plan.stop))
        now = office.clock.now_ns()
        if not isinstance(answer, ApprovedOrder):
            return refused(wire, answer.sentence, now)
        decision = Decision(key, (Intent(answer, now + self._ttl_ns, plan),))
        try:
            (cid,) = await self._in.road.submitter.decide(decision)
        except OrderRejectedError as error:
            risk.release(wire)
            return refused(wire, error.message, now)
        return await self._settled(office.book.orders[cid])

    def _key(self, wire: WireOrder) -> DecisionKey:
        """What makes the decision the one it is: the caller's own id for it, else the instant."""
        if wire.label is not None:
            digest = hashlib.sha256(wire.label.encode()).digest()
            return DecisionKey(int.from_bytes(digest[:8], "big") >> 1, wire.symbol)
        self._last_moment = max(self._way.clock.now_ns(), self._last_moment + 1)
        return DecisionKey(self._last_moment, wire.symbol)

    async def _again(self, known: LiveOrder, wire: WireOrder) -> OrderResponse:
        first = self._in.road.office.book.chain(known)[0]
        if first.wire.of(first.total) != wire:
            raise DecisionConflictError(
                f"The id '{wire.label}' was used before for another order of {wire.symbol}.", hint="Give it its own."
            )
        return self._response(known)

    async def _informed(self, symbol: str) -> RiskOffice:
        valuer, book = self._in.valuer, self._in.road.office.book
        await valuer.account()
        held = [each for each, units in book.positions.items() if units]
        working = [order.symbol for order in book.orders.values() if order.is_open]
        await valuer.prices([symbol, *held, *working])
        return self._in.risk

    async def cancel_order(self, order_id: str) -> OrderResponse:
        """Ask for the end of an order, by its id or the caller's own, and say how it stands.

        The wish is in the journal when this returns: it is asked for until the venue says that the order has ended.

        Raises
        ------
        OrderError
            When there is no such order of ours.
        """
        order = self._order(order_id)
        await self._in.road.canceller.cancel(order.cid)
        await self._until(lambda: not order.is_open)
        return self._response(order)

    async def replace_order(
        self,
        order_id: str,
        *,
        quantity: float | None = None,
        limit_price: float | None = None,
        stop_price: float | None = None,
    ) -> OrderResponse:
        """Put an order in the place of another, and say how the new one stands; together they fill `quantity` at most.

        Parameters
        ----------
        order_id : str
        quantity : float, optional
            The new total, what has filled so far included; the old one where it is left out.
        limit_price, stop_price : float, optional

        Raises
        ------
        OrderError
            When there is no such order of ours, it is on its way out, or nothing would change.
        """
        old = self._order(order_id)
        instrument = await self._way.parts.instruments.instrument(old.symbol)
        wire = changed_wire(old, instrument, quantity=quantity, limit_price=limit_price, stop_price=stop_price)
        self._way.offer.require(wire)
        risk = await self._informed(old.symbol)
        answer = risk.approve(wire, replaces=old.cid)
        now = self._way.clock.now_ns()
        if not isinstance(answer, ApprovedOrder):
            return refused(wire, answer.sentence, now)
        road = self._in.road
        cid = await road.replacer.replace(old.cid, wire, now + self._ttl_ns, answer.quote)
        return await self._settled(road.office.book.orders[cid])

    async def get_order(self, order_id: str) -> OrderResponse:
        """How an order stands, by its id or the caller's own.

        Raises
        ------
        OrderError
            When there is no such order of ours.
        """
        return self._response(self._order(order_id))

    async def get_open_orders(self, symbol: str | None = None) -> list[OrderResponse]:
        """Every order that may still fill, those of others included."""
        book = self._in.road.office.book
        ours = [self._response(order) for order in book.orders.values() if order.is_open]
        others = [of_stranger(order) for order in book.foreign.values() if order.is_open]
        return [each for each in [*ours, *others] if symbol in (None, each.symbol)]

    # Positions and money.

    async def get_position(self, symbol: str) -> Position | None:
        """What is held of a symbol, as the venue says it; None when flat. See `get_all_positions`."""
        return next((each for each in await self.get_all_positions() if each.symbol == symbol), None)

    async def get_all_positions(self) -> list[Position]:
        """Everything held, as the venue says it.

        `average_price` and `realized_pnl` come from the fills of the journal: NaN where others made a part of the
        position. Market values are NaN where no price is known.

        Raises
        ------
        BrokerError
            When the venue does not answer.
        """
        held = await self._in.road.office.broker.positions()
        await self._in.valuer.prices(held)
        return [await self._position(symbol, units) for symbol, units in sorted(held.items()) if units]

    async def _position(self, symbol: str, units: Decimal) -> Position:
        instrument = await self._way.parts.instruments.instrument(symbol)
        last = self._in.risk.prices.last(symbol, self._way.clock.now_ns())
        return position_of(symbol, units, self._paid.cost(symbol), last, instrument.multiplier)

    async def close_position(self, symbol: str) -> OrderResponse:
        """Close everything held of a symbol at the market.

        Raises
        ------
        OrderError
            When nothing is held.
        """
        units = (await self._in.road.office.broker.positions()).get(symbol, Decimal(0))
        if not units:
            raise OrderError(f"Nothing is held of {symbol}.")
        side = OrderSide.SELL if units > 0 else OrderSide.BUY
        wire = WireOrder(
            symbol=symbol, side=side, quantity=abs(units), reduce_only=True,
            time_in_force=market_life(self._way.offer),
        )  # fmt: skip
        return await self._submit(wire)

    async def get_account(self) -> BrokerAccount:
        """Money of the account, as the venue says it now."""
        found = await self._in.road.office.broker.account()
        self._in.risk.watch.mark(found, self._way.clock.now_ns())
        return BrokerAccount(float(found.equity), float(found.cash), float(found.buying_power))

    async def see(self, bar: Bar) -> None:
        """Show a bar that has closed: the risk office learns its price, and a venue without a market trades on it."""
        if self._way.trade is not None:
            self._way.trade([bar])
        await self._in.valuer.see(bar)

    # Within.

    @property
    def _in(self) -> LiveAccount:
        if self._inside is None:
            raise VenueConnectionError("The broker is not connected.", hint="Use it inside 'async with'.")
        return self._inside

    def _order(self, order_id: str) -> LiveOrder:
        book = self._in.road.office.book
        if order_id in book.orders:
            return book.orders[order_id]
        labelled = [order for order in book.orders.values() if order.wire.label == order_id]
        if not labelled:
            raise OrderError(f"There is no order '{order_id}' of this account.", hint="get_open_orders() lists them.")
        return labelled[-1]

    def _response(self, order: LiveOrder) -> OrderResponse:
        return response_of(order, self._paid.average(order.cid))

    async def _settled(self, order: LiveOrder) -> OrderResponse:
        """The order when the venue has answered, or the time for it is over."""
        await self._until(lambda: order.state not in _WAITING)
        return self._response(order)

    async def _until(self, holds: Callable[[], bool]) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._answer_s + 1.0):
                await self._in.road.office.until(holds)
