"""What ccxt's words mean: orders, executions, names. Numbers are text, and stay exact."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import BrokerError
from tradewright.domain.live.venue import VenueFill, VenueOrder, VenueStatus
from tradewright.domain.order import OrderSide, OrderType

if TYPE_CHECKING:
    from tradewright.domain.live.wire import WireOrder

__all__ = [
    "decimal_in",
    "ends_ns",
    "fill_from",
    "order_from",
    "params_of",
    "side_word",
    "split_vid",
    "type_word",
    "vid_of",
]

_MS = 1_000_000
_SIDES = {"buy": OrderSide.BUY, "sell": OrderSide.SELL}
_STATUSES = {
    "open": VenueStatus.OPEN,
    "canceling": VenueStatus.OPEN,
    "PENDING_NEW": VenueStatus.OPEN,
    "canceled": VenueStatus.CANCELLED,
    "expired": VenueStatus.EXPIRED,
    "rejected": VenueStatus.REJECTED,
}
_LIMITS = (OrderType.LIMIT, OrderType.STOP_LIMIT)


def vid_of(symbol: str, number: object) -> str:
    """The venue's id: exchanges count orders and executions within one symbol, so the symbol belongs to it."""
    return f"{symbol}#{number}"


def split_vid(vid: str) -> tuple[str, str]:
    """Symbol and number of an id."""
    symbol, _, number = vid.rpartition("#")
    return symbol, number


def decimal_in(said: Any, name: str) -> Decimal:
    """A number of an answer; what is missing counts as nothing.

    Raises
    ------
    BrokerError
        When it is none.
    """
    value = said.get(name)
    try:
        number = Decimal(str(value)) if value is not None else Decimal(0)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise BrokerError(f"The exchange says that {name} is {value!r}.")
    return number


def order_from(said: Any) -> VenueOrder:
    """An order object.

    Raises
    ------
    BrokerError
        When something that must be there is not.
    """
    try:
        symbol = str(said["symbol"])
        quantity, filled = decimal_in(said, "amount"), decimal_in(said, "filled")
        return VenueOrder(
            vid=vid_of(symbol, said["id"]),
            cid=said.get("clientOrderId"),
            symbol=symbol,
            side=_SIDES[said["side"]],
            quantity=quantity,
            filled=filled,
            status=_status(said["status"], quantity, filled),
            created_ns=int(said["timestamp"]) * _MS,
            shape=_shape(said),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BrokerError(f"An order of the exchange cannot be read: {error!r}.") from None


def _status(word: Any, quantity: Decimal, filled: Decimal) -> VenueStatus:
    """The word "closed" says that an order has ended; whether it is filled, the numbers say."""
    if word == "closed":
        return VenueStatus.FILLED if filled >= quantity else VenueStatus.CANCELLED
    return _STATUSES[word]


def _shape(said: Any) -> str:
    return "/".join(str(said.get(name)) for name in ("type", "timeInForce", "price", "triggerPrice"))


def ends_ns(said: Any) -> int:
    """When an order was changed last, at the end of that millisecond."""
    return (int(said.get("lastUpdateTimestamp") or said.get("timestamp") or 0) + 1) * _MS - 1


def fill_from(said: Any, cid: str | None, cumulative: Decimal) -> VenueFill:
    """An execution; errors as of `order_from`."""
    try:
        symbol = str(said["symbol"])
        return VenueFill(
            execution_id=vid_of(symbol, said["id"]),
            vid=vid_of(symbol, said["order"]),
            cid=cid,
            symbol=symbol,
            side=_SIDES[said["side"]],
            quantity=decimal_in(said, "amount"),
            price=decimal_in(said, "price"),
            cumulative=cumulative,
            at_ns=int(said["timestamp"]) * _MS,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BrokerError(f"An execution of the exchange cannot be read: {error!r}.") from None


def side_word(wire: WireOrder) -> str:
    """A side in ccxt's word."""
    return wire.side.name.lower()


def type_word(wire: WireOrder) -> str:
    """A type in ccxt's word: a stop is one of the others with a trigger."""
    return "limit" if wire.order_type in _LIMITS else "market"


def params_of(wire: WireOrder, cid: str) -> dict[str, str]:
    """What goes along with an order."""
    found = {"clientOrderId": cid}
    if wire.order_type in _LIMITS:
        found["timeInForce"] = wire.time_in_force.name
    if wire.stop_price is not None:
        found["stopLossPrice"] = format(wire.stop_price, "f")
    return found
