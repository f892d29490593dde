"""Bars of two sources that a job puts beside each other."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from tradewright.domain.control.events import topic_of
from tradewright.domain.control.jobs import JobKind
from tradewright.domain.errors import NotFoundError

from ..dependencies import Asker, Room
from ..import_words import printed_document
from ..job_words import job_document
from ..schemas.comparisons import ComparedSeries, ComparisonReport, ComparisonRequest
from ..schemas.jobs import Job
from ..submitting import submitted_once

__all__ = ["router"]

router = APIRouter(prefix="/v1/data", tags=["data"])

_THAT_THEY_DIFFER_IS_NO_FAILURE = {"differing": "pass"}


@router.post("/comparisons", status_code=202)
def compare_bars(room: Room, asker: Asker, response: Response, asked: ComparisonRequest) -> Job:
    """Put bars of two sources beside each other; while the same is under way that job is told of."""
    request = asked.model_dump(exclude_none=True) | _THAT_THEY_DIFFER_IS_NO_FAILURE
    job = submitted_once(room, JobKind.COMPARE_DATA, request, asker.user.name)
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return job_document(job)


@router.get("/comparisons/{job_id}")
def get_comparison(room: Room, job_id: Annotated[str, Path(max_length=64)]) -> ComparisonReport:
    """What either source lacks, what differs, and what explains it as a whole; or why a symbol was not compared."""
    seq, job = room.events.head(topic_of("jobs", job_id)), room.jobs.job(job_id)
    if job.kind is not JobKind.COMPARE_DATA:
        raise NotFoundError(f"Job {job_id} is no comparison.", hint="See /v1/jobs?kind=compare.")
    # One that could not compare a symbol has failed, and told of every one.
    said = printed_document(room.jobs, job_id).get("symbols", []) if job.state.is_over else []
    return ComparisonReport(
        job=job_document(job, seq),
        sources=list(job.request["sources"]),
        symbols=[ComparedSeries.model_validate(each) for each in said],
    )
