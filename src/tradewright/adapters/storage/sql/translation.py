"""What a database says, in our words: one function, one sentence for each way it can fail."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from tradewright.domain.errors import ResourceError, StorageError, TradewrightError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["translated"]

_LOCKED = ("database is locked", "database table is locked")
_DAMAGED = ("malformed", "not a database", "disk image", "unsupported file format")
_FORBIDDEN = ("readonly", "read-only", "unable to open")


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Raise what the database raises as an error of the one tree.

    Parameters
    ----------
    place : str
        How the database is called in the sentence.

    Raises
    ------
    StorageError
        When it is locked, damaged, cannot be opened or written, or refuses.
    ResourceError
        When the disk is full.
    """
    try:
        yield
    except DBAPIError as error:
        raise _sentence(place, str(error.orig)) from error


def _sentence(place: str, said: str) -> TradewrightError:
    text = said.lower()
    if "full" in text:
        return ResourceError(f"The disk is full: {place} was not changed.", hint="Free some space.")
    if any(word in text for word in _LOCKED):
        return StorageError(f"{place} is locked by another process.", hint="Try again when that has ended.")
    if any(word in text for word in _DAMAGED):
        return StorageError(f"{place} is damaged or no database: {said}.", hint="Put it aside, or restore a copy.")
    if "i/o error" in text:
        return StorageError(f"{place} was not changed: {said}.", hint="The disk is full, or fails.")
    if any(word in text for word in _FORBIDDEN):
        return StorageError(f"{place} cannot be opened or written: {said}.", hint="Look at the rights of its folder.")
    return StorageError(f"{place} refused: {said}.")
