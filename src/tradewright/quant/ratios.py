"""Reward for risk.

Risk-free rates and targets are per period, as the returns are; :func:`per_period` converts an annual rate. Ratios are
annualised with the square root of time, which assumes returns without serial correlation.
"""

from __future__ import annotations

import math

import numpy as np

from tradewright.quant.arrays import FloatArray, sequential_mean, sequential_sum
from tradewright.quant.drawdown import max_drawdown
from tradewright.quant.returns import cagr, equity_from_returns
from tradewright.quant.statistics import deviation, mean, require_sample, varying_deviation
from tradewright.quant.undefined import Undefined

__all__ = ["calmar", "downside_risk", "omega", "per_period", "sharpe", "sortino", "volatility"]


def per_period(annual_rate: float, periods_per_year: float) -> float:
    """An annual rate shared out evenly: arithmetic, as the mean return it is taken from is annualised (Sharpe 1994)."""
    return annual_rate / periods_per_year


def volatility(returns: FloatArray, periods_per_year: float, ddof: int = 1) -> float:
    """Standard deviation of returns times √periods_per_year."""
    return deviation(returns, ddof) * math.sqrt(periods_per_year)


def downside_risk(returns: FloatArray, periods_per_year: float, target: float = 0.0) -> float:
    """Root mean square of the shortfalls below ``target`` over *all* periods, times √periods_per_year."""
    return _downside_deviation(returns, target) * math.sqrt(periods_per_year)


def sharpe(returns: FloatArray, periods_per_year: float, risk_free: float = 0.0, ddof: int = 1) -> float:
    """Mean excess return over its deviation, times √periods_per_year (Sharpe 1994).

    Parameters
    ----------
    returns : ndarray
        At least ``ddof + 1`` simple returns.
    periods_per_year : float
        Periods in a year; 1 leaves the ratio per period.
    risk_free : float
        Risk-free return per period.
    ddof : int
        Degrees of freedom taken off the deviation.

    Raises
    ------
    Undefined
        If there are too few returns, or the excess returns do not vary.
    """
    excess = returns - risk_free
    return mean(excess) / varying_deviation(excess, ddof) * math.sqrt(periods_per_year)


def sortino(returns: FloatArray, periods_per_year: float, target: float = 0.0) -> float:
    """Mean return above ``target`` over the downside deviation, times √periods_per_year (Sortino and Price 1994).

    Raises
    ------
    Undefined
        If no return fell below the target.
    """
    downside = _downside_deviation(returns, target)
    if downside == 0.0:
        raise Undefined("no return fell below the target")
    return mean(returns - target) / downside * math.sqrt(periods_per_year)


def calmar(returns: FloatArray, periods_per_year: float) -> float:
    """Compound annual growth over the depth of the worst drawdown (Young 1991).

    Raises
    ------
    Undefined
        If there was no drawdown.
    """
    depth = -max_drawdown(equity_from_returns(require_sample(returns)))
    if depth == 0.0:
        raise Undefined("there was no drawdown")
    return cagr(returns, periods_per_year) / depth


def omega(returns: FloatArray, threshold: float = 0.0) -> float:
    """Sum of gains above ``threshold`` over sum of shortfalls below it (Keating and Shadwick 2002).

    Raises
    ------
    Undefined
        If no return fell below the threshold.
    """
    excess = require_sample(returns) - threshold
    shortfall = -sequential_sum(np.minimum(excess, 0.0))
    if shortfall == 0.0:
        raise Undefined("no return fell below the threshold")
    return sequential_sum(np.maximum(excess, 0.0)) / shortfall


def _downside_deviation(returns: FloatArray, target: float) -> float:
    shortfall = np.minimum(require_sample(returns) - target, 0.0)
    return math.sqrt(sequential_mean(shortfall * shortfall))
