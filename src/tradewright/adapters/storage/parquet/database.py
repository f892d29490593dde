"""The catalogue's database: how it is opened, made, and what its failures mean.

It keeps a rollback journal: opening one with a write-ahead log takes longer than reading a hundred thousand bars, and
transactions here last milliseconds, so that readers need not be kept apart from writers for longer.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tradewright.domain.errors import StorageError

from .durable import ASIDE, explained, full_disk, make_folder, sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["SCHEMA_VERSION", "connected", "make_database", "transaction"]

SCHEMA_VERSION = 1
_PATIENCE_S = 60.0
"""How long one process waits for another; a transaction of ours lasts milliseconds."""

_SCHEMA = """
CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    instrument TEXT NOT NULL,
    symbol TEXT NOT NULL,
    timeframe TEXT NOT NULL,
    adjustment TEXT NOT NULL,
    folder TEXT NOT NULL,
    head INTEGER,
    UNIQUE (instrument, timeframe, adjustment)
);
CREATE INDEX series_by_symbol ON series (symbol);
CREATE TABLE versions (
    id INTEGER PRIMARY KEY,
    series INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    fingerprint TEXT NOT NULL,
    instrument TEXT NOT NULL,
    rows INTEGER NOT NULL,
    first_ns INTEGER NOT NULL,
    last_ns INTEGER NOT NULL,
    imported_ns INTEGER NOT NULL,
    source TEXT NOT NULL,
    synthetic INTEGER NOT NULL,
    quality TEXT,
    actions TEXT NOT NULL,
    UNIQUE (series, fingerprint)
);
CREATE TABLE segments (
    id INTEGER PRIMARY KEY,
    series INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    rows INTEGER NOT NULL,
    first_session INTEGER NOT NULL,
    last_session INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    UNIQUE (series, name)
);
CREATE TABLE parts (
    version INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    segment INTEGER NOT NULL REFERENCES segments (id),
    PRIMARY KEY (version, position)
) WITHOUT ROWID;
CREATE INDEX parts_by_segment ON parts (segment);
CREATE TABLE writes (id INTEGER PRIMARY KEY, started_ns INTEGER NOT NULL);
"""


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a database that exists; closed afterwards, failures told in our words.

    Raises
    ------
    StorageError
        When the catalogue is damaged, of a newer kind, or kept busy by another process.
    ResourceError
        When the disk is full.
    """
    with _told(path):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_PATIENCE_S)
        try:
            connection.isolation_level = None
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = EXTRA")
            _require_known(connection, path)
            yield connection
        finally:
            connection.close()


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Everything or nothing; no other process writes in between."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def make_database(path: Path) -> None:
    """Make an empty catalogue where there is none; the caller sees to it that nobody else does so at the same time."""
    # Made aside: a catalogue that is there is whole.
    aside = path.with_name(f"{path.name}{ASIDE}")
    with explained(path):
        make_folder(path.parent)
        aside.unlink(missing_ok=True)
    with _told(path):
        connection = sqlite3.connect(aside, timeout=_PATIENCE_S)
        try:
            connection.isolation_level = None
            with transaction(connection):
                for statement in filter(str.strip, _SCHEMA.split(";\n")):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        finally:
            connection.close()
    with explained(path):
        aside.replace(path)
        sync_folder(path.parent)


def _require_known(connection: sqlite3.Connection, path: Path) -> None:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > SCHEMA_VERSION:
        raise StorageError(
            f"The catalogue {path} is of kind {version}, and this program knows kinds up to {SCHEMA_VERSION}.",
            hint="Use the newer Tradewright that wrote it.",
        )


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise _sentence(path, error) from error


def _sentence(path: Path, error: sqlite3.Error) -> Exception:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith("SQLITE_FULL") or "disk is full" in str(error):
        return full_disk(path)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StorageError(
            f"Another process has kept the store at {path.parent} busy for a minute.", hint="Try again when it is done."
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR")):
        return StorageError(
            f"The catalogue {path} cannot be opened or written: {error}.", hint="Look at the rights and the free space."
        )
    return StorageError(
        f"The catalogue {path} is damaged: {error}.",
        hint="Put a copy of it back, or move its folder away and import the files again.",
    )
