"""What routes ask for by their annotations: the room, who asks, and runs by their ids."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import HTTPConnection

from tradewright.bootstrap.control_room import ControlRoom
from tradewright.domain.control.access import Actor, Caller
from tradewright.domain.kept_run import KeptRun
from tradewright.reporting.result import Result

from .caching import CACHED, NotModifiedError, is_known, tag_of
from .roles import refuse_unless_allowed, rule_of

__all__ = ["Asker", "By", "LoadedRun", "NamedRun", "Room", "address_of", "caller_of", "guard"]

_BEARER = HTTPBearer(auto_error=False, description="The access token of a sign-in, or the token of a program.")
_SCHEME = "bearer "


def _room(request: Request) -> ControlRoom:
    room: ControlRoom = request.app.state.room
    return room


Room = Annotated[ControlRoom, Depends(_room)]
"""The control room that is served."""


def caller_of(request: HTTPConnection) -> Caller | None:
    """Who shows the token of a request, asked of the stores once."""
    if not hasattr(request.state, "caller"):
        shown = request.headers.get("authorization", "")
        token = shown[len(_SCHEME) :].strip() if shown.lower().startswith(_SCHEME) else ""
        request.state.caller = request.app.state.identify(token) if token else None
    caller: Caller | None = request.state.caller
    return caller


def address_of(request: HTTPConnection) -> str:
    """Where a request came from."""
    return "" if request.client is None else request.client.host


def guard(request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)] = None) -> None:
    """Let a request through where the table of roles allows it and it does not come too often."""
    caller = caller_of(request)
    rule = rule_of(request.method, request.scope["route"].path)
    request.app.state.limits.spend(None if caller is None else caller.user.id, address_of(request), rule.cost)
    refuse_unless_allowed(caller, rule)


def _asker(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


Asker = Annotated[Caller, Depends(_asker)]
"""Who asks; only where the table wants somebody."""


def _by(request: Request) -> Actor:
    caller = caller_of(request)
    name = "" if caller is None else caller.user.name
    return Actor(name, address_of(request) or None, request.state.request_id)


By = Annotated[Actor, Depends(_by)]
"""Who asks, as the audit log names them."""


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
