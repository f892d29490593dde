"""Every store of approvals keeps what the suite promises, and the suite catches one that does not."""

from __future__ import annotations

import sqlite3

import pytest

from tradewright.adapters.storage.sql.approvals import SqlApprovals
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.server import ServerDatabase
from tradewright.bootstrap.approvals import approval_store
from tradewright.domain.errors import StorageError
from tradewright.domain.stage import Stage
from tradewright.testing import ApprovalConformance, sample_approval


class TestSqlite(ApprovalConformance):
    @pytest.fixture(autouse=True)
    def place(self, tmp_path):
        type(self).opened = staticmethod(lambda: SqlApprovals(Database(tmp_path / "runs.db")))
        type(self).reopened = staticmethod(lambda _: SqlApprovals(Database(tmp_path / "runs.db")))


class TestPostgres(ApprovalConformance):
    @pytest.fixture(autouse=True)
    def place(self, postgres_dsn):
        type(self).opened = staticmethod(lambda: SqlApprovals(ServerDatabase(postgres_dsn)))
        type(self).reopened = staticmethod(lambda _: SqlApprovals(ServerDatabase(postgres_dsn)))


def of(kind, folder):
    def opened():
        return kind(Database(folder / "runs.db"))

    return ApprovalConformance.of(opened=opened, reopened=lambda _: opened())


def test_a_store_that_loses_stages_is_caught(tmp_path):
    class Lenient(SqlApprovals):
        def of(self, strategy, stage):
            return super().of(strategy, Stage.BACKTEST)

    with pytest.raises(AssertionError, match="counted for paper"):
        of(Lenient, tmp_path).check("test_stages_are_apart")


def test_a_store_that_takes_the_first_word_is_caught(tmp_path):
    class First(SqlApprovals):
        def of(self, strategy, stage):
            return next((each for each in self.all() if each.strategy == strategy and each.stage == stage), None)

    with pytest.raises(AssertionError, match="the last word is"):
        of(First, tmp_path).check("test_the_last_word_counts_and_history_stays")


def test_approvals_lie_in_the_folder_of_all_stores(storage):
    approval_store().add(sample_approval())
    assert len(approval_store(storage).all()) == 1


def test_a_verdict_of_a_newer_version_is_a_sentence(storage):
    approval_store().add(sample_approval())
    with sqlite3.connect(storage / "runs" / "runs.db") as connection:
        connection.execute("UPDATE approvals SET verdict = 'doubted'")
    with pytest.raises(StorageError, match="Approval 1 says what this version does not know"):
        approval_store().all()
