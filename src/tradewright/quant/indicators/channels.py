"""Bands around the price: Bollinger, Keltner, Donchian."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tradewright.quant.arrays import divided
from tradewright.quant.indicators.contract import indicator
from tradewright.quant.talib_gateway import compute, compute_many, lookback

if TYPE_CHECKING:
    from tradewright.quant.arrays import FloatArray

__all__ = ["Channel", "bollinger", "donchian", "keltner", "percent_b"]

SIMPLE_AVERAGE = 0


class Channel(NamedTuple):
    """Three lines around the price."""

    upper: FloatArray
    middle: FloatArray
    lower: FloatArray


def _bollinger_warmup(period: int, deviations: float) -> int:
    return lookback("BBANDS", period, deviations, deviations, SIMPLE_AVERAGE)


@indicator("close", warmup=_bollinger_warmup, source="TA-Lib BBANDS", outputs=Channel._fields, carries=("close",))
def bollinger(close: FloatArray, period: int = 20, deviations: float = 2.0) -> Channel:
    """Bollinger bands: simple average ± ``deviations`` population standard deviations (Bollinger 2001)."""
    return Channel(*compute_many("BBANDS", (close,), period, deviations, deviations, SIMPLE_AVERAGE))


@indicator("close", warmup=_bollinger_warmup, source="Tradewright, on TA-Lib BBANDS")
def percent_b(close: FloatArray, period: int = 20, deviations: float = 2.0) -> FloatArray:
    """Place of the price between the Bollinger bands: 0 on the lower, 1 on the upper; NaN where they touch."""
    upper, _, lower = compute_many("BBANDS", (close,), period, deviations, deviations, SIMPLE_AVERAGE)
    return divided(close - lower, upper - lower)


def _keltner_warmup(period: int, atr_period: int, multiplier: float) -> int:  # noqa: ARG001 - called by name
    return max(lookback("EMA", period), lookback("ATR", atr_period))


@indicator(
    "high",
    "low",
    "close",
    warmup=_keltner_warmup,
    source="Tradewright, on TA-Lib EMA and ATR",
    outputs=Channel._fields,
)
def keltner(
    high: FloatArray,
    low: FloatArray,
    close: FloatArray,
    period: int = 20,
    atr_period: int = 10,
    multiplier: float = 2.0,
) -> Channel:
    """Keltner channel in Raschke's form: EMA of the close ± ``multiplier`` x Wilder's ATR."""
    middle = compute("EMA", (close,), period)
    half_width = multiplier * compute("ATR", (high, low, close), atr_period)
    return Channel(middle + half_width, middle, middle - half_width)


def _donchian_warmup(period: int, include_current: bool) -> int:
    return lookback("DONCHIAN", period) + (0 if include_current else 1)


@indicator("high", "low", warmup=_donchian_warmup, source="TA-Lib DONCHIAN, moved by one bar", outputs=Channel._fields)
def donchian(high: FloatArray, low: FloatArray, period: int = 20, include_current: bool = False) -> Channel:
    """Donchian channel: highest high, lowest low and their middle.

    By default over the ``period`` bars *before* the current one, so that a breakout can be tested: no close can lie
    above a channel that contains its own bar's high. ``include_current=True`` gives TA-Lib's channel.
    """
    channel = Channel(*compute_many("DONCHIAN", (high, low), period))
    return channel if include_current else Channel(*(_one_bar_later(line) for line in channel))


def _one_bar_later(values: FloatArray) -> FloatArray:
    later = np.empty(len(values))
    later[:1] = np.nan
    later[1:] = values[:-1]
    return later
