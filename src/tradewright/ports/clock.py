"""The socket for time."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Clock"]


class Clock(Protocol):
    """Two readings of time: one that people and venues share, one that never runs backwards."""

    def now_ns(self) -> int:
        """UTC nanoseconds since 1970; may jump when the clock is set."""
        ...

    def monotonic_ns(self) -> int:
        """Nanoseconds since some instant of the past; goes on while the process sleeps, and never back."""
        ...
