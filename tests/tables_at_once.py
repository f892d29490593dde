"""Tables of a new database by the very statements that the migrations gave there the first time.

Looking for the migrations, loading and ordering them takes longer than what most tests do with a new database. The
first one of a kind in a process goes the whole way, and what it is told is told to the others. A database with anything
in it is brought up as ever; the tests of the migrations themselves ask for `migrations_as_ever`.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tradewright.adapters.storage.migrating import Migrations

if TYPE_CHECKING:
    from sqlalchemy import Connection

_AS_EVER = Migrations.run
_QUESTIONS = ("SELECT", "PRAGMA")
_NAMING = "INSERT INTO installation"
_TABLES = {
    "sqlite": "SELECT count(*) FROM sqlite_master",
    "postgresql": "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
}

_told: dict[tuple[Path, str], list[tuple[str, Any]]] = {}


def use(patch: pytest.MonkeyPatch) -> None:
    """Let new databases of this process have their tables at once."""
    patch.setattr(Migrations, "run", _run)


def leave(patch: pytest.MonkeyPatch) -> None:
    """Let them go the whole way again."""
    patch.setattr(Migrations, "run", _AS_EVER)


def _run(migrations: Migrations, connection: Connection) -> None:
    from sqlalchemy import text

    kind = migrations.folder, connection.dialect.name
    if connection.execute(text(_TABLES[connection.dialect.name])).scalar():
        _AS_EVER(migrations, connection)
    elif kind in _told:
        _tell(connection, _told[kind])
    else:
        _told[kind] = _heard(migrations, connection)


def _heard(migrations: Migrations, connection: Connection) -> list[tuple[str, Any]]:
    """What the migrations tell a new database."""
    from sqlalchemy import event

    told: list[tuple[str, Any]] = []

    def hear(_: Any, __: Any, statement: str, parameters: Any, ___: Any, ____: bool) -> None:
        if not statement.lstrip().startswith(_QUESTIONS):
            told.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", hear)
    try:
        _AS_EVER(migrations, connection)
    finally:
        event.remove(connection, "before_cursor_execute", hear)
    return told


def _tell(connection: Connection, told: list[tuple[str, Any]]) -> None:
    for statement, parameters in told:
        given = _named_anew(parameters) if statement.startswith(_NAMING) else parameters
        connection.exec_driver_sql(statement, given or None)


def _named_anew(parameters: Any) -> Any:
    """Each installation has a name of its own."""
    name = uuid.uuid4().hex
    return {"id": name} if isinstance(parameters, dict) else (name,)
