"""The lock of a journal's folder: the system lets go of it when its process dies, however it dies."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from tradewright.domain.errors import JournalError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["HostLock"]


class HostLock:
    """A lock file.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path
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

    def release(self) -> None:
        """Let go of it; harmless where it is not held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
