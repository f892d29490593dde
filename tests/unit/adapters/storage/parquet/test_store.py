"""What is read is what was written, in versions by content; ranges, versions, removal."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from tests.stores import FIRST_DAY, content, days, key, minutes, orphans, with_prices, write

from tradewright.adapters.storage.parquet import database
from tradewright.adapters.storage.parquet.database import connected
from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.adapters.storage.segmented import catalogue
from tradewright.domain.errors import StorageError, SymbolNotFoundError
from tradewright.domain.quality import Gravity, Problem, QualityFinding, QualityReport
from tradewright.domain.stored import DayRange, WriteEffect, WriteMode

REPORT = QualityReport(
    "XNYS:ACME", "1d", "raw", "ACME.csv", 10, 10, 1, 2,
    (QualityFinding(Problem.SPIKE, Gravity.WARN, 1, 1, 1, 4, "A spike."),),
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> ParquetBarStore:
    """An empty store with segments of seven rows and a clock that ticks by one."""
    ticks = iter(range(1, 1000))
    return ParquetBarStore(tmp_path / "bars", segment_rows=7, now_ns=lambda: next(ticks))


# ---------------------------------------------------------------- reading back


def test_an_empty_store_is_not_made_by_looking(store: ParquetBarStore) -> None:
    assert (store.series(), store.versions(key()), store.tidy(), store.remove([])) == ([], [], 0, 0)
    assert not store.folder.exists()


def test_a_range_opens_only_the_files_it_needs(store: ParquetBarStore) -> None:
    write(store, minutes(10, 7))
    opened = sorted((store.folder / "series").rglob("*.parquet"))
    assert len(opened) == 10
    wanted = store.read(key(timeframe="1m"), DayRange(FIRST_DAY + 4, FIRST_DAY + 5))
    for path in opened:
        path.write_bytes(b"")
    with pytest.raises(StorageError, match="damaged"):
        store.read(key(timeframe="1m"), DayRange(FIRST_DAY + 4, FIRST_DAY + 5))
    with store.writing() as writer:
        writer.add(replace(wanted, source="again"), WriteMode.REPLACE)
    first = store.versions(key(timeframe="1m"))[1].version
    assert len(store.read(key(timeframe="1m"), DayRange(FIRST_DAY + 4, FIRST_DAY + 5), first)) == 7


# ---------------------------------------------------------------- versions


def test_versions_share_the_files_of_what_they_have_in_common(store: ParquetBarStore) -> None:
    write(store, days(20))
    write(store, days(1, first=20), mode=WriteMode.APPEND)
    assert len(list((store.folder / "series").rglob("*.parquet"))) == 4  # 7 + 7 + 6, and 7 + 7 + 7


def test_the_list_says_what_is_there_without_opening_it(store: ParquetBarStore) -> None:
    write(store, minutes(2, 5), days(20, quality=REPORT))
    for path in (store.folder / "series").rglob("*.parquet"):
        path.unlink()
    day, minute = store.series()
    assert (str(day.key), day.rows, day.quality, day.is_current) == ("XNYS:ACME 1d raw", 20, REPORT, True)
    assert day.first_ns == FIRST_DAY * 86_400 * 10**9
    assert (str(minute.key), minute.rows, minute.quality) == ("XNYS:ACME 1m raw", 10, None)
    assert minute.first_ns == int(minutes(2, 5).open_time[0])
    assert day.to_dict()["quality"] == REPORT.to_dict()


# ---------------------------------------------------------------- removing


def test_a_series_without_versions_is_gone_with_its_folders(store: ParquetBarStore) -> None:
    write(store, days(20), days(20, "OTHER"))
    store.remove(store.versions(key()))
    assert [str(each.key) for each in store.series()] == ["XNYS:OTHER 1d raw"]
    assert [path.name for path in (store.folder / "series" / "XNYS").iterdir()] == ["OTHER"]


def test_a_version_removed_while_it_is_opened_is_said_to_be_gone(
    store: ParquetBarStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(store, days(20))
    looked_up = catalogue.head
    with connected(store.database) as connection:
        stale = [looked_up(connection, key())]
    store.remove(store.versions(key()))
    monkeypatch.setattr(catalogue, "head", lambda *args: stale.pop() if stale else looked_up(*args))
    with pytest.raises(SymbolNotFoundError, match="is not in the store"):
        store.read(key())


# ---------------------------------------------------------------- damage


def damage(path: Path, at: int) -> None:
    content_ = bytearray(path.read_bytes())
    content_[at] ^= 0xFF
    path.write_bytes(bytes(content_))


@pytest.mark.parametrize("at", [10, 200, -2])
def test_a_damaged_file_is_one_sentence_and_replacing_mends_it(store: ParquetBarStore, at: int) -> None:
    write(store, days(5))
    (path,) = (store.folder / "series").rglob("*.parquet")
    damage(path, at)
    (checked,) = store.check(store.versions(key()))
    assert checked.fault
    assert "damaged" in checked.fault
    with pytest.raises(StorageError, match="in the store is damaged"):
        store.read(key())
    assert write(store, days(5), mode=WriteMode.REPLACE)[0].effect is WriteEffect.UNCHANGED
    assert content(store) == {"XNYS:ACME 1d raw": (days(5).fingerprint,)}


def test_whichever_byte_of_a_file_is_damaged_wrong_bars_are_never_read(store: ParquetBarStore) -> None:
    write(store, days(5))
    (path,) = (store.folder / "series").rglob("*.parquet")
    sound = path.read_bytes()
    refused = 0
    for at in range(0, len(sound), 11):
        damage(path, at)
        try:
            assert replace(store.read(key())).fingerprint == days(5).fingerprint
        except StorageError:
            refused += 1
        path.write_bytes(sound)
    assert refused > 40


def test_a_missing_file_is_one_sentence(store: ParquetBarStore) -> None:
    write(store, days(5))
    next((store.folder / "series").rglob("*.parquet")).unlink()
    with pytest.raises(StorageError, match="in the store is missing"):
        store.read(key())
    assert "missing" in str(next(iter(store.check(store.versions(key())))).fault)


def test_a_file_of_another_series_in_its_place_is_found_out(store: ParquetBarStore) -> None:
    write(store, days(5), with_prices(days(5, "OTHER"), 2, volume=7.0))
    mine, other = (next((store.folder / "series" / "XNYS" / name).rglob("*.parquet")) for name in ("ACME", "OTHER"))
    mine.write_bytes(other.read_bytes())
    faults = [checked.fault for checked in store.check(store.series())]
    assert "its bars are not those of version" in str(faults[0])
    assert faults[1] is None


@pytest.mark.parametrize("junk", [b"", b"no database at all, but text of some length" * 40])
def test_a_damaged_catalogue_is_one_sentence(store: ParquetBarStore, junk: bytes) -> None:
    write(store, days(5))
    (store.folder / "catalogue.sqlite").write_bytes(junk)
    for attempt in (store.series, lambda: store.read(key()), lambda: write(store, days(6))):
        with pytest.raises(StorageError, match=r"The catalogue .* is damaged"):
            attempt()


def test_bars_without_a_catalogue_are_not_taken_for_an_empty_store(store: ParquetBarStore) -> None:
    write(store, days(5))
    stored = store.series()
    (store.folder / "catalogue.sqlite").unlink()
    reading = (store.series, lambda: store.versions(key()), lambda: store.read(key()))
    for attempt in (*reading, lambda: write(store, days(5)), store.tidy, lambda: store.remove(stored)):
        with pytest.raises(StorageError, match="holds bars and no catalogue"):
            attempt()


def test_a_catalogue_of_a_newer_kind_is_left_alone(store: ParquetBarStore) -> None:
    write(store, days(5))
    connection = sqlite3.connect(store.folder / "catalogue.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StorageError, match="is of kind 99"):
        store.series()


# ---------------------------------------------------------------- others at work


def test_a_catalogue_that_is_kept_busy_is_one_sentence(store: ParquetBarStore, monkeypatch: pytest.MonkeyPatch) -> None:
    write(store, days(5))
    monkeypatch.setattr(database, "_PATIENCE_S", 0.01)
    other = sqlite3.connect(store.folder / "catalogue.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    for attempt in (store.series, lambda: write(store, days(6), mode=WriteMode.APPEND)):
        with pytest.raises(StorageError, match="Another process has kept the store"):
            attempt()
    other.close()
    assert store.series()[0].rows == 5


def test_nothing_is_swept_while_somebody_writes(store: ParquetBarStore) -> None:
    write(store, days(5))
    with store.writing() as writer:
        writer.add(days(9), WriteMode.APPEND)
        assert len(orphans(store)) == 2
        assert store.tidy() == 0
        assert len(orphans(store)) == 2
    assert orphans(store) == []
