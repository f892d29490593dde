"""The probability that choosing the best trial chose noise.

Combinatorially symmetric cross-validation: the rows are cut into an even number of blocks; every way of taking half of
the blocks as in-sample is tried, with the other half as out-of-sample; each time the trial that is best in-sample is
looked up out-of-sample. A search that finds something true finds it again; where the chosen trial is as often below the
median as above it, the search found noise.

Sources
-------
- Bailey, Borwein, López de Prado and Zhu, "The Probability of Backtest Overfitting", Journal of Computational Finance
  20(4), 2017, pp. 39-69: the procedure, the probability, performance degradation and the probability of loss.

Choices where the paper leaves them open
----------------------------------------
- Rows that do not fill the blocks evenly are left out at the beginning: the oldest.
- A trial without variation in one half (it did not trade there) scores 0, as cash does.
- A trial without variation over all rows is no alternative to choose from and is left out, and counted.
- Trials that tie in-sample: the first. Out-of-sample a tie has the mean of the ranks it covers. A rank exactly at the
  median counts as overfit, as in the paper's sum over logits up to zero.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tradewright.domain.errors import ConfigError
from tradewright.quant.arrays import FloatArray, sequential_mean
from tradewright.quant.undefined import Undefined

from .trial_returns import as_trial_returns, varying_trials

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

__all__ = [
    "DEFAULT_BLOCKS",
    "FEWEST_BLOCKS",
    "FEWEST_ROWS_PER_BLOCK",
    "MOST_BLOCKS",
    "Overfitting",
    "Performance",
    "blocks_for",
    "mean_performance",
    "probability_of_overfitting",
    "sharpe_performance",
]

DEFAULT_BLOCKS = 16
"""The paper's S: 12,870 splits."""
FEWEST_BLOCKS = 4
MOST_BLOCKS = 20
"""184,756 splits; each two blocks more multiply the work by nearly four."""
FEWEST_ROWS_PER_BLOCK = 5

_CHUNK_BYTES = 2 << 20
_TILE_BYTES = 24 << 20
_FLAT = 1e-13
"""Variance up to this share of the mean square about the trial's own mean is rounding noise of constant returns."""

Performance = Callable[[FloatArray, FloatArray], FloatArray]
"""``performance(means, variances)``: a score per trial and split; a variance of 0 stands for constant returns."""


def sharpe_performance(means: FloatArray, variances: FloatArray) -> FloatArray:
    """Per-period Sharpe ratio; 0 without variation."""
    scores = np.zeros_like(means)
    np.divide(means, np.sqrt(variances), out=scores, where=variances > 0.0)
    return scores


def mean_performance(means: FloatArray, variances: FloatArray) -> FloatArray:  # noqa: ARG001 - one signature for all
    """Mean return."""
    return means


@dataclass(frozen=True, eq=False)
class Overfitting:
    """What the splits of one search showed.

    Parameters
    ----------
    logits : (s,) float64
        Of each split: ln(ω / (1 - ω)), with ω the out-of-sample rank of the chosen trial over N + 1. Above 0 the choice
        was better than the median of the trials.
    in_sample, out_of_sample : (s,) float64
        Performance of the chosen trial in either half.
    blocks : int
        Into which the rows were cut.
    rows : int
        Used in all; what did not fill the blocks is in `rows_left_out`.
    trials : int
        Compared; what never varied is in `trials_left_out`.
    """

    logits: FloatArray
    in_sample: FloatArray
    out_of_sample: FloatArray
    blocks: int
    rows: int
    rows_left_out: int
    trials: int
    trials_left_out: int

    @property
    def splits(self) -> int:
        """In how many ways the blocks were halved."""
        return len(self.logits)

    @property
    def probability(self) -> float:
        """Share of splits in which the chosen trial was not better than the median out of sample (PBO)."""
        return int(np.count_nonzero(self.logits <= 0.0)) / self.splits

    @property
    def probability_of_loss(self) -> float:
        """Share of splits in which the chosen trial performed below zero out of sample."""
        return int(np.count_nonzero(self.out_of_sample < 0.0)) / self.splits

    def degradation(self) -> float:
        """Slope of out-of-sample on in-sample performance over the splits: below 0, better looks did worse.

        Two halves of one sample share its total, so that the slope of a fixed trial is near -1: a negative slope
        alone is no evidence. It is read beside the level out of sample.

        Raises
        ------
        Undefined
            When the performance in sample is the same in every split.
        """
        centred = self.in_sample - sequential_mean(self.in_sample)
        spread = sequential_mean(centred * centred)
        if spread <= _FLAT * sequential_mean(self.in_sample * self.in_sample):
            raise Undefined("the chosen trial performed alike in every split")
        return sequential_mean(centred * self.out_of_sample) / spread


