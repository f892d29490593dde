"""What is known about a run from outside its record: the search it came from, checks of its data and its code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradewright.domain.quality import QualityReport

__all__ = ["NO_EVIDENCE", "Evidence"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Inputs of the trust states that the record does not hold; None is "not computed".

    Parameters
    ----------
    trials : int, optional
        Evaluations of the search that this run was chosen from.
    trials_variance : float, optional
        Variance of the trials' Sharpe ratios per return period.
    pbo : float, optional
        Probability of backtest overfitting of that search.
    pbo_reason : str
        Why there is none.
    quality : callable, optional
        Gives the quality reports of the bars that were traded. It is called when warnings or trust states are first
        read, at most once, and never for a metric.
    leaks : int, optional
        Findings of the look-ahead check.
    leak_summary : str
        The first finding in a few words.
    """

    trials: int | None = None
    trials_variance: float | None = None
    pbo: float | None = None
    pbo_reason: str = "not part of a search"
    quality: Callable[[], Sequence[QualityReport]] | None = None
    leaks: int | None = None
    leak_summary: str = ""


NO_EVIDENCE = Evidence()
