"""The socket for a store of bars: series by instrument, timeframe and adjustment, in versions named by content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tradewright.domain.stored import ALL_DAYS, WriteMode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from tradewright.domain.bars import Bars
    from tradewright.domain.quality import QualityReport
    from tradewright.domain.stored import CheckedVersion, DayRange, SeriesKey, StoredVersion, Written

    Examiner = Callable[[Bars], QualityReport | None]

__all__ = ["BarStore", "BarWriter"]


class BarWriter(Protocol):
    """One command's writing: every series becomes visible in one step when it ends well, and none if it does not."""

    def add(self, bars: Bars, mode: WriteMode = WriteMode.NEW) -> Written:
        """Put bars aside, to be current when the writing ends.

        Memory is bounded by one series at a time. A series can be written once in a command.

        Raises
        ------
        DataError
            When the mode does not allow what the bars would do to a stored series; names the first bar that differs,
            with both values.
        ResourceError
            When the disk is full.
        """
        ...

    @property
    def written(self) -> tuple[Written, ...]:
        """What became of each series, in the order of `add`; final once the writing has ended."""
        ...


class BarStore(Protocol):
    """Bars that are written once and read many times.

    What is read equals what was written: same fingerprint, actions, instrument with all its fields, and synthetic
    flag. The bars and actions of a version never change, and stay readable until it is removed; how the instrument is
    described may be restated by replacing. A process that dies at any moment leaves the store as it was before its
    command or as it is after it.

    Raises
    ------
    StorageError
        From every method, when the store is damaged, kept busy, not to be written, or of a newer kind.
    """

    def series(self, name: str | None = None) -> list[StoredVersion]:
        """The current version of every series, in the order of instrument, timeframe and adjustment.

        With a name, only those of that symbol or instrument (``EXCHANGE:SYMBOL``); [] where there is none.
        """
        ...

    def versions(self, key: SeriesKey) -> list[StoredVersion]:
        """All versions of a series, the current one first, then by time of writing, latest first; [] if unknown."""
        ...

    def read(self, key: SeriesKey, days: DayRange = ALL_DAYS, version: str | None = None) -> Bars:
        """The bars of a version, the current one unless named in full; of a range, those whose session lies in it.

        Actions are those of the whole version. The quality report is that of the whole version, and left out of a part.

        Raises
        ------
        SymbolNotFoundError
            When there is no such series.
        DataNotAvailableError
            When there is no such version, or no bar in the range.
        """
        ...

    def writing(self, examine: Examiner | None = None) -> AbstractContextManager[BarWriter]:
        """Begin a command that writes; `examine` gives the quality report of bars that bring none."""
        ...

    def describe(self, stored: StoredVersion, quality: QualityReport) -> None:
        """Tell what was found in a version, in the place of what is told of it; nothing where it is gone."""
        ...

    def check(self, versions: Sequence[StoredVersion]) -> Iterator[CheckedVersion]:
        """Compare the stored content with the fingerprint, one version at a time."""
        ...

    def remove(self, versions: Sequence[StoredVersion]) -> int:
        """Take versions out in one step; the bytes that no other version needs are freed and their number given.

        Where the current version goes and others stay, the latest of those becomes current. Nothing is removed
        (`StorageError`) where one that was not current when it was listed has become so since.
        """
        ...

    def tidy(self) -> int:
        """Remove files that an interrupted command left and no version needs; their number."""
        ...
