"""Returns beside a benchmark's, period by period.

Both series cover the same periods; :class:`Undefined` says so where their lengths differ.
"""

from __future__ import annotations

import math

import numpy as np

from tradewright.quant.arrays import FloatArray, sequential_mean
from tradewright.quant.statistics import deviation, mean, require_sample, varying_deviation
from tradewright.quant.undefined import Undefined

__all__ = ["active_return", "alpha", "benchmark_correlation", "beta", "information_ratio", "tracking_error"]


def beta(returns: FloatArray, benchmark: FloatArray) -> float:
    """Slope of returns on the benchmark's: covariance over the benchmark's variance.

    Raises
    ------
    Undefined
        If the series differ in length, have fewer than two values, or the benchmark does not vary.
    """
    spread = varying_deviation(benchmark, 0, "benchmark returns")
    return _covariance(returns, benchmark) / (spread * spread)


def alpha(returns: FloatArray, benchmark: FloatArray, periods_per_year: float, risk_free: float = 0.0) -> float:
    """Jensen's alpha times ``periods_per_year``, without compounding (Jensen 1968); ``risk_free`` is per period."""
    slope = beta(returns, benchmark)
    return (mean(returns - risk_free) - slope * mean(benchmark - risk_free)) * periods_per_year


def active_return(returns: FloatArray, benchmark: FloatArray, periods_per_year: float) -> float:
    """Mean difference to the benchmark times ``periods_per_year``."""
    return mean(_active(returns, benchmark)) * periods_per_year


def tracking_error(returns: FloatArray, benchmark: FloatArray, periods_per_year: float, ddof: int = 1) -> float:
    """Standard deviation of the difference to the benchmark times √periods_per_year; 0 for a perfect replica."""
    return deviation(_active(returns, benchmark), ddof) * math.sqrt(periods_per_year)


def information_ratio(returns: FloatArray, benchmark: FloatArray, periods_per_year: float, ddof: int = 1) -> float:
    """Mean difference to the benchmark over its deviation, times √periods_per_year (Grinold and Kahn 2000).

    Raises
    ------
    Undefined
        If the difference does not vary.
    """
    active = _active(returns, benchmark)
    require_sample(active, ddof + 1)
    size = float(np.max(np.abs(returns)))
    spread = varying_deviation(active, ddof, "differences to the benchmark", magnitude=size)
    return mean(active) / spread * math.sqrt(periods_per_year)


def benchmark_correlation(returns: FloatArray, benchmark: FloatArray) -> float:
    """Pearson's correlation with the benchmark.

    Raises
    ------
    Undefined
        If one of the series does not vary.
    """
    spread = varying_deviation(returns, 0) * varying_deviation(benchmark, 0, "benchmark returns")
    return _covariance(returns, benchmark) / spread


def _active(returns: FloatArray, benchmark: FloatArray) -> FloatArray:
    _require_same_periods(returns, benchmark)
    return returns - benchmark


def _covariance(returns: FloatArray, benchmark: FloatArray) -> float:
    _require_same_periods(returns, benchmark)
    require_sample(returns, 2)
    return sequential_mean((returns - sequential_mean(returns)) * (benchmark - sequential_mean(benchmark)))


def _require_same_periods(returns: FloatArray, benchmark: FloatArray) -> None:
    if len(returns) != len(benchmark):
        raise Undefined(f"there are {len(returns)} returns but {len(benchmark)} benchmark returns")
