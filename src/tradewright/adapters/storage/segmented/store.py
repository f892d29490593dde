"""What every store of segments does alike: list, read, check, and keep what has become current from removal."""

from __future__ import annotations

import difflib
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, NamedTuple

from tradewright.domain.errors import DataNotAvailableError, StorageError, SymbolNotFoundError, TradewrightError
from tradewright.domain.stored import ALL_DAYS, CheckedVersion, DayRange, SeriesKey, StoredVersion, short_version

from . import catalogue
from .reading import open_bars, require_content
from .segments import GoneError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from tradewright.domain.bars import Bars
    from tradewright.domain.quality import QualityReport

    from .catalogue import Head, Statements
    from .segments import Shelf

__all__ = ["SegmentedBarStore", "View", "require_still_replaced"]


class View(NamedTuple):
    """One look into a store: its catalogue and its segments."""

    statements: Statements
    shelf: Shelf


class SegmentedBarStore(ABC):
    """See `tradewright.ports.bar_store.BarStore`; what it writes, removes and tidies is said by each kind."""

    @abstractmethod
    def _viewed(self) -> AbstractContextManager[View | None]:
        """Look into the store; None where nothing was ever kept."""

    @abstractmethod
    def _changed(self) -> AbstractContextManager[Statements]:
        """Change the catalogue where there is one, everything or nothing."""

    @property
    @abstractmethod
    def place(self) -> str:
        """How the store is called in sentences."""

    def series(self, name: str | None = None) -> list[StoredVersion]:
        """The current version of every series, or of those of one name."""
        with self._viewed() as view:
            return [] if view is None else catalogue.current(view.statements, name)

    def versions(self, key: SeriesKey) -> list[StoredVersion]:
        """All versions of a series, the current one first."""
        with self._viewed() as view:
            return [] if view is None else catalogue.versions(view.statements, key)

    def read(self, key: SeriesKey, days: DayRange = ALL_DAYS, version: str | None = None) -> Bars:
        """The bars of a version, or those of a range of days."""
        try:
            return self._opened(key, days, version)
        except GoneError:
            # Another command may have removed the version between the look into the catalogue and the opening.
            return self._opened(key, days, version)

    def describe(self, stored: StoredVersion, quality: QualityReport) -> None:
        """Tell what was found in a version, in the place of what is told of it."""
        with self._changed() as statements:
            catalogue.describe(statements, stored.key, stored.version, quality)

    def check(self, versions: Sequence[StoredVersion]) -> Iterator[CheckedVersion]:
        """Compare the stored content with the fingerprint, one version at a time."""
        for stored in versions:
            try:
                self._require_content(stored)
            except StorageError as error:
                yield CheckedVersion(stored, error.message)
            else:
                yield CheckedVersion(stored)

    def _opened(self, key: SeriesKey, days: DayRange, version: str | None) -> Bars:
        with self._viewed() as view:
            found = self._head(view, key, version)
            if view is not None and found is not None:
                return open_bars(view.shelf, key, found, days)
        raise self._unknown(key, version)

    def _require_content(self, stored: StoredVersion) -> None:
        with self._viewed() as view:
            found = self._head(view, stored.key, stored.version)
            if view is not None and found is not None:
                require_content(view.shelf, stored.key, found)
                return
        raise self._unknown(stored.key, stored.version)

    def _head(self, view: View | None, key: SeriesKey, version: str | None) -> Head | None:
        return None if view is None else catalogue.head(view.statements, key, version)

    def _unknown(self, key: SeriesKey, version: str | None) -> TradewrightError:
        known = [short_version(each.version) for each in self.versions(key)]
        if known:
            return DataNotAvailableError(
                f"{key} has no version {short_version(version or '')}.", hint=f"It has {', '.join(known)}."
            )
        names = [str(each.key) for each in self.series()]
        near = difflib.get_close_matches(str(key), names, n=1)
        hint = f"Did you mean {near[0]}?" if near else "'tradewright data list' says what is stored."
        return SymbolNotFoundError(f"{key} is not in {self.place}.", hint=hint)


def require_still_replaced(statements: Statements, versions: Iterable[StoredVersion]) -> None:
    """Refuse to remove what was not current when it was chosen and has become so since.

    All are asked for before the first is removed: that one may make another current.

    Raises
    ------
    StorageError
    """
    for stored in versions:
        if not stored.is_current and catalogue.version(statements, stored.key) == stored.version:
            raise StorageError(
                f"{stored.key} {short_version(stored.version)} has become the current version meanwhile; "
                "nothing was removed.",
                hint="Look at 'tradewright data list --versions' again.",
            )
