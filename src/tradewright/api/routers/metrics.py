"""What is measured of this process, as Prometheus reads it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from tradewright.domain import gauges

from ..dependencies import Room

__all__ = ["router"]

router = APIRouter(tags=["health"])


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def get_metrics(room: Room, request: Request) -> Response:
    """Every metric of the server, in Prometheus' text format."""
    metrics = room.metrics
    metrics.set(gauges.API_READERS, len(request.app.state.readers))
    room.meter.refresh(room.now_ns())
    page, media_type = metrics.page()
    return Response(page, media_type=media_type)
