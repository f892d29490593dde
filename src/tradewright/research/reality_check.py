"""Whether the best of many trials beats a benchmark by more than the search alone explains.

The returns of all trials are drawn again together, in blocks; each time the best of the trials is taken after their own
means were taken away. The p-value is the share of such worlds without skill in which the best did as well as here.

Sources
-------
- White, "A Reality Check for Data Snooping", Econometrica 68(5), 2000, pp. 1097-1126.
- Hansen, "A Test for Superior Predictive Ability", Journal of Business and Economic Statistics 23(4), 2005,
  pp. 365-380: studentised, with three ways of taking means away, so that bad trials do not make the test milder.
- Davison and Hinkley, "Bootstrap Methods and their Application", Cambridge 1997: the observed world is counted
  among the drawn ones, so that no p-value is below 1 / (draws + 1).

Choices
-------
- Trials whose excess returns never vary are left out, and counted.
- The variance of each trial's mean is that over the draws.
- Without a block length, the median over the trials of what `resampling.automatic_block_length` finds.
- Sums never run through a linear-algebra library, whose rounding depends on the number of cores.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.errors import ConfigError
from tradewright.quant.undefined import Undefined

from .resampling import automatic_block_length, require_draws, stationary_rows
from .trial_returns import as_trial_returns, varying_trials

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.quant.arrays import FloatArray

    Ints = NDArray[np.int64]

__all__ = ["SuperiorPerformance", "superior_performance"]

FEWEST_ROWS = 20
_TILE_BYTES = 16 << 20
_DRAWS_AT_A_TIME = 64
_MOST_TRIALS_FOR_BLOCKS = 256


@dataclass(frozen=True, slots=True)
class SuperiorPerformance:
    """p-values of one search against one benchmark; small means that luck and search do not explain the best trial.

    Parameters
    ----------
    reality_check : float
        White's: of the best mean excess return.
    spa_lower, spa : float, spa_upper : float
        Hansen's: of the best studentised mean; `spa` is the consistent one, the others are its bounds.
    best : int
        Column of the trial with the highest studentised mean.
    statistic : float
        That mean over its standard error; 0 where no trial beats the benchmark.
    trials, trials_left_out : int
    draws : int
    block_length : float
        Mean length of the blocks.
    """

    reality_check: float
    spa_lower: float
    spa: float
    spa_upper: float
    best: int
    statistic: float
    trials: int
    trials_left_out: int
    draws: int
    block_length: float


def superior_performance(
    returns: Any,
    benchmark: FloatArray | None = None,
    *,
    rng: np.random.Generator,
    draws: int = 1000,
    block_length: float | None = None,
) -> SuperiorPerformance:
    """Test the best of all trials against a benchmark.

    Memory is bounded for any number of trials: beside the returns, and their copy where a benchmark is taken from them,
    about 64 MB and two bytes for each row and draw.

    Parameters
    ----------
    returns : (t, n) array
        Per-period returns of every trial, aligned; all trials, not a selection of good ones.
    benchmark : (t,) ndarray, optional
        Per-period returns to beat; cash without interest by default.
    rng : numpy.random.Generator
    draws : int
        Worlds drawn.
    block_length : float, optional
        Mean length of the blocks, in periods.

    Raises
    ------
    ConfigError
        When the benchmark is of another length, or the block length or the draws are impossible.
    Undefined
        When no trial's excess return varies, or there are fewer than 20 periods.
    """
    excess = _excess(as_trial_returns(returns), benchmark)
    rows = len(excess)
    if rows < FEWEST_ROWS:
        raise Undefined(f"there are {rows} returns for each trial and at least {FEWEST_ROWS} are needed")
    columns = varying_trials(excess)
    if not len(columns):
        raise Undefined("no trial has excess returns that vary")
    length = _median_block_length(excess, columns) if block_length is None else block_length
    counts = _counts(rows, require_draws(draws), length, rng)
    extremes = _Extremes(draws)
    width = max(1, _TILE_BYTES // (8 * (rows + draws)))
    for first in range(0, len(columns), width):
        _take_in(extremes, excess, columns[first : first + width], counts)
    values = extremes.p_values()
    left_out = excess.shape[1] - len(columns)
    return SuperiorPerformance(
        *values, extremes.best, max(extremes.statistic, 0.0), len(columns), left_out, draws, length
    )


class _Extremes:
    """The best of the trials so far: as it was, and in every world drawn."""

    def __init__(self, draws: int) -> None:
        self.mean = -math.inf
        self.statistic = -math.inf
        self.best = -1
        self.drawn_mean = np.full(draws, -np.inf)
        # A world in which no trial beats the benchmark has the statistic 0.
        self.drawn_lower, self.drawn_consistent, self.drawn_upper = (np.zeros(draws) for _ in range(3))

    def p_values(self) -> tuple[float, float, float, float]:
        """White's, and Hansen's lower, consistent and upper one."""
        best = max(self.statistic, 0.0)
        return (
            _share(self.drawn_mean, self.mean),
            _share(self.drawn_lower, best),
            _share(self.drawn_consistent, best),
            _share(self.drawn_upper, best),
        )


def _share(drawn: FloatArray, observed: float) -> float:
    return (1 + int(np.count_nonzero(drawn >= observed))) / (1 + len(drawn))


def _excess(matrix: FloatArray, benchmark: FloatArray | None) -> FloatArray:
    if benchmark is None:
        return matrix
    if benchmark.shape != (len(matrix),):
        raise ConfigError(
            f"The benchmark has {len(benchmark)} returns and the trials have {len(matrix)}.",
            hint="Give both for the same periods.",
        )
    if not np.isfinite(benchmark).all():
        raise Undefined(f"the benchmark's return is not finite in period {int(np.argmin(np.isfinite(benchmark)))}")
    return matrix - benchmark[:, None]


def _median_block_length(excess: FloatArray, columns: Ints) -> float:
    """Over at most 256 trials, evenly spread: autocorrelation is common to a search."""
    some = columns[:: max(1, math.ceil(len(columns) / _MOST_TRIALS_FOR_BLOCKS))]
    return float(np.median([automatic_block_length(np.ascontiguousarray(excess[:, each])) for each in some]))


def _counts(rows: int, draws: int, length: float, rng: np.random.Generator) -> NDArray[np.uint16]:
    """How often each row comes up in each world, rows × draws."""
    counts = np.empty((rows, draws), np.uint16)
    for first in range(0, draws, _DRAWS_AT_A_TIME):
        drawn = stationary_rows(rows, min(_DRAWS_AT_A_TIME, draws - first), length, rng)
        places = drawn + np.arange(len(drawn))[:, None] * rows
        counted = np.bincount(places.ravel(), minlength=drawn.size).reshape(drawn.shape)
        counts[:, first : first + len(drawn)] = counted.T
    return counts


def _drawn_means(centred: FloatArray, counts: NDArray[np.uint16]) -> FloatArray:
    """Mean of every trial in some worlds, draws × trials."""
    weights = counts.astype(np.float64)
    # Without `optimize` this is one loop of numpy's own, on one core.
    total: FloatArray = np.einsum("rd,rn->dn", weights, centred, optimize=False)
    total /= len(centred)
    return total


def _take_in(extremes: _Extremes, excess: FloatArray, tile: Ints, counts: NDArray[np.uint16]) -> None:
    rows, draws = counts.shape
    centred = excess[:, tile]
    means = np.add.reduce(centred, axis=0) / rows
    centred -= means
    drawn = np.empty((draws, len(tile)))
    for first in range(0, draws, _DRAWS_AT_A_TIME):
        drawn[first : first + _DRAWS_AT_A_TIME] = _drawn_means(centred, counts[:, first : first + _DRAWS_AT_A_TIME])
    errors = np.sqrt(np.add.reduce(drawn * drawn, axis=0) / draws)
    if not errors.all():
        raise Undefined("every world drawn is the observed one: the blocks are too long for the draws")
    _keep_observed(extremes, means, errors, tile)
    _keep_drawn(extremes, means, errors, drawn, rows)


def _keep_observed(extremes: _Extremes, means: FloatArray, errors: FloatArray, tile: Ints) -> None:
    extremes.mean = max(extremes.mean, float(means.max()))
    statistics = means / errors
    place = int(np.argmax(statistics))
    if statistics[place] > extremes.statistic:
        extremes.statistic, extremes.best = float(statistics[place]), int(tile[place])


def _keep_drawn(extremes: _Extremes, means: FloatArray, errors: FloatArray, drawn: FloatArray, rows: int) -> None:
    """Move every drawn mean by what its trial is thought to be worth, and keep the best of each world."""
    np.maximum(extremes.drawn_mean, drawn.max(axis=1), out=extremes.drawn_mean)
    drawn /= errors
    statistics = means / errors
    # A trial this far below the benchmark is taken for bad and cannot be the best by chance (the law of the iterated
    # logarithm); the rest keep a mean of zero.
    is_bad = statistics < -math.sqrt(2.0 * math.log(math.log(rows)))
    for kept, shift in (
        (extremes.drawn_upper, np.zeros_like(statistics)),
        (extremes.drawn_consistent, np.where(is_bad, statistics, 0.0)),
        (extremes.drawn_lower, np.minimum(statistics, 0.0)),
    ):
        np.maximum(kept, (drawn + shift).max(axis=1), out=kept)
