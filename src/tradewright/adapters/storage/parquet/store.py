"""The store itself: reading, checking, removing, and the frame around a command that writes."""

from __future__ import annotations

import difflib
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.domain.errors import DataNotAvailableError, StorageError, SymbolNotFoundError, TradewrightError
from tradewright.domain.stored import ALL_DAYS, CheckedVersion, DayRange, SeriesKey, StoredVersion, short_version

from . import catalogue, lock
from .database import connected, make_database, transaction
from .durable import ASIDE, explained
from .reading import open_bars, require_content
from .segments import SEGMENT_ROWS, GoneError
from .writer import ParquetBarWriter, Place

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence
    from os import PathLike

    from tradewright.domain.bars import Bars

    from .catalogue import Head
    from .writer import Examiner

__all__ = ["ParquetBarStore"]


class ParquetBarStore:
    """See `tradewright.ports.bar_store.BarStore`.

    Parameters
    ----------
    folder : path
        Made when something is first written.
    segment_rows : int
        Rows of a segment.
    now_ns : callable
        The clock, UTC nanoseconds.
    """

    def __init__(
        self,
        folder: str | PathLike[str],
        *,
        segment_rows: int = SEGMENT_ROWS,
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._place = Place(Path(folder), segment_rows, now_ns)

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self._place.root

    # ------------------------------------------------------------ reading

    def series(self, name: str | None = None) -> list[StoredVersion]:
        """The current version of every series, or of those of one name."""
        if not self._exists():
            return []
        with connected(self._place.database) as connection:
            return catalogue.current(connection, name)

    def versions(self, key: SeriesKey) -> list[StoredVersion]:
        """All versions of a series, the current one first."""
        if not self._exists():
            return []
        with connected(self._place.database) as connection:
            return catalogue.versions(connection, key)

    def read(self, key: SeriesKey, days: DayRange = ALL_DAYS, version: str | None = None) -> Bars:
        """The bars of a version, or those of a range of days."""
        try:
            return open_bars(self._place.files, key, self._head(key, version), days)
        except GoneError:
            # Another command may have removed the version between the look into the catalogue and the opening.
            return open_bars(self._place.files, key, self._head(key, version), days)

    def _exists(self) -> bool:
        """Whether there is a catalogue; bars that none names are no empty store."""
        if self._place.database.exists():
            return True
        # Looked for again: another command may have made it, and the first file, in between.
        if self._place.files.exists() and not self._place.database.exists():
            raise StorageError(
                f"{self.folder} holds bars and no catalogue that names them.",
                hint="Put a copy of catalogue.sqlite back, or move the folder away and import the files again.",
            )
        return False

    def _head(self, key: SeriesKey, version: str | None) -> Head:
        head = None
        if self._exists():
            with connected(self._place.database) as connection:
                head = catalogue.head(connection, key, version)
        if head is None:
            raise self._unknown(key, version)
        return head

    def _unknown(self, key: SeriesKey, version: str | None) -> TradewrightError:
        known = [short_version(each.version) for each in self.versions(key)]
        if known:
            return DataNotAvailableError(
                f"{key} has no version {short_version(version or '')}.", hint=f"It has {', '.join(known)}."
            )
        names = [str(each.key) for each in self.series()]
        near = difflib.get_close_matches(str(key), names, n=1)
        hint = f"Did you mean {near[0]}?" if near else "'tradewright data list' says what is stored."
        return SymbolNotFoundError(f"{key} is not in the store at {self.folder}.", hint=hint)

    def check(self, versions: Sequence[StoredVersion]) -> Iterator[CheckedVersion]:
        """Compare the stored content with the fingerprint, one version at a time."""
        for stored in versions:
            try:
                require_content(self._place.files, stored.key, self._head(stored.key, stored.version))
            except StorageError as error:
                yield CheckedVersion(stored, error.message)
            else:
                yield CheckedVersion(stored)

    # ------------------------------------------------------------ writing

    @contextmanager
    def writing(self, examine: Examiner | None = None) -> Iterator[ParquetBarWriter]:
        """Begin a command that writes."""
        self._make()
        writer = ParquetBarWriter(self._place, examine)
        try:
            with lock.shared(self._place.lock):
                note = self._begun()
                yield writer
                writer.commit(note)
            if writer.left_files:
                # Where somebody else is writing the note stays, and the next command looks again.
                self.tidy()
        except BaseException:
            with suppress(TradewrightError):
                self.tidy()
            raise

    def _begun(self) -> int:
        with connected(self._place.database) as connection, transaction(connection):
            return catalogue.start_write(connection, self._place.now_ns())

    def _make(self) -> None:
        """Make the catalogue where there is none, and clear away what an interrupted command left."""
        if self._exists():
            with connected(self._place.database) as connection:
                interrupted = catalogue.interrupted(connection)
            if interrupted:
                self.tidy()
            return
        with lock.alone(self._place.lock, wait=True) as sole:
            if not sole:
                raise StorageError(f"Another process keeps the store at {self.folder} busy.", hint="Try again.")
            if not self._exists():
                make_database(self._place.database)

    def remove(self, versions: Sequence[StoredVersion]) -> int:
        """Take versions out in one step; the bytes that were freed."""
        if not versions or not self._exists():
            return 0
        with connected(self._place.database) as connection, transaction(connection):
            before = catalogue.bytes_kept(connection)
            catalogue.start_write(connection, self._place.now_ns())
            for stored in versions:
                _require_still_replaced(connection, stored)
                catalogue.delete_version(connection, stored.key, stored.version)
            freed = before - catalogue.bytes_kept(connection)
        self.tidy()
        return freed

    def tidy(self) -> int:
        """Remove files that no version needs, unless somebody is writing; their number."""
        if not self._exists():
            return 0
        with lock.alone(self._place.lock) as sole:
            if not sole:
                return 0
            with connected(self._place.database) as connection:
                removed = _sweep(self._place.files, catalogue.all_files(connection))
                with transaction(connection):
                    catalogue.forget_writes(connection)
        return removed


def _require_still_replaced(connection: sqlite3.Connection, stored: StoredVersion) -> None:
    """Refuse to remove what was not current when it was chosen and has become so since."""
    head = None if stored.is_current else catalogue.head(connection, stored.key)
    if head is not None and head.version == stored.version:
        raise StorageError(
            f"{stored.key} {short_version(stored.version)} has become the current version meanwhile; "
            "nothing was removed.",
            hint="Look at 'tradewright data list --versions' again.",
        )


def _sweep(files: Path, needed: set[str]) -> int:
    removed = 0
    with explained(files):
        for path in sorted(files.rglob("*"), reverse=True):
            if path.is_dir():
                # Only empty ones go; those with files refuse.
                with suppress(OSError):
                    path.rmdir()
            elif path.name.endswith((ASIDE, ".parquet")) and path.relative_to(files).as_posix() not in needed:
                path.unlink(missing_ok=True)
                removed += 1
    return removed
