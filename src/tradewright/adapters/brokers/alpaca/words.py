"""Alpaca's JSON and our words: orders, fills, accounts. Decimals come and go as strings."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from tradewright.adapters.wire.instants import instant_from
from tradewright.domain.errors import BrokerError
from tradewright.domain.live.venue import StreamEvent, VenueAccount, VenueFill, VenueOrder, VenueStatus
from tradewright.domain.order import OrderSide, OrderType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.live.wire import WireOrder

__all__ = ["account_from", "body_of", "changes_of", "event_from", "fill_from_activity", "order_from", "position_from"]

_SIDES = {"buy": OrderSide.BUY, "sell": OrderSide.SELL}
_ENDS = {
    "filled": VenueStatus.FILLED,
    "canceled": VenueStatus.CANCELLED,
    "expired": VenueStatus.EXPIRED,
    "replaced": VenueStatus.REPLACED,
    "rejected": VenueStatus.REJECTED,
}
_FILLS = {"fill", "partial_fill"}
_CORRECTIONS = {"trade_bust", "trade_correct"}


def body_of(wire: WireOrder, cid: str) -> dict[str, str]:
    """An order as Alpaca takes it."""
    auction = wire.order_type is OrderType.MARKET_ON_CLOSE
    return {
        "symbol": wire.symbol,
        "qty": f"{wire.quantity:f}",
        "side": "buy" if wire.side is OrderSide.BUY else "sell",
        "type": "market" if auction else wire.order_type.value,
        "time_in_force": "cls" if auction else wire.time_in_force.value,
        "client_order_id": cid,
        **_prices(wire),
    }


def changes_of(wire: WireOrder, cid: str) -> dict[str, str]:
    """A replacement as Alpaca takes it."""
    return {
        "qty": f"{wire.quantity:f}",
        "time_in_force": wire.time_in_force.value,
        "client_order_id": cid,
        **_prices(wire),
    }


def _prices(wire: WireOrder) -> dict[str, str]:
    prices = {"limit_price": wire.limit_price, "stop_price": wire.stop_price}
    return {name: f"{price:f}" for name, price in prices.items() if price is not None}


class _Fields:
    """A JSON object of Alpaca's, read field by field; what is missing or of another kind is a BrokerError."""

    def __init__(self, said: Any, what: str) -> None:
        if not isinstance(said, dict):
            raise BrokerError(f"Alpaca sent no {what}.")
        self._said = said
        self._what = what

    def text(self, name: str) -> str:
        value = self._said.get(name)
        if not isinstance(value, str) or not value:
            raise BrokerError(f"Alpaca sent {self._what} without '{name}'.")
        return value

    def maybe(self, name: str) -> str | None:
        value = self._said.get(name)
        return value if isinstance(value, str) and value else None

    def number(self, name: str) -> Decimal:
        value = self._said.get(name)
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if isinstance(value, bool) or not number.is_finite():
            raise BrokerError(f"Alpaca sent {self._what} whose '{name}' is {value!r}.")
        return number

    def instant(self, name: str) -> int:
        try:
            return instant_from(self.text(name))
        except ValueError as error:
            raise BrokerError(f"Alpaca sent {self._what} whose '{name}' cannot be read: {error}") from None

    def side(self) -> OrderSide:
        side = _SIDES.get(self.text("side").partition("_")[0])
        if side is None:
            raise BrokerError(f"Alpaca sent {self._what} with the side {self.text('side')!r}.")
        return side

    def has(self, name: str) -> bool:
        return self._said.get(name) is not None


def order_from(said: Any) -> VenueOrder:
    """An order object; a status that is not known counts as open, so that it is asked for again.

    Raises
    ------
    BrokerError
        When it cannot be read.
    """
    fields = _Fields(said, "an order")
    filled = fields.number("filled_qty") if fields.has("filled_qty") else Decimal(0)
    return VenueOrder(
        vid=fields.text("id"),
        cid=fields.maybe("client_order_id"),
        symbol=fields.text("symbol"),
        side=fields.side(),
        quantity=fields.number("qty") if fields.has("qty") else filled,
        filled=filled,
        status=_ENDS.get(fields.text("status"), VenueStatus.OPEN),
        created_ns=fields.instant("submitted_at" if fields.has("submitted_at") else "created_at"),
        replaced_by=fields.maybe("replaced_by"),
        shape=fields.maybe("type") or fields.maybe("order_type") or "",
    )


def ended_ns(said: Mapping[str, Any]) -> int:
    """When an order ended, as its object says; its last change where it does not say it."""
    fields = _Fields(said, "an order")
    names = ("filled_at", "canceled_at", "expired_at", "replaced_at", "failed_at", "updated_at", "created_at")
    return fields.instant(next((name for name in names if fields.has(name)), "submitted_at"))


def fill_from_activity(said: Any, cid: str | None) -> VenueFill:
    """An execution from the account's activities, whose ids end with that of the execution.

    Raises
    ------
    BrokerError
        When it cannot be read.
    """
    fields = _Fields(said, "an activity")
    return VenueFill(
        execution_id=fields.text("id").rpartition("::")[2],
        vid=fields.text("order_id"),
        cid=cid,
        symbol=fields.text("symbol"),
        side=fields.side(),
        quantity=fields.number("qty"),
        price=fields.number("price"),
        cumulative=fields.number("cum_qty"),
        at_ns=fields.instant("transaction_time"),
    )


def event_from(said: Any) -> StreamEvent:
    """A message of the order stream: the order, and the fill where it is one.

    A fill without its identity is told as the order alone: it comes with the executions, under its identity.

    Raises
    ------
    BrokerError
        When it cannot be read.
    """
    fields = _Fields(said, "an update")
    order = order_from(said.get("order"))
    event = fields.text("event")
    is_correction = event in _CORRECTIONS
    execution = fields.maybe("previous_execution_id" if is_correction else "execution_id")
    if execution is None or (event not in _FILLS and not is_correction):
        return StreamEvent(order)
    fill = VenueFill(
        execution_id=execution,
        vid=order.vid,
        cid=order.cid,
        symbol=order.symbol,
        side=order.side,
        quantity=Decimal(0) if event == "trade_bust" else abs(fields.number("qty")),
        price=fields.number("price"),
        cumulative=order.filled,
        at_ns=fields.instant("timestamp"),
        is_correction=is_correction,
    )
    return StreamEvent(order, fill)


def account_from(said: Any) -> VenueAccount:
    """The account's money.

    Raises
    ------
    BrokerError
        When it cannot be read.
    """
    fields = _Fields(said, "an account")
    return VenueAccount(fields.number("equity"), fields.number("cash"), fields.number("buying_power"))


def position_from(said: Any) -> tuple[str, Decimal]:
    """A position: its symbol and signed units.

    Raises
    ------
    BrokerError
        When it cannot be read.
    """
    fields = _Fields(said, "a position")
    units = abs(fields.number("qty"))
    return fields.text("symbol"), -units if fields.text("side") == "short" else units
