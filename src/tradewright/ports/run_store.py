"""The socket for a store of runs: what is listed, found and compared; the bulk lies in an artifact store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    from tradewright.domain.control.paging import Page, Slice
    from tradewright.domain.kept_run import KeptRun, RunLabel, RunQuery, RunSort

__all__ = ["RunStore", "RunWriter"]


class RunWriter(Protocol):
    """One change of the store: whole when its context ends well, nothing of it otherwise.

    While it lasts no other process changes the store, so that artifacts and rows can be brought into step.
    """

    def add(self, run: KeptRun) -> None:
        """Keep a run."""
        ...

    def remove(self, run_ids: Iterable[str]) -> None:
        """Forget runs; those that are not there are passed over."""
        ...

    def relabel(self, run_id: str, how: Callable[[RunLabel], RunLabel]) -> KeptRun:
        """Change what is said of a run from outside it: name, note, tags, star.

        Parameters
        ----------
        run_id : str
        how : callable
            From the label as it is to the label as it shall be; what it raises is raised on, and nothing changes.

        Raises
        ------
        NotFoundError
            When there is no such run.
        """
        ...

    def digests(self) -> frozenset[str]:
        """Digests of all artifacts that some run needs, changes of this writing included."""
        ...


class RunStore(Protocol):
    """Runs that were kept.

    A process that dies at any moment leaves the store as it was before its change or as it is after it.

    Raises
    ------
    StorageError
        From every method, when the store is locked, damaged, cannot be written, or is of a newer version.
    ResourceError
        When the disk is full.
    """

    def writing(self) -> AbstractContextManager[RunWriter]:
        """Begin a change; waits for the change of another process."""
        ...

    def ids(self, prefix: str) -> list[str]:
        """Ids that begin so, in order; at most a screenful."""
        ...

    def get(self, run_id: str) -> KeptRun | None:
        """The run with exactly that id."""
        ...

    def find(self, query: RunQuery) -> list[KeptRun]:
        """The runs asked for, latest first."""
        ...

    def page(self, query: RunQuery, sort: RunSort, piece: Slice) -> Page[KeptRun]:
        """One piece of the runs asked for, and how many they are; of one instant."""
        ...
