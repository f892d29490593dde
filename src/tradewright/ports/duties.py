"""The socket for duties: work for all that one process at a time does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tradewright.domain.control.duties import Duty

__all__ = ["Duties"]


class Duties(Protocol):
    """Who does what, and since when nobody was heard of it.

    Raises
    ------
    StorageError
        From every method, when the store cannot be read or written.
    """

    def get(self, name: str) -> Duty | None:
        """How a duty stands; None where nobody has it."""
        ...

    def move(self, seen: Duty | None, duty: Duty) -> bool:
        """Write how a duty stands from now on, where it still stands as it was seen; whether it did."""
        ...

    def leave(self, duty: Duty) -> None:
        """Give a duty up; where it is somebody else's, nothing happens."""
        ...
