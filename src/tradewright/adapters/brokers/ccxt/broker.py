"""An exchange over ccxt as a venue that takes orders: spot, long only."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import BrokerError, OrderError
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.live.ids import parse_id
from tradewright.domain.live.venue import Answer, AnswerKind, VenueAccount
from tradewright.domain.order import OrderSide

from .lists import all_orders, all_trades
from .outcomes import is_absent
from .table import OFFER
from .words import decimal_in, ends_ns, fill_from, order_from, params_of, side_word, split_vid, type_word, vid_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from tradewright.domain.approval import ApprovedOrder
    from tradewright.domain.live.venue import Capabilities, StreamEvent, VenueFill, VenueOrder
    from tradewright.domain.live.wire import WireOrder

    from .door import Door
    from .pairs import Pairs
    from .updates import Updates

__all__ = ["CcxtBroker"]


class CcxtBroker:
    """A `tradewright.ports.broker.Broker` over ccxt.

    Parameters
    ----------
    door : Door
    pairs : Pairs
    updates : Updates
    """

    def __init__(self, door: Door, pairs: Pairs, updates: Updates) -> None:
        self._door = door
        self._pairs = pairs
        self._updates = updates
        self._session = 0
        self._is_held = False
        self._symbols: dict[str, str] = {}

    @property
    def capabilities(self) -> Capabilities:
        """What the venue can do."""
        return self._door.terms.capabilities

    @property
    def session(self) -> int:
        """Number of the present connection."""
        return self._session

    async def connect(self) -> None:
        """Open the exchange and the stream of the account."""
        await self.disconnect()
        await self._door.hold()
        self._is_held = True
        try:
            async with self._door.held() as made:
                await self._updates.open(made)
        except BaseException:
            await self.disconnect()
            raise
        self._session += 1

    async def disconnect(self) -> None:
        """Close both."""
        await self._updates.close()
        if self._is_held:
            self._is_held = False
            await self._door.release()

    # Requests.

    async def submit(self, approved: ApprovedOrder[WireOrder], cid: str, permit: Callable[[], bool]) -> Answer:
        """Hand over a new order, once. What cannot be sent as it stands is REFUSED, and no byte leaves."""
        self._require_open()
        wire = approved.order
        refused = await self._refusal(wire)
        if refused is not None:
            return Answer(AnswerKind.REFUSED if permit() else AnswerKind.NOT_SENT, reason=refused)
        self._symbols[cid] = wire.symbol
        answer, said = await self._door.change(_placing(wire, cid), permit, is_urgent=_is_urgent(wire, cid))
        if answer.kind is not AnswerKind.ACCEPTED:
            return answer
        # An answer that does not name the order proves nothing: the order is looked up.
        number = said.get("id") if isinstance(said, dict) else None
        if number is None:
            return Answer(AnswerKind.SILENT, reason="The exchange's answer names no order.")
        return Answer(AnswerKind.ACCEPTED, vid_of(wire.symbol, number))

    async def _refusal(self, wire: WireOrder) -> str | None:
        try:
            OFFER.require(wire)
        except OrderError as error:
            return str(error)
        async with self._door.held() as made:
            return self._pairs.refusal(made, wire)

    async def cancel(self, cid: str, vid: str | None, permit: Callable[[], bool]) -> Answer:
        """Ask for the end of an order.

        Binance has one word for an order that it does not know and for one that has ended: of an order that it once
        named, it can only mean the second.
        """
        self._require_open()
        if vid is None and not (self.capabilities.lookup_by_cid and cid in self._symbols):
            found = await self._looked_up(cid)
            if found is None:
                return Answer(AnswerKind.UNKNOWN_ORDER, reason="The exchange shows no order with this id.")
            vid = found.vid
        symbol, number = (self._symbols[cid], "") if vid is None else split_vid(vid)
        params = {} if vid is not None else {"clientOrderId": cid}
        answer, _ = await self._door.change(
            lambda made: made.cancel_order(number, symbol, params), permit, is_urgent=True
        )
        if vid is not None and answer.kind is AnswerKind.UNKNOWN_ORDER:
            return Answer(AnswerKind.TOO_LATE, vid, answer.reason)
        return Answer(answer.kind, vid, answer.reason, answer.retry_after_s)

    async def _looked_up(self, cid: str) -> VenueOrder | None:
        if self.capabilities.lookup_by_cid:
            return await self.order_by_cid(cid)
        return next((order for order in await self.open_orders() if order.cid == cid), None)

    async def replace(
        self, vid: str, approved: ApprovedOrder[WireOrder], cid: str, permit: Callable[[], bool]
    ) -> Answer:
        """Refused: replacing counts no earlier fills there; the road cancels and sends anew."""
        del vid, approved, cid
        reason = "Orders are not replaced at this venue: cancel, then send a new one."
        return Answer(AnswerKind.REFUSED if permit() else AnswerKind.NOT_SENT, reason=reason)

    def _require_open(self) -> None:
        if not self._updates.is_open:
            raise VenueConnectionError(f"{self._door.plan.name} is not connected.")

    # Questions.

    async def order_by_cid(self, cid: str) -> VenueOrder | None:
        """The newest order with our id, in any symbol of the account; an id is free again when its order has ended."""
        named = self._symbols.get(cid)
        for symbol in self._pairs.known if named is None else (named,):
            found = await self._one(_asking(symbol, cid))
            if found is not None:
                return found
        return None

    async def order_by_vid(self, vid: str) -> VenueOrder | None:
        """The order with the exchange's number in its symbol."""
        symbol, number = split_vid(vid)
        async with self._door.held() as made:
            if symbol not in made.markets:
                return None
        return await self._one(lambda made: made.fetch_order(number, symbol))

    async def _one(self, question: Callable[[Any], Awaitable[Any]]) -> VenueOrder | None:
        try:
            return self._seen(await self._door.ask(question))
        except BrokerError as error:
            if error.__cause__ is not None and is_absent(error.__cause__):  # type: ignore[arg-type]
                return None
            raise

    def _seen(self, said: Any) -> VenueOrder:
        """An order object; whose it is, and in what, is remembered."""
        order = order_from(said)
        self._updates.remember(order)
        self._pairs.learn(order.symbol)
        if order.cid is not None:
            self._symbols[order.cid] = order.symbol
        return order

    async def open_orders(self) -> list[VenueOrder]:
        """All working orders, in every symbol."""
        return [self._seen(said) for said in await self._door.ask(lambda made: made.fetch_open_orders())]

    async def closed_orders(self, since_ns: int) -> list[VenueOrder]:
        """All orders in known symbols that ended at or after an instant."""
        found = []
        for symbol in self._pairs.known:
            for said in await all_orders(self._door, symbol):
                order = self._seen(said)
                if order.status.is_terminal and ends_ns(said) >= since_ns:
                    found.append(order)
        return found

    async def executions(self, since_ns: int) -> list[VenueFill]:
        """All executions in known symbols at or after an instant, oldest first."""
        found = []
        for symbol in self._pairs.known:
            rows = await all_trades(self._door, symbol, since_ns)
            found += [await self._fill(rows, place) for place in range(len(rows))]
        fills = [fill for fill in found if fill.at_ns + _MS > since_ns]
        return sorted(fills, key=lambda fill: (fill.at_ns, fill.symbol, fill.cumulative))

    async def _fill(self, rows: list[dict[str, Any]], place: int) -> VenueFill:
        """An execution of a complete list: whose order it was is asked once, and so is how much of it was filled."""
        said = rows[place]
        vid = vid_of(said["symbol"], said["order"])
        if self._updates.filled_at(said) is None or self._updates.cid_of(vid) is None:
            order = await self.order_by_vid(vid)
            mine = [row for row in rows if row["order"] == said["order"]]
            total = Decimal(0) if order is None else order.filled
            self._updates.count(mine, total)
        return fill_from(said, self._updates.cid_of(vid), self._updates.filled_at(said) or Decimal(0))

    async def positions(self) -> dict[str, Decimal]:
        """Units of every coin that trades against the currency of the account."""
        async with self._door.held() as made:
            said = await self._door.ask(lambda each: each.fetch_balance())
            return self._pairs.held(made, said["total"])

    async def account(self) -> VenueAccount:
        """Money of the account: cash in its currency, and coins at their last prices."""
        async with self._door.held() as made:
            said = await self._door.ask(lambda each: each.fetch_balance())
            held = self._pairs.held(made, said["total"])
            prices = await self._door.ask(lambda each: each.fetch_tickers(list(held))) if held else {}
        cash, free = (decimal_in(said.get(self._pairs.quote) or {}, name) for name in ("total", "free"))
        worth = sum((units * decimal_in(prices[symbol], "last") for symbol, units in held.items()), Decimal(0))
        return VenueAccount(equity=cash + worth, cash=cash, buying_power=free)

    # The stream.

    def events(self) -> AsyncIterator[StreamEvent]:
        """What happens to orders, until the stream ends."""
        return self._updates.events()


_MS = 1_000_000


def _placing(wire: WireOrder, cid: str) -> Callable[[Any], Awaitable[Any]]:
    quantity = format(wire.quantity, "f")
    price = None if wire.limit_price is None else format(wire.limit_price, "f")
    params = params_of(wire, cid)
    return lambda made: made.create_order(wire.symbol, type_word(wire), side_word(wire), quantity, price, params)


def _asking(symbol: str, cid: str) -> Callable[[Any], Awaitable[Any]]:
    return lambda made: made.fetch_order("", symbol, {"clientOrderId": cid})


def _is_urgent(wire: WireOrder, cid: str) -> bool:
    """Whether it gets out of something: it may use what is kept back."""
    parts = parse_id(cid)
    return wire.reduce_only or wire.side is OrderSide.SELL or (parts is not None and parts.role.protects)
