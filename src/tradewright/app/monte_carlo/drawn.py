"""Studies that need nothing but what a run left behind: its trades, or its returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tradewright.quant.returns import returns_from_equity
from tradewright.reporting.curves import session_equity
from tradewright.reporting.monte_carlo.result import MonteCarloResult
from tradewright.research.monte_carlo import bootstrap_returns, resample_trades, shuffle_trades

if TYPE_CHECKING:
    from tradewright.domain.record import RunRecord
    from tradewright.quant.arrays import FloatArray
    from tradewright.reporting.result import Result

__all__ = ["Draw", "of_returns", "of_trades"]


class Draw(NamedTuple):
    """How many paths are drawn, and from which seed."""

    paths: int
    seed: int


def of_trades(result: Result, draw: Draw, *, replace: bool, compound: bool) -> MonteCarloResult:
    """The closed trades of a run drawn again.

    Parameters
    ----------
    result : Result
    draw : Draw
    replace : bool
        Whether each trade may come up several times; otherwise the same trades come in other orders.
    compound : bool
        Whether trades earn their share of the equity before them, rather than their money.

    Raises
    ------
    Undefined
        When there are fewer than two trades, or one loses more than everything it compounds.
    """
    record, start = result.record, result.config.cash
    changes = _shares(record) if compound else np.ascontiguousarray(record.trades["net"])
    rng = np.random.default_rng(draw.seed)
    drawn = resample_trades if replace else shuffle_trades
    study = drawn(changes, start, rng=rng, draws=draw.paths, compound=compound)
    steps = start * np.cumprod(1.0 + changes) if compound else start + np.cumsum(changes)
    return MonteCarloResult(study, result, np.concatenate(([start], steps))[study.marks])


def of_returns(result: Result, draw: Draw, *, block_length: float | None, fixed: bool) -> MonteCarloResult:
    """The returns of a run between its session closes, drawn again in blocks.

    Parameters
    ----------
    result : Result
    draw : Draw
    block_length : float, optional
        Mean length of the blocks; by default from the autocorrelation of the returns.
    fixed : bool
        Whether all blocks have that length.

    Raises
    ------
    Undefined
        When there are too few returns, or equity fell to nothing.
    """
    equity = session_equity(result.record)
    study = bootstrap_returns(
        returns_from_equity(equity),
        float(equity[0]),
        rng=np.random.default_rng(draw.seed),
        draws=draw.paths,
        block_length=block_length,
        fixed=fixed,
    )
    return MonteCarloResult(study, result, equity[study.marks])


def _shares(record: RunRecord) -> FloatArray:
    """Net profit of each trade as a share of the account's equity at the close before its entry."""
    before = record.trades["entry_row"].astype(np.int64) - 1
    equity = np.where(before >= 0, record.equity[np.maximum(before, 0)], record.config.cash)
    shares: FloatArray = record.trades["net"] / equity
    return shares
