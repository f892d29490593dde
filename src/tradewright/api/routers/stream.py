"""The socket, and the ticket that opens it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query, Request, WebSocket
from starlette.websockets import WebSocketDisconnect

from ..dependencies import Asker
from ..origins import is_own_page
from ..stream.reader import Reader
from ..stream.tickets import LIFE_S
from ..stream.wire import Ticket

__all__ = ["router", "socket_router"]

router = APIRouter(prefix="/v1/ws", tags=["stream"])
socket_router = APIRouter()

_STUCK_S = 20.0
"""How long a reader may take no byte before its socket is given up."""


@router.post("/ticket")
def draw_ticket(request: Request, asker: Asker) -> Ticket:
    """A ticket that opens the socket once, within seconds: `GET /v1/ws?ticket=…` as a WebSocket."""
    return Ticket(ticket=request.app.state.tickets.draw(asker), expires_in=LIFE_S)


@socket_router.websocket("/v1/ws")
async def follow(socket: WebSocket, ticket: Annotated[str, Query(max_length=200)] = "") -> None:
    """Follow topics: see `ClientMessage` and `ServerMessage`."""
    state = socket.app.state
    caller = state.tickets.take(ticket) if is_own_page(socket) else None
    if caller is None:
        await socket.close(1008)
        return
    await socket.accept()
    reader = Reader(state.hub, _sender(socket), state.room.now_ns)
    state.readers.add(reader)
    with state.porter.admitted(caller) as gone:
        try:
            await _first_of(reader.listen(_texts(socket)), reader.tell(), _heard(gone))
        finally:
            state.readers.discard(reader)
            reader.leave()
            with suppress(RuntimeError, WebSocketDisconnect):
                await socket.close(1008 if gone.is_set() else 1000)


def _sender(socket: WebSocket) -> Callable[[str], Awaitable[None]]:
    async def send(text: str) -> None:
        async with asyncio.timeout(_STUCK_S):
            await socket.send_text(text)

    return send


async def _heard(gone: asyncio.Event) -> None:
    await gone.wait()


async def _texts(socket: WebSocket) -> AsyncIterator[str]:
    while True:
        yield await socket.receive_text()


async def _first_of(*work: Coroutine[None, None, None]) -> None:
    """Until one ends, which ends the other; that the reader went is no failure."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            with suppress(WebSocketDisconnect, TimeoutError, RuntimeError, KeyError):
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
