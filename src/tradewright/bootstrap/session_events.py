"""What tells of sessions, over the folders and the database of this installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.bootstrap.databases import home_of
from tradewright.bootstrap.session_logs import SESSIONS

if TYPE_CHECKING:
    from os import PathLike

    from tradewright.app.session_events.teller import SessionTeller
    from tradewright.ports.events import EventLog

__all__ = ["open_teller"]


def open_teller(folder: str | PathLike[str] | None, events: EventLog) -> SessionTeller:
    """A voice for the sessions of this installation; one process at a time uses it.

    Parameters
    ----------
    folder : path, optional
        The folder of all stores, where it is another than that of the settings.
    events : EventLog
    """
    from tradewright.adapters.storage.sessions.watch import FolderWatch
    from tradewright.adapters.system_clock import SystemClock
    from tradewright.app.session_events.teller import SessionTeller

    return SessionTeller(FolderWatch(home_of(folder) / SESSIONS), events, SystemClock())
