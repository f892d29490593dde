"""Processes by name: which one holds something, and whether it is certain that it has died."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Holder"]

_PROC = Path("/proc")
_START_FIELD = 21
"""Of ``/proc/<pid>/stat``, counted from 0 (proc(5): starttime is the 22nd)."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A process on some machine.

    Parameters
    ----------
    machine : str
        What tells machines apart: a number drawn when it was started, and its space of process numbers. Empty where the
        system says neither.
    pid : int
    started : str
        When it was started, so that another process under the same number is not taken for it; empty where unknown.
    """

    machine: str
    pid: int
    started: str

    @classmethod
    def this_process(cls) -> Holder:
        """The one that asks."""
        return cls(_machine(), os.getpid(), _started(os.getpid()) or "")

    @classmethod
    def parse(cls, text: str) -> Holder | None:
        """The holder that was written so; None where it is none."""
        machine, _, rest = text.rpartition("/")
        pid, _, started = rest.partition("@")
        return cls(machine, int(pid), started) if pid.isdigit() else None

    def __str__(self) -> str:
        return f"{self.machine}/{self.pid}@{self.started}"

    @property
    def is_here(self) -> bool:
        """Whether it runs, or ran, where this process can see it."""
        return bool(self.machine) and self.machine == _machine()

    @property
    def is_dead(self) -> bool:
        """Whether it is certain to have died: it ran here, and under its number is no process, or a younger one."""
        return self.is_here and _started(self.pid) != self.started


def _machine() -> str:
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{(_PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return ""


def _started(pid: int) -> str | None:
    """When a process was started, in ticks since its machine was; None where there is none."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # The name of the program stands in brackets and may hold spaces and brackets itself.
    fields = stat.rpartition(")")[2].split()
    state, started = fields[0], fields[_START_FIELD - 2]
    return None if state in {"Z", "X"} else started
