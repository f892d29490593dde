"""Bars as rows of a real PostgreSQL: damage is found, readers see one state, and people can read them as a table."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psycopg
import pytest
from tests.stores import days, emptied, key, minutes, orphans, write

from tradewright.adapters.storage.folder.artifacts import FolderArtifacts
from tradewright.adapters.storage.market_data.partitions import years
from tradewright.adapters.storage.market_data.schema import HEAD, MIGRATIONS
from tradewright.adapters.storage.market_data.store import DatabaseBarStore
from tradewright.domain.errors import StorageError
from tradewright.domain.stored import DayRange, WriteEffect, WriteMode

if TYPE_CHECKING:
    from tradewright.domain.bars import Bars

DAY_NS = 86_400 * 10**9


@pytest.fixture
def store(bars_dsn: str) -> DatabaseBarStore:
    """An empty store with segments of seven rows."""
    return DatabaseBarStore(emptied(bars_dsn), segment_rows=7)


def told(store: DatabaseBarStore, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """What the database answers."""
    with psycopg.connect(store.dsn, autocommit=True) as server:
        cursor = server.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


# ---------------------------------------------------------------- rows


def test_versions_share_the_rows_of_what_they_have_in_common(store: DatabaseBarStore) -> None:
    write(store, days(20))
    write(store, days(1, first=20), mode=WriteMode.APPEND)
    assert told(store, "SELECT count(*) FROM market_data.bars") == [(7 + 7 + 6 + 7,)]


def test_bars_lie_in_the_table_of_their_year(store: DatabaseBarStore) -> None:
    write(store, days(10, first=-5))
    counted = "SELECT tableoid::regclass::text, count(*) FROM market_data.bars GROUP BY 1 ORDER BY 1"
    assert told(store, counted) == [("market_data.bars_2023", 5), ("market_data.bars_2024", 5)]


def test_the_years_of_instants_are_those_of_the_calendar_in_utc() -> None:
    first, last = np.array(["2019-12-31T23:59:59.999999999", "2021-01-01"], "datetime64[ns]").astype(np.int64)
    assert list(years(int(first), int(last))) == [2019, 2020, 2021]
    assert list(years(-1, 0)) == [1969, 1970]


def test_the_index_knows_of_rows_as_soon_as_they_are_written(bars_dsn: str) -> None:
    store = DatabaseBarStore(emptied(bars_dsn))
    write(store, minutes(20, 390))
    (index,) = told(store, "SELECT indexrelid FROM pg_index WHERE indrelid = 'market_data.bars_2024'::regclass")
    assert told(store, "SELECT brin_summarize_new_values(%s::oid)", *index) == [(0,)]


def test_a_range_reads_only_the_segments_it_needs(store: DatabaseBarStore) -> None:
    write(store, minutes(10, 7))
    told(store, "DELETE FROM market_data.bars WHERE session <> %s", int(days(1).sessions.labels[0]) + 4)
    first = int(days(1).sessions.labels[0]) + 4
    assert len(store.read(key(timeframe="1m"), DayRange(first, first + 1))) == 7


def test_people_read_what_is_current_as_a_table(store: DatabaseBarStore) -> None:
    write(store, days(3))
    write(store, days(2), mode=WriteMode.REPLACE)
    found = told(store, "SELECT symbol, timeframe, open_time, session, close FROM market_data.price_bars ORDER BY 3")
    closes = days(2).close.tolist()
    assert found == [
        ("ACME", "1d", datetime(2024, 1, 1, 14, 30, tzinfo=UTC), date(2024, 1, 1), closes[0]),
        ("ACME", "1d", datetime(2024, 1, 2, 14, 30, tzinfo=UTC), date(2024, 1, 2), closes[1]),
    ]
    assert told(store, 'SELECT count(*), min("timestamp") FROM market_data.ohlc_data') == [(2, found[0][2])]


# ---------------------------------------------------------------- damage


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        ("UPDATE market_data.bars SET close = close + 1e-9 WHERE session = %s", "its bars are not those of version"),
        ("DELETE FROM market_data.bars WHERE session = %s", "does not hold 5 rows"),
    ],
)
def test_damaged_rows_are_found_and_replacing_mends_them(store: DatabaseBarStore, damage: str, fault: str) -> None:
    write(store, days(5))
    told(store, damage, int(days(5).sessions.labels[2]))
    (checked,) = store.check(store.series())
    assert fault in str(checked.fault)
    assert write(store, days(5), mode=WriteMode.REPLACE)[0].effect is WriteEffect.UNCHANGED
    assert [each.fault for each in store.check(store.series())] == [None]
    assert orphans(store) == []


def test_missing_rows_are_one_sentence(store: DatabaseBarStore) -> None:
    write(store, days(5))
    told(store, "DELETE FROM market_data.bars")
    with pytest.raises(StorageError, match=r"The rows of XNYS/ACME/1d/raw in the store are missing\.") as caught:
        store.read(key())
    assert "--replace" in str(caught.value.hint)


# ---------------------------------------------------------------- readers and writers


def test_who_reads_sees_one_state_while_another_removes(
    store: DatabaseBarStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows go between the look into the catalogue and their reading."""
    from tradewright.adapters.storage.market_data.rows import SegmentRows

    write(store, days(5))
    read, other = SegmentRows.read, DatabaseBarStore(store.dsn)

    def late(self: SegmentRows, *arguments: Any) -> Any:
        monkeypatch.setattr(SegmentRows, "read", read)
        assert other.remove(other.series()) > 0
        assert told(store, "SELECT count(*) FROM market_data.bars") == [(0,)]
        return read(self, *arguments)

    monkeypatch.setattr(SegmentRows, "read", late)
    assert store.read(key()).fingerprint == days(5).fingerprint


