"""Volume-weighted prices and volume flow."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from tradewright.quant.arrays import divided
from tradewright.quant.indicators.contract import from_talib, indicator
from tradewright.quant.talib_gateway import compute, lookback

if TYPE_CHECKING:
    from tradewright.quant.arrays import FloatArray

__all__ = ["ad", "adosc", "cmf", "obv", "rolling_vwap", "vwap"]


@indicator("close", "volume", warmup=from_talib("OBV"), source="TA-Lib OBV")
def obv(close: FloatArray, volume: FloatArray) -> FloatArray:
    """On-balance volume, starting from the first bar's volume (Granville 1963). Only its changes mean anything."""
    return compute("OBV", (close, volume))


@indicator("high", "low", "close", "volume", warmup=from_talib("AD"), source="TA-Lib AD")
def ad(high: FloatArray, low: FloatArray, close: FloatArray, volume: FloatArray) -> FloatArray:
    """Chaikin's accumulation/distribution line. Only its changes mean anything."""
    return compute("AD", (high, low, close, volume))


@indicator("high", "low", "close", "volume", warmup=from_talib("ADOSC"), source="TA-Lib ADOSC")
def adosc(
    high: FloatArray, low: FloatArray, close: FloatArray, volume: FloatArray, fast: int = 3, slow: int = 10
) -> FloatArray:
    """Chaikin oscillator: fast minus slow EMA of the accumulation/distribution line."""
    return compute("ADOSC", (high, low, close, volume), fast, slow)


@indicator("high", "low", "close", "volume", warmup=from_talib("CMF"), source="TA-Lib CMF")
def cmf(high: FloatArray, low: FloatArray, close: FloatArray, volume: FloatArray, period: int = 20) -> FloatArray:
    """Chaikin money flow, -1 to 1."""
    return compute("CMF", (high, low, close, volume), period)


@indicator("high", "low", "close", "volume", warmup=lambda: 0, optional_inputs=("session",))
def vwap(
    high: FloatArray,
    low: FloatArray,
    close: FloatArray,
    volume: FloatArray,
    *,
    session: FloatArray | None = None,
) -> FloatArray:
    """Volume-weighted average of the typical price since the session began.

    Parameters
    ----------
    high, low, close, volume : ndarray
        Bar columns.
    session : ndarray, optional
        A number per bar that changes where a session begins; without it the whole series is one session.

    Returns
    -------
    ndarray
        NaN while a session has not traded any volume.
    """
    typical = compute("TYPPRICE", (high, low, close))
    values = np.empty(len(close))
    for part in _sessions(session, len(close)):
        values[part] = divided(np.cumsum(typical[part] * volume[part]), np.cumsum(volume[part]))
    return values


@indicator(
    "high",
    "low",
    "close",
    "volume",
    warmup=lambda period: lookback("VWMA", period),
    source="Tradewright, on TA-Lib VWMA and TYPPRICE",
)
def rolling_vwap(
    high: FloatArray, low: FloatArray, close: FloatArray, volume: FloatArray, period: int = 20
) -> FloatArray:
    """Volume-weighted average of the typical price over ``period`` bars; NaN over a window without volume."""
    return compute("VWMA", (compute("TYPPRICE", (high, low, close)), volume), period)


def _sessions(session: FloatArray | None, length: int) -> list[slice]:
    if session is None:
        return [slice(0, length)]
    starts = [0, *(np.flatnonzero(np.diff(session)) + 1).tolist(), length]
    return [slice(start, stop) for start, stop in itertools.pairwise(starts)]
