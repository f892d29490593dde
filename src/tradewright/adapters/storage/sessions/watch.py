"""`tradewright.ports.session_watch.SessionWatch` over the folder of sessions: what changed is seen from outside."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tradewright.domain.errors import StorageError

from .logs import ABOUT, RECORD, STANDING, FileSessionLogs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .log import SessionView

__all__ = ["FolderWatch"]

AT_ONCE = 500
"""Quiet sessions that are looked at in one turn; those that moved lately are looked at in every one."""
_LIVELY_LOOKS = 240


class FolderWatch:
    """Looks at sessions below a folder.

    Parameters
    ----------
    folder : Path
    at_once : int
    """

    def __init__(self, folder: Path, at_once: int = AT_ONCE) -> None:
        self._logs = FileSessionLogs(folder)
        self._at_once = at_once
        self._marks: dict[str, str] = {}
        self._names: list[str] = []
        self._seen_ns = self._listed_ns = -1
        self._lively: dict[str, int] = {}
        self._turn = 0

    def names(self) -> list[str]:
        """All sessions, in order of name."""
        return [name for name in self._folders() if self._mark(name) is not None]

    def _folders(self) -> list[str]:
        try:
            with os.scandir(self._logs.folder) as found:
                return sorted(each.name for each in found if each.is_dir())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StorageError(f"{self._logs.folder} cannot be read: {error.strerror or error}.") from error

    def begin(self, marks: Mapping[str, str]) -> None:
        """Sessions that still look so have not changed."""
        self._marks, self._lively, self._names, self._turn = dict(marks), {}, [], 0
        self._seen_ns = self._listed_ns = -1

    def changed(self) -> list[tuple[str, str]]:
        """Sessions that look otherwise than when they were done with."""
        new = self._list()
        found = []
        for name in dict.fromkeys((*new, *self._lively, *self._quiet())):
            mark = self._mark(name)
            if mark is not None and mark != self._marks.get(name):
                self._lively[name] = _LIVELY_LOOKS
                found.append((name, mark))
            elif name in self._lively:
                self._cool(name)
        return found

    def done(self, session: str, mark: str) -> None:
        """What the session was when it looked so has been dealt with."""
        self._marks[session] = mark

    def read(self, session: str) -> SessionView:
        """Look at one."""
        return self._logs.read(session)

    def _list(self) -> list[str]:
        """Folders that were not there before; a folder tells by its own time that something was put in."""
        try:
            now_ns = self._logs.folder.stat().st_mtime_ns
        except OSError:
            return []
        if now_ns == self._listed_ns:
            return []
        # Its clock is coarse: what comes in the same tick is seen because the folder is listed once more.
        self._listed_ns, self._seen_ns = (now_ns if now_ns == self._seen_ns else -1), now_ns
        known = set(self._names)
        self._names = self._folders()
        return [name for name in self._names if name not in known]

    def _quiet(self) -> list[str]:
        first = self._turn if self._turn < len(self._names) else 0
        self._turn = first + self._at_once
        return self._names[first : self._turn]

    def _cool(self, name: str) -> None:
        self._lively[name] -= 1
        if not self._lively[name]:
            del self._lively[name]

    def _mark(self, name: str) -> str | None:
        """How long the record is and when the standing was written; None where there is no session, or not yet."""
        folder = self._logs.folder / name
        try:
            (folder / ABOUT).stat()
            size = (folder / RECORD).stat().st_size
        except OSError:
            return None
        try:
            return f"{size}:{(folder / STANDING).stat().st_mtime_ns}"
        except OSError:
            return f"{size}:"
