"""The lock of a journal's folder: the system lets go of it when its process dies, however it dies."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

from tradewright.domain.errors import JournalError

__all__ = ["HostLock", "started"]


class HostLock:
    """A lock file.

    Parameters
    ----------
    path : Path
    is_signed : bool
        Whether the holder writes into it who it is; not where it is only taken to see whether it can be.
    """

    def __init__(self, path: Path, *, is_signed: bool = True) -> None:
        self.path = path
        self.is_signed = is_signed
        self._handle: int | None = None

    def take(self) -> None:
        """Take the lock.

        Raises
        ------
        JournalError
            When another process, or another journal of this one, holds it.
        """
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(handle)
        except OSError:
            os.close(handle)
            raise JournalError(
                f"The journal in {self.path.parent} is held by another process.", hint="Stop that one first."
            ) from None
        self._handle = handle
        if self.is_signed:
            _sign(handle)

    @property
    def is_held(self) -> bool:
        """Whether this holds the lock, and its file is the one that another would find at the path."""
        if self._handle is None:
            return False
        try:
            found = self.path.stat()
        except OSError:
            return False
        return os.path.samestat(found, os.fstat(self._handle))

    def release(self) -> None:
        """Let go of it; harmless where it is not held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _sign(handle: int) -> None:
    """Say who holds it, for whoever must end this process; the lock itself does not depend on it."""
    with suppress(OSError):
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n{socket.gethostname()}\n{started(os.getpid())}\n".encode(), 0)


def started(pid: int) -> str:
    """When a process started, in ticks since the system did; empty where the system does not say, or it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    return text.rpartition(")")[2].split()[19]


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
