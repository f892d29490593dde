"""The logs of the compiled tier: rows written into rings that the caller drains between visits."""

from __future__ import annotations

from typing import Any


def log_event(  # noqa: PLR0913, PLR0917 - a row of the log, column by column
    exchange: Any,
    book: Any,
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
    """Write one event into the ring, in the column order of `domain.record.EVENT_COLUMNS`."""
    if exchange.n_log >= len(exchange.log):
        raise IndexError("the ring of events is full")
    row = exchange.log[exchange.n_log]
    row.kind = kind
    row.row = exchange.row
    row.book = book.number
    row.order_id = order_id
    row.phase = phase
    row.quantity = quantity
    row.price = price
    row.fee = fee
    row.tax = tax
    row.slippage = slippage
    row.fx = book.fx
    row.position = book.position
    row.cash = exchange.cash
    row.basis = book.basis
    row.reason = reason
    exchange.n_log = exchange.n_log + 1


def log_order(exchange: Any, book: Any, order: Any, parent: int) -> None:
    """Write an order as it is placed into the ring, with the number of its label."""
    if exchange.n_placed >= len(exchange.placed):
        raise IndexError("the ring of orders is full")
    row = exchange.placed[exchange.n_placed]
    row.id = order.id
    row.book = book.number
    row.row = exchange.row
    row.side = order.side
    row.type = order.kind
    row.role = order.role
    row.tif = order.tif
    row.quantity = order.quantity
    row.limit = order.limit
    row.stop = order.stop
    row.trail = -order.trail_fraction if order.trail_fraction == order.trail_fraction else order.trail
    row.display = order.display
    row.parent = parent
    row.structure = 0.0
    row.tag = exchange.tag
    exchange.n_placed = exchange.n_placed + 1


def log_pairing(  # noqa: PLR0913, PLR0917 - a row of the log, column by column
    ledger: Any,
    lot: Any,
    closed: int,
    units: float,
    commission: float,
    tax: float,
    slippage: float,
    financing: float,
) -> None:
    """Write units that are closed into the ring, in the column order of `simulation.lots.Pairing`."""
    if ledger.n_pairs >= len(ledger.pairs):
        raise IndexError("the ring of pairings is full")
    row = ledger.pairs[ledger.n_pairs]
    row.opened = lot.opened
    row.closed = closed
    row.units = units
    row.entry_price = lot.price
    row.commission = commission
    row.tax = tax
    row.slippage = slippage
    row.financing = financing
    ledger.n_pairs = ledger.n_pairs + 1
