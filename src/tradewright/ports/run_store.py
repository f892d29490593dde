"""The socket for a store of runs: what is listed, found and compared; the bulk lies in an artifact store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

    from tradewright.domain.kept_run import KeptRun, RunQuery

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
