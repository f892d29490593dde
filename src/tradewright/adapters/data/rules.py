"""Which rows of prices cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["price_faults"]


def price_faults(numbers: dict[str, Floats], *, has_volume: bool) -> dict[int, str]:
    """Each impossible row with the first rule that it breaks.

    Parameters
    ----------
    numbers : mapping
        ``open``, ``high``, ``low``, ``close``, with `has_volume` ``volume``, and ``adjusted`` where prices are to be
        scaled by it, each (n,) float64 with NaN for missing values.
    has_volume : bool
    """
    if _all_possible(numbers, has_volume=has_volume):
        return {}
    faults: dict[int, str] = {}
    for reason, broken in _rules(numbers, has_volume=has_volume):
        for row in np.flatnonzero(broken).tolist():
            faults.setdefault(row, reason)
    return faults


def _all_possible(numbers: dict[str, Floats], *, has_volume: bool) -> bool:
    """The same rules in as few passes as they take; NaN fails every comparison."""
    high, low = numbers["high"], numbers["low"]
    body = (low <= numbers["open"]) & (numbers["open"] <= high) & (low <= numbers["close"]) & (numbers["close"] <= high)
    good = bool(body.all()) and bool((low > 0).all()) and bool((high < np.inf).all())
    if has_volume:
        good = good and bool((numbers["volume"] >= 0).all()) and bool((numbers["volume"] < np.inf).all())
    return good and not any(broken.any() for _, broken in _adjusted_rules(numbers))


def _rules(numbers: dict[str, Floats], *, has_volume: bool) -> Iterator[tuple[str, Mask]]:
    high, low = numbers["high"], numbers["low"]
    for name in ("open", "high", "low", "close"):
        yield f"its {name} is missing", np.isnan(numbers[name])
        yield f"its {name} is infinite", np.isinf(numbers[name])
        yield f"its {name} is negative", numbers[name] < 0
        yield f"its {name} is zero", numbers[name] == 0
    yield "its high is below its low", high < low
    yield "its high is below its open or close", high < np.maximum(numbers["open"], numbers["close"])
    yield "its low is above its open or close", low > np.minimum(numbers["open"], numbers["close"])
    if has_volume:
        yield "its volume is missing", np.isnan(numbers["volume"])
        yield "its volume is infinite", np.isinf(numbers["volume"])
        yield "its volume is negative", numbers["volume"] < 0
    yield from _adjusted_rules(numbers)


def _adjusted_rules(numbers: dict[str, Floats]) -> Iterator[tuple[str, Mask]]:
    if "adjusted" in numbers:
        scaled = numbers["adjusted"]
        yield "its adjusted close is missing or not positive", ~((scaled > 0) & (scaled < np.inf))
    if "split_ratio" in numbers:
        yield "its split ratio is negative", numbers["split_ratio"] < 0
