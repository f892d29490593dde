"""Every change of a job: kept first, told after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.domain.control.events import topic_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tradewright.domain.control.jobs import Job, JobKind, JobProgress, JobState
    from tradewright.ports.clock import Clock
    from tradewright.ports.events import EventLog
    from tradewright.ports.jobs import JobStore

__all__ = ["JOBS", "RUNS", "JobBook", "job_facts"]

JOBS, RUNS = "jobs", "runs"


@dataclass(frozen=True, slots=True)
class JobBook:
    """The queue, with a log in which readers follow it.

    Events of a job stand in the topics ``jobs`` and ``jobs/{id}``: ``state`` with what it is now, ``progress`` with how
    far it is. A run that was kept is told in the topic ``runs``. A process that dies between a change and its event
    leaves the change untold; the next event says how the job stands.

    Parameters
    ----------
    store : JobStore
    events : EventLog
    clock : Clock
    """

    store: JobStore
    events: EventLog
    clock: Clock

    def add(self, job: Job) -> Job:
        """Put a job into the queue."""
        self.store.add(job)
        return self._told(job)

    def claim(self, worker: str, kinds: Collection[JobKind]) -> Job | None:
        """The oldest job of these kinds that waits, now this worker's."""
        job = self.store.claim(worker, kinds, self.clock.now_ns())
        return None if job is None else self._told(job)

    def progress(self, job: Job, progress: JobProgress) -> None:
        """Keep and tell how far it is."""
        self.store.progress(job, progress)
        body = {
            "id": job.id, "attempt": job.attempt, "done": progress.done, "total": progress.total,
            "unit": progress.unit, "rate": progress.rate, "seconds_left": progress.seconds_left,
            "search": progress.search,
        }  # fmt: skip
        self._tell(job.id, "progress", body)

    def end(self, job: Job, state: JobState, run_id: str | None, error: Mapping[str, Any] | None) -> Job:
        """It is over.

        Raises
        ------
        ConflictError
            When it is no longer that worker's.
        """
        ended = self.store.end(job, state, run_id, error, self.clock.now_ns())
        if run_id is not None:
            self.events.append(RUNS, "kept", {"id": run_id, "job": job.id}, self.clock.now_ns())
        return self._told(ended)

    def ask_cancel(self, job_id: str) -> Job:
        """Somebody wants it to stop.

        Raises
        ------
        NotFoundError
            When there is no such job.
        """
        return self._told(self.store.ask_cancel(job_id, self.clock.now_ns()))

    def requeue(self, job: Job, reason: str) -> Job:
        """Put a job back into the queue, and tell why.

        Raises
        ------
        ConflictError
            When it has been begun anew meanwhile, is over, or is to be cancelled.
        """
        return self._told(self.store.requeue(job), reason)

    def _told(self, job: Job, reason: str | None = None) -> Job:
        self._tell(job.id, "state", job_facts(job) | ({} if reason is None else {"reason": reason}))
        return job

    def _tell(self, job_id: str, kind: str, body: Mapping[str, Any]) -> None:
        at_ns = self.clock.now_ns()
        for topic in (JOBS, topic_of(JOBS, job_id)):
            self.events.append(topic, kind, body, at_ns)


def job_facts(job: Job) -> dict[str, Any]:
    """How a job stands, as plain values: what a reader of events needs to draw its row."""
    return {
        "id": job.id, "kind": str(job.kind), "state": str(job.state), "owner": job.owner, "attempt": job.attempt,
        "worker": job.worker, "run_id": job.run_id, "error": None if job.error is None else dict(job.error),
    }  # fmt: skip
