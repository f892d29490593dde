"""A `tradewright.ports.journal.Journal` on a PostgreSQL server, written by whoever holds the present epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.errors import JournalError, StaleEpochError
from tradewright.domain.live.journal import Replay

from .records import DatabaseAwayError, Last, RecordRows, row_of
from .writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tradewright.domain.live.journal import Entry, JournalIdentity, Record

__all__ = ["LINGER_S", "PostgresJournal"]

LINGER_S = 0.02
"""What nobody waits for reaches the server within 50 ms all the same."""


class PostgresJournal:
    """One account's log in a database that two hosts share.

    Records, order and checksums are those of a journal in files. Every append is conditional on the epoch: once another
    process holds a higher one, nothing of this process enters any more, whenever it left.

    Parameters
    ----------
    dsn : str
        A connection string of libpq.
    identity : JournalIdentity
    linger_s : float
        How long a record that nobody waits for may wait for others, in seconds.
    answer_s : float
        How long the server may take to confirm, in seconds.
    is_patient : bool
        Whether records are kept in memory and brought to the server when it is back. Without it the first failure ends
        writing for good.

    Raises
    ------
    JournalError
        As the port says.
    """

    is_degraded = False

    def __init__(
        self,
        dsn: str,
        identity: JournalIdentity,
        *,
        linger_s: float = LINGER_S,
        answer_s: float = 5.0,
        is_patient: bool = False,
    ) -> None:
        self.identity = identity
        self.answer_s = answer_s
        self.told: Callable[[], None] = _nothing
        self._linger_s = linger_s
        self._is_patient = is_patient
        self._rows = RecordRows(dsn, identity)
        self._writer: Writer | None = None
        self._read = self._last = Last(0, 0)
        self._floor = 0
        self._fault = ""

    def open(self) -> Replay:
        """Read every record and check the chain.

        Raises
        ------
        JournalError
            When the server cannot be reached, or a record is missing or was changed.
        """
        rows = self._rows.read()
        self._read = self._last = rows[-1].last if rows else self._rows.last()
        replay = Replay(tuple(row.entry for row in rows))
        self._floor = replay.epoch
        return replay

    def begin_epoch(self, epoch: int) -> None:
        """Write under this epoch from now on.

        Raises
        ------
        StaleEpochError
            When it is not above every epoch that wrote, or another process holds the account.
        JournalError
            When the server cannot be reached, or records were added since `open`.
        """
        if epoch <= self._floor:
            raise StaleEpochError(f"Epoch {epoch} is not above {self._floor}, which wrote the journal.")
        self._rows.begin(epoch, self._read)
        self._floor = epoch
        self._writer = Writer(
            self._rows, epoch, self._read, self._linger_s, is_patient=self._is_patient, told=self.told
        )
        self._writer.start()

    def append(self, record: Record) -> int:
        """Put a record behind all others; its number. The server has it some milliseconds later.

        Raises
        ------
        JournalError
            When nothing is written any more, or no epoch was begun.
        """
        return self._put(record, self._usable().epoch)

    def adopt(self, entries: Iterable[Entry]) -> int:
        """Append records that a former epoch wrote and the server never heard of; the number of the last one."""
        self._usable()
        for entry in entries:
            self._put(entry.record, entry.epoch)
        return self._last.sequence

    async def durable(self, sequence: int) -> None:
        """Return when the server has everything up to a number on its disk; those who wait share its answers.

        Raises
        ------
        JournalError
            When it cannot be reached, or did not take them.
        """
        await self._usable().wait(sequence, self.answer_s)

    @property
    def durable_sequence(self) -> int:
        """Number of the last record that the server has on its disk."""
        return self._read.sequence if self._writer is None else self._writer.durable

    @property
    def away(self) -> DatabaseAwayError | None:
        """Why the server cannot be reached, or None."""
        return None if self._writer is None else self._writer.away

    def unconfirmed(self, after: int = 0) -> list[Entry]:
        """Records behind a number that the server has not confirmed; it may have some of them."""
        return [] if self._writer is None else [row.entry for row in self._writer.unconfirmed(after)]

    def close(self) -> None:
        """Bring what is left to the server, if it is there, and let go of it."""
        if self._writer is None:
            self._rows.close()
            return
        self._writer.close()
        self._fault = "The journal was closed."

    def _put(self, record: Record, epoch: int) -> int:
        row = row_of(epoch, record, self._last)
        self._usable().put(row)
        self._last = row.last
        return row.sequence

    def _usable(self) -> Writer:
        if self._writer is None:
            raise JournalError("The journal has no epoch yet.")
        if self._fault:
            raise JournalError(self._fault)
        if self._writer.fault is not None:
            raise self._writer.fault
        return self._writer


def _nothing() -> None:
    """Nobody listens."""
