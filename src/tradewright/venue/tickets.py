"""From what a client asks for to the tickets that the order desk of the engine takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.grid import lots_of
from tradewright.domain.order import OrderType
from tradewright.strategy.desk import Ticket

from .asks import Changes, OrderClass
from .refusals import Refusal, Why

if TYPE_CHECKING:
    from tradewright.engine.board import Board
    from tradewright.simulation.state import Book

    from .asks import OrderAsk
    from .placed import PlacedOrder

__all__ = ["changes_of", "stop_of_pair", "ticket_of", "units_of"]


def units_of(ask: OrderAsk, board: Board, book: Book) -> float:
    """Whole lots that an ask is for.

    Raises
    ------
    Refusal
        When they are not a whole number of lots, or a sum of money cannot be turned into units.
    """
    price = board.close(book)
    if price != price:  # noqa: PLR0124 - NaN
        raise Refusal(Why.INVALID, f"{ask.symbol} has not traded yet")
    if ask.quantity is None:
        return _units_for(ask.notional or 0.0, price, book)
    if ask.quantity != lots_of(ask.quantity, book.lot):
        raise Refusal(Why.FORBIDDEN, f'asset "{ask.symbol}" is not fractionable')
    return ask.quantity


def _units_for(notional: float, price: float, book: Book) -> float:
    if book.lot >= 1.0:
        raise Refusal(Why.FORBIDDEN, "notional orders need an asset that is fractionable")
    units = lots_of(notional / (price * book.multiplier * book.fx), book.lot)
    if units <= 0.0:
        raise Refusal(Why.INVALID, f"notional of {notional} buys less than one lot")
    return units


def ticket_of(ask: OrderAsk, quantity: float) -> Ticket:
    """The ticket of an order with its protective legs; of an OCO the ticket of its limit order."""
    ticket = Ticket(ask.side, quantity)
    ticket.time_in_force, ticket.expires_ns = ask.time_in_force, ask.expires_ns
    if ask.order_class is OrderClass.OCO:
        ticket.order_type, ticket.limit_price = OrderType.LIMIT, ask.take_profit
        return ticket
    ticket.order_type = ask.order_type
    ticket.limit_price, ticket.stop_price = ask.limit_price, ask.stop_price
    ticket.trail_amount, ticket.trail_percent = ask.trail_amount, ask.trail_percent
    ticket.stop_loss, ticket.take_profit = ask.stop_loss, ask.take_profit
    ticket.display_quantity = ask.display_quantity
    return ticket


def stop_of_pair(ask: OrderAsk, quantity: float) -> Ticket:
    """The ticket of the stop of an OCO."""
    ticket = Ticket(ask.side, quantity)
    ticket.time_in_force = ask.time_in_force
    ticket.stop_price, ticket.limit_price = ask.stop_loss, ask.stop_loss_limit
    ticket.order_type = OrderType.STOP if ask.stop_loss_limit is None else OrderType.STOP_LIMIT
    return ticket


def changes_of(changes: Changes, order: PlacedOrder, *, gross: bool) -> dict[str, Any]:
    """What the order desk has to change; a quantity is the new total, fills of before included.

    Raises
    ------
    Refusal
        When there is nothing to change, or the order does not have what should change.
    """
    if changes == Changes():
        raise Refusal(Why.BAD_FIELD, "order parameters are not changed")
    if changes.order_type is None:
        found = _prices_of(changes, order)
    else:
        found = {name: getattr(changes, name) for name in ("order_type", "limit_price", "stop_price")}
    if changes.quantity is not None:
        found["quantity"] = changes.quantity + (order.filled if gross else 0.0)
    if changes.time_in_force is not None:
        found["time_in_force"] = changes.time_in_force
    return found


def _prices_of(changes: Changes, order: PlacedOrder) -> dict[str, Any]:
    trail = "trail_percent" if order.trail_percent is not None else "trail_amount"
    asked = {"limit_price": changes.limit_price, "stop_price": changes.stop_price, trail: changes.trail}
    found = {name: value for name, value in asked.items() if value is not None}
    for name in found:
        is_level = name == "stop_price" and order.order_type is OrderType.TRAILING_STOP
        if getattr(order, name) is None or is_level:
            raise Refusal(Why.INVALID, f"a {order.order_type} order has no {name}")
    return found
