"""What the best of many trials is worth once the many are counted.

The number of trials and the variance of their Sharpe ratios are inputs, never guessed from the winner: they come from
the ledger of everything that was tried. Sharpe ratios are per period.

Sources
-------
- Bailey and López de Prado, "The Deflated Sharpe Ratio", Journal of Portfolio Management 40(5), 2014, pp. 94-107: the
  ratio, and in the appendix the number of independent trials that an average correlation implies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tradewright.quant.ratios import sharpe
from tradewright.quant.significance import deflated_sharpe
from tradewright.quant.statistics import deviation, kurtosis, skewness
from tradewright.quant.undefined import Undefined

from .trial_returns import as_trial_returns, varying_trials

if TYPE_CHECKING:
    from tradewright.domain.search import TrialCount
    from tradewright.quant.arrays import FloatArray

__all__ = ["SharpeEstimate", "deflated_sharpe_of_best", "effective_trials", "estimate_sharpe", "sharpe_variance"]


class SharpeEstimate(NamedTuple):
    """A per-period Sharpe ratio with what its accuracy depends on; the kurtosis is not excess (normal: 3)."""

    sharpe: float
    observations: int
    skew: float
    kurtosis: float


def estimate_sharpe(returns: FloatArray, risk_free: float = 0.0) -> SharpeEstimate:
    """The Sharpe ratio of a sample with the sample's own moments.

    Parameters
    ----------
    returns : (t,) ndarray
        Simple returns per period.
    risk_free : float
        Per period.

    Raises
    ------
    Undefined
        When there are too few returns, or they do not vary.
    """
    ratio = sharpe(returns, 1.0, risk_free)
    return SharpeEstimate(ratio, len(returns), skewness(returns), kurtosis(returns))


def sharpe_variance(ratios: FloatArray) -> float:
    """Variance (ddof=1) of the trials' Sharpe ratios; NaN stands for a trial that has none.

    Raises
    ------
    Undefined
        When fewer than two trials have one.
    """
    spread = deviation(ratios[~np.isnan(ratios)], 1, "trials with a Sharpe ratio")
    return spread * spread


def deflated_sharpe_of_best(best: SharpeEstimate, count: TrialCount) -> float:
    """Probability that the chosen trial's Sharpe ratio is above what luck gives the best of so many.

    Parameters
    ----------
    best : SharpeEstimate
        Of the chosen trial.
    count : TrialCount
        Every configuration that was tried, with the variance of their per-period Sharpe ratios.

    Raises
    ------
    Undefined
        When nothing was counted, or the variance is not known.
    """
    if count.configurations < 1:
        raise Undefined("it is not part of a search")
    if count.configurations > 1 and count.variance is None:
        raise Undefined(f"fewer than two of the {count.configurations} trials have a Sharpe ratio")
    return deflated_sharpe(
        best.sharpe,
        best.observations,
        best.skew,
        best.kurtosis,
        trials=count.configurations,
        trials_variance=count.variance or 0.0,
    )


def effective_trials(returns: Any) -> float:
    """Independent trials that correlated ones amount to: ρ + (1 - ρ) N, with ρ the mean correlation of all pairs.

    For information beside the true number, which is what deflates: an average hides groups of trials that are alike,
    and a number that can be argued down will be. Trials that never vary are not counted.

    Parameters
    ----------
    returns : (t, n) array
        Per-period returns, aligned.

    Returns
    -------
    float
        From 1 to the number of trials that vary; a mean correlation below zero counts as none.

    Raises
    ------
    Undefined
        When no trial varies.
    """
    matrix = as_trial_returns(returns)
    columns = varying_trials(matrix)
    if not len(columns):
        raise Undefined("no trial has returns that vary")
    if len(columns) == 1:
        return 1.0
    correlation = min(max(_mean_correlation(matrix, columns), 0.0), 1.0)
    return correlation + (1.0 - correlation) * len(columns)


def _mean_correlation(matrix: FloatArray, columns: Any) -> float:
    """Mean over all pairs, from the square of the sum of the standardised columns: no matrix of pairs is needed."""
    total = np.zeros(len(matrix))
    for column in columns:
        centred = matrix[:, column] - np.add.accumulate(matrix[:, column])[-1] / len(matrix)
        total += centred / np.sqrt(np.add.accumulate(centred * centred)[-1])
    count = len(columns)
    squared = float(np.add.accumulate(total * total)[-1])
    return (squared - count) / (count * (count - 1))
