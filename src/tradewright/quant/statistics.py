"""Moments of a sample, and what has to be true of a sample before they exist.

Every metric takes one-dimensional float64 arrays without missing values: what a missing return means is decided by the
caller, with :func:`drop_missing` or :func:`missing_as_zero`, and never guessed. Sums run from the first value to the
last, so that a loop over the same values gives the same bits.
"""

from __future__ import annotations

import math

import numpy as np

from tradewright.quant.arrays import FloatArray, sequential_mean
from tradewright.quant.undefined import Undefined

__all__ = [
    "deviation",
    "drop_missing",
    "kurtosis",
    "mean",
    "missing_as_zero",
    "require_sample",
    "skewness",
    "varying_deviation",
]

NO_VARIATION = 1e-9
"""A deviation up to this share of the largest magnitude is taken for rounding noise of constant values."""


def drop_missing(values: FloatArray) -> FloatArray:
    """Return the values that are not NaN: the sample gets smaller."""
    return values[~np.isnan(values)]


def missing_as_zero(values: FloatArray) -> FloatArray:
    """Return the values with 0.0 for each NaN: the sample keeps its length."""
    return np.where(np.isnan(values), 0.0, values)


def require_sample(values: FloatArray, at_least: int = 1, what: str = "returns") -> FloatArray:
    """Pass a sample through, or say why nothing can be computed from it.

    Parameters
    ----------
    values : ndarray
        The sample.
    at_least : int
        Fewest values that give an answer.
    what : str
        Plural noun for the reason.

    Raises
    ------
    Undefined
        If there are too few values or one of them is not finite.
    """
    if len(values) < at_least:
        raise Undefined(f"there are {len(values)} {what} and at least {at_least} are needed")
    if not np.isfinite(values).all():
        raise Undefined(f"the {what} are not finite at position {int(np.argmin(np.isfinite(values)))}")
    return values


def mean(values: FloatArray, what: str = "returns") -> float:
    """Arithmetic mean of at least one value."""
    return sequential_mean(require_sample(values, 1, what))


def deviation(values: FloatArray, ddof: int = 1, what: str = "returns") -> float:
    """Standard deviation, two passes, with ``ddof`` degrees of freedom taken off; may be 0."""
    require_sample(values, ddof + 1, what)
    centred = values - sequential_mean(values)
    return math.sqrt(sequential_mean(centred * centred) * (len(values) / (len(values) - ddof)))


def varying_deviation(
    values: FloatArray, ddof: int = 1, what: str = "returns", *, magnitude: float | None = None
) -> float:
    """Standard deviation to divide by.

    Parameters
    ----------
    values : ndarray
        The sample.
    ddof : int
        Degrees of freedom taken off.
    what : str
        Plural noun for the reason.
    magnitude : float, optional
        Size of the numbers that the values are made of, where they are differences; their own by default.

    Raises
    ------
    Undefined
        If the values do not vary: the deviation is at most 1e-9 of the magnitude.
    """
    result = deviation(values, ddof, what)
    if result <= NO_VARIATION * (float(np.max(np.abs(values))) if magnitude is None else magnitude):
        raise Undefined(f"the {what} do not vary")
    return result


def skewness(values: FloatArray, what: str = "returns") -> float:
    """Population skewness m3 / m2^1.5, without small-sample correction; 0 for a symmetric distribution."""
    spread = varying_deviation(values, 0, what)
    standard = (values - sequential_mean(values)) / spread
    return sequential_mean(standard * standard * standard)


def kurtosis(values: FloatArray, what: str = "returns") -> float:
    """Population kurtosis m4 / m2², without small-sample correction; 3 for a normal distribution (not excess)."""
    spread = varying_deviation(values, 0, what)
    standard = (values - sequential_mean(values)) / spread
    return sequential_mean(standard * standard * standard * standard)
