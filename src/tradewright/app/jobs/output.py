"""What a job prints: kept up to a bound, the last lines at hand."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from tradewright.domain.errors import ResourceError, StorageError

if TYPE_CHECKING:
    from tradewright.ports.jobs import JobLog

__all__ = ["MOST_BYTES", "JobOutput"]

MOST_BYTES = 16 * 1024 * 1024
"""Bytes of a log; a job that prints without end must not fill the disk."""
_LAST_LINES, _LONGEST_LINE = 20, 500


class JobOutput:
    """The output of one attempt.

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
        self._is_lost = False

    def take(self, piece: bytes) -> None:
        """Keep more of it."""
        if not piece:
            return
        *whole, rest = (self._rest + piece).split(b"\n")
        self._lines.extend(_shown(line) for line in whole[-_LAST_LINES:])
        self._rest = rest[-_LONGEST_LINE * 4 :]
        if self._left > 0:
            self._keep(piece[: self._left])
            self._left -= len(piece)
            if self._left <= 0:
                self.note(f"The log ends here: more than {self._most:,} bytes were printed.")

    def note(self, sentence: str) -> None:
        """Write a line of our own into the log."""
        self._keep(f"[{sentence}]\n".encode())

    def _keep(self, piece: bytes) -> None:
        if self._is_lost:
            return
        try:
            self._log.append(self._job_id, piece)
        except (StorageError, ResourceError):
            # A disk that is full takes the log, not the work; the last lines are still told with the end.
            self._is_lost = True

    @property
    def last_lines(self) -> list[str]:
        """The last lines that say something."""
        return [line for line in (*self._lines, _shown(self._rest)) if line.strip()][-_LAST_LINES:]


def _shown(line: bytes) -> str:
    return line.decode(errors="replace").rstrip()[:_LONGEST_LINE]
