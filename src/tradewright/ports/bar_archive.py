"""The socket for an archive of bars: old rows leave the database for cheaper ground, and are read all the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tradewright.domain.stored import SeriesKey
    from tradewright.domain.timeframe import Timeframe

__all__ = ["BarArchive", "Moved"]


@dataclass(frozen=True, slots=True)
class Moved:
    """One segment that was moved.

    Parameters
    ----------
    instrument, timeframe : str
        Of its series.
    rows : int
    bytes : int
        As a file of the archive.
    """

    instrument: str
    timeframe: str
    rows: int
    bytes: int


class BarArchive(Protocol):
    """Moves segments of bars between rows and an archive; versions and what is read of them stay the same.

    Each segment is moved for itself: it is in the archive, and was read back from there, before its rows go. A process
    that dies leaves every segment readable.

    Raises
    ------
    StorageError
        From every method, when either side cannot be used, or rows are not what was written: those stay where they are.
    """

    def archive(self, before: int, timeframes: Collection[Timeframe] = ()) -> Iterator[Moved]:
        """Move the segments whose last session lies before a day, of some timeframes or of all."""
        ...

    def restore(self, keys: Collection[SeriesKey]) -> Iterator[Moved]:
        """Move all segments of series back."""
        ...
