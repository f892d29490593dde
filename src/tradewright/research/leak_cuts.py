"""Where to cut a history, so that a leak shows: around decisions, evenly over all bars, and at random."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

__all__ = ["cut_rows"]


def cut_rows(
    first: int, stop: int, decided: Ints, count: int, rng: np.random.Generator, rare: Ints | None = None
) -> list[int]:
    """Rows after which to cut, each in ``[first, stop)``.

    A leak from the next bar shows where the cut is the bar of a decision; one that decides rarely shows only there.
    One that keeps a decision from being taken shows at other bars, which is why half of the cuts lie anywhere.

    Parameters
    ----------
    first, stop : int
        Rows that may be cut after.
    decided : (k,) int64
        Rows in which something was decided, in any order.
    count : int
        About how many cuts.
    rng : numpy.random.Generator
    rare : (r,) int64, optional
        Rows in which something happens that seldom does; they are added, up to as many as `count`.

    Returns
    -------
    list of int
        Rising, each once.

    Examples
    --------
    >>> cut_rows(0, 3, np.array([1]), 8, np.random.default_rng(0))
    [0, 1, 2]
    """
    if stop - first <= count:
        return list(range(first, stop))
    at = np.unique(decided[(decided >= first) & (decided < stop)])
    chosen = _spread(at, count // 4, rng)
    around = np.concatenate((chosen, chosen[:: max(1, len(chosen) * 8 // count)] - 1))
    even = np.linspace(first, stop - 1, count // 4).astype(np.int64)
    free = rng.integers(first, stop, max(1, count - len(around) - len(even)))
    seldom = _spread(np.empty(0, np.int64) if rare is None else rare, count // 2, rng)
    rows = np.unique(np.concatenate((around, even, free, seldom)))
    return [int(row) for row in rows if first <= row < stop]


def _spread(rows: Ints, count: int, rng: np.random.Generator) -> Ints:
    """About twice that many of the rows: half of them evenly, the first and the last included, half at random."""
    if len(rows) <= 2 * count:
        return rows
    even = rows[np.linspace(0, len(rows) - 1, count).astype(np.int64)]
    return np.union1d(even, rng.choice(rows, count, replace=False))
