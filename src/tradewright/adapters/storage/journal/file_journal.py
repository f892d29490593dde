"""A `tradewright.ports.journal.Journal` in a folder of segments."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from tradewright.domain.errors import JournalError, StaleEpochError
from tradewright.domain.live.journal import JournalIdentity, Replay

from .forcing import Forcer
from .frames import SegmentHeader, encode, encode_header
from .lock import HostLock
from .segments import Ending, read_all, segment_name, sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tradewright.domain.live.journal import Record

__all__ = ["FileJournal"]

SEGMENT_BYTES = 64 << 20


class FileJournal:
    """One account's log on the disk of one host.

    Parameters
    ----------
    folder : Path
        Of this account and mode alone; it is made where it is missing.
    identity : JournalIdentity
    segment_bytes : int
        Length after which a new segment is begun.
    sync : callable
        ``sync(descriptor)`` forces a file onto the disk.
    forcer : Forcer, optional
        Where that is done: in a thread of its own unless said otherwise.

    Raises
    ------
    JournalError
        As the port says.
    """

    is_degraded = False

    def __init__(
        self,
        folder: Path,
        identity: JournalIdentity,
        segment_bytes: int = SEGMENT_BYTES,
        sync: Callable[[int], None] = os.fsync,
        forcer: Forcer | None = None,
    ) -> None:
        self.folder = folder
        self.identity = identity
        self.segment_bytes = segment_bytes
        self._sync = sync
        self._lock = HostLock(folder / "lock")
        self._epoch = 0
        self._floor = 0
        self._end = Ending()
        self._handle: int | None = None
        self._durable = 0
        self._fault: str | None = None
        self._syncing = asyncio.Lock()
        self._forcer = forcer or Forcer()

    def open(self) -> Replay:
        """Lock the folder, check every frame, cut a torn tail, and give every record.

        Raises
        ------
        JournalError
            When another process holds it, it belongs to another account or mode, or a frame is damaged.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock.take()
            found = read_all(self.folder, self.identity)
        except OSError as error:
            raise JournalError(f"The journal in {self.folder} cannot be read: {error.strerror or error}.") from error
        except JournalError:
            self._lock.release()
            raise
        self._end = found.end
        self._durable = found.end.sequence
        replay = Replay(found.entries, found.tail_cut)
        self._floor = replay.epoch
        return replay

    def begin_epoch(self, epoch: int) -> None:
        """Write under this epoch from now on, in a segment of its own.

        Raises
        ------
        StaleEpochError
            When it is not above every epoch in the log.
        """
        if epoch <= self._floor:
            raise StaleEpochError(f"Epoch {epoch} is not above {self._floor}, which wrote the journal.")
        self._epoch = self._floor = epoch
        self._begin_segment()

    def append(self, record: Record) -> int:
        """Write a record behind all others; its number.

        Raises
        ------
        JournalError
            When the disk is full or failed, now or before.
        """
        self._require_usable()
        if self._end.length > self.segment_bytes:
            self._begin_segment()
        number = self._end.sequence + 1
        frame, checksum = encode(number, self._epoch, record, self._end.checksum)
        self._write(frame)
        self._end = Ending(number, checksum, self._end.length + len(frame), self._end.segment)
        return number

    async def durable(self, sequence: int) -> None:
        """Force everything up to a number onto the disk; those who wait at the same time share one forcing.

        Raises
        ------
        JournalError
            When it fails. It is not tried again: the system may have dropped what it failed to write.
        """
        async with self._syncing:
            self._require_usable()
            if sequence <= self._durable or self._handle is None:
                return
            reached, handle = self._end.sequence, self._handle
            try:
                await self._forcer.force(self._sync, handle)
            except OSError as error:
                raise self._failed(error) from error
            self._durable = max(self._durable, reached)

    @property
    def durable_sequence(self) -> int:
        """Number of the last record known to survive."""
        return self._durable

    def close(self) -> None:
        """Let go of the files and the lock."""
        self._forcer.close()
        if self._handle is not None:
            with suppress(OSError):
                os.close(self._handle)
            self._handle = None
        self._lock.release()

    def _write(self, frame: bytes) -> None:
        try:
            self._write_whole(frame)
        except OSError as error:
            raise self._failed(error) from error

    def _write_whole(self, frame: bytes) -> None:
        if self._handle is None:
            raise JournalError("The journal is not open.")
        left = memoryview(frame)
        while left:
            left = left[os.write(self._handle, left) :]

    def _begin_segment(self) -> None:
        """A new segment: the old one on the disk first, then the new name in the folder."""
        self._require_usable()
        number = self._end.segment + 1
        header = SegmentHeader(self.identity, self._epoch, self._end.sequence, self._end.checksum)
        frame, checksum = encode_header(header)
        try:
            if self._handle is not None:
                self._sync(self._handle)
                os.close(self._handle)
            path = self.folder / segment_name(number)
            self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
            self._write_whole(frame)
            self._sync(self._handle)
            sync_folder(self.folder)
        except OSError as error:
            raise self._failed(error) from error
        self._durable = self._end.sequence
        self._end = Ending(self._end.sequence, checksum, len(frame), number)

    def _failed(self, error: OSError) -> JournalError:
        self._fault = f"The journal in {self.folder} cannot be written: {error.strerror or error}."
        return JournalError(self._fault, hint="Nothing more is sent; look at the disk, and start again.")

    def _require_usable(self) -> None:
        if self._fault is not None:
            raise JournalError(self._fault, hint="Start again once the disk is sound.")
        if not self._epoch:
            raise JournalError("The journal has no epoch yet.")
