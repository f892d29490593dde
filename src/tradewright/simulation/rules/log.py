"""The event log: one of the two places where interpreted and compiled code differ in body.

Interpreted, a row is appended to a growing array; compiled, it is written into a ring that the caller drains. Nothing
here decides anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..state import Book, Exchange


def log_event(  # noqa: PLR0913, PLR0917 - a row of the log, column by column
    exchange: Exchange,
    book: Book,
    kind: int,
    order_id: int,
    phase: int,
    quantity: float,
    price: float,
    fee: float,
    tax: float,
    slippage: float,
    reason: int,
) -> None:
    """Append one event in the column order of `domain.record.EVENT_COLUMNS`."""
    log = exchange.log
    log.extend(
        log.pack(
            kind,
            exchange.row,
            book.number,
            order_id,
            phase,
            quantity,
            price,
            fee,
            tax,
            slippage,
            book.fx,
            book.position,
            exchange.cash,
            book.basis,
            reason,
        )
    )
