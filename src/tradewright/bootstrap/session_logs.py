"""Where the records of paper and live sessions lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.bootstrap.home import storage_folder

if TYPE_CHECKING:
    from os import PathLike

    from tradewright.ports.request_box import RequestBox
    from tradewright.ports.session_log import SessionLogs

__all__ = ["request_box", "session_logs"]

SESSIONS = "sessions"


def session_logs(folder: str | PathLike[str] | None = None) -> SessionLogs:
    """The records of all sessions, in the folder of all stores or in another; made at the first session."""
    from tradewright.adapters.storage.sessions.logs import FileSessionLogs

    return FileSessionLogs((storage_folder() if folder is None else Path(folder).expanduser()) / SESSIONS)


def request_box(session: str, folder: str | PathLike[str] | None = None) -> RequestBox:
    """Where a session is asked something from another process."""
    from tradewright.adapters.storage.sessions.box import FileRequestBox

    home = storage_folder() if folder is None else Path(folder).expanduser()
    return FileRequestBox(home / SESSIONS / session / "requests")
