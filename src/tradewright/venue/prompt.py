"""A web server that ends as soon as it is asked to, and leaves no connection behind."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    import socket

    from .faults.lines import OpenLines

__all__ = ["PromptServer"]

_GRACE_S = 0.5
_TICK_S = 0.01


class PromptServer(uvicorn.Server):
    """A server whose connections are known.

    Parameters
    ----------
    config : uvicorn.Config
    lines : OpenLines
        Its connections; what has not ended after a moment of grace is cut.
    """

    def __init__(self, config: uvicorn.Config, lines: OpenLines) -> None:
        super().__init__(config)
        self._lines = lines

    async def main_loop(self) -> None:
        """Serve until somebody says enough."""
        while not self.should_exit:  # noqa: ASYNC110 - set by a signal or another thread, where no event can be
            await asyncio.sleep(_TICK_S)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the door, let what is under way finish, and cut the rest."""
        for server in self.servers:
            server.close()
        for each in sockets or []:
            each.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if not await self._finished(time.monotonic() + _GRACE_S):
            self._lines.cut_all()
            await self._finished(time.monotonic() + _GRACE_S)
        await self.lifespan.shutdown()

    async def _finished(self, deadline: float) -> bool:
        """Whether every connection and request has ended by then."""
        while self.server_state.connections or self.server_state.tasks:
            if self.force_exit or time.monotonic() > deadline:
                return False
            await asyncio.sleep(_TICK_S)
        return True
