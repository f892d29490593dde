"""Other futures: what the bars after a cut might have been, for checks that nothing before the cut depends on them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Future", "altered", "flat"]

_SHOCK = 0.4
"""How far a crash falls and a boom rises, a fraction of the price: further than ordinary bars go."""


class Future(StrEnum):
    """How a future differs from the one that came."""

    MIRRORED = "mirrored"  # what rose falls by as much, with the volumes in another order
    CRASH = "crash"  # the mirrored one, far below
    BOOM = "boom"  # the mirrored one, far above


def flat(prices: Floats, volume: Floats, first: int) -> tuple[Floats, Floats]:
    """Bars from row `first` on in which nothing happens: every price is the close before them.

    Parameters
    ----------
    prices : (4, n) float64
        Open, high, low and close.
    volume : (n,) float64
    first : int
        The first row that is replaced; with 0 the prices stay at the first open.

    Returns
    -------
    (4, n) and (n,) float64
        Copies.

    Examples
    --------
    >>> made, _ = flat(np.array([[1.0, 3.0], [2.0, 4.0], [1.0, 3.0], [2.0, 4.0]]), np.ones(2), 1)
    >>> made[:, 1].tolist()
    [2.0, 2.0, 2.0, 2.0]
    """
    prices, volume = prices.copy(), volume.copy()
    prices[:, first:] = _level(prices, first)
    volume[first:] = volume[first - 1] if first else volume[0]
    return prices, volume


def altered(
    prices: Floats, volume: Floats, first: int, future: Future, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Plausible bars that did not come, from row `first` on.

    Prices keep their order inside each bar and stay positive; their moves are those of the bars that came, the other
    way round and a little larger or smaller.

    Parameters
    ----------
    prices, volume, first
        As for `flat`.
    future : Future
    rng : numpy.random.Generator

    Returns
    -------
    (4, n) and (n,) float64
        Copies.
    """
    prices, volume = prices.copy(), volume.copy()
    level = _level(prices, first)
    scale = rng.uniform(0.8, 1.2)
    moved = level * np.exp(-scale * np.log(prices[:, first:] / level))
    # What was the high is the low of a mirrored bar.
    moved[[1, 2]] = moved[[2, 1]]
    shift = {Future.CRASH: 1.0 - _SHOCK, Future.BOOM: 1.0 + _SHOCK}.get(future, 1.0)
    prices[:, first:] = np.maximum(moved * shift, 1e-9)
    volume[first:] = rng.permutation(volume[first:]) * (1.0 if future is Future.MIRRORED else 3.0)
    return prices, volume


def _level(prices: Floats, first: int) -> float:
    return float(prices[3, first - 1] if first else prices[0, 0])
