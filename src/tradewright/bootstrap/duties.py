"""Duties put together: a turn that is kept up by a thread beside, for as long as a process lives."""

from __future__ import annotations

import hashlib
import logging
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tradewright.app.turn import SILENT_S, Turn
from tradewright.domain.errors import TradewrightError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tradewright.adapters.storage.holders import Holder
    from tradewright.adapters.storage.sql.database import Database

__all__ = ["holder_name", "is_gone", "rounds_kept", "turn_kept"]

_EVERY_S = 1.0
_DIGITS = 16
_LONGEST_ROUND_S = 30.0
_LOG = logging.getLogger("tradewright.duties")


def holder_name() -> str:
    """A name of this process that no other one has: host, number, what was drawn, and by what its death is told."""
    from tradewright.adapters.drawn_ids import drawn_id
    from tradewright.adapters.storage.holders import Holder

    me = Holder.this_process()
    return f"{socket.gethostname()[:64]}:{me.pid}:{drawn_id(_DIGITS)}:{_place_of(me)}@{me.started}"


def is_gone(holder: str) -> bool:
    """Whether the process that `holder_name` named so is certain to have died: it ran here, and is no more."""
    from tradewright.adapters.storage.holders import Holder

    *_, pid, _, mark = ("", "", *holder.split(":"))
    place, _, started = mark.partition("@")
    here = Holder.this_process()
    return place == _place_of(here) and pid.isdigit() and Holder(here.machine, int(pid), started).is_dead


def _place_of(holder: Holder) -> str:
    """Digits for a machine; for one that cannot be told from others a sign that is no machine's."""
    return hashlib.sha256(holder.machine.encode()).hexdigest()[:_DIGITS] if holder.machine else "-"


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

    turn, ends = Turn(SqlDuties(database), name, holder_name(), SystemClock(), silent_s, is_gone), threading.Event()
    _look(turn)
    thread = threading.Thread(target=_keep, args=(turn, ends, every_s), name=f"duty {name}", daemon=True)
    thread.start()
    try:
        yield turn
    finally:
        ends.set()
        thread.join()
        turn.leave()


@contextmanager
def rounds_kept(
    name: str,
    database: Database,
    run_once: Callable[[int], None],
    every_s: float,
    first: Callable[[], None] | None = None,
) -> Iterator[None]:
    """Go round in a thread beside, while the turn at a duty is ours; a round that fails is logged, and the next comes.

    Parameters
    ----------
    name : str
        Of the duty.
    database : Database
    run_once : callable
        One round, given the time of day in UTC nanoseconds.
    every_s : float
        Between two rounds.
    first : callable, optional
        What this process does once, whoever's turn it is; where it fails it is done again a moment later.
    """
    from tradewright.adapters.system_clock import SystemClock

    clock, ends = SystemClock(), threading.Event()

    def go(turn: Turn) -> None:
        waits = first
        while not ends.wait(every_s):
            if waits is not None and _is_done(name, waits):
                waits = None
            if turn.is_mine:
                _is_done(name, lambda: run_once(clock.now_ns()))

    with turn_kept(name, database) as turn:
        thread = threading.Thread(target=go, args=(turn,), name=f"rounds of {name}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ends.set()
            thread.join(_LONGEST_ROUND_S)


def _is_done(name: str, call: Callable[[], None]) -> bool:
    try:
        call()
    except TradewrightError as error:
        _LOG.warning("a round of %s failed: %s", name, error)
        return False
    return True


def _keep(turn: Turn, ends: threading.Event, every_s: float) -> None:
    while not ends.wait(every_s):
        _look(turn)


def _look(turn: Turn) -> None:
    try:
        turn.look()
    except TradewrightError as error:
        _LOG.warning("a duty cannot be looked at: %s", error)