def test_rows_are_not_cleared_away_while_somebody_writes(store: DatabaseBarStore) -> None:
    write(store, days(5))
    with store.writing() as writer:
        writer.add(days(5, "OTHER"))
        store.remove(store.series("ACME"))
        assert told(store, "SELECT count(*) FROM market_data.bars") == [(5,)]
    assert orphans(store) == []
    assert [str(each.key) for each in store.series()] == ["XNYS:OTHER 1d raw"]


# ---------------------------------------------------------------- the tables


def test_the_present_revision_is_that_of_the_latest_migration() -> None:
    latest = max(path.stem for path in (MIGRATIONS.folder / "versions").glob("v0*.py"))
    assert latest.startswith(f"v{HEAD}_")


def test_looking_makes_no_tables(postgres_dsn: str) -> None:
    store = DatabaseBarStore(postgres_dsn)
    assert (store.series(), store.versions(key()), store.tidy(), store.remove([])) == ([], [], 0, 0)
    assert told(store, "SELECT to_regnamespace('market_data')") == [(None,)]


def test_tables_of_a_newer_revision_are_left_alone(postgres_dsn: str) -> None:
    store = DatabaseBarStore(postgres_dsn)
    write(store, days(5))
    told(store, "UPDATE market_data.alembic_version SET version_num = '9999'")
    for attempt in (store.series, lambda: store.read(key()), lambda: write(store, days(6))):
        with pytest.raises(StorageError, match="holds bars at revision 9999"):
            attempt()


def test_a_server_that_is_away_is_one_sentence_without_the_password() -> None:
    store = DatabaseBarStore("postgresql://trader:hush@127.0.0.1:1/market")
    with pytest.raises(StorageError, match=r"The database 'market' on 127\.0\.0\.1 cannot be used") as caught:
        store.series()
    assert "hush" not in str(caught.value)


def test_a_series_longer_than_one_message_comes_back(store: DatabaseBarStore) -> None:
    bars: Bars = minutes(170, 390)
    large = DatabaseBarStore(store.dsn)
    write(large, bars)
    assert large.read(key(timeframe="1m")).fingerprint == bars.fingerprint
    assert [each.fault for each in large.check(large.series())] == [None]


def taken_back(store: DatabaseBarStore) -> DatabaseBarStore:
    """The same store, its tables of the first revision."""
    from alembic import command
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(store.dsn), poolclass=NullPool)
    with engine.begin() as connection:
        config = MIGRATIONS.config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
    return store


def test_tables_of_an_earlier_revision_are_brought_up_by_whoever_reads_or_removes(
    postgres_dsn: str, tmp_path: Path
) -> None:
    store = DatabaseBarStore(postgres_dsn, archive=FolderArtifacts(tmp_path))
    write(store, days(5))
    (stored,) = store.series()
    assert taken_back(store).read(key()).fingerprint == days(5).fingerprint
    assert told(store, "SELECT version_num FROM market_data.alembic_version") == [(HEAD,)]
    assert taken_back(store).remove([stored]) > 0
    assert store.series() == []
