"""Whether the process of a session is there, without touching its lock: who looks is in nobody's way."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from ..journal.lock import started

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["is_alive"]


def is_alive(lock: Path) -> bool | None:
    """Whether the process that signed a lock last is there; None where that cannot be seen from this host."""
    try:
        words = lock.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    if len(words) != 3 or not words[0].isdecimal() or words[1] != socket.gethostname() or not words[2]:
        return None
    return started(int(words[0])) == words[2]
