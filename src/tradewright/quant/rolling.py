"""Ratios over a window that moves along the returns: one value per return, NaN where the window has no answer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from tradewright.quant.statistics import NO_VARIATION

if TYPE_CHECKING:
    from tradewright.quant.arrays import FloatArray

__all__ = ["rolling_sharpe", "rolling_volatility"]

_AT_ONCE = 4_096
"""Windows computed together: two passes over each window without a copy of all of them."""


def rolling_volatility(returns: FloatArray, window: int, periods_per_year: float) -> FloatArray:
    """Standard deviation (ddof 1) of the last ``window`` returns times √periods_per_year; (n,) float64.

    The first ``window - 1`` values are NaN, and so is every window that holds a value which is not finite.

    Examples
    --------
    >>> rolling_volatility(np.array([0.01, -0.01, 0.03]), 2, 1.0).round(6).tolist()
    [nan, 0.014142, 0.028284]
    """
    _, deviation = _moments(returns, window)
    return deviation * math.sqrt(periods_per_year)


def rolling_sharpe(returns: FloatArray, window: int, periods_per_year: float, risk_free: float = 0.0) -> FloatArray:
    """Mean excess return over its deviation (ddof 1) in the last ``window`` returns, a year; (n,) float64.

    NaN before the first whole window, and where the returns of a window do not vary (`NO_VARIATION` of their size).

    Parameters
    ----------
    returns : (n,) float64
    window : int
        At least 2.
    periods_per_year : float
    risk_free : float
        Risk-free return per period.

    Examples
    --------
    >>> rolling_sharpe(np.array([0.01, 0.03, 0.03, 0.03]), 2, 1.0).round(6).tolist()
    [nan, 1.414214, nan, nan]
    """
    excess = returns - risk_free
    mean, deviation = _moments(excess, window)
    size = np.full(len(excess), np.nan)
    if len(excess) >= window:
        size[window - 1 :] = sliding_window_view(np.abs(excess), window).max(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: FloatArray = mean / deviation * math.sqrt(periods_per_year)
    ratio[~(deviation > NO_VARIATION * size)] = np.nan
    return ratio


def _moments(values: FloatArray, window: int) -> tuple[FloatArray, FloatArray]:
    """Mean and deviation of each window, aligned with its last value."""
    mean, deviation = np.full(len(values), np.nan), np.full(len(values), np.nan)
    if len(values) < window:
        return mean, deviation
    views = sliding_window_view(values, window)
    for first in range(0, len(views), _AT_ONCE):
        block = views[first : first + _AT_ONCE]
        place = slice(first + window - 1, first + window - 1 + len(block))
        mean[place] = block.mean(axis=1)
        deviation[place] = np.sqrt(np.square(block - mean[place, None]).sum(axis=1) / (window - 1))
    return mean, deviation
