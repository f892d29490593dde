"""The socket for the trial ledger: every configuration that was ever evaluated, so that none is left uncounted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from tradewright.domain.search import DataSpan, FamilyTrials, SearchHeader, Trial, TrialCount

__all__ = ["KeptTrial", "TrialLedger"]


@dataclass(frozen=True, eq=False)
class KeptTrial:
    """A trial with its returns per period; None where it is not done."""

    trial: Trial
    returns: NDArray[np.float64] | None


class TrialLedger(Protocol):
    """Trials by search, and their number by strategy family and data.

    A process that dies at any moment leaves whole trials only. Two processes may write at once.

    Raises
    ------
    StorageError
        From every method, when the ledger is locked, damaged, cannot be written, or is of a newer version.
    ResourceError
        When the disk is full.
    """

    def open(self, header: SearchHeader) -> list[KeptTrial]:
        """Begin a search, or go on with one of that id that did not end: gives its trials so far, by number.

        One that ended is begun anew, without counting anything twice.
        """
        ...

    def record(self, header: SearchHeader, trials: Sequence[KeptTrial]) -> None:
        """Keep trials, all of them or none; those that are kept already stay as they are."""
        ...

    def finish(self, header: SearchHeader) -> None:
        """The search has come to its end."""
        ...

    def count(self, family: str, span: DataSpan) -> TrialCount:
        """Distinct configurations of a family on data that overlap, over all searches and runs."""
        ...

    def trials_of(self, search: str) -> list[Trial]:
        """The trials of a search by its id, by number, as far as it is; none where there is no such search."""
        ...

    def families(self) -> list[FamilyTrials]:
        """Every family of which something counts, by name."""
        ...
