"""What is kept in a new place, and read where it was kept before: artifacts, and what jobs printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.errors import DataNotAvailableError

if TYPE_CHECKING:
    from collections.abc import Collection

    from tradewright.ports.artifacts import ArtifactStore
    from tradewright.ports.jobs import JobLog

__all__ = ["MovedArtifacts", "MovedJobLogs"]


class MovedArtifacts:
    """Two stores as one; see `tradewright.ports.artifacts.ArtifactStore`.

    Parameters
    ----------
    store : ArtifactStore
        Where everything is kept from now on.
    before : ArtifactStore
        Where things may lie that were kept earlier.
    """

    def __init__(self, store: ArtifactStore, before: ArtifactStore) -> None:
        self._store, self._before = store, before

    @property
    def place(self) -> str:
        """That of the new store."""
        return self._store.place

    def put(self, content: bytes) -> str:
        """Keep bytes in the new store."""
        return self._store.put(content)

    def get(self, digest: str) -> bytes:
        """The bytes of a digest, from wherever they are."""
        try:
            return self._store.get(digest)
        except DataNotAvailableError as gone:
            try:
                return self._before.get(digest)
            except DataNotAvailableError:
                raise gone from None

    def retain(self, digests: Collection[str]) -> int:
        """Free everything else in both."""
        return self._store.retain(digests) + self._before.retain(digests)


class MovedJobLogs:
    """Two places as one; see `tradewright.ports.jobs.JobLog`.

    Parameters
    ----------
    logs : JobLog
        Where everything is kept from now on.
    before : JobLog
        Where logs may lie that were kept earlier.
    """

    def __init__(self, logs: JobLog, before: JobLog) -> None:
        self._logs, self._before = logs, before

    def append(self, job_id: str, text: bytes) -> None:
        """Keep more of it in the new place."""
        self._logs.append(job_id, text)

    def read(self, job_id: str, offset: int, limit: int) -> tuple[bytes, int]:
        """Bytes of a log, from the one place that has it."""
        found = self._logs.read(job_id, offset, limit)
        if found[0] or self._logs.read(job_id, 0, 1)[0]:
            return found
        return self._before.read(job_id, offset, limit)

    def forget(self, before_ns: int) -> None:
        """Take away old logs in both."""
        self._logs.forget(before_ns)
        self._before.forget(before_ns)
