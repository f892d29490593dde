"""What is measured of this process, as Prometheus reads it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from tradewright.domain import gauges
from tradewright.domain.control.jobs import JobKind, JobQuery, JobState
from tradewright.domain.control.paging import Slice

from ..dependencies import Room

__all__ = ["router"]

router = APIRouter(tags=["health"])


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def get_metrics(room: Room, request: Request) -> Response:
    """Every metric of the server, in Prometheus' text format."""
    metrics = room.metrics
    metrics.set(gauges.API_READERS, len(request.app.state.readers))
    for kind in JobKind:
        for state in (JobState.QUEUED, JobState.RUNNING):
            query = JobQuery(frozenset({state}), frozenset({kind}))
            count = room.jobs.page(query, Slice(1)).total
            metrics.set(gauges.JOBS, count, kind=kind.value, state=state.value)
    page, media_type = metrics.page()
    return Response(page, media_type=media_type)
