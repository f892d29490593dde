"""Whole lots. Scalars only."""

from __future__ import annotations

import math


def lots_in(quantity: float, lot: float) -> float:
    """How many whole lots a quantity holds.

    A billionth of a lot is forgiven, and where there are billions of lots the rounding error of their number: 0.3 units
    are three lots of 0.1, though the division says 2.9999999999999996.
    """
    count = quantity / lot
    return 1.0 * math.floor(count + 1e-9 + count * 1e-14)


def whole_lots(quantity: float, lot: float) -> float:
    """The quantity rounded down to whole lots."""
    return lots_in(quantity, lot) * lot
