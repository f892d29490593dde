"""Trials counted within one process, where no ledger is wanted on disk."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..trial_counts import COUNTED, counted, families_of, finite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.search import DataSpan, FamilyTrials, SearchHeader, Trial, TrialCount
    from tradewright.ports.trial_ledger import KeptTrial

__all__ = ["MemoryTrialLedger"]


@dataclass
class _Search:
    """Its trials by number: those of this time, and those of earlier times, which still count."""

    header: SearchHeader
    ended: bool = False
    trials: dict[int, tuple[int, KeptTrial]] = field(default_factory=dict)
    earlier: dict[int, tuple[int, KeptTrial]] = field(default_factory=dict)

    def counting(self) -> list[KeptTrial]:
        """Those that count."""
        every = (*self.earlier.values(), *self.trials.values())
        return [kept for _, kept in every if kept.trial.state in COUNTED]


class MemoryTrialLedger:
    """See `tradewright.ports.trial_ledger.TrialLedger`; it is gone with the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._searches: dict[str, _Search] = {}
        self._sequence = 0

    def open(self, header: SearchHeader) -> list[KeptTrial]:
        """Begin a search, or go on with it; see the port."""
        with self._lock:
            search = self._of(header)
            if search.ended:
                search.earlier |= search.trials
                search.trials, search.ended = {}, False
            return [search.trials[number][1] for number in sorted(search.trials)]

    def record(self, header: SearchHeader, trials: Sequence[KeptTrial]) -> None:
        """Keep trials; see the port."""
        with self._lock:
            search = self._of(header)
            for kept in trials:
                if kept.trial.number not in search.trials:
                    self._sequence += 1
                    search.trials[kept.trial.number] = (self._sequence, kept)
                    search.earlier.pop(kept.trial.number, None)

    def finish(self, header: SearchHeader) -> None:
        """The search has come to its end."""
        with self._lock:
            self._of(header).ended = True

    def count(self, family: str, span: DataSpan) -> TrialCount:
        """Distinct configurations; of one that was tried several times the latest Sharpe ratio counts."""
        with self._lock:
            found = [
                (sequence, search.header.configuration(kept.trial), kept.trial.sharpe)
                for search in self._searches.values()
                if search.header.family == family and search.header.span.overlaps(span)
                for sequence, kept in (*search.earlier.values(), *search.trials.values())
                if kept.trial.state in COUNTED
            ]
        found.sort(key=lambda each: each[0])
        latest = {configuration: value for _, configuration, value in found if finite(value) is not None}
        scored = (value for value in latest.values() if value is not None)
        return counted(family, len({configuration for _, configuration, _ in found}), scored)

    def trials_of(self, search: str) -> list[Trial]:
        """The trials of a search as far as it is."""
        with self._lock:
            found = self._searches.get(search)
            return [] if found is None else [found.trials[number][1].trial for number in sorted(found.trials)]

    def families(self) -> list[FamilyTrials]:
        """Every family of which something counts, by name."""
        with self._lock:
            return families_of(
                (search.header, {search.header.configuration(kept.trial) for kept in search.counting()})
                for search in self._searches.values()
            )

    def _of(self, header: SearchHeader) -> _Search:
        return self._searches.setdefault(header.id, _Search(header))
