"""How a database stands: its revision, whether its tables are whole, and how much lies in it. Nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, inspect, select, text

from .database import HEAD, revision_of
from .schema import METADATA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Inspector

    from .database import Database

__all__ = ["DatabaseStanding", "standing"]

_MOST_SAID = 5


@dataclass(frozen=True, slots=True)
class DatabaseStanding:
    """How a database stands.

    Parameters
    ----------
    place : str
        How it is called in sentences; without secrets.
    revision : str or None
        None where nothing was ever kept.
    head : str
        The revision of this version of the program.
    problems : tuple of str
        What is damaged or missing, as sentences; empty where it was not looked for.
    size_bytes : int
    rows : mapping of str to int
        Rows of each table.
    """

    place: str
    revision: str | None
    head: str = HEAD
    problems: tuple[str, ...] = ()
    size_bytes: int = 0
    rows: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_current(self) -> bool:
        """Whether nothing has to be done to its tables."""
        return self.revision in {None, self.head}


def standing(database: Database, *, is_thorough: bool) -> DatabaseStanding:
    """Look at a database.

    Parameters
    ----------
    database : Database
    is_thorough : bool
        Whether every page is read and every row counted; that takes a while where there are many.

    Raises
    ------
    StorageError
        When it cannot be reached or opened.
    """
    with database.as_it_is() as connection:
        if connection is None:
            return DatabaseStanding(database.place, None)
        revision = revision_of(connection)
        if not is_thorough:
            return DatabaseStanding(database.place, revision)
        tables = inspect(connection)
        problems = _damage(connection) + (_missing(tables) if revision == HEAD else [])
        rows = {name: _count(connection, name) for name in _known(tables)}
        return DatabaseStanding(
            database.place, revision, problems=tuple(problems), size_bytes=_size(connection), rows=rows
        )


def _known(tables: Inspector) -> list[str]:
    there = set(tables.get_table_names())
    return [table.name for table in METADATA.sorted_tables if table.name in there]


def _count(connection: Connection, name: str) -> int:
    return int(connection.execute(select(func.count()).select_from(METADATA.tables[name])).scalar_one())


def _missing(tables: Inspector) -> list[str]:
    """Tables, columns and indexes that somebody took away."""
    there = set(tables.get_table_names())
    problems = [f"The table '{table.name}' is missing." for table in METADATA.sorted_tables if table.name not in there]
    for table in (each for each in METADATA.sorted_tables if each.name in there):
        columns = {column["name"] for column in tables.get_columns(table.name)}
        indexes = {index["name"] for index in tables.get_indexes(table.name)}
        problems += [
            f"The table '{table.name}' has no column '{c.name}'." for c in table.columns if c.name not in columns
        ]
        problems += [f"The index '{index.name}' is missing." for index in table.indexes if index.name not in indexes]
    return problems


def _damage(connection: Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        said = [str(row[0]) for row in connection.execute(text(f"PRAGMA integrity_check({_MOST_SAID})"))]
        lost = connection.execute(text("PRAGMA foreign_key_check")).all()
        orphans = sorted({f"Rows of '{row[0]}' belong to rows of '{row[2]}' that are not there." for row in lost})
        return [f"{each}." for each in said if each != "ok"] + orphans
    unfit = connection.execute(text("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"))
    return [f"The index '{row[0]}' is not whole." for row in unfit]


def _size(connection: Connection) -> int:
    if connection.dialect.name == "sqlite":
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        return int(pages) * int(connection.execute(text("PRAGMA page_size")).scalar_one())
    return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
