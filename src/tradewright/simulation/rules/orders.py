"""Orders in a book: claim a slot, place, end, and keep the pairs and brackets consistent.

Open orders of a book form a list in order of their numbers. Ended orders stay linked, marked closed, until `sweep`, so
that a list may be walked while its orders end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .constants import (
    BUY,
    CANCELLED,
    ENTRY_ENDED,
    EXPIRED,
    LIMIT,
    MARKET,
    NAN,
    NOTHING_TO_PROTECT,
    ON_CLOSE,
    OUTSIDE,
    PLAIN,
    SELL,
    SIBLING_FILLED,
    STOP,
    STOP_LOSS,
    ZERO_QUANTITY,
)
from .costs import estimated_cost
from .grid import whole_lots
from .log import log_event
from .slots import grow_slots

if TYPE_CHECKING:
    from ..state import Book, Exchange, OrderSlot


def new_order(exchange: Exchange, book: Book, kind: int, side: int, quantity: float) -> int:
    """Claim a slot and number it; the caller sets what else the order carries, then calls `place`."""
    if book.free < 0:
        grow_slots(book)
    slot = book.free
    order = book.orders[slot]
    book.free = order.next
    order.id = exchange.next_id
    exchange.next_id = exchange.next_id + 1
    order.open = 1
    order.kind = kind
    order.side = side
    order.quantity = quantity
    order.filled = 0.0
    order.role = PLAIN
    order.tif = 0
    order.limit = NAN
    order.stop = NAN
    order.trail = NAN
    order.trail_fraction = NAN
    order.display = 0.0
    order.weight = NAN
    order.triggered = 0
    order.trigger_time = -1
    order.inside_time = -1
    order.tried_time = -1
    order.reduce_only = 0
    order.clip = 0
    order.cut = 0
    order.reserved = 0.0
    order.fees = 0.0
    order.rated = 0.0
    order.entry = -1
    order.sibling = -1
    order.stop_leg = -1
    order.target_leg = -1
    return slot


def place(exchange: Exchange, book: Book, order: OrderSlot) -> None:
    """Link the order behind the older ones and hold back what it may have to pay."""
    order.previous = book.tail
    order.next = -1
    if book.tail >= 0:
        book.orders[book.tail].next = order.slot
    else:
        book.head = order.slot
    book.tail = order.slot
    book.n_open = book.n_open + 1
    if order.kind != MARKET and order.kind != ON_CLOSE and order.role == PLAIN:
        reserve(exchange, book, order)


def discard(exchange: Exchange, book: Book, order: OrderSlot, kind: int, reason: int) -> None:
    """End an order that was never placed: log why, give its slot back."""
    order.open = 0
    log_event(exchange, book, kind, order.id, OUTSIDE, order.quantity, 0.0, 0.0, 0.0, 0.0, reason)
    order.next = book.free
    book.free = order.slot


def reserve(exchange: Exchange, book: Book, order: OrderSlot) -> None:
    """Hold back the cash or margin of what a resting order would open at its own price.

    Where shorts are off a sell can only close, so it holds nothing back.
    """
    if exchange.shorts == 0 and order.side < 0 and book.margined == 0.0:
        return
    price = order.limit if order.limit == order.limit else order.stop
    opening = order.quantity - closing_part(book, order.side, order.quantity)
    if opening <= 0.0 or order.weight == order.weight:
        return
    order.reserved = opening_need(book, opening, price) + estimated_cost(exchange, book, opening, price, order.side)
    exchange.reserved = exchange.reserved + order.reserved


def closing_part(book: Book, side: int, quantity: float) -> float:
    """How much of a quantity closes what is held."""
    held = -book.position * side
    if held <= 0.0:
        return 0.0
    return quantity if quantity < held else held


def opening_need(book: Book, quantity: float, price: float) -> float:
    """Cash or margin that an opening quantity binds."""
    if book.margined > 0.0:
        return quantity * book.margin * book.fx
    return quantity * price * book.multiplier * book.fx * book.initial_rate


def attach_leg(exchange: Exchange, book: Book, entry: OrderSlot, role: int, price: float) -> None:
    """Give an entry a protective leg; it sleeps with quantity 0 until the entry fills."""
    kind = STOP if role == STOP_LOSS else LIMIT
    leg = book.orders[new_order(exchange, book, kind, SELL if entry.side == BUY else BUY, 0.0)]
    leg.role = role
    leg.reduce_only = 1
    leg.entry = entry.slot
    leg.active_time = entry.active_time
    if role == STOP_LOSS:
        leg.stop = price
        entry.stop_leg = leg.slot
    else:
        leg.limit = price
        entry.target_leg = leg.slot
    if entry.stop_leg >= 0 and entry.target_leg >= 0:
        book.orders[entry.stop_leg].sibling = entry.target_leg
        book.orders[entry.target_leg].sibling = entry.stop_leg
    place(exchange, book, leg)


def end_order(exchange: Exchange, book: Book, order: OrderSlot, kind: int, reason: int) -> None:
    """End an order without a fill, say why, and end what cannot live without it."""
    if order.open == 0:
        return
    end_alone(exchange, book, order, kind, reason)
    if order.stop_leg >= 0 or order.target_leg >= 0:
        end_idle_legs(exchange, book, order)


def end_alone(exchange: Exchange, book: Book, order: OrderSlot, kind: int, reason: int) -> None:
    """End one order and say why; its relatives stay as they are."""
    close_order(exchange, order)
    log_event(exchange, book, kind, order.id, OUTSIDE, order.quantity - order.filled, 0.0, 0.0, 0.0, 0.0, reason)


def close_order(exchange: Exchange, order: OrderSlot) -> None:
    """Mark an order ended and give back what it held."""
    order.open = 0
    exchange.reserved = exchange.reserved - order.reserved
    order.reserved = 0.0


def end_idle_legs(exchange: Exchange, book: Book, entry: OrderSlot) -> None:
    """End the legs that have nothing to protect once their entry has ended. A leg has no legs of its own."""
    if entry.stop_leg >= 0:
        end_idle_leg(exchange, book, book.orders[entry.stop_leg])
    if entry.target_leg >= 0:
        end_idle_leg(exchange, book, book.orders[entry.target_leg])


def end_idle_leg(exchange: Exchange, book: Book, leg: OrderSlot) -> None:
    """End one leg that has nothing to protect."""
    if leg.open == 1 and leg.quantity <= leg.filled:
        end_alone(exchange, book, leg, CANCELLED, ENTRY_ENDED)


def after_fill(exchange: Exchange, book: Book, order: OrderSlot, before: float, quantity: float) -> None:
    """Keep the relatives of an order right after it filled: legs grow, siblings shrink, entries end.

    `before` is the position the fill met, `quantity` what it traded.
    """
    if order.stop_leg >= 0 or order.target_leg >= 0:
        held = -before * order.side
        opened = quantity if held <= 0.0 else quantity - held
        if opened > 0.0:
            grow_legs(book, order, opened)
        if order.open == 0:
            end_idle_legs(exchange, book, order)
    if order.sibling >= 0:
        shrink_sibling(exchange, book, order, quantity)
    if order.entry >= 0 and order.open == 0:
        end_order(exchange, book, book.orders[order.entry], CANCELLED, SIBLING_FILLED)
    if before != 0.0 and before * book.position <= 0.0 and book.n_open > 1:
        end_stranded_legs(exchange, book, order)


def grow_legs(book: Book, entry: OrderSlot, opened: float) -> None:
    """Let the legs protect what their entry has just opened."""
    if entry.stop_leg >= 0 and book.orders[entry.stop_leg].open == 1:
        leg = book.orders[entry.stop_leg]
        leg.quantity = leg.quantity + opened
    if entry.target_leg >= 0 and book.orders[entry.target_leg].open == 1:
        leg = book.orders[entry.target_leg]
        leg.quantity = leg.quantity + opened


def shrink_sibling(exchange: Exchange, book: Book, order: OrderSlot, quantity: float) -> None:
    """One of a pair filled: the other has that much less to do, and ends with it."""
    sibling = book.orders[order.sibling]
    if sibling.open == 0:
        return
    if order.open == 1 and sibling.quantity - sibling.filled > quantity:
        sibling.quantity = sibling.quantity - quantity
    else:
        end_order(exchange, book, sibling, CANCELLED, SIBLING_FILLED)


def end_stranded_legs(exchange: Exchange, book: Book, cause: OrderSlot) -> None:
    """End the live legs whose position is gone; the legs of the order that just filled, and sleeping ones, stay.

    Where the entry still works a leg goes back to sleep instead: what the entry has yet to fill must be protected.
    """
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        own = slot == cause.stop_leg or slot == cause.target_leg
        slot = order.next
        if order.open == 1 and order.reduce_only == 1 and order.quantity > 0.0 and not own:
            if order.side * book.position >= 0.0:
                if order.entry >= 0 and book.orders[order.entry].open == 1:
                    order.quantity = order.filled
                    order.triggered = 0
                else:
                    end_order(exchange, book, order, CANCELLED, NOTHING_TO_PROTECT)


def pair(first: OrderSlot, second: OrderSlot) -> None:
    """Make two orders of a book cancel each other: one fills, the other ends."""
    first.sibling = second.slot
    second.sibling = first.slot


def split_orders(exchange: Exchange, book: Book, ratio: float) -> None:
    """Restate every working order in the units and prices after a split; what is left under one lot ends."""
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        slot = order.next
        left = (order.quantity - order.filled) * ratio
        order.filled = order.filled * ratio
        order.quantity = order.filled + whole_lots(left, book.lot)
        if left > 0.0 and order.quantity == order.filled:
            end_order(exchange, book, order, CANCELLED, ZERO_QUANTITY)
        if order.display > 0.0:
            order.display = shown_after(order.display * ratio, book.lot)
        order.limit = order.limit / ratio
        order.stop = order.stop / ratio
        order.trail = order.trail / ratio
    sweep(book)


def shown_after(display: float, lot: float) -> float:
    """The slice that an iceberg order shows after a split: whole lots, and one at least."""
    whole = whole_lots(display, lot)
    return whole if whole > 0.0 else lot


def expire_orders(exchange: Exchange, book: Book, tif: int, until: int, reason: int) -> None:
    """End every working order of a time in force that could already have filled by `until`."""
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        slot = order.next
        if order.open == 1 and order.tif == tif and order.active_time < until:
            end_order(exchange, book, order, EXPIRED, reason)


def sweep(book: Book) -> None:
    """Unlink the ended orders and give their slots back."""
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        following = order.next
        if order.open == 0:
            unlink(book, order)
        slot = following


def unlink(book: Book, order: OrderSlot) -> None:
    """Take one order out of the list; its slot becomes free and nothing points to it any more."""
    if order.previous >= 0:
        book.orders[order.previous].next = order.next
    else:
        book.head = order.next
    if order.next >= 0:
        book.orders[order.next].previous = order.previous
    else:
        book.tail = order.previous
    if order.sibling >= 0 or order.entry >= 0 or order.stop_leg >= 0 or order.target_leg >= 0:
        forget(book, order)
    order.next = book.free
    book.free = order.slot
    book.n_open = book.n_open - 1


def forget(book: Book, order: OrderSlot) -> None:
    """Cut the ties of an ended order, so that a reused slot is never taken for it."""
    if order.sibling >= 0:
        book.orders[order.sibling].sibling = -1
    if order.stop_leg >= 0:
        book.orders[order.stop_leg].entry = -1
    if order.target_leg >= 0:
        book.orders[order.target_leg].entry = -1
    if order.entry >= 0:
        entry = book.orders[order.entry]
        if entry.stop_leg == order.slot:
            entry.stop_leg = -1
        if entry.target_leg == order.slot:
            entry.target_leg = -1
