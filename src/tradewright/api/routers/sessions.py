"""Paper and live sessions, as their records tell them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from tradewright.bootstrap.control_room import ControlRoom
from tradewright.domain.control.events import topic_of
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
from ..session_words import decisions_of, detailed_session, held_positions, listed_session, open_orders

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["trading"], route_class=KeyedRoute)

SESSIONS = "sessions"
SessionId = Annotated[str, Path(max_length=128)]


@router.get("/sessions")
def list_sessions(room: Room, asked: Annotated[SessionFilter, Query()]) -> Page[ListedSession]:
    """Sessions, the newest first."""
    now, seq = room.now_ns(), room.events.head(SESSIONS)
    every = [listed_session(name, about, now) for name, about in room.sessions.sessions()]
    meant = [each for each in every if asked.mode in (None, each.mode) and asked.state in (None, each.state)]
    return Page(items=asked.cut(meant), page=asked.page, per_page=asked.per_page, total=len(meant), seq=seq)


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
    job = room.starts.job_of(session_id)
    if job is not None and not job.state.is_over:
        room.jobs.cancel(job.id)
    return Asked(id=request, sentence=f"The session {session_id} was asked to end.")


@router.get("/positions")
def list_positions(room: Room, asked: Annotated[Paging, Query()]) -> Page[HeldPosition]:
    """What sessions that have not ended hold, as they last said."""
    now, seq = room.now_ns(), room.events.head(SESSIONS)
    found = [each for name, about in _going_on(room) for each in held_positions(name, about, now)]
    return Page(items=asked.cut(found), page=asked.page, per_page=asked.per_page, total=len(found), seq=seq)


@router.get("/orders")
def list_working_orders(room: Room, asked: Annotated[Paging, Query()]) -> Page[WorkingOrder]:
    """Open orders: of accounts as their journals have them, of sessions on simulated fills as those last said.

    Those of which the venue has not said what became of them come first.
    """
    now, seq = room.now_ns(), room.events.head(SESSIONS)
    sessions = dict(room.sessions.sessions())
    found = [each for picture in room.desk.pictures.all() for each in open_orders(picture, sessions, now)]
    found.sort(key=lambda each: each.status != "unknown")
    return Page(items=asked.cut(found), page=asked.page, per_page=asked.per_page, total=len(found), seq=seq)


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
