"""The socket for what an account may risk at most: one text, kept beside the journal of the account."""

from __future__ import annotations

from typing import Protocol

__all__ = ["CeilingShelf"]


class CeilingShelf(Protocol):
    """What was said last of one account.

    Raises
    ------
    StorageError
        From both, when it cannot be read or written: then nothing is known to be allowed.
    """

    def read(self) -> str | None:
        """The text; None where nothing was ever said."""
        ...

    def write(self, text: str) -> None:
        """Put a text in the place of the one before, whole or not at all."""
        ...
