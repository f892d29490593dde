"""Schedules as documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.moments import utc
from tradewright.reporting.exports import plain

from .schemas.base import instant
from .schemas.schedules import Schedule, ScheduleFiring

if TYPE_CHECKING:
    from tradewright.domain.control.jobs import Job
    from tradewright.domain.control.schedules import Firing, ScheduleView

__all__ = ["firing_document", "schedule_document"]


def schedule_document(view: ScheduleView, seq: int = 0) -> Schedule:
    """A schedule as it stands; `seq` is the number of the last event it contains."""
    kept = view.schedule
    return Schedule(
        id=kept.id,
        name=kept.name,
        when=kept.when,
        zone=kept.zone,
        kind=kept.kind,
        request=plain(dict(kept.request)),
        missed=kept.missed,
        most=kept.most,
        grace_s=kept.grace_s,
        owner=kept.owner,
        created_at=utc(kept.created_ns),
        paused_at=instant(kept.paused_ns),
        revision=kept.revision,
        changed_at=instant(kept.changed_ns),
        declared=kept.is_declared,
        next_at=instant(view.next_ns),
        last=None if view.last is None else firing_document(view.last, view.job),
        seq=seq,
    )


def firing_document(firing: Firing, job: Job | None) -> ScheduleFiring:
    """A time of a schedule, with its job as it stands."""
    error = firing.error
    if job is not None and job.error is not None:
        error = str(job.error.get("sentence") or "It failed.")
    return ScheduleFiring(
        due_at=utc(firing.due_ns),
        at=utc(firing.at_ns),
        cause=firing.cause,
        state=firing.state,
        missed=firing.missed,
        job_id=firing.job_id,
        job_state=None if job is None else job.state,
        run_id=None if job is None else job.run_id,
        error=error,
    )
