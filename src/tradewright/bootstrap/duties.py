"""Duties put together: a turn that is kept up by a thread beside, for as long as a process lives."""

from __future__ import annotations

import logging
import os
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tradewright.app.turn import SILENT_S, Turn
from tradewright.domain.errors import TradewrightError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradewright.adapters.storage.sql.database import Database

__all__ = ["holder_name", "turn_kept"]

_EVERY_S = 1.0
_DIGITS = 16
_LOG = logging.getLogger("tradewright.duties")


def holder_name() -> str:
    """A name of this process that no other one has: host, number, and what was drawn."""
    from tradewright.adapters.drawn_ids import drawn_id

    return f"{socket.gethostname()}:{os.getpid()}:{drawn_id(_DIGITS)}"


@contextmanager
def turn_kept(name: str, database: Database, every_s: float = _EVERY_S, silent_s: float = SILENT_S) -> Iterator[Turn]:
    """A turn at a duty; given up when the block ends, and when the process dies taken over by another one.

    Parameters
    ----------
    name : str
    database : Database
    every_s : float
        Between two signs of life.
    silent_s : float
        After how long without one a holder is taken for gone.
    """
    from tradewright.adapters.storage.sql.duties import SqlDuties
    from tradewright.adapters.system_clock import SystemClock

    turn, ends = Turn(SqlDuties(database), name, holder_name(), SystemClock(), silent_s), threading.Event()
    _look(turn)
    thread = threading.Thread(target=_keep, args=(turn, ends, every_s), name=f"duty {name}", daemon=True)
    thread.start()
    try:
        yield turn
    finally:
        ends.set()
        thread.join()
        turn.leave()


def _keep(turn: Turn, ends: threading.Event, every_s: float) -> None:
    while not ends.wait(every_s):
        _look(turn)


def _look(turn: Turn) -> None:
    try:
        turn.look()
    except TradewrightError as error:
        _LOG.warning("a duty cannot be looked at: %s", error)
