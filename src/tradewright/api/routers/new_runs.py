"""New runs: what one would cost, and starting it as a job."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from tradewright.domain.control.jobs import JobLimits

from ..dependencies import Asker, Room
from ..estimating import estimated
from ..job_words import job_document
from ..keyed import OnceRoute, act_id
from ..schemas.jobs import Job, RunEstimate, RunRequest

__all__ = ["router"]

router = APIRouter(prefix="/v1/runs", tags=["runs"], route_class=OnceRoute)


@router.post("", status_code=202)
def start_run(room: Room, asker: Asker, asked: RunRequest, request: Request, response: Response) -> Job:
    """Put a run into the queue; its job says how far it is, and which run was kept."""
    limits = JobLimits(asked.max_seconds, asked.max_memory_mb)
    job = room.jobs.submit(asked.kind, _words(asked), owner=asker.user.name, limits=limits, job_id=act_id(request))
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return job_document(job)


@router.post("/estimate")
def estimate_run(room: Room, asked: RunRequest) -> RunEstimate:
    """What a run would read and take, and why it could not begin; nothing is started."""
    return estimated(room, asked, _words(asked))


def _words(asked: RunRequest) -> dict[str, Any]:
    """The fields that say something."""
    return asked.model_dump(exclude_none=True, exclude={"kind", "max_seconds", "max_memory_mb"})
