"""What the fused loop calls besides the rules: a row shown to a book, several books at one open, equity, ranking."""

from __future__ import annotations

import math
from typing import Any

from tradewright.engine.rules.gating import (
    end_entries,
    entry_price,
    log_tripped,
    money_at_risk,
    opening_units,
    units_bound,
)
from tradewright.risk.rules.guard import APPROVED, refusal, watch_equity
from tradewright.simulation.rules.constants import (
    BY_STRATEGY,
    CANCELLED,
    INF,
    LIQUIDATION,
    MARGIN_CALL,
    OUTSIDE,
    REJECTED,
    ZERO_QUANTITY,
)
from tradewright.simulation.rules.intents import admit
from tradewright.simulation.rules.ledger import charge_borrow, charge_interest, required_at, value_at
from tradewright.simulation.rules.log import log_event, log_order
from tradewright.simulation.rules.matching import begin_bar, fill_at_open, work_inside
from tradewright.simulation.rules.orders import discard, end_order, sweep
from tradewright.simulation.rules.sizing import free_money
from tradewright.simulation.rules.wake import watch
from tradewright.simulation.venue import liquidate, maintenance


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
    """Cash and positions at a row's closes, added in order of book number; once while nothing happens in between."""
    if exchange.equity_row == i and exchange.equity_log == exchange.n_log:
        known: float = exchange.equity
        return known
    equity: float = exchange.cash
    for k in range(len(books)):
        book = books[k]
        if book.position != 0.0:
            equity = equity + value_at(book, closes[k, i])
    exchange.equity_row = i
    exchange.equity_log = exchange.n_log
    exchange.equity = equity
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
            if count == top:
                if top == 0 or not key < keys[count - 1]:
                    continue
                count = count - 1
            place = count
            while place > 0 and keys[place - 1] > key:
                keys[place] = keys[place - 1]
                out[place] = out[place - 1]
                place = place - 1
            keys[place] = key
            out[place] = k
            count = count + 1
    return count


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


def mark_all(books: Any, closes: Any, i: int) -> None:
    """Mark every position at a row's close."""
    for k in range(len(books)):
        book = books[k]
        if book.position != 0.0:
            book.mark = closes[k, i]


def charge_all(exchange: Any, books: Any, borrow_rate: float, interest_rate: float, days: float) -> None:
    """What borrowed shares and borrowed cash cost since the session before."""
    for k in range(len(books)):
        if books[k].position < 0.0:
            charge_borrow(exchange, books[k], borrow_rate, days)
    charge_interest(exchange, books[0], interest_rate, days)


def call_margin(exchange: Any, books: Any, equity: float, i: int, active_time: int) -> None:
    """Close everything at the next open where the equity is below what the positions need, unless that is under way."""
    first = -1
    for k in range(len(books)):
        book = books[k]
        if book.position != 0.0:
            if first < 0:
                first = k
            if is_liquidating(book):
                return
    if first < 0 or not equity < maintenance(books):
        return
    exchange.row = i
    exchange.tag = -1
    log_event(exchange, books[first], MARGIN_CALL, 0, OUTSIDE, 0.0, 0.0, 0.0, 0.0, 0.0, MARGIN_CALL)
    liquidate(exchange, books, active_time)
    for k in range(len(books)):
        book = books[k]
        if book.position != 0.0:
            log_order(exchange, book, book.orders[book.tail], 0)


def is_liquidating(book: Any) -> bool:
    """Whether a margin call is already closing the position."""
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        if order.open == 1 and order.role == LIQUIDATION:
            return True
        slot = order.next
    return False


def has_moved(exchange: Any, books: Any) -> bool:
    """Whether something is held, or has happened since the last look: else the equity is the same."""
    events = exchange.drained + exchange.n_log
    if events != exchange.watched:
        exchange.watched = events
        exchange.flat = 1
        for k in range(len(books)):
            if books[k].position != 0.0:
                exchange.flat = 0
        return True
    flat: bool = exchange.flat == 0
    return flat


def watch_account(exchange: Any, books: Any, equity: float, i: int) -> None:
    """Look at marked equity after a bar; a limit that trips ends what would open something."""
    tripped = watch_equity(exchange.guard, equity)
    if tripped != APPROVED:
        exchange.row = i
        log_tripped(exchange, books[0], tripped)
        for k in range(len(books)):
            end_entries(exchange, books[k], tripped)


def send_alone(exchange: Any, book: Any, order: Any, close: float, stop: float, twice_atr: float) -> int:
    """Log a dressed order and let it in where the limits allow; its number, or 0 where it was refused."""
    bound = units_bound(book)
    equity = exchange.cash + value_at(book, close) if book.position != 0.0 else exchange.cash
    exposure = bound * close * book.multiplier * book.fx if bound > 0.0 else 0.0
    return send_gated(exchange, book, order, close, stop, twice_atr, equity, exposure, 1.0)


