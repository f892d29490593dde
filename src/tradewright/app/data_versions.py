"""The use case: the versions of a stored series, and what made each of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from tradewright.domain.stored import SeriesKey, StoredVersion
    from tradewright.ports.bar_store import BarStore
    from tradewright.ports.coverage import CoverageBook

__all__ = ["KeptVersion", "Why", "kept_versions"]


class Why(StrEnum):
    """What made a version."""

    IMPORT = "import"
    """Bars of a file."""
    FETCH = "fetch"
    """Bars that a source was asked for, and that were not there yet."""
    REVISION = "revision"
    """Bars of a source inside of what was there: it says otherwise now, or has what it had not."""


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """A version, and what made it."""

    stored: StoredVersion
    why: Why


def kept_versions(store: BarStore, book: CoverageBook, key: SeriesKey) -> list[KeptVersion]:
    """The versions of a series, the current one first, then the latest first.

    What made a version is told by its source, which the book knows or not, and by the version written before it.

    Raises
    ------
    StorageError
        When the store or the book cannot be read.
    """
    versions = store.versions(key)
    known = {asked.source for each in book.asked().values() for asked in each}
    in_turn = sorted(versions, key=lambda each: each.imported_ns)
    before = dict(zip((each.version for each in in_turn[1:]), in_turn, strict=False))
    return [KeptVersion(each, _why(each, before.get(each.version), known)) for each in versions]


def _why(stored: StoredVersion, before: StoredVersion | None, known: Collection[str]) -> Why:
    if stored.source not in known:
        return Why.IMPORT
    is_inside = before is not None and before.first_ns <= stored.first_ns and stored.last_ns <= before.last_ns
    return Why.REVISION if is_inside else Why.FETCH
