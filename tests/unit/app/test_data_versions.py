"""Why a version was made is told by its source and by the version before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from tests.stores import days, key, with_prices, write

from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.adapters.storage.sql.coverage import SqlCoverageBook
from tradewright.adapters.storage.sql.database import Database
from tradewright.app.data_versions import kept_versions
from tradewright.domain.bars import Bars
from tradewright.domain.stored import WriteMode


@pytest.fixture
def store(tmp_path: Path) -> ParquetBarStore:
    """A store whose clock goes on by one with each look."""
    ticks: Iterator[int] = count(1_700_000_000_000_000_000)
    return ParquetBarStore(tmp_path / "bars", now_ns=lambda: next(ticks))


@pytest.fixture
def book(tmp_path: Path) -> SqlCoverageBook:
    """A book that knows one source."""
    found = SqlCoverageBook(Database(tmp_path / "runs.db"))
    found.mark("alpaca iex", key("OTHER"), 10, 20, 1)
    return found


def fetched(bars: Bars) -> Bars:
    return replace(bars, source="alpaca iex")


def test_what_a_file_brought_what_was_fetched_and_what_was_revised(
    store: ParquetBarStore, book: SqlCoverageBook
) -> None:
    write(store, days(5))
    write(store, fetched(days(3, first=5)), mode=WriteMode.APPEND)
    write(store, fetched(with_prices(days(8), 2, volume=7.0)), mode=WriteMode.REPLACE)
    write(store, fetched(days(10, first=-2)), mode=WriteMode.REPLACE)
    kept = kept_versions(store, book, key())
    assert [each.why.value for each in kept] == ["fetch", "revision", "fetch", "import"]
    assert [each.stored.rows for each in kept] == [10, 8, 8, 5]
    assert [each.stored.is_current for each in kept] == [True, False, False, False]


def test_a_series_that_is_not_there_has_no_versions(store: ParquetBarStore, book: SqlCoverageBook) -> None:
    assert kept_versions(store, book, key("NOBODY")) == []
