"""What a database says, in our words: one function, one sentence for each way it can fail."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from tradewright.domain.errors import ResourceError, StorageError, TradewrightError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["translated"]

_SENTENCES: tuple[tuple[tuple[str, ...], type[TradewrightError], str, str], ...] = (
    (("full", "no space left"), ResourceError, "The disk is full: {place} was not changed.", "Free some space."),
    (
        ("database is locked", "database table is locked"),
        StorageError,
        "{place} is locked by another process.",
        "Try again when that has ended.",
    ),
    (
        ("malformed", "not a database", "disk image", "unsupported file format"),
        StorageError,
        "{place} is damaged or no database: {said}.",
        "Put it aside, or restore a copy.",
    ),
    (
        ("connection failed", "connection refused", "connection to server", "closed the connection", "is lost",
         "terminating connection", "shutting down", "starting up", "connection is closed"),
        StorageError,
        "{place} cannot be reached: {said}.",
        "Look whether its server runs.",
    ),
    (("i/o error",), StorageError, "{place} was not changed: {said}.", "The disk is full, or fails."),
    (
        ("readonly", "read-only", "unable to open"),
        StorageError,
        "{place} cannot be opened or written: {said}.",
        "Look at the rights of its folder.",
    ),
)  # fmt: skip
"""Words of the database, what they mean, and what to do; the first that fits is said."""


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
        raise _sentence(place, " ".join(str(error.orig).split())) from error


def _sentence(place: str, said: str) -> TradewrightError:
    text = said.lower()
    for words, kind, sentence, hint in _SENTENCES:
        if any(word in text for word in words):
            return kind(sentence.format(place=place, said=said), hint=hint)
    return StorageError(f"{place} refused: {said}.")
