"""P2 of the peers: a thousand pairs of averages over the same bars, each in the engine's own way of searching."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.peers.bare_loops import compiled
from benchmarks.peers.rules import CASH, COMMISSION, QUANTITY
from benchmarks.workload import Outcome, Trial

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.market import Market

    Floats = NDArray[np.float64]

FASTS = range(2, 52, 2)
SLOWS = range(55, 255, 5)
PAIRS = len(FASTS) * len(SLOWS)
DAY = 1_440
_BLOCK = 50
"""Columns that vectorbt simulates at a time: all at once would not fit."""


def sums_loop(  # noqa: C901 - one loop, so that nothing but arithmetic is measured
    opened: Floats, close: Floats, fast: int, slow: int, first: int, cash: float
) -> float:
    """One pair with running sums from the first bar on, trading from `first` on; gives the deepest drawdown, too."""
    begun, position, wanted, peak, deepest = cash, 0.0, 0.0, cash, 0.0
    fast_sum, slow_sum, difference = 0.0, 0.0, 0.0
    equity = cash
    for i in range(len(close)):
        if wanted != position:
            traded = wanted - position
            cash -= traded * opened[i] + abs(traded) * opened[i] * COMMISSION
            position = wanted
        fast_sum += close[i]
        slow_sum += close[i]
        if i >= fast:
            fast_sum -= close[i - fast]
        if i >= slow:
            slow_sum -= close[i - slow]
        if i >= slow - 1:
            before, difference = difference, fast_sum / fast - slow_sum / slow
            if i >= first and before <= 0.0 < difference:
                wanted = QUANTITY
            elif i >= first and before >= 0.0 > difference:
                wanted = 0.0
        if i >= first:
            equity = cash + position * close[i]
            peak = max(peak, equity)
            deepest = min(deepest, equity / peak - 1.0)
    return equity / begun - 1.0 + 0.0 * deepest


def numba_loop(market: Market) -> Trial:
    """The arithmetic alone, pair after pair on one thread."""
    opened, close, loop = market.open[0], market.close[0], compiled(sums_loop)

    def run() -> float:
        return sum(loop(opened, close, fast, slow, DAY, CASH) for fast, slow in product(FASTS, SLOWS))

    return Trial(run, lambda total: {"returns": float(total)})


def backtesting_py(market: Market) -> Trial:
    """`Backtest.optimize` over the grid, with as many processes as it takes."""
    import pandas as pd
    from backtesting import Backtest

    columns = {name.title(): getattr(market, name)[0] for name in ("open", "high", "low", "close", "volume")}
    frame = pd.DataFrame(columns, index=pd.DatetimeIndex(market.open_time.view("datetime64[ns]")))
    search = Backtest(frame, _pair(), cash=CASH, commission=COMMISSION)

    def run() -> Any:
        return search.optimize(fast=list(FASTS), slow=list(SLOWS), maximize="Equity Final [$]", return_heatmap=True)

    return Trial(run, lambda _: {})


@cache
def _pair() -> type:
    """The strategy, under a name of this module, so that its processes find it."""
    import pandas as pd
    from backtesting import Strategy
    from backtesting.lib import crossover

    class Pair(Strategy):
        fast, slow = 10, 30

        def init(self) -> None:
            close = pd.Series(self.data.Close)
            self.fast_ma, self.slow_ma = (
                self.I(lambda length=length: close.rolling(length).mean(), plot=False)
                for length in (self.fast, self.slow)
            )

        def next(self) -> None:
            if crossover(self.fast_ma, self.slow_ma):
                self.buy(size=QUANTITY)
            elif crossover(self.slow_ma, self.fast_ma):
                self.position.close()

    Pair.__qualname__ = "Pair"
    globals()["Pair"] = Pair
    return Pair


def vectorbt(market: Market) -> Trial:
    """Signals of many pairs as columns of one simulation, total return and Sharpe ratio of each."""
    opened, close = market.open[0], market.close[0]

    def run() -> float:
        pairs = list(product(FASTS, SLOWS))
        return sum(_simulated(opened, close, pairs[place : place + _BLOCK]) for place in range(0, len(pairs), _BLOCK))

    return Trial(run, _outcome)


def _outcome(total: float) -> Outcome:
    return {"returns": float(total)}


def _simulated(opened: Floats, close: Floats, pairs: list[tuple[int, int]]) -> float:
    import vectorbt as vbt
    from vectorbt.generic import dispatch

    column = close[:, None]
    lengths = sorted({length for pair in pairs for length in pair})
    means = {length: dispatch.rolling_mean(column, length)[:, 0] for length in lengths}
    entries, exits = np.zeros((2, len(close), len(pairs)), dtype=np.bool_)
    for place, (fast, slow) in enumerate(pairs):
        above, below = means[fast] > means[slow], means[fast] < means[slow]
        entries[2:, place] = above[1:-1] & ~above[:-2]
        exits[2:, place] = below[1:-1] & ~below[:-2]
    entries[: DAY + 1] = exits[: DAY + 1] = False
    portfolio = vbt.Portfolio.from_signals(
        column, entries, exits, size=QUANTITY, price=opened[:, None], fees=COMMISSION, init_cash=CASH, freq="1min"
    )
    portfolio.sharpe_ratio()
    return float(np.sum(portfolio.total_return()))
