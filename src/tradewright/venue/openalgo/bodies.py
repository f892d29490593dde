"""What OpenAlgo's clients send, read into what the venue understands: numbers are text, and "0" stands for none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.order import OrderSide, OrderType, TimeInForce
from tradewright.venue.asks import Changes, OrderAsk
from tradewright.venue.fields import amount, choice, text
from tradewright.venue.refusals import Refusal, Why

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PRICE_TYPES", "ask_of", "changes_of", "number_of"]

_ACTIONS = {"buy": OrderSide.BUY, "sell": OrderSide.SELL}
PRICE_TYPES = {
    "MARKET": OrderType.MARKET,
    "LIMIT": OrderType.LIMIT,
    "SL": OrderType.STOP_LIMIT,
    "SL-M": OrderType.STOP,
}
"""OpenAlgo's words for the types of orders."""

_PRODUCTS = {name.lower(): name for name in ("CNC", "MIS", "NRML")}
_USES = {
    OrderType.MARKET: (),
    OrderType.LIMIT: ("price",),
    OrderType.STOP_LIMIT: ("price", "trigger_price"),
    OrderType.STOP: ("trigger_price",),
}


def ask_of(said: Mapping[str, Any]) -> OrderAsk:
    """The order in a body; it lives for the day.

    Raises
    ------
    Refusal
    """
    kind, limit, stop = _price_of(said, "MARKET")
    quantity = number_of(said, "quantity")
    if quantity is None:
        raise Refusal(Why.BAD_FIELD, "quantity is required")
    product = choice(said, "product", _PRODUCTS, "MIS")
    return OrderAsk(
        symbol=_required(said, "symbol"),
        side=choice(said, "action", _ACTIONS),
        quantity=quantity,
        order_type=kind,
        time_in_force=TimeInForce.DAY,
        display_quantity=number_of(said, "disclosed_quantity"),
        words={"exchange": _required(said, "exchange"), "product": product, "strategy": text(said, "strategy")},
        limit_price=limit,
        stop_price=stop,
    )


def changes_of(said: Mapping[str, Any]) -> Changes:
    """The modification in a body: every field is sent again.

    Raises
    ------
    Refusal
    """
    kind, limit, stop = _price_of(said, None)
    return Changes(quantity=number_of(said, "quantity"), order_type=kind, limit_price=limit, stop_price=stop)


def number_of(said: Mapping[str, Any], name: str) -> float | None:
    """A positive number; None where it is missing or zero.

    Raises
    ------
    Refusal
    """
    value = said.get(name)
    if isinstance(value, (int, float, str)) and str(value).strip() in ("0", "0.0", "0.00", ""):
        return None
    return amount(said, name)


def _price_of(said: Mapping[str, Any], default: str | None) -> tuple[OrderType, float | None, float | None]:
    kinds = {name.lower(): kind for name, kind in PRICE_TYPES.items()}
    kind = choice(said, "pricetype", kinds, default)
    given = {name: number_of(said, name) for name in ("price", "trigger_price")}
    for name in _USES[kind]:
        if given[name] is None:
            raise Refusal(Why.BAD_FIELD, f"{name} is required for {said.get('pricetype')} orders")
    limit, stop = (given[name] if name in _USES[kind] else None for name in ("price", "trigger_price"))
    return kind, limit, stop


def _required(said: Mapping[str, Any], name: str) -> str:
    found = text(said, name, most=32)
    if found is None:
        raise Refusal(Why.BAD_FIELD, f"{name} is required")
    return found
