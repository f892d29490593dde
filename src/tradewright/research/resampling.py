"""Rows drawn again from a series in blocks, so that what hangs together in time stays together.

Sources
-------
- Politis and Romano, "The Stationary Bootstrap", JASA 89(428), 1994, pp. 1303-1313: blocks of geometric length; the
  series is wrapped around a circle.
- Politis and Romano, "A Circular Block-Resampling Procedure for Stationary Data", in LePage and Billard (eds.),
  "Exploring the Limits of Bootstrap", Wiley 1992, pp. 263-270: blocks of one length.
- Politis and White, "Automatic Block-Length Selection for the Dependent Bootstrap", Econometric Reviews 23(1), 2004,
  pp. 53-70: the rule, and in footnote c on p. 59 how far the autocorrelation is taken to reach.
- Patton, Politis and White, "Correction to …", Econometric Reviews 28(4), 2009, pp. 372-375: the constant of the
  stationary bootstrap.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.errors import ConfigError
from tradewright.quant.statistics import require_sample
from tradewright.quant.undefined import Undefined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.quant.arrays import FloatArray

    Ints = NDArray[np.int64]

__all__ = ["MOST_DRAWS", "automatic_block_length", "circular_block_rows", "require_draws", "stationary_rows"]

MOST_DRAWS = 10_000_000
"""What the numbers of the paths alone take beyond it is no longer small, and no quantile needs them."""

_FEWEST_ROWS = 10
_SIGNIFICANT = 2.0
"""Autocorrelations up to so many times √(log10(n) / n) count as none (c of Politis and White)."""


def stationary_rows(rows: int, draws: int, block_length: float, rng: np.random.Generator) -> Ints:
    """Rows of the stationary bootstrap, one series per line.

    Parameters
    ----------
    rows : int
        Of the series, and of each series drawn.
    draws : int
    block_length : float
        Mean length of a block, at least 1; 1 draws every row on its own.
    rng : numpy.random.Generator

    Returns
    -------
    (draws, rows) int64
    """
    _require_block(block_length, rows)
    begins = rng.random((draws, rows)) < 1.0 / block_length
    begins[:, 0] = True
    origins = rng.integers(rows, size=(draws, rows))
    place = np.arange(rows)
    last_begin = np.maximum.accumulate(np.where(begins, place, 0), axis=1)
    drawn: Ints = (np.take_along_axis(origins, last_begin, axis=1) + place - last_begin) % rows
    return drawn


def circular_block_rows(rows: int, draws: int, block_length: int, rng: np.random.Generator) -> Ints:
    """Rows of the circular block bootstrap, one series per line; the last block is cut to fit.

    Parameters
    ----------
    rows : int
        Of the series, and of each series drawn.
    draws : int
    block_length : int
        Length of every block, from 1 to the number of rows.
    rng : numpy.random.Generator

    Returns
    -------
    (draws, rows) int64
    """
    _require_block(block_length, rows)
    origins = rng.integers(rows, size=(draws, math.ceil(rows / block_length)))
    drawn: Ints = (origins[:, :, None] + np.arange(block_length)).reshape(draws, -1)[:, :rows] % rows
    return drawn


def automatic_block_length(series: FloatArray, *, circular: bool = False) -> float:
    """Block length that estimates the variance of a mean best, from the series' own autocorrelation.

    Parameters
    ----------
    series : (t,) ndarray
        At least ten values.
    circular : bool
        Whether for blocks of one length rather than the stationary bootstrap's mean length.

    Returns
    -------
    float
        From 1 to the smaller of 3 √t and t / 3.

    Raises
    ------
    Undefined
        When there are too few values.
    """
    rows = len(require_sample(series, _FEWEST_ROWS))
    window = max(5, math.ceil(math.sqrt(math.log10(rows))))
    reach = min(math.ceil(math.sqrt(rows)) + window, rows - 1)
    covariances = _autocovariances(series, reach)
    if covariances[0] <= 0.0:
        return 1.0
    bandwidth = min(2 * _last_significant(covariances / covariances[0], rows, window), reach)
    lags = np.arange(1, bandwidth + 1)
    shares = lags / bandwidth
    weighted = np.where(shares <= 0.5, 1.0, 2.0 * (1.0 - shares)) * covariances[1 : bandwidth + 1]
    spectrum = float(covariances[0]) + 2.0 * float(np.add.accumulate(weighted)[-1])
    slope = 2.0 * float(np.add.accumulate(weighted * lags)[-1])
    longest = float(math.ceil(min(3.0 * math.sqrt(rows), rows / 3.0)))
    if spectrum <= 0.0:
        return longest
    constant = (4.0 / 3.0 if circular else 2.0) * spectrum * spectrum
    return min(max(math.cbrt(2.0 * slope * slope / constant * rows), 1.0), longest)


def require_draws(draws: int) -> int:
    """Pass a number of draws on.

    Raises
    ------
    ConfigError
        When it is no whole number, below one, or more than memory is for.
    """
    if isinstance(draws, bool) or not hasattr(draws, "__index__") or draws > MOST_DRAWS:
        raise ConfigError(
            f"A resampling does not draw {draws!r:.40} times.", hint=f"Give a whole number up to {MOST_DRAWS:,}."
        )
    if draws < 1:
        raise ConfigError(f"A resampling draws at least once, not {draws} times.", hint="Draw 1,000 times.")
    return draws


def _autocovariances(series: FloatArray, reach: int) -> FloatArray:
    """Of lags 0 to `reach`, each over the whole length."""
    rows = len(series)
    centred = series - np.add.accumulate(series)[-1] / rows
    products = (centred[: rows - lag] * centred[lag:] for lag in range(reach + 1))
    return np.array([np.add.accumulate(each)[-1] / rows for each in products])


def _last_significant(correlations: FloatArray, rows: int, window: int) -> int:
    """Smallest lag from 1 on after which a whole window of autocorrelations counts as none."""
    band = _SIGNIFICANT * math.sqrt(math.log10(rows) / rows)
    significant = np.flatnonzero(np.abs(correlations) >= band)
    for lag in (int(each) for each in significant):
        following = correlations[lag + 1 : lag + 1 + window]
        if len(following) == window and np.all(np.abs(following) < band):
            return max(lag, 1)
    return max(int(significant[-1]), 1)


def _require_block(block_length: float, rows: int) -> None:
    if rows < 1:
        raise Undefined("there is nothing to draw from")
    if not 1.0 <= block_length <= rows:
        raise ConfigError(
            f"A block of {block_length} rows cannot be drawn from {rows}.", hint=f"Choose a length from 1 to {rows}."
        )
