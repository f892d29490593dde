"""The right to send on a single host: a lock of the system, which lets go of it when its process dies."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from tradewright.domain.errors import JournalError, StorageError
from tradewright.domain.live.wire import canonical_json
from tradewright.ports.lease import Grant

from ..holders import Holder
from .lock import HostLock
from .segments import sync_folder

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FileLease"]

TTL_S = 15.0


class FileLease:
    """A `tradewright.ports.lease.Lease` in a folder.

    Nobody takes it from a process that lives, however long that sleeps: what it lasts says only how often it is asked
    for again.

    Parameters
    ----------
    folder : Path
        Of this account and mode alone; it is made where it is missing.
    ttl_s : float

    Raises
    ------
    StorageError
        As the port says.
    """

    def __init__(self, folder: Path, ttl_s: float = TTL_S) -> None:
        self.folder = folder
        self.ttl_s = ttl_s
        self._lock = HostLock(folder / "lease.lock")
        self._epoch = 0

    async def acquire(self) -> Grant | None:
        """The lease, or None while another process has the lock."""
        if self._epoch:
            return None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock.take()
        except JournalError:
            return None
        except OSError as error:
            raise self._unusable(error) from error
        try:
            return self._granted()
        except BaseException:
            self._lock.release()
            raise

    async def renew(self, epoch: int) -> bool:
        """Whether the lock is still this process's, and its file the one that others would lock."""
        return bool(epoch) and epoch == self._epoch and self._lock.is_held

    async def release(self, epoch: int) -> None:
        """Give it up, and leave word that nothing follows."""
        if epoch and epoch == self._epoch:
            self._write(epoch, "")
            self.close()

    def close(self) -> None:
        """Let go of the lock without a word, as the end of the process does."""
        self._epoch = 0
        self._lock.release()

    def _granted(self) -> Grant:
        epoch, holder = self._read()
        former = Holder.parse(holder)
        # With the lock free a holder of another start of this machine is gone; one of this start may only have closed.
        is_dead = former is None or not former.is_here or former.is_dead
        self._write(epoch + 1, str(Holder.this_process()))
        self._epoch = epoch + 1
        return Grant(self._epoch, self.ttl_s, former_is_dead=is_dead)

    def _read(self) -> tuple[int, str]:
        try:
            plain = json.loads((self.folder / "lease.json").read_bytes())
            return int(plain["epoch"]), str(plain["holder"])
        except FileNotFoundError:
            return 0, ""
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._unusable(error) from error

    def _write(self, epoch: int, holder: str) -> None:
        path = self.folder / "lease.json"
        aside = path.with_name(f"{path.name}.aside")
        try:
            with aside.open("wb") as stream:
                stream.write(canonical_json({"epoch": epoch, "holder": holder}))
                stream.flush()
                os.fsync(stream.fileno())
            aside.replace(path)
            sync_folder(self.folder)
        except OSError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> StorageError:
        return StorageError(
            f"The lease in {self.folder} cannot be used: {error}.", hint="Look at the folder; nothing is sent without."
        )
