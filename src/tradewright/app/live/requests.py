"""From what a person asks for to the form in which a venue takes it, and back to what the person is told."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import OrderError
from tradewright.domain.live.offer import Support
from tradewright.domain.live.order import BracketPlan, Lifecycle
from tradewright.domain.live.response import OrderResponse
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderStatus, TimeInForce
from tradewright.domain.portfolio import Position

if TYPE_CHECKING:
    from tradewright.app.orders.book import Foreign
    from tradewright.domain.instrument import Instrument
    from tradewright.domain.live.offer import Offer
    from tradewright.domain.live.order import LiveOrder
    from tradewright.domain.order import OrderRequest

__all__ = ["changed_wire", "market_life", "of_stranger", "plan_of", "position_of", "refused", "response_of", "wire_of"]

_NO_FORM = ("trail_amount", "trail_percent", "display_quantity", "structure_id")
_STATUSES = {
    Lifecycle.PENDING: OrderStatus.PENDING,
    Lifecycle.SUBMITTED: OrderStatus.SUBMITTED,
    Lifecycle.UNKNOWN: OrderStatus.UNKNOWN,
    Lifecycle.WORKING: OrderStatus.SUBMITTED,
    Lifecycle.FILLED: OrderStatus.FILLED,
    Lifecycle.CANCELLED: OrderStatus.CANCELLED,
    Lifecycle.EXPIRED: OrderStatus.EXPIRED,
    Lifecycle.REPLACED: OrderStatus.CANCELLED,
    Lifecycle.REJECTED: OrderStatus.REJECTED,
    Lifecycle.NOT_ACCEPTED: OrderStatus.REJECTED,
}


def wire_of(request: OrderRequest, instrument: Instrument) -> WireOrder:
    """The order in the form of the wire; nothing is rounded.

    Raises
    ------
    OrderError
        When the quantity is not on the lot or a price not on the tick, or for what has no form on the wire.
    """
    for name in _NO_FORM:
        if getattr(request, name) is not None:
            raise OrderError(f"An order for {request.symbol} cannot be sent with {name}.", hint="Leave it out.")
    if request.extended_hours:
        raise OrderError(f"An order for {request.symbol} cannot be sent for extended hours.", hint="Leave it out.")
    return WireOrder(
        symbol=request.symbol,
        side=request.side,
        quantity=_on_grid(request.quantity, instrument.lot, f"The quantity {request.quantity} of {request.symbol}"),
        order_type=request.order_type,
        limit_price=_price(request.limit_price, instrument),
        stop_price=_price(request.stop_price, instrument),
        time_in_force=request.time_in_force,
        expires_ns=request.expires_ns,
        label=request.client_order_id,
    )


def plan_of(request: OrderRequest, instrument: Instrument) -> BracketPlan | None:
    """What protects its fills, or None."""
    if request.stop_loss is None and request.take_profit is None:
        return None
    return BracketPlan(_price(request.stop_loss, instrument), _price(request.take_profit, instrument))


def changed_wire(old: LiveOrder, instrument: Instrument, **changes: float | None) -> WireOrder:
    """An order's form with another total or other prices; what is None stays.

    Raises
    ------
    OrderError
        As `wire_of`, and when nothing would change.
    """
    said: dict[str, Any] = {
        name: _price(value, instrument) for name, value in changes.items() if name != "quantity" and value is not None
    }
    quantity = changes.get("quantity")
    if quantity is None:
        said["quantity"] = old.total
    else:
        said["quantity"] = _on_grid(quantity, instrument.lot, f"The quantity {quantity} of {old.symbol}")
    wire = replace(old.wire, **said)
    if wire == old.wire.of(old.total):
        raise OrderError(f"Order {old.cid} already is what it would be replaced by.", hint="Name what shall change.")
    return wire


def market_life(offer: Offer) -> TimeInForce:
    """How long an order at the market is asked to live, by what the venue takes."""
    lives = (TimeInForce.DAY, TimeInForce.GTC, TimeInForce.IOC)
    return next((each for each in lives if offer.support(each) is Support.YES), TimeInForce.DAY)


def _price(value: float | None, instrument: Instrument) -> Decimal | None:
    if value is None:
        return None
    return _on_grid(value, instrument.tick, f"The price {value} of {instrument.symbol}")


def _on_grid(value: float, step: float, what: str) -> Decimal:
    number, grid = _decimal(value), _decimal(step)
    if number % grid:
        # Said, not left to the process: libraries of exchanges change how its decimals round.
        near = (number / grid).quantize(Decimal(1), ROUND_HALF_EVEN) * grid
        raise OrderError(f"{what} is no multiple of {grid.normalize():f}.", hint=f"The nearest is {near:f}.")
    return number


def _decimal(value: float) -> Decimal:
    number = Decimal(repr(float(value)))
    whole = number.to_integral_value()
    return whole if whole == number else number


def refused(request: WireOrder, reason: str, at_ns: int) -> OrderResponse:
    """The answer for an order that never became one."""
    return OrderResponse(
        id="", status=OrderStatus.REJECTED, reason=reason, submitted_ns=at_ns, quantity=float(request.quantity),
        **_form(request),
    )  # fmt: skip


def response_of(order: LiveOrder, average_price: float | None) -> OrderResponse:
    """An order of ours as it stands."""
    status = _STATUSES[order.state]
    if status is OrderStatus.SUBMITTED and order.filled:
        status = OrderStatus.PARTIALLY_FILLED
    return OrderResponse(
        id=order.cid,
        status=status,
        quantity=float(order.wire.quantity),
        filled_quantity=float(order.filled),
        average_fill_price=average_price,
        reason="replaced" if order.state is Lifecycle.REPLACED else order.reason,
        submitted_ns=order.decided_at,
        broker_metadata={} if order.vid is None else {"order_id": order.vid},
        **_form(order.wire),
    )


def _form(wire: WireOrder) -> dict[str, Any]:
    return {
        "symbol": wire.symbol,
        "side": wire.side,
        "order_type": wire.order_type,
        "limit_price": None if wire.limit_price is None else float(wire.limit_price),
        "stop_price": None if wire.stop_price is None else float(wire.stop_price),
        "time_in_force": wire.time_in_force,
        "client_order_id": wire.label,
    }


def of_stranger(order: Foreign) -> OrderResponse:
    """An open order that somebody else placed."""
    return OrderResponse(
        id=order.vid, symbol=order.symbol, side=order.side, quantity=float(order.quantity),
        status=OrderStatus.SUBMITTED, is_ours=False, broker_metadata={"order_id": order.vid},
    )  # fmt: skip


def position_of(
    symbol: str, units: Decimal, cost: tuple[Decimal, Decimal, Decimal], last: float, multiplier: float
) -> Position:
    """What is held, with what the fills of the journal paid for it; NaN where they did not make all of it.

    Parameters
    ----------
    symbol : str
    units : Decimal
        Signed, as the venue says.
    cost : tuple of Decimal
        Units that our fills made, their average price, and what closing has earned per unit value.
    last, multiplier : float
    """
    ours, average, realised = cost
    is_ours = ours == units
    paid = float(average) if is_ours else math.nan
    quantity = float(units)
    return Position(
        symbol=symbol,
        quantity=quantity,
        average_price=paid,
        market_price=last,
        market_value=quantity * last * multiplier,
        unrealized_pnl=quantity * (last - paid) * multiplier,
        realized_pnl=float(realised) * multiplier if is_ours else math.nan,
    )
