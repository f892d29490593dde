"""What every request that changes something leaves in the audit log: one table, and one place that writes it."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from tradewright.app.access.auditing import DONE, FAILED, REFUSED
from tradewright.domain.control.access import Actor
from tradewright.domain.control.schedules import SAID
from tradewright.domain.errors import StorageError

from .keyed import REPLAYED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fastapi import APIRouter
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tradewright.app.access.auditing import Auditor

__all__ = ["ACTS", "Act", "AuditTrail", "Noted", "check_acts"]

_MORE = "audited"
_LOG = logging.getLogger("tradewright.api")
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_MOST_BODY = 64 * 1024
_NOT_ASKED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS})


@dataclass(frozen=True, slots=True)
class Act:
    """What is written of a request.

    Parameters
    ----------
    action : str
        What was done, ``subject.verb``; empty where nothing is changed.
    subject : str
        A part of the path or a field of the body by which it is known; empty for the last part of the answer's
        ``Location``.
    told : tuple of str
        Fields of the body that stand in the entry; none that holds a secret.
    is_told_inside : bool
        Whether the desk that carries it out writes the entry, with what it knows of it; only who was not let through
        is written here.
    """

    action: str
    subject: str = ""
    told: tuple[str, ...] = ()
    is_told_inside: bool = False


def _inside(action: str, subject: str = "") -> Act:
    return Act(action, subject, is_told_inside=True)


_NOTHING = Act("")

ACTS: dict[tuple[str, str], Act] = {
    ("POST", "/v1/auth/login"): _inside("sign_in"),
    ("POST", "/v1/auth/refresh"): _NOTHING,
    ("POST", "/v1/auth/logout"): _inside("sign_out"),
    ("POST", "/v1/auth/password"): _inside("password.change"),
    ("POST", "/v1/users"): _inside("user.create"),
    ("PATCH", "/v1/users/{name}"): _inside("user.change", "name"),
    ("POST", "/v1/tokens"): _inside("token.create"),
    ("DELETE", "/v1/tokens/{token_id}"): _inside("token.revoke", "token_id"),
    ("POST", "/v1/jobs/{job_id}/cancel"): Act("job.cancel", "job_id"),
    ("POST", "/v1/runs"): Act("run.start", told=("kind", "strategy", "symbols", "timeframe", "name")),
    ("POST", "/v1/runs/estimate"): _NOTHING,
    ("PATCH", "/v1/runs/{run_id}"): Act("run.change", "run_id", told=("name", "note", "tags", "star")),
    ("DELETE", "/v1/runs/{run_id}"): Act("run.delete", "run_id"),
    ("POST", "/v1/data/imports"): Act("data.import"),
    ("POST", "/v1/data/fetches"): Act(
        "data.fetch", told=("source", "symbols", "timeframe", "start", "end", "hours", "refresh")
    ),
    ("POST", "/v1/data/comparisons"): Act("data.compare", told=("sources", "symbols", "timeframe", "start", "end")),
    ("POST", "/v1/schedules"): Act("schedule.create", "name", told=("when", "zone", "kind", "missed")),
    ("PATCH", "/v1/schedules/{schedule_id}"): Act("schedule.change", "schedule_id", told=("paused", *SAID)),
    ("DELETE", "/v1/schedules/{schedule_id}"): Act("schedule.delete", "schedule_id"),
    ("POST", "/v1/schedules/{schedule_id}/run"): Act("schedule.run", "schedule_id"),
    ("PATCH", "/v1/strategies/{strategy_id}"): Act("strategy.change", "strategy_id", told=("changes",)),
    ("POST", "/v1/strategies/{strategy_id}/preview"): _NOTHING,
    ("POST", "/v1/sessions"): Act("session.start", "name", told=("mode", "account", "strategy", "symbols")),
    ("POST", "/v1/sessions/{session_id}/stop"): Act("session.stop", "session_id", told=("reason",)),
    ("POST", "/v1/previews"): _NOTHING,
    ("POST", "/v1/controls/kill-switch"): Act("account.latch", "account", told=("reason",)),
    ("PUT", "/v1/risk/limits"): Act("limits.change", "account", told=("limits", "reason")),
    ("POST", "/v1/controls/flatten"): Act("account.flatten", "account", told=("reason",)),
    ("POST", "/v1/controls/re-arm"): Act("account.rearm", "account", told=("reason", "limits")),
    ("POST", "/v1/controls/mode-transition"): Act("session.transition", "session_id", told=("to", "reason")),
    ("POST", "/v1/orders/{order_id}/cancel"): Act("order.cancel", "order_id", told=("reason",)),
    ("POST", "/v1/positions/{position_id}/close"): Act("position.close", "position_id", told=("reason",)),
    ("POST", "/v1/approvals"): Act("approval.give", "evidence", told=("verdict", "reason")),
    ("POST", "/v1/approvals/{number}/revoke"): Act("approval.revoke", "number", told=("reason",)),
    ("PATCH", "/v1/alerts/{alert_id}/acknowledge"): Act("alert.acknowledge", "alert_id"),
    ("PATCH", "/v1/settings"): Act("settings.change", told=("changes",)),
    ("POST", "/v1/ws/ticket"): _NOTHING,
}
"""Every route that is no reading; one that is not here is refused when the server is made."""


def check_acts(routers: Iterable[APIRouter]) -> None:
    """Refuse routes that change something and leave no entry.

    Raises
    ------
    LookupError
    """
    for route in (each for router in routers for each in router.routes if isinstance(each, APIRoute)):
        for method in (route.methods or set()) - _READING:
            if (method, route.path) not in ACTS:
                raise LookupError(f"{method} {route.path} is not in the table of audited acts")


def _more(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = {}
    setattr(request.state, _MORE, found)
    return found


Noted = Annotated[dict[str, Any], Depends(_more)]
"""What a route adds to its entry: details by name, and ``subject`` where it knows better."""


class AuditTrail:
    """Writes who did what, before the answer goes out.

    Where the log cannot be written, what was done stays done and is answered: a kill switch works while the database
    is away. That it is missing stands in the log of the server.

    Parameters
    ----------
    app : ASGI application
    auditor : callable
        Gives who writes the log.
    """

    def __init__(self, app: ASGIApp, auditor: Callable[[], Auditor]) -> None:
        self.app, self.auditor = app, auditor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Carry one request through."""
        if scope["type"] != "http" or scope["method"] in _READING:
            await self.app(scope, receive, send)
            return
        heard = _Heard(receive, Headers(scope=scope))

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                await self._write(scope, heard, message)
            await send(message)

        await self.app(scope, heard.receive, told)

    async def _write(self, scope: Scope, heard: _Heard, answer: Message) -> None:
        act = ACTS.get((scope["method"], getattr(scope.get("route"), "path", "")), _NOTHING)
        status, headers = int(answer["status"]), Headers(raw=answer.get("headers", []))
        if not _is_written(act, status, headers) or (by := _actor(scope)) is None:
            return
        body, more = heard.fields(), dict(scope.get("state", {}).get(_MORE, {}))
        subject = more.pop("subject", None) or _subject(act, scope, body, headers)
        details = {name: body[name] for name in act.told if name in body} | more
        if status >= HTTPStatus.BAD_REQUEST:
            details["status"] = status
        try:
            await asyncio.to_thread(self.auditor().note, by, act.action, subject, _outcome(status), details)
        except StorageError as error:
            _LOG.error("'%s' of %s by %s is missing in the audit log: %s", act.action, subject, by.name, error)


