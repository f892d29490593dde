"""Corporate actions: from columns beside the prices, or from a factor file."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.bars import Actions
from tradewright.domain.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.adapters.data.raw import RawTable

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

from tradewright.adapters.data.columns import position_of
from tradewright.adapters.data.numbers import to_floats
from tradewright.adapters.data.stamps import read_stamps
from tradewright.domain.timeframe import NS_PER_DAY

__all__ = ["FactorRows", "actions_from_columns", "actions_from_factors", "read_factors"]

_LARGEST_DENOMINATOR = 200
_ROUNDING = 1e-4
_LARGEST = 1e12


def actions_from_columns(days: Ints, dividends: Floats | None, ratios: Floats | None) -> Actions:
    """Actions of the rows that carry one: a dividend other than 0, a split ratio other than 1 (0 and empty mean none).

    Parameters
    ----------
    days : (n,) int64
        Session date of each row.
    dividends, ratios : (n,) float64 or None
        Cash per share; new shares per old share.
    """
    paid = np.zeros(len(days), np.bool_) if dividends is None else np.nan_to_num(dividends) != 0
    split = np.zeros(len(days), np.bool_) if ratios is None else ~np.isin(np.nan_to_num(ratios), (0.0, 1.0))
    return Actions(
        days[split],
        np.empty(0) if ratios is None else ratios[split],
        days[paid],
        np.empty(0) if dividends is None else dividends[paid],
    )


class FactorRows:
    """The rows of a factor file: each date is the last session on its factors.

    Parameters
    ----------
    days : (n,) int64
    price_factor, split_factor, reference_price : (n,) float64
    """

    def __init__(self, days: Ints, price_factor: Floats, split_factor: Floats, reference_price: Floats) -> None:
        self.days = days
        self.price_factor = price_factor
        self.split_factor = split_factor
        self.reference_price = reference_price


def read_factors(table: RawTable) -> FactorRows:
    """Read ``timestamp,price_factor,split_factor,reference_price``.

    Raises
    ------
    DataError
        When a column is missing or a row is not a positive number, or the dates do not rise.
    """
    names = ("timestamp", "price_factor", "split_factor", "reference_price")
    positions = {name: position_of(table, name) for name in names}
    columns = table.load({position: name != "timestamp" for name, position in positions.items()})
    stamps = read_stamps(columns[positions["timestamp"]], None, table.source)
    numbers = {name: to_floats(columns[positions[name]])[0] for name in names[1:]}
    bad = np.isin(np.arange(len(stamps.wall)), [row for row, _ in stamps.faults])
    for name in ("price_factor", "split_factor"):
        bad |= ~((numbers[name] > 1 / _LARGEST) & (numbers[name] < _LARGEST))
    bad |= ~((numbers["reference_price"] >= 0) & (numbers["reference_price"] < _LARGEST))
    bad[1:] |= np.diff(stamps.wall) <= 0
    if bad.any():
        raise DataError(
            f"{table.place(int(np.argmax(bad)))} is no row of a factor file.",
            hint="Its dates rise and its factors are positive.",
        )
    return FactorRows(stamps.wall // NS_PER_DAY, *numbers.values())


def actions_from_factors(factors: FactorRows, sessions: Ints) -> Actions:
    """Splits and dividends at the steps of the factors, each effective on the first session after the step's date.

    A step of ``split_factor`` from a to b is a split of b/a new shares per old one. A step of ``price_factor`` from a
    to b is a dividend of ``reference_price · (1 - a/b)`` per share; beside a split it is restated per new share. Steps
    outside the sessions are left out.

    Parameters
    ----------
    factors : FactorRows
    sessions : (s,) int64
        Session dates of the bars, rising.
    """
    days = factors.days[:-1]
    position = np.searchsorted(sessions, days, "right")
    inside = (days >= sessions[0]) & (position < len(sessions))
    effective = sessions[np.minimum(position, len(sessions) - 1)]
    ratios = np.array([_simple(value) for value in factors.split_factor[1:] / factors.split_factor[:-1]], np.float64)
    cash = factors.reference_price[:-1] * (1 - factors.price_factor[:-1] / factors.price_factor[1:]) / ratios
    split, paid = inside & (ratios != 1), inside & (cash != 0)
    return Actions(effective[split], ratios[split], effective[paid], cash[paid])


def _simple(ratio: float) -> float:
    """The ratio of small whole numbers that a rounded factor stands for."""
    simple = float(Fraction(float(ratio)).limit_denominator(_LARGEST_DENOMINATOR))
    return simple if simple > 0 and abs(simple - ratio) <= _ROUNDING * ratio else float(ratio)
