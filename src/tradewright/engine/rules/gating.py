"""What the gate is told of an order, and what follows when a limit trips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.risk.rules.guard import DRAWDOWN_HALT, trade_risk
from tradewright.simulation.rules.constants import CANCELLED, LIMIT_HALT, LIMIT_PAUSE, OUTSIDE
from tradewright.simulation.rules.costs import estimated_cost
from tradewright.simulation.rules.log import log_event
from tradewright.simulation.rules.orders import closing_part, end_order, sweep
from tradewright.simulation.rules.sizing import target_units
from tradewright.simulation.rules.wake import watch

if TYPE_CHECKING:
    from tradewright.simulation.state import Book, Exchange, OrderSlot


def entry_price(order: OrderSlot, close: float) -> float:
    """The price an order is expected to open at: its own, or the last close."""
    if order.limit == order.limit:
        return order.limit
    return order.stop if order.stop == order.stop else close


def opening_units(exchange: Exchange, book: Book, order: OrderSlot, equity: float, price: float) -> float:
    """Units an order would open: what does not close something held."""
    if order.reduce_only == 1:
        return 0.0
    quantity = order.quantity
    if order.weight == order.weight:
        wanted = target_units(exchange, book, order.weight, equity, price) - book.position
        order.side = 1 if wanted >= 0.0 else -1
        quantity = abs(wanted)
    return quantity - closing_part(book, order.side, quantity)


def money_at_risk(  # noqa: PLR0913, PLR0917 - an order, its two prices, and how far the market moves
    exchange: Exchange, book: Book, order: OrderSlot, opening: float, price: float, stop: float, twice_atr: float
) -> float:
    """Money lost if what an order opens is stopped out, costs included."""
    risked = trade_risk(opening, price, stop, twice_atr, book.multiplier * book.fx)
    return risked + estimated_cost(exchange, book, opening, price, order.side)


def units_bound(book: Book) -> float:
    """Units held and those that working orders may still open."""
    if book.position == 0.0 and book.n_open == 0:
        return 0.0
    return abs(book.position) + pending_opening(book)


def pending_opening(book: Book) -> float:
    """Units that working orders of a book may still open; legs and other reducing orders open nothing."""
    units = 0.0
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        if order.open == 1 and order.reduce_only == 0:
            leaves = order.quantity - order.filled
            units = units + (leaves - closing_part(book, order.side, leaves))
        slot = order.next
    return units


def log_tripped(exchange: Exchange, book: Book, tripped: int) -> None:
    """Log that a limit tripped; any book may carry the row."""
    kind = LIMIT_HALT if tripped == DRAWDOWN_HALT else LIMIT_PAUSE
    log_event(exchange, book, kind, 0, OUTSIDE, 0.0, 0.0, 0.0, 0.0, 0.0, tripped)


def end_entries(exchange: Exchange, book: Book, reason: int) -> None:
    """No new exposure: working orders that would open something end, exits stay.

    An exit that is larger than the position would otherwise open the other side with the rest.
    """
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        slot = order.next
        if order.open == 1 and order.reduce_only == 0:
            if order.side * book.position >= 0.0:
                end_order(exchange, book, order, CANCELLED, reason)
            else:
                order.reduce_only = 1
    sweep(book)
    watch(book)
