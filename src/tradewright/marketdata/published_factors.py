"""Adjustment by the factors that a vendor publishes, to the digits in which they are printed.

`adjust` computes factors from splits and dividends, which is more exact: a vendor prints 1/7 as 0.142857. Whoever has
to agree with prices that were made from the printed factors scales by those.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.bars import Actions, Adjustment
from tradewright.domain.errors import DataError
from tradewright.domain.timeframe import TimeUnit
from tradewright.marketdata.adjust import adjust
from tradewright.marketdata.provenance import origin_after

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.domain.bars import Bars

__all__ = ["PublishedFactors", "scale_by_factors"]


@dataclass(frozen=True, slots=True, eq=False)
class PublishedFactors:
    """The rows of a factor file; a session dated after the row before and not after a row has that row's factors.

    Parameters
    ----------
    days : (n,) int64
        Last session of each row, days since 1970-01-01, rising.
    price, split : (n,) float64
        Adjusted price = price · `price` · `split`; adjusted volume = volume / `split`.
    source : str
        The file, for messages and for reading it again.
    """

    days: NDArray[np.int64]
    price: NDArray[np.float64]
    split: NDArray[np.float64]
    source: str


def scale_by_factors(bars: Bars, to: Adjustment, factors: PublishedFactors) -> Bars:
    """Scale unadjusted prices and volumes by published factors as they are printed.

    Parameters
    ----------
    bars : Bars
        Unadjusted, of a day or shorter; rows of one session share its factors.
    to : Adjustment
        ``split`` leaves the price factor out, and keeps the bars' dividends as actions per share of today.
    factors : PublishedFactors

    Raises
    ------
    DataError
        When the bars are adjusted already, are longer than a day, or go on after the last row of the factors.
    """
    _require_fit(bars, factors)
    row = np.searchsorted(factors.days, bars.sessions.row_labels(len(bars)))
    split = factors.split[row]
    scale = split * factors.price[row] if to is Adjustment.FULL else split
    prices = {name: getattr(bars, name) * scale for name in ("open", "high", "low", "close")}
    return replace(
        bars,
        **prices,
        volume=bars.volume / split,
        actions=Actions() if to is Adjustment.FULL else adjust(bars, to).actions,
        adjustment=to,
        origin=origin_after(bars, "factors", f"{to} {factors.source}"),
    )


def _require_fit(bars: Bars, factors: PublishedFactors) -> None:
    if bars.adjustment is not Adjustment.RAW:
        raise DataError(
            f"Factors scale unadjusted prices, and those of {bars.symbol} have adjustment='{bars.adjustment}'.",
            hint="Start from the unadjusted prices.",
        )
    longer = not bars.timeframe.is_intraday and (bars.timeframe.count, bars.timeframe.unit) != (1, TimeUnit.DAY)
    if longer:
        raise DataError(
            f"Factors change between days, and a bar of {bars.symbol} lasts {bars.timeframe}.",
            hint="Scale the daily bars, then resample them.",
        )
    if bars.sessions.labels[-1] > factors.days[-1]:
        last = np.datetime64(int(factors.days[-1]), "D")
        raise DataError(f"The factors of {factors.source} end on {last}, before the bars of {bars.symbol} do.")
