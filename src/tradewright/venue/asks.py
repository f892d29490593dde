"""What a client asks for, whatever protocol it speaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tradewright.domain.order import OrderSide, OrderType, TimeInForce

__all__ = ["Changes", "OrderAsk", "OrderClass"]


class OrderClass(StrEnum):
    """How orders that belong together depend on each other."""

    SIMPLE = "simple"
    BRACKET = "bracket"
    OCO = "oco"
    OTO = "oto"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAsk:
    """One new order, or a group of them.

    Parameters
    ----------
    symbol : str
    side : OrderSide
    quantity : float, optional
        Units; without them `notional`, money to spend at the last close.
    order_class : OrderClass
        A bracket has a take-profit and a stop-loss, an OTO one of them; an OCO is the two exits alone.
    take_profit, stop_loss, stop_loss_limit : float, optional
        Prices of the exits; `stop_loss_limit` makes the stop of an OCO a stop-limit.
    display_quantity : float, optional
        Visible slice of an iceberg order.
    expires_ns : int, optional
        UTC nanoseconds at which a GTD order ends.
    forgets_ended : bool
        Whether the protocol lets the id of an ended order be used again, whatever the venue does elsewhere.
    words : dict
        What the protocol wants to see again when the order is asked for.
    """

    symbol: str
    side: OrderSide
    quantity: float | None = None
    notional: float | None = None
    order_type: OrderType = OrderType.MARKET
    time_in_force: TimeInForce = TimeInForce.DAY
    limit_price: float | None = None
    stop_price: float | None = None
    trail_amount: float | None = None
    trail_percent: float | None = None
    order_class: OrderClass = OrderClass.SIMPLE
    take_profit: float | None = None
    stop_loss: float | None = None
    stop_loss_limit: float | None = None
    display_quantity: float | None = None
    expires_ns: int | None = None
    client_order_id: str | None = None
    forgets_ended: bool = False
    words: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a replacement changes; None leaves it. `trail` is an amount or a percentage, as the order has it.

    With `order_type` the order becomes one of that type, with the prices given here and no other.
    """

    quantity: float | None = None
    limit_price: float | None = None
    stop_price: float | None = None
    trail: float | None = None
    time_in_force: TimeInForce | None = None
    order_type: OrderType | None = None
    client_order_id: str | None = None
