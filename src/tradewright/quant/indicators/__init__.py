"""Indicators: functions of columns that know their inputs, parameters, outputs and warm-up.

Each takes float64 columns first and parameters after them, and returns an array of the same length, or a named tuple of
such arrays, NaN before its warm-up; ``contract`` states the rules they share. Nothing that knows of a bar's time, of an
order or of a strategy may enter, and importing this room does not import TA-Lib.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from tradewright.quant.indicators.averages import dema, ema, hma, kama, rma, sma, t3, tema, trima, vwma, wma, zlema
from tradewright.quant.indicators.channels import Channel, bollinger, donchian, keltner, percent_b
from tradewright.quant.indicators.contract import INDICATORS, Indicator, indicator, register
from tradewright.quant.indicators.crossings import crossed_above, crossed_below
from tradewright.quant.indicators.generic import talib
from tradewright.quant.indicators.momentum import (
    Macd,
    Stochastic,
    StochRsi,
    cci,
    cmo,
    macd,
    mfi,
    momentum,
    ppo,
    roc,
    rsi,
    stoch_rsi,
    stochastic,
    trix,
    ultimate_oscillator,
    williams_r,
)
from tradewright.quant.indicators.price import (
    HeikinAshi,
    average_price,
    heikin_ashi,
    median_price,
    midpoint,
    midprice,
    typical_price,
    weighted_close,
)
from tradewright.quant.indicators.regression import (
    beta,
    correlation,
    linear_regression,
    linear_regression_angle,
    linear_regression_intercept,
    linear_regression_slope,
    stddev,
    time_series_forecast,
    variance,
)
from tradewright.quant.indicators.rolling import (
    percent_rank,
    rolling_kurtosis,
    rolling_max,
    rolling_mean,
    rolling_median,
    rolling_min,
    rolling_quantile,
    rolling_skew,
    rolling_std,
    rolling_sum,
    rolling_zscore,
)
from tradewright.quant.indicators.trend import (
    Aroon,
    Ichimoku,
    Supertrend,
    adx,
    adxr,
    aroon,
    aroon_oscillator,
    dx,
    ichimoku,
    minus_di,
    plus_di,
    sar,
    supertrend,
)
from tradewright.quant.indicators.volatility import (
    atr,
    historical_volatility,
    log_returns,
    natr,
    simple_returns,
    true_range,
)
from tradewright.quant.indicators.volume import ad, adosc, cmf, obv, rolling_vwap, vwap

__all__ = [
    "INDICATORS",
    "Aroon",
    "Channel",
    "HeikinAshi",
    "Ichimoku",
    "Indicator",
    "Macd",
    "StochRsi",
    "Stochastic",
    "Supertrend",
    "ad",
    "adosc",
    "adx",
    "adxr",
    "aroon",
    "aroon_oscillator",
    "atr",
    "average_price",
    "beta",
    "bollinger",
    "cci",
    "cmf",
    "cmo",
    "correlation",
    "crossed_above",
    "crossed_below",
    "dema",
    "donchian",
    "dx",
    "ema",
    "heikin_ashi",
    "historical_volatility",
    "hma",
    "ichimoku",
    "indicator",
    "kama",
    "keltner",
    "linear_regression",
    "linear_regression_angle",
    "linear_regression_intercept",
    "linear_regression_slope",
    "log_returns",
    "macd",
    "median_price",
    "mfi",
    "midpoint",
    "midprice",
    "minus_di",
    "momentum",
    "natr",
    "obv",
    "percent_b",
    "percent_rank",
    "plus_di",
    "ppo",
    "register",
    "rma",
    "roc",
    "rolling_kurtosis",
    "rolling_max",
    "rolling_mean",
    "rolling_median",
    "rolling_min",
    "rolling_quantile",
    "rolling_skew",
    "rolling_std",
    "rolling_sum",
    "rolling_vwap",
    "rolling_zscore",
    "rsi",
    "sar",
    "simple_returns",
    "sma",
    "stddev",
    "stoch_rsi",
    "stochastic",
    "supertrend",
    "t3",
    "talib",
    "tema",
    "time_series_forecast",
    "trima",
    "trix",
    "true_range",
    "typical_price",
    "ultimate_oscillator",
    "variance",
    "vwap",
    "vwma",
    "weighted_close",
    "williams_r",
    "wma",
    "zlema",
]

for _name in __all__:
    if callable(getattr(globals()[_name], "first_valid", None)):
        INDICATORS.add(_name, globals()[_name])

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """An indicator that a script or an installed package added."""
        if name.startswith("_"):
            raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
        if name in INDICATORS:
            return INDICATORS.get(name)
        near = get_close_matches(name, INDICATORS.names(), n=1)
        raise AttributeError(f"There is no indicator '{name}'." + (f" Did you mean '{near[0]}'?" if near else ""))


def __dir__() -> list[str]:
    return sorted({*__all__, *INDICATORS.names()})
