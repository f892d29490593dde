"""Orders of the engine in the form in which they go to a venue."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tradewright.domain.grid import decimal_text
from tradewright.domain.live.order import BracketPlan
from tradewright.domain.live.session import Placed, Replaced
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide, OrderType, TimeInForce

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.instrument import Instrument
    from tradewright.domain.live.session import Output

__all__ = ["WireForms", "order_in"]


def order_in(output: Output) -> Placed | None:
    """The order that an output sends, or None."""
    order = output.order if isinstance(output, Replaced) else output
    return order if isinstance(order, Placed) else None


class WireForms:
    """Writes orders for some instruments: quantities on the lot and prices on the tick, as exact decimals."""

    def __init__(self, instruments: Sequence[Instrument]) -> None:
        self._instruments = {each.symbol: each for each in instruments}

    def wire(self, order: Placed) -> WireOrder:
        """The order as it goes out.

        Raises
        ------
        OrderError
            When it has no form on the wire.
        """
        return WireOrder(
            symbol=order.symbol,
            side=OrderSide(order.side),
            quantity=self.units(order.symbol, order.quantity),
            order_type=OrderType(order.order_type),
            limit_price=self._optional(order.symbol, order.limit_price),
            stop_price=self._optional(order.symbol, order.stop_price),
            time_in_force=TimeInForce(order.time_in_force),
            expires_ns=order.expires_ns,
            reduce_only=order.reduce_only,
            label=order.label,
        )

    def plan(self, order: Placed) -> BracketPlan | None:
        """What protects its fills, or None."""
        stop, target = (self._optional(order.symbol, price) for price in (order.stop_loss, order.take_profit))
        return None if stop is None and target is None else BracketPlan(stop, target)

    def units(self, symbol: str, quantity: float) -> Decimal:
        """A quantity on the lot."""
        return Decimal(decimal_text(quantity, self._instruments[symbol].lot))

    def price(self, symbol: str, price: float) -> Decimal:
        """A price on the tick."""
        return Decimal(decimal_text(price, self._instruments[symbol].tick))

    def _optional(self, symbol: str, price: float | None) -> Decimal | None:
        return None if price is None else self.price(symbol, price)
