"""The sockets for jobs: the queue with what became of each, and what they printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tradewright.domain.control.jobs import Job, JobKind, JobProgress, JobQuery, JobState
    from tradewright.domain.control.paging import Page, Slice

__all__ = ["JobLog", "JobStore"]


class JobStore(Protocol):
    """Jobs.

    Who reports on a job passes it as it was claimed: its attempt is the proof. Where it has been begun anew meanwhile,
    or is over, the report is refused.

    Raises
    ------
    StorageError
        From every method, when the store cannot be read or written.
    """

    def add(self, job: Job) -> None:
        """Put a job into the queue."""
        ...

    def get(self, job_id: str) -> Job | None:
        """The job with that id."""
        ...

    def page(self, query: JobQuery, piece: Slice) -> Page[Job]:
        """The jobs asked for, latest first."""
        ...

    def claim(self, worker: str, kinds: Collection[JobKind], now_ns: int) -> Job | None:
        """The oldest job of these kinds that waits, now this worker's; each goes to one worker only."""
        ...

    def started(self, job: Job, pid: int) -> None:
        """Keep the process that works on it.

        Raises
        ------
        ConflictError
            When it is no longer that worker's.
        """
        ...

    def beat(self, job: Job, now_ns: int) -> JobState:
        """The worker lives; tells how the job stands, so that a wish to cancel is heard.

        Raises
        ------
        ConflictError
            When it is no longer that worker's: it stops working on it.
        """
        ...

    def progress(self, job: Job, progress: JobProgress) -> None:
        """Keep how far it is; where it is no longer that worker's, nothing happens."""
        ...

    def end(self, job: Job, state: JobState, run_id: str | None, error: Mapping[str, Any] | None, now_ns: int) -> Job:
        """It is over.

        Raises
        ------
        ConflictError
            When it is no longer that worker's.
        """
        ...

    def ask_cancel(self, job_id: str, now_ns: int) -> Job:
        """Somebody wants it to stop: at once where it still waits, else as soon as its worker hears of it.

        One that is over stays as it is.

        Raises
        ------
        NotFoundError
            When there is none.
        """
        ...

    def lost(self, before_ns: int) -> list[Job]:
        """Jobs whose worker was last heard of before an instant, oldest first."""
        ...

    def requeue(self, job: Job) -> Job:
        """Put a job back into the queue, in its old place.

        Raises
        ------
        ConflictError
            When it has been begun anew meanwhile, is over, or is to be cancelled.
        """
        ...


class JobLog(Protocol):
    """What jobs printed.

    Raises
    ------
    StorageError
        When it cannot be read or written.
    ResourceError
        When there is no room for more.
    """

    def append(self, job_id: str, text: bytes) -> None:
        """Keep more of it."""
        ...

    def read(self, job_id: str, offset: int, limit: int) -> tuple[bytes, int]:
        """Bytes from an offset on, and the offset to go on from; nothing where there is nothing yet."""
        ...

    def forget(self, before_ns: int) -> None:
        """Take away the logs to which nothing came since an instant, UTC nanoseconds."""
        ...
