"""A latch in memory, for accounts that are gone with their process."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewright.domain.live.latch import LatchOrder

__all__ = ["MemoryLatch"]


class MemoryLatch:
    """A `tradewright.ports.latch.LatchFile` without a file."""

    def __init__(self) -> None:
        self._order: LatchOrder | None = None

    def set(self, order: LatchOrder) -> None:
        """Latch."""
        self._order = order

    def read(self) -> LatchOrder | None:
        """What was told, or None."""
        return self._order

    def clear(self) -> None:
        """Take the latch away."""
        self._order = None
