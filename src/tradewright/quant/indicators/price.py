"""Prices made of prices: averages of a bar, middles of a range, smoothed candles."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tradewright.quant.indicators.contract import from_talib, indicator
from tradewright.quant.talib_gateway import compute, compute_many

if TYPE_CHECKING:
    from tradewright.quant.arrays import FloatArray

__all__ = [
    "HeikinAshi",
    "average_price",
    "heikin_ashi",
    "median_price",
    "midpoint",
    "midprice",
    "typical_price",
    "weighted_close",
]


class HeikinAshi(NamedTuple):
    """Smoothed candles; nothing trades at these prices."""

    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray


@indicator("open", "high", "low", "close", warmup=from_talib("AVGPRICE"), source="TA-Lib AVGPRICE")
def average_price(open: FloatArray, high: FloatArray, low: FloatArray, close: FloatArray) -> FloatArray:
    """(open + high + low + close) / 4."""
    return compute("AVGPRICE", (open, high, low, close))


@indicator("high", "low", warmup=from_talib("MEDPRICE"), source="TA-Lib MEDPRICE")
def median_price(high: FloatArray, low: FloatArray) -> FloatArray:
    """(high + low) / 2."""
    return compute("MEDPRICE", (high, low))


@indicator("high", "low", "close", warmup=from_talib("TYPPRICE"), source="TA-Lib TYPPRICE")
def typical_price(high: FloatArray, low: FloatArray, close: FloatArray) -> FloatArray:
    """(high + low + close) / 3."""
    return compute("TYPPRICE", (high, low, close))


@indicator("high", "low", "close", warmup=from_talib("WCLPRICE"), source="TA-Lib WCLPRICE")
def weighted_close(high: FloatArray, low: FloatArray, close: FloatArray) -> FloatArray:
    """(high + low + 2 close) / 4."""
    return compute("WCLPRICE", (high, low, close))


@indicator("close", warmup=from_talib("MIDPOINT"), source="TA-Lib MIDPOINT")
def midpoint(close: FloatArray, period: int = 14) -> FloatArray:
    """Middle between the highest and the lowest value of the last ``period`` bars, the current one included."""
    return compute("MIDPOINT", (close,), period)


@indicator("high", "low", warmup=from_talib("MIDPRICE"), source="TA-Lib MIDPRICE")
def midprice(high: FloatArray, low: FloatArray, period: int = 14) -> FloatArray:
    """Middle between the highest high and the lowest low of the last ``period`` bars, the current one included."""
    return compute("MIDPRICE", (high, low), period)


@indicator("open", "high", "low", "close", warmup=from_talib("HA"), source="TA-Lib HA", outputs=HeikinAshi._fields)
def heikin_ashi(open: FloatArray, high: FloatArray, low: FloatArray, close: FloatArray) -> HeikinAshi:
    """Heikin-Ashi candles, the first opening at the middle of its own open and close."""
    return HeikinAshi(*compute_many("HA", (open, high, low, close)))
