"""Forgetting what nobody asks for any more."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from tradewright.domain.errors import TradewrightError

if TYPE_CHECKING:
    from tradewright.bootstrap.control_room import ControlRoom

__all__ = ["EVENTS_NS", "KEYS_NS", "LOGS_NS", "keep_house", "tidy"]

_HOUR_S = 3600.0
_DAY_NS = 86_400 * 1_000_000_000
EVENTS_NS = 7 * _DAY_NS
"""How long events are kept for readers who were away."""
KEYS_NS = _DAY_NS
"""How long an answer is kept for a request that may come again."""
LOGS_NS = 90 * _DAY_NS
"""How long it is kept what a job printed."""
_LOG = logging.getLogger("tradewright.api")


async def keep_house(room: ControlRoom) -> None:
    """Forget once an hour, for ever."""
    while True:
        try:
            await asyncio.to_thread(tidy, room)
        except TradewrightError as error:
            _LOG.warning("old events, answers and logs stay for now: %s", error)
        await asyncio.sleep(_HOUR_S)


def tidy(room: ControlRoom) -> None:
    """Forget old events, old answers and what jobs printed long ago.

    Raises
    ------
    StorageError
    """
    now = room.now_ns()
    room.events.forget(now - EVENTS_NS)
    room.keyed_requests.forget(now - KEYS_NS)
    room.jobs.log.forget(now - LOGS_NS)
