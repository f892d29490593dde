"""What goes around every request: a number, the headers that browsers guard by, the hosts that may be named."""

from __future__ import annotations

import re
import time
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response

from tradewright.domain import gauges
from tradewright.domain.log_context import naming

from .problems import RefusedError, fault_response, problem_response

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tradewright.ports.metrics import Metrics

__all__ = ["PAGE_POLICY", "REQUEST_ID", "Envelope"]

REQUEST_ID = "X-Request-ID"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

PAGE_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""Only what this server sends runs in the dashboard; charts set styles on elements, hence the one exception."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Content-Security-Policy": PAGE_POLICY,
    "Cache-Control": "no-store",
}


class Envelope:
    """Numbers each request and dresses each answer; a header that a route sets itself stands.

    Parameters
    ----------
    app : ASGI application
    metrics : callable
        Gives what requests are counted in.
    hosts : frozenset of str
        Names under which the server may be asked, without ports; empty where any. A page elsewhere that lets its own
        name lead here is not answered.
    """

    def __init__(self, app: ASGIApp, metrics: Callable[[], Metrics], hosts: frozenset[str] = frozenset()) -> None:
        self.app, self.metrics, self.hosts = app, metrics, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Carry one request through."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})["request_id"] = _number(scope)
        with naming(request=scope["state"]["request_id"]):
            await self._carry(scope, receive, send)

    async def _carry(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = _Answer(scope, send)
        began = time.perf_counter()
        try:
            await self._inner(scope)(scope, receive, answer.send)
        except Exception as error:
            # The one border where what nobody foresaw becomes an answer; half an answer cannot be taken back.
            if answer.status is not None or scope["type"] != "http":
                raise
            await fault_response(HTTPConnection(scope), error)(scope, receive, answer.send)
        finally:
            self._count(scope, answer.status or 500, time.perf_counter() - began)

    def _inner(self, scope: Scope) -> ASGIApp:
        return self.app if not self.hosts or _host(scope) in self.hosts else _refused_host(scope)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        if scope["type"] != "http":
            return
        route = getattr(scope.get("route"), "path", "other")
        metrics, method = self.metrics(), scope["method"] if scope["method"] in _METHODS else "other"
        metrics.observe(gauges.API_SECONDS, seconds, method=method, route=route)
        metrics.count(gauges.API_REQUESTS, method=method, route=route, status=f"{status // 100}xx")
        if status >= 500:
            metrics.count(gauges.API_ERRORS, route=route)


class _Answer:
    """The way out of one request, which dresses what goes and remembers the status; None before it began."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._number, self._send = scope["state"]["request_id"], send
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers[REQUEST_ID] = self._number
        await self._send(message)


def _host(scope: Scope) -> str:
    """The name that was asked for, without its port."""
    said = Headers(scope=scope).get("host", "").lower()
    return said.rpartition("]")[0] + "]" if said.startswith("[") else said.partition(":")[0]


def _refused_host(scope: Scope) -> Response:
    if scope["type"] == "websocket":
        return Response(status_code=421)
    refused = RefusedError(
        HTTPStatus.MISDIRECTED_REQUEST, "The server is not known by that name.", kind="host",
        hint="Name it with: tradewright serve --host NAME",
    )  # fmt: skip
    return problem_response(HTTPConnection(scope), refused)


def _number(scope: Scope) -> str:
    """The number that the client gave, where it is one; else a new one."""
    given = Headers(scope=scope).get(REQUEST_ID, "")
    return given if _ID.fullmatch(given) else uuid.uuid4().hex
