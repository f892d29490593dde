"""The socket for the kill switch's local memory: it works without database, journal or network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tradewright.domain.live.latch import LatchOrder

__all__ = ["LatchFile"]


class LatchFile(Protocol):
    """What the kill switch was told, or nothing, outliving the process.

    Raises
    ------
    StorageError
        From `set` and `clear`, when it cannot be written. A latch that cannot be read counts as set.
    """

    def set(self, order: LatchOrder) -> None:
        """Latch; durable when this returns."""
        ...

    def read(self) -> LatchOrder | None:
        """What was told, or None. Cheap enough to be asked before every order."""
        ...

    def clear(self) -> None:
        """Take the latch away; only a person re-arms."""
        ...
