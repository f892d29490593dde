"""A session's record that keeps nothing: written as every record is, into nowhere."""

from __future__ import annotations

import os
from pathlib import Path

from ..journal.lock import HostLock
from .log import FileSessionLog
from .record import Record

__all__ = ["sink_log"]


def sink_log() -> FileSessionLog:
    """A `tradewright.ports.session_log.SessionLog` for what is only practised."""
    nowhere = Path(os.devnull)
    return FileSessionLog("practice", {}, Record(nowhere, "practice"), nowhere, HostLock(nowhere))
