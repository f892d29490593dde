"""Raw prices out of Yahoo's, which have all later splits in them.

Yahoo writes numbers of 32 bits, of which seven decimal digits are true: what stands behind them is cut, so that 74.06
is 74.06 and not 74.05999755859375, and the raw price of a day stays the same when a share is split again.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

from tradewright.adapters.wire.rows import number_in
from tradewright.domain.errors import DataError
from tradewright.domain.timeframe import NS_PER_SECOND

from .chart import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from .chart import Row, Split

__all__ = ["date_of", "raw_numbers", "true_digits"]

_DIGITS = 7
_EPOCH = dt.date(1970, 1, 1)


def raw_numbers(row: Row, splits: Sequence[Split], zone: ZoneInfo, per_unit: float) -> list[float]:
    """Four prices and the volume of a row as they were traded.

    Parameters
    ----------
    row : Row
    splits : sequence of Split
        All up to now; those of a later day than the row's are taken out.
    zone : ZoneInfo
        Of the exchange.
    per_unit : float
        How many of Yahoo's units make one of the currency.

    Raises
    ------
    DataError
        For what is no number, and a volume below 0, which rounding would hide.
    """
    day = date_of(row.stamp, zone)
    ratio = math.prod(each.ratio for each in splits if date_of(each.stamp, zone) > day)
    *prices, volume = (number_in(row.said, name) for name in COLUMNS)
    if volume < 0:
        raise DataError("its volume is negative")
    whole = volume if ratio == 1.0 else float(round(volume / ratio))
    return [*(true_digits(price * ratio / per_unit) for price in prices), whole]


def date_of(stamp: int, zone: ZoneInfo) -> int:
    """The date of an instant at an exchange, as days since 1970-01-01."""
    return (dt.datetime.fromtimestamp(stamp // NS_PER_SECOND, zone).date() - _EPOCH).days


def true_digits(price: float) -> float:
    """A number without what stands behind the digits that 32 bits hold."""
    return float(f"{price:.{_DIGITS}g}")
