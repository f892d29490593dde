"""The clock of a venue that lives in another time, as one that replays a market does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewright.ports.clock import Clock

__all__ = ["VenueClock"]


class VenueClock:
    """A `tradewright.ports.clock.Clock` that goes at the pace of another one, and jumps ahead to what the venue says.

    Parameters
    ----------
    base : Clock
        Its pace, and its time until the venue has said one.
    """

    def __init__(self, base: Clock) -> None:
        self._base = base
        self._ahead_ns = 0
        self._set_ns = 0

    def now_ns(self) -> int:
        """UTC nanoseconds at the venue; it may jump ahead."""
        return self._base.now_ns() + self._ahead_ns

    def monotonic_ns(self) -> int:
        """Nanoseconds at the venue since some instant: what it jumped ahead has passed there."""
        return self._base.monotonic_ns() + self._ahead_ns - self._set_ns

    def set(self, at_ns: int) -> None:
        """The venue says that it is so late; once, before anything is timed."""
        self._ahead_ns = self._set_ns = at_ns - self._base.now_ns()

    def hear(self, at_ns: int) -> None:
        """Something of that instant has come from the venue: it is not earlier there."""
        self._ahead_ns = max(self._ahead_ns, at_ns - self._base.now_ns())
