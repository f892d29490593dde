"""The event log: one of the two places where interpreted and compiled code differ in body.

Interpreted, a row is appended to a growing array; compiled, it is written into a ring that the caller drains. Nothing
here decides anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..lots import LotLedger, OpenLot
    from ..state import Book, Exchange, OrderSlot


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


def log_order(exchange: Exchange, book: Book, order: OrderSlot, parent: int) -> None:
    """Append an order as it is placed, in the first columns of `domain.record.ORDER_COLUMNS`.

    `parent` is the number of the entry a leg belongs to, else 0.
    """
    placed = exchange.placed
    placed.extend(
        placed.pack(
            order.id,
            book.number,
            exchange.row,
            order.side,
            order.kind,
            order.role,
            order.tif,
            order.quantity,
            order.limit,
            order.stop,
            -order.trail_fraction if order.trail_fraction == order.trail_fraction else order.trail,
            order.display,
            parent,
            0,
        )
    )


def log_pairing(  # noqa: PLR0913, PLR0917 - a row of the log, column by column
    ledger: LotLedger,
    lot: OpenLot,
    closed: int,
    units: float,
    commission: float,
    tax: float,
    slippage: float,
    financing: float,
) -> None:
    """Append units that are closed, in the column order of `simulation.lots.Pairing`."""
    ledger.pairs.append((lot.opened, closed, units, lot.price, commission, tax, slippage, financing))  # type: ignore[arg-type]
