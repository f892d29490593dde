"""How likely the winner of a search is luck: the numbers shown beside every search, each with a reason when missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SearchHonesty"]


@dataclass(frozen=True, slots=True)
class SearchHonesty:
    """What a search says of its best trial; None is "not computed", and `reasons` says why.

    Parameters
    ----------
    trials : int
        True number of configurations tried: of this family on overlapping data, in all searches.
    trials_variance : float or None
        Variance of their per-period Sharpe ratios.
    expected_best_sharpe : float or None
        Annualised Sharpe ratio that the best of so many trials without skill would be expected to show.
    best_sharpe : float or None
        Annualised Sharpe ratio of the best trial.
    deflated_sharpe : float or None
        Probability that the best trial's Sharpe ratio is above that (Bailey and López de Prado 2014).
    probabilistic_sharpe : float or None
        Probability that it is above zero, the search left out of account.
    pbo : float or None
        Probability of backtest overfitting by combinatorially symmetric cross-validation.
    pbo_splits : int
    out_of_sample_sharpe : float or None
        Annualised Sharpe ratio, in one half of the time, of the trial that was best in the other: the median over the
        splits of the test above.
    reality_check : float or None
        p-value of White's reality check against cash.
    spa : float or None
        p-value of Hansen's test of superior predictive ability against cash (consistent form).
    track_record_years : float or None
        Years the best trial would need for its Sharpe ratio to be above zero at 95 %.
    years : float
        Years there are.
    neighbours : int
        Neighbours of the best trial in the space that were tried.
    neighbour_median : float or None
        Median of their objective.
    neighbour_share : float or None
        Share of them that keep at least half of the best value (of a value above zero).
    break_even_bps : float or None
        Cost per traded value at which the best trial earns nothing.
    effective_trials : float or None
        Independent trials that the correlated ones amount to; for information, not used.
    reasons : mapping of field to str
        Why a field is None.
    """

    trials: int
    trials_variance: float | None = None
    expected_best_sharpe: float | None = None
    best_sharpe: float | None = None
    deflated_sharpe: float | None = None
    probabilistic_sharpe: float | None = None
    pbo: float | None = None
    pbo_splits: int = 0
    out_of_sample_sharpe: float | None = None
    reality_check: float | None = None
    spa: float | None = None
    track_record_years: float | None = None
    years: float = 0.0
    neighbours: int = 0
    neighbour_median: float | None = None
    neighbour_share: float | None = None
    break_even_bps: float | None = None
    effective_trials: float | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
