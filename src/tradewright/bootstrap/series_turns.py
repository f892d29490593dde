"""Turns at series, kept in the database of the state; they are given up when the work ends or its process dies."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tradewright.adapters.storage.sql.duties import SqlDuties
from tradewright.adapters.system_clock import SystemClock
from tradewright.app.turn import SILENT_S
from tradewright.bootstrap.duties import turn_kept
from tradewright.domain.errors import StorageError
from tradewright.domain.timeframe import NS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tradewright.adapters.storage.sql.database import Database
    from tradewright.app.fetch.turns import SeriesTurn

__all__ = ["DutyTurns"]

_LOOK_S, _BEAT_S = 0.1, 0.5


class DutyTurns:
    """See `tradewright.app.fetch.turns.SeriesTurns`.

    Parameters
    ----------
    database : Database
    silent_s : float
        After how long without a sign of life a holder is taken for gone.
    """

    def __init__(self, database: Database, silent_s: float = SILENT_S) -> None:
        self._database = database
        self._silent_s = silent_s

    @asynccontextmanager
    async def taken(self, name: str, waits: Callable[[str], None]) -> AsyncIterator[SeriesTurn]:
        """Wait for a turn, and give it back in the end."""
        duties, clock = SqlDuties(self._database), SystemClock()
        with turn_kept(name, self._database, _BEAT_S, self._silent_s) as turn:
            free_since_ns: int | None = None
            while not turn.is_mine:
                found, now_ns = duties.get(name), clock.monotonic_ns()
                free_since_ns = None if found is not None else free_since_ns or now_ns
                if found is not None:
                    waits(f"{found.place} fetches this series; waiting for it")
                elif now_ns - (free_since_ns or now_ns) > self._silent_s * NS_PER_SECOND:
                    raise StorageError("Nobody fetches the series, and its turn cannot be written down.",
                                       hint="Look at the database of the state: tradewright db check.")  # fmt: skip
                await asyncio.sleep(_LOOK_S)
            yield turn
