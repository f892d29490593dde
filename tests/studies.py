"""Monte Carlo studies for the tests, over a made-up run."""

from __future__ import annotations

import numpy as np
from tests.builders import random_walk, round_trips, run_record

from tradewright.reporting.curves import session_equity
from tradewright.reporting.monte_carlo.result import MonteCarloResult
from tradewright.reporting.result import Result
from tradewright.research.monte_carlo import bootstrap_returns, shuffle_trades

START = 100_000.0


def run(rows: int = 504) -> Result:
    """A run with a round trip every twelve rows."""
    closes = random_walk(rows, drift=0.001)
    return Result(run_record(closes, round_trips(closes)))


def bootstrapped(result: Result | None = None, draws: int = 600) -> MonteCarloResult:
    """Histories of blocks of the run's session returns."""
    result = result or run()
    equity = session_equity(result.record)
    study = bootstrap_returns(np.diff(equity) / equity[:-1], START, rng=np.random.default_rng(1), draws=draws)
    return MonteCarloResult(study, result, equity[study.marks])


def shuffled(result: Result | None = None, draws: int = 600) -> MonteCarloResult:
    """The run's trades in other orders."""
    result = result or run()
    nets = result.record.trades["net"]
    study = shuffle_trades(nets, START, rng=np.random.default_rng(1), draws=draws)
    return MonteCarloResult(study, result, (START + np.concatenate(([0.0], np.cumsum(nets))))[study.marks])
