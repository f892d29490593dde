"""Orders as the venue tells of them: what was asked, when what happened to it, and who belongs to whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tradewright.domain.order import OrderSide, OrderType, TimeInForce

    from .asks import OrderClass

__all__ = ["ENDED", "Happening", "PlacedOrder", "Standing"]


class Standing(StrEnum):
    """Where an order is in its life, in Alpaca's words; other protocols translate them."""

    PENDING_NEW = "pending_new"
    NEW = "new"
    HELD = "held"
    PARTIALLY_FILLED = "partially_filled"
    FILLED = "filled"
    CANCELED = "canceled"
    EXPIRED = "expired"
    REPLACED = "replaced"
    REJECTED = "rejected"


ENDED = frozenset({Standing.FILLED, Standing.CANCELED, Standing.EXPIRED, Standing.REPLACED, Standing.REJECTED})


@dataclass(slots=True, kw_only=True)
class PlacedOrder:
    """One order. `number` is its number on the simulated exchange; instants are UTC nanoseconds, None before them."""

    number: int
    id: str
    client_order_id: str
    symbol: str
    side: OrderSide
    order_type: OrderType
    order_class: OrderClass
    time_in_force: TimeInForce
    quantity: float
    limit_price: float | None
    stop_price: float | None
    trail_amount: float | None
    trail_percent: float | None
    created_at: int
    updated_at: int
    standing: Standing = Standing.PENDING_NEW
    filled: float = 0.0
    spent: float = 0.0
    filled_at: int | None = None
    ended_at: int | None = None
    reason: str = ""
    replaces: str | None = None
    replaced_by: str | None = None
    parent: PlacedOrder | None = None
    legs: list[PlacedOrder] = field(default_factory=list)
    words: dict[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether it still works."""
        return self.standing not in ENDED

    @property
    def leaves(self) -> float:
        """Units still to fill."""
        return max(0.0, self.quantity - self.filled)

    @property
    def average_price(self) -> float | None:
        """Average price of its fills; None before the first."""
        return self.spent / self.filled if self.filled else None

    @property
    def group(self) -> list[PlacedOrder]:
        """The order with everything that belongs to it."""
        head = self.parent or self
        return [head, *head.legs]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened to an order.

    Parameters
    ----------
    event : str
        ``new``, ``fill``, ``partial_fill``, ``canceled``, ``expired``, ``rejected``, ``replaced``.
    order : PlacedOrder
    at_ns : int
    number : int
        Of the event within the account, from 1.
    standing : Standing
    filled : float
        Where the order stood then, and how much of it was filled.
    execution_id, quantity, price, position : optional
        Of a fill: its identity, its units and price, and the position after it.
    """

    event: str
    order: PlacedOrder
    at_ns: int
    number: int
    standing: Standing
    filled: float
    execution_id: str | None = None
    quantity: float | None = None
    price: float | None = None
    position: float | None = None
