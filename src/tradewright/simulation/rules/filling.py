"""One fill: how much, at what price, can it be paid, and what follows from it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .constants import (
    AT_OPEN,
    CANNOT_BE_PAID,
    CUT_DOWN,
    DUST,
    FILL,
    FOK,
    INF,
    LIMIT,
    NO_REASON,
    REJECTED,
    SHORTS_OFF,
    SLIP_ENTRY,
    SLIP_NONE,
    STOP_LIMIT,
    ZERO_QUANTITY,
)
from .costs import fill_tax, order_fee, rated_fee
from .grid import whole_lots
from .ledger import revalue, settle
from .log import log_event
from .orders import after_fill, close_order, closing_part, end_order
from .prices import never_through, slipped
from .sizing import can_be_paid, payable, size_at_fill

if TYPE_CHECKING:
    from ..state import Book, Exchange, OrderSlot


def take(exchange: Exchange, book: Book, order: OrderSlot, price: float, phase: int) -> None:
    """Fill as much of an order as the bar, the position and the account allow, at a price the bar reached."""
    if exchange.valued == 1:
        revalue(exchange, book, price)
    if order.weight == order.weight:
        size_at_fill(exchange, book, order, price)
        if order.quantity <= 0.0:
            end_order(exchange, book, order, REJECTED, ZERO_QUANTITY)
            return
    quantity = room_for(book, order)
    if quantity <= 0.0 or (order.tif == FOK and quantity < order.quantity - order.filled):
        return
    paid = fill_price(book, order, price, quantity)
    quantity = permitted(exchange, book, order, quantity, paid)
    if quantity > 0.0:
        execute(exchange, book, order, quantity, paid, price, phase)


def room_for(book: Book, order: OrderSlot) -> float:
    """Units the bar has for the order: of what is left of it, of the position it may reduce, of the volume.

    An iceberg order trades once in a bar. Without known volume nothing says that a second slice would have met anyone;
    with it, the slice is as many whole ones as the volume holds.
    """
    quantity = order.quantity - order.filled
    if order.reduce_only == 1:
        quantity = closing_part(book, order.side, quantity)
    if book.room < quantity:
        quantity = whole_lots(book.room, book.lot)
    if order.display > 0.0:
        if order.tried_time == book.close_time:
            return 0.0
        if quantity > order.display:
            slices = 1.0 if book.room == INF else math.floor(quantity / order.display)
            quantity = slices * order.display
    return quantity


def fill_price(book: Book, order: OrderSlot, price: float, quantity: float) -> float:
    """The price after slippage, never through the order's limit."""
    if book.slip_kind == SLIP_NONE:
        return price
    if book.slip_kind == SLIP_ENTRY and closing_part(book, order.side, quantity) >= quantity:
        return price
    share = quantity / book.volume if book.volume_known == 1 and book.volume > 0.0 else 0.0
    paid = slipped(book.slip_kind, book.slip_amount, order.side, price, share)
    if order.kind == LIMIT or order.kind == STOP_LIMIT:
        return never_through(order.side, paid, order.limit)
    return paid


def permitted(exchange: Exchange, book: Book, order: OrderSlot, quantity: float, paid: float) -> float:
    """The quantity the account permits: all of it, what can be had where the order may be clipped, or a refusal."""
    if order.reduce_only == 1:
        return quantity
    if exchange.shorts == 0 and order.side < 0 and book.margined == 0.0:
        # Without shorts a sell only closes: it can always be paid for, but never exceeds what is held.
        if quantity <= book.position:
            return quantity
        return clipped(exchange, book, order, book.position, SHORTS_OFF)
    if can_be_paid(exchange, book, order, quantity, paid):
        return quantity
    return clipped(exchange, book, order, payable(exchange, book, order, quantity, paid), CANNOT_BE_PAID)


def clipped(exchange: Exchange, book: Book, order: OrderSlot, quantity: float, reason: int) -> float:
    """Cut an order down to what is permitted, where it may be cut; refuse it otherwise."""
    if quantity > 0.0 and order.tif != FOK and (order.clip == 1 or exchange.clip_unpaid == 1):
        order.quantity = order.filled + quantity
        order.cut = 1
        return quantity
    end_order(exchange, book, order, REJECTED, reason)
    return 0.0


def execute(  # noqa: PLR0913, PLR0917 - one fill is these seven things, and a record of them would cost more than it says
    exchange: Exchange, book: Book, order: OrderSlot, quantity: float, paid: float, price: float, phase: int
) -> None:
    """Book a fill of the bar with the costs of the account's policies."""
    maker = 1 if order.kind == LIMIT and phase != AT_OPEN else 0
    order.rated = order.rated + rated_fee(exchange, book, quantity, paid, maker)
    fee = order_fee(book, order.rated) - order.fees
    tax = fill_tax(book, order.side, quantity, paid)
    book_fill(exchange, book, order, quantity, paid, price, phase, fee, tax)


def book_fill(  # noqa: PLR0913, PLR0917 - see above
    exchange: Exchange,
    book: Book,
    order: OrderSlot,
    quantity: float,
    paid: float,
    price: float,
    phase: int,
    fee: float,
    tax: float,
) -> None:
    """Book a fill whose costs are known, log it, and keep the order's relatives right."""
    before = book.position
    order.fees = order.fees + fee
    signed = quantity * order.side
    settle(exchange, book, signed, paid)
    exchange.cash = exchange.cash - fee - tax
    exchange.traded = exchange.traded + quantity * paid * book.multiplier * book.fx
    book.room = book.room - quantity
    if order.reserved != 0.0:
        release_share(exchange, order, quantity)
    order.filled = order.filled + quantity
    memo = (paid - price) * signed * book.multiplier * book.fx
    reason = CUT_DOWN if order.cut == 1 else NO_REASON
    log_event(exchange, book, FILL, order.id, phase, signed, paid, fee, tax, memo, reason)
    if phase != AT_OPEN:
        order.inside_time = book.close_time
        book.filled_inside = 1
    if order.display > 0.0:
        order.tried_time = book.close_time
    if order.quantity - order.filled <= book.lot * DUST:
        close_order(exchange, order)
    after_fill(exchange, book, order, before, quantity)


def release_share(exchange: Exchange, order: OrderSlot, quantity: float) -> None:
    """Give back the share of the money held back that this fill has now used."""
    share = order.reserved * (quantity / (order.quantity - order.filled))
    order.reserved = order.reserved - share
    exchange.reserved = exchange.reserved - share
