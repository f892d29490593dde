"""The same tables on a real PostgreSQL: made once, changed by one at a time, and away in one sentence."""

from __future__ import annotations

import gc
import os
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import downgrade
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from tradewright.adapters.storage.sql import database as module
from tradewright.adapters.storage.sql.approvals import SqlApprovals
from tradewright.adapters.storage.sql.database import HEAD
from tradewright.adapters.storage.sql.schema import METADATA
from tradewright.adapters.storage.sql.server import ServerDatabase
from tradewright.domain.errors import MissingExtraError, StorageError
from tradewright.testing import sample_approval

pytestmark = pytest.mark.usefixtures("migrations_as_ever")


def made(dsn):
    database = ServerDatabase(dsn)
    with database.writing():
        pass
    return database


def test_the_migrations_make_exactly_the_tables_and_take_them_back(postgres_dsn):
    database = made(postgres_dsn)
    assert database.revision() == HEAD
    with database._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    config = module.MIGRATIONS.config()
    with database._writer() as connection:
        config.attributes["connection"] = connection
        downgrade(config, "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
    assert made(postgres_dsn).revision() == HEAD


def test_reading_where_nothing_was_kept_makes_nothing(postgres_dsn):
    with ServerDatabase(postgres_dsn).reading() as nothing:
        assert nothing is None
    assert ServerDatabase(postgres_dsn).revision() is None


def test_several_may_make_it_and_change_it_at_once(postgres_dsn):
    with ThreadPoolExecutor(4) as threads:
        added = threads.map(lambda _: SqlApprovals(ServerDatabase(postgres_dsn)).add(sample_approval()), range(12))
    assert sorted(each.number for each in added) == list(range(1, 13))


def test_a_change_that_fails_leaves_nothing(postgres_dsn):
    database = made(postgres_dsn)

    def change():
        with database.writing() as connection:
            connection.execute(text("INSERT INTO alembic_version VALUES ('x')"))
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        change()
    assert database.revision() == HEAD


def test_a_reader_sees_one_view_and_does_not_wait_for_a_writer(postgres_dsn):
    database = made(postgres_dsn)
    store = SqlApprovals(database)
    count = text("SELECT count(*) FROM approvals")
    with database.reading() as connection:
        assert connection.execute(count).scalar() == 0
        store.add(sample_approval())
        assert connection.execute(count).scalar() == 0
    assert len(store.all()) == 1


def test_a_reader_cannot_write(postgres_dsn):
    database = made(postgres_dsn)
    with pytest.raises(StorageError, match="read-only"), database.reading() as connection:
        connection.execute(text("DELETE FROM approvals"))


def test_a_database_of_a_newer_version_is_refused(postgres_dsn):
    with made(postgres_dsn).writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="is at revision 9999"), ServerDatabase(postgres_dsn).reading():
        pass


def test_a_server_that_is_away_is_a_sentence_without_secrets(tmp_path):
    dsn = f"host={tmp_path} dbname=runs user=ada password=s3cret"
    with pytest.raises(StorageError, match=r"The database 'runs' on .* cannot be reached") as caught:
        made(dsn)
    assert "s3cret" not in str(caught.value)


def test_a_driver_that_is_not_installed_names_the_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'tradewright\[postgres\]'"):
        ServerDatabase("dbname=runs")


def backend(database):
    """Number of the server's process behind a question."""
    with database.reading() as connection:
        return connection.execute(text("SELECT pg_backend_pid()")).scalar()


def others(database):
    """Connections to the same database beside the one that asks."""
    count = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                 " AND backend_type = 'client backend'")  # fmt: skip
    with database.reading() as connection:
        return connection.execute(count).scalar()


def alone(database):
    """Whether it is the only one; a process of the server takes a moment to end."""
    nap = text("SELECT pg_sleep(0.02)")
    for _ in range(500):
        if others(database) == 0:
            return True
        with database.reading() as connection:
            connection.execute(nap)
    return False


def test_a_connection_is_kept_between_questions(postgres_dsn):
    database = made(postgres_dsn)
    assert backend(database) == backend(database)


def test_a_connection_that_the_server_ended_is_opened_anew(postgres_dsn):
    database, another = made(postgres_dsn), ServerDatabase(postgres_dsn)
    before = backend(database)
    with another.writing() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": before})
    assert backend(database) != before


def test_a_process_that_was_forked_opens_its_own_and_leaves_those_of_its_parent(postgres_dsn):
    database = made(postgres_dsn)
    before = backend(database)
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Later versions warn of threads, of which none holds anything here.
        warnings.simplefilter("ignore")
        child = os.fork()
    if child == 0:
        try:
            os.write(writing, str(backend(database)).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert int(os.read(reading, 20)) != before
    assert backend(database) == before
    for each in (reading, writing):
        os.close(each)


def test_closing_lets_the_connections_go_and_it_can_be_used_again(postgres_dsn):
    database, looking = made(postgres_dsn), ServerDatabase(postgres_dsn)
    backend(database)
    assert others(looking) == 1
    database.close()
    assert alone(looking)
    assert backend(database)


def test_who_is_forgotten_lets_its_connections_go(postgres_dsn):
    database, looking = made(postgres_dsn), ServerDatabase(postgres_dsn)
    backend(database)
    del database
    gc.collect()
    assert alone(looking)


def test_many_may_ask_at_once(postgres_dsn):
    database = made(postgres_dsn)
    with ThreadPoolExecutor(30) as threads:
        assert len(list(threads.map(lambda _: backend(database), range(60)))) == 60
