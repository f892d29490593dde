"""From what a strategy asks for to a working order: sized and rounded, claimed, admitted or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .constants import BUY, MARKET, REJECTED, SELL, STOP_LOSS, ZERO_QUANTITY
from .log import log_order
from .orders import attach_leg, discard, new_order, place
from .wake import narrow

if TYPE_CHECKING:
    from ..state import Book, Exchange, OrderSlot


def claim(exchange: Exchange, book: Book, side: int, quantity: float, active_time: int) -> int:
    """Slot of a fresh market order, numbered, not logged and not placed yet."""
    slot = new_order(exchange, book, MARKET, side, quantity)
    book.orders[slot].active_time = active_time
    return slot


def admit(exchange: Exchange, book: Book, order: OrderSlot) -> None:
    """Let an order into its book."""
    place(exchange, book, order)
    narrow(book, order)


def admit_leg(exchange: Exchange, book: Book, entry: OrderSlot, role: int, price: float) -> None:
    """Let a protective leg into the book beside its entry, and keep it as it was placed."""
    attach_leg(exchange, book, entry, role, price)
    slot = entry.stop_leg if role == STOP_LOSS else entry.target_leg
    log_order(exchange, book, book.orders[slot], entry.id)


def send_ungated(exchange: Exchange, book: Book, order: OrderSlot) -> int:
    """Log a dressed order and let it in where no limit is on; its number, or 0 where it was for nothing."""
    log_order(exchange, book, order, 0)
    if order.quantity <= 0.0 and order.weight != order.weight:
        discard(exchange, book, order, REJECTED, ZERO_QUANTITY)
        return 0
    admit(exchange, book, order)
    return order.id


def change_to(book: Book, units: float) -> float:
    """Signed units to trade so that the position becomes `units`, market orders on their way counted as done.

    0 where less than half a lot is missing.
    """
    change = units - book.position - (pending_units(book) if book.n_open > 0 else 0.0)
    return 0.0 if abs(change) < book.lot * 0.5 else change


def pending_units(book: Book) -> float:
    """Signed units of the market orders on their way."""
    units = 0.0
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        if order.open == 1 and order.kind == MARKET:
            units = units + order.side * (order.quantity - order.filled)
        slot = order.next
    return units


def side_of(change: float) -> int:
    """The side that a signed change trades on."""
    return BUY if change > 0.0 else SELL
