"""A `tradewright.ports.journal.Journal` in a database, with a log on this host for when it is away."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from tradewright.domain.errors import StorageError
from tradewright.domain.live.journal import Replay

from ..postgres.records import DatabaseAwayError
from .log import EmergencyLog, left_over
from .rules import Roles

if TYPE_CHECKING:
    from pathlib import Path

    from tradewright.domain.live.journal import Entry, Record

    from ..postgres.journal import PostgresJournal
    from .log import LeftOver

__all__ = ["EmergencyJournal"]


class EmergencyJournal:
    """One log in two places: what the database has not confirmed while it is away lies on this host.

    While it is away, waiting for a record ends when this host's disk has it, if `rules` let it be acted on; otherwise
    when the database is back. So nothing new is sent meanwhile, and cancels, latches and reducing exits are. When the
    database is back it gets every record in its order, each once, under the numbers they have had all along.

    Parameters
    ----------
    primary : PostgresJournal
        Patient, not opened.
    folder : Path
        Of this account and mode alone, on this host.

    Raises
    ------
    JournalError
        As the port says; not for a database that goes away after `begin_epoch`.
    """

    def __init__(self, primary: PostgresJournal, folder: Path) -> None:
        self.refused = 0
        """Records of an earlier process that were put aside, because another one had gone on without them."""
        self._primary = primary
        self._folder = folder
        self._epoch = 0
        self._roles = Roles()
        self._may_go_on: dict[int, bool] = {}
        self._local: EmergencyLog | None = None
        self._left: list[Entry] = []
        self._old: list[tuple[int, LeftOver]] = []
        self._fault: StorageError | None = None
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = []
        self._alone = threading.RLock()
        primary.told = self._turned

    def open(self) -> Replay:
        """Read the database, and behind it what an earlier process of this host could not bring there.

        Raises
        ------
        JournalError
            When the database cannot be reached: what is in it is not known then.
        """
        replay = self._primary.open()
        entries = list(replay.entries)
        for old in left_over(self._folder, self._primary.identity):
            behind = old.behind(entries)
            if behind is None:
                self.refused += len(old.entries)
                old.refuse()
                continue
            entries += behind
            self._left += behind
            self._old.append((old.entries[-1].sequence, old))
        for entry in entries:
            self._roles.goes_on(entry.record)
        return Replay(tuple(entries), replay.tail_cut, put_aside=self.refused)

    def begin_epoch(self, epoch: int) -> None:
        """Write under this epoch from now on; what was left over goes first."""
        self._primary.begin_epoch(epoch)
        self._epoch = epoch
        with self._alone:
            if self._left:
                self._primary.adopt(self._left)
                self._may_go_on |= {entry.sequence: True for entry in self._left}

    def append(self, record: Record) -> int:
        """Put a record behind all others; its number."""
        with self._alone:
            self._require_usable()
            number = self._primary.append(record)
            self._may_go_on[number] = self._roles.goes_on(record)
            self._settle()
            return number

    async def durable(self, sequence: int) -> None:
        """Return when a record survives and may be acted on."""
        while self._primary.durable_sequence < sequence:
            with self._alone:
                self._require_usable()
                self._settle()
                local, turn = self._local, self._turn_if_away()
            if turn is None:
                with suppress(DatabaseAwayError):
                    await self._primary.durable(sequence)
            elif local is not None and self._may_go_on.get(sequence, True):
                await local.durable(sequence)
                return
            else:
                await turn
        with self._alone:
            self._settle()

    @property
    def durable_sequence(self) -> int:
        """Number of the last record that survives, here or there."""
        local = self._local
        there = self._primary.durable_sequence
        return there if local is None else max(there, local.durable_sequence)

    @property
    def is_degraded(self) -> bool:
        """Whether the database is away, or does not have everything yet."""
        return self._primary.away is not None or self._local is not None

    def close(self) -> None:
        """Bring what is left to the database, if it is there, and let go of both."""
        self._primary.close()
        with self._alone:
            self._tidy()
            if self._local is not None:
                self._local.close()

    def _require_usable(self) -> None:
        if self._fault is not None:
            raise self._fault

    def _turn_if_away(self) -> asyncio.Future[None] | None:
        """What is done when the database is back; None where it is not away."""
        if self._primary.away is None:
            return None
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        self._waiting.append((loop, turn))
        return turn

    def _turned(self) -> None:
        """The database went away, came back, or refuses for good; called by the thread that writes to it."""
        with self._alone:
            try:
                self._settle()
            except (StorageError, OSError) as error:
                self._fault = error if isinstance(error, StorageError) else StorageError(str(error))
            if self._primary.away is not None and self._fault is None:
                return
            waiting, self._waiting = self._waiting, []
        for loop, turn in waiting:
            with suppress(RuntimeError):
                # A loop that was closed meanwhile has nobody who waits.
                loop.call_soon_threadsafe(_done, turn)

    def _settle(self) -> None:
        """Put on this host what the database has not confirmed while it is away, and take away what it has."""
        self._tidy()
        if self._primary.away is None:
            return
        unconfirmed = self._primary.unconfirmed(0 if self._local is None else self._local.reached)
        if not unconfirmed:
            return
        before = unconfirmed[0].sequence - 1
        if self._local is not None and self._local.reached < before:
            # Everything in it was confirmed just now, and the database is away again.
            self._local.remove()
            self._local = None
        if self._local is None:
            self._local = EmergencyLog(self._folder, self._primary.identity, self._epoch, before)
        self._local.write(unconfirmed)

    def _tidy(self) -> None:
        there = self._primary.durable_sequence
        if self._local is not None and self._local.reached <= there:
            self._local.remove()
            self._local = None
        for reached, old in self._old:
            if reached <= there:
                old.remove()
        self._old = [each for each in self._old if each[0] > there]
        while self._may_go_on and (first := next(iter(self._may_go_on))) <= there:
            del self._may_go_on[first]


def _done(turn: asyncio.Future[None]) -> None:
    if not turn.done():
        turn.set_result(None)
