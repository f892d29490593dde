"""The sleep band: between which prices a book's orders cannot do anything, so that the bar need not be worked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .constants import GTD, INF, IOC, LIMIT, MARKET, ON_CLOSE, SELL, STOP_LIMIT, TRAILING

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
        return
    elif order.kind == LIMIT or (order.kind == STOP_LIMIT and order.triggered == 1):
        if order.side == SELL:
            wake_from_below(book, order.limit)
        else:
            wake_from_above(book, order.limit)
    elif order.side == SELL:
        wake_from_above(book, order.stop)
    else:
        wake_from_below(book, order.stop)


def acts_on_any_bar(order: OrderSlot) -> bool:
    """Whether every bar matters: market-like orders, orders with a clock, and trailing levels that move."""
    if order.kind == MARKET or order.kind == ON_CLOSE or order.kind == TRAILING:
        return True
    if order.tif == GTD or order.tif >= IOC:
        return True
    return order.triggered == 1 and order.kind != STOP_LIMIT


def wake_from_below(book: Book, price: float) -> None:
    """Wake when the high reaches the price."""
    if price < book.wake_above:
        book.wake_above = price


def wake_from_above(book: Book, price: float) -> None:
    """Wake when the low reaches the price."""
    if price > book.wake_below:
        book.wake_below = price
