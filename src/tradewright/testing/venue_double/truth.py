"""The truth at the venue: every order it took, its fills, its end, and what an index that lags would show of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from tradewright.domain.live.venue import (
    BracketKind,
    Capabilities,
    DedupeClass,
    ReplaceKind,
    StreamEvent,
    VenueFill,
    VenueOrder,
    VenueStatus,
)
from tradewright.domain.order import OrderType

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from tradewright.domain.live.wire import WireOrder

    from ..virtual_time import VirtualClock, VirtualTimeLoop

__all__ = ["TruthOrder", "VenueTraits", "VenueTruth"]

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueTraits:
    """What kind of venue it is.

    Parameters
    ----------
    capabilities : Capabilities
        What it says of itself; its delays are the truth's own bounds.
    lag : str
        Whether its index is always fresh (``"none"``), late by up to d (``"some"``), or always by d (``"full"``).
    """

    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(
            dedupe=DedupeClass.FOR_EVER, accept_delay_s=8.0, index_lag_s=6.0, heartbeat_s=10.0,
            replace=ReplaceKind.NONE, bracket=BracketKind.NONE,
        )
    )  # fmt: skip
    lag: str = "none"


@dataclass(slots=True)
class TruthOrder:
    """An order that the venue took, with each of its states and when it came."""

    vid: str
    cid: str
    wire: WireOrder
    created_s: float
    quantity: Decimal
    versions: list[tuple[float, VenueStatus, Decimal]] = field(default_factory=list)
    wires: list[tuple[float, WireOrder]] = field(default_factory=list)
    """What it was before it was changed in its place, each until when."""
    fills: list[VenueFill] = field(default_factory=list)
    fills_at: list[float] = field(default_factory=list)

    @property
    def status(self) -> VenueStatus:
        """Where it really is."""
        return self.versions[-1][1]

    @property
    def filled(self) -> Decimal:
        """What it really filled."""
        return self.versions[-1][2]

    def wire_at(self, when_s: float) -> tuple[WireOrder, Decimal]:
        """What it asked for at an instant, and for how much."""
        for until_s, wire in self.wires:
            if when_s < until_s:
                return wire, wire.quantity
        return self.wire, self.quantity

    def at(self, when_s: float) -> tuple[VenueStatus, Decimal] | None:
        """What it was at an instant; None before it was there."""
        found = None
        for at_s, status, filled in self.versions:
            if at_s <= when_s:
                found = (status, filled)
        return found


class VenueTruth:
    """A venue.

    Parameters
    ----------
    loop : VirtualTimeLoop
    clock : VirtualClock
    traits : VenueTraits
    """

    def __init__(self, loop: VirtualTimeLoop, clock: VirtualClock, traits: VenueTraits) -> None:
        self.loop = loop
        self.clock = clock
        self.traits = traits
        self.orders: dict[str, TruthOrder] = {}
        self.listeners: list[Callable[[StreamEvent], None]] = []
        self.on_accept: Callable[[TruthOrder], None] = lambda _: None
        self.prices: dict[str, Decimal] = {}
        self.corrections: list[tuple[float, VenueFill]] = []
        self.initial: dict[str, Decimal] = {}
        self.splits: list[tuple[float, str, Fraction]] = []

    # What requests do when they arrive.

    def accept(self, cid: str, wire: WireOrder, quantity: Decimal | None = None) -> TruthOrder | None:
        """Take an order; None where its id is refused as used."""
        if self.is_used(cid):
            return None
        now = self.loop.time()
        order = TruthOrder(f"v{len(self.orders) + 1}", cid, wire, now, quantity or wire.quantity)
        order.versions.append((now, VenueStatus.OPEN, _ZERO))
        self.orders[order.vid] = order
        self._tell(order)
        self.on_accept(order)
        return order

    def amend(self, order: TruthOrder, wire: WireOrder) -> None:
        """Change an order in its place; what it filled counts."""
        now = self.loop.time()
        order.wires.append((now, replace(order.wire, quantity=order.quantity)))
        order.wire, order.quantity = replace(wire, label=order.wire.label), wire.quantity
        if order.filled >= order.quantity:
            order.versions.append((now, VenueStatus.FILLED, order.filled))
        self._tell(order)
        self.trigger(order)

    def split(self, symbol: str, ratio: Fraction, how: str) -> None:
        """Split a symbol overnight; resting orders are adjusted (``"adjust"``), cancelled, or left as they are."""
        self.splits.append((self.loop.time(), symbol, ratio))
        if symbol in self.prices:
            self.prices[symbol] = self.prices[symbol] * ratio.denominator / ratio.numerator
        for order in list(self.orders.values()):
            if order.wire.symbol == symbol and order.status is VenueStatus.OPEN and how != "leave":
                self._split_order(order, ratio, how)

    def _split_order(self, order: TruthOrder, ratio: Fraction, how: str) -> None:
        quantity = order.quantity * ratio.numerator / ratio.denominator
        if how == "cancel" or order.filled or quantity % 1:
            self.end(order, VenueStatus.CANCELLED)
            return
        order.wires.append((self.loop.time(), replace(order.wire, quantity=order.quantity)))
        limit, stop = (_divided(price, ratio) for price in (order.wire.limit_price, order.wire.stop_price))
        order.wire = replace(order.wire, quantity=quantity, limit_price=limit, stop_price=stop)
        order.quantity = quantity

    def is_used(self, cid: str) -> bool:
        """Whether the venue refuses an id, by its dedupe class."""
        dedupe = self.traits.capabilities.dedupe
        same = [order for order in self.orders.values() if order.cid == cid]
        if dedupe is DedupeClass.OPEN_ONLY:
            return any(order.status is VenueStatus.OPEN for order in same)
        return bool(same) and dedupe is DedupeClass.FOR_EVER

    def find(self, cid: str, vid: str | None) -> TruthOrder | None:
        """The order a cancel means: by the venue's id, else the last one with ours."""
        if vid is not None:
            return self.orders.get(vid)
        return next((order for order in reversed(list(self.orders.values())) if order.cid == cid), None)

    def fill(self, order: TruthOrder, quantity: Decimal, price: Decimal = Decimal(100)) -> None:
        """Execute so many units of an order that is open."""
        if order.status is not VenueStatus.OPEN:
            return
        room = self._room(order)
        if room <= 0:
            self.end(order, VenueStatus.CANCELLED)
        else:
            self.execute(order, min(quantity, order.quantity - order.filled, room), price)

    def _room(self, order: TruthOrder) -> Decimal:
        """How much of an order may fill; where the venue guards reduce-only orders, no more than is held."""
        if not (order.wire.reduce_only and self.traits.capabilities.reduce_only):
            return order.quantity
        return -self.positions(self.loop.time()).get(order.wire.symbol, _ZERO) * order.wire.side.value

    def execute(self, order: TruthOrder, quantity: Decimal, price: Decimal = Decimal(100)) -> None:
        """Execute whatever is asked, over-fills and late fills included."""
        if quantity <= 0:
            return
        filled = order.filled + quantity
        status = VenueStatus.FILLED if filled >= order.quantity else order.status
        has_ids = self.traits.capabilities.has_execution_ids
        fill = VenueFill(
            execution_id=f"{order.vid}-{len(order.fills) + 1}" if has_ids else None,
            vid=order.vid, cid=self._shown_cid(order), symbol=order.wire.symbol, side=order.wire.side,
            quantity=quantity, price=price, cumulative=filled, at_ns=self.clock.now_ns(),
        )  # fmt: skip
        order.fills.append(fill)
        order.fills_at.append(self.loop.time())
        order.versions.append((self.loop.time(), status, filled))
        self._send(StreamEvent(fill=fill))
        self._tell(order)

    def correct(self, order: TruthOrder, quantity: Decimal) -> None:
        """Say that the last fill of an order was of another quantity."""
        if not order.fills:
            return
        old = order.fills[-1]
        filled = order.filled - old.quantity + quantity
        new = replace(old, quantity=quantity, cumulative=filled, is_correction=True)
        order.fills[-1] = new
        order.versions.append((self.loop.time(), order.status, filled))
        self._send(StreamEvent(fill=new))

    def end(self, order: TruthOrder, status: VenueStatus) -> None:
        """End an order that is open."""
        if order.status is VenueStatus.OPEN:
            order.versions.append((self.loop.time(), status, order.filled))
            self._tell(order)

    def set_price(self, symbol: str, price: Decimal) -> None:
        """Move the market: stops that it reaches execute whole."""
        self.prices[symbol] = price
        for order in list(self.orders.values()):
            if order.wire.symbol == symbol:
                self.trigger(order)

    def trigger(self, order: TruthOrder) -> None:
        """Execute a stop whose price the market has reached."""
        price, stop = self.prices.get(order.wire.symbol), order.wire.stop_price
        if order.wire.order_type is not OrderType.STOP:
            return
        if price is not None and stop is not None and (price - stop) * order.wire.side.value >= 0:
            self.fill(order, order.quantity, price)

    # What questions and the stream show.

    def shown(self, order: TruthOrder, when_s: float) -> VenueOrder | None:
        """An order as an index shows it that is as old as this."""
        state = order.at(when_s)
        if state is None:
            return None
        wire, quantity = order.wire_at(when_s)
        return VenueOrder(
            vid=order.vid, cid=self._shown_cid(order), symbol=wire.symbol, side=wire.side, quantity=quantity,
            filled=state[1], status=state[0], created_ns=self.clock.start_ns + round(order.created_s * 1e9),
            shape=wire.order_type.value, limit_price=wire.limit_price, stop_price=wire.stop_price,
        )  # fmt: skip

    def fills_until(self, when_s: float) -> list[VenueFill]:
        """Executions as an index shows them that is as old as this, oldest first."""
        found = [
            (at_s, fill)
            for order in self.orders.values()
            for at_s, fill in zip(order.fills_at, order.fills, strict=True)
            if at_s <= when_s
        ]
        return [fill for _, fill in sorted(found, key=lambda pair: pair[0])]

    def positions(self, when_s: float) -> dict[str, Decimal]:
        """Signed units by symbol at an instant."""
        held = dict(self.initial)
        changes: list[tuple[float, str, Decimal | Fraction]] = [
            (at_s, fill.symbol, fill.quantity * fill.side.value)
            for order in self.orders.values()
            for at_s, fill in zip(order.fills_at, order.fills, strict=True)
        ]
        for at_s, symbol, change in sorted([*changes, *self.splits], key=lambda each: each[0]):
            if at_s > when_s:
                break
            before = held.get(symbol, _ZERO)
            if isinstance(change, Decimal):
                held[symbol] = before + change
            else:
                exact = before * change.numerator / change.denominator
                held[symbol] = exact - exact % 1
        return {symbol: units for symbol, units in held.items() if units}

    def _shown_cid(self, order: TruthOrder) -> str | None:
        return order.cid if self.traits.capabilities.has_cids else None

    def _tell(self, order: TruthOrder) -> None:
        self._send(StreamEvent(order=self.shown(order, self.loop.time())))

    def _send(self, event: StreamEvent) -> None:
        for listener in list(self.listeners):
            listener(event)


def _divided(price: Decimal | None, ratio: Fraction) -> Decimal | None:
    return None if price is None else price * ratio.denominator / ratio.numerator
