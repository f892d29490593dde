"""backtesting.py: crossings computed once as an indicator, `next` reads one value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.peers.rules import CASH, COMMISSION, FAST, QUANTITY, SLOW, STOP, TARGET
from benchmarks.workload import Outcome, Trial

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.market import Market


def crossings(close: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1 where the fast average crosses above the slow one, -1 where below, else 0."""
    import pandas as pd

    series = pd.Series(np.asarray(close))
    fast, slow = (series.rolling(length).mean().to_numpy() for length in (FAST, SLOW))
    before, now = fast[:-1] - slow[:-1], fast[1:] - slow[1:]
    signal = np.zeros(len(series))
    signal[1:] = ((before <= 0) & (now > 0)).astype(float) - ((before >= 0) & (now < 0))
    return signal


def sma_cross(market: Market) -> Trial:
    """P1."""
    from backtesting import Strategy

    class SmaCross(Strategy):
        def init(self) -> None:
            self.signal = self.I(crossings, self.data.Close, plot=False)

        def next(self) -> None:
            signal = self.signal[-1]
            if signal > 0:
                self.buy(size=QUANTITY)
            elif signal < 0:
                self.position.close()

    return _trial(SmaCross, market)


def bracketed(market: Market) -> Trial:
    """P1c."""
    from backtesting import Strategy

    class BracketedCross(Strategy):
        def init(self) -> None:
            self.signal = self.I(crossings, self.data.Close, plot=False)

        def next(self) -> None:
            signal = self.signal[-1]
            if signal > 0:
                close = self.data.Close[-1]
                self.buy(size=QUANTITY, sl=close * STOP, tp=close * TARGET)
            elif signal < 0:
                self.position.close()

    return _trial(BracketedCross, market)


def idle(market: Market) -> Trial:
    """P1b."""
    from backtesting import Strategy

    class Idle(Strategy):
        def init(self) -> None:
            pass

        def next(self) -> None:
            pass

    return _trial(Idle, market)


def _trial(strategy: type, market: Market) -> Trial:
    import pandas as pd
    from backtesting import Backtest

    columns = {name.title(): getattr(market, name)[0] for name in ("open", "high", "low", "close", "volume")}
    frame = pd.DataFrame(columns, index=pd.DatetimeIndex(market.open_time.view("datetime64[ns]")))
    return Trial(Backtest(frame, strategy, cash=CASH, commission=COMMISSION).run, _outcome)


def _outcome(stats: Any) -> Outcome:
    trades = stats["_trades"]
    open_trades = len(stats["_strategy"].trades)
    return {"equity": float(stats["Equity Final [$]"]), "fills": 2 * len(trades) + open_trades}
