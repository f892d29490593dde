"""What the fused loop calls besides the rules: a row shown to a book, several books at one open, equity, ranking."""

from __future__ import annotations

from typing import Any

from tradewright.simulation.rules.ledger import value_at
from tradewright.simulation.rules.matching import begin_bar, fill_at_open, work_inside


def show(  # noqa: PLR0913, PLR0917 - the columns of a bar
    book: Any, i: int, open_time: Any, close_time: Any, opens: Any, highs: Any, lows: Any, closes: Any, volumes: Any
) -> None:
    """Put a row's bar on a book's fields."""
    book.open_time = open_time[i]
    book.close_time = close_time[i]
    book.open = opens[i]
    book.high = highs[i]
    book.low = lows[i]
    book.close = closes[i]
    book.volume = volumes[i]


def work_together(  # noqa: PLR0913, PLR0917 - the scratch arrays are the caller's, so that nothing is allocated
    exchange: Any, books: Any, awake: Any, n_awake: int, ids: Any, places: Any, slots: Any
) -> None:
    """Work one bar of several books: everything at the open by order number, then each by itself."""
    count = 0
    for k in range(n_awake):
        begin_bar(exchange, books[awake[k]])
        count = queue(books[awake[k]], awake[k], count, ids, places, slots)
    for k in range(count):
        book = books[places[k]]
        fill_at_open(exchange, book, book.orders[slots[k]])
    for k in range(n_awake):
        work_inside(exchange, books[awake[k]])


def queue(book: Any, number: int, count: int, ids: Any, places: Any, slots: Any) -> int:
    """Insert a book's orders into the queue at the open, which rises by order number; how many it holds now."""
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        place = count
        while place > 0 and ids[place - 1] > order.id:
            ids[place] = ids[place - 1]
            places[place] = places[place - 1]
            slots[place] = slots[place - 1]
            place = place - 1
        ids[place] = order.id
        places[place] = number
        slots[place] = slot
        count = count + 1
        slot = order.next
    return count


def equity_at(exchange: Any, books: Any, closes: Any, i: int) -> float:
    """Cash and positions at a row's closes, added in order of book number."""
    equity: float = exchange.cash
    for k in range(len(books)):
        book = books[k]
        if book.position != 0.0:
            equity = equity + value_at(book, closes[k, i])
    return equity


def rank_into(  # noqa: PLR0913, PLR0917 - as above
    lines: Any, i: int, ready: Any, top: int, largest_first: int, out: Any, keys: Any
) -> int:
    """Numbers of the tradable symbols in order of a line's value, ties by number; how many of them count."""
    count = 0
    for k in range(len(ready)):
        value = lines[k, i]
        if ready[k] <= i and value == value:  # noqa: PLR0124 - NaN
            key = -value if largest_first == 1 else value
            place = count
            while place > 0 and keys[place - 1] > key:
                keys[place] = keys[place - 1]
                out[place] = out[place - 1]
                place = place - 1
            keys[place] = key
            out[place] = k
            count = count + 1
    return count if top < 0 or count < top else top


def is_among(symbols: Any, count: int, symbol: int) -> bool:
    """Whether a symbol is one of those ranked."""
    for k in range(count):  # noqa: SIM110 - compiled, a generator is not a loop
        if symbols[k] == symbol:
            return True
    return False


def known(value: float) -> float:
    """A value of a line; one that does not exist stops the visit, and the interpreted run says which."""
    if value != value:  # noqa: PLR0124 - NaN
        raise ValueError("a line has no value")
    return value
