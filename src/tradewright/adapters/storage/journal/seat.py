"""Who holds a journal's folder, what the journal holds while another process writes it, and the end of that process."""

from __future__ import annotations

import os
import signal
import socket
import time
from typing import TYPE_CHECKING

from tradewright.domain.errors import JournalError
from tradewright.domain.live.journal import Replay
from tradewright.ports.seat import Holder

from .frames import SegmentHeader, frame_at, scan
from .lock import HostLock, started
from .segments import SUFFIX

if TYPE_CHECKING:
    from pathlib import Path

    from tradewright.domain.live.journal import Entry, JournalIdentity

__all__ = ["FolderSeat", "end_process"]

_LOOK_S = 0.05


class FolderSeat:
    """A `tradewright.ports.seat.Seat` at a folder of a `FileJournal`.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def holder(self) -> Holder | None:
        """Who holds the lock, or None.

        Raises
        ------
        JournalError
            When it is held and nothing says by whom.
        """
        if self._is_free():
            return None
        try:
            pid, host, ticks = (self.folder / "lock").read_text(encoding="utf-8").split("\n")[:3]
            return Holder(int(pid), host, ticks, is_here=host == socket.gethostname())
        except (OSError, ValueError):
            raise JournalError(f"The journal in {self.folder} is held, and nothing says by which process.") from None

    def _is_free(self) -> bool:
        """A lock that is taken and given back at once: only its holder keeps it from being taken."""
        if not (self.folder / "lock").exists():
            return True
        lock = HostLock(self.folder / "lock", is_signed=False)
        try:
            lock.take()
        except JournalError:
            return False
        lock.release()
        return True

    def identity(self) -> JournalIdentity | None:
        """Whose journal it is, as its first segment says; None where there is none.

        Raises
        ------
        JournalError
            When it cannot be read.
        """
        paths = sorted(self.folder.glob(f"*{SUFFIX}"))
        try:
            frame = frame_at(paths[0].read_bytes(), 0) if paths else None
            return None if frame is None else SegmentHeader.of(frame).identity
        except (OSError, KeyError, ValueError) as error:
            raise JournalError(f"The journal {paths[0]} does not say whose it is: {error}.") from None

    def glance(self) -> Replay:
        """Every record up to the first that is not whole, which may be the one that is being written."""
        entries: list[Entry] = []
        checksum = 0
        for path in sorted(self.folder.glob(f"*{SUFFIX}")):
            try:
                found = scan(path.read_bytes(), checksum)
            except OSError as error:
                raise JournalError(f"The journal {path} cannot be read: {error.strerror or error}.") from error
            if not found.frames:
                break
            entries += [frame.entry for frame in found.frames[1:]]
            checksum = found.frames[-1].checksum
        return Replay(tuple(entries))

    def evict(self, holder: Holder, patience_s: float) -> None:
        """SIGKILL, which neither a busy loop nor a stopped process can put off; then wait for the lock.

        Raises
        ------
        JournalError
            When it is on another host, belongs to another user, or keeps the lock.
        """
        if not holder.is_here:
            raise JournalError(
                f"The journal in {self.folder} is held by process {holder.pid} on {holder.host}.",
                hint="Run the same command there.",
            )
        if started(holder.pid) == holder.started:
            end_process(holder.pid)
        until = time.monotonic() + patience_s
        while not self._is_free():
            if time.monotonic() > until:
                raise JournalError(f"Process {holder.pid} was ended and the journal in {self.folder} is still held.")
            time.sleep(_LOOK_S)


def end_process(pid: int) -> None:
    """End a process of this host, whatever it is doing; one that is gone already has ended.

    Raises
    ------
    JournalError
        When it belongs to another user.
    """
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    except PermissionError:
        raise JournalError(f"Process {pid} belongs to another user.", hint="Run this as that user.") from None
