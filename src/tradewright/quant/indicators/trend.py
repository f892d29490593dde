"""Direction and strength of trends: directional movement, Aroon, parabolic SAR, Supertrend, Ichimoku."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tradewright.quant.indicators.contract import from_talib, indicator
from tradewright.quant.talib_gateway import compute, compute_many

if TYPE_CHECKING:
    from tradewright.quant.arrays import FloatArray

__all__ = [
    "Aroon",
    "Ichimoku",
    "Supertrend",
    "adx",
    "adxr",
    "aroon",
    "aroon_oscillator",
    "dx",
    "ichimoku",
    "minus_di",
    "plus_di",
    "sar",
    "supertrend",
]


class Aroon(NamedTuple):
    """Bars since the low and since the high, as 0 to 100."""

    down: FloatArray
    up: FloatArray


class Supertrend(NamedTuple):
    """The trailing band and the side it is on: 1 below the price (up-trend), -1 above it."""

    line: FloatArray
    direction: FloatArray


class Ichimoku(NamedTuple):
    """Conversion and base line, and the two leading spans as they stand over the current bar."""

    conversion: FloatArray
    base: FloatArray
    span_a: FloatArray
    span_b: FloatArray


@indicator("high", "low", "close", warmup=from_talib("ADX"), source="TA-Lib ADX")
def adx(high: FloatArray, low: FloatArray, close: FloatArray, period: int = 14) -> FloatArray:
    """Average directional movement index, 0 to 100 (Wilder 1978).

    TA-Lib seeds the directional movement with ``period - 1`` bars; others take ``period``. Values differ for about a
    hundred bars and agree afterwards.
    """
    return compute("ADX", (high, low, close), period)


@indicator("high", "low", "close", warmup=from_talib("ADXR"), source="TA-Lib ADXR")
def adxr(high: FloatArray, low: FloatArray, close: FloatArray, period: int = 14) -> FloatArray:
    """Average of the ADX now and ``period - 1`` bars ago (Wilder 1978)."""
    return compute("ADXR", (high, low, close), period)


@indicator("high", "low", "close", warmup=from_talib("DX"), source="TA-Lib DX")
def dx(high: FloatArray, low: FloatArray, close: FloatArray, period: int = 14) -> FloatArray:
    """Directional movement index before averaging, 0 to 100 (Wilder 1978)."""
    return compute("DX", (high, low, close), period)


@indicator("high", "low", "close", warmup=from_talib("PLUS_DI"), source="TA-Lib PLUS_DI")
def plus_di(high: FloatArray, low: FloatArray, close: FloatArray, period: int = 14) -> FloatArray:
    """Positive directional indicator, 0 to 100 (Wilder 1978)."""
    return compute("PLUS_DI", (high, low, close), period)


@indicator("high", "low", "close", warmup=from_talib("MINUS_DI"), source="TA-Lib MINUS_DI")
def minus_di(high: FloatArray, low: FloatArray, close: FloatArray, period: int = 14) -> FloatArray:
    """Negative directional indicator, 0 to 100 (Wilder 1978)."""
    return compute("MINUS_DI", (high, low, close), period)


@indicator("high", "low", warmup=from_talib("AROON"), source="TA-Lib AROON", outputs=Aroon._fields)
def aroon(high: FloatArray, low: FloatArray, period: int = 14) -> Aroon:
    """Aroon down and up over the last ``period + 1`` bars (Chande 1995)."""
    return Aroon(*compute_many("AROON", (high, low), period))


@indicator("high", "low", warmup=from_talib("AROONOSC"), source="TA-Lib AROONOSC")
def aroon_oscillator(high: FloatArray, low: FloatArray, period: int = 14) -> FloatArray:
    """Aroon up minus Aroon down, -100 to 100."""
    return compute("AROONOSC", (high, low), period)


@indicator("high", "low", warmup=from_talib("SAR"), source="TA-Lib SAR")
def sar(high: FloatArray, low: FloatArray, acceleration: float = 0.02, maximum: float = 0.2) -> FloatArray:
    """Parabolic stop and reverse (Wilder 1978)."""
    return compute("SAR", (high, low), acceleration, maximum)


@indicator(
    "high", "low", "close", warmup=from_talib("SUPERTREND"), source="TA-Lib SUPERTREND", outputs=Supertrend._fields
)
def supertrend(
    high: FloatArray, low: FloatArray, close: FloatArray, period: int = 10, multiplier: float = 3.0
) -> Supertrend:
    """Supertrend: mid-price ± ``multiplier`` x Wilder's ATR (Seban).

    The band behind the price is only ever tightened while the close respects it, and the side changes when it does not.
    """
    return Supertrend(*compute_many("SUPERTREND", (high, low, close), period, multiplier))


@indicator(
    "high",
    "low",
    warmup=lambda conversion, base, span, displacement: max(conversion, base, span) - 1 + displacement,
    source="Tradewright, on TA-Lib MIDPRICE",
    outputs=Ichimoku._fields,
    may_be_zero=("displacement",),
)
def ichimoku(
    high: FloatArray, low: FloatArray, conversion: int = 9, base: int = 26, span: int = 52, displacement: int = 26
) -> Ichimoku:
    """Ichimoku cloud without look-ahead (Hosoda 1969).

    At bar i the spans are those computed at bar ``i - displacement``, i.e. the cloud that a chart shows over bar i.
    The lagging span is the close of a later bar drawn back in time: compare ``close`` with its own past instead.
    """
    conversion_line = compute("MIDPRICE", (high, low), conversion)
    base_line = compute("MIDPRICE", (high, low), base)
    span_b = compute("MIDPRICE", (high, low), span)
    return Ichimoku(
        conversion_line,
        base_line,
        _shifted_forward((conversion_line + base_line) / 2.0, displacement),
        _shifted_forward(span_b, displacement),
    )


def _shifted_forward(values: FloatArray, bars: int) -> FloatArray:
    shifted = np.full(len(values), np.nan)
    shifted[bars:] = values[: max(len(values) - bars, 0)]
    return shifted
