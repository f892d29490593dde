"""What a session came to: figures, curves, orders and fills; and the course of all sessions by mode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from tradewright.bootstrap.control_room import ControlRoom
from tradewright.domain.errors import DataNotAvailableError
from tradewright.domain.timeframe import Timeframe
from tradewright.reporting.session.curves import drawn_session
from tradewright.reporting.session.figures import session_figures

from ..dependencies import Room
from ..schemas.base import Page, Paging
from ..schemas.money import SessionFill, SessionMoney, SessionOrder, SessionSeriesQuery, WorthQuery
from ..schemas.series import SeriesDocument
from ..series_words import series_document, window_of
from ..session_money import currency_of, fills_of, measured_equity, money_of, orders_of
from ..worth import drawn_worth

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["trading"])

SessionId = Annotated[str, Path(max_length=128)]


@router.get("/sessions/{session_id}/money")
def get_money(room: Room, session_id: SessionId) -> SessionMoney:
    """The figures of a session, which add up: start + realised + unrealised - costs = equity."""
    seq, about = room.events.head(f"sessions/{session_id}"), _about(room, session_id)
    return money_of(about, session_figures(room.session_books.of(session_id), measured_equity(about)), seq)


@router.get("/sessions/{session_id}/series")
def get_session_series(
    room: Room, session_id: SessionId, asked: Annotated[SessionSeriesQuery, Query()]
) -> SeriesDocument:
    """Money and bars of a session on one time axis, by the open of its rows."""
    seq, about = room.events.head(f"sessions/{session_id}"), _about(room, session_id)
    names = [name.strip() for name in asked.names.split(",") if name.strip()]
    width = Timeframe.parse(str(about["timeframe"])).nanoseconds
    drawn = drawn_session(room.session_books.of(session_id), names, width, window_of(asked), asked.symbol)
    return series_document(drawn, currency_of(about), []).model_copy(update={"seq": seq})


@router.get("/sessions/{session_id}/orders")
def list_session_orders(room: Room, session_id: SessionId, asked: Annotated[Paging, Query()]) -> Page[SessionOrder]:
    """Every order of a session with its steps, the latest first; unknown ones before all others."""
    seq, about = room.events.head(f"sessions/{session_id}"), _about(room, session_id)
    found = orders_of(about, room.session_books.of(session_id))
    return Page(items=asked.cut(found), page=asked.page, per_page=asked.per_page, total=len(found), seq=seq)


@router.get("/sessions/{session_id}/fills")
def list_session_fills(room: Room, session_id: SessionId, asked: Annotated[Paging, Query()]) -> Page[SessionFill]:
    """Every fill of a session, the latest first."""
    seq, about = room.events.head(f"sessions/{session_id}"), _about(room, session_id)
    found = fills_of(about, room.session_books.of(session_id))
    return Page(items=asked.cut(found), page=asked.page, per_page=asked.per_page, total=len(found), seq=seq)


@router.get("/equity/series")
def get_worth_series(room: Room, asked: Annotated[WorthQuery, Query()]) -> SeriesDocument:
    """The worth of the sessions that have not ended as one line for each mode, in one currency."""
    seq = room.events.head("sessions")
    drawn = drawn_worth(room.sessions.sessions(), room.session_books, asked.currency, window_of(asked), room.now_ns())
    return series_document(drawn, asked.currency, []).model_copy(update={"seq": seq})


def _about(room: ControlRoom, session_id: str) -> Mapping[str, Any]:
    found = next((about for name, about in room.sessions.sessions() if name == session_id), None)
    if found is None:
        raise DataNotAvailableError(f"There is no session '{session_id}'.")
    return found
