"""What the gate is told of an order: what it would open, risk and add to what is held and on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.risk.gate import Proposal
from tradewright.simulation.rules.constants import NAN, STOP_LOSS

from .rules.gating import entry_price, money_at_risk, opening_units, units_bound

if TYPE_CHECKING:
    from tradewright.simulation.state import Book, OrderSlot

    from .board import Board
    from .dressing import Leg

__all__ = ["proposal_for"]


def proposal_for(board: Board, equity: float, book: Book, order: OrderSlot, legs: tuple[Leg, ...]) -> Proposal:
    """Measure an order against the account as it stands."""
    price = entry_price(order, board.close(book))
    opening = opening_units(board.exchange, book, order, equity, price)
    stop = next((leg.price for leg in legs if leg.role == STOP_LOSS), NAN)
    risked = money_at_risk(board.exchange, book, order, opening, price, stop, board.twice_atr(book))
    exposure, held = exposure_and_held(board, book)
    return Proposal(equity, exposure, opening * price * (book.multiplier * book.fx), risked, held)


def exposure_and_held(board: Board, candidate: Book) -> tuple[float, float]:
    """Gross exposure of positions and of what working orders may open, and the number of instruments in either."""
    exposure = 0.0
    symbols = {board.symbol(candidate)}
    for book in board.books:
        units = units_bound(book)
        if units > 0.0:
            exposure += units * board.close(book) * book.multiplier * book.fx
            symbols.add(board.symbol(book))
    return exposure, float(len(symbols))
