"""The ledger of a walk: no fold's search counts as ended before the whole walk is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.search import DataSpan, FamilyTrials, SearchHeader, Trial, TrialCount
    from tradewright.ports.trial_ledger import KeptTrial, TrialLedger

__all__ = ["WalkLedger"]


class WalkLedger:
    """A `tradewright.ports.trial_ledger.TrialLedger` that puts off the ends of searches.

    A search that ended is begun anew when it is opened again; one that did not is gone on with. A walk that is broken
    off in its fifth fold thus finds the trials of the four before it.

    Parameters
    ----------
    ledger : TrialLedger
        Where trials go.
    """

    def __init__(self, ledger: TrialLedger) -> None:
        self._ledger = ledger
        self._ended: list[SearchHeader] = []

    def open(self, header: SearchHeader) -> list[KeptTrial]:
        """Begin a search, or go on with it."""
        return self._ledger.open(header)

    def record(self, header: SearchHeader, trials: Sequence[KeptTrial]) -> None:
        """Keep trials."""
        self._ledger.record(header, trials)

    def finish(self, header: SearchHeader) -> None:
        """Remember that the search has come to its end."""
        self._ended.append(header)

    def count(self, family: str, span: DataSpan) -> TrialCount:
        """Distinct configurations of a family on data that overlap."""
        return self._ledger.count(family, span)

    def trials_of(self, search: str) -> list[Trial]:
        """The trials of a search as far as it is."""
        return self._ledger.trials_of(search)

    def families(self) -> list[FamilyTrials]:
        """Every family of which something counts."""
        return self._ledger.families()

    def finish_all(self) -> None:
        """The walk has come to its end, and so have its searches."""
        for header in self._ended:
            self._ledger.finish(header)
        self._ended.clear()