def blocks_for(rows: int) -> int:
    """Blocks to cut rows into: 16, or the largest even number that leaves five rows to each.

    Raises
    ------
    Undefined
        When not even four blocks do.
    """
    fitting = min(DEFAULT_BLOCKS, rows // FEWEST_ROWS_PER_BLOCK // 2 * 2)
    if fitting < FEWEST_BLOCKS:
        raise Undefined(
            f"there are {rows} returns for each trial and at least {FEWEST_BLOCKS * FEWEST_ROWS_PER_BLOCK} are needed"
        )
    return fitting


def probability_of_overfitting(
    returns: Any, blocks: int | None = None, *, performance: Performance = sharpe_performance
) -> Overfitting:
    """Cut, choose and look up, over every split of the rows into halves.

    Work and result do not depend on the machine's number of cores, and memory is bounded: about 64 MB beside the
    returns themselves, for any number of trials.

    Parameters
    ----------
    returns : (t, n) array
        Per-period returns of every trial that was compared, aligned; all trials, not a selection of good ones.
    blocks : int, optional
        Even, 4 to 20; by default 16, fewer where there are few rows.
    performance : callable
        What the search maximised, from means and variances; the Sharpe ratio by default.

    Raises
    ------
    ConfigError
        When the number of blocks is impossible.
    Undefined
        When there are fewer than two trials that vary, all are the same, or the rows are too few.
    """
    matrix = as_trial_returns(returns)
    total = len(matrix)
    chosen = blocks_for(total) if blocks is None else _require_blocks(blocks, total)
    columns = varying_trials(matrix)
    _require_alternatives(matrix, columns)
    used = matrix[total % chosen :]
    splits = _Splits(chosen, performance)
    best = _choose(splits, used, columns)
    logits = _logits(_ranks(splits, used, columns, best.out_of_sample), len(columns))
    left_out = matrix.shape[1] - len(columns)
    return Overfitting(
        logits, best.in_sample, best.out_of_sample, chosen, len(used), total % chosen, len(columns), left_out
    )


class _Choice(NamedTuple):
    """Of every split, the performance of the trial that was best in sample."""

    in_sample: FloatArray
    out_of_sample: FloatArray


class _Splits:
    """The halvings of the blocks as bit masks: first those that hold block 0, then their mirrors in the same order."""

    def __init__(self, blocks: int, performance: Performance) -> None:
        self.blocks = blocks
        self.performance = performance
        every = np.arange(1, 1 << blocks, 2, dtype=np.int64)
        self.masks: Ints = every[np.bitwise_count(every) == blocks // 2]

    def __len__(self) -> int:
        return len(self.masks)

    def tile_width(self, rows: int) -> int:
        """Trials whose returns and tables of partial sums are held at a time."""
        return max(1, _TILE_BYTES // (8 * (rows + (4 << (self.blocks // 2)))))

    def scores(self, used: FloatArray, columns: Ints) -> Iterator[tuple[slice, FloatArray, FloatArray]]:
        """Performance of some trials in both halves, a chunk of splits at a time."""
        sums = _HalfSums(used, columns, self.blocks)
        size = max(1, _CHUNK_BYTES // (8 * len(columns)))
        whole = (1 << self.blocks) - 1
        for first in range(0, len(self), size):
            part = slice(first, min(first + size, len(self)))
            masks = self.masks[part]
            yield part, self.performance(*sums.moments(masks)), self.performance(*sums.moments(whole ^ masks))


class _HalfSums:
    """Sums and sums of squares over any set of blocks, from tables over the sets of the lower and the upper blocks.

    Returns are taken about each trial's own mean, so that the variance does not drown in the square of the mean.
    """

    def __init__(self, used: FloatArray, columns: Ints, blocks: int) -> None:
        returns = used[:, columns]
        self.means = np.add.reduce(returns, axis=0) / len(returns)
        returns -= self.means
        self.rows = len(used) // 2
        self.half = blocks // 2
        shape = (blocks, len(used) // blocks, len(columns))
        sums = np.add.reduce(returns.reshape(shape), axis=1)
        np.multiply(returns, returns, out=returns)
        squares = np.add.reduce(returns.reshape(shape), axis=1)
        self.tables = [
            _subset_sums(part) for whole in (sums, squares) for part in (whole[: self.half], whole[self.half :])
        ]

    def moments(self, masks: Ints) -> tuple[FloatArray, FloatArray]:
        """Means and variances (ddof=1) over the blocks of each mask, splits × trials."""
        low, high = masks & ((1 << self.half) - 1), masks >> self.half
        means = self.tables[0][low]
        means += self.tables[1][high]
        means /= self.rows
        variances = self.tables[2][low]
        variances += self.tables[3][high]
        variances /= self.rows
        floor = variances * _FLAT
        variances -= means * means
        variances[variances <= floor] = 0.0
        variances *= self.rows / (self.rows - 1)
        means += self.means
        return means, variances


def _subset_sums(parts: FloatArray) -> FloatArray:
    """Row m is the sum of the parts whose bits are set in m."""
    table = np.zeros((1 << len(parts), parts.shape[1]))
    for bit, part in enumerate(parts):
        table[1 << bit : 2 << bit] = table[: 1 << bit] + part
    return table


def _tiles(splits: _Splits, rows: int, columns: Ints) -> Iterator[Ints]:
    width = splits.tile_width(rows)
    return (columns[first : first + width] for first in range(0, len(columns), width))


def _choose(splits: _Splits, used: FloatArray, columns: Ints) -> _Choice:
    count = len(splits)
    best = _Choice(np.full(2 * count, -np.inf), np.zeros(2 * count))
    for tile in _tiles(splits, len(used), columns):
        for part, one, other in splits.scores(used, tile):
            _keep_better(best, part, one, other)
            _keep_better(best, slice(part.start + count, part.stop + count), other, one)
    return best


def _keep_better(best: _Choice, part: slice, inside: FloatArray, outside: FloatArray) -> None:
    rows = np.arange(len(inside))
    winner = inside.argmax(axis=1)
    found = inside[rows, winner]
    better = found > best.in_sample[part]
    best.in_sample[part][better] = found[better]
    best.out_of_sample[part][better] = outside[rows, winner][better]


def _ranks(splits: _Splits, used: FloatArray, columns: Ints, chosen: FloatArray) -> FloatArray:
    """Rank of the chosen performance among all trials out of sample, from 1 for the worst; ties in the middle."""
    count = len(splits)
    below, equal = np.zeros(2 * count), np.zeros(2 * count)
    for tile in _tiles(splits, len(used), columns):
        for part, one, other in splits.scores(used, tile):
            mirror = slice(part.start + count, part.stop + count)
            for place, outside in ((part, other), (mirror, one)):
                level = chosen[place, None]
                below[place] += np.count_nonzero(outside < level, axis=1)
                equal[place] += np.count_nonzero(outside == level, axis=1)
    return below + (equal + 1.0) / 2.0


def _logits(ranks: FloatArray, trials: int) -> FloatArray:
    logits: FloatArray = np.log(ranks / (trials + 1.0 - ranks))
    return logits


def _require_blocks(blocks: int, rows: int) -> int:
    if blocks % 2 or not FEWEST_BLOCKS <= blocks <= MOST_BLOCKS:
        raise ConfigError(
            f"Cross-validation cannot be symmetric over {blocks} blocks.",
            hint=f"Choose an even number from {FEWEST_BLOCKS} to {MOST_BLOCKS}.",
        )
    if rows < blocks * FEWEST_ROWS_PER_BLOCK:
        needed = blocks * FEWEST_ROWS_PER_BLOCK
        raise Undefined(f"there are {rows} returns for each trial and {blocks} blocks need at least {needed}")
    return blocks


def _require_alternatives(matrix: FloatArray, columns: Ints) -> None:
    if len(columns) < 2:
        flat = matrix.shape[1] - len(columns)
        without = f" ({flat} more never vary)" if flat else ""
        raise Undefined(f"there are {len(columns)} trials to choose from{without} and at least 2 are needed")
    first = matrix[:, columns[0]]
    if all(np.array_equal(first, matrix[:, column]) for column in columns[1:]):
        raise Undefined(f"all {len(columns)} trials have the same returns")
