"""Where one line crosses another: previous at or below, now above."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.quant.arrays import FloatArray

__all__ = ["crossed_above", "crossed_below"]


def crossed_above(line: FloatArray, other: FloatArray | float) -> NDArray[np.bool_]:
    """Mark the bars at which ``line`` has just risen above ``other``.

    Parameters
    ----------
    line : ndarray
        One value per bar.
    other : ndarray or float
        A line of the same length, or a level.

    Returns
    -------
    ndarray of bool
        True where ``line`` was at or below ``other`` one bar ago and is above it now. False at the first bar and
        wherever one of the four values is NaN.
    """
    values = np.asarray(line, dtype=np.float64)
    level = np.broadcast_to(np.asarray(other, dtype=np.float64), values.shape)
    crossed = np.zeros(len(values), dtype=np.bool_)
    np.logical_and(values[:-1] <= level[:-1], values[1:] > level[1:], out=crossed[1:])
    return crossed


def crossed_below(line: FloatArray, other: FloatArray | float) -> NDArray[np.bool_]:
    """Mark the bars at which ``line`` has just fallen below ``other``; the mirror of :func:`crossed_above`."""
    values = np.asarray(line, dtype=np.float64)
    level = np.broadcast_to(np.asarray(other, dtype=np.float64), values.shape)
    crossed = np.zeros(len(values), dtype=np.bool_)
    np.logical_and(values[:-1] >= level[:-1], values[1:] < level[1:], out=crossed[1:])
    return crossed
