"""Moving averages, all of TA-Lib.

Exponential averages are seeded with the simple average of the first ``period`` values, as TA-Lib and StockCharts do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.quant.indicators.contract import from_talib, indicator
from tradewright.quant.talib_gateway import compute

if TYPE_CHECKING:
    from tradewright.quant.arrays import FloatArray

__all__ = ["dema", "ema", "hma", "kama", "rma", "sma", "t3", "tema", "trima", "vwma", "wma", "zlema"]


@indicator("close", warmup=from_talib("SMA"), source="TA-Lib SMA", carries=("close",))
def sma(close: FloatArray, period: int = 30) -> FloatArray:
    """Return the simple moving average.

    TA-Lib keeps a running sum, so on constant prices averages of different periods may differ in the last bit; a
    crossing needs a change of order and is not caused by that.
    """
    return compute("SMA", (close,), period)


@indicator("close", warmup=from_talib("EMA"), source="TA-Lib EMA", carries=("close",))
def ema(close: FloatArray, period: int = 30) -> FloatArray:
    """Exponential moving average with smoothing 2 / (period + 1), seeded with the first simple average."""
    return compute("EMA", (close,), period)


@indicator("close", warmup=from_talib("RMA"), source="TA-Lib RMA")
def rma(close: FloatArray, period: int = 30) -> FloatArray:
    """Wilder's moving average: smoothing 1 / period, seeded with the first simple average (Wilder 1978)."""
    return compute("RMA", (close,), period)


@indicator("close", warmup=from_talib("WMA"), source="TA-Lib WMA")
def wma(close: FloatArray, period: int = 30) -> FloatArray:
    """Linearly weighted moving average, weight ``period`` on the newest value and 1 on the oldest."""
    return compute("WMA", (close,), period)


@indicator("close", warmup=from_talib("DEMA"), source="TA-Lib DEMA")
def dema(close: FloatArray, period: int = 30) -> FloatArray:
    """Double exponential moving average, 2 EMA - EMA(EMA) (Mulloy 1994)."""
    return compute("DEMA", (close,), period)


@indicator("close", warmup=from_talib("TEMA"), source="TA-Lib TEMA")
def tema(close: FloatArray, period: int = 30) -> FloatArray:
    """Triple exponential moving average, 3 EMA - 3 EMA(EMA) + EMA(EMA(EMA)) (Mulloy 1994)."""
    return compute("TEMA", (close,), period)


@indicator("close", warmup=from_talib("TRIMA"), source="TA-Lib TRIMA")
def trima(close: FloatArray, period: int = 30) -> FloatArray:
    """Triangular moving average: the simple average of a simple average."""
    return compute("TRIMA", (close,), period)


@indicator("close", warmup=from_talib("KAMA"), source="TA-Lib KAMA")
def kama(close: FloatArray, period: int = 30) -> FloatArray:
    """Kaufman's adaptive moving average with fast 2 and slow 30 (Kaufman 1995)."""
    return compute("KAMA", (close,), period)


@indicator("close", warmup=from_talib("T3"), source="TA-Lib T3")
def t3(close: FloatArray, period: int = 5, volume_factor: float = 0.7) -> FloatArray:
    """Tillson's T3, a six-fold smoothed average (Tillson 1998)."""
    return compute("T3", (close,), period, volume_factor)


@indicator("close", warmup=from_talib("HMA"), source="TA-Lib HMA")
def hma(close: FloatArray, period: int = 20) -> FloatArray:
    """Hull's moving average (Hull 2005)."""
    return compute("HMA", (close,), period)


@indicator("close", warmup=from_talib("ZLEMA"), source="TA-Lib ZLEMA")
def zlema(close: FloatArray, period: int = 30) -> FloatArray:
    """Zero-lag exponential moving average: the EMA of the price pushed by its own recent change (Ehlers and Way)."""
    return compute("ZLEMA", (close,), period)


@indicator("close", "volume", warmup=from_talib("VWMA"), source="TA-Lib VWMA")
def vwma(close: FloatArray, volume: FloatArray, period: int = 30) -> FloatArray:
    """Volume-weighted moving average; NaN over a window without volume."""
    return compute("VWMA", (close, volume), period)
