"""The store of rows: what a command that writes stands on, removing, and clearing away what no version needs.

A command that writes is one transaction: its rows and its names become visible together, and a process that dies leaves
nothing. Series are named under locks taken in one order, so that commands do not wait for each other in a ring.
"""

from __future__ import annotations

import time
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import StorageError, TradewrightError

from ..postgres.driver import connected, driver, place_of, translated
from ..segmented import catalogue
from ..segmented.segments import SEGMENT_ROWS
from ..segmented.store import SegmentedBarStore, View, require_still_replaced
from ..segmented.writer import SegmentedBarWriter
from .partitions import Partitions
from .rows import SegmentRows
from .schema import HEAD, bring_up, revision_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from psycopg import Connection

    from tradewright.domain.stored import SeriesKey, StoredVersion
    from tradewright.ports.artifacts import ArtifactStore

    from ..segmented.catalogue import Statements
    from ..segmented.writer import Examiner

__all__ = ["WRITERS", "DatabaseBarStore", "note_unneeded"]

WRITERS = 0x7472_6164_657B
"""Number of the lock that those who write share, and who clears away has alone."""

_OPTIONS = "-c search_path=market_data -c enable_seqscan=off -c client_min_messages=warning"
"""A segment is always looked up by its summary: before the first statistics the planner would read whole years."""

_REPLACED = """
    SELECT g.id FROM segments g JOIN series s ON s.id = g.series
    WHERE s.folder = %s AND g.name = %s AND g.id <> %s
"""


class _Statements:
    """See `tradewright.adapters.storage.segmented.catalogue.Statements`, in the words of the driver."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """Carry a statement out; a cursor with its rows."""
        return self._connection.execute(statement.replace("?", "%s"), values)


class _Command:
    """What one command's writing stands on (`tradewright.adapters.storage.segmented.writer.Ground`)."""

    def __init__(self, store: DatabaseBarStore, connection: Connection[Any]) -> None:
        self.shelf = SegmentRows(connection, store.partitions, store.archive)
        self.segment_rows = store.segment_rows
        self.now_ns = store.now_ns
        self._connection = connection

    @contextmanager
    def looking(self) -> Iterator[Statements]:
        """Look into the catalogue, as it is now."""
        yield _Statements(self._connection)

    @contextmanager
    def changing(self, keys: Sequence[SeriesKey]) -> Iterator[Statements]:
        """Change these series and no other, until the command ends."""
        for key in keys:
            self._connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (str(key),))
        yield _Statements(self._connection)

    def named(self, _: Statements, *, has_left: bool) -> None:
        """Give segments that are written again their new rows, and note the rows that nothing names."""
        for (folder, name), (*earlier, number) in self.shelf.drawn.items():
            for (old,) in self._connection.execute(_REPLACED, (folder, name, number)).fetchall():
                self._connection.execute("UPDATE segments SET id = %s, archived = NULL WHERE id = %s", (number, old))
                earlier.append(old)
            note_unneeded(self._connection, [*earlier, *self._unnamed(number)] if has_left else earlier)

    def _unnamed(self, number: int) -> list[int]:
        return (
            [] if self._connection.execute("SELECT 1 FROM segments WHERE id = %s", (number,)).fetchall() else [number]
        )


