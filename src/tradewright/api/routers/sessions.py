"""Paper and live sessions, as their records tell them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from tradewright.bootstrap.control_room import ControlRoom
from tradewright.domain.errors import ConflictError, DataNotAvailableError

from ..dependencies import Asker, Room
from ..keyed import KeyedRoute
from ..schemas.base import Page, Paging
from ..schemas.sessions import (
    Asked,
    Decision,
    HeldPosition,
    ListedSession,
    SessionDetail,
    SessionFilter,
    SessionStop,
    WorkingOrder,
)
from ..session_words import decisions_of, detailed_session, held_positions, listed_session, working_orders

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["trading"], route_class=KeyedRoute)

SessionId = Annotated[str, Path(max_length=128)]


@router.get("/sessions")
def list_sessions(room: Room, asked: Annotated[SessionFilter, Query()]) -> Page[ListedSession]:
    """Sessions, the newest first."""
    now = room.now_ns()
    every = [listed_session(name, about, now) for name, about in room.sessions.sessions()]
    meant = [each for each in every if asked.mode in (None, each.mode) and asked.state in (None, each.state)]
    return Page(items=asked.cut(meant), page=asked.page, per_page=asked.per_page, total=len(meant))


@router.get("/sessions/{session_id}")
def get_session(room: Room, session_id: SessionId) -> SessionDetail:
    """The whole of a session but its decisions."""
    return detailed_session(session_id, _about(room, session_id), room.now_ns())


@router.get("/sessions/{session_id}/decisions")
def list_decisions(room: Room, session_id: SessionId, asked: Annotated[Paging, Query()]) -> Page[Decision]:
    """What a session decided and was told, the latest first."""
    found = decisions_of(room.sessions.read(session_id).entries())[::-1]
    return Page(items=asked.cut(found), page=asked.page, per_page=asked.per_page, total=len(found))


@router.post("/sessions/{session_id}/stop", status_code=202)
def stop_session(room: Room, asker: Asker, session_id: SessionId, asked: SessionStop) -> Asked:
    """Ask a running session to end: what was given is still worked, orders stay as they are."""
    session = listed_session(session_id, _about(room, session_id), room.now_ns())
    if session.state == "ended":
        raise ConflictError(f"The session {session_id} has ended already.")
    request = room.request_box(session_id).post({"command": "end", "who": asker.user.name, "reason": asked.reason})
    return Asked(id=request, sentence=f"The session {session_id} was asked to end.")


@router.get("/positions")
def list_positions(room: Room, asked: Annotated[Paging, Query()]) -> Page[HeldPosition]:
    """What sessions that have not ended hold, as they last said."""
    now = room.now_ns()
    found = [each for name, about in _going_on(room) for each in held_positions(name, about, now)]
    return Page(items=asked.cut(found), page=asked.page, per_page=asked.per_page, total=len(found))


@router.get("/orders")
def list_working_orders(room: Room, asked: Annotated[Paging, Query()]) -> Page[WorkingOrder]:
    """Orders of sessions that have not ended, as they last said."""
    now = room.now_ns()
    found = [each for name, about in _going_on(room) for each in working_orders(name, about, now)]
    return Page(items=asked.cut(found), page=asked.page, per_page=asked.per_page, total=len(found))


def _going_on(room: ControlRoom) -> list[tuple[str, Mapping[str, Any]]]:
    now = room.now_ns()
    return [
        (name, about) for name, about in room.sessions.sessions() if listed_session(name, about, now).state != "ended"
    ]


def _about(room: ControlRoom, session_id: str) -> Mapping[str, Any]:
    for name, about in room.sessions.sessions():
        if name == session_id:
            return about
    raise DataNotAvailableError(f"There is no session '{session_id}'.")
