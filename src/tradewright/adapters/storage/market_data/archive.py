"""Old segments leave the table of bars for an archive, and come back: one after the other, each verified on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import StorageError
from tradewright.ports.bar_archive import Moved

from ..parquet.files import columns_in, segment_bytes
from ..segmented.segments import Segment, damaged, name_of
from .rows import SegmentRows
from .store import note_unneeded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from tradewright.domain.stored import SeriesKey
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.artifacts import ArtifactStore

    from .store import DatabaseBarStore

__all__ = ["DatabaseArchive"]

_CHOSEN = """
    SELECT g.id, g.name, g.rows, g.first_session, g.last_session, s.folder, s.instrument, s.timeframe
    FROM segments g JOIN series s ON s.id = g.series
"""
_OLD = f"{_CHOSEN} WHERE g.archived IS NULL AND g.last_session < %s AND (%s OR s.timeframe = ANY(%s)) ORDER BY g.id"
_OF_SERIES = f"""{_CHOSEN} WHERE g.archived IS NOT NULL
    AND (s.instrument, s.timeframe, s.adjustment) = (%s, %s, %s) ORDER BY g.id"""


class DatabaseArchive:
    """See `tradewright.ports.bar_archive.BarArchive`.

    Parameters
    ----------
    store : DatabaseBarStore
        With an archive.

    Raises
    ------
    StorageError
        When the store has none.
    """

    def __init__(self, store: DatabaseBarStore) -> None:
        if store.archive is None:
            raise StorageError(f"Nothing says where {store.place} archives to.", hint="Look at storage.artifacts.")
        self._store = store
        self._archive: ArtifactStore = store.archive

    def archive(self, before: int, timeframes: Collection[Timeframe] = ()) -> Iterator[Moved]:
        """Move the segments whose last session lies before a day."""
        chosen = before, not timeframes, [str(each) for each in timeframes]
        for row in self._found(_OLD, chosen):
            yield self._out(row)
        self._store.tidy()

    def restore(self, keys: Collection[SeriesKey]) -> Iterator[Moved]:
        """Move all segments of series back."""
        for key in keys:
            for row in self._found(_OF_SERIES, (key.instrument, str(key.timeframe), str(key.adjustment))):
                yield self._back(row)
        self._store.forget_archived()

    def _found(self, statement: str, values: Sequence[Any]) -> list[Any]:
        self._store.require_tables()
        with self._store.connected() as connection, connection.transaction():
            return connection.execute(statement, values).fetchall()

    def _out(self, row: Any) -> Moved:
        segment, folder = _segment(row), row[5]
        with self._store.changing() as connection:
            shelf = SegmentRows(connection, self._store.partitions, self._archive)
            columns = shelf.read(folder, segment)
            if name_of(columns) != segment.name:
                raise damaged(shelf.place(folder), "its rows are not what was written, and were not archived")
            content = bytes(segment_bytes(columns))
            digest = self._archive.put(content)
            kept = columns_in(self._archive.get(digest), shelf.place(folder), segment.rows)
            if name_of(kept) != segment.name:
                raise damaged(f"{shelf.place(folder)} in the archive", "they are not what was sent")
            marked = "UPDATE segments SET archived = %s WHERE id = %s AND archived IS NULL RETURNING id"
            note_unneeded(connection, [number for (number,) in connection.execute(marked, (digest, row[0])).fetchall()])
        return Moved(row[6], row[7], segment.rows, len(content))

    def _back(self, row: Any) -> Moved:
        segment, folder = _segment(row), row[5]
        with self._store.changing() as connection:
            shelf = SegmentRows(connection, self._store.partitions, self._archive)
            columns = shelf.read(folder, segment)
            if name_of(columns) != segment.name:
                raise damaged(f"{shelf.place(folder)} in the archive", "they are not what was written")
            written = shelf.write(folder, segment, columns)
            connection.execute(
                "UPDATE segments SET id = %s, archived = NULL WHERE id = %s", (written.number, segment.number)
            )
        return Moved(row[6], row[7], segment.rows, written.bytes)


def _segment(row: Any) -> Segment:
    number, name, rows, first_session, last_session = row[:5]
    return Segment(name, rows, first_session, last_session, number=number)
