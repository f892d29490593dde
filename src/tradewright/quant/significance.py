"""What a Sharpe ratio is worth, given how short the sample and how long the search was.

Sharpe ratios here are *per period* (not annualised) unless a name says annual; kurtosis is not excess (normal: 3).

Sources
-------
- Lo, "The Statistics of Sharpe Ratios", Financial Analysts Journal 58(4), 2002, pp. 36-52.
- Mertens, "Comments on Variance of the IID Estimator in Lo (2002)", 2002.
- Bailey and López de Prado, "The Sharpe Ratio Efficient Frontier", Journal of Risk 15(2), 2012, pp. 3-44.
- Bailey and López de Prado, "The Deflated Sharpe Ratio", Journal of Portfolio Management 40(5), 2014, pp. 94-107.
- Bailey, Borwein, López de Prado and Zhu, "Pseudo-Mathematics and Financial Charlatanism", Notices of the AMS 61(5),
  2014, pp. 458-471, eq. 6.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

from tradewright.domain.errors import ConfigError
from tradewright.quant.ratios import sharpe
from tradewright.quant.statistics import kurtosis, skewness
from tradewright.quant.undefined import Undefined

if TYPE_CHECKING:
    from tradewright.quant.arrays import FloatArray

__all__ = [
    "deflated_sharpe",
    "expected_maximum_sharpe",
    "minimum_backtest_length_years",
    "minimum_track_record_length",
    "normal_cdf",
    "normal_quantile",
    "probabilistic_sharpe",
    "sharpe_standard_error",
    "standard_error_of_sharpe_estimate",
]

EULER_MASCHERONI = 0.5772156649015329
NORMAL_KURTOSIS = 3.0


def normal_cdf(x: float) -> float:
    """Standard normal distribution function."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def normal_quantile(probability: float) -> float:
    """Inverse of the standard normal distribution function, for probabilities between 0 and 1."""
    if not 0.0 < probability < 1.0:
        raise ConfigError(f"A probability between 0 and 1 is needed, not {probability}.", hint="Use 0.95 for 95 %.")
    return NormalDist().inv_cdf(probability)


def standard_error_of_sharpe_estimate(
    sharpe_ratio: float, observations: int, skew: float = 0.0, kurt: float = NORMAL_KURTOSIS
) -> float:
    """Standard error of a per-period Sharpe ratio.

    √((1 - γ₃ SR + (γ₄ - 1)/4 SR²) / (n - 1)): Mertens (2002) in the form of Bailey and López de Prado (2012);
    with normal moments it is Lo's √((1 + SR²/2) / n) but for n - 1.

    Raises
    ------
    Undefined
        If there are fewer than two observations, or the moments contradict each other.
    """
    if observations < 2:
        raise Undefined(f"there are {observations} returns and at least 2 are needed")
    return math.sqrt(_estimation_variance(sharpe_ratio, skew, kurt) / (observations - 1))


def sharpe_standard_error(returns: FloatArray, periods_per_year: float, risk_free: float = 0.0) -> float:
    """Standard error of the annualised Sharpe ratio of a sample, with the sample's own skewness and kurtosis."""
    ratio = sharpe(returns, 1.0, risk_free)
    error = standard_error_of_sharpe_estimate(ratio, len(returns), skewness(returns), kurtosis(returns))
    return error * math.sqrt(periods_per_year)


def probabilistic_sharpe(
    sharpe_ratio: float,
    observations: int,
    skew: float = 0.0,
    kurt: float = NORMAL_KURTOSIS,
    *,
    benchmark: float = 0.0,
) -> float:
    """Probability that the true per-period Sharpe ratio exceeds ``benchmark`` (Bailey and López de Prado 2012)."""
    error = standard_error_of_sharpe_estimate(sharpe_ratio, observations, skew, kurt)
    return normal_cdf((sharpe_ratio - benchmark) / error)


def minimum_track_record_length(
    sharpe_ratio: float,
    skew: float = 0.0,
    kurt: float = NORMAL_KURTOSIS,
    *,
    benchmark: float = 0.0,
    confidence: float = 0.95,
) -> float:
    """Observations needed to call ``sharpe_ratio`` better than ``benchmark`` (Bailey and López de Prado 2012).

    Raises
    ------
    Undefined
        If the ratio does not exceed the benchmark: no record is long enough.
    """
    if sharpe_ratio <= benchmark:
        raise Undefined("the Sharpe ratio does not exceed the benchmark, so no track record is long enough")
    quantile = normal_quantile(confidence) / (sharpe_ratio - benchmark)
    return 1.0 + _estimation_variance(sharpe_ratio, skew, kurt) * quantile * quantile


def expected_maximum_sharpe(trials: int, variance: float = 1.0) -> float:
    """Sharpe ratio that the best of ``trials`` unskilled strategies is expected to show.

    √V ((1 - γ) Φ⁻¹(1 - 1/N) + γ Φ⁻¹(1 - 1/(N e))) with Euler's γ (Bailey and López de Prado 2014).

    Parameters
    ----------
    trials : int
        Independent trials, at least 1; one trial has no selection and gives 0.
    variance : float
        Variance of the trials' Sharpe ratios, in the unit wanted back (per period or annual).
    """
    if trials < 1:
        raise ConfigError(f"A search has at least one trial, not {trials}.", hint="Count every evaluation.")
    if trials == 1:
        return 0.0
    first = normal_quantile(1.0 - 1.0 / trials)
    second = normal_quantile(1.0 - 1.0 / (trials * math.e))
    return math.sqrt(variance) * ((1.0 - EULER_MASCHERONI) * first + EULER_MASCHERONI * second)


def deflated_sharpe(
    sharpe_ratio: float,
    observations: int,
    skew: float,
    kurt: float,
    *,
    trials: int,
    trials_variance: float,
) -> float:
    """Probabilistic Sharpe ratio against the best that luck alone would have found (Bailey and López de Prado 2014).

    Parameters
    ----------
    sharpe_ratio : float
        Per-period ratio of the chosen trial.
    observations : int
        Its returns.
    skew, kurt : float
        Their skewness and kurtosis (not excess).
    trials : int
        Independent trials of the search.
    trials_variance : float
        Variance of the trials' *per-period* Sharpe ratios.
    """
    best_by_luck = expected_maximum_sharpe(trials, trials_variance)
    return probabilistic_sharpe(sharpe_ratio, observations, skew, kurt, benchmark=best_by_luck)


def minimum_backtest_length_years(trials: int, expected_maximum: float) -> float:
    """Years below which ``trials`` attempts are expected to reach an annual Sharpe ratio by luck alone.

    (E[max of N standard normals] / ``expected_maximum``)² (Bailey, Borwein, López de Prado and Zhu 2014, eq. 6).

    Raises
    ------
    Undefined
        If ``expected_maximum`` is not positive.
    """
    if expected_maximum <= 0.0:
        raise Undefined("luck reaches any Sharpe ratio that is not positive")
    years_root = expected_maximum_sharpe(trials) / expected_maximum
    return years_root * years_root


def _estimation_variance(sharpe_ratio: float, skew: float, kurt: float) -> float:
    variance = 1.0 - skew * sharpe_ratio + (kurt - 1.0) / 4.0 * sharpe_ratio * sharpe_ratio
    if variance <= 0.0:
        raise Undefined("skewness and kurtosis contradict each other for this Sharpe ratio")
    return variance
