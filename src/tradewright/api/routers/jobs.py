"""Jobs: the queue, what each printed, and stopping one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from tradewright.domain.control.events import topic_of
from tradewright.domain.control.jobs import JobQuery
from tradewright.domain.control.paging import Slice

from ..dependencies import Asker, Room
from ..job_words import job_document, log_document
from ..keyed import KeyedRoute
from ..persons import require_person
from ..schemas.base import Page
from ..schemas.jobs import Job, JobFilter, JobLog, LogQuery

__all__ = ["router"]

router = APIRouter(prefix="/v1/jobs", tags=["jobs"], route_class=KeyedRoute)

JobId = Annotated[str, Path(max_length=64)]


@router.get("")
def list_jobs(room: Room, asked: Annotated[JobFilter, Query()]) -> Page[Job]:
    """Jobs, the latest first."""
    # Read before the list: what happens in between comes once more, and is not lost.
    seq = room.events.head("jobs")
    query = JobQuery(
        None if asked.state is None else frozenset({asked.state}),
        None if asked.kind is None else frozenset({asked.kind}),
        asked.owner,
    )
    found = room.jobs.page(query, Slice(asked.per_page, asked.offset))
    items = [job_document(each) for each in found.items]
    return Page(items=items, page=asked.page, per_page=asked.per_page, total=found.total, seq=seq)


@router.get("/{job_id}")
def get_job(room: Room, job_id: JobId) -> Job:
    """A job as it stands."""
    seq = room.events.head(topic_of("jobs", job_id))
    return job_document(room.jobs.job(job_id), seq)


@router.get("/{job_id}/log")
def get_job_log(room: Room, job_id: JobId, asked: Annotated[LogQuery, Query()]) -> JobLog:
    """What a job printed, in whole lines."""
    is_over = room.jobs.job(job_id).state.is_over
    printed, _ = room.jobs.printed(job_id, asked.after)
    return log_document(printed, asked.after, is_over=is_over)


@router.post("/{job_id}/cancel")
def cancel_job(room: Room, asker: Asker, job_id: JobId) -> Job:
    """Let a job stop: at once where it waits, else within two seconds; one that is over stays as it is.

    A session is told within two seconds and ends as when it is stopped; only a person may do that.
    """
    if room.jobs.job(job_id).kind.is_session:
        require_person(asker)
    return job_document(room.jobs.cancel(job_id))
