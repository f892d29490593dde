"""What jobs printed, a file for each: ``{id}.log``."""

from __future__ import annotations

import errno
import re
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from tradewright.domain.errors import ResourceError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["FolderJobLogs"]

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class FolderJobLogs:
    """Logs as files; see `tradewright.ports.jobs.JobLog`.

    Parameters
    ----------
    folder : Path
        Made at the first writing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def append(self, job_id: str, text: bytes) -> None:
        """Keep more of it."""
        path = self._path(job_id)
        with _said(path):
            self._folder.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as stream:
                stream.write(text)

    def read(self, job_id: str, offset: int, limit: int) -> tuple[bytes, int]:
        """Bytes from an offset on, and the offset to go on from."""
        path = self._path(job_id)
        with _said(path):
            if not path.exists():
                return b"", offset
            with path.open("rb") as stream:
                stream.seek(offset)
                found = stream.read(limit)
        return found, offset + len(found)

    def forget(self, before_ns: int) -> None:
        """Take away the logs to which nothing came since an instant."""
        for path in self._folder.glob("*.log"):
            with _said(path), suppress(FileNotFoundError):
                if path.stat().st_mtime_ns < before_ns:
                    path.unlink()

    def _path(self, job_id: str) -> Path:
        if not _ID.fullmatch(job_id):
            raise StorageError(f"A job cannot be called '{job_id:.64}'.", hint="Use letters, digits, '_' and '-'.")
        return self._folder / f"{job_id}.log"


@contextmanager
def _said(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise ResourceError(f"The disk is full: {path} takes nothing more.", hint="Free some space.") from error
        raise StorageError(
            f"{path} cannot be used: {error.strerror or error}.", hint="Look at the rights of its folder."
        ) from error
