"""Orders and brackets as records keep them, and what a split makes of units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.live.ids import IdRole
from tradewright.domain.live.order import BracketPlan, Lifecycle, LiveOrder
from tradewright.domain.live.wire import decimal_of
from tradewright.domain.quote import Quote

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from fractions import Fraction

    from tradewright.domain.live.ids import DecisionKey
    from tradewright.domain.live.wire import WireOrder

__all__ = ["divided", "intent_body", "order_from", "plain_order", "plan_body", "plan_from", "quote_body", "quote_from"]

_UNSURE = {Lifecycle.PENDING, Lifecycle.SUBMITTED, Lifecycle.UNKNOWN}


def intent_body(order: LiveOrder) -> dict[str, Any]:
    """An order as its decision is kept."""
    body: dict[str, Any] = {
        "cid": order.cid,
        "role": order.role.name,
        "wire": order.wire.plain(),
        "ttl_ns": order.ttl_ns,
        "number": order.number,
    }
    if order.parent is not None:
        body["parent"] = order.parent
    if order.plan is not None:
        body["plan"] = plan_body(order.plan)
    if order.quote is not None:
        body["quote"] = quote_body(order.quote)
    return body


def quote_body(quote: Quote) -> dict[str, Any]:
    """A quote as it is kept: prices as text, so that they come back to the last bit."""
    return {"bid": _shown(quote.bid), "ask": _shown(quote.ask), "at": quote.at_ns}


def plan_body(plan: BracketPlan) -> dict[str, str | None]:
    """A bracket's prices as they are kept."""
    return {"stop": _text(plan.stop), "target": _text(plan.target)}


def order_from(body: Mapping[str, Any], key: DecisionKey, wire: WireOrder, at: int) -> LiveOrder:
    """The order that was kept so."""
    plan, quote = body.get("plan"), body.get("quote")
    return LiveOrder(
        cid=body["cid"],
        key=key,
        role=IdRole[body["role"]],
        wire=wire,
        decided_at=at,
        ttl_ns=body["ttl_ns"],
        total=wire.quantity,
        parent=body.get("parent"),
        number=body["number"],
        plan=None if plan is None else plan_from(plan),
        instance=body.get("instance", ""),
        quote=None if quote is None else quote_from(wire.symbol, quote),
    )


def plan_from(plan: Mapping[str, Any]) -> BracketPlan:
    """The bracket that was kept so."""
    stop, target = plan["stop"], plan["target"]
    return BracketPlan(None if stop is None else decimal_of(stop), None if target is None else decimal_of(target))


def quote_from(symbol: str, body: Mapping[str, Any]) -> Quote:
    """The quote that was kept so."""
    bid, ask = (None if body[side] is None else float(body[side]) for side in ("bid", "ask"))
    return Quote(symbol, body["at"], bid, ask)


def _shown(price: float | None) -> str | None:
    return None if price is None else repr(price)


def _text(price: Decimal | None) -> str | None:
    return None if price is None else str(price)


def plain_order(order: LiveOrder) -> list[Any]:
    """What of an order enters the hash of the state."""
    state = "?" if order.state in _UNSURE else order.state.value
    fills = {identity: str(units.normalize()) for identity, units in order.fills.items()}
    return [state, order.vid, fills, order.settled, order.cancel_wanted, order.attempts, order.replaced_by]


def divided(units: Decimal, ratio: Fraction, lot: Decimal) -> Decimal:
    """Units after a split, cut to the lot."""
    exact = units * ratio.numerator / ratio.denominator
    return exact - exact % lot
