"""A run from plan to record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.simulation.rules.constants import AT_CLOSE, FINALIZE, INF, ON_CLOSE
from tradewright.simulation.rules.filling import take
from tradewright.simulation.rules.log import log_order
from tradewright.simulation.rules.orders import new_order, place, sweep
from tradewright.simulation.rules.wake import watch

from .recording import record_run
from .staging import stage
from .tiers import carry_out, pairs_by

if TYPE_CHECKING:
    from tradewright.domain.record import RunRecord

    from .desk import OrderDesk
    from .ground import Ground
    from .plan import RunPlan

__all__ = ["run"]


def run(plan: RunPlan, ground: Ground | None = None) -> RunRecord:
    """Carry out a plan over its stored bars with the simulated venue.

    Parameters
    ----------
    plan : RunPlan
    ground : Ground, optional
        Of a plan with the same bars and dates, for runs that share them.

    Returns
    -------
    RunRecord

    Raises
    ------
    TradewrightError
        When bars, strategies or orders cannot be used; a strategy's own failure names its file and line.
    """
    staged = stage(plan, ground)
    tier = carry_out(staged.loop)
    plan, desk = staged.loop.plan, staged.loop.desk
    if plan.finalize:
        finalize(desk)
    left = staged.loop.strategies, staged.warmup, staged.counted_from
    record = record_run(plan, desk, *left, pair_by=pairs_by(tier))
    record.meta.update(tier)
    return record


def finalize(desk: OrderDesk) -> None:
    """Close every position at the last close, costs included; the volume cap does not apply."""
    exchange, board = desk.board.exchange, desk.board
    for book in board.books:
        if book.position != 0.0:
            board.show(book, board.cursor.row)
            book.room = INF
            exchange.row = board.cursor.row
            order = book.orders[
                new_order(exchange, book, ON_CLOSE, -1 if book.position > 0.0 else 1, abs(book.position))
            ]
            order.role = FINALIZE
            order.reduce_only = 1
            log_order(exchange, book, order, 0)
            place(exchange, book, order)
            take(exchange, book, order, book.close, AT_CLOSE)
            sweep(book)
            watch(book)
