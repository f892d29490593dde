"""Where money and positions change. Every change leaves one row in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .constants import BORROW, CASH_IN_LIEU, DIVIDEND, DUST, EXPIRY, INTEREST, NO_REASON, OUTSIDE, SPLIT
from .grid import whole_lots
from .log import log_event

if TYPE_CHECKING:
    from ..state import Book, Exchange


def value_at(book: Book, price: float) -> float:
    """What the position adds to equity at a price: its market value, or its open profit where it is margined."""
    return book.position * price * book.multiplier * book.fx - book.margined * book.basis


def required_at(book: Book, price: float) -> float:
    """Initial margin that the position binds: money per contract, or a rate of its market value."""
    if book.margined > 0.0:
        return abs(book.position) * book.margin * book.fx
    return abs(book.position) * price * book.multiplier * book.fx * book.initial_rate


def maintenance_at(book: Book, price: float) -> float:
    """Equity below which the position is called."""
    if book.margined > 0.0:
        return abs(book.position) * book.margin_maintenance * book.fx
    return abs(book.position) * price * book.multiplier * book.fx * book.maintenance_rate


def revalue(exchange: Exchange, book: Book, price: float) -> None:
    """Value the position at a new price and bring the account's totals along."""
    if exchange.valued == 1 and book.position != 0.0:
        exchange.holdings = exchange.holdings + (value_at(book, price) - value_at(book, book.mark))
        exchange.required = exchange.required + (required_at(book, price) - required_at(book, book.mark))
    book.mark = price


def settle(exchange: Exchange, book: Book, signed: float, price: float) -> None:
    """Book a traded quantity in position, cash and the account's totals, before costs.

    The totals stay at the mark, which a fill sets before slippage: what slippage cost is lost at once.
    """
    if exchange.valued == 0:
        move_position(exchange, book, signed, price)
        return
    value = value_at(book, book.mark)
    required = required_at(book, book.mark)
    move_position(exchange, book, signed, price)
    exchange.holdings = exchange.holdings + (value_at(book, book.mark) - value)
    exchange.required = exchange.required + (required_at(book, book.mark) - required)


def move_position(exchange: Exchange, book: Book, signed: float, price: float) -> None:
    """Change position, average price, basis, realised profit and cash by one trade.

    Paid instruments exchange the notional for cash; margined ones move only the profit of what they close.
    """
    unit = price * book.multiplier * book.fx
    before = book.position
    after = before + signed
    if abs(after) <= book.lot * DUST:
        after = 0.0
    profit = 0.0
    if before == 0.0 or (before > 0.0) == (signed > 0.0):
        book.average_price = (book.average_price * before + price * signed) / after
        book.basis = book.basis + signed * unit
    else:
        profit = close_part(book, signed, unit)
        if after != 0.0 and (after > 0.0) == (signed > 0.0):
            book.average_price = price
            book.basis = after * unit
        book.realised = book.realised + profit
    book.position = after
    if after == 0.0:
        book.average_price = 0.0
        book.basis = 0.0
    exchange.cash = exchange.cash + (profit if book.margined > 0.0 else -signed * unit)


def close_part(book: Book, signed: float, unit: float) -> float:
    """Profit of the part of a trade that closes, at average cost; releases its share of the basis."""
    closing = -signed if abs(signed) < abs(book.position) else book.position
    released = book.basis * (closing / book.position)
    book.basis = book.basis - released
    return closing * unit - released


def pay(exchange: Exchange, book: Book, kind: int, amount: float, price: float) -> None:
    """Move cash for a position without trading: `amount` is received, a negative one paid."""
    exchange.cash = exchange.cash + amount
    log_event(exchange, book, kind, 0, OUTSIDE, amount, price, 0.0, 0.0, 0.0, NO_REASON)


def pay_dividend(exchange: Exchange, book: Book, per_unit: float) -> None:
    """Credit a long position with a cash dividend, charge a short one."""
    if book.position != 0.0:
        pay(exchange, book, DIVIDEND, book.position * per_unit * book.multiplier * book.fx, per_unit)


def charge_borrow(exchange: Exchange, book: Book, rate: float, days: float) -> None:
    """Charge a short position for the shares it borrows: yearly rate, actual days over 360."""
    if book.position < 0.0 and book.margined == 0.0 and rate != 0.0:
        amount = book.position * book.mark * book.multiplier * book.fx * rate * days / 360.0
        pay(exchange, book, BORROW, amount, book.mark)


def charge_interest(exchange: Exchange, book: Book, rate: float, days: float) -> None:
    """Charge interest on borrowed cash: yearly rate, actual days over 360. Any book may carry the log row."""
    if exchange.cash < 0.0 and rate != 0.0:
        pay(exchange, book, INTEREST, exchange.cash * rate * days / 360.0, rate)


def split_position(exchange: Exchange, book: Book, ratio: float) -> None:
    """Multiply the units and divide the prices; a fraction of a lot is paid out at the last mark.

    A whole-share account does not keep a fraction of a share: the venue pays it in cash.
    """
    price = book.mark / ratio
    if book.position != 0.0:
        book.position = book.position * ratio
        book.average_price = book.average_price / ratio
    book.mark = price
    log_event(exchange, book, SPLIT, 0, OUTSIDE, ratio, price, 0.0, 0.0, 0.0, NO_REASON)
    whole = whole_lots(abs(book.position), book.lot)
    rest = abs(book.position) - whole
    if rest > book.lot * DUST:
        signed = -rest if book.position > 0.0 else rest
        settle(exchange, book, signed, price)
        log_event(exchange, book, CASH_IN_LIEU, 0, OUTSIDE, signed, price, 0.0, 0.0, 0.0, NO_REASON)


def settle_expiry(exchange: Exchange, book: Book, price: float) -> None:
    """Close a position at its instrument's last price because the instrument ended."""
    signed = -book.position
    if signed != 0.0:
        revalue(exchange, book, price)
        settle(exchange, book, signed, price)
        log_event(exchange, book, EXPIRY, 0, OUTSIDE, signed, price, 0.0, 0.0, 0.0, NO_REASON)
