"""A run before its first bar: strategies bound to their lines, books on the board."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from tradewright.domain.errors import DataNotAvailableError
from tradewright.risk.gate import RiskGate
from tradewright.strategy.binding import Binder
from tradewright.strategy.context import Context

from .board import Board
from .dates import first_row_from, iso_day
from .desk import OrderDesk
from .detail import Detail
from .failures import named_failure
from .ground import Ground
from .happenings import Happenings
from .loop import Loop

if TYPE_CHECKING:
    from tradewright.strategy.base import Strategy
    from tradewright.strategy.lines import Cursor

    from .plan import RunPlan

__all__ = ["Staged", "bind", "stage"]


class Staged(NamedTuple):
    """A run before its first bar: its loop, the bars each strategy waits for, and the row from which metrics count."""

    loop: Loop
    warmup: list[int]
    counted_from: int


def stage(plan: RunPlan, ground: Ground | None = None) -> Staged:
    """Set up a run: strategies bound to their lines, books on the board, nothing traded yet; errors as `run`."""
    ground = Ground.of(plan) if ground is None else ground
    plan = replace(plan, series=ground.series)
    board = Board(ground.market, plan)
    gate = RiskGate(plan.limits, plan.cash)
    desk = OrderDesk(board, gate, plan)
    start_row = first_row_from(board.market.sessions, len(board.market), plan.start)
    strategies = list(plan.strategies)
    binders = [bind(strategy, ground, board.cursor) for strategy in strategies]
    warmup = [strategy.required_warmup_bars() for strategy in strategies]
    first_rows = [max(bars - 1, start_row) for bars in warmup]
    _require_rows(plan, board, first_rows)
    contexts = [
        Context(binder, desk, number, strategy.ready_rows_by_symbol(), plan.seed)
        for number, (strategy, binder) in enumerate(zip(strategies, binders, strict=True))
    ]
    happenings = Happenings(plan, desk, gate, Detail(plan.detail, board.market.symbols))
    loop = Loop(plan, desk, strategies, contexts, first_rows, happenings)
    return Staged(loop, warmup, min(first_rows) if plan.metrics_from == "ready" else start_row)


def bind(strategy: Strategy, ground: Ground, cursor: Cursor) -> Binder:
    """Let a strategy declare its indicators; the cursor stands on the first row meanwhile."""
    binder = Binder(ground.market, cursor, ground.computed)
    cursor.row = 0
    try:
        strategy.bind(binder)
    except Exception as error:
        named = named_failure(error, strategy.name, cursor)
        if named is error:
            raise
        raise named from error
    return binder


def _require_rows(plan: RunPlan, board: Board, first_rows: list[int]) -> None:
    """Refuse a range in which nothing can happen."""
    rows = len(board.market)
    if first_row_from(board.market.sessions, rows, plan.start) >= rows:
        last = iso_day(int(board.market.timeline(0).labels()[-1]))
        raise DataNotAvailableError(f"There are no bars from {plan.start} on.", hint=f"The last one is of {last}.")
    for strategy, first in zip(plan.strategies, first_rows, strict=True):
        if first >= rows:
            raise DataNotAvailableError(
                f"{strategy.name} needs {strategy.required_warmup_bars()} bars to decide, there are {rows}.",
                hint="Give more history, or shorter indicators.",
            )
