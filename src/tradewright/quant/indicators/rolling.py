"""Statistics over the last ``period`` values, the current one included.

Every value is computed from its window alone, in an order that does not depend on the length of the history, so that a
longer history never changes an earlier value, not even in its last bit.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from tradewright.domain.errors import ConfigError
from tradewright.quant.arrays import divided
from tradewright.quant.indicators.contract import from_talib, indicator
from tradewright.quant.talib_gateway import compute

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.quant.arrays import FloatArray

__all__ = [
    "percent_rank",
    "rolling_kurtosis",
    "rolling_max",
    "rolling_mean",
    "rolling_median",
    "rolling_min",
    "rolling_quantile",
    "rolling_skew",
    "rolling_std",
    "rolling_sum",
    "rolling_zscore",
]

BLOCK_VALUES = 1 << 16


@indicator("close", warmup=from_talib("SMA"), source="TA-Lib SMA")
def rolling_mean(values: FloatArray, period: int = 20) -> FloatArray:
    """Arithmetic mean; the same numbers as ``sma``."""
    return compute("SMA", (values,), period)


@indicator("close", warmup=from_talib("SUM"), source="TA-Lib SUM")
def rolling_sum(values: FloatArray, period: int = 20) -> FloatArray:
    """Sum."""
    return compute("SUM", (values,), period)


@indicator("close", warmup=from_talib("MIN"), source="TA-Lib MIN")
def rolling_min(values: FloatArray, period: int = 20) -> FloatArray:
    """Smallest value."""
    return compute("MIN", (values,), period)


@indicator("close", warmup=from_talib("MAX"), source="TA-Lib MAX")
def rolling_max(values: FloatArray, period: int = 20) -> FloatArray:
    """Largest value."""
    return compute("MAX", (values,), period)


def _warmup_with_freedom(period: int, ddof: int) -> int:
    if not 0 <= ddof < period:
        raise ConfigError(
            f"A deviation over {period} values cannot use ddof={ddof}.", hint="Choose 0 <= ddof < period."
        )
    return period - 1


@indicator("close", warmup=_warmup_with_freedom, source="Tradewright, on TA-Lib STDDEV", may_be_zero=("ddof",))
def rolling_std(values: FloatArray, period: int = 20, ddof: int = 1) -> FloatArray:
    """Standard deviation with ``ddof`` degrees of freedom taken off (1: sample, 0: population)."""
    _warmup_with_freedom(period, ddof)
    return compute("STDDEV", (values,), period, 1.0) * math.sqrt(period / (period - ddof))


@indicator("close", warmup=_warmup_with_freedom, source="Tradewright, on TA-Lib SMA and STDDEV", may_be_zero=("ddof",))
def rolling_zscore(values: FloatArray, period: int = 20, ddof: int = 1) -> FloatArray:
    """Distance from the mean in standard deviations; NaN where the window does not vary."""
    deviation = rolling_std(values, period, ddof)
    return divided(values - compute("SMA", (values,), period), deviation)


@indicator("close", warmup=lambda period: period - 1)
def rolling_median(values: FloatArray, period: int = 20) -> FloatArray:
    """Median, the mean of the two middle values where the period is even."""
    return _over_sorted_windows(values, period, 0.5)


def _quantile_warmup(period: int, quantile: float) -> int:
    if not 0.0 <= quantile <= 1.0:
        raise ConfigError(f"rolling_quantile cannot use quantile={quantile}.", hint="Choose a number from 0 to 1.")
    return period - 1


@indicator("close", warmup=_quantile_warmup)
def rolling_quantile(values: FloatArray, period: int = 20, quantile: float = 0.5) -> FloatArray:
    """Quantile with linear interpolation between order statistics (Hyndman and Fan 1996, type 7)."""
    _quantile_warmup(period, quantile)
    return _over_sorted_windows(values, period, quantile)


@indicator("close", warmup=lambda period: period - 1)
def rolling_skew(values: FloatArray, period: int = 20) -> FloatArray:
    """Population skewness m3 / m2^1.5; NaN where the window does not vary."""

    def skewness(windows: FloatArray) -> FloatArray:
        deviations = _deviations(windows)
        second = _mean_over_rows(deviations * deviations)
        third = _mean_over_rows(deviations * deviations * deviations)
        return divided(third, second * np.sqrt(second))

    return _by_blocks(values, period, skewness)


@indicator("close", warmup=lambda period: period - 1)
def rolling_kurtosis(values: FloatArray, period: int = 20) -> FloatArray:
    """Population kurtosis m4 / m2², 3 for a normal distribution; NaN where the window does not vary."""

    def kurtosis(windows: FloatArray) -> FloatArray:
        squares = _deviations(windows)
        squares *= squares
        second = _mean_over_rows(squares)
        return divided(_mean_over_rows(squares * squares), second * second)

    return _by_blocks(values, period, kurtosis)


@indicator("close", warmup=from_talib("PERCENTRANK"), source="TA-Lib PERCENTRANK")
def percent_rank(values: FloatArray, period: int = 100) -> FloatArray:
    """Share of the ``period`` values before the current one that lie strictly below it, 0 to 100."""
    return compute("PERCENTRANK", (values,), period)


def _over_sorted_windows(values: FloatArray, period: int, quantile: float) -> FloatArray:
    position = (period - 1) * quantile
    lower = math.floor(position)
    upper = min(lower + 1, period - 1)

    def interpolated(windows: FloatArray) -> FloatArray:
        ordered = np.sort(windows, axis=0)
        step: FloatArray = (ordered[upper] - ordered[lower]) * (position - lower)
        quantiles: FloatArray = ordered[lower] + step
        return quantiles

    return _by_blocks(values, period, interpolated)


def _by_blocks(values: FloatArray, period: int, statistic: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """Apply a statistic to windows, laid out as one row per place in the window, a block of bars at a time.

    Adding row to row keeps the order of summation the same for every bar; blocks keep the rows in the cache.
    """
    result = np.full(len(values), np.nan)
    if len(values) < period:
        return result
    windows = sliding_window_view(values, period)
    bars = max(BLOCK_VALUES // period, 1)
    for start in range(0, len(windows), bars):
        block = np.ascontiguousarray(windows[start : start + bars].T)
        result[period - 1 + start : period - 1 + start + block.shape[1]] = statistic(block)
    return result


def _deviations(windows: FloatArray) -> FloatArray:
    """Distances from the window's mean, taken from its first value on so that equal values give exact zeros."""
    shifted: FloatArray = windows - windows[0]
    shifted -= _mean_over_rows(shifted)
    return shifted


def _mean_over_rows(rows: FloatArray) -> FloatArray:
    total = rows[0].copy()
    for row in rows[1:]:
        total += row
    means: FloatArray = total / len(rows)
    return means
