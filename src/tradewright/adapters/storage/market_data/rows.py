"""Segments as rows of the table of bars: written by COPY, read by COPY, put into their order here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import DataError, DataNotAvailableError, StorageError
from tradewright.domain.timeframe import NS_PER_DAY

from ..parquet.files import columns_in as columns_in_file
from ..segmented.segments import COLUMNS, HINT, GoneError, Segment, damaged
from .wire import columns_in, rows_of, written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from psycopg import Connection

    from tradewright.ports.artifacts import ArtifactStore

    from .partitions import Partitions

    Columns = Mapping[str, NDArray[Any]]

__all__ = ["ROW_BYTES", "SegmentRows", "copied"]

ROW_BYTES = 96
"""Of one row in the table: 28 of its own, and the columns in their order, 4 of which are left free."""

_WRITE = f"COPY market_data.bars (segment, {', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)"
_READ = (
    "COPY (SELECT {names} FROM market_data.bars WHERE segment = {number}"
    " AND open_time >= {first} AND open_time < {stop}) TO STDOUT (FORMAT BINARY)"
)
_SLACK_DAYS = 2
"""How far an instant lies from the date of its session, at most: zones, and sessions that begin the evening before."""


class SegmentRows:
    """See `tradewright.adapters.storage.segmented.segments.Shelf`.

    Parameters
    ----------
    connection : psycopg.Connection
        In the transaction of the command, or of the look.
    partitions : Partitions
    archive : ArtifactStore, optional
        Where the rows of old segments lie.
    """

    def __init__(
        self, connection: Connection[Any], partitions: Partitions, archive: ArtifactStore | None = None
    ) -> None:
        self._connection = connection
        self._archive = archive
        self._partitions = partitions
        self.drawn: dict[tuple[str, str], list[int]] = {}
        """Numbers under which segments were put aside here, by folder and name; the last one is the catalogue's."""

    def read(self, folder: str, segment: Segment, names: tuple[str, ...] = COLUMNS) -> Columns:
        """Columns of a segment by name, from its rows, or from the archive where they lie there."""
        found = self._connection.execute("SELECT archived FROM segments WHERE id = %s", (segment.number,)).fetchall()
        if found and found[0][0] is not None:
            place = f"{self.place(folder)} in the archive"
            return columns_in_file(self._archived(place, str(found[0][0])), place, segment.rows, names)
        return self._from_rows(folder, segment, names)

    def _archived(self, place: str, digest: str) -> bytes:
        if self._archive is None:
            raise StorageError(f"{place} cannot be read: nothing says where it is.", hint="Look at storage.artifacts.")
        try:
            return self._archive.get(digest)
        except DataNotAvailableError:
            raise StorageError(
                f"{place} are gone.", hint="Restore the archive from a copy, or import the series again with --replace."
            ) from None
        except DataError:
            raise damaged(place, "they are not what was written") from None

    def _from_rows(self, folder: str, segment: Segment, names: tuple[str, ...]) -> Columns:
        wanted = ("open_time", *(name for name in names if name != "open_time"))
        content = self._copied(segment, wanted)
        try:
            rows = rows_of(content, wanted)
            if not len(rows):
                raise GoneError(f"{self.place(folder)} in the store are missing.", hint=HINT)
            columns = columns_in(rows, names)
        except ValueError as error:
            raise damaged(self.place(folder), str(error)) from error
        if len(rows) != segment.rows:
            raise damaged(self.place(folder), f"segment {segment.number} does not hold {segment.rows:,} rows")
        return columns

    def write(self, folder: str, segment: Segment, columns: Columns) -> Segment:
        """Put the rows of a segment into the table; no catalogue names them yet."""
        times = columns["open_time"]
        self._partitions.require(int(times[0]), int(times[-1]))
        number = int(self._connection.execute("SELECT nextval('market_data.segment_numbers')").fetchall()[0][0])
        with self._connection.cursor().copy(_WRITE) as copy:
            for piece in written(number, columns):
                copy.write(piece)
        self.drawn.setdefault((folder, segment.name), []).append(number)
        return replace(segment, bytes=segment.rows * ROW_BYTES, number=number)

    def place(self, folder: str) -> str:
        """How the rows of a series are called in sentences."""
        return f"The rows of {folder}"

    def _copied(self, segment: Segment, names: tuple[str, ...]) -> bytes:
        """What COPY says of a segment, from header to trailer.

        Read at the driver's lower floor: its cursor hands rows over one by one in Python, at a quarter of the pace.
        """
        from psycopg import sql

        statement = sql.SQL(_READ).format(
            names=sql.SQL(", ").join(map(sql.Identifier, names)),
            number=sql.Literal(segment.number),
            first=sql.Literal((segment.first_session - _SLACK_DAYS) * NS_PER_DAY),
            stop=sql.Literal((segment.last_session + _SLACK_DAYS + 1) * NS_PER_DAY),
        )
        return copied(self._connection, statement.as_bytes(self._connection))


def copied(connection: Connection[Any], statement: bytes) -> bytes:
    """What a COPY to us says, from header to trailer."""
    import psycopg
    from psycopg.pq import ExecStatus

    server = connection.pgconn
    begun = server.exec_(statement)
    if begun.status != ExecStatus.COPY_OUT:
        raise psycopg.errors.error_from_result(begun)
    # Bytes of one array: a view kept for each row is one more object for the collector to visit, time and again.
    content = bytearray()
    size, piece = server.get_copy_data(0)
    while size > 0:
        content += piece
        size, piece = server.get_copy_data(0)
    ended = server.get_result()
    while ended is not None:
        if ended.status == ExecStatus.FATAL_ERROR:
            raise psycopg.errors.error_from_result(ended)
        ended = server.get_result()
    return bytes(content)
