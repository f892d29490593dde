"""Alerts: what a person has to know, and whether somebody has seen it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from tradewright.domain.control.alerts import Alert, AlertQuery
from tradewright.domain.control.paging import Slice
from tradewright.domain.errors import NotFoundError
from tradewright.domain.moments import utc

from ..dependencies import Asker, Room
from ..schemas.alerts import AlertDelivery, AlertDetail, AlertFilter, RaisedAlert
from ..schemas.base import Page, instant
from ..words import instant_ns

__all__ = ["router"]

router = APIRouter(prefix="/v1/alerts", tags=["alerts"])

AlertId = Annotated[str, Path(max_length=64)]


@router.get("")
def list_alerts(room: Room, asked: Annotated[AlertFilter, Query()]) -> Page[RaisedAlert]:
    """Alerts, those found last first."""
    seq = room.events.head("alerts")
    query = AlertQuery(
        asked.severity,
        asked.acknowledged,
        asked.resolved,
        instant_ns("from", asked.since),
        instant_ns("to", asked.until),
    )
    found = room.alerts.page(query, Slice(asked.per_page, asked.offset))
    items = [RaisedAlert(**_words(each)) for each in found.items]
    return Page(items=items, page=asked.page, per_page=asked.per_page, total=found.total, seq=seq)


@router.get("/{alert_id}")
def get_alert(room: Room, alert_id: AlertId) -> AlertDetail:
    """An alert, and whom it reached."""
    found = room.alerts.get(alert_id)
    if found is None:
        raise NotFoundError(f"There is no alert '{alert_id}'.")
    told = [AlertDelivery(channel=each.channel, at=utc(each.at_ns), error=each.error) for each in room.told(alert_id)]
    return AlertDetail(**_words(found), deliveries=told)


@router.patch("/{alert_id}/acknowledge")
def acknowledge_alert(room: Room, asker: Asker, alert_id: AlertId) -> RaisedAlert:
    """Say that somebody has seen it; the first to say so stands."""
    return RaisedAlert(**_words(room.alert_desk.acknowledge(alert_id, asker.user.name, room.now_ns())))


def _words(alert: Alert) -> dict[str, Any]:
    words = ("id", "rule", "subject", "sentence", "hint", "count", "acknowledged_by")
    return {
        **{word: getattr(alert, word) for word in words},
        "severity": alert.severity,
        "first_at": utc(alert.first_ns),
        "last_at": utc(alert.last_ns),
        "acknowledged_at": instant(alert.acknowledged_ns),
        "resolved_at": instant(alert.resolved_ns),
    }
