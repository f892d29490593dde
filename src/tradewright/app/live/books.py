"""The books of sessions that are looked at: each record is read once, and then only what it has grown by."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from tradewright.reporting.session.book import SessionBook, book_of

if TYPE_CHECKING:
    from tradewright.domain.live.session import Input, Output
    from tradewright.ports.session_log import SessionLog, SessionLogs

__all__ = ["SessionBooks"]

_HELD = 64
_TENTATIVE = 32
"""The latest inputs, whose answers may not have been written yet."""


@dataclass(slots=True)
class _Known:
    log: SessionLog
    book: SessionBook
    read: int = 0


class SessionBooks:
    """The books of all sessions, safe for many threads.

    Parameters
    ----------
    logs : SessionLogs
    """

    def __init__(self, logs: SessionLogs) -> None:
        self._logs = logs
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._lock = Lock()

    def of(self, session: str) -> SessionBook:
        """The book of a session as far as its record has come; it is the caller's own.

        Raises
        ------
        DataNotAvailableError
            When there is no such session.
        StorageError
            When its record cannot be read.
        """
        with self._lock:
            known = self._known.get(session) or self._begin(session)
            self._known.move_to_end(session)
            tail = self._advance(known)
            book = known.book.copy()
        for given, outputs in tail:
            book.take(given, outputs)
        return book

    def _begin(self, session: str) -> _Known:
        log = self._logs.read(session)
        known = self._known[session] = _Known(log, book_of(log.about))
        if len(self._known) > _HELD:
            self._known.popitem(last=False)
        return known

    def _advance(self, known: _Known) -> list[tuple[Input, tuple[Output, ...]]]:
        """Take what is certain; the latest inputs, which may still be answered, come back."""
        entries = list(known.log.entries(after=known.read))
        answered = max((place for place, (_, _, outputs) in enumerate(entries, start=1) if outputs), default=0)
        certain = max(answered, len(entries) - _TENTATIVE)
        for _, given, outputs in entries[:certain]:
            known.book.take(given, outputs)
        known.read += certain
        return [(given, outputs) for _, given, outputs in entries[certain:]]
