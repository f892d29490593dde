"""A socket to one listener: what is to be said waits in line, what is heard is handed on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeAlias

from starlette.websockets import WebSocketDisconnect, WebSocketState

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.websockets import WebSocket

__all__ = ["Line", "Packed"]

_MOST_WAITING = 100_000
_TOO_SLOW = 1013

Packed: TypeAlias = "str | bytes"


class Line:
    """One open socket.

    Parameters
    ----------
    socket : WebSocket
    pack : callable
        From a message to text or bytes.

    Attributes
    ----------
    key : str or None
        Whose it is, once it has said so.
    is_mute : bool
        Whether what is said on it is lost, while it stays open.
    """

    def __init__(self, socket: WebSocket, pack: Callable[[Any], Packed]) -> None:
        self.socket = socket
        self.key: str | None = None
        self.is_mute = False
        self._pack = pack
        self._waiting: asyncio.Queue[Packed | int] = asyncio.Queue(_MOST_WAITING)

    @property
    def waiting(self) -> int:
        """Messages that have not left yet."""
        return self._waiting.qsize()

    def say(self, message: Any) -> None:
        """Let a message wait in line; a listener that is too far behind is hung up on."""
        if not self.is_mute:
            self._put(self._pack(message))

    def hang_up(self, code: int = 1000) -> None:
        """Close the socket after what already waits."""
        self._put(code)

    def _put(self, item: Packed | int) -> None:
        try:
            self._waiting.put_nowait(item)
        except asyncio.QueueFull:
            self._waiting = asyncio.Queue()
            self._waiting.put_nowait(_TOO_SLOW)

    async def talk(self, hear: Callable[[Packed], None]) -> None:
        """Say what waits and hand on what is heard, until the socket closes."""
        speaking = asyncio.create_task(self._speak())
        try:
            while True:
                message = await self.socket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                hear(message["text"] if message.get("text") is not None else message["bytes"])
        finally:
            speaking.cancel()
            await asyncio.gather(speaking, return_exceptions=True)

    async def _speak(self) -> None:
        while self.socket.application_state is WebSocketState.CONNECTED:
            item = await self._waiting.get()
            try:
                await self._send(item)
            except WebSocketDisconnect:
                return

    async def _send(self, item: Packed | int) -> None:
        if isinstance(item, int):
            await self.socket.close(item)
        elif isinstance(item, bytes):
            await self.socket.send_bytes(item)
        else:
            await self.socket.send_text(item)