class DatabaseBarStore(SegmentedBarStore):
    """See `tradewright.ports.bar_store.BarStore`.

    Parameters
    ----------
    dsn : str
        A connection string of libpq. What it keeps secret is in no sentence. The schema ``market_data`` is made when
        something is first written.
    archive : ArtifactStore, optional
        Where rows of old segments are put, and looked for (`tradewright.adapters.storage.market_data.archive`); of this
        store alone.
    segment_rows : int
        Rows of a segment.
    now_ns : callable
        The clock, UTC nanoseconds.
    """

    def __init__(
        self,
        dsn: str,
        *,
        archive: ArtifactStore | None = None,
        segment_rows: int = SEGMENT_ROWS,
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        said = driver().conninfo.conninfo_to_dict(dsn)
        self.dsn = dsn
        """As it was given."""
        self._dsn = driver().conninfo.make_conninfo(dsn, options=f"{said.get('options') or ''} {_OPTIONS}".strip())
        self._said = place_of(dsn)
        self.partitions = Partitions(dsn)
        self.archive = archive
        self.segment_rows = segment_rows
        self.now_ns = now_ns

    @property
    def place(self) -> str:
        """How the store is called in sentences; without user and password."""
        return f"the store in {self._said[0].lower()}{self._said[1:]}"

    @contextmanager
    def _viewed(self) -> Iterator[View | None]:
        with self._reading() as connection:
            found = revision_of(connection)
            if found in {None, HEAD}:
                shelf = SegmentRows(connection, self.partitions, self.archive)
                yield None if found is None else View(_Statements(connection), shelf)
                return
        bring_up(self._dsn)
        with self._viewed() as view:
            yield view

    @contextmanager
    def _reading(self) -> Iterator[Connection[Any]]:
        with self.connected() as connection:
            connection.isolation_level = driver().IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            with connection.transaction():
                yield connection

    @contextmanager
    def connected(self) -> Iterator[Connection[Any]]:
        """A connection to the database, in the schema of bars.

        Raises
        ------
        StorageError
            When the server cannot be reached, or refuses.
        """
        with translated(self._said), closing(connected(self._dsn)) as connection:
            yield connection

    @contextmanager
    def _changed(self) -> Iterator[_Statements]:
        with self.connected() as connection, connection.transaction():
            yield _Statements(connection)

    # ------------------------------------------------------------ writing

    @contextmanager
    def writing(self, examine: Examiner | None = None) -> Iterator[SegmentedBarWriter]:
        """Begin a command that writes."""
        try:
            self._bring_up()
            with self.changing() as connection:
                writer = SegmentedBarWriter(_Command(self, connection), examine)
                yield writer
                writer.commit()
        except BaseException:
            with suppress(TradewrightError):
                self.tidy()
            raise
        self.tidy()

    def _bring_up(self) -> None:
        """Make the tables where there are none, and bring earlier ones up."""
        if self._revision() != HEAD:
            bring_up(self._dsn)

    def _revision(self) -> str | None:
        with self.connected() as connection:
            return revision_of(connection)

    @contextmanager
    def changing(self) -> Iterator[Connection[Any]]:
        """One transaction of somebody who writes: rows that no version needs stay until it is over."""
        with self.connected() as connection, connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", (WRITERS,))
            yield connection
        with translated(self._said):
            self.partitions.summarize()

    def require_tables(self) -> None:
        """Bring the tables to the present revision where bars were ever kept.

        Raises
        ------
        StorageError
            When they are of a newer revision, or there are none.
        """
        if self._revision() is None:
            raise StorageError(f"Nothing was ever kept in {self.place}.", hint="'tradewright data import' fills it.")
        self._bring_up()

    def remove(self, versions: Sequence[StoredVersion]) -> int:
        """Take versions out in one step; the bytes that were freed."""
        if not versions or self._revision() is None:
            return 0
        self._bring_up()
        with self.connected() as connection, connection.transaction():
            statements = _Statements(connection)
            for key in sorted({str(stored.key) for stored in versions}):
                connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (key,))
            before = catalogue.bytes_kept(statements)
            require_still_replaced(statements, versions)
            for stored in versions:
                note_unneeded(connection, catalogue.delete_version(statements, stored.key, stored.version))
            freed = before - catalogue.bytes_kept(statements)
        self.tidy()
        self.forget_archived()
        return freed

    def forget_archived(self) -> int:
        """Free what the archive keeps and no segment needs, unless somebody is writing; how many pieces."""
        if self.archive is None:
            return 0
        with self.connected() as connection, connection.transaction():
            if not connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (WRITERS,)).fetchall()[0][0]:
                return 0
            kept = connection.execute("SELECT archived FROM segments WHERE archived IS NOT NULL").fetchall()
            return self.archive.retain({str(digest) for (digest,) in kept})

    def tidy(self) -> int:
        """Remove the rows of segments that no version needs, unless somebody is writing; the number of segments."""
        with self.connected() as connection, connection.transaction():
            if revision_of(connection) is None or not _nobody_writes(connection):
                return 0
            noted = [number for (number,) in connection.execute("DELETE FROM unneeded RETURNING segment").fetchall()]
            connection.execute("DELETE FROM bars WHERE segment = ANY(%s)", (noted,))
        return len(noted)


def note_unneeded(connection: Connection[Any], numbers: Sequence[int]) -> None:
    """Note segments whose rows are to go when nobody builds on them any more."""
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO unneeded VALUES (%s) ON CONFLICT DO NOTHING", [(number,) for number in numbers])


def _nobody_writes(connection: Connection[Any]) -> bool:
    if not connection.execute("SELECT 1 FROM unneeded LIMIT 1").fetchall():
        return False
    return bool(connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (WRITERS,)).fetchall()[0][0])
