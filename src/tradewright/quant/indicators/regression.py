"""Lines through the last ``period`` values, and how two series move together; all of TA-Lib.

Where a function takes two series, their names are no bar columns: both have to be given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.quant.indicators.contract import from_talib, indicator
from tradewright.quant.talib_gateway import compute

if TYPE_CHECKING:
    from tradewright.quant.arrays import FloatArray

__all__ = [
    "beta",
    "correlation",
    "linear_regression",
    "linear_regression_angle",
    "linear_regression_intercept",
    "linear_regression_slope",
    "stddev",
    "time_series_forecast",
    "variance",
]


@indicator("close", warmup=from_talib("LINEARREG"), source="TA-Lib LINEARREG")
def linear_regression(values: FloatArray, period: int = 14) -> FloatArray:
    """Least-squares line through the window, read at the current bar."""
    return compute("LINEARREG", (values,), period)


@indicator("close", warmup=from_talib("LINEARREG_SLOPE"), source="TA-Lib LINEARREG_SLOPE")
def linear_regression_slope(values: FloatArray, period: int = 14) -> FloatArray:
    """Slope of the least-squares line, in units per bar."""
    return compute("LINEARREG_SLOPE", (values,), period)


@indicator("close", warmup=from_talib("LINEARREG_INTERCEPT"), source="TA-Lib LINEARREG_INTERCEPT")
def linear_regression_intercept(values: FloatArray, period: int = 14) -> FloatArray:
    """Least-squares line read at the first bar of the window."""
    return compute("LINEARREG_INTERCEPT", (values,), period)


@indicator("close", warmup=from_talib("LINEARREG_ANGLE"), source="TA-Lib LINEARREG_ANGLE")
def linear_regression_angle(values: FloatArray, period: int = 14) -> FloatArray:
    """Arc tangent of the slope, in degrees."""
    return compute("LINEARREG_ANGLE", (values,), period)


@indicator("close", warmup=from_talib("TSF"), source="TA-Lib TSF")
def time_series_forecast(values: FloatArray, period: int = 14) -> FloatArray:
    """Least-squares line through the window, read one bar ahead."""
    return compute("TSF", (values,), period)


@indicator("close", warmup=from_talib("STDDEV"), source="TA-Lib STDDEV")
def stddev(values: FloatArray, period: int = 5, deviations: float = 1.0) -> FloatArray:
    """Population standard deviation times ``deviations``; ``rolling_std`` has the sample form."""
    return compute("STDDEV", (values,), period, deviations)


@indicator("close", warmup=from_talib("VAR"), source="TA-Lib VAR")
def variance(values: FloatArray, period: int = 5) -> FloatArray:
    """Population variance."""
    return compute("VAR", (values,), period)


@indicator("first", "second", warmup=from_talib("CORREL"), source="TA-Lib CORREL")
def correlation(first: FloatArray, second: FloatArray, period: int = 30) -> FloatArray:
    """Pearson's correlation of two series of levels; 0 where one of them does not vary."""
    return compute("CORREL", (first, second), period)


@indicator("benchmark", "asset", warmup=from_talib("BETA"), source="TA-Lib BETA")
def beta(benchmark: FloatArray, asset: FloatArray, period: int = 5) -> FloatArray:
    """Slope of the asset's one-bar returns on the benchmark's over ``period`` returns; inputs are price levels."""
    return compute("BETA", (benchmark, asset), period)
