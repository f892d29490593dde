"""The sleep band: between which prices a book's orders cannot do anything, so that the bar need not be worked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .constants import INF, IOC, LIMIT, MARKET, SELL, STOP_LIMIT, TRAILING

if TYPE_CHECKING:
    from ..state import Book, OrderSlot


def watch(book: Book) -> None:
    """Set the band from all open orders: a bar whose high and low stay strictly inside cannot touch any of them."""
    book.wake_above = INF
    book.wake_below = -INF
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        slot = order.next
        if order.open == 1:
            narrow(book, order)


def narrow(book: Book, order: OrderSlot) -> None:
    """Bring the band in to where this order could act."""
    if order.kind == MARKET or acts_on_any_bar(order):
        book.wake_above = -INF
        book.wake_below = INF
    elif order.entry >= 0 and order.quantity == 0.0:
        return  # a leg that protects nothing yet wakes with its entry
    else:
        waits_at = order.limit if order.kind == LIMIT or order.triggered == 1 else order.stop
        # A sell limit and a buy stop wait above the market, a buy limit and a sell stop below it.
        if (order.side == SELL) == (order.kind == LIMIT or order.triggered == 1):
            if waits_at < book.wake_above:
                book.wake_above = waits_at
        elif waits_at > book.wake_below:
            book.wake_below = waits_at


def acts_on_any_bar(order: OrderSlot) -> bool:
    """Whether every bar matters: market-like orders, orders with a clock, and trailing levels that move."""
    if order.kind >= TRAILING or order.tif >= IOC:
        return True
    return order.triggered == 1 and order.kind != STOP_LIMIT
