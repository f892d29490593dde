"""A strategy's orders against what its brackets hold: what closes them, and what must not go out beside them.

A bracket's stop rests at the venue for all that its entry filled. Another order that closes the same units would leave
that stop alone with no position, to open one on the other side.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tradewright.domain.live.ids import DecisionKey
from tradewright.domain.order import OrderType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tradewright.app.orders.road import OrderRoad
    from tradewright.domain.bars import Bar
    from tradewright.domain.live.order import LiveOrder
    from tradewright.domain.live.session import Placed

    from .wires import WireForms

__all__ = ["Closings", "parts_of"]

_ZERO = Decimal(0)
_MARKET = OrderType.MARKET.value


def parts_of(key: DecisionKey) -> tuple[DecisionKey, DecisionKey]:
    """What only reduces is decided by itself, and first: what keeps an entry from going out does not keep an exit."""
    return DecisionKey(key.moment, f"{key.symbol}-"), key


class Closings:
    """Looks at the brackets of an account.

    Parameters
    ----------
    road : OrderRoad
    """

    def __init__(self, road: OrderRoad) -> None:
        self._road = road

    async def take_targets(self, bar: Bar, forms: WireForms) -> None:
        """Let targets that a bar reached be taken."""
        for price in self.prices(bar):
            await self._road.brackets.price(bar.symbol, forms.price(bar.symbol, price))

    def prices(self, bar: Bar) -> tuple[float, ...]:
        """Prices of a bar at which targets are taken: its extremes; where a bracket's entry filled inside, its close.

        What the extremes were before that fill is nothing that could be had.
        """
        book = self._road.office.book
        entries = (each for each in self._road.brackets.holdings.entries() if each.symbol == bar.symbol)
        orders = (order for entry in entries for order in book.chain(entry))
        is_inside = any(book.prices[identity][1] > bar.open_time for order in orders for identity in order.fills)
        return (bar.close,) if is_inside else (bar.high, bar.low)

    def against(self, order: Placed, instance: str) -> list[LiveOrder]:
        """Entries of the strategy on the other side whose brackets hold something that is not being closed."""
        exits = self._road.office.book.exits
        return [
            entry for entry in self._entries(order.symbol, instance)
            if entry.wire.side != order.side and entry.cid not in exits
        ]  # fmt: skip

    def _entries(self, symbol: str, instance: str) -> Iterator[LiveOrder]:
        """Entries of the strategy whose brackets hold something."""
        for entry in self._road.brackets.holdings.entries():
            if (entry.instance, entry.symbol) == (instance, symbol) and self._held(entry) > 0:
                yield entry

    def _held(self, entry: LiveOrder) -> Decimal:
        return self._road.brackets.holdings.held(entry)

    def why_not(self, order: Placed, instance: str, before: Sequence[Placed]) -> str | None:
        """Why an order must not go out, or None; `before` are those that go out before it."""
        if order.order_type != _MARKET and self._is_beside_stop(order, instance):
            return "What a bracket protects is not offered by a second order: use take_profit=, or close it."
        is_bracket = order.stop_loss is not None or order.take_profit is not None
        if is_bracket and self._closes_first(order, instance, before):
            return "A bracket protects all that its order fills, and this one closes a position first: close it before."
        return None

    def _is_beside_stop(self, order: Placed, instance: str) -> bool:
        """Whether it would close, together with what rests already, what brackets hold."""
        held = sum(map(self._held, self.against(order, instance)), _ZERO)
        if not held:
            return False
        resting = sum((other.leaves for other in self._loose(order, instance)), _ZERO)
        free = -self._position(order.symbol, instance) * order.side - held - resting
        return float(free) < order.quantity

    def _closes_first(self, order: Placed, instance: str, before: Sequence[Placed]) -> bool:
        """Whether the strategy is on the other side once what closes for certain has closed."""
        units = self._position(order.symbol, instance)
        exits = self._road.office.book.exits
        leaving = (entry for entry in self._entries(order.symbol, instance) if entry.cid in exits)
        units -= sum((self._held(entry) * entry.wire.side.value for entry in leaving), _ZERO)
        certain = (other for other in self._loose(order, instance) if other.wire.order_type is OrderType.MARKET)
        units += sum((other.leaves for other in certain), _ZERO) * order.side
        return float(units) * order.side + _market_units(before, order) < 0

    def _loose(self, order: Placed, instance: str) -> Iterator[LiveOrder]:
        """Working orders of the strategy on the same side that belong to no bracket."""
        for other in self._road.office.book.orders.values():
            is_its = other.instance == instance and other.symbol == order.symbol and other.wire.side == order.side
            if is_its and other.is_open and other.parent is None:
                yield other

    def _position(self, symbol: str, instance: str) -> Decimal:
        orders = self._road.office.book.orders.values()
        mine = (o for o in orders if o.instance == instance and o.symbol == symbol)
        return sum((o.lots * o.wire.side.value for o in mine), _ZERO)


def _market_units(orders: Iterable[Placed], like: Placed) -> float:
    """Units of market orders in the symbol and on the side of another."""
    return sum(
        each.quantity for each in orders
        if (each.symbol, each.side, each.order_type) == (like.symbol, like.side, _MARKET)
    )  # fmt: skip
