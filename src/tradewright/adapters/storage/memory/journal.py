"""A journal in memory that forgets what was not forced out, as a disk does when the power goes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tradewright.domain.errors import JournalError, StaleEpochError
from tradewright.domain.live.journal import Entry, Replay
from tradewright.domain.live.wire import canonical_json

if TYPE_CHECKING:
    from tradewright.domain.live.journal import Record

__all__ = ["MemoryDisk", "MemoryJournal"]


class MemoryDisk:
    """What journals of one account share: entries, how many of them survive, and who holds them.

    Parameters
    ----------
    sync_s : float
        How long forcing out takes, in seconds of the loop.
    is_shared : bool
        Whether several processes may have it open, so that only the epoch says who writes.
    """

    def __init__(self, sync_s: float = 0.0, *, is_shared: bool = False) -> None:
        self.entries: list[Entry] = []
        self.durable = 0
        self.epoch = 0
        self.sync_s = sync_s
        self.is_shared = is_shared
        self.holder: MemoryJournal | None = None
        self.fails = False

    def lose_power(self, kept: int = 0) -> int:
        """Forget what was not forced out, but for so many records that reached the disk all the same; how many."""
        lost = max(len(self.entries) - self.durable - kept, 0)
        del self.entries[len(self.entries) - lost :]
        self.durable = len(self.entries)
        self.epoch = self.epoch if self.is_shared else max((entry.epoch for entry in self.entries), default=0)
        self.holder = None
        return lost


class MemoryJournal:
    """A `tradewright.ports.journal.Journal` over a `MemoryDisk`.

    Parameters
    ----------
    disk : MemoryDisk, optional
        A new one unless given.
    """

    is_degraded = False

    def __init__(self, disk: MemoryDisk | None = None) -> None:
        self.disk = disk or MemoryDisk()
        self._epoch = 0
        self._fault: str | None = None

    def open(self) -> Replay:
        """Everything that survived.

        Raises
        ------
        JournalError
            When another journal holds the disk.
        """
        if self.disk.holder is not None and not self.disk.is_shared:
            raise JournalError("The journal is held by another process.", hint="Stop that one first.")
        self.disk.holder = self
        del self.disk.entries[self.disk.durable :]
        return Replay(tuple(self.disk.entries))

    def begin_epoch(self, epoch: int) -> None:
        """Write under this epoch from now on.

        Raises
        ------
        StaleEpochError
            When a higher one, or this one, has written.
        """
        if epoch <= self.disk.epoch:
            raise StaleEpochError(f"Epoch {epoch} is not above {self.disk.epoch}, which wrote the journal.")
        self._epoch = self.disk.epoch = epoch

    def append(self, record: Record) -> int:
        """Put a record behind all others; its number.

        Raises
        ------
        StaleEpochError
            When another process has taken over.
        JournalError
            When the disk failed before.
        """
        self._require_usable()
        canonical_json(dict(record.body))
        self.disk.entries.append(Entry(len(self.disk.entries) + 1, self._epoch, record))
        return len(self.disk.entries)

    async def durable(self, sequence: int) -> None:
        """Return when everything up to a number survives.

        Raises
        ------
        JournalError
            When it could not be forced out; then this journal never writes again.
        """
        self._require_usable()
        if sequence <= self.disk.durable:
            return
        reached = len(self.disk.entries)
        if self.disk.sync_s:
            await asyncio.sleep(self.disk.sync_s)
            self._require_usable()
        if self.disk.fails:
            self._fault = "The journal could not be forced onto the disk."
            raise JournalError(self._fault)
        self.disk.durable = max(self.disk.durable, reached)

    @property
    def durable_sequence(self) -> int:
        """Number of the last record known to survive."""
        return self.disk.durable

    def _require_usable(self) -> None:
        if self._fault is not None:
            raise JournalError(self._fault)
        if not self._epoch:
            raise JournalError("The journal has no epoch yet.")
        if self._epoch != self.disk.epoch:
            raise StaleEpochError(f"Epoch {self.disk.epoch} has taken over from {self._epoch}.")

    def close(self) -> None:
        """Let go of the disk."""
        if self.disk.holder is self:
            self.disk.holder = None
