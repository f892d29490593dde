"""Orders: what is asked for, the state machine every order walks, and the plain values around it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from .errors import OrderError, OrderStateError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "TERMINAL",
    "TRANSITIONS",
    "Order",
    "OrderRequest",
    "OrderRole",
    "OrderSide",
    "OrderStatus",
    "OrderType",
    "TimeInForce",
    "require_transition",
]


class OrderSide(IntEnum):
    """Direction; the number is the sign of the position change."""

    BUY = 1
    SELL = -1


class OrderType(StrEnum):
    """How an order meets the market."""

    MARKET = "market"
    LIMIT = "limit"
    STOP = "stop"
    STOP_LIMIT = "stop_limit"
    TRAILING_STOP = "trailing_stop"
    MARKET_ON_CLOSE = "market_on_close"


class TimeInForce(StrEnum):
    """How long an order stays working."""

    GTC = "gtc"
    DAY = "day"
    IOC = "ioc"
    FOK = "fok"
    GTD = "gtd"


class OrderRole(StrEnum):
    """Why an order exists."""

    PLAIN = "plain"
    STOP_LOSS = "stop_loss"
    TAKE_PROFIT = "take_profit"
    LIQUIDATION = "liquidation"
    FINALIZE = "finalize"


class OrderStatus(StrEnum):
    """Where an order is in its life."""

    PENDING = "pending"
    SUBMITTED = "submitted"
    PARTIALLY_FILLED = "partially_filled"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


TERMINAL = frozenset({OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.REJECTED, OrderStatus.EXPIRED})

_ENDS = frozenset({OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.EXPIRED})

TRANSITIONS: Mapping[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.PENDING: frozenset({OrderStatus.SUBMITTED, OrderStatus.REJECTED, OrderStatus.CANCELLED}),
    OrderStatus.SUBMITTED: _ENDS | {OrderStatus.PARTIALLY_FILLED, OrderStatus.REJECTED, OrderStatus.UNKNOWN},
    OrderStatus.PARTIALLY_FILLED: _ENDS | {OrderStatus.PARTIALLY_FILLED, OrderStatus.REJECTED, OrderStatus.UNKNOWN},
    OrderStatus.UNKNOWN: _ENDS | {OrderStatus.SUBMITTED, OrderStatus.PARTIALLY_FILLED, OrderStatus.REJECTED},
    **{status: frozenset[OrderStatus]() for status in TERMINAL},
}


def require_transition(before: OrderStatus, after: OrderStatus) -> None:
    """Refuse a step that the state machine does not know.

    Raises
    ------
    OrderStateError
        When `after` cannot follow `before`; an ended order never comes back.
    """
    if after not in TRANSITIONS[before]:
        raise OrderStateError(f"An order that is {before} cannot become {after}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRequest:
    """What somebody wants traded, before it is sized, rounded and approved.

    Parameters
    ----------
    symbol : str
    side : OrderSide
    quantity : float
        Units, positive.
    order_type : OrderType
    limit_price, stop_price : float, optional
        Required by the types that use them, refused by the others.
    trail_amount, trail_percent : float, optional
        Distance of a trailing stop in price units, or in percent of the price (5 is five percent); exactly one.
    time_in_force : TimeInForce
    expires_ns : int, optional
        UTC nanoseconds at which a GTD order ends.
    stop_loss, take_profit : float, optional
        Prices of the protective legs born as the order fills.
    display_quantity : float, optional
        Visible slice of an iceberg order.
    client_order_id, tag : str, optional
        The caller's own labels.
    structure_id : int, optional
        Number shared by the legs of one multi-leg order.
    extended_hours : bool

    Raises
    ------
    OrderError
        When the fields contradict each other.
    """

    symbol: str
    side: OrderSide
    quantity: float
    order_type: OrderType = OrderType.MARKET
    limit_price: float | None = None
    stop_price: float | None = None
    trail_amount: float | None = None
    trail_percent: float | None = None
    time_in_force: TimeInForce = TimeInForce.GTC
    expires_ns: int | None = None
    stop_loss: float | None = None
    take_profit: float | None = None
    display_quantity: float | None = None
    client_order_id: str | None = None
    tag: str | None = None
    structure_id: int | None = None
    extended_hours: bool = False

    def __post_init__(self) -> None:
        for name in _POSITIVE:
            value = getattr(self, name)
            if value is not None and not (value > 0 and math.isfinite(value)):
                raise OrderError(f"The {name} of an order for {self.symbol} must be positive and finite, not {value}.")
        for name in ("limit_price", "stop_price"):
            _require_presence(self, name, needed=self.order_type in _USES[name])
        trails = (self.trail_amount is not None) + (self.trail_percent is not None)
        if trails != (self.order_type is OrderType.TRAILING_STOP):
            raise OrderError(f"A {self.order_type} order for {self.symbol} carries {trails} trail distances.")
        _require_presence(self, "expires_ns", needed=self.time_in_force is TimeInForce.GTD)
        _require_ordered_legs(self)


_POSITIVE = (
    "quantity",
    "limit_price",
    "stop_price",
    "trail_amount",
    "trail_percent",
    "stop_loss",
    "take_profit",
    "display_quantity",
)
_USES = {
    "limit_price": {OrderType.LIMIT, OrderType.STOP_LIMIT},
    "stop_price": {OrderType.STOP, OrderType.STOP_LIMIT},
}


def _require_presence(request: OrderRequest, name: str, *, needed: bool) -> None:
    if (getattr(request, name) is not None) != needed:
        verb = "needs" if needed else "has no use for"
        kind = request.time_in_force if name == "expires_ns" else request.order_type
        raise OrderError(f"A {kind} order for {request.symbol} {verb} {name}.")


def _require_ordered_legs(request: OrderRequest) -> None:
    stop, target = request.stop_loss, request.take_profit
    if stop is not None and target is not None and (target - stop) * request.side <= 0:
        raise OrderError(
            f"The stop loss {stop} of a {request.side.name.lower()} of {request.symbol} "
            f"is not on the losing side of its take profit {target}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order as it stands: the request after sizing and rounding, and what became of it.

    `id` is the order number of the run: rising in time, never reused.
    """

    id: int
    symbol: str
    side: OrderSide
    order_type: OrderType
    quantity: float
    filled: float
    status: OrderStatus
    role: OrderRole
    time_in_force: TimeInForce
    limit_price: float | None
    stop_price: float | None
    average_fill_price: float | None
    reason: str | None
    tag: str | None
    client_order_id: str | None

    @property
    def leaves(self) -> float:
        """Units still to fill."""
        return self.quantity - self.filled
