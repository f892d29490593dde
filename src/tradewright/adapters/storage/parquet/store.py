"""The store of files: what a command that writes stands on, removing, and sweeping up after those that died."""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.domain.errors import StorageError, TradewrightError

from ..segmented import catalogue
from ..segmented.segments import SEGMENT_ROWS
from ..segmented.store import SegmentedBarStore, View, require_still_replaced
from ..segmented.writer import SegmentedBarWriter
from . import lock, notes
from .database import connected, make_database, transaction
from .durable import ASIDE, explained
from .files import SegmentFiles

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence
    from os import PathLike

    from tradewright.domain.stored import SeriesKey, StoredVersion

    from ..segmented.catalogue import Statements
    from ..segmented.writer import Examiner

__all__ = ["ParquetBarStore"]


class _Command:
    """What one command's writing stands on (`tradewright.adapters.storage.segmented.writer.Ground`)."""

    def __init__(self, store: ParquetBarStore, note: int) -> None:
        self.shelf = SegmentFiles(store.files)
        self.segment_rows = store.segment_rows
        self.now_ns = store.now_ns
        self._database = store.database
        self._note = note

    @contextmanager
    def looking(self) -> Iterator[sqlite3.Connection]:
        """Look into the catalogue."""
        with connected(self._database) as connection:
            yield connection

    @contextmanager
    def changing(self, _: Sequence[SeriesKey]) -> Iterator[sqlite3.Connection]:
        """Change the catalogue; a file has one writer at a time, whichever series it means."""
        with connected(self._database) as connection, transaction(connection):
            yield connection

    def named(self, statements: Statements, *, has_left: bool) -> None:
        """Strike the note out, unless files are left to be swept up."""
        if not has_left:
            notes.finish_write(statements, self._note)


class ParquetBarStore(SegmentedBarStore):
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
        self.folder = Path(folder)
        """Where it lies."""
        self.database = self.folder / "catalogue.sqlite"
        self.files = self.folder / "series"
        self.segment_rows = segment_rows
        self.now_ns = now_ns
        self._lock = self.folder / "writers.lock"

    @property
    def place(self) -> str:
        """How the store is called in sentences."""
        return f"the store at {self.folder}"

    @contextmanager
    def _viewed(self) -> Iterator[View | None]:
        if not self._exists():
            yield None
            return
        with connected(self.database) as connection:
            yield View(connection, SegmentFiles(self.files))

    @contextmanager
    def _changed(self) -> Iterator[sqlite3.Connection]:
        with connected(self.database) as connection, transaction(connection):
            yield connection

    def _exists(self) -> bool:
        """Whether there is a catalogue; bars that none names are no empty store."""
        if self.database.exists():
            return True
        # Looked for again: another command may have made it, and the first file, in between.
        if self.files.exists() and not self.database.exists():
            raise StorageError(
                f"{self.folder} holds bars and no catalogue that names them.",
                hint="Put a copy of catalogue.sqlite back, or move the folder away and import the files again.",
            )
        return False

    # ------------------------------------------------------------ writing

    @contextmanager
    def writing(self, examine: Examiner | None = None) -> Iterator[SegmentedBarWriter]:
        """Begin a command that writes."""
        self._make()
        try:
            with lock.shared(self._lock):
                writer = SegmentedBarWriter(_Command(self, self._begun()), examine)
                yield writer
                writer.commit()
            if writer.has_left:
                # Where somebody else is writing the note stays, and the next command looks again.
                self.tidy()
        except BaseException:
            with suppress(TradewrightError):
                self.tidy()
            raise

    def _begun(self) -> int:
        with connected(self.database) as connection, transaction(connection):
            return notes.start_write(connection, self.now_ns())

    def _make(self) -> None:
        """Make the catalogue where there is none, and clear away what an interrupted command left."""
        if self._exists():
            with connected(self.database) as connection:
                interrupted = notes.interrupted(connection)
            if interrupted:
                self.tidy()
            return
        with lock.alone(self._lock, wait=True) as sole:
            if not sole:
                raise StorageError(f"Another process keeps the store at {self.folder} busy.", hint="Try again.")
            if not self._exists():
                make_database(self.database)

    def remove(self, versions: Sequence[StoredVersion]) -> int:
        """Take versions out in one step; the bytes that were freed."""
        if not versions or not self._exists():
            return 0
        with connected(self.database) as connection, transaction(connection):
            before = catalogue.bytes_kept(connection)
            notes.start_write(connection, self.now_ns())
            require_still_replaced(connection, versions)
            for stored in versions:
                catalogue.delete_version(connection, stored.key, stored.version)
            freed = before - catalogue.bytes_kept(connection)
        self.tidy()
        return freed

    def tidy(self) -> int:
        """Remove files that no version needs, unless somebody is writing; their number."""
        if not self._exists():
            return 0
        with lock.alone(self._lock) as sole:
            if not sole:
                return 0
            with connected(self.database) as connection:
                removed = _sweep(self.files, notes.all_files(connection))
                with transaction(connection):
                    notes.forget_writes(connection)
        return removed


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
