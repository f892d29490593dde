"""Changes of the book, and who waits for them: woken in the loop's next turn, as what was changed for goes first."""

from __future__ import annotations

import asyncio

__all__ = ["Turns"]


class Turns:
    """Tells of changes; several in one turn of the loop are told once."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def wait(self) -> None:
        """Until something changes."""
        await self._event.wait()

    def tell(self) -> None:
        """Something has changed."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._wake()
            return
        if self._loop is not loop:
            self._loop = loop
            loop.call_soon(self._wake)

    def _wake(self) -> None:
        self._loop = None
        self._event.set()
        self._event = asyncio.Event()
