"""How far equity lay below its own peak, and for how long.

Equity is marked and begins with the starting capital, so that a loss from the first period on counts. Drawdowns are
fractions and never positive; durations are counted in periods.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tradewright.quant.arrays import FloatArray, sequential_mean
from tradewright.quant.statistics import require_sample
from tradewright.quant.undefined import Undefined

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "Episodes",
    "average_drawdown",
    "average_drawdown_duration",
    "drawdown_episodes",
    "drawdown_series",
    "max_drawdown",
    "max_drawdown_duration",
    "ulcer_index",
]


class Episodes(NamedTuple):
    """Drawdowns in order, one entry each.

    ``peak``, ``trough`` and ``end`` are positions in the equity. ``end`` is the first position at or above the peak
    again, or the last position where ``recovered`` is False. ``depth`` is the fraction lost at the trough.
    """

    peak: NDArray[np.int64]
    trough: NDArray[np.int64]
    end: NDArray[np.int64]
    depth: FloatArray
    recovered: NDArray[np.bool_]


def drawdown_series(equity: FloatArray) -> FloatArray:
    """Equity over its running peak, less one: 0 at a peak, below 0 elsewhere.

    Raises
    ------
    Undefined
        If there is no equity, or it does not begin above zero.
    """
    require_sample(equity, 1, "equity values")
    if equity[0] <= 0.0:
        raise Undefined("the starting capital is not positive")
    below: FloatArray = equity / np.maximum.accumulate(equity) - 1.0
    return below


def max_drawdown(equity: FloatArray) -> float:
    """Deepest drawdown, 0 where equity never fell."""
    return float(np.min(drawdown_series(equity)))


def drawdown_episodes(equity: FloatArray) -> Episodes:
    """Split the time under water into drawdowns, each from its peak to its recovery."""
    below = drawdown_series(equity)
    under_water = below < 0.0
    starts = np.flatnonzero(under_water[1:] & ~under_water[:-1])
    stops = np.flatnonzero(under_water[:-1] & ~under_water[1:]) + 1
    recovered = np.arange(len(starts)) < len(stops)
    last = np.full(len(starts) - len(stops), len(equity) - 1, dtype=np.int64)
    ends = np.concatenate([stops, last])
    troughs = np.array(
        [start + np.argmin(below[start : end + 1]) for start, end in zip(starts, ends, strict=True)], dtype=np.int64
    )
    return Episodes(starts, troughs, ends, below[troughs], recovered)


def average_drawdown(equity: FloatArray) -> float:
    """Mean depth of the drawdowns, each counted once.

    Raises
    ------
    Undefined
        If equity never fell below a peak.
    """
    return sequential_mean(_some(drawdown_episodes(equity)).depth)


def max_drawdown_duration(equity: FloatArray) -> int:
    """Most periods from a peak to its recovery, or to the end where there is none; 0 where equity never fell."""
    episodes = drawdown_episodes(equity)
    return int(np.max(episodes.end - episodes.peak)) if len(episodes.peak) else 0


def average_drawdown_duration(equity: FloatArray) -> float:
    """Mean periods from a peak to its recovery, or to the end where there is none.

    Raises
    ------
    Undefined
        If equity never fell below a peak.
    """
    episodes = _some(drawdown_episodes(equity))
    return sequential_mean((episodes.end - episodes.peak).astype(np.float64))


def ulcer_index(equity: FloatArray) -> float:
    """Root mean square of the drawdown series as a fraction (Martin and McCann 1989)."""
    below = drawdown_series(equity)
    return math.sqrt(sequential_mean(below * below))


def _some(episodes: Episodes) -> Episodes:
    if not len(episodes.peak):
        raise Undefined("equity never fell below a peak")
    return episodes
