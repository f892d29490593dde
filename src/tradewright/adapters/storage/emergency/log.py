"""Records that the database has not confirmed, in a folder named by what comes before them."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, NamedTuple

from tradewright.domain.errors import JournalError
from tradewright.domain.live.journal import Entry

from ..journal.file_journal import FileJournal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tradewright.domain.live.journal import JournalIdentity

__all__ = ["EmergencyLog", "LeftOver", "left_over"]

_NAME = re.compile(r"(\d{12})-(\d{12})")
REFUSED = ".refused"


class EmergencyLog:
    """A log on this host whose first record comes behind one of the database's.

    Parameters
    ----------
    folder : Path
        Of all emergency logs of the account.
    identity : JournalIdentity
    epoch : int
    base : int
        Number of the last record that the database confirmed.
    """

    def __init__(self, folder: Path, identity: JournalIdentity, epoch: int, base: int) -> None:
        self.path = folder / f"{base:012d}-{epoch:012d}"
        self.base = self.reached = base
        self._journal = FileJournal(self.path, identity)
        self.reached += len(self._journal.open().entries)
        if self.reached > base:
            raise JournalError(f"There is an emergency log {self.path} of this epoch already.")
        self._journal.begin_epoch(epoch)

    def write(self, entries: Iterable[Entry]) -> None:
        """Put records behind the others."""
        for entry in entries:
            self.reached = self.base + self._journal.append(entry.record)

    async def durable(self, sequence: int) -> None:
        """Return when everything up to a number is on this host's disk."""
        await self._journal.durable(sequence - self.base)

    @property
    def durable_sequence(self) -> int:
        """Number of the last record that is on this host's disk."""
        return self.base + self._journal.durable_sequence

    def close(self) -> None:
        """Let go of it, and leave it where it is."""
        self._journal.close()

    def remove(self) -> None:
        """The database has everything in it."""
        self.close()
        shutil.rmtree(self.path)


class LeftOver(NamedTuple):
    """An emergency log of a process that ended before the database was back."""

    path: Path
    entries: tuple[Entry, ...]

    def behind(self, kept: Sequence[Entry]) -> tuple[Entry, ...] | None:
        """What of it the database does not have; None where another process has gone on from another end.

        Raises
        ------
        JournalError
            When the database has lost records that it had confirmed.
        """
        base = self.entries[0].sequence - 1
        if len(kept) < base:
            raise JournalError(
                f"The database holds {len(kept)} records of the journal, and the emergency log {self.path} goes on"
                f" behind record {base}.",
                hint="Restore the database; nothing is sent from a journal with a hole.",
            )
        common = min(len(kept) - base, len(self.entries))
        theirs = [entry.record for entry in kept[base : base + common]]
        is_same = theirs == [entry.record for entry in self.entries[:common]]
        return self.entries[common:] if is_same else None

    def refuse(self) -> None:
        """Put it aside for a person to look at."""
        self.path.rename(self.path.with_name(f"{self.path.name}{REFUSED}"))

    def remove(self) -> None:
        """The database has everything in it."""
        shutil.rmtree(self.path)


def left_over(folder: Path, identity: JournalIdentity) -> list[LeftOver]:
    """The emergency logs that were not merged, in the order in which they were begun.

    Raises
    ------
    JournalError
        When one is damaged, or held by another process.
    """
    found = []
    for path in sorted(folder.glob("*")):
        named = _NAME.fullmatch(path.name)
        if named is None or not path.is_dir():
            continue
        base, epoch = int(named[1]), int(named[2])
        journal = FileJournal(path, identity)
        try:
            records = [entry.record for entry in journal.open().entries]
        finally:
            journal.close()
        entries = tuple(Entry(base + number, epoch, record) for number, record in enumerate(records, start=1))
        if entries:
            found.append(LeftOver(path, entries))
        else:
            shutil.rmtree(path)
    return found
