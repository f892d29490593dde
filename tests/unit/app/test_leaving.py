"""Bars leave the store to the day, with the versions that hold them, and their sources count as not asked for them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from tests.stores import FIRST_DAY, content, days, key, minutes, orphans, write

from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.adapters.storage.sql.coverage import SqlCoverageBook
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.system_clock import SystemClock
from tradewright.app.fetch.series import FetchDesk
from tradewright.app.leaving import Discarded, discard, overdue, remove_versions
from tradewright.bootstrap.series_turns import DutyTurns
from tradewright.domain.stored import WriteMode
from tradewright.domain.timeframe import Timeframe

DAILY = Timeframe.parse("1d")
SOURCE = "alpaca iex"


@pytest.fixture
def desk(tmp_path: Path) -> FetchDesk:
    """A store with segments of seven rows, and its book."""
    database = Database(tmp_path / "runs.db")
    store = ParquetBarStore(tmp_path / "bars", segment_rows=7)
    return FetchDesk(store, SqlCoverageBook(database), DutyTurns(database), SystemClock())


def discarded(desk: FetchDesk, before: int) -> list[Discarded]:
    """Let bars go that are older than so many days after the first."""
    return [asyncio.run(discard(desk, each)) for each in overdue(desk.store, {DAILY: FIRST_DAY + before})]


def known(desk: FetchDesk, symbol: str = "ACME") -> tuple[tuple[int, int], ...]:
    pairs = desk.book.covered(SOURCE, key(symbol)).pairs
    return tuple((first - FIRST_DAY, stop - FIRST_DAY) for first, stop in pairs)


def test_bars_of_before_a_day_go_and_the_others_are_what_they_were(desk: FetchDesk) -> None:
    bars = replace(days(20), source=SOURCE)
    write(desk.store, bars, days(20, "YOUNG", first=10), minutes(3, 5))
    desk.book.mark(SOURCE, key(), FIRST_DAY, FIRST_DAY + 20, 1)
    (told,) = discarded(desk, 8)
    assert (told.key, told.rows, told.left, told.versions) == (key(), 8, 12, 1)
    assert told.bytes > 0
    (current,) = desk.store.versions(key())
    assert current.version == bars.rows(8, 20).fingerprint
    assert (current.source, known(desk)) == (SOURCE, ((8, 20),))
    assert [each.rows for each in desk.store.series()] == [12, 15, 20]
    assert orphans(desk.store) == []
    assert discarded(desk, 8) == []


def test_earlier_versions_that_hold_such_bars_go_too(desk: FetchDesk) -> None:
    write(desk.store, days(15))
    write(desk.store, days(5, first=15), mode=WriteMode.APPEND)
    write(desk.store, days(4, first=16), mode=WriteMode.REPLACE)
    (told,) = discarded(desk, 10)
    assert (told.rows, told.left, told.versions) == (0, 4, 2)
    assert list(content(desk.store).values()) == [(days(4, first=16).fingerprint,)]


def test_a_series_that_is_older_as_a_whole_goes(desk: FetchDesk) -> None:
    write(desk.store, days(5))
    write(desk.store, days(5, first=5), mode=WriteMode.APPEND)
    (told,) = discarded(desk, 10)
    assert (told.rows, told.left, told.versions, desk.store.series()) == (10, 0, 2, [])


def test_what_was_left_out_at_reading_stays_in_the_report_where_its_bars_stay(desk: FetchDesk) -> None:
    from tradewright.domain.quality import Gravity, Problem, QualityFinding
    from tradewright.marketdata.quality import examine

    bars = days(20)
    stamps = bars.labels().tolist()
    noted = [
        QualityFinding(Problem.IMPOSSIBLE, Gravity.WARN, 1, stamps[row], stamps[row], row, f"Line {row} was left out.")
        for row in (3, 15)
    ]
    write(desk.store, replace(bars, quality=examine(bars, noted=noted)))
    discarded(desk, 8)
    quality = desk.store.series()[0].quality
    assert quality is not None
    assert [each.line for each in quality.findings if each.problem is Problem.IMPOSSIBLE] == [15]
    assert quality.rows == 12


def test_a_source_counts_as_not_asked_where_its_current_version_was_removed(desk: FetchDesk) -> None:
    write(desk.store, days(5), days(5, "OTHER"))
    write(desk.store, days(5, first=5), mode=WriteMode.APPEND)
    for symbol in ("ACME", "OTHER"):
        desk.book.mark(SOURCE, key(symbol), FIRST_DAY, FIRST_DAY + 10, 1)
    current, earlier = desk.store.versions(key())
    assert asyncio.run(remove_versions(desk, [earlier])).bytes > 0
    assert known(desk) == ((0, 10),)
    asyncio.run(remove_versions(desk, [current]))
    assert (known(desk), known(desk, "OTHER")) == ((), ((0, 10),))
