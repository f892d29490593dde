"""Bars made into other bars: adjusted for splits and dividends, and added up into longer ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.bars import Adjustment, Bars
from tradewright.domain.errors import ConfigError, DataError
from tradewright.face.arguments import of_kind

if TYPE_CHECKING:
    from os import PathLike

    from tradewright.domain.timeframe import Timeframe

__all__ = ["adjust_bars", "resample_bars"]

_BARS_HINT = "Pass what tw.read_bars or tw.bars_from gives."


def adjust_bars(bars: Bars, to: str, *, factors: str | PathLike[str] | None = None) -> Bars:
    """Adjust prices backwards for the splits and dividends that the bars carry as actions.

    The last bar keeps its prices. A split divides earlier prices and multiplies earlier volumes by its ratio; a
    dividend multiplies earlier prices by (close before - cash) / close before. A backtest needs neither: on unadjusted
    bars with their actions it multiplies positions and pays dividends. Indicators see a jump there, though, and none on
    adjusted bars.

    Parameters
    ----------
    bars : Bars
        Read with ``actions=``, or from a file with columns ``ex_dividend`` and ``split_ratio``.
    to : {"split", "full"}
        Splits only (dividends stay as actions and are paid), or splits and dividends.
    factors : path, optional
        A factor file whose printed factors are applied as they stand, to agree with prices that were made from them.
        Without it factors are computed from the actions, in full precision.

    Returns
    -------
    Bars

    Raises
    ------
    DataError
        When the bars know of no actions, contain more than is asked for, or hold an action inside a weekly or monthly
        bar (adjust the daily ones, then resample).
    ConfigError
        When `to` is not a choice.

    Examples
    --------
    >>> import numpy as np
    >>> from tradewright.domain.bars import Actions
    >>> from tradewright.face.bars import bars_from
    >>> price = [84.0, 12.0]
    >>> days = {"date": ["2014-06-06", "2014-06-09"]}
    >>> days |= {"open": price, "high": price, "low": price, "close": price, "volume": [1.0, 7.0]}
    >>> split = Actions(split_days=np.array(["2014-06-09"], "datetime64[D]").astype(int), split_ratios=np.array([7.0]))
    >>> raw = bars_from(days, symbol="AAPL", calendar="XNAS", timeframe="1d", actions=split)
    >>> adjust_bars(raw, "split").close.tolist()
    [12.0, 12.0]
    """
    from tradewright.marketdata.adjust import adjust

    series = of_kind("bars", bars, Bars, _BARS_HINT)
    if factors is not None:
        return _scaled(series, to, factors)
    adjusted = adjust(series, to)
    if adjusted is not series and series.actions.is_empty and series.adjustment is Adjustment.RAW:
        # Calling prices adjusted because nobody said what happened would be a claim without ground.
        raise DataError(
            f"These bars of {series.symbol} know of no splits or dividends to adjust for.",
            hint=f"Read them with actions=, or with adjustment='{to}' if their prices contain them already.",
        )
    _ = adjusted.fingerprint
    return adjusted


def _scaled(bars: Bars, to: str, path: str | PathLike[str]) -> Bars:
    from tradewright.adapters.data.reading import published_factors
    from tradewright.marketdata.published_factors import scale_by_factors

    if to not in ("split", "full"):
        raise ConfigError(f"{to!r} is nothing that factors can make of prices.", hint="Use 'split' or 'full'.")
    scaled = scale_by_factors(bars, Adjustment(to), published_factors(path))
    _ = scaled.fingerprint
    return scaled


def resample_bars(bars: Bars, timeframe: str | Timeframe) -> Bars:
    """Add bars up into longer ones, session by session.

    Bars shorter than a day are counted from the open of their session and never span two; a day is one session; weeks
    run from Monday to Sunday and months by the calendar, both labelled by their last session. The last bar is left out
    where the rows do not reach its end.

    Parameters
    ----------
    bars : Bars
    timeframe : str or Timeframe
        Such as ``"15m"``, ``"1d"``, ``"1w"``, ``"1mo"``; below a day a multiple of the bars'.

    Returns
    -------
    Bars

    Raises
    ------
    DataError
        When the timeframe is shorter than, or does not add up from, that of the bars, when no longer bar is complete,
        or when a split of unadjusted bars falls inside one of them.
    ConfigError
        When the timeframe is none.

    Examples
    --------
    >>> from tradewright.face.bars import synthetic_bars
    >>> resample_bars(synthetic_bars(bars=30, calendar="24/7"), "1w")
    <Bars SYNTHETIC:SYN 1w, 4 rows, 2015-01-04T00:00 … 2015-01-25T00:00>
    """
    from tradewright.marketdata.adjust import refuse_splits_inside
    from tradewright.marketdata.resample import resample

    made = resample(of_kind("bars", bars, Bars, _BARS_HINT), timeframe)
    refuse_splits_inside(made)
    _ = made.fingerprint
    return made
