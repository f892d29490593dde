"""Jobs that ended, counted from what the log of events says of them; and who works at this moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain import gauges
from tradewright.domain.control.jobs import JobQuery, JobState
from tradewright.domain.control.paging import MOST_ROWS, Slice
from tradewright.domain.timeframe import NS_PER_SECOND

if TYPE_CHECKING:
    from tradewright.domain.control.events import TopicEvent
    from tradewright.ports.events import EventLog
    from tradewright.ports.jobs import JobStore
    from tradewright.ports.metrics import Metrics

__all__ = ["JobEnds", "busy_workers"]

_TOPIC = "jobs"
_MANY = 500
_LATELY_S = 15.0
_OVER = {state.value for state in JobState if state.is_over}
_HELD = frozenset(state for state in JobState if state.is_held)


class JobEnds:
    """Counts jobs that ended since it was made, whichever worker ran them.

    Parameters
    ----------
    metrics : Metrics
    events : EventLog
    jobs : JobStore
    """

    def __init__(self, metrics: Metrics, events: EventLog, jobs: JobStore) -> None:
        self._metrics, self._events, self._jobs = metrics, events, jobs
        self._place = events.head(_TOPIC)

    def count(self) -> None:
        """Take in what was told since the last time."""
        while events := self._events.after(_TOPIC, self._place, _MANY):
            for event in events:
                if event.kind == "state" and event.body.get("state") in _OVER:
                    self._end(event)
            self._place = events[-1].seq

    def _end(self, event: TopicEvent) -> None:
        job = self._jobs.get(str(event.body["id"]))
        kind, state = str(event.body["kind"]), str(event.body["state"])
        self._metrics.count(gauges.JOBS_ENDED, kind=kind, state=state)
        if job is not None and job.started_ns is not None and job.ended_ns is not None:
            seconds = max(0.0, (job.ended_ns - job.started_ns) / NS_PER_SECOND)
            self._metrics.observe(gauges.JOB_SECONDS, seconds, kind=kind, state=state)


def busy_workers(jobs: JobStore, now_ns: int) -> int:
    """How many workers hold a job and gave a sign of life of late."""
    held = jobs.page(JobQuery(states=_HELD), Slice(MOST_ROWS)).items
    since_ns = now_ns - int(_LATELY_S * NS_PER_SECOND)
    return len({each.worker for each in held if each.heartbeat_ns is not None and each.heartbeat_ns >= since_ns})
