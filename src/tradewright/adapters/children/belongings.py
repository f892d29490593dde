"""What belongs to a process: everything in its session, also where it made groups of its own."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["killed_session", "memory_of_session"]

_PROC = Path("/proc")
_SESSION = 3
"""Which word of ``/proc/PID/stat`` after the name of the program is the session: state, parent, group, session."""
_ANONYMOUS = "RssAnon:"
_ROUNDS = 3
"""A process that is being started while the others are ended is found at the next look."""


def killed_session(session: int) -> None:
    """End every process of a session at once; where the host does not list processes, those of its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(session, signal.SIGKILL)
    for _ in range(_ROUNDS):
        left = list(_members(session))
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if not left:
            return


def memory_of_session(session: int) -> float | None:
    """Megabytes of memory of their own that the processes of a session hold; None where the host does not tell."""
    held = [size for pid in _members(session) if (size := _anonymous_kb(pid)) is not None]
    return sum(held) / 1024 if held else None


def _members(session: int) -> Iterator[int]:
    """Processes of a session that live; one that ended and was not yet noticed is none."""
    if not _PROC.is_dir():
        return
    for pid in (int(path.name) for path in _PROC.iterdir() if path.name.isdigit()):
        words = _stat(pid)
        if len(words) > _SESSION and words[_SESSION] == str(session) and words[0] not in {"Z", "X"}:
            yield pid


def _stat(pid: int) -> list[str]:
    """The words after the name of the program, which may hold anything."""
    try:
        return (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _anonymous_kb(pid: int) -> int | None:
    try:
        lines = (_PROC / str(pid) / "status").read_text(errors="replace").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) for line in lines if line.startswith(_ANONYMOUS)), None)
