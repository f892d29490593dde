"""Whether markets trade now."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from ..dependencies import Room
from ..market_words import hours_document, traded_calendar
from ..schemas.money import MarketHours

__all__ = ["router"]

router = APIRouter(prefix="/v1/markets", tags=["trading"])


@router.get("/clock")
def get_market_clock(
    room: Room,
    calendar: Annotated[str | None, Query(max_length=20, description="Of the newest session by default.")] = None,
) -> MarketHours:
    """Whether a market trades now, and when it opens or closes next."""
    return hours_document(calendar or traded_calendar(room), room.now_ns())
