"""Alpaca as a venue that takes orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import BrokerError, OrderError
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.live.ids import parse_id
from tradewright.domain.live.venue import Answer, AnswerKind
from tradewright.domain.order import OrderType, TimeInForce

from .door import written
from .lists import all_fills, all_orders
from .table import OFFER
from .words import account_from, body_of, changes_of, ended_ns, fill_from_activity, order_from, position_from

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from decimal import Decimal

    from tradewright.adapters.wire.lines import Letter
    from tradewright.domain.approval import ApprovedOrder
    from tradewright.domain.live.venue import Capabilities, StreamEvent, VenueAccount, VenueFill, VenueOrder
    from tradewright.domain.live.wire import WireOrder

    from .door import Door
    from .table import AlpacaTerms
    from .updates import Updates

__all__ = ["AlpacaBroker"]

_LONGEST_LIFE_NS = 91 * 86_400 * 1_000_000_000
"""Alpaca ends orders that are 90 days old, so whatever ends now was placed after this."""


class AlpacaBroker:
    """A `tradewright.ports.broker.Broker` on Alpaca's trading interface.

    Parameters
    ----------
    door : Door
    updates : Updates
    terms : AlpacaTerms
    """

    def __init__(self, door: Door, updates: Updates, terms: AlpacaTerms) -> None:
        self._door = door
        self._updates = updates
        self._terms = terms
        self._session = 0
        self._cids: dict[str, str] = {}
        self._new_order = door.form("POST", "/v2/orders")
        self._ready: dict[str, tuple[WireOrder, Letter, bool]] = {}

    @property
    def capabilities(self) -> Capabilities:
        """What the venue can do."""
        return self._terms.capabilities

    @property
    def session(self) -> int:
        """Number of the present connection."""
        return self._session

    async def connect(self) -> None:
        """Open the order stream."""
        await self._updates.open()
        self._session += 1

    async def disconnect(self) -> None:
        """Close the order stream and every connection."""
        await self._updates.close()
        await self._door.close()

    # Requests.

    def prepare(self, approved: ApprovedOrder[WireOrder], cid: str) -> None:
        """Write a new order down as it will go out."""
        if _refusal(approved.order) is None:
            self._ready[cid] = self._letter(approved.order, cid)

    def _letter(self, wire: WireOrder, cid: str) -> tuple[WireOrder, Letter, bool]:
        """An order, the request for it, and whether it is urgent."""
        return wire, self._new_order.filled(written(body_of(wire, cid))), _is_urgent(wire, cid)

    async def submit(self, approved: ApprovedOrder[WireOrder], cid: str, permit: Callable[[], bool]) -> Answer:
        """Hand over a new order, once. What Alpaca does not offer is REFUSED with the sentence, and no byte leaves."""
        wire = approved.order
        ready = self._ready.pop(cid, None)
        self._require_open()
        if ready is None or ready[0] is not wire:
            refused = _refusal(wire)
            if refused is not None:
                return Answer(AnswerKind.REFUSED if permit() else AnswerKind.NOT_SENT, reason=refused)
            ready = self._letter(wire, cid)
        _, said, is_urgent = ready
        return await self._door.change(said, permit, is_urgent=is_urgent)

    async def cancel(self, cid: str, vid: str | None, permit: Callable[[], bool]) -> Answer:
        """Ask for the end of an order; by our id it is looked up first, for Alpaca cancels by its own."""
        self._require_open()
        if vid is None:
            found = await self.order_by_cid(cid)
            if found is None:
                return Answer(AnswerKind.UNKNOWN_ORDER, reason="Alpaca shows no order with this id.")
            vid = found.vid
        said = self._door.letter("DELETE", f"/v2/orders/{vid}")
        return await self._door.change(said, permit, vid=vid, is_urgent=True)

    async def replace(
        self, vid: str, approved: ApprovedOrder[WireOrder], cid: str, permit: Callable[[], bool]
    ) -> Answer:
        """Ask for an order in the place of another."""
        self._require_open()
        wire = approved.order
        refused = _refusal(wire)
        if refused is not None:
            return Answer(AnswerKind.REFUSED if permit() else AnswerKind.NOT_SENT, reason=refused)
        said = self._door.letter("PATCH", f"/v2/orders/{vid}", changes_of(wire, cid))
        return await self._door.change(said, permit, vid=vid, is_urgent=_is_urgent(wire, cid))

    def _require_open(self) -> None:
        if not self._updates.is_open:
            raise VenueConnectionError("Alpaca is not connected.")

    # Questions.

    async def order_by_cid(self, cid: str) -> VenueOrder | None:
        """The order with our id; of a replaced one the old order, which names the new."""
        return self._maybe(await self._door.ask("/v2/orders:by_client_order_id", {"client_order_id": cid}))

    async def order_by_vid(self, vid: str) -> VenueOrder | None:
        """The order with Alpaca's id."""
        return self._maybe(await self._door.ask(f"/v2/orders/{vid}"))

    def _maybe(self, said: Any) -> VenueOrder | None:
        return None if said is None else self._known(said)

    def _known(self, said: Any) -> VenueOrder:
        """An order object; whose it is, is remembered for executions, which do not say it."""
        order = order_from(said)
        if order.cid is not None:
            self._cids[order.vid] = order.cid
        return order

    async def open_orders(self) -> list[VenueOrder]:
        """All working orders."""
        rows = await all_orders(self._door, "open", None, self._terms.orders_page)
        return [self._known(row) for row in rows]

    async def closed_orders(self, since_ns: int) -> list[VenueOrder]:
        """All orders that ended at or after an instant, however long before they were placed."""
        placed_ns = max(0, since_ns - _LONGEST_LIFE_NS)
        rows = await all_orders(self._door, "closed", placed_ns, self._terms.orders_page)
        return [self._known(row) for row in rows if ended_ns(row) >= since_ns]

    async def executions(self, since_ns: int) -> list[VenueFill]:
        """All executions at or after an instant, oldest first."""
        fills = []
        for row in await all_fills(self._door, since_ns, self._terms.fills_page):
            fill = fill_from_activity(row, await self._cid_of(row))
            if fill.at_ns >= since_ns:
                fills.append(fill)
        return sorted(fills, key=lambda fill: (fill.at_ns, fill.vid, fill.cumulative))

    async def _cid_of(self, row: Any) -> str | None:
        """Whose execution it is; an order that was never seen is asked for once."""
        vid = str(row.get("order_id")) if isinstance(row, dict) else ""
        if vid not in self._cids:
            await self.order_by_vid(vid)
        return self._cids.get(vid)

    async def positions(self) -> dict[str, Decimal]:
        """Signed units by symbol."""
        rows = await self._door.ask("/v2/positions")
        if not isinstance(rows, list):
            raise BrokerError("Alpaca sent no list of positions.")
        return dict(position_from(row) for row in rows)

    async def account(self) -> VenueAccount:
        """Money of the account."""
        return account_from(await self._door.ask("/v2/account"))

    # The stream.

    async def events(self) -> AsyncIterator[StreamEvent]:
        """What happens to orders, until the stream ends."""
        async for event in self._updates.events():
            if event.order is not None and event.order.cid is not None:
                self._cids[event.order.vid] = event.order.cid
            yield event


def _refusal(wire: WireOrder) -> str | None:
    """Why Alpaca is not asked for such an order, or None."""
    try:
        OFFER.require(wire)
    except OrderError as error:
        return str(error)
    if wire.order_type is OrderType.MARKET_ON_CLOSE and wire.time_in_force is not TimeInForce.DAY:
        return f"A market_on_close order for {wire.symbol} lasts until the close: its time in force must be day."
    return None


def _is_urgent(wire: WireOrder, cid: str) -> bool:
    """Whether it gets out of something: it may use what is kept back."""
    parts = parse_id(cid)
    return wire.reduce_only or (parts is not None and parts.role.protects)
