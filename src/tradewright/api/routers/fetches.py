"""Bars that a job fetches from a provider."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from tradewright.domain.control.events import topic_of
from tradewright.domain.control.jobs import JobKind
from tradewright.domain.errors import NotFoundError

from ..dependencies import Asker, Room
from ..import_words import printed_document
from ..job_words import job_document
from ..schemas.data import FetchedSeries, FetchReport
from ..schemas.jobs import FetchRequest, Job
from ..submitting import submitted_once

__all__ = ["router"]

router = APIRouter(prefix="/v1/data", tags=["data"])

_FIELDS = frozenset(FetchedSeries.model_fields)


@router.post("/fetches", status_code=202)
def fetch_bars(room: Room, asker: Asker, response: Response, asked: FetchRequest) -> Job:
    """Fetch what is missing of some series; who asks for the same while it is under way is told of the same job."""
    request = asked.model_dump(exclude_none=True)
    job = submitted_once(room, JobKind.FETCH_DATA, request, asker.user.name)
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return job_document(job)


@router.get("/fetches/{job_id}")
def get_fetch(room: Room, job_id: Annotated[str, Path(max_length=64)]) -> FetchReport:
    """What became of a fetch: of each symbol whose bars came, how many were new, and why others did not."""
    seq, job = room.events.head(topic_of("jobs", job_id)), room.jobs.job(job_id)
    if job.kind is not JobKind.FETCH_DATA:
        raise NotFoundError(f"Job {job_id} is no fetch.", hint="See /v1/jobs?kind=fetch.")
    # One whose symbols failed in part has failed, and told of every one.
    said = printed_document(room.jobs, job_id).get("symbols", []) if job.state.is_over else []
    symbols = [FetchedSeries(**{name: each[name] for name in _FIELDS & each.keys()}) for each in said]
    return FetchReport(job=job_document(job, seq), symbols=symbols)
