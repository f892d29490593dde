"""Opening a database: brought to the present tables, with the transactions the stores count on.

Alembic is imported only where a database is not at the present revision: one query tells, and starting stays fast.
"""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from tradewright.domain.errors import StorageError

from ..migrating import Migrations
from .translation import translated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

__all__ = ["BUSY_TIMEOUT_S", "HEAD", "MIGRATIONS", "Database", "as_json", "revision_of"]

HEAD = "0012"
"""The revision of `tables`; a test holds it to the latest migration."""

MIGRATIONS = Migrations(Path(__file__).with_name("migrations"), HEAD)

BUSY_TIMEOUT_S = 15.0
"""How long a change waits for that of another process."""

_WRITES = "tradewright_writes"

_UNDEFINED_TABLE = "42P01"
"""What PostgreSQL calls a table that is not there (its manual, appendix A)."""


class Database:
    """A SQLite file with the tables of this version.

    Parameters
    ----------
    path : Path
        The file; its folder and itself are made at the first change. Reading where there is none finds nothing.
    busy_timeout_s : float

    Raises
    ------
    StorageError
        From every use, when it is locked, damaged, cannot be written, or is of a newer version.
    """

    def __init__(self, path: Path, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        self.path = path
        self._engine = _sqlite(path, busy_timeout_s)
        self._is_current = False

    @contextmanager
    def reading(self) -> Iterator[Connection | None]:
        """One view of the database that does not change meanwhile; None where nothing was ever kept."""
        with self._translated():
            if not self._is_there():
                yield None
                return
            self._bring_up()
            with self._reader() as connection:
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One change: committed when the block ends well, undone otherwise; others wait meanwhile."""
        with self._translated():
            self._make_room()
            self._bring_up()
            with self._writer() as connection:
                yield connection

    @contextmanager
    def as_it_is(self) -> Iterator[Connection | None]:
        """The same as `reading`, whatever its revision: nothing is brought up."""
        with self._translated():
            if not self._is_there():
                yield None
                return
            with self._reader() as connection:
                yield connection

    def close(self) -> None:
        """Let go of what is held open between uses: nothing of a file."""

    def upgrade(self) -> str | None:
        """Make the tables, or bring them to the present revision; the revision that they were at before."""
        with self._translated():
            self._make_room()
        before = self.revision()
        with self.writing():
            return before

    def revision(self) -> str | None:
        """The revision that the database is at; None where it has no tables."""
        with self._translated(), self._engine.connect() as connection:
            return revision_of(connection)

    def installation(self) -> str:
        """A name that was drawn when the tables were made, and goes with the database wherever it moves.

        Raises
        ------
        StorageError
            Where nothing was ever kept.
        """
        with self.reading() as connection:
            found = None if connection is None else connection.execute(text("SELECT id FROM installation")).scalar()
        if found is None:
            raise StorageError(f"{self.place} has no name yet: nothing was kept in it.")
        return str(found)

    @contextmanager
    def _writer(self) -> Iterator[Connection]:
        with self._engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
            yield connection

    def _bring_up(self) -> None:
        """Make or change the tables where they are not the present ones."""
        if self._is_current:
            return
        with self._engine.connect() as connection:
            found = revision_of(connection)
        if found != HEAD:
            self._upgrade(found)
        self._is_current = True

    def _upgrade(self, found: str | None) -> None:
        MIGRATIONS.require_known(found, f"{self.place} is")
        # The write lock is held before the revision is looked at again: of two processes the second finds it done.
        with self._writer() as connection:
            MIGRATIONS.run(connection)

    def _is_there(self) -> bool:
        return self.path.exists()

    @contextmanager
    def _reader(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            yield connection

    def _make_room(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(
                f"The folder {self.path.parent} cannot be made: {error.strerror}.",
                hint="Choose another with storage.folder or TRADEWRIGHT_STORAGE__FOLDER.",
            ) from error

    @property
    def place(self) -> str:
        """How it is called in sentences."""
        return f"The database {self.path}"

    def _translated(self) -> Any:
        return translated(self.place)


def as_json(value: Any) -> str:
    """A value as the tables keep it."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def revision_of(connection: Connection) -> str | None:
    """The revision of a database; None where it has no tables."""
    try:
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DBAPIError as error:
        if "no such table" in str(error.orig) or getattr(error.orig, "sqlstate", "") == _UNDEFINED_TABLE:
            return None
        raise
    return found


def _sqlite(path: Path, busy_timeout_s: float) -> Engine:
    engine = create_engine(
        "sqlite+pysqlite://",
        creator=lambda: _connected(path, busy_timeout_s),
        poolclass=NullPool,
        json_serializer=as_json,
    )

    # What the driver begins by itself begins too late to make tables inside it, and never takes the write lock first.
    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _connected(path: Path, busy_timeout_s: float) -> Any:
    import sqlite3

    connection = sqlite3.connect(path, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys=ON")
    with suppress(sqlite3.OperationalError):
        # Readers then do not wait for a writer. Where another process holds the file, or it may not be written, it
        # stays as it is: what is being done decides whether that matters.
        connection.execute("PRAGMA journal_mode=WAL")
    return connection