class _Heard:
    """The body of a request, as far as it is of interest, on its way in."""

    def __init__(self, receive: Receive, headers: Headers) -> None:
        self._receive = receive
        self._wanted = headers.get("content-type", "").startswith("application/json")
        self._pieces: list[bytes] = []
        self._length = 0

    async def receive(self) -> Message:
        """The next piece, which is remembered."""
        message = await self._receive()
        if self._wanted and message["type"] == "http.request":
            piece = message.get("body", b"")
            self._length += len(piece)
            if self._length <= _MOST_BODY:
                self._pieces.append(piece)
        return message

    def fields(self) -> Mapping[str, Any]:
        """What it says, where it is a mapping of JSON that is not too long."""
        if self._length > _MOST_BODY:
            return {}
        try:
            said = json.loads(b"".join(self._pieces))
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}


def _is_written(act: Act, status: int, headers: Headers) -> bool:
    """Nothing of who may not even ask, and of what was only answered once more."""
    if not act.action or status in _NOT_ASKED or REPLAYED in headers:
        return False
    return status == HTTPStatus.FORBIDDEN or not act.is_told_inside


def _actor(scope: Scope) -> Actor | None:
    state = scope.get("state", {})
    caller = state.get("caller")
    if caller is None:
        return None
    client = HTTPConnection(scope).client
    return Actor(caller.user.name, None if client is None else client.host, state.get("request_id"))


def _subject(act: Act, scope: Scope, body: Mapping[str, Any], answer: Headers) -> str:
    path = scope.get("path_params") or {}
    if act.subject:
        return str(path.get(act.subject) or body.get(act.subject) or "")
    return answer.get("location", "").rpartition("/")[2]


def _outcome(status: int) -> str:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return FAILED
    return REFUSED if status >= HTTPStatus.BAD_REQUEST else DONE
