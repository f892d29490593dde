"""From the rows that the simulated exchange keeps of its orders to the orders that clients know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.order import OrderSide, OrderType, TimeInForce

from .asks import OrderAsk
from .placed import PlacedOrder

if TYPE_CHECKING:
    from .registry import OrderRegistry

__all__ = ["leg_of", "order_of", "unasked"]

_TYPES, _TIFS = tuple(OrderType), tuple(TimeInForce)
_NUMBER, _BOOK, _SIDE, _KIND, _TIF, _QUANTITY, _LIMIT, _STOP, _TRAIL, _PARENT = 0, 1, 3, 4, 6, 7, 8, 9, 10, 12

Row = tuple[float, ...]


def order_of(registry: OrderRegistry, row: Row, ask: OrderAsk, now_ns: int) -> PlacedOrder:
    """The order behind a row, as its client asked for it."""
    number = int(row[_NUMBER])
    order_id = registry.new_id(number)
    kind = _TYPES[int(row[_KIND])]
    trail = _known(row[_TRAIL])
    return PlacedOrder(
        number=number,
        id=order_id,
        client_order_id=registry.new_client_id(order_id),
        symbol=ask.symbol,
        side=OrderSide(int(row[_SIDE])),
        order_type=kind,
        order_class=ask.order_class,
        time_in_force=_TIFS[int(row[_TIF])],
        quantity=row[_QUANTITY],
        limit_price=_known(row[_LIMIT]),
        stop_price=_known(row[_STOP]),
        trail_amount=trail if trail is not None and trail >= 0.0 else None,
        trail_percent=-100.0 * trail if trail is not None and trail < 0.0 else None,
        created_at=now_ns,
        updated_at=now_ns,
        words=ask.words,
    )


def leg_of(registry: OrderRegistry, row: Row, head: PlacedOrder) -> PlacedOrder | None:
    """The protective leg behind a row; None where the row is of another order's."""
    if int(row[_PARENT]) != head.number:
        return None
    ask = OrderAsk(symbol=head.symbol, side=head.side, order_class=head.order_class, words=head.words)
    leg = order_of(registry, row, ask, head.created_at)
    leg.parent = head
    leg.quantity = head.quantity
    leg.time_in_force = head.time_in_force
    return leg


def unasked(registry: OrderRegistry, row: Row, symbols: tuple[str, ...], now_ns: int) -> PlacedOrder:
    """The order behind a row that no client asked for, as after a margin call."""
    symbol = symbols[int(row[_BOOK]) % len(symbols)]
    return order_of(registry, row, OrderAsk(symbol=symbol, side=OrderSide(int(row[_SIDE]))), now_ns)


def _known(price: float) -> float | None:
    return price if price == price else None  # noqa: PLR0124 - NaN
