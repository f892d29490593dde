"""A session's record that keeps nothing: written as every record is, into nowhere."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..journal.lock import HostLock
from .log import FileSessionLog
from .record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["sink_log"]


class _SinkLog(FileSessionLog):
    """Its inputs go where they are forgotten."""

    def measure(self, values: Mapping[str, Any]) -> None:
        """Forget them; a file in the place of the other would be put in the place of the device."""


def sink_log() -> FileSessionLog:
    """A `tradewright.ports.session_log.SessionLog` for what is only practised."""
    nowhere = Path(os.devnull)
    return _SinkLog("practice", {}, Record(nowhere, "practice"), nowhere, HostLock(nowhere))
