"""Shape of the return distribution: historical value at risk, tails, and how straight the growth was.

Quantiles interpolate linearly between order statistics (Hyndman and Fan 1996, type 7).
"""

from __future__ import annotations

import numpy as np

from tradewright.domain.errors import ConfigError
from tradewright.quant.arrays import FloatArray, sequential_mean, sequential_sum
from tradewright.quant.statistics import require_sample, varying_deviation
from tradewright.quant.undefined import Undefined

__all__ = ["conditional_value_at_risk", "stability", "tail_ratio", "value_at_risk"]


def value_at_risk(returns: FloatArray, level: float = 0.05) -> float:
    """Return that only a share ``level`` of the periods fell short of; as a return, so a loss is negative."""
    if not 0.0 < level < 1.0:
        raise ConfigError(f"Value at risk needs a level between 0 and 1, not {level}.", hint="Use 0.05 for 95 %.")
    return float(np.quantile(require_sample(returns), level))


def conditional_value_at_risk(returns: FloatArray, level: float = 0.05) -> float:
    """Mean of the returns at or below the value at risk (Rockafellar and Uryasev 2000)."""
    return sequential_mean(returns[returns <= value_at_risk(returns, level)])


def tail_ratio(returns: FloatArray) -> float:
    """Size of the 95th percentile over the size of the 5th.

    Raises
    ------
    Undefined
        If the 5th percentile is zero.
    """
    lower = abs(value_at_risk(returns, 0.05))
    if lower == 0.0:
        raise Undefined("the 5th percentile of the returns is zero")
    return abs(float(np.quantile(returns, 0.95))) / lower


def stability(returns: FloatArray) -> float:
    """R² of a straight line through cumulative log returns: 1 for steady growth.

    Raises
    ------
    Undefined
        If there are fewer than two returns, one of them loses everything, or the cumulated returns do not vary.
    """
    if np.any(require_sample(returns, 2) <= -1.0):
        raise Undefined("a return of -100 % or less has no logarithm")
    level = np.cumsum(np.log1p(returns))
    time = np.arange(len(level), dtype=np.float64)
    scale = varying_deviation(level, 0, "cumulated returns") * varying_deviation(time, 0)
    covariance = sequential_sum((level - sequential_mean(level)) * (time - sequential_mean(time))) / len(level)
    return (covariance / scale) * (covariance / scale)
