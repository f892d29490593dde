"""What would be left if trading had cost something else: the recorded fills with their costs times a factor.

Decisions and quantities are kept as they were, so this is an approximation: a strategy that saw other costs might have
dealt less. Financing is left as it was, for it pays for holding and not for trading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tradewright.domain.events import EventKind
from tradewright.quant.drawdown import max_drawdown
from tradewright.quant.ratios import sharpe
from tradewright.quant.returns import returns_from_equity
from tradewright.quant.undefined import Undefined

if TYPE_CHECKING:
    from tradewright.quant.arrays import FloatArray
    from tradewright.reporting.inputs import Inputs

__all__ = ["MULTIPLES", "Scenario", "scenarios"]

MULTIPLES = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
"""Factors on the costs that were paid; 1 is the run as it was."""

_FINANCING = (EventKind.DIVIDEND, EventKind.BORROW, EventKind.INTEREST, EventKind.FUNDING)


class Scenario(NamedTuple):
    """A run whose trading costs were `multiple` times what they were.

    `equity` is marked at every row from the first traded one on, the starting cash before it; `sharpe` is None where it
    has no value, with the reason.
    """

    multiple: float
    equity: FloatArray
    costs: float
    total_return: float
    sharpe: float | None
    sharpe_reason: str | None
    max_drawdown: float

    @property
    def is_ruined(self) -> bool:
        """Whether nothing would have been left at some close."""
        return bool(self.equity.min() <= 0.0)


def scenarios(run: Inputs) -> tuple[Scenario, ...]:
    """The run at each of `MULTIPLES`: net = gross − multiple × costs, at every close."""
    paid = _paid(run)
    record = run.record
    marked = np.concatenate(([run.cash], record.equity[record.timeline.first_row :]))
    return tuple(_scenario(run, multiple, marked, paid) for multiple in MULTIPLES)


def _paid(run: Inputs) -> FloatArray:
    """Commission, tax and slippage paid until each point of the marked equity; (n + 1,) float64."""
    table, line = run.record.events, run.record.timeline
    trading = ~np.isin(table["kind"], _FINANCING)
    filled = table["kind"] == EventKind.FILL
    cost = np.where(trading, table["fee"] + table["tax"], 0.0) + np.where(filled, table["slippage"], 0.0)
    rows = np.maximum(table["row"].astype(np.int64) - line.first_row, 0)
    each = np.bincount(rows, cost, max(len(line) - line.first_row, 0))
    return np.concatenate(([0.0], np.cumsum(each)))


def _scenario(run: Inputs, multiple: float, marked: FloatArray, paid: FloatArray) -> Scenario:
    equity = marked - (multiple - 1.0) * paid[: len(marked)]
    line = run.record.timeline
    closes = np.concatenate(([run.cash], equity[1 + line.session_closes() - line.first_row]))
    ratio, reason = _sharpe(run, closes)
    change = float(equity[-1]) / run.cash - 1.0
    return Scenario(multiple, equity, multiple * float(paid[-1]), change, ratio, reason, max_drawdown(equity))


def _sharpe(run: Inputs, closes: FloatArray) -> tuple[float | None, str | None]:
    try:
        return sharpe(returns_from_equity(closes), run.periods, run.risk_free), None
    except Undefined as undefined:
        return None, undefined.reason
