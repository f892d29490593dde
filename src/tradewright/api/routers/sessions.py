"""Paper and live sessions, as their records tell them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from tradewright.bootstrap.control_room import ControlRoom
from tradewright.domain.control.events import topic_of
from tradewright.domain.control.paging import MOST_ROWS, Slice
from tradewright.domain.control.trading_queries import OrderPlace, PositionQuery, SessionQuery
from tradewright.domain.errors import ConflictError

from ..cursors import order_cursor, order_place
from ..dependencies import Asker, Room
from ..keyed import KeyedRoute
from ..schemas.base import Page, Paging
from ..schemas.sessions import (
    Asked,
    Decision,
    HeldPosition,
    ListedSession,
    OrderFilter,
    PositionFilter,
    SessionDetail,
    SessionFilter,
    SessionStop,
    WorkingOrder,
)
from ..session_words import decisions_of, detailed_session, held_position, listed_session, open_orders
from ..trading_words import about_of, is_meant, order_query, recorded_order, seen_when

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["trading"], route_class=KeyedRoute)

SESSIONS = "sessions"
SessionId = Annotated[str, Path(max_length=128)]


@router.get("/sessions")
def list_sessions(room: Room, asked: Annotated[SessionFilter, Query()]) -> Page[ListedSession]:
    """Sessions, the newest first."""
    now, seq = room.now_ns(), room.events.head(SESSIONS)
    query = SessionQuery(mode=asked.mode, strategy=asked.strategy_id, **seen_when(asked.state, now))
    found = room.trading_now().sessions(query, Slice(asked.per_page, asked.offset))
    items = [listed_session(each.id, about_of(each), now) for each in found.items]
    return Page(items=items, page=asked.page, per_page=asked.per_page, total=found.total, seq=seq)


@router.get("/sessions/{session_id}")
def get_session(room: Room, session_id: SessionId) -> SessionDetail:
    """The whole of a session but its decisions."""
    seq = room.events.head(topic_of(SESSIONS, session_id))
    found = detailed_session(session_id, _about(room, session_id), room.now_ns())
    job = room.starts.job_of(session_id)
    return found.model_copy(update={"job_id": None if job is None else job.id, "seq": seq})


@router.get("/sessions/{session_id}/decisions")
def list_decisions(room: Room, session_id: SessionId, asked: Annotated[Paging, Query()]) -> Page[Decision]:
    """What a session decided and was told, the latest first."""
    seq = room.events.head(topic_of(SESSIONS, session_id))
    found = decisions_of(room.sessions.read(session_id).entries())[::-1]
    return Page(items=asked.cut(found), page=asked.page, per_page=asked.per_page, total=len(found), seq=seq)


@router.post("/sessions/{session_id}/stop", status_code=202)
def stop_session(room: Room, asker: Asker, session_id: SessionId, asked: SessionStop) -> Asked:
    """Ask a running session to end: what was given is still worked, orders stay as they are.

    Where a job runs it, that is cancelled too: it is not begun again, and an interrupt comes within two seconds.
    """
    session = listed_session(session_id, _about(room, session_id), room.now_ns())
    if session.state == "ended":
        raise ConflictError(f"The session {session_id} has ended already.")
    request = room.desk.end(session_id, asker.user.name, asked.reason)
    room.starts.give_up(session_id)
    return Asked(id=request, sentence=f"The session {session_id} was asked to end.")


@router.get("/positions")
def list_positions(room: Room, asked: Annotated[PositionFilter, Query()]) -> Page[HeldPosition]:
    """What sessions that have not ended hold, by their records."""
    now, seq = room.now_ns(), room.events.head(SESSIONS)
    query = PositionQuery(asked.session, asked.strategy_id, asked.symbol, asked.mode)
    found = room.trading_now().positions(query, Slice(asked.per_page, asked.offset))
    items = [held_position(held, session, now) for held, session in found.items]
    return Page(items=items, page=asked.page, per_page=asked.per_page, total=found.total, seq=seq)


@router.get("/orders")
def list_orders(room: Room, asked: Annotated[OrderFilter, Query()]) -> Page[WorkingOrder]:
    """Open orders: of accounts as their journals have them, of sessions on simulated fills as those last said.

    Those of which the venue has not said what became of them come first. With another `status`: the orders of all
    sessions that ever were, by their records, the latest first; `cursor` goes through them.
    """
    seq = room.events.head(SESSIONS)
    return _open_orders(room, asked, seq) if asked.status == "open" else _recorded_orders(room, asked, seq)


def _open_orders(room: ControlRoom, asked: OrderFilter, seq: int) -> Page[WorkingOrder]:
    now = room.now_ns()
    going_on = room.trading_now().sessions(SessionQuery(is_over=False), Slice(MOST_ROWS)).items
    sessions = {each.id: about_of(each) for each in going_on}
    every = [each for picture in room.desk.pictures.all() for each in open_orders(picture, sessions, now)]
    found = [each for each in every if is_meant(each, asked)]
    found.sort(key=lambda each: each.status != "unknown")
    return Page(items=asked.cut(found), page=asked.page, per_page=asked.per_page, total=len(found), seq=seq)


def _recorded_orders(room: ControlRoom, asked: OrderFilter, seq: int) -> Page[WorkingOrder]:
    now, behind = room.now_ns(), None if asked.cursor is None else order_place(asked.cursor)
    piece = Slice(asked.per_page, asked.offset if behind is None else 0)
    found = room.trading_now().orders(order_query(asked, behind), piece)
    items = [recorded_order(order, session, now) for order, session in found.items]
    last = found.items[-1][0] if len(items) == asked.per_page else None
    cursor = None if last is None else order_cursor(OrderPlace(last.placed_ns, last.session, last.id))
    return Page(
        items=items, page=asked.page, per_page=asked.per_page, total=found.total, seq=seq, cursor=cursor
    )  # fmt: skip


def _about(room: ControlRoom, session_id: str) -> Mapping[str, Any]:
    log = room.sessions.read(session_id)
    return {**log.about, "standing": log.standing}
