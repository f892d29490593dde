"""Hours of markets as documents."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tradewright.domain.control.paging import Slice
from tradewright.domain.control.trading_queries import SessionQuery
from tradewright.marketdata.clock import market_hours

from .schemas.base import instant
from .schemas.money import MarketHours

if TYPE_CHECKING:
    from tradewright.bootstrap.control_room import ControlRoom

__all__ = ["hours_document", "traded_calendar"]

_DEFAULT = "XNYS"


def hours_document(calendar: str, now_ns: int) -> MarketHours:
    """Whether a market trades at an instant.

    Raises
    ------
    CalendarError
        When the calendar is unknown or does not reach so far.
    """
    found = market_hours(calendar, now_ns)
    return MarketHours(
        calendar=found.calendar,
        zone=found.zone,
        is_open=found.is_open,
        is_around_the_clock=found.is_around_the_clock,
        opens_at=instant(found.opens_ns),
        closes_at=instant(found.closes_ns),
    )


def traded_calendar(room: ControlRoom) -> str:
    """The calendar of the newest session; New York's where none trades."""
    newest = room.trading_now().sessions(SessionQuery(), Slice(1)).items
    instruments = newest[0].about.get("instruments", ()) if newest else ()
    calendars = Counter(each.get("calendar") or each.get("exchange") for each in instruments)
    return next((str(name) for name, _ in calendars.most_common(1) if name), _DEFAULT)
