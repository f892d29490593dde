"""Oscillators and rates of change, all of TA-Lib.

Units are the field's: RSI, stochastics, MFI and Williams %R run over 0 to 100 (or -100 to 0), rates of change are in
percent. Wilder's averages are seeded with the simple average of their first ``period`` changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tradewright.quant.indicators.contract import from_talib, indicator
from tradewright.quant.talib_gateway import compute, compute_many, lookback

if TYPE_CHECKING:
    from tradewright.quant.arrays import FloatArray

__all__ = [
    "Macd",
    "StochRsi",
    "Stochastic",
    "cci",
    "cmo",
    "macd",
    "mfi",
    "momentum",
    "ppo",
    "roc",
    "rsi",
    "stoch_rsi",
    "stochastic",
    "trix",
    "ultimate_oscillator",
    "williams_r",
]

SIMPLE_AVERAGE = 0
EXPONENTIAL_AVERAGE = 1


class Macd(NamedTuple):
    """The line, its exponential average, and their difference."""

    macd: FloatArray
    signal: FloatArray
    histogram: FloatArray


class Stochastic(NamedTuple):
    """Smoothed %K and its average %D, 0 to 100."""

    k: FloatArray
    d: FloatArray


class StochRsi(NamedTuple):
    """%K of the RSI, not smoothed, and its average %D, 0 to 100."""

    k: FloatArray
    d: FloatArray


@indicator("close", warmup=from_talib("RSI"), source="TA-Lib RSI")
def rsi(close: FloatArray, period: int = 14) -> FloatArray:
    """Wilder's relative strength index, 0 to 100 (Wilder 1978); 0 where nothing has moved yet."""
    return compute("RSI", (close,), period)


@indicator("close", warmup=from_talib("MACD"), source="TA-Lib MACD", outputs=Macd._fields, carries=("close",))
def macd(close: FloatArray, fast: int = 12, slow: int = 26, signal: int = 9) -> Macd:
    """Moving average convergence/divergence: EMA(fast) - EMA(slow), its EMA(signal), the difference (Appel).

    TA-Lib starts the fast average where the slow one starts, so values differ from other libraries for about a hundred
    bars and agree afterwards. It also swaps the two periods where ``fast`` is the longer one.
    """
    return Macd(*compute_many("MACD", (close,), fast, slow, signal))


@indicator("close", warmup=lambda fast, slow: lookback("PPO", fast, slow, EXPONENTIAL_AVERAGE), source="TA-Lib PPO")
def ppo(close: FloatArray, fast: int = 12, slow: int = 26) -> FloatArray:
    """Percentage price oscillator: (EMA(fast) / EMA(slow) - 1) in percent."""
    return compute("PPO", (close,), fast, slow, EXPONENTIAL_AVERAGE)


@indicator("close", warmup=from_talib("CMO"), source="TA-Lib CMO")
def cmo(close: FloatArray, period: int = 14) -> FloatArray:
    """Chande's momentum oscillator on Wilder's averages, -100 to 100 (Chande and Kroll 1994)."""
    return compute("CMO", (close,), period)


@indicator("close", warmup=from_talib("MOM"), source="TA-Lib MOM")
def momentum(close: FloatArray, period: int = 10) -> FloatArray:
    """Change over ``period`` bars, in price units."""
    return compute("MOM", (close,), period)


@indicator("close", warmup=from_talib("ROC"), source="TA-Lib ROC")
def roc(close: FloatArray, period: int = 10) -> FloatArray:
    """Rate of change over ``period`` bars, in percent."""
    return compute("ROC", (close,), period)


@indicator("close", warmup=from_talib("TRIX"), source="TA-Lib TRIX")
def trix(close: FloatArray, period: int = 30) -> FloatArray:
    """One-bar rate of change of a triple-smoothed EMA, in percent (Hutson 1983)."""
    return compute("TRIX", (close,), period)


@indicator("high", "low", "close", warmup=from_talib("CCI"), source="TA-Lib CCI")
def cci(high: FloatArray, low: FloatArray, close: FloatArray, period: int = 14) -> FloatArray:
    """Commodity channel index of the typical price with factor 0.015 (Lambert 1980)."""
    return compute("CCI", (high, low, close), period)


@indicator("high", "low", "close", warmup=from_talib("WILLR"), source="TA-Lib WILLR")
def williams_r(high: FloatArray, low: FloatArray, close: FloatArray, period: int = 14) -> FloatArray:
    """Williams %R, -100 to 0."""
    return compute("WILLR", (high, low, close), period)


@indicator("high", "low", "close", "volume", warmup=from_talib("MFI"), source="TA-Lib MFI")
def mfi(high: FloatArray, low: FloatArray, close: FloatArray, volume: FloatArray, period: int = 14) -> FloatArray:
    """Money flow index, 0 to 100 (Quong and Soudack 1989)."""
    return compute("MFI", (high, low, close, volume), period)


@indicator("high", "low", "close", warmup=from_talib("ULTOSC"), source="TA-Lib ULTOSC")
def ultimate_oscillator(
    high: FloatArray, low: FloatArray, close: FloatArray, short: int = 7, medium: int = 14, long: int = 28
) -> FloatArray:
    """Williams' ultimate oscillator over three periods weighted 4:2:1, 0 to 100."""
    return compute("ULTOSC", (high, low, close), short, medium, long)


@indicator(
    "high",
    "low",
    "close",
    warmup=lambda period, smooth, signal: lookback("STOCH", period, smooth, SIMPLE_AVERAGE, signal, SIMPLE_AVERAGE),
    source="TA-Lib STOCH",
    outputs=Stochastic._fields,
)
def stochastic(
    high: FloatArray, low: FloatArray, close: FloatArray, period: int = 14, smooth: int = 3, signal: int = 3
) -> Stochastic:
    """Lane's slow stochastic with simple averages; ``smooth=1`` gives the fast one."""
    return Stochastic(
        *compute_many("STOCH", (high, low, close), period, smooth, SIMPLE_AVERAGE, signal, SIMPLE_AVERAGE)
    )


@indicator(
    "close",
    warmup=lambda period, window, signal: lookback("STOCHRSI", period, window, signal, SIMPLE_AVERAGE),
    source="TA-Lib STOCHRSI",
    outputs=StochRsi._fields,
)
def stoch_rsi(close: FloatArray, period: int = 14, window: int = 14, signal: int = 3) -> StochRsi:
    """Stochastic of the RSI over ``window`` bars and its simple average (Chande and Kroll 1994)."""
    return StochRsi(*compute_many("STOCHRSI", (close,), period, window, signal, SIMPLE_AVERAGE))
