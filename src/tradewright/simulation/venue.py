"""The simulated venue: the rules of `rules/` put to work over the books of one account.

It takes orders, works bars and keeps the account's totals; it knows nothing of strategies, time series or files.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from tradewright.domain.approval import ApprovedOrder
from tradewright.domain.errors import UnapprovedOrderError

from .rules.constants import CANCELLED, LIQUIDATION, MARGIN_CALL, MARKET
from .rules.intents import admit
from .rules.ledger import maintenance_at, required_at, value_at
from .rules.matching import begin_bar, fill_at_open, work_alone, work_inside
from .rules.orders import end_order, new_order, place, sweep
from .rules.wake import watch
from .state import Book, Exchange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.instrument import Instrument

    from .costs import Costs, Margin
    from .state import OrderSlot

__all__ = [
    "accept",
    "account_equity",
    "build_book",
    "build_exchange",
    "liquidate",
    "maintenance",
    "value_account",
    "work_together",
]


def build_exchange(cash: float, costs: Costs, margin: Margin | None) -> Exchange:
    """An account with its policies, before any book."""
    exchange = Exchange(cash)
    exchange.participation = costs.participation
    if margin is not None:
        exchange.on_margin = 1
        exchange.shorts = 1 if margin.shorts else 0
    return exchange


def build_book(number: int, instrument: Instrument, costs: Costs, margin: Margin | None) -> Book:
    """An empty book with the instrument's and the account's terms of trade."""
    book = Book(number)
    book.lot = instrument.lot
    book.multiplier = instrument.multiplier
    book.volume_known = 1 if instrument.has_volume else 0
    if instrument.margin is not None:
        book.margined = 1.0
        book.margin = instrument.margin
        book.margin_maintenance = instrument.maintenance or instrument.margin
    elif margin is not None:
        book.initial_rate = margin.initial
        book.maintenance_rate = margin.maintenance
    costs.write(book, instrument.venue)
    return book


def accept(exchange: Exchange, book: Book, approved: ApprovedOrder[OrderSlot]) -> OrderSlot:
    """Let an approved order into its book.

    Raises
    ------
    UnapprovedOrderError
        For anything that the risk gate did not mint.
    """
    if type(approved) is not ApprovedOrder:
        raise UnapprovedOrderError("The simulated venue was given an order that did not pass the risk gate.")
    admit(exchange, book, approved.order)
    return approved.order


def work_together(exchange: Exchange, books: Sequence[Book]) -> None:
    """Work one bar of several books: everything at the open by order number over all of them, then each by itself.

    Cash is shared at the open: a sell placed first pays for the buy placed after it.
    """
    if len(books) == 1:
        work_alone(exchange, books[0])
        return
    queue = []
    for book in books:
        begin_bar(exchange, book)
        slot = book.head
        while slot >= 0:
            order = book.orders[slot]
            queue.append((order.id, book, order))
            slot = order.next
    queue.sort(key=itemgetter(0))
    for _, book, order in queue:
        fill_at_open(exchange, book, order)
    for book in books:
        work_inside(exchange, book)


def value_account(exchange: Exchange, books: Sequence[Book]) -> None:
    """Compute the totals of the account afresh from every position's mark, in order of book number."""
    holdings = 0.0
    required = 0.0
    for book in books:
        if book.position != 0.0:
            holdings = holdings + value_at(book, book.mark)
            required = required + required_at(book, book.mark)
    exchange.holdings = holdings
    exchange.required = required


def account_equity(exchange: Exchange, books: Sequence[Book]) -> float:
    """Cash and the value of every position at its mark, added in order of book number."""
    equity = exchange.cash
    for book in books:
        if book.position != 0.0:
            equity = equity + value_at(book, book.mark)
    return equity


def maintenance(books: Sequence[Book]) -> float:
    """Equity below which the account is called."""
    total = 0.0
    for book in books:
        if book.position != 0.0:
            total = total + maintenance_at(book, book.mark)
    return total


def liquidate(exchange: Exchange, books: Sequence[Book], active_time: int) -> None:
    """Answer a margin call: end every working order and close every position at the next open."""
    for book in books:
        end_all(exchange, book, MARGIN_CALL)
        if book.position != 0.0:
            side = -1 if book.position > 0.0 else 1
            order = book.orders[new_order(exchange, book, MARKET, side, abs(book.position))]
            order.role = LIQUIDATION
            order.reduce_only = 1
            order.active_time = active_time
            place(exchange, book, order)
        watch(book)


def end_all(exchange: Exchange, book: Book, reason: int) -> None:
    """End every working order of a book."""
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        slot = order.next
        end_order(exchange, book, order, CANCELLED, reason)
    sweep(book)
    watch(book)
