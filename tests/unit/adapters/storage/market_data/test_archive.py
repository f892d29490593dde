"""Old bars leave the table for an archive: they are read as before, whatever ends the moving."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.s3_server import KEY_ID, SECRET, OwnS3
from tests.stores import FIRST_DAY, content, days, emptied, key, minutes, orphans, write

from tradewright.adapters.storage.folder.artifacts import FolderArtifacts
from tradewright.adapters.storage.market_data.archive import DatabaseArchive
from tradewright.adapters.storage.market_data.store import DatabaseBarStore
from tradewright.adapters.storage.s3.address import S3Address
from tradewright.adapters.storage.s3.artifacts import S3Artifacts, S3Credentials
from tradewright.domain.errors import StorageError
from tradewright.domain.stored import DayRange, WriteEffect, WriteMode
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.artifacts import ArtifactStore

LATER = FIRST_DAY + 1_000


@pytest.fixture(scope="module")
def s3() -> Iterator[OwnS3]:
    server = OwnS3()
    yield server
    server.close()


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> ArtifactStore:
    """Where it is archived to: a folder, and a bucket of a real S3 server."""
    if request.param == "folder":
        return FolderArtifacts(tmp_path / "archive")
    address = S3Address.parse(request.getfixturevalue("s3").bucket())
    return S3Artifacts(address, "archived", lambda: S3Credentials(KEY_ID, SECRET))


@pytest.fixture
def store(bars_dsn: str, place: ArtifactStore) -> DatabaseBarStore:
    """An empty store with segments of seven rows."""
    return DatabaseBarStore(emptied(bars_dsn), archive=place, segment_rows=7)


def rows(store: DatabaseBarStore) -> int:
    """How many rows the table has."""
    with psycopg.connect(store.dsn) as server:
        return int(server.execute("SELECT count(*) FROM market_data.bars").fetchall()[0][0])


def archived(store: DatabaseBarStore, before: int = LATER, *timeframes: str) -> int:
    """Move what is older; how many rows."""
    kinds = [Timeframe.parse(each) for each in timeframes]
    return sum(moved.rows for moved in DatabaseArchive(store).archive(before, kinds))


def test_what_was_archived_is_read_as_before_and_its_rows_are_gone(store: DatabaseBarStore) -> None:
    write(store, days(20))
    before = content(store)
    assert archived(store) == 20
    assert rows(store) == 0
    assert content(store) == before
    assert store.read(key(), DayRange(FIRST_DAY + 3, FIRST_DAY + 9)).close.tolist() == days(20).close[3:9].tolist()
    assert archived(store) == 0


def test_only_segments_that_lie_wholly_before_the_day_are_moved(store: DatabaseBarStore) -> None:
    write(store, days(20))
    assert archived(store, FIRST_DAY + 14) == 14
    assert rows(store) == 6
    assert store.read(key()).fingerprint == days(20).fingerprint


def test_a_timeframe_is_archived_for_itself(store: DatabaseBarStore) -> None:
    write(store, days(20), minutes(2, 7))
    assert archived(store, LATER, "1m") == 14
    assert rows(store) == 20


def test_a_series_goes_on_after_its_beginning_was_archived(store: DatabaseBarStore) -> None:
    write(store, days(20))
    archived(store)
    write(store, days(9, first=18), mode=WriteMode.APPEND)
    assert store.read(key()).fingerprint == days(27).fingerprint
    assert [each.fault for each in store.check(store.versions(key()))] == [None, None]


def test_writing_again_brings_rows_back(store: DatabaseBarStore) -> None:
    write(store, days(20))
    archived(store)
    assert write(store, days(20), mode=WriteMode.REPLACE)[0].effect is WriteEffect.UNCHANGED
    assert rows(store) == 20
    assert store.read(key()).fingerprint == days(20).fingerprint
    assert orphans(store) == []


def test_what_was_archived_comes_back(store: DatabaseBarStore) -> None:
    write(store, days(20), days(20, "OTHER"))
    archived(store)
    assert sum(moved.rows for moved in DatabaseArchive(store).restore([key()])) == 20
    assert rows(store) == 20
    assert store.read(key()).fingerprint == days(20).fingerprint
    assert store.read(key("OTHER")).fingerprint == days(20, "OTHER").fingerprint


def test_the_archive_is_freed_with_the_last_version_that_needs_it(
    store: DatabaseBarStore, place: ArtifactStore
) -> None:
    write(store, days(20))
    archived(store)
    store.remove(store.series())
    assert place.retain(()) == 0


def test_damaged_rows_are_not_archived(store: DatabaseBarStore) -> None:
    write(store, days(20))
    with psycopg.connect(store.dsn, autocommit=True) as server:
        server.execute("UPDATE market_data.bars SET close = close + 1 WHERE session = %s", (FIRST_DAY + 9,))
    with pytest.raises(StorageError, match="are not what was written, and were not archived"):
        archived(store)
    assert rows(store) == 20


def test_whoever_dies_between_archive_and_table_leaves_the_rows(
    store: DatabaseBarStore, place: ArtifactStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(store, days(20))
    get = type(place).get

    def cut_off(*_: Any) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(type(place), "get", cut_off)
    with pytest.raises(KeyboardInterrupt):
        archived(store)
    monkeypatch.setattr(type(place), "get", get)
    assert rows(store) == 20
    assert store.read(key()).fingerprint == days(20).fingerprint
    assert archived(store) == 20


def test_an_archive_that_is_gone_is_one_sentence(store: DatabaseBarStore, place: ArtifactStore) -> None:
    write(store, days(20))
    archived(store)
    place.retain(())
    with pytest.raises(StorageError, match=r"The rows of XNYS/ACME/1d/raw in the archive are gone\.") as caught:
        store.read(key())
    assert "copy" in str(caught.value.hint)
    assert "are gone" in str(next(iter(store.check(store.series()))).fault)


def test_a_store_that_is_told_of_no_archive_says_so(store: DatabaseBarStore) -> None:
    write(store, days(20))
    archived(store)
    with pytest.raises(StorageError, match="nothing says where it is"):
        DatabaseBarStore(store.dsn).read(key())
    with pytest.raises(StorageError, match="Nothing says where the store in the database"):
        DatabaseArchive(DatabaseBarStore(store.dsn))
