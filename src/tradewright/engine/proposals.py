"""What the gate is told of an order: what it would open, risk and add to what is held and on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.risk.gate import Proposal
from tradewright.risk.rules.guard import trade_risk
from tradewright.simulation.rules.constants import NAN, STOP_LOSS
from tradewright.simulation.rules.costs import estimated_cost
from tradewright.simulation.rules.orders import closing_part
from tradewright.simulation.rules.sizing import target_units

if TYPE_CHECKING:
    from tradewright.simulation.state import Book, OrderSlot

    from .board import Board
    from .dressing import Leg

__all__ = ["proposal_for"]


def proposal_for(board: Board, equity: float, book: Book, order: OrderSlot, legs: tuple[Leg, ...]) -> Proposal:
    """Measure an order against the account as it stands."""
    price = entry_price(order, board.close(book))
    opening = 0.0 if order.reduce_only == 1 else opening_units(board, equity, book, order, price)
    unit_value = book.multiplier * book.fx
    stop = next((leg.price for leg in legs if leg.role == STOP_LOSS), NAN)
    risked = trade_risk(opening, price, stop, board.twice_atr(book), unit_value)
    risked += estimated_cost(board.exchange, book, opening, price, order.side)
    exposure, held = exposure_and_held(board, book)
    return Proposal(equity, exposure, opening * price * unit_value, risked, held)


def entry_price(order: OrderSlot, close: float) -> float:
    """The price an order is expected to open at: its own, or the last close."""
    if order.limit == order.limit:
        return order.limit
    return order.stop if order.stop == order.stop else close


def opening_units(board: Board, equity: float, book: Book, order: OrderSlot, price: float) -> float:
    """Units an order would open: what does not close something held."""
    quantity = order.quantity
    if order.weight == order.weight:
        wanted = target_units(board.exchange, book, order.weight, equity, price) - book.position
        order.side = 1 if wanted >= 0.0 else -1
        quantity = abs(wanted)
    return quantity - closing_part(book, order.side, quantity)


def exposure_and_held(board: Board, candidate: Book) -> tuple[float, float]:
    """Gross exposure of positions and of what working orders may open, and the number of instruments in either."""
    exposure = 0.0
    symbols = {board.symbol(candidate)}
    for book in board.books:
        if book.position == 0.0 and book.n_open == 0:
            continue
        price = board.close(book)
        units = abs(book.position) + pending_opening(book)
        if units > 0.0:
            exposure += units * price * book.multiplier * book.fx
            symbols.add(board.symbol(book))
    return exposure, float(len(symbols))


def pending_opening(book: Book) -> float:
    """Units that working orders of a book may still open; legs and other reducing orders open nothing."""
    units = 0.0
    slot = book.head
    while slot >= 0:
        order = book.orders[slot]
        if order.open == 1 and order.reduce_only == 0:
            leaves = order.quantity - order.filled
            units += leaves - closing_part(book, order.side, leaves)
        slot = order.next
    return units
