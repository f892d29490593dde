"""Which trial of a fold's search is traded, or why none is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewright.domain.search import SearchRecord, Trial

__all__ = ["reason_for_none"]


def reason_for_none(search: SearchRecord) -> str:
    """Why a search has no best trial: the reason that most of its trials gave."""
    trials = search.trials
    (reason, count), *others = Counter(map(_kind, trials)).most_common()
    share = f" ({count:,} of them)" if others else ""
    return f"none of {len(trials):,} trials qualified in training: {reason}{share}"


def _kind(trial: Trial) -> str:
    return (trial.reason or "it has no value").rstrip(".")
