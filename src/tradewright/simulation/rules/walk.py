"""The other reading of a bar: a walk from the open over the nearer extreme and the farther one to the close.

A stated assumption about the path, for comparison with engines that make it; the default is the pessimistic reading of
`matching`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .constants import AT_LIMIT, AT_STOP, BUY, GTD, INF, LIMIT, NAN, ON_CLOSE, STOP_LIMIT
from .filling import take
from .prices import limit_at_open

if TYPE_CHECKING:
    from ..state import Book, Exchange, OrderSlot


def walk_bar(exchange: Exchange, book: Book) -> None:
    """Walk the four prices of the bar; at equal distances the low comes first."""
    if book.high - book.open < book.open - book.low:
        walk_leg(exchange, book, book.open, book.high)
        walk_leg(exchange, book, book.high, book.low)
        walk_leg(exchange, book, book.low, book.close)
    else:
        walk_leg(exchange, book, book.open, book.low)
        walk_leg(exchange, book, book.low, book.high)
        walk_leg(exchange, book, book.high, book.close)


def walk_leg(exchange: Exchange, book: Book, start: float, end: float) -> None:
    """Fill what lies between two prices in the order in which the market meets it."""
    price = start
    slot = next_met(exchange, book, price, end)
    while slot >= 0:
        order = book.orders[slot]
        price = met_price(order, price, end, exchange.touch)
        meet(exchange, book, order, price)
        slot = next_met(exchange, book, price, end)


def meet(exchange: Exchange, book: Book, order: OrderSlot, price: float) -> None:
    """The market stands at an order's price: trigger it, fill it, and do not try it again in this bar if it stays."""
    if is_limit(order):
        take(exchange, book, order, price, AT_LIMIT)
        order.tried_time = book.close_time
        return
    order.triggered = 1
    if order.kind != STOP_LIMIT or limit_at_open(order.side, order.limit, price) == price:
        take(exchange, book, order, price, AT_STOP)
        order.tried_time = book.close_time


def next_met(exchange: Exchange, book: Book, price: float, end: float) -> int:
    """Slot of the order the market meets first, the older one where two wait at the same price; -1 for none."""
    nearest = INF
    found = -1
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        if may_meet(book, order):
            met = met_price(order, price, end, exchange.touch)
            if met == met and abs(met - price) < nearest:
                nearest = abs(met - price)
                found = slot
        slot = order.next
    return found


def may_meet(book: Book, order: OrderSlot) -> bool:
    """Whether an order can fill on this walk: working, reached the venue, not tried yet, not for the close."""
    if order.open == 0 or order.quantity <= order.filled or order.active_time > book.open_time:
        return False
    if order.kind == ON_CLOSE or order.tried_time == book.close_time:
        return False
    if order.tif == GTD and order.expires < book.close_time:
        return False
    return is_limit(order) or order.triggered == 0


def is_limit(order: OrderSlot) -> bool:
    """Whether the order now acts as a limit order."""
    return order.kind == LIMIT or (order.kind == STOP_LIMIT and order.triggered == 1)


def met_price(order: OrderSlot, price: float, end: float, touch: int) -> float:
    """Where on the way from one price to another the market meets the order; NaN where it does not."""
    acts_as_limit = is_limit(order)
    level = order.limit if acts_as_limit else order.stop
    # A buy limit and a sell stop wait below the market, a sell limit and a buy stop above it.
    below = 1.0 if (order.side == BUY) == acts_as_limit else -1.0
    touch_is_enough = touch == 1 or not acts_as_limit
    if passes(below * (level - price), touch_is_enough):
        return price
    return level if passes(below * (level - end), touch_is_enough) else NAN


def passes(beyond: float, touch_is_enough: bool) -> bool:
    """Whether a market that stands so far beyond a level, 0 at it, has reached it."""
    return beyond > 0.0 or (beyond == 0.0 and touch_is_enough)
