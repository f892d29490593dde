"""What the closed trades say, in the order they were closed.

``results`` are net results of closed trades, in money or as returns: the caller chooses and says so. A trade that came
out at exactly zero is neither won nor lost; it counts as a trade and ends a streak.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from tradewright.quant.arrays import FloatArray, sequential_mean, sequential_sum
from tradewright.quant.statistics import mean, require_sample, varying_deviation
from tradewright.quant.undefined import Undefined

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "average_loss",
    "average_win",
    "best_trade",
    "expectancy",
    "kelly",
    "longest_losing_streak",
    "longest_winning_streak",
    "payoff_ratio",
    "profit_factor",
    "sqn",
    "win_rate",
    "worst_trade",
]


def win_rate(results: FloatArray) -> float:
    """Share of trades with a result above zero."""
    return int(np.count_nonzero(_trades(results) > 0.0)) / len(results)


def profit_factor(results: FloatArray) -> float:
    """Sum of the winning results over the size of the sum of the losing ones.

    Raises
    ------
    Undefined
        If there are no trades, or none lost.
    """
    return sequential_sum(results[_trades(results) > 0.0]) / -sequential_sum(_lost(results))


def expectancy(results: FloatArray) -> float:
    """Mean result per trade."""
    return mean(_trades(results), "closed trades")


def average_win(results: FloatArray) -> float:
    """Mean of the winning results.

    Raises
    ------
    Undefined
        If no trade won.
    """
    won = results[_trades(results) > 0.0]
    if not len(won):
        raise Undefined("no trade won")
    return sequential_mean(won)


def average_loss(results: FloatArray) -> float:
    """Mean of the losing results, a negative number.

    Raises
    ------
    Undefined
        If no trade lost.
    """
    return sequential_mean(_lost(results))


def payoff_ratio(results: FloatArray) -> float:
    """Average win over the size of the average loss."""
    return average_win(results) / -average_loss(results)


def kelly(results: FloatArray) -> float:
    """Kelly's fraction for two outcomes, win rate - (1 - win rate) / payoff ratio (Kelly 1956); may be negative."""
    won = win_rate(results)
    return won - (1.0 - won) / payoff_ratio(results)


def sqn(results: FloatArray, ddof: int = 1) -> float:
    """System quality number: √n times the mean result over its deviation (Tharp 2008)."""
    return math.sqrt(len(results)) * expectancy(results) / varying_deviation(results, ddof, "trade results")


def best_trade(results: FloatArray) -> float:
    """Largest result."""
    return float(np.max(_trades(results)))


def worst_trade(results: FloatArray) -> float:
    """Smallest result."""
    return float(np.min(_trades(results)))


def longest_winning_streak(results: FloatArray) -> int:
    """Most winning trades in a row; 0 where none won."""
    return _longest_run(_trades(results) > 0.0)


def longest_losing_streak(results: FloatArray) -> int:
    """Most losing trades in a row; 0 where none lost."""
    return _longest_run(_trades(results) < 0.0)


def _trades(results: FloatArray) -> FloatArray:
    if not len(results):
        raise Undefined("there are no closed trades")
    return require_sample(results, 1, "trade results")


def _lost(results: FloatArray) -> FloatArray:
    lost = results[_trades(results) < 0.0]
    if not len(lost):
        raise Undefined("no trade lost")
    return lost


def _longest_run(marks: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(marks, prepend=False, append=False))
    return int(np.max(edges[1::2] - edges[::2], initial=0))
