"""One clock read against another by a process that may lose the CPU between the two."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tradewright.ports.clock import Clock

__all__ = ["Reading"]

READINGS, NARROW_NS = 5, 1_000_000
"""How often the clocks are read at most, and within what no other reading is needed."""


class Reading(NamedTuple):
    """How far the clock of the world is ahead of the monotonic one, nanoseconds."""

    ahead_ns: int
    doubt_ns: int
    """By how much it may be less."""

    @classmethod
    def of(cls, clock: Clock) -> Reading:
        """Read both, the narrowest of a few times: a process that was not running had its clock not set."""
        best = cls(0, 1 << 62)
        for _ in range(READINGS):
            before = clock.monotonic_ns()
            wall = clock.now_ns()
            width = clock.monotonic_ns() - before
            if width < best.doubt_ns:
                best = cls(wall - before, width)
            if width <= NARROW_NS:
                break
        return best

    def jump_ns(self, earlier: Reading) -> int:
        """By how much the clock was set since an earlier reading, at least: what the readings may err is not it."""
        jump, doubt = self.ahead_ns - earlier.ahead_ns, self.doubt_ns + earlier.doubt_ns
        return max(jump - doubt, 0) if jump > 0 else min(jump + doubt, 0)
