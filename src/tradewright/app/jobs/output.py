"""What a job prints: gathered, kept up to a bound, the last lines at hand."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from tradewright.domain.errors import ResourceError, StorageError

if TYPE_CHECKING:
    from tradewright.ports.jobs import JobLog

__all__ = ["MOST_BYTES", "MOST_GATHERED", "JobOutput"]

MOST_BYTES = 16 * 1024 * 1024
"""Bytes of a log; a job that prints without end must not fill the disk."""
MOST_GATHERED = 4 * 1024 * 1024
"""Bytes that wait for a store that is away; what is printed beyond them is not kept."""
_AT_ONCE = 256 * 1024
"""Bytes that are written down without waiting for the next sign of life."""
_LAST_LINES, _LONGEST_LINE = 20, 500


class JobOutput:
    """The output of one attempt, written down by `flush`, so that many small pieces are one writing.

    Parameters
    ----------
    log : JobLog
    job_id : str
    most : int
        Bytes that are kept of it.
    """

    def __init__(self, log: JobLog, job_id: str, most: int = MOST_BYTES) -> None:
        self._log, self._job_id, self._left, self._most = log, job_id, most, most
        self._lines: deque[str] = deque(maxlen=_LAST_LINES)
        self._rest = b""
        self._gathered = bytearray()
        self._missing = 0
        self._is_lost = self._is_away = False

    def take(self, piece: bytes) -> None:
        """Take in more of it."""
        if not piece:
            return
        *whole, rest = (self._rest + piece).split(b"\n")
        self._lines.extend(_shown(line) for line in whole[-_LAST_LINES:])
        self._rest = rest[-_LONGEST_LINE * 4 :]
        if self._left > 0:
            self._gather(piece[: self._left])
            self._left -= len(piece)
            if self._left <= 0:
                self.note(f"The log ends here: more than {self._most:,} bytes were printed.")
        if len(self._gathered) >= _AT_ONCE and not self._is_away:
            self.flush()

    def note(self, sentence: str) -> None:
        """Put a line of our own into the log."""
        self._gather(f"[{sentence}]\n".encode())

    def flush(self) -> None:
        """Write down what was gathered; where the store is away it waits for the next time."""
        if self._is_lost or not self._gathered:
            return
        missing = f"[{self._missing:,} bytes are missing here: the store was away.]\n" if self._missing else ""
        try:
            self._log.append(self._job_id, bytes(self._gathered) + missing.encode())
        except ResourceError:
            # A disk that is full takes the log, not the work; the last lines are still told with the end.
            self._is_lost = True
        except StorageError:
            self._is_away = True
            return
        self._gathered.clear()
        self._missing, self._is_away = 0, False

    def _gather(self, piece: bytes) -> None:
        if self._is_lost:
            return
        room = max(0, MOST_GATHERED - len(self._gathered))
        self._gathered += piece[:room]
        self._missing += max(0, len(piece) - room)

    @property
    def last_lines(self) -> list[str]:
        """The last lines that say something."""
        return [line for line in (*self._lines, _shown(self._rest)) if line.strip()][-_LAST_LINES:]


def _shown(line: bytes) -> str:
    return line.decode(errors="replace").rstrip()[:_LONGEST_LINE]
