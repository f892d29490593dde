"""The returns of many trials as one matrix, and what must be true of it before it says anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.errors import ConfigError
from tradewright.quant.statistics import NO_VARIATION
from tradewright.quant.undefined import Undefined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.quant.arrays import FloatArray

__all__ = ["as_trial_returns", "sharpe_of_trials", "varying_trials"]


def as_trial_returns(returns: Any) -> FloatArray:
    """The returns as a float64 matrix of periods × trials.

    Raises
    ------
    ConfigError
        When they are no matrix.
    Undefined
        When one of them is not finite.
    """
    matrix = np.ascontiguousarray(returns, dtype=np.float64)
    if matrix.ndim != 2:
        raise ConfigError(
            f"The returns of trials have {matrix.ndim} dimensions, not 2.",
            hint="Give periods × trials, one column each.",
        )
    for trial in range(matrix.shape[1]):
        finite = np.isfinite(matrix[:, trial])
        if not finite.all():
            raise Undefined(f"the return of trial {trial} is not finite in period {int(np.argmin(finite))}")
    return matrix


def varying_trials(matrix: FloatArray) -> NDArray[np.int64]:
    """Columns whose returns vary by more than rounding noise, in order."""
    if not matrix.size:
        return np.empty(0, np.int64)
    lowest, highest = matrix.min(axis=0), matrix.max(axis=0)
    magnitude = np.maximum(np.abs(lowest), np.abs(highest))
    return np.flatnonzero(highest - lowest > NO_VARIATION * magnitude)


def sharpe_of_trials(matrix: FloatArray) -> FloatArray:
    """Per-period Sharpe ratio of every column, ddof=1; NaN for a column that does not vary.

    Parameters
    ----------
    matrix : (t, n) ndarray
        Returns in excess of whatever counts as free of risk, at least two periods.

    Raises
    ------
    Undefined
        When there are fewer than two periods.
    """
    rows, trials = matrix.shape
    if rows < 2:
        raise Undefined(f"there are {rows} returns for each trial and at least 2 are needed")
    ratios = np.full(trials, np.nan)
    for trial in varying_trials(matrix):
        # Column by column: a matrix of differences would double the memory of a large search.
        column = np.ascontiguousarray(matrix[:, trial])
        mean = np.add.accumulate(column)[-1] / rows
        centred = column - mean
        ratios[trial] = mean / np.sqrt(np.add.accumulate(centred * centred)[-1] / (rows - 1))
    return ratios
