"""The socket for the kill switch's local memory: it works without database, journal or network."""

from __future__ import annotations

from typing import Protocol

__all__ = ["LatchFile"]


class LatchFile(Protocol):
    """One reason, or none, that outlives the process.

    Raises
    ------
    StorageError
        When it can be neither read nor written. A latch that cannot be read counts as set.
    """

    def set(self, reason: str) -> None:
        """Latch; durable when this returns."""
        ...

    def reason(self) -> str | None:
        """Why it is latched, or None. Cheap enough to be asked before every order."""
        ...

    def clear(self) -> None:
        """Take the latch away; only a person re-arms."""
        ...
