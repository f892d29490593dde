"""Jobs whose worker is gone: begun again while they may be, else failed with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tradewright.domain.control.jobs import JobState
from tradewright.domain.errors import ConflictError

from .endings import failure
from .output import JobOutput

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from tradewright.domain.control.jobs import Job
    from tradewright.ports.jobs import JobLog

    from .book import JobBook

__all__ = ["LostJobs"]

_S = 1_000_000_000
_LOOKS = 4
"""Looks in which the silence is confirmed."""


class LostJobs:
    """Finds jobs of dead workers.

    That a sign of life is old is not enough: the clocks of two hosts may differ, and a host that slept finds all signs
    of life old when it wakes. Nobody may have heard of the worker while this one watched for some looks, too.

    Parameters
    ----------
    book : JobBook
    log : JobLog
    own : callable
        Ids of the jobs that run here: a worker does not doubt itself. One of its own that does not run was claimed in
        a moment in which the store went away.
    after_s : float
        Seconds of silence after which a worker is taken for gone.
    """

    def __init__(self, book: JobBook, log: JobLog, own: Callable[[], Collection[str]], after_s: float) -> None:
        self._book, self._log, self._own = book, log, own
        self._after_ns = int(after_s * _S)
        self._every_ns = self._after_ns // 10
        self._next_ns = 0
        self._silent: dict[_Silence, int] = {}

    def look(self) -> list[Job]:
        """Take up what was lost, every now and then; what became of each."""
        moment = self._book.clock.monotonic_ns()
        if moment < self._next_ns:
            return []
        self._next_ns = moment + self._every_ns
        own = self._own()
        found = {
            _Silence(job.id, job.attempt, job.heartbeat_ns): job
            for job in self._book.store.lost(self._book.clock.now_ns() - self._after_ns)
            if job.id not in own
        }
        self._silent = {silence: self._silent.get(silence, 0) + 1 for silence in found}
        taken = [job for silence, job in found.items() if self._silent[silence] >= _LOOKS]
        return [after for job in taken if (after := self._taken_up(job)) is not None]

    def _taken_up(self, job: Job) -> Job | None:
        sentence = f"Its worker {job.worker} ended without a word."
        try:
            after = self._again_or_over(job, sentence)
        except ConflictError:
            # The worker came back, or another one was quicker.
            return None
        output = JobOutput(self._log, job.id)
        output.note(f"{sentence} {_next(after)}")
        output.flush()
        return after

    def _again_or_over(self, job: Job, sentence: str) -> Job:
        if job.state is JobState.CANCELLING:
            return self._book.end(job, JobState.CANCELLED, None, None)
        if job.attempt < job.attempts_most:
            return self._book.requeue(job, sentence)
        times = f" It was begun {job.attempt} times." if job.attempt > 1 else ""
        error = failure("WorkerLost", f"{sentence}{times}", "Look at the worker's host, then submit it again.")
        return self._book.end(job, JobState.FAILED, None, error)


class _Silence(NamedTuple):
    """A job that nobody was heard of since."""

    job_id: str
    attempt: int
    heartbeat_ns: int | None


def _next(job: Job) -> str:
    if job.state is JobState.QUEUED:
        return f"The job waits to be begun again (attempt {job.attempt + 1} of {job.attempts_most})."
    return f"The job is {job.state}."
