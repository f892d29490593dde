"""backtrader: preloaded pandas feed, vectorised indicators (`runonce`), no observers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.peers.rules import CASH, COMMISSION, FAST, QUANTITY, SLOW
from benchmarks.workload import Outcome, Trial

if TYPE_CHECKING:
    from benchmarks.market import Market


def sma_cross(market: Market) -> Trial:
    """P1; market orders fill at the next open."""
    import backtrader as bt
    import pandas as pd

    class SmaCross(bt.Strategy):
        def __init__(self) -> None:
            self.signal = bt.ind.CrossOver(bt.ind.SMA(period=FAST), bt.ind.SMA(period=SLOW))
            self.fills = 0

        def next(self) -> None:
            signal = self.signal[0]
            if signal > 0:
                self.buy(size=QUANTITY)
            elif signal < 0:
                self.close()

        def notify_order(self, order: Any) -> None:
            self.fills += order.status == order.Completed

    columns = {name: getattr(market, name)[0] for name in ("open", "high", "low", "close", "volume")}
    frame = pd.DataFrame(columns, index=pd.DatetimeIndex(market.open_time.view("datetime64[ns]")))

    def run() -> Any:
        cerebro = bt.Cerebro(stdstats=False)
        cerebro.adddata(bt.feeds.PandasData(dataname=frame, openinterest=None))
        cerebro.addstrategy(SmaCross)
        cerebro.broker.setcash(CASH)
        cerebro.broker.setcommission(commission=COMMISSION)
        return cerebro, cerebro.run(maxcpus=1)[0]

    return Trial(run, _outcome)


def _outcome(answer: Any) -> Outcome:
    cerebro, strategy = answer
    return {"equity": float(cerebro.broker.getvalue()), "fills": int(strategy.fills)}
