"""The queue as people and programs use it: submit, look, read, cancel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradewright.domain.control.jobs import Job, JobKind, JobLimits, JobQuery, JobState
from tradewright.domain.control.paging import FIRST_PAGE
from tradewright.domain.errors import ConfigError, NotFoundError, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.domain.control.paging import Page, Slice
    from tradewright.ports.jobs import JobLog

    from .book import JobBook
    from .commands import JobCommands

__all__ = ["JobQueue"]

_MOST_SECONDS, _MOST_MB = 31 * 24 * 3600.0, 1 << 24
_PIECE = 64 * 1024


@dataclass(frozen=True)
class JobQueue:
    """What may be asked of jobs.

    Parameters
    ----------
    book : JobBook
    log : JobLog
    commands : JobCommands
        What may be asked for; a request that it cannot carry out never enters the queue.
    new_id : callable
        Gives an id that no other job has.
    """

    book: JobBook
    log: JobLog
    commands: JobCommands
    new_id: Callable[[], str]
    default_limits: JobLimits = field(default_factory=JobLimits)

    def submit(
        self,
        kind: str,
        request: Mapping[str, Any],
        *,
        owner: str,
        limits: JobLimits | None = None,
        job_id: str | None = None,
    ) -> Job:
        """Put a job into the queue.

        Parameters
        ----------
        kind : str
            As `tradewright.domain.control.jobs.JobKind`.
        request : mapping
            Plain values, as `tradewright.app.jobs.commands.JobCommands.words` reads them.
        owner : str
            Name of the user who asks.
        limits : JobLimits, optional
        job_id : str, optional
            Of who may ask twice: the second time nothing is done, and how the job stands is told.

        Raises
        ------
        ConfigError
            When it cannot be carried out; names the field.
        """
        if job_id is not None and (known := self.book.store.get(job_id)) is not None:
            return known
        self.commands.words(kind, request)
        job = Job(
            id=job_id or self.new_id(),
            kind=JobKind(kind),
            state=JobState.QUEUED,
            owner=owner,
            request=dict(request),
            limits=_checked(self.default_limits if limits is None else limits),
            created_ns=self.book.clock.now_ns(),
            attempts_most=self.commands.attempts(kind, request),
        )
        try:
            return self.book.add(job)
        except StorageError:
            # Of two who ask at once under one id the second finds it there.
            if job_id is None or (known := self.book.store.get(job_id)) is None:
                raise
            return known

    def job(self, job_id: str) -> Job:
        """The job with that id.

        Raises
        ------
        NotFoundError
            When there is none.
        """
        found = self.book.store.get(job_id)
        if found is None:
            raise NotFoundError(f"There is no job '{job_id:.64}'.", hint="Look at: tradewright jobs list")
        return found

    def page(self, query: JobQuery | None = None, piece: Slice = FIRST_PAGE) -> Page[Job]:
        """The jobs asked for, latest first."""
        return self.book.store.page(query or JobQuery(), piece)

    def cancel(self, job_id: str) -> Job:
        """Let a job stop: at once where it waits, else as soon as its worker hears of it; one that is over stays so.

        Raises
        ------
        NotFoundError
            When there is none.
        """
        before = self.job(job_id)
        return before if before.state.is_over else self.book.ask_cancel(job_id)

    def printed(self, job_id: str, offset: int = 0, limit: int = _PIECE) -> tuple[bytes, int]:
        """What a job printed from a byte on, and the byte to go on from.

        Raises
        ------
        NotFoundError
            When there is no such job.
        """
        self.job(job_id)
        return self.log.read(job_id, offset, limit)


def _checked(limits: JobLimits) -> JobLimits:
    for name, value, most in (("seconds", limits.seconds, _MOST_SECONDS), ("memory_mb", limits.memory_mb, _MOST_MB)):
        if value is not None and not 0 < value <= most:
            raise ConfigError(f"{name}={value} is no limit of a job.", hint=f"Give a number above 0, up to {most:,g}.")
    return limits
