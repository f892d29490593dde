"""What goes on at this moment: all that stands around every page of a control room, in one answer."""

from __future__ import annotations

from contextlib import suppress

from fastapi import APIRouter, BackgroundTasks, Request

from tradewright.bootstrap.control_room import ControlRoom
from tradewright.domain.control.alerts import AlertQuery, Severity
from tradewright.domain.control.jobs import JobQuery, JobState
from tradewright.domain.control.paging import MOST_ROWS, Slice
from tradewright.domain.control.trading_queries import SessionQuery
from tradewright.domain.errors import CalendarError

from ..dependencies import Room
from ..market_words import hours_document, traded_calendar
from ..schemas.money import MarketHours
from ..schemas.now import Now, RunningJobs, RunningSession, RunningSessions, UnseenAlerts
from ..trading_words import seen_when

__all__ = ["router"]

router = APIRouter(prefix="/v1/now", tags=["health"])

_RUNNING = JobQuery(frozenset({JobState.RUNNING, JobState.CANCELLING}))
_UNSEEN = AlertQuery(Severity.CRITICAL, is_acknowledged=False, is_resolved=False)


@router.get("")
def get_now(request: Request, room: Room, later: BackgroundTasks) -> Now:
    """What runs, which critical alerts nobody has seen, and whether the market trades."""
    market = _market(room, request.app.state.calendars, later)
    return Now(jobs=_jobs(room), sessions=_sessions(room), alerts=_alerts(room), market=market)


def _jobs(room: ControlRoom) -> RunningJobs:
    # Read before the list: what happens in between comes once more, and is not lost.
    seq = room.events.head("jobs")
    found = room.jobs.page(_RUNNING, Slice(MOST_ROWS))
    return RunningJobs(ids=[each.id for each in found.items], total=found.total, seq=seq)


def _sessions(room: ControlRoom) -> RunningSessions:
    query = SessionQuery(**seen_when("running", room.now_ns()))
    found = room.trading_now().sessions(query, Slice(MOST_ROWS))
    items = [
        RunningSession(id=each.id, mode=each.mode, fills=each.fills, broker=each.broker) for each in found.items
    ]  # fmt: skip
    return RunningSessions(items=items, total=found.total)


def _alerts(room: ControlRoom) -> UnseenAlerts:
    seq = room.events.head("alerts")
    return UnseenAlerts(total=room.alerts.page(_UNSEEN, Slice(1)).total, seq=seq)


def _market(room: ControlRoom, at_hand: set[str], later: BackgroundTasks) -> MarketHours | None:
    calendar = traded_calendar(room)
    if calendar not in at_hand:
        # The first calendar of a process takes seconds to read: what runs is not kept waiting for it.
        later.add_task(_read, calendar, room.now_ns(), at_hand)
        return None
    try:
        return hours_document(calendar, room.now_ns())
    except CalendarError:
        # A session's own calendar may be one that this host does not have; what runs is told all the same.
        return None


def _read(calendar: str, now_ns: int, at_hand: set[str]) -> None:
    with suppress(CalendarError):
        hours_document(calendar, now_ns)
    at_hand.add(calendar)
