"""From values to returns and back, and growth per year.

Returns are simple and fractions: 0.01 is one percent. ``periods_per_year`` comes from the calendar (252 sessions, 365
days around the clock) and has no default anywhere.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from tradewright.quant.statistics import mean, require_sample
from tradewright.quant.undefined import Undefined

if TYPE_CHECKING:
    from tradewright.quant.arrays import FloatArray

__all__ = [
    "annual_return",
    "best_return",
    "cagr",
    "equity_from_returns",
    "growth_rate",
    "returns_from_equity",
    "total_return",
    "worst_return",
]


def returns_from_equity(equity: FloatArray) -> FloatArray:
    """Simple returns between consecutive values, one shorter than the equity.

    Raises
    ------
    Undefined
        If there are fewer than two values, or a value that is not positive stands before another one.
    """
    require_sample(equity, 2, "equity values")
    if np.any(equity[:-1] <= 0.0):
        raise Undefined("equity is not positive, so returns have no base")
    changes: FloatArray = equity[1:] / equity[:-1] - 1.0
    return changes


def equity_from_returns(returns: FloatArray, start: float = 1.0) -> FloatArray:
    """Compounded equity, one longer than the returns, beginning with the starting capital."""
    equity = np.empty(len(returns) + 1)
    equity[0] = start
    np.cumprod(1.0 + require_sample(returns, 0), out=equity[1:])
    equity[1:] *= start
    return equity


def total_return(returns: FloatArray) -> float:
    """Compounded return over the whole sample."""
    return float(np.cumprod(1.0 + require_sample(returns))[-1]) - 1.0


def annual_return(returns: FloatArray, periods_per_year: float) -> float:
    """Arithmetic mean return times ``periods_per_year``: the numerator of the Sharpe ratio without a risk-free rate."""
    return mean(returns) * periods_per_year


def cagr(returns: FloatArray, periods_per_year: float) -> float:
    """Compound annual growth rate of a return series: ``(1 + total) ** (periods_per_year / n) - 1``."""
    return growth_rate(1.0, 1.0 + total_return(returns), len(returns) / periods_per_year)


def growth_rate(first: float, last: float, years: float) -> float:
    """Compound annual growth rate between two values ``years`` apart; -1 where everything is lost.

    Raises
    ------
    Undefined
        If no time has passed, the first value is not positive, the last is negative, or the rate is beyond a float.
    """
    if years <= 0.0:
        raise Undefined("no time has passed")
    if first <= 0.0 or last < 0.0:
        raise Undefined("growth needs a positive first value and a last value that is not negative")
    if last == 0.0:
        return -1.0
    exponent = math.log(last / first) / years
    if exponent > math.log(np.finfo(np.float64).max):
        raise Undefined("the span is too short to be annualised")
    return math.expm1(exponent)


def best_return(returns: FloatArray) -> float:
    """Largest return of one period."""
    return float(np.max(require_sample(returns)))


def worst_return(returns: FloatArray) -> float:
    """Smallest return of one period."""
    return float(np.min(require_sample(returns)))