def send_among(exchange: Any, books: Any, number: int, order: Any, closes: Any, i: int, stop: float, atr: Any) -> int:  # noqa: PLR0913, PLR0917 - as above
    """The same with several books, whose exposures add up."""
    exposure = 0.0
    held = 1.0
    for k in range(len(books)):
        book = books[k]
        bound = units_bound(book)
        if bound > 0.0:
            exposure = exposure + bound * closes[k, i] * book.multiplier * book.fx
            if k != number:
                held = held + 1.0
    equity = equity_at(exchange, books, closes, i)
    return send_gated(exchange, books[number], order, closes[number, i], stop, atr[number, i], equity, exposure, held)


def send_gated(  # noqa: PLR0913, PLR0917 - as above
    exchange: Any, book: Any, order: Any, close: float, stop: float, twice_atr: float, equity: float, exposure: float,
    held: float,
) -> int:  # fmt: skip
    """Measure an order, ask the limits, and let it in or log why not."""
    log_order(exchange, book, order, 0)
    number: int = order.id
    if order.quantity <= 0.0 and order.weight != order.weight:
        discard(exchange, book, order, REJECTED, ZERO_QUANTITY)
        return 0
    price = entry_price(order, close)
    opening = opening_units(exchange, book, order, equity, price)
    risked = money_at_risk(exchange, book, order, opening, price, stop, twice_atr)
    code = refusal(exchange.guard, equity, exposure, opening * price * (book.multiplier * book.fx), risked, held)
    if code != APPROVED:
        discard(exchange, book, order, REJECTED, code)
        return 0
    admit(exchange, book, order)
    return number


def price_held(book: Any, close: float) -> float:
    """The price a position is marked at; 0 when flat."""
    return close if book.position != 0.0 else 0.0


def worth_held(book: Any, close: float) -> float:
    """What a position is worth at a close."""
    worth: float = book.position * price_held(book, close) * book.multiplier * book.fx
    return worth


def free_alone(exchange: Any, book: Any, close: float) -> float:
    """Money that may be bound, at a close, with one book."""
    if book.position == 0.0:
        return free_money(exchange, exchange.cash, 0.0)
    return free_money(exchange, exchange.cash + value_at(book, close), 0.0 + required_at(book, close))


def free_among(exchange: Any, books: Any, closes: Any, i: int) -> float:
    """The same with several books."""
    used = 0.0
    for k in range(len(books)):
        book = books[k]
        if book.position != 0.0:
            used = used + required_at(book, closes[k, i])
    return free_money(exchange, equity_at(exchange, books, closes, i), used)


def positive(value: float) -> float:
    """The value, and 0 for a negative one."""
    return value if value > 0.0 else 0.0  # noqa: FURB136 - compiled, `max` of a NaN is another


def open_among(books: Any) -> int:
    """How many orders work in all books."""
    count = 0
    for k in range(len(books)):
        count = count + books[k].n_open
    return count


def count_ready(ready: Any, i: int) -> int:
    """How many symbols are ready in a row."""
    count = 0
    for k in range(len(ready)):
        if ready[k] <= i:
            count = count + 1
    return count


def count_held(books: Any) -> int:
    """How many symbols are held."""
    count = 0
    for k in range(len(books)):
        if books[k].position != 0.0:
            count = count + 1
    return count


def cancel_open(exchange: Any, book: Any, i: int) -> None:
    """End every working order of a book, oldest first, but for those that a margin call sent."""
    last = 0
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        slot = order.next
        if order.open == 1 and order.id > last and order.role != LIQUIDATION:
            last = order.id
            exchange.row = i
            end_order(exchange, book, order, CANCELLED, BY_STRATEGY)
            sweep(book)
            watch(book)
            slot = book.head


def exact(value: float) -> float:
    """A whole number that a float holds exactly; a larger one stops the visit, and the interpreted run counts on."""
    if value >= 9007199254740992.0 or value <= -9007199254740992.0:
        raise ValueError("a whole number is beyond the exact ones")
    return value


def root(value: float) -> float:
    """The square root; Python knows none of a negative number."""
    if value < 0.0:
        raise ValueError("a root of a negative number")
    return math.sqrt(value)


def exponential(value: float) -> float:
    """The exponential; Python knows no infinite one of a finite number."""
    found = math.exp(value)
    if found == INF and value < INF:
        raise ValueError("an exponential that is too large")
    return found


def logarithm(value: float) -> float:
    """The natural logarithm; Python knows none of what is not positive."""
    if value <= 0.0:
        raise ValueError("a logarithm of what is not positive")
    return math.log(value)


def floored(value: float) -> float:
    """The whole number at or below; of what has none, or none that is exact, Python speaks."""
    if not (-9007199254740992.0 < value < 9007199254740992.0):
        raise ValueError("no exact whole number")
    return 1.0 * math.floor(value)


def ceiled(value: float) -> float:
    """The whole number at or above."""
    return -floored(-value)


def truncated(value: float) -> float:
    """The whole number towards zero."""
    return floored(value) if value >= 0.0 else -floored(-value)


def rounded(value: float) -> float:
    """The nearest whole number, the even one of two that are as near."""
    below = floored(value)
    rest = value - below
    if rest > 0.5 or (rest == 0.5 and below % 2.0 == 1.0):
        return below + 1.0
    return below
