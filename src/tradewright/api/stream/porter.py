"""Who is let in stays only as long as they might come in anew: sockets of the others are closed within seconds."""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tradewright.domain.errors import TradewrightError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tradewright.domain.control.access import Caller

    Credential = tuple[str, str | None, str | None]

__all__ = ["LOOK_S", "Porter"]

LOOK_S = 2.0
"""How often it is asked whether somebody may stay: with what it takes to ask and to close, well below 5 s."""
_LOG = logging.getLogger("tradewright.api")


class Porter:
    """Knows who is in.

    Parameters
    ----------
    is_still : callable
        Whether what somebody showed when they came in is still good.
    look_s : float
    """

    def __init__(self, is_still: Callable[[Caller], bool], look_s: float = LOOK_S) -> None:
        self._is_still, self._look_s = is_still, look_s
        self._inside: dict[Credential, tuple[Caller, set[asyncio.Event]]] = {}

    @contextmanager
    def admitted(self, caller: Caller) -> Iterator[asyncio.Event]:
        """Somebody is in as long as the block lasts; the event is set when they have to go."""
        gone = asyncio.Event()
        key = caller.user.id, caller.family, caller.token_id
        _, events = self._inside.setdefault(key, (caller, set()))
        events.add(gone)
        try:
            yield gone
        finally:
            events.discard(gone)
            if not events:
                self._inside.pop(key, None)

    async def run(self) -> None:
        """Look for ever; who cannot be asked about now stays until the next time."""
        while True:
            await self.look()
            await asyncio.sleep(self._look_s)

    async def look(self) -> None:
        """Ask once of each who is in, however many sockets they hold."""
        for caller, events in list(self._inside.values()):
            try:
                is_still = await asyncio.to_thread(self._is_still, caller)
            except TradewrightError as error:
                _LOG.warning("whether '%s' may stay cannot be asked: %s", caller.user.name, error)
                continue
            if not is_still:
                for event in tuple(events):
                    event.set()
