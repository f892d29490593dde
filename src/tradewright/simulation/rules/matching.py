"""Working a bar: which orders it fills, at what price, in which order.

Phases make the pessimistic reading fall out without special cases: (0) everything that fills at the open, over all
books in order of order number; then per book (1) stops inside the bar, (2) limits inside the bar, (3) legs born inside
the bar, (4) orders for the close.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .constants import (
    AT_CLOSE,
    AT_LIMIT,
    AT_OPEN,
    AT_STOP,
    BORN,
    BUY,
    CANCELLED,
    EXPIRED,
    FOK,
    GTD,
    HAS_CLOCK,
    HAS_CLOSE,
    HAS_LIMIT,
    HAS_REST,
    HAS_STOP,
    HAS_TRAIL,
    INF,
    IOC,
    LIMIT,
    MARKET,
    NAN,
    NOT_FILLED_AT_OPEN,
    OHLC,
    ON_CLOSE,
    SELL,
    STOP,
    STOP_LIMIT,
    TIME_IN_FORCE,
    TRAILING,
)
from .filling import take
from .orders import end_order, sweep
from .prices import limit_at_open, limit_inside, never_through, stop_at_open, stop_inside
from .wake import watch
from .walk import walk_bar

if TYPE_CHECKING:
    from ..state import Book, Exchange, OrderSlot


def begin_bar(exchange: Exchange, book: Book) -> None:
    """Prepare a book for the bar its fields show: how much may trade, and whether anything traded at all."""
    book.filled_inside = 0
    if book.volume_known == 0:
        book.room = INF
        book.tradable = 1
    else:
        book.room = exchange.participation * book.volume if book.volume > 0.0 else 0.0
        book.tradable = 1 if book.volume > 0.0 else 0


def fill_at_open(exchange: Exchange, book: Book, order: OrderSlot) -> None:
    """Phase 0 for one order: fill it at the open if it can, then end it if it lives for the open alone."""
    if order.open == 0 or order.active_time > book.open_time:
        return
    if order.tif == GTD and order.expires <= book.open_time:
        end_order(exchange, book, order, EXPIRED, TIME_IN_FORCE)
        return
    if book.tradable == 1 and (order.quantity > order.filled or order.weight == order.weight):
        price = price_at_open(book, order)
        if price == price:
            take(exchange, book, order, price, AT_OPEN)
    if order.tif >= IOC and order.tif <= FOK and order.open == 1:
        end_order(exchange, book, order, CANCELLED, NOT_FILLED_AT_OPEN)


def price_at_open(book: Book, order: OrderSlot) -> float:
    """The price at which an order fills at the open, NaN if it does not; a stop that is reached is triggered."""
    if order.kind == MARKET:
        return book.open
    if order.kind == LIMIT:
        return limit_at_open(order.side, order.limit, book.open)
    if order.kind == ON_CLOSE:
        return NAN
    if order.triggered == 0:
        if stop_at_open(order.side, order.stop, book.open) != book.open:
            return NAN
        order.triggered = 1
    if order.kind == STOP_LIMIT:
        return limit_at_open(order.side, order.limit, book.open)
    return book.open


def work_inside(exchange: Exchange, book: Book) -> None:
    """Phases 1 to 4 for one book, then let trailing levels follow the bar and set the band for the next one."""
    left = work_left(book)
    if left > 0:
        if book.tradable == 1:
            work_phases(exchange, book, left)
        if left & HAS_CLOCK:
            expire_timed(exchange, book)
    sweep(book)
    watch(book)


def work_left(book: Book) -> int:
    """What kinds of orders are left after the open, as a sum of `HAS_…`; a filled market order leaves none."""
    left = 0
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        slot = order.next
        if order.open == 1:
            left = left | kind_of_work(order)
    return left


def kind_of_work(order: OrderSlot) -> int:
    """The phases that an order needs."""
    clock = HAS_CLOCK if order.tif == GTD else 0
    if order.kind == LIMIT:
        return HAS_LIMIT | clock
    if order.kind == STOP:
        return HAS_STOP | clock
    if order.kind == TRAILING:
        return HAS_STOP | HAS_TRAIL | clock
    if order.kind == STOP_LIMIT:
        return HAS_STOP | HAS_LIMIT | clock
    return HAS_CLOSE | clock if order.kind == ON_CLOSE else HAS_REST | clock


def work_phases(exchange: Exchange, book: Book, left: int) -> None:
    """The phases inside a bar that the orders left in the book need."""
    if exchange.intrabar == OHLC:
        walk_bar(exchange, book)
    else:
        if left & HAS_STOP:
            work_stops(exchange, book)
        if left & HAS_LIMIT:
            work_limits(exchange, book)
        if book.filled_inside == 1:
            work_born_legs(exchange, book)
    if left & HAS_CLOSE:
        work_on_close(exchange, book)
    if left & HAS_TRAIL:
        trail_levels(book)


def acts_inside(book: Book, order: OrderSlot) -> bool:
    """Whether an order may fill inside this bar: working, and at the venue when the bar opened.

    A GTD order that ends before the close may have ended before its price came: it does not fill.
    """
    if order.open == 0 or order.active_time > book.open_time:
        return False
    if order.quantity <= order.filled and order.weight != order.weight:
        return False
    return order.tif != GTD or order.expires >= book.close_time


def work_stops(exchange: Exchange, book: Book) -> None:
    """Phase 1: stops before limits; the path inside the bar is not known and this is the worse reading."""
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        slot = order.next
        if order.kind >= STOP and order.kind <= TRAILING and order.triggered == 0:
            if acts_inside(book, order) and (book.filled_inside == 0 or not born_inside(book, order)):
                work_stop(exchange, book, order)


def work_stop(exchange: Exchange, book: Book, order: OrderSlot) -> None:
    """One stop inside the bar."""
    price = stop_inside(order.side, order.stop, book.low, book.high)
    if price != price:
        return
    order.triggered = 1
    order.trigger_time = book.close_time
    if order.kind == STOP_LIMIT:
        price = limit_after_trigger(book, order, price)
    if price == price:
        take(exchange, book, order, price, AT_STOP)


def limit_after_trigger(book: Book, order: OrderSlot, trigger: float) -> float:
    """Price of a stop-limit in the bar that triggers it.

    At the trigger the market stands at the trigger price. Beyond that only the close is certain to come later.
    """
    if limit_at_open(order.side, order.limit, trigger) == trigger:
        return trigger
    if order.side == BUY:
        return order.limit if book.close < order.limit else NAN
    return order.limit if book.close > order.limit else NAN


def work_limits(exchange: Exchange, book: Book) -> None:
    """Phase 2: limits, among them the targets of entries that filled at the open and stop-limits of earlier bars."""
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        slot = order.next
        if order.kind == LIMIT or order.kind == STOP_LIMIT:
            if acts_inside(book, order) and (book.filled_inside == 0 or not born_inside(book, order)):
                work_limit(exchange, book, order)


def work_limit(exchange: Exchange, book: Book, order: OrderSlot) -> None:
    """One limit inside the bar."""
    if order.kind == STOP_LIMIT and triggered_inside(book, order):
        return
    price = limit_inside(order.side, order.limit, book.low, book.high, exchange.touch)
    if price == price:
        take(exchange, book, order, price, AT_LIMIT)


def triggered_inside(book: Book, order: OrderSlot) -> bool:
    """Whether a stop-limit is untriggered, or was triggered inside this very bar and has had its chance."""
    return order.triggered == 0 or order.trigger_time == book.close_time


def born_inside(book: Book, order: OrderSlot) -> bool:
    """Whether a leg protects something that was bought inside this bar."""
    return order.entry >= 0 and book.orders[order.entry].inside_time == book.close_time


def work_born_legs(exchange: Exchange, book: Book) -> None:
    """Phase 3: legs born inside the bar.

    What came before the entry and what after is not known. The stop is assumed hit if the bar reaches it at all, the
    target only if the close, which certainly came later, lies beyond it, and never before its stop.
    """
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        slot = order.next
        if order.reduce_only == 1 and born_inside(book, order) and acts_inside(book, order):
            if order.kind == LIMIT and order.sibling >= 0:
                work_born_leg(exchange, book, book.orders[order.sibling])
            if order.open == 1:
                work_born_leg(exchange, book, order)


def work_born_leg(exchange: Exchange, book: Book, order: OrderSlot) -> None:
    """One leg born inside the bar; one that was already beyond its level when it was born fills where its entry did."""
    entered = entry_level(book, book.orders[order.entry])
    if order.kind == STOP:
        price = stop_inside(order.side, order.stop, book.low, book.high)
        if price == price:
            order.triggered = 1
            price = never_through(-order.side, price, entered)
    else:
        price = limit_inside(order.side, order.limit, book.close, book.close, exchange.touch)
        price = never_through(order.side, price, entered)
    if price == price:
        take(exchange, book, order, price, BORN)


def entry_level(book: Book, entry: OrderSlot) -> float:
    """The price at which an entry filled inside this bar."""
    if entry.kind == STOP_LIMIT and entry.trigger_time == book.close_time:
        return never_through(entry.side, entry.stop, entry.limit)
    return entry.limit if entry.kind == LIMIT or entry.kind == STOP_LIMIT else entry.stop


def work_on_close(exchange: Exchange, book: Book) -> None:
    """Phase 4: orders for the close, in order of order number."""
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        slot = order.next
        if order.kind == ON_CLOSE and acts_inside(book, order):
            take(exchange, book, order, book.close, AT_CLOSE)


def trail_levels(book: Book) -> None:
    """Move trailing stops with this bar's extreme; it counts from the next bar on."""
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        slot = order.next
        if order.kind == TRAILING and order.triggered == 0 and order.open == 1 and order.active_time <= book.open_time:
            trail(book, order)


def trail(book: Book, order: OrderSlot) -> None:
    """Let one trailing level follow: up under a long position, down over a short one, never back."""
    extreme = book.high if order.side == SELL else book.low
    distance = extreme * order.trail_fraction if order.trail_fraction == order.trail_fraction else order.trail
    level = extreme + order.side * distance
    if order.side * (level - order.stop) < 0.0:
        order.stop = level


def expire_timed(exchange: Exchange, book: Book) -> None:
    """End the orders whose time came inside this bar."""
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        slot = order.next
        if order.open == 1 and order.tif == GTD and order.expires <= book.close_time:
            end_order(exchange, book, order, EXPIRED, TIME_IN_FORCE)


def work_alone(exchange: Exchange, book: Book) -> None:
    """All phases of one bar for a book whose orders meet no other book's at the open."""
    begin_bar(exchange, book)
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        slot = order.next
        fill_at_open(exchange, book, order)
    work_inside(exchange, book)
