"""What somebody is about to do, looked at: the one place that previews and acts share, so that both see the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.app.desk import preview
from tradewright.app.desk.preview import Action, Preview
from tradewright.app.desk.starting import Start, mode_transition, start_session
from tradewright.bootstrap.ceilings import ceiling_of
from tradewright.domain.errors import ConfigError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.app.desk.picture import Picture
    from tradewright.bootstrap.ceilings import Ceiling
    from tradewright.bootstrap.control_room import ControlRoom
    from tradewright.bootstrap.kill import AccountFolder

    from .schemas.desk import PreviewRequest, SessionRequest

__all__ = [
    "begins", "looked", "of_cancel", "of_close", "of_flatten", "of_limits", "of_rearm", "of_start", "of_stop",
    "of_transition", "subject_of",
]  # fmt: skip

_NOT_ASKED = {"mode", "typed", "digest"}


def looked(room: ControlRoom, asked: PreviewRequest) -> Preview:
    """The preview of what is asked for.

    Raises
    ------
    ConfigError
        When it is not said on what.
    NotFoundError
        When that is not there.
    """
    return _LOOKS[asked.action](room, asked)


def subject_of(room: ControlRoom, account: str | None, session_id: str | None) -> Picture:
    """The account, or the session where its fills are simulated; errors as of `looked`."""
    if (account is None) == (session_id is None):
        raise ConfigError("An act is on an account or on a session.", hint="Name one of account and session_id.")
    pictures = room.desk.pictures
    return pictures.session(session_id) if session_id is not None else pictures.account(account or "")


def begins(room: ControlRoom, asked: SessionRequest) -> Start:
    """What would begin."""
    return room.starts.start(asked.mode, asked.model_dump(exclude_none=True, exclude=_NOT_ASKED), room.now_ns())


def of_start(room: ControlRoom, start: Start) -> Preview:
    """Beginning a session."""
    return start_session(start, _account_of(room, start))


def of_flatten(room: ControlRoom, account: str | None, session_id: str | None) -> tuple[Picture, Preview]:
    """Closing all, and of what."""
    picture = subject_of(room, account, session_id)
    return picture, preview.flatten(picture)


def of_rearm(
    room: ControlRoom, account: str | None, session_id: str | None, limits: str | None
) -> tuple[Picture, Preview]:
    """Arming again, and of what."""
    picture = subject_of(room, account, session_id)
    return picture, preview.rearm(picture, limits)


def of_cancel(room: ControlRoom, order_id: str) -> tuple[Picture, Any, Preview]:
    """Ending an order, and which."""
    picture, order = room.desk.pictures.order(order_id)
    return picture, order, preview.cancel_order(picture, order)


def of_close(room: ControlRoom, position_id: str) -> tuple[Picture, Any, Preview]:
    """Closing a position, and which."""
    picture, position = room.desk.pictures.position(position_id)
    return picture, position, preview.close_position(picture, position)


def of_stop(room: ControlRoom, session_id: str) -> Preview:
    """Ending a session."""
    return preview.stop_session(room.desk.pictures.session(session_id), session_id)


def of_transition(room: ControlRoom, session_id: str, to: str, limits: str | None) -> tuple[Start, Preview]:
    """Taking a session into another mode, and what would begin."""
    begun = room.desk.pictures.session(session_id)
    if begun.mode == to:
        raise ConfigError(f"The session {session_id} is in mode {to} already.", hint="Name the other mode.")
    request = room.starts.request_of(session_id)
    said = {**request, "limits": limits or request.get("limits")}
    if to == "paper":
        said["fills"] = "venue" if said["limits"] else None
    start = room.starts.start(to, said, room.now_ns())
    return start, mode_transition(session_id, begun, start, _account_of(room, start))


def of_limits(room: ControlRoom, account: str, limits: str) -> tuple[AccountFolder, Ceiling | None, Preview]:
    """Changing what an account may risk, and what it may now."""
    pictures = room.desk.pictures
    folder, picture = pictures.folder(account), pictures.account(account)
    now = ceiling_of(folder.path)
    return folder, now, preview.raise_limits(picture, None if now is None else now.limits, limits)


def _account_of(room: ControlRoom, start: Start) -> Picture | None:
    try:
        return room.desk.pictures.account(f"{start.mode}/{start.account}")
    except NotFoundError:
        return None


def _needed(asked: PreviewRequest, name: str) -> Any:
    value = getattr(asked, name)
    if value is None:
        raise ConfigError(f"A preview of {asked.action} needs '{name}'.", hint=f"Say which: {name}.")
    return value


_LOOKS: dict[Action, Callable[[ControlRoom, PreviewRequest], Preview]] = {
    Action.START_LIVE: lambda room, asked: of_start(room, begins(room, _needed(asked, "start"))),
    Action.FLATTEN: lambda room, asked: of_flatten(room, asked.account, asked.session_id)[1],
    Action.CLOSE_POSITION: lambda room, asked: of_close(room, _needed(asked, "position_id"))[2],
    Action.CANCEL_ORDER: lambda room, asked: of_cancel(room, _needed(asked, "order_id"))[2],
    Action.STOP_SESSION: lambda room, asked: of_stop(room, _needed(asked, "session_id")),
    Action.MODE_TRANSITION: lambda room, asked: of_transition(
        room, _needed(asked, "session_id"), _needed(asked, "to"), asked.limits
    )[1],
    Action.RAISE_LIMITS: lambda room, asked: of_limits(room, _needed(asked, "account"), _needed(asked, "limits"))[2],
    Action.REARM: lambda room, asked: of_rearm(room, asked.account, asked.session_id, asked.limits)[1],
}
