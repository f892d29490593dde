"""The clock of this machine."""

from __future__ import annotations

import time

__all__ = ["SystemClock"]

_BOOT = getattr(time, "CLOCK_BOOTTIME", None)
"""Linux stops its monotonic clock while the machine sleeps; this one goes on."""


class SystemClock:
    """A `tradewright.ports.clock.Clock`."""

    def now_ns(self) -> int:
        """UTC nanoseconds since 1970; may jump when the clock is set."""
        return time.time_ns()

    def monotonic_ns(self) -> int:
        """Nanoseconds since the machine was started; goes on while it sleeps."""
        return time.monotonic_ns() if _BOOT is None else time.clock_gettime_ns(_BOOT)
