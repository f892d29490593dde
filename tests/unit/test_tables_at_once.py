"""Tables that are made at once are those of the migrations, and each installation has a name of its own."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests import tables_at_once

from tradewright.adapters.storage.market_data.schema import bring_up
from tradewright.adapters.storage.migrating import Migrations
from tradewright.adapters.storage.sql.database import HEAD, Database
from tradewright.adapters.storage.sql.server import ServerDatabase
from tradewright.domain.errors import StorageError

SAID_OF_TABLES = (
    """SELECT table_schema, table_name, column_name, ordinal_position, column_default, is_nullable, udt_name,
    character_maximum_length, generation_expression FROM information_schema.columns
    WHERE table_schema IN ('public', 'market_data') ORDER BY 1, 2, 4""",
    """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(pg_constraint.oid) FROM pg_constraint
    JOIN pg_namespace ON pg_namespace.oid = connamespace WHERE nspname IN ('public', 'market_data') ORDER BY 1, 2""",
    "SELECT indexdef FROM pg_indexes WHERE schemaname IN ('public', 'market_data') ORDER BY 1",
    """SELECT relname, relkind, pg_get_partkeydef(pg_class.oid) FROM pg_class
    JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname IN ('public', 'market_data') ORDER BY 1""",
    "SELECT version_num FROM alembic_version",
    "SELECT version_num FROM market_data.alembic_version",
)


def in_file(path: Path) -> tuple[list[str], str]:
    """Everything in a new file but the name of the installation, and that name."""
    database = Database(path)
    assert database.upgrade() is None
    with sqlite3.connect(path) as connection:
        said = [line for line in connection.iterdump() if 'INTO "installation"' not in line]
    return said, database.installation()


def on_server(dsn: str) -> tuple[list[Any], str]:
    """The same of a new database of a server, bars included."""
    database = ServerDatabase(dsn)
    assert (database.upgrade(), bring_up(dsn)) == (None, None)
    with psycopg.connect(dsn) as connection:
        return [connection.execute(each).fetchall() for each in SAID_OF_TABLES], database.installation()


@pytest.fixture
def the_whole_way(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes something by the migrations."""

    def make(made: Any, place: Any) -> Any:
        with monkeypatch.context() as patch:
            tables_at_once.leave(patch)
            return made(place)

    return make


def test_a_file_has_the_tables_of_the_migrations_and_a_name(tmp_path: Path, the_whole_way: Any) -> None:
    wanted, first = the_whole_way(in_file, tmp_path / "wanted.db")
    names = {first}
    for number in range(2):
        said, name = in_file(tmp_path / f"{number}.db")
        assert said == wanted
        names.add(name)
    assert len(names) == 3


def test_a_database_of_a_server_has_them_too(postgres: Any, the_whole_way: Any) -> None:
    with postgres.fresh() as dsn:
        wanted, first = the_whole_way(on_server, dsn)
    names = {first}
    for _ in range(2):
        with postgres.fresh() as dsn:
            said, name = on_server(dsn)
        assert said == wanted
        names.add(name)
    assert len(names) == 3
    assert wanted[-2] == [(HEAD,)]


def test_a_database_with_something_in_it_goes_the_whole_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_file(tmp_path / "first.db")
    went: list[Migrations] = []
    monkeypatch.setattr(tables_at_once, "_AS_EVER", lambda migrations, connection: went.append(migrations))
    in_file(tmp_path / "second.db")
    assert went == []
    with sqlite3.connect(tmp_path / "third.db") as connection:
        connection.execute("CREATE TABLE mine (id)")
    with pytest.raises(StorageError, match="no such table: installation"):
        in_file(tmp_path / "third.db")
    assert len(went) == 1
