"""While a server runs, what sessions do is told as events; of several servers one tells at a time."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from tradewright.bootstrap.duties import turn_kept
from tradewright.bootstrap.session_events import open_teller
from tradewright.domain.control.duties import SESSION_EVENTS
from tradewright.domain.errors import TradewrightError

if TYPE_CHECKING:
    from tradewright.bootstrap.control_room import ControlRoom

__all__ = ["keep_telling"]

LOOK_S = 0.25
_LOG = logging.getLogger("tradewright.api")


async def keep_telling(room: ControlRoom, look_s: float = LOOK_S) -> None:
    """Look at the sessions for ever; where events cannot be kept, again the next time."""
    teller, trouble = open_teller(room.folder, room.events), ""
    with turn_kept(SESSION_EVENTS, room.database) as turn:
        while True:
            try:
                if turn.is_mine:
                    await asyncio.to_thread(teller.run_once)
                else:
                    teller.forget()
                trouble = ""
            except TradewrightError as error:
                if str(error) != trouble:
                    trouble = str(error)
                    _LOG.warning("sessions are not told of for now: %s", error)
            await asyncio.sleep(look_s)
