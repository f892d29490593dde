"""While a server runs, what sessions do is made into rows, after the fact."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from tradewright.domain.errors import TradewrightError

if TYPE_CHECKING:
    from tradewright.bootstrap.control_room import ControlRoom

__all__ = ["keep_projecting"]

LOOK_S = 0.5
"""How long a list may be behind a session."""
_LOG = logging.getLogger("tradewright.api")


async def keep_projecting(room: ControlRoom, look_s: float = LOOK_S) -> None:
    """Look at the sessions for ever; where the rows cannot be written, again the next time."""
    trouble = ""
    while True:
        try:
            await asyncio.to_thread(room.projector.run_once)
            trouble = ""
        except TradewrightError as error:
            if str(error) != trouble:
                trouble = str(error)
                _LOG.warning("sessions are listed as they were: %s", error)
        await asyncio.sleep(look_s)
