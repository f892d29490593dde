"""From a time that is written down to its job: once, whoever does it and however often it is begun."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.domain.control.schedules import FiringState
from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from tradewright.app.jobs.queue import JobQueue
    from tradewright.domain.control.jobs import Job
    from tradewright.domain.control.schedules import Firing, Schedule, ScheduleChange
    from tradewright.ports.events import EventLog
    from tradewright.ports.schedules import ScheduleStore

__all__ = ["TOPIC", "JobStarter"]

TOPIC = "schedules"
"""Of events: ``added``, ``changed``, ``paused``, ``resumed``, ``removed``; of times ``started``, ``skipped`` and
``refused``."""


@dataclass(frozen=True)
class JobStarter:
    """Puts jobs of schedules into the queue.

    Parameters
    ----------
    store : ScheduleStore
    queue : JobQueue
    events : EventLog
    """

    store: ScheduleStore
    queue: JobQueue
    events: EventLog

    def start(self, schedule: Schedule, firing: Firing) -> Job | None:
        """Begin what was written down; None where its request cannot be carried out any more.

        The job's id is that of schedule and time: whoever died in between is followed by one who finds the job there.
        """
        try:
            job = self.queue.submit(
                str(schedule.kind), schedule.request, owner=schedule.owner, job_id=firing.job_id
            )  # fmt: skip
        except ConfigError as error:
            self._settle(schedule, firing, FiringState.REFUSED, str(error))
            return None
        self._settle(schedule, firing, FiringState.STARTED, None)
        return job

    def last(self, schedule: Schedule) -> tuple[Firing | None, Job | None]:
        """The last run of a schedule, and its job as it stands."""
        firing = self.store.last_run(schedule.id)
        job_id = None if firing is None else firing.job_id
        return firing, None if job_id is None else self.queue.book.store.get(job_id)

    def is_busy(self, schedule: Schedule) -> bool:
        """Whether the last run waits or goes on: a schedule has one job at a time."""
        firing, job = self.last(schedule)
        if firing is None or firing.state is FiringState.REFUSED:
            return False
        return firing.state is FiringState.BEGUN or (job is not None and not job.state.is_over)

    def tell(self, kind: str, schedule: Schedule, at_ns: int, **facts: Any) -> None:
        """Tell readers of events."""
        said = {"id": schedule.id, "name": schedule.name, "kind": str(schedule.kind), **facts}
        self.events.append(TOPIC, kind, said, at_ns)

    def tell_change(self, change: ScheduleChange, at_ns: int) -> ScheduleChange:
        """Tell them that a schedule was made, changed or removed; of a change, which of its values."""
        self.tell(change.verb, change.schedule, at_ns, **({"changed": [*change.values]} if change.values else {}))
        return change

    def _settle(self, schedule: Schedule, firing: Firing, state: FiringState, error: str | None) -> None:
        if self.store.settle(firing, state, error):
            facts = {"due_ns": firing.due_ns, "cause": str(firing.cause), "job": firing.job_id, "error": error}
            self.tell(str(state), schedule, firing.at_ns, **facts)
