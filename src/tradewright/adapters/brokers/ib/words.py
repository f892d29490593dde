"""Between the house's values and Interactive Brokers' words: orders, statuses, instants, executions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tradewright.domain.live.venue import VenueFill, VenueStatus
from tradewright.domain.order import OrderSide, OrderType

if TYPE_CHECKING:
    from ib_async.order import Order

    from tradewright.domain.live.wire import WireOrder

__all__ = ["amount", "fill_from", "identity_of", "instant_from", "order_of", "price", "side_of", "status_of", "type_of"]

_NS = 1_000_000_000
_TYPES = {
    OrderType.MARKET: "MKT",
    OrderType.LIMIT: "LMT",
    OrderType.STOP: "STP",
    OrderType.STOP_LIMIT: "STP LMT",
}
_KINDS = {word: kind.value for kind, word in _TYPES.items()}
_STATUSES = {
    "Filled": VenueStatus.FILLED,
    "Cancelled": VenueStatus.CANCELLED,
    "ApiCancelled": VenueStatus.CANCELLED,
}
_NO_PRICE = 1e300


def order_of(wire: WireOrder, ref: str, account: str) -> Order:
    """The order as the library writes it; `ref` is what it is known by for ever."""
    from ib_async.order import Order

    order = Order(
        action=wire.side.name,
        totalQuantity=float(wire.quantity),
        orderType=_TYPES[wire.order_type],
        tif=wire.time_in_force.name,
        orderRef=ref,
        account=account,
        outsideRth=False,
    )
    if wire.limit_price is not None:
        order.lmtPrice = _plain(wire.limit_price)
    if wire.stop_price is not None:
        order.auxPrice = _plain(wire.stop_price)
    if wire.expires_ns is not None:
        order.goodTillDate = f"{dt.datetime.fromtimestamp(wire.expires_ns // _NS, dt.UTC):%Y%m%d-%H:%M:%S}"
    return order


def _plain(number: Decimal) -> Decimal:
    """The same number without an exponent, as it then goes over the wire."""
    return Decimal(format(number, "f"))


def amount(value: float) -> Decimal:
    """A number of the library's as a decimal: the shortest text that is the same number."""
    return Decimal(repr(float(value))).normalize() + 0


def price(value: Any) -> Decimal | None:
    """A price, or None where the order has none."""
    number = float(value or 0.0)
    return amount(number) if 0.0 < number < _NO_PRICE else None


def side_of(action: str) -> OrderSide:
    """The side of an order or an execution."""
    return OrderSide.BUY if action.startswith("B") else OrderSide.SELL


def type_of(word: str) -> str:
    """The house's word for a type of order, or the venue's own where it has none."""
    return _KINDS.get(word, word.lower())


def status_of(status: str, completed: str = "", *, is_refused: bool = False) -> VenueStatus:
    """Where an order is. "Inactive" is an end only where a refusal came with it: orders that are held have it, too."""
    word = completed.lower()
    found = _STATUSES.get(status, VenueStatus.OPEN)
    if is_refused and found is not VenueStatus.FILLED and (found.is_terminal or status == "Inactive"):
        return VenueStatus.REJECTED
    if "expire" in word:
        return VenueStatus.EXPIRED
    if "reject" in word:
        return VenueStatus.REJECTED
    return VenueStatus.CANCELLED if completed and found is VenueStatus.OPEN else found


def instant_from(text: str) -> int | None:
    """UTC nanoseconds of an instant as the gateway writes it, to the second; None where it cannot be read.

    Examples
    --------
    >>> instant_from("19700101 00:00:01 UTC"), instant_from("19700101-01:00:00 Europe/Paris"), instant_from("soon")
    (1000000000, 0, None)
    """
    day, _, rest = text.strip().replace("-", " ", 1).partition(" ")
    clock, _, zone = rest.strip().partition(" ")
    try:
        moment = dt.datetime.strptime(f"{day} {clock}", "%Y%m%d %H:%M:%S").replace(tzinfo=ZoneInfo(zone or "UTC"))
    except (ValueError, ZoneInfoNotFoundError):
        return None
    return int(moment.timestamp()) * _NS


def identity_of(execution_id: str) -> tuple[str, int]:
    """What makes an execution the one it is, and how often it was corrected: the parts before and after the last dot.

    Examples
    --------
    >>> identity_of("0001f4e8.57ab.01.02")
    ('0001f4e8.57ab.01', 2)
    """
    head, dot, suffix = execution_id.rpartition(".")
    return (head, int(suffix)) if dot and suffix.isdigit() else (execution_id, 1)


def fill_from(symbol: str, execution: Any) -> VenueFill:
    """An execution."""
    identity, revision = identity_of(execution.execId)
    return VenueFill(
        execution_id=identity,
        vid=str(execution.permId),
        cid=execution.orderRef or None,
        symbol=symbol,
        side=side_of(execution.side),
        quantity=amount(execution.shares),
        price=amount(execution.price),
        cumulative=amount(execution.cumQty),
        at_ns=int(execution.time.timestamp()) * _NS,
        is_correction=revision > 1,
    )
