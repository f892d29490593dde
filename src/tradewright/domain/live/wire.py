"""An order in the form in which it goes to a venue: decimal quantities and prices that never change once decided."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import OrderError
from tradewright.domain.order import OrderSide, OrderType, TimeInForce

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["WireOrder", "canonical_json", "decimal_of"]

_PRICES = ("limit_price", "stop_price")
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode
_NEEDS = {
    OrderType.MARKET: (),
    OrderType.LIMIT: ("limit_price",),
    OrderType.STOP: ("stop_price",),
    OrderType.STOP_LIMIT: _PRICES,
    OrderType.MARKET_ON_CLOSE: (),
}


def canonical_json(value: Any) -> bytes:
    """The one way a value is written: keys in order, no spaces, ASCII, no NaN.

    Raises
    ------
    ValueError
        On NaN and infinities.
    TypeError
        On what JSON does not know.
    """
    return _canonical(value).encode("ascii")


def decimal_of(text: str) -> Decimal:
    """A finite decimal number from its text.

    Raises
    ------
    OrderError
        When it is not one.
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise OrderError(f"'{text}' is not a number.") from None
    if not number.is_finite():
        raise OrderError(f"'{text}' is not a finite number.")
    return number


@dataclass(frozen=True, slots=True, kw_only=True)
class WireOrder:
    """What a venue is asked for. Sent again, it is the same but for time stamp and signature.

    Parameters
    ----------
    symbol : str
    side : OrderSide
    quantity : Decimal
        Units, positive; already on the lot.
    order_type : OrderType
        All but trailing stops, which are emulated.
    limit_price, stop_price : Decimal, optional
        Already on the tick; required by the types that use them, refused by the others.
    time_in_force : TimeInForce
    expires_ns : int, optional
        UTC nanoseconds at which a GTD order ends.
    reduce_only : bool
        Whether the order may only make a position smaller.
    label : str, optional
        The user's own id; it stays in the journal and is not sent.

    Raises
    ------
    OrderError
        When the fields contradict each other.
    """

    symbol: str
    side: OrderSide
    quantity: Decimal
    order_type: OrderType = OrderType.MARKET
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    time_in_force: TimeInForce = TimeInForce.GTC
    expires_ns: int | None = None
    reduce_only: bool = False
    label: str | None = None

    def __post_init__(self) -> None:
        if self.order_type not in _NEEDS:
            raise OrderError(f"A {self.order_type} order for {self.symbol} has no form on the wire.")
        if not self.quantity.is_finite() or self.quantity <= 0:
            raise OrderError(f"The quantity of an order for {self.symbol} must be positive, not {self.quantity}.")
        for name in _PRICES:
            price = getattr(self, name)
            if (price is not None) != (name in _NEEDS[self.order_type]):
                raise OrderError(f"A {self.order_type} order for {self.symbol} has {name}={price}.")
            if price is not None and not (price.is_finite() and price > 0):
                raise OrderError(f"The {name} of an order for {self.symbol} must be positive, not {price}.")
        if (self.expires_ns is not None) != (self.time_in_force is TimeInForce.GTD):
            raise OrderError(f"A {self.time_in_force} order for {self.symbol} has expires_ns={self.expires_ns}.")

    @property
    def signed(self) -> Decimal:
        """The change of position that a full fill makes."""
        return self.quantity * self.side.value

    def of(self, quantity: Decimal) -> WireOrder:
        """The same order for another quantity."""
        return replace(self, quantity=quantity)

    def plain(self) -> dict[str, Any]:
        """The order as the journal keeps it; fields at rest are left out."""
        found: dict[str, Any] = {
            "symbol": self.symbol,
            "side": self.side.name,
            "quantity": str(self.quantity),
            "type": self.order_type.value,
            "tif": self.time_in_force.value,
        }
        optional = {
            "limit": None if self.limit_price is None else str(self.limit_price),
            "stop": None if self.stop_price is None else str(self.stop_price),
            "expires_ns": self.expires_ns,
            "reduce_only": self.reduce_only or None,
            "label": self.label,
        }
        return found | {name: value for name, value in optional.items() if value is not None}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> WireOrder:
        """The order that was kept so."""
        limit, stop = plain.get("limit"), plain.get("stop")
        return cls(
            symbol=plain["symbol"],
            side=OrderSide[plain["side"]],
            quantity=decimal_of(plain["quantity"]),
            order_type=OrderType(plain["type"]),
            limit_price=None if limit is None else decimal_of(limit),
            stop_price=None if stop is None else decimal_of(stop),
            time_in_force=TimeInForce(plain["tif"]),
            expires_ns=plain.get("expires_ns"),
            reduce_only=plain.get("reduce_only", False),
            label=plain.get("label"),
        )

    @property
    def digest(self) -> str:
        """SHA-256 of the order's canonical form."""
        return hashlib.sha256(canonical_json(self.plain())).hexdigest()
