"""Tests find a real PostgreSQL wherever there is one, and say why not where there is none."""

from __future__ import annotations

import psycopg
import pytest
from tests import postgres_server as kit

from tradewright.bootstrap.databases import state_database


def test_every_test_gets_an_empty_database_of_its_own(postgres):
    with postgres.fresh() as one, postgres.fresh() as other:
        postgres.tell("CREATE TABLE mine (n integer)", one)
        assert postgres.tell("SELECT to_regclass('mine')", one) != [(None,)]
        assert postgres.tell("SELECT to_regclass('mine')", other) == [(None,)]
        postgres.tell("CREATE SCHEMA aside", other)


def test_nothing_of_one_test_is_there_in_the_next(postgres):
    with postgres.fresh() as dsn:
        postgres.tell("CREATE TABLE mine (n integer)", dsn)
        postgres.tell("CREATE SCHEMA aside", dsn)
        left = psycopg.connect(dsn)
    with pytest.raises(psycopg.OperationalError):
        left.execute("SELECT 1")
    left.close()
    with postgres.fresh() as dsn:
        assert postgres.tell("SELECT to_regclass('mine'), to_regnamespace('aside')", dsn) == [(None, None)]


def test_a_named_server_is_left_as_it_was(postgres, monkeypatch):
    monkeypatch.setenv(kit.VARIABLE, postgres.dsn)
    names = "SELECT datname FROM pg_database ORDER BY 1"
    before = postgres.tell(names)
    with kit.a_server() as server, server.fresh(), server.fresh():
        assert len(server.tell(names)) == len(before) + 2
    assert postgres.tell(names) == before


def test_a_named_server_comes_first(postgres, monkeypatch):
    monkeypatch.setenv(kit.VARIABLE, postgres.dsn)
    monkeypatch.setattr(kit, "own_server", lambda: pytest.fail("A server was started beside the one that is named."))
    with kit.a_server() as server, server.fresh() as dsn:
        assert server.tell("SELECT 1", dsn) == [(1,)]


def test_a_server_is_stopped_and_keeps_what_it_was_told(own_postgres):
    with own_postgres.fresh() as dsn:
        own_postgres.tell("CREATE TABLE mine AS SELECT 7 AS n", dsn)
        for signal in ("INT", "QUIT"):
            own_postgres.stop(signal)
            with pytest.raises(psycopg.OperationalError):
                own_postgres.tell("SELECT 1", dsn)
            own_postgres.start()
            assert own_postgres.tell("SELECT n FROM mine", dsn) == [(7,)]


@pytest.mark.slow
def test_the_wheel_is_a_server_where_the_system_has_none():
    if kit.wheel_programs() is None:
        pytest.skip("the wheel of PostgreSQL is not installed")
    server = kit.own_server((lambda: None, kit.wheel_programs))
    try:
        assert server.tell("SELECT 1") == [(1,)]
    finally:
        server.close()
    assert not server.folder.exists()


def test_a_closed_folder_is_copied_for_the_other_user(tmp_path, monkeypatch):
    programs = tmp_path / "site" / "wheel" / "install" / "bin"
    programs.mkdir(parents=True)
    (programs / "initdb").write_text("#!/bin/sh\nexit 0\n")
    (tmp_path / "site" / "wheel.libs").mkdir()
    (tmp_path / "site" / "wheel.libs" / "lib.so").write_text("")
    server = kit.OwnPostgres.__new__(kit.OwnPostgres)
    server.folder, server._as = tmp_path / "server", []
    server.folder.mkdir()
    copied = server._reachable(programs)
    assert (copied / "initdb").read_text() == (programs / "initdb").read_text()
    assert (copied.parents[2] / "wheel.libs" / "lib.so").exists()
    (programs / "initdb").chmod(0o755)
    assert server._reachable(programs) == programs


def test_no_server_at_all_is_said_with_what_was_tried(tmp_path):
    def no_programs():
        return None

    def broken():
        (tmp_path / "initdb").write_text("#!/bin/sh\necho no room >&2\nexit 1\n")
        (tmp_path / "initdb").chmod(0o755)
        tmp_path.chmod(0o755)
        return tmp_path

    with pytest.raises(kit.NoPostgresError, match=r"\(no no programs; .*\); TRADEWRIGHT_TEST_POSTGRES names one"):
        kit.own_server((no_programs, broken))


def test_who_knew_a_database_does_not_know_the_next_one_of_its_name(postgres, monkeypatch):
    known = []
    for _ in range(2):
        with postgres.fresh() as dsn:
            monkeypatch.setenv("TRADEWRIGHT_STORAGE__DATABASE", dsn)
            known.append((dsn, state_database()))
    assert known[0][0] == known[1][0]
    assert known[0][1] is not known[1][1]
