"""The wire that breaks: requests and answers that are late, lost, repeated or refused."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from tradewright.venue.binance.errors import limited_body, unknown_body

from .kinds import Fault, FaultKind
from .traffic import class_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from .lines import OpenLines
    from .switchboard import Switchboard

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Message, Receive, Send], Awaitable[None]]

__all__ = ["FaultyWire"]

_OWN = "/sandbox"
_BINANCE = "/api/v3/"
_LIMITED = {"code": 42910000, "message": "rate limit exceeded"}
_BROKEN = "internal server error occurred"


class FaultyWire:
    """A web application behind a wire that may break; the sandbox's own calls never do.

    Parameters
    ----------
    app : callable
        The application.
    switchboard : Switchboard
    lines : OpenLines
        The open connections, so that they can be cut.
    """

    def __init__(self, app: App, switchboard: Switchboard, lines: OpenLines) -> None:
        self._app = app
        self._switchboard = switchboard
        self._lines = lines
        self._late: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Carry a request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            await self._drop_late()
            return
        if scope["type"] != "http" or scope["path"].startswith(_OWN):
            await self._app(scope, receive, send)
            return
        strikes = self._switchboard.for_request(class_of(scope["method"], scope["path"]))
        for fault in strikes:
            if fault.kind is FaultKind.LATENCY:
                await asyncio.sleep((fault.ms or 0.0) / 1000.0)
        hard = next((fault for fault in strikes if fault.kind is not FaultKind.LATENCY), None)
        if hard is None:
            await self._app(scope, receive, send)
        else:
            await self._break(hard, scope, receive, send)

    async def _drop_late(self) -> None:
        """The server ends: requests that are still to be carried out never will be."""
        for task in self._late:
            task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)

    async def _break(self, fault: Fault, scope: Message, receive: Receive, send: Send) -> None:
        if fault.kind in (FaultKind.LIMIT, FaultKind.ERROR):
            await _answer(send, fault, scope["path"])
            return
        body = await _body_of(receive)
        if fault.kind is FaultKind.LATE:
            self._carry_out_later(fault, scope, body)
        elif fault.kind is not FaultKind.DROP_REQUEST:
            await self._app(scope, _given(body), _unheard)
        if fault.kind is FaultKind.DUPLICATE:
            await self._app(scope, _given(body), send)
        elif fault.kind is FaultKind.ERROR_AFTER:
            await _answer(send, fault, scope["path"])
        else:
            await self._fall_silent(fault, scope, receive)

    def _carry_out_later(self, fault: Fault, scope: Message, body: bytes) -> None:
        async def later() -> None:
            await asyncio.sleep((fault.ms or 0.0) / 1000.0)
            await self._app(scope, _given(body), _unheard)

        task = asyncio.get_running_loop().create_task(later())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _fall_silent(self, fault: Fault, scope: Message, receive: Receive) -> None:
        """Never answer: cut the line at once, after a while, or leave that to the client."""
        waits = fault.kind in (FaultKind.TIMEOUT, FaultKind.LATE)
        gone = asyncio.ensure_future(_gone(receive))
        if not waits:
            self._lines.cut(scope)
        elif fault.kind is FaultKind.TIMEOUT and fault.ms is not None:
            await asyncio.wait([gone], timeout=fault.ms / 1000.0)
            self._lines.cut(scope)
        await gone


async def _body_of(receive: Receive) -> bytes:
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def _given(body: bytes) -> Receive:
    """A request whose body has arrived, and whose client waits."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _unheard(_: Message) -> None:
    """An answer that nobody gets."""


async def _gone(receive: Receive) -> None:
    """Wait until the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(send: Send, fault: Fault, path: str) -> None:
    limited = fault.kind is FaultKind.LIMIT
    body = json.dumps(_words(fault, path)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if limited and fault.retry_after is not None:
        headers.append((b"retry-after", f"{fault.retry_after:g}".encode()))
    await send({"type": "http.response.start", "status": 429 if limited else fault.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _words(fault: Fault, path: str) -> dict[str, Any]:
    """What a refusal or an error says, in the form of the protocol that was spoken."""
    is_limited = fault.kind is FaultKind.LIMIT
    if path.startswith(_BINANCE):
        return limited_body() if is_limited else unknown_body(fault.status)
    return _LIMITED if is_limited else {"code": fault.status * 100_000 + 10_000, "message": _BROKEN}
