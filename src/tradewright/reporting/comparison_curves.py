"""Curves of compared runs over the sessions that all of them have, each begun at 100."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.reporting.comparison import Comparison

    Floats = NDArray[np.float64]

__all__ = ["BEGIN", "rebased"]

BEGIN = 100.0
"""Where every curve begins."""


def rebased(comparison: Comparison) -> tuple[NDArray[np.int64], dict[str, Floats]]:
    """Common sessions as days since 1970, and by name what each run's equity became of 100 at the first of them.

    Parameters
    ----------
    comparison : Comparison

    Returns
    -------
    days : (k,) int64
    curves : mapping of name to (k,) float64
        ``"0"``, ``"1"``, … in the order of the runs; ``"difference_1"``, … is such a run less the first, in points.
        A run without equity at the first common close has NaN throughout.
    """
    held = [
        dict(zip(each["equity"]["session"], each["equity"]["equity"], strict=True)) for each in comparison.documents
    ]
    common = sorted(set.intersection(*(set(each) for each in held)))
    curves = {str(place): _begun(np.array([each[day] for day in common])) for place, each in enumerate(held)}
    for place in range(1, len(held)):
        curves[f"difference_{place}"] = curves[str(place)] - curves["0"]
    return np.array(common, "datetime64[D]").astype(np.int64), curves


def _begun(values: Floats) -> Floats:
    if not len(values):
        return np.empty(0)
    return values / values[0] * BEGIN if values[0] > 0 else np.full(len(values), np.nan)
