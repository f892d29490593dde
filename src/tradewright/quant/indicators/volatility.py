"""Range and dispersion of prices."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from tradewright.quant.arrays import divided
from tradewright.quant.indicators.contract import from_talib, indicator
from tradewright.quant.indicators.rolling import rolling_std
from tradewright.quant.talib_gateway import compute

if TYPE_CHECKING:
    from tradewright.quant.arrays import FloatArray

__all__ = ["atr", "historical_volatility", "log_returns", "natr", "simple_returns", "true_range"]


@indicator("high", "low", "close", warmup=from_talib("TRANGE"), source="TA-Lib TRANGE")
def true_range(high: FloatArray, low: FloatArray, close: FloatArray) -> FloatArray:
    """Range of the bar widened by the previous close (Wilder 1978); the first bar has none."""
    return compute("TRANGE", (high, low, close))


@indicator("high", "low", "close", warmup=from_talib("ATR"), source="TA-Lib ATR", carries=("high", "low"))
def atr(high: FloatArray, low: FloatArray, close: FloatArray, period: int = 14) -> FloatArray:
    """Average true range: Wilder's average seeded with the mean of the first ``period`` true ranges (Wilder 1978)."""
    return compute("ATR", (high, low, close), period)


@indicator("high", "low", "close", warmup=from_talib("NATR"), source="TA-Lib NATR")
def natr(high: FloatArray, low: FloatArray, close: FloatArray, period: int = 14) -> FloatArray:
    """Average true range in percent of the close."""
    return compute("NATR", (high, low, close), period)


@indicator("close", warmup=lambda lag: lag)
def simple_returns(close: FloatArray, lag: int = 1) -> FloatArray:
    """Return over ``lag`` bars as a fraction; NaN behind a price that is not positive."""
    before, now = close[:-lag], close[lag:]
    returns = np.full(len(close), np.nan)
    returns[lag:] = divided(now, before) - 1.0
    return returns


@indicator("close", warmup=lambda lag: lag)
def log_returns(close: FloatArray, lag: int = 1) -> FloatArray:
    """Logarithmic return over ``lag`` bars; NaN where a price is not positive."""
    logs = np.log(close, out=np.full(len(close), np.nan), where=close > 0.0)
    returns = np.full(len(close), np.nan)
    returns[lag:] = logs[lag:] - logs[:-lag]
    return returns


@indicator("close", warmup=lambda period, periods_per_year: period, source="Tradewright, on TA-Lib STDDEV")  # noqa: ARG005
def historical_volatility(close: FloatArray, period: int = 20, periods_per_year: float = 252.0) -> FloatArray:
    """Sample deviation (ddof=1) of the last ``period`` log returns, annualised, as a fraction.

    ``period`` is at least 2; ``periods_per_year`` is the bars in a year, 252 for daily bars of a session market.
    """
    returns = log_returns(close)
    volatility = np.full(len(close), np.nan)
    volatility[1:] = rolling_std(returns[1:], period) * math.sqrt(periods_per_year)
    return volatility
