"""bt: the algorithm stack it was written for; it trades at the close of the day it decides on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.peers.rules import CASH, COMMISSION, INVESTED, TOP
from benchmarks.workload import Outcome, Trial

if TYPE_CHECKING:
    from benchmarks.market import Market


def momentum(market: Market) -> Trial:
    """P3: monthly, best 50 over six months, equal weights, whole shares."""
    import bt
    import pandas as pd

    index = pd.DatetimeIndex(market.open_time.view("datetime64[ns]"))
    prices = pd.DataFrame(market.close.T, index=index, columns=list(market.symbols))

    def run() -> Any:
        stack = [
            bt.algos.RunMonthly(run_on_first_date=False),
            bt.algos.RunAfterDate(index[0] + pd.DateOffset(months=6)),
            bt.algos.SelectAll(),
            bt.algos.SelectMomentum(n=TOP, lookback=pd.DateOffset(months=6)),
            bt.algos.WeighEqually(),
            bt.algos.ScaleWeights(INVESTED),
            bt.algos.Rebalance(),
        ]
        strategy = bt.Strategy("momentum", stack)
        test = bt.Backtest(strategy, prices, initial_capital=CASH, commissions=_commission, progress_bar=False)
        return bt.run(test, progress_bar=False)

    return Trial(run, _outcome)


def _commission(quantity: float, price: float) -> float:
    return abs(quantity) * price * COMMISSION


def _outcome(result: Any) -> Outcome:
    test = result.backtest_list[0]
    return {"equity": float(test.strategy.values.iloc[-1]), "fills": len(result.get_transactions())}
