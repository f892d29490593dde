"""What a person at the door of a broker is told: an order as it stands, and the money of the account."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.order import OrderSide, OrderStatus, OrderType, TimeInForce

__all__ = ["BrokerAccount", "OrderResponse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderResponse:
    """An order as it stands now.

    Parameters
    ----------
    id : str
        Its id, the same after any restart; empty where it was refused before it became an order. Of an order that
        somebody else placed, the venue's.
    symbol : str
    side : OrderSide
    quantity, filled_quantity : float
        Units.
    order_type : OrderType or None
        None where the venue does not tell it.
    status : OrderStatus
        UNKNOWN while it is not known whether it stands at the venue; it is being found out, and not sent again.
    average_fill_price : float or None
        None before the first fill.
    limit_price, stop_price : float or None
    time_in_force : TimeInForce or None
    client_order_id : str or None
        The caller's own; it stays here and is not sent.
    reason : str
        Why it was refused or ended.
    submitted_ns : int
        UTC nanoseconds of the decision.
    is_ours : bool
        Whether it was placed from here.
    broker_metadata : mapping of str to str
        The venue's own words for it: ``"order_id"``.
    """

    id: str
    symbol: str
    side: OrderSide
    quantity: float
    status: OrderStatus
    order_type: OrderType | None = None
    filled_quantity: float = 0.0
    average_fill_price: float | None = None
    limit_price: float | None = None
    stop_price: float | None = None
    time_in_force: TimeInForce | None = None
    client_order_id: str | None = None
    reason: str = ""
    submitted_ns: int = 0
    is_ours: bool = True
    broker_metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BrokerAccount:
    """Money at the venue, in account currency."""

    equity: float
    cash: float
    buying_power: float

    @property
    def portfolio_value(self) -> float:
        """Equity under its other name."""
        return self.equity
