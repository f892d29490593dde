"""The same arithmetic with nothing around it: what the machine can do, not what an engine does.

The Numba functions are plain Python until `compiled` decorates them, so that importing this module needs no Numba.
They keep an equity curve and count fills; they know no order, no fill table, no metrics and no limits. The numpy
version shows what arrays alone reach.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.peers.rules import CASH, COMMISSION, FAST, INVESTED, LOOKBACK, QUANTITY, SLOW, STOP, TARGET, TOP
from benchmarks.workload import Outcome, Trial

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from benchmarks.market import Market

    Floats = NDArray[np.float64]


def idle_loop(close: Floats, equity: Floats, cash: float) -> int:
    """Mark an empty account on every bar."""
    for i in range(len(close)):
        equity[i] = cash + 0.0 * close[i]
    return 0


def cross_loop(opened: Floats, close: Floats, equity: Floats, cash: float) -> int:
    """P1 with running sums, market orders at the next open."""
    position, wanted, fills = 0.0, 0.0, 0
    fast_sum, slow_sum, difference = 0.0, 0.0, 0.0
    for i in range(len(close)):
        if wanted != position:
            traded = wanted - position
            cash -= traded * opened[i] + abs(traded) * opened[i] * COMMISSION
            position = wanted
            fills += 1
        fast_sum += close[i]
        slow_sum += close[i]
        if i >= FAST:
            fast_sum -= close[i - FAST]
        if i >= SLOW:
            slow_sum -= close[i - SLOW]
        if i >= SLOW - 1:
            before, difference = difference, fast_sum / FAST - slow_sum / SLOW
            if i >= SLOW and before <= 0.0 < difference:
                wanted = QUANTITY
            elif i >= SLOW and before >= 0.0 > difference:
                wanted = 0.0
        equity[i] = cash + position * close[i]
    return fills


def bracket_loop(opened: Floats, high: Floats, low: Floats, close: Floats, equity: Floats, cash: float) -> int:  # noqa: C901 - one loop is the point
    """P1c: P1 with a stop and a target on every entry; both reached in one bar is a stop."""
    position, wanted, fills, stop, target = 0.0, 0.0, 0, 0.0, 0.0
    fast_sum, slow_sum, difference = 0.0, 0.0, 0.0
    for i in range(len(close)):
        if wanted != position:
            traded = wanted - position
            cash -= traded * opened[i] + abs(traded) * opened[i] * COMMISSION
            position = wanted
            fills += 1
        if position > 0.0:
            price = 0.0
            if opened[i] <= stop or opened[i] >= target:
                price = opened[i]
            elif low[i] <= stop:
                price = stop
            elif high[i] > target:
                price = target
            if price > 0.0:
                cash += position * price * (1.0 - COMMISSION)
                position, wanted = 0.0, 0.0
                fills += 1
        fast_sum += close[i]
        slow_sum += close[i]
        if i >= FAST:
            fast_sum -= close[i - FAST]
        if i >= SLOW:
            slow_sum -= close[i - SLOW]
        if i >= SLOW - 1:
            before, difference = difference, fast_sum / FAST - slow_sum / SLOW
            if i >= SLOW and before <= 0.0 < difference:
                wanted, stop, target = QUANTITY, close[i] * STOP, close[i] * TARGET
            elif i >= SLOW and before >= 0.0 > difference:
                wanted = 0.0
        equity[i] = cash + position * close[i]
    return fills


def momentum_loop(opened: Floats, close: Floats, starts: Any, equity: Floats, cash: float) -> int:  # noqa: C901 - one loop is the point
    """P3: columns are days by symbols; whole shares from the last close, sells before buys at the next open."""
    days, symbols = close.shape
    position, wanted = np.zeros(symbols), np.zeros(symbols)
    pending, fills = False, 0
    for day in range(days):
        if pending:
            for sells in (True, False):
                for k in range(symbols):
                    traded = wanted[k] - position[k]
                    if traded != 0.0 and (traded < 0.0) == sells:
                        cash -= traded * opened[day, k] + abs(traded) * opened[day, k] * COMMISSION
                        position[k] = wanted[k]
                        fills += 1
            pending = False
        value = cash
        for k in range(symbols):
            value += position[k] * close[day, k]
        equity[day] = value
        if starts[day] and day >= LOOKBACK:
            order = np.argsort(-close[day] / close[day - LOOKBACK])
            wanted[:] = 0.0
            for k in order[:TOP]:
                wanted[k] = np.floor(value * INVESTED / TOP / close[day, k] / (1.0 + COMMISSION))
            pending = True
    return fills


def idle(market: Market) -> Trial:
    """P1b compiled."""
    return _compiled_trial(idle_loop, market.close[0])


def sma_cross(market: Market) -> Trial:
    """P1 compiled."""
    return _compiled_trial(cross_loop, market.open[0], market.close[0])


def bracketed(market: Market) -> Trial:
    """P1c compiled."""
    return _compiled_trial(bracket_loop, market.open[0], market.high[0], market.low[0], market.close[0])


def momentum(market: Market) -> Trial:
    """P3 compiled."""
    return _compiled_trial(
        momentum_loop, np.ascontiguousarray(market.open.T), np.ascontiguousarray(market.close.T), market.month_starts
    )


def sma_cross_numpy(market: Market) -> Trial:
    """P1 with arrays only."""
    return Trial(lambda: cross_arrays(market.open[0], market.close[0]), _outcome)


def cross_arrays(opened: Floats, close: Floats) -> tuple[int, Floats]:
    """P1 with cumulative sums; every crossing after the first upward one trades at the next open."""
    total = np.concatenate(([0.0], np.cumsum(close)))
    fast, slow = ((total[SLOW:] - total[SLOW - length : -length]) / length for length in (FAST, SLOW))
    side = np.sign(fast - slow)
    at = np.flatnonzero(side[1:] != side[:-1]) + SLOW + 1
    at = at[at < len(close)]
    buys = side[at - SLOW] > 0
    skip = 0 if len(at) == 0 or buys[0] else 1
    at, buys = at[skip:], buys[skip:]
    traded = np.zeros(len(close))
    traded[at] = np.where(buys, QUANTITY, -QUANTITY)
    spent = traded * opened + np.abs(traded) * opened * COMMISSION
    return len(at), CASH - np.cumsum(spent) + np.cumsum(traded) * close


@cache
def compiled(loop: Callable[..., int]) -> Callable[..., int]:
    """Return the loop compiled by Numba."""
    import numba

    decorated: Callable[..., int] = numba.njit(cache=True)(loop)
    return decorated


def _compiled_trial(loop: Callable[..., int], *columns: NDArray[Any]) -> Trial:
    def run() -> tuple[int, Floats]:
        equity = np.empty(len(columns[0]))
        return compiled(loop)(*columns, equity, CASH), equity

    return Trial(run, _outcome)


def _outcome(answer: tuple[int, Floats]) -> Outcome:
    fills, equity = answer
    return {"equity": float(equity[-1]), "fills": fills}
