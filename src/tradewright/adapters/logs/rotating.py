"""A log file for several processes: whoever finds it full changes it, the others see that and go on in the new one."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["SharedLogFile"]


class SharedLogFile(logging.Handler):
    """Appends each line in one write; a file that is full becomes ``.1``, that one ``.2``, and so on.

    Parameters
    ----------
    path : Path
        Its folder is made.
    most_bytes : int
        A line that would go beyond is the first of the next file.
    keep : int
        Files kept beside the one that is written; the oldest goes.
    """

    def __init__(self, path: Path, most_bytes: int, keep: int) -> None:
        super().__init__()
        self._path, self._most_bytes, self._keep = path, most_bytes, keep
        path.parent.mkdir(parents=True, exist_ok=True)
        self._handle = self._opened()

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line; a disk that refuses it stops no work."""
        try:
            line = (self.format(record) + "\n").encode("utf-8", "backslashreplace")
            self._follow()
            if os.fstat(self._handle).st_size + len(line) > self._most_bytes:
                self._change(len(line))
            os.write(self._handle, line)
        except OSError:
            self.handleError(record)

    def close(self) -> None:
        """Let go of the file."""
        with suppress(OSError):
            os.close(self._handle)
        super().close()

    def _opened(self) -> int:
        return os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def _follow(self) -> None:
        """Go on in the file of that name, where another process has changed it."""
        try:
            is_same = os.path.samestat(os.fstat(self._handle), self._path.stat())
        except FileNotFoundError:
            is_same = False
        if not is_same:
            os.close(self._handle)
            self._handle = self._opened()

    def _change(self, coming: int) -> None:
        with self._alone():
            self._follow()
            if os.fstat(self._handle).st_size + coming <= self._most_bytes or not os.fstat(self._handle).st_size:
                return
            for number in range(self._keep, 0, -1):
                older = self._numbered(number)
                newer = self._path if number == 1 else self._numbered(number - 1)
                if newer.exists():
                    newer.replace(older)
            if self._keep == 0:
                self._path.unlink()
            self._follow()

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process changes the file at a time; where the system has no such lock, only one writes it."""
        if sys.platform == "win32":
            yield
            return
        import fcntl

        handle = os.open(self._path.with_name(f"{self._path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
