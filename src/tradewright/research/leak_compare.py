"""Comparing what was known at a bar with what is known later: arrays up to a row, and values of any kind."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["TOLERANCE", "changed_rows", "first_difference", "nearly_same", "same"]

TOLERANCE = 1e-9
"""Relative to the size of the values: sums over longer arrays round differently in the last digits."""


def changed_rows(known: Floats, later: Floats) -> Ints:
    """Rows in which two columns differ, missing values included; the longer one is read as far as the other goes.

    Examples
    --------
    >>> changed_rows(np.array([np.nan, 1.0, 2.0]), np.array([np.nan, 1.0, 2.5, 3.0])).tolist()
    [2]
    """
    rows = min(len(known), len(later))
    known, later = known[:rows], later[:rows]
    missing, missed = np.isnan(known), np.isnan(later)
    with np.errstate(invalid="ignore"):
        apart = np.abs(known - later) > TOLERANCE * np.maximum(np.maximum(np.abs(known), np.abs(later)), _size(later))
    apart &= known != later
    return np.flatnonzero(np.where(missing | missed, missing != missed, apart))


def _size(values: Floats) -> float:
    """What counts as large in a column: its median size, so that values near zero are compared fairly."""
    finite = np.abs(values[np.isfinite(values)])
    return float(np.median(finite)) if len(finite) else 0.0


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal; not-a-number equals itself, inside tuples, lists and mappings too."""
    if isinstance(one, float) and isinstance(other, float):
        return one == other or (math.isnan(one) and math.isnan(other))
    if isinstance(one, (tuple, list)) and isinstance(other, (tuple, list)):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return bool(np.array_equal(np.asarray(one), np.asarray(other), equal_nan=np.asarray(one).dtype.kind == "f"))
    try:
        return bool(one == other) or (one is other)
    except (TypeError, ValueError):
        return repr(one) == repr(other)


def nearly_same(one: Any, other: Any, share: float) -> bool:
    """Whether two values are equal, numbers inside them up to a share of their size."""
    if isinstance(one, float) and isinstance(other, float) and share:
        return abs(one - other) <= share * max(abs(one), abs(other)) or same(one, other)
    if isinstance(one, (tuple, list)) and isinstance(other, (tuple, list)) and share:
        return len(one) == len(other) and all(nearly_same(a, b, share) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict) and share:
        return one.keys() == other.keys() and all(nearly_same(one[name], other[name], share) for name in one)
    return same(one, other)


def first_difference(one: Sequence[Any], other: Sequence[Any]) -> int | None:
    """Place of the first items that differ, or that only one of the sequences has; None where all are the same.

    Numbers may differ by rounding: sums over longer arrays end otherwise in the last digits.
    """
    for place, (a, b) in enumerate(zip(one, other, strict=False)):
        if not nearly_same(a, b, TOLERANCE):
            return place
    return None if len(one) == len(other) else min(len(one), len(other))
