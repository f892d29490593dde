"""Whether markets trade now."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Query

from tradewright.marketdata.clock import market_hours

from ..dependencies import Room
from ..schemas.base import instant
from ..schemas.money import MarketHours

__all__ = ["router"]

router = APIRouter(prefix="/v1/markets", tags=["trading"])

_DEFAULT = "XNYS"


@router.get("/clock")
def get_market_clock(
    room: Room,
    calendar: Annotated[str | None, Query(max_length=20, description="Of the newest session by default.")] = None,
) -> MarketHours:
    """Whether a market trades now, and when it opens or closes next."""
    found = market_hours(calendar or _traded(room), room.now_ns())
    return MarketHours(
        calendar=found.calendar,
        zone=found.zone,
        is_open=found.is_open,
        is_around_the_clock=found.is_around_the_clock,
        opens_at=instant(found.opens_ns),
        closes_at=instant(found.closes_ns),
    )


def _traded(room: Room) -> str:
    """The calendar of the newest session; New York's where none trades."""
    _, newest = next(iter(room.sessions.sessions()), ("", {}))
    calendars = Counter(each.get("calendar") or each.get("exchange") for each in newest.get("instruments", ()))
    return next((str(name) for name, _ in calendars.most_common(1) if name), _DEFAULT)
