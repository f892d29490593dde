"""What routes ask for by their annotations: the room, who asks, and runs by their ids."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from tradewright.bootstrap.control_room import ControlRoom
from tradewright.domain.kept_run import KeptRun
from tradewright.reporting.result import Result

from .caching import CACHED, NotModifiedError, is_known, tag_of
from .principal import Principal
from .roles import refuse_unless_allowed, rule_of

__all__ = ["Asker", "LoadedRun", "NamedRun", "Room", "guard"]

_BEARER = HTTPBearer(auto_error=False, description="The access token of a sign-in, or the token of a program.")


def _room(request: Request) -> ControlRoom:
    room: ControlRoom = request.app.state.room
    return room


Room = Annotated[ControlRoom, Depends(_room)]
"""The control room that is served."""


def guard(request: Request, shown: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)] = None) -> None:
    """Let a request through where the table of roles allows it, and keep who asks."""
    principal = None if shown is None else request.app.state.identify(shown.credentials)
    refuse_unless_allowed(principal, rule_of(request.method, request.scope["route"].path))
    request.state.principal = principal


def _asker(request: Request) -> Principal:
    principal: Principal = request.state.principal
    return principal


Asker = Annotated[Principal, Depends(_asker)]
"""Who asks; only where the table wants somebody."""


def _run(room: Room, run_id: Annotated[str, Path(max_length=64, description="An id, or its first digits.")]) -> KeptRun:
    return room.archive.found(run_id)


NamedRun = Annotated[KeptRun, Depends(_run)]
"""The kept run that the path names."""


def _result(room: Room, run: NamedRun, request: Request, response: Response) -> Result:
    tag = tag_of(run, room.version)
    if is_known(request.headers, tag):
        raise NotModifiedError(tag)
    response.headers.update({"ETag": tag, "Cache-Control": CACHED})
    return room.loaded.result(run)


LoadedRun = Annotated[Result, Depends(_result)]
"""Its result, under an entity tag: a client that has it already is told so, and nothing is loaded."""
