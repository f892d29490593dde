"""Sessions as whoever watches sees them: how each stands, whether its process is there, and what it did."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.app.metering.tally import SessionTally
from tradewright.bootstrap.home import storage_folder
from tradewright.bootstrap.session_logs import SESSIONS, session_logs
from tradewright.domain.control.readings import DiskReading, SessionReading
from tradewright.domain.errors import DataNotAvailableError, StorageError
from tradewright.domain.timeframe import NS_PER_SECOND

if TYPE_CHECKING:
    from os import PathLike

    from tradewright.ports.session_log import SessionLog

__all__ = ["SessionReadings", "disk_readings"]


class SessionReadings:
    """Looks at sessions again and again; the record of each is read on from where it was left.

    Parameters
    ----------
    folder : path, optional
        The folder of all stores, where it is another than that of the settings.
    """

    def __init__(self, folder: str | PathLike[str] | None = None) -> None:
        self._home = storage_folder() if folder is None else Path(folder).expanduser()
        self._logs = session_logs(self._home)
        self._open: dict[str, tuple[SessionLog, SessionTally]] = {}

    def all(self) -> list[SessionReading]:
        """Every session, the latest first; one that is damaged is left out, for it says so where it is opened."""
        from tradewright.adapters.storage.sessions.liveness import is_alive

        if not (self._home / SESSIONS).is_dir():
            return []
        try:
            found = self._logs.sessions()
        except StorageError:
            return []
        return [
            SessionReading(name, about, about.get("standing"), is_alive(self._home / SESSIONS / name / "lock"))
            for name, about in found
        ]

    def tally(self, session: SessionReading) -> SessionTally:
        """What a session did until now; nothing of one whose record cannot be read."""
        try:
            if session.name not in self._open:
                self._open[session.name] = (self._logs.read(session.name), SessionTally())
            log, tally = self._open[session.name]
            tally.advance(log)
        except (DataNotAvailableError, StorageError):
            return SessionTally()
        return tally

    def rate(self, session: SessionReading, within_s: float, now_ns: int) -> int:
        """Orders that a session placed within so many seconds."""
        return self.tally(session).placed_since(now_ns - int(within_s * NS_PER_SECOND))


def disk_readings(folder: str | PathLike[str] | None = None) -> list[DiskReading]:
    """The disk on which the stores lie, or will lie."""
    import shutil

    home = storage_folder() if folder is None else Path(folder).expanduser()
    place = next(each for each in (home, *home.parents) if each.exists())
    usage = shutil.disk_usage(place)
    return [DiskReading("the stores", usage.free, usage.total)]
