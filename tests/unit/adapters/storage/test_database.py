"""The database of kept runs: its tables, its migrations, and what it says when it cannot be used."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import downgrade, upgrade
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from tradewright.adapters.storage.sql import database as module
from tradewright.adapters.storage.sql.database import HEAD, Database
from tradewright.adapters.storage.sql.schema import METADATA
from tradewright.domain.errors import ResourceError, StorageError

pytestmark = pytest.mark.usefixtures("migrations_as_ever")

REVISIONS = [script.revision for script in ScriptDirectory.from_config(module.MIGRATIONS.config()).walk_revisions()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs" / "runs.db"


def made(path: Path) -> Database:
    database = Database(path, busy_timeout_s=0.05)
    with database.writing():
        pass
    return database


def test_the_first_change_makes_folder_file_and_tables(path: Path) -> None:
    with Database(path).reading() as nothing:
        assert nothing is None
    assert not path.parent.exists()
    assert made(path).revision() == HEAD


def test_the_migrations_make_exactly_the_tables(path: Path) -> None:
    with made(path)._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_the_head_is_the_latest_migration() -> None:
    assert ScriptDirectory.from_config(module.MIGRATIONS.config()).get_heads() == [HEAD]


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_revision_is_brought_up_and_can_be_taken_back(path: Path, revision: str) -> None:
    database = made(path)
    config = module.MIGRATIONS.config()
    with database._writer() as connection:
        config.attributes["connection"] = connection
        downgrade(config, "base")
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}
        upgrade(config, revision)
    assert made(path).revision() == HEAD


def test_alembic_is_not_imported_where_the_tables_are_there(path: Path) -> None:
    made(path)
    code = (
        "import sys, pathlib\n"
        "from tradewright.adapters.storage.sql.database import Database\n"
        f"with Database(pathlib.Path({str(path)!r})).writing(): pass\n"
        "print('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_failed_migration_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(config: object, revision: str) -> None:
        upgrade(config, revision)  # type: ignore[arg-type]
        raise RuntimeError("killed")

    monkeypatch.setattr("alembic.command.upgrade", failing)
    with pytest.raises(RuntimeError, match="killed"):
        made(path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []


def test_several_processes_may_make_it_at_once(path: Path) -> None:
    code = (
        "import sys, pathlib\n"
        "from tradewright.adapters.storage.sql.database import Database\n"
        "sys.stdin.readline()\n"
        f"with Database(pathlib.Path({str(path)!r})).writing(): pass\n"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = [process.communicate("go\n", timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], said
    assert Database(path).revision() == HEAD


# ---------------------------------------------------------------- a change


def names(database: Database) -> list[str]:
    with database.reading() as connection:
        assert connection is not None
        return list(connection.execute(text("SELECT run_id FROM run_tags")).scalars())


def test_a_change_that_fails_leaves_nothing(path: Path) -> None:
    database = made(path)

    def change() -> None:
        with database.writing() as connection:
            connection.execute(text("INSERT INTO alembic_version VALUES ('x')"))
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        change()
    assert database.revision() == HEAD


def test_rows_of_a_run_that_is_not_there_are_refused(path: Path) -> None:
    database = made(path)
    with pytest.raises(StorageError, match="FOREIGN KEY"), database.writing() as connection:
        connection.execute(text("INSERT INTO run_tags VALUES ('nobody', 0, 'x')"))
    assert names(database) == []


def test_readers_do_not_wait_for_a_writer(path: Path) -> None:
    database = made(path)
    with database.writing():
        assert names(database) == []


# ---------------------------------------------------------------- what it says


def test_a_locked_database_is_a_sentence(path: Path) -> None:
    database = made(path)
    with database.writing(), pytest.raises(StorageError, match="is locked by another process"):
        made(path)


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to look like one" * 40, b"SQLite format 3\0" * 99]
)
def test_a_damaged_database_is_a_sentence(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(StorageError, match="is damaged or no database"):
        made(path)


def test_a_database_of_a_newer_version_is_refused_with_both(path: Path) -> None:
    with made(path).writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match=f"is at revision 9999, and this version of the program knows up to {HEAD}"):
        names(Database(path))


def test_a_place_that_cannot_be_a_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file stands here")
    with pytest.raises(StorageError, match="cannot be made"):
        made(tmp_path / "runs" / "runs.db")


def test_a_place_that_is_a_folder_itself_is_a_sentence(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StorageError, match="cannot be opened or written"):
        made(path)


def test_a_full_disk_is_a_sentence(path: Path) -> None:
    database = made(path)

    def fill() -> None:
        with database.writing() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
            for number in range(99):
                connection.execute(text("INSERT INTO alembic_version VALUES (:it)"), {"it": str(number) * 9000})

    with pytest.raises(ResourceError, match="The disk is full"):
        fill()
    assert database.revision() == HEAD
