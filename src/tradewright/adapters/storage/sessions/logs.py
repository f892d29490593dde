"""`tradewright.ports.session_log.SessionLogs` in a folder: one folder each, found again by its name."""

from __future__ import annotations

import json
import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import DataNotAvailableError, JournalError, StorageError
from tradewright.domain.live.wire import canonical_json

from ..journal.lock import HostLock
from .log import FileSessionLog, SessionView
from .record import Record, header

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["FileSessionLogs"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
ABOUT, RECORD, STANDING, LOCK = "about.json", "record.log", "standing.json", "lock"


class FileSessionLogs:
    """All sessions below a folder, which is made at the first one.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    StorageError
        As the port says.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self, session: str, about: Mapping[str, Any]) -> FileSessionLog:
        """Begin the record of a new session.

        Raises
        ------
        StorageError
            When there is one of that name, or a folder cannot be called so.
        """
        if not _NAME.fullmatch(session):
            raise StorageError(f"A session cannot be called '{session}'.", hint="Use letters, digits, '.', '_', '-'.")
        folder = self.folder / session
        words = {"number": self._next(), "session": session, "about": dict(about)}
        with _said(folder):
            folder.mkdir(parents=True, exist_ok=True)
            lock = _held(folder, session)
            try:
                self._begin(folder, session, canonical_json(words))
            except BaseException:
                lock.release()
                raise
        return self._opened(folder, session, lock)

    def open(self, session: str) -> FileSessionLog:
        """Go on with one; what was torn off its end is kept aside and cut.

        Raises
        ------
        DataNotAvailableError
            When there is none of that name.
        StorageError
            When another process holds it, or it is damaged.
        """
        folder = self._existing(session)
        with _said(folder):
            return self._opened(folder, session, _held(folder, session))

    def read(self, session: str) -> SessionView:
        """Look at one, which may be running.

        Raises
        ------
        DataNotAvailableError
            When there is none of that name.
        """
        folder = self._existing(session)
        words, record = _words(folder), Record(folder / RECORD, session)
        return SessionView(session, words["about"], record, folder / STANDING, words["number"])

    def sessions(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Every session, newest first, with what it was started with and under ``"standing"`` how it stands."""
        found = [_words(path.parent) for path in self.folder.glob(f"*/{ABOUT}")]
        found.sort(key=lambda words: (words["number"], words["session"]), reverse=True)
        return [(words["session"], self._summary(words)) for words in found]

    def _summary(self, words: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**words["about"], "standing": self.read(words["session"]).standing}

    def _next(self) -> int:
        return 1 + max((_words(path.parent)["number"] for path in self.folder.glob(f"*/{ABOUT}")), default=0)

    def _existing(self, session: str) -> Path:
        folder = self.folder / session
        if not _NAME.fullmatch(session) or not (folder / ABOUT).is_file():
            raise DataNotAvailableError(f"There is no session '{session}' in {self.folder}.")
        return folder

    def _begin(self, folder: Path, session: str, words: bytes) -> None:
        """The record first: a session is there from the moment at which its `ABOUT` is."""
        if (folder / ABOUT).exists():
            raise StorageError(f"There is a session '{session}' in {self.folder} already.", hint="Give another name.")
        (folder / RECORD).write_bytes(header(session)[0])
        _replace(folder / ABOUT, words)

    def _opened(self, folder: Path, session: str, lock: HostLock) -> FileSessionLog:
        try:
            record = Record(folder / RECORD, session)
            torn = record.advance()
            if torn:
                _cut(record, torn)
            return FileSessionLog(session, _words(folder)["about"], record, folder / STANDING, lock, len(torn))
        except BaseException:
            lock.release()
            raise


def _cut(record: Record, torn: bytes) -> None:
    """Keep a torn tail aside, then cut it; a record whose header was torn begins anew."""
    record.path.with_name(f"{record.path.name}.tail-at-{record.end.length}").write_bytes(torn)
    os.truncate(record.path, record.end.length)


def _held(folder: Path, session: str) -> HostLock:
    lock = HostLock(folder / LOCK)
    try:
        lock.take()
    except JournalError:
        raise StorageError(
            f"Session '{session}' is held by another process.", hint="Look at it, or stop that one first."
        ) from None
    return lock


def _words(folder: Path) -> dict[str, Any]:
    path = folder / ABOUT
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise StorageError(f"{path} cannot be read: {error}.", hint="Restore it from a copy.") from error
    return found


def _replace(path: Path, content: bytes) -> None:
    aside = path.with_name(f"{path.name}.aside")
    aside.write_bytes(content)
    aside.replace(path)


@contextmanager
def _said(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(f"The session in {folder} cannot be written: {error.strerror or error}.") from error
