"""The one array type of the ground floor, and sums whose order is fixed.

numpy's own ``sum`` adds pairwise, in an order that depends on length and layout. A number that a loop must be able to
reproduce to the last bit is added from the first value to the last instead.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["FloatArray", "divided", "sequential_mean", "sequential_sum"]

FloatArray = NDArray[np.float64]


def divided(above: FloatArray, below: FloatArray) -> FloatArray:
    """Quotient, NaN where the denominator is not positive."""
    quotient = np.full(len(above), np.nan)
    np.divide(above, below, out=quotient, where=below > 0.0)
    return quotient


def sequential_sum(values: FloatArray) -> float:
    """Sum added from first to last, as a plain loop would; 0.0 for no values."""
    return float(np.add.accumulate(values)[-1]) if len(values) else 0.0


def sequential_mean(values: FloatArray) -> float:
    """Arithmetic mean over a sequential sum; the caller makes sure that there are values."""
    return sequential_sum(values) / len(values)
