"""Why no trial of a fold's search is traded."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tradewright.domain.errors import StrategyError
from tradewright.domain.search import TrialState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradewright.domain.search import SearchRecord, Trial

__all__ = ["reason_for_none", "require_runs"]


def require_runs(search: SearchRecord, window: int, symbols: Iterable[str]) -> None:
    """Refuse to go on where every trial failed: that is a fault of the strategy, not a verdict on its parameters.

    Parameters
    ----------
    search : SearchRecord
    window : int
    symbols : iterable of str
        Of the whole walk; some may have no bars yet.

    Raises
    ------
    StrategyError
        With what the first trial said.
    """
    trials = search.trials
    if not trials or any(trial.state is not TrialState.FAILED for trial in trials):
        return
    seen = {key.symbol for key in search.data}
    absent = [name for name in symbols if name not in seen]
    hint = "Mend the strategy, or leave out the parameters that it does not take."
    if absent:
        hint = f"Up to there {', '.join(absent)} had no bars: begin later with start=, or let the strategy do without."
    raise StrategyError(
        f"Every trial of window {window + 1} of the walk failed, the first one so: {trials[0].reason}", hint=hint
    )


def reason_for_none(search: SearchRecord) -> str:
    """Why a search has no best trial: the reason that most of its trials gave."""
    trials = search.trials
    (reason, count), *others = Counter(map(_kind, trials)).most_common()
    share = f" ({count:,} of them)" if others else ""
    return f"none of {len(trials):,} trials qualified in training: {reason}{share}"


def _kind(trial: Trial) -> str:
    return (trial.reason or "it has no value").rstrip(".")
