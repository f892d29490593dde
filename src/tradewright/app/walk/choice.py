"""Why no trial of a fold's search is traded."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tradewright.domain.errors import StrategyError
from tradewright.domain.search import TrialState

if TYPE_CHECKING:
    from tradewright.domain.search import SearchRecord, Trial

__all__ = ["reason_for_none", "require_runs"]


def require_runs(search: SearchRecord, window: int) -> None:
    """Refuse to go on where every trial failed: that is a fault of the strategy, not a verdict on its parameters.

    Raises
    ------
    StrategyError
        With what the first trial said.
    """
    trials = search.trials
    if trials and all(trial.state is TrialState.FAILED for trial in trials):
        raise StrategyError(
            f"Every trial of window {window + 1} of the walk failed, the first one so: {trials[0].reason}",
            hint="Mend the strategy, or leave out the parameters that it does not take.",
        )


def reason_for_none(search: SearchRecord) -> str:
    """Why a search has no best trial: the reason that most of its trials gave."""
    trials = search.trials
    (reason, count), *others = Counter(map(_kind, trials)).most_common()
    share = f" ({count:,} of them)" if others else ""
    return f"none of {len(trials):,} trials qualified in training: {reason}{share}"


def _kind(trial: Trial) -> str:
    return (trial.reason or "it has no value").rstrip(".")
