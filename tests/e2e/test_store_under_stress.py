"""A store of bars whose writers die, meet, run out of disk or are stopped."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.child_processes import told_by
from tests.stores import AnyStore, content, days, emptied, orphans, with_prices, write

from tradewright.adapters.storage.market_data.store import DatabaseBarStore
from tradewright.adapters.storage.parquet import durable
from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.adapters.storage.segmented import catalogue
from tradewright.domain.errors import DataError, ResourceError, StorageError
from tradewright.domain.stored import WriteMode

Maker = Callable[..., AnyStore]

PROJECT = Path(__file__).resolve().parents[2]
BEFORE = {"XNYS:ACME 1d raw": [days(10).fingerprint]}
AFTER = {
    "XNYS:ACME 1d raw": [days(18).fingerprint, days(10).fingerprint],
    "XNYS:OTHER 1d raw": [days(20, "OTHER").fingerprint],
}
NEXT = {"XNYS:NEXT 1d raw": [days(3, "NEXT").fingerprint]}


@pytest.fixture(scope="module")
def crashes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What killed commands left, by the step at which they died."""
    return told_by("store_crashes", str(tmp_path_factory.mktemp("crashes")))


STEPS = (
    "before the note",
    "after the note, not committed",
    "before the first file",
    "first file written aside",
    "first file in place",
    "files of both in place",
    "before the transaction",
    "in the transaction, before the first series",
    "in the transaction, after the first series",
    "in the transaction, after the last",
    "before the sweep",
    "after the sweep",
)


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_a_command_killed_before_it_counts_leaves_the_store_as_it_was(
    crashes: dict[str, dict[str, Any]], step: str
) -> None:
    assert crashes[step]["signal"] == signal.SIGKILL
    assert crashes[step]["left"]["content"] == crashes[step]["before"] == BEFORE


@pytest.mark.slow
def test_a_command_killed_after_it_counts_is_complete(crashes: dict[str, dict[str, Any]]) -> None:
    assert crashes["after the transaction"]["signal"] == signal.SIGKILL
    assert crashes["after the transaction"]["left"]["content"] == AFTER


@pytest.mark.slow
def test_something_is_left_over_by_a_killed_command(crashes: dict[str, dict[str, Any]]) -> None:
    left = {step: told["left"]["orphans"] for step, told in crashes.items()}
    assert left["first file in place"] == left["first file written aside"] == 1
    assert left["files of both in place"] == left["before the sweep"] == 4


@pytest.mark.slow
@pytest.mark.parametrize("step", [*STEPS, "after the transaction"])
def test_the_next_command_clears_it_away_and_the_same_command_then_succeeds(
    crashes: dict[str, dict[str, Any]], step: str
) -> None:
    told = crashes[step]
    assert told["next"]["orphans"] == told["again"]["orphans"] == 0
    assert told["next"]["content"] == {**told["left"]["content"], **NEXT}
    assert told["again"]["content"] == {**AFTER, **NEXT}


# ---------------------------------------------------------------- killed over a database

KILLED = """
import os, signal, sys
from tests.stores import days
from tradewright.adapters.storage.market_data.store import DatabaseBarStore
from tradewright.adapters.storage.segmented import catalogue
from tradewright.adapters.storage.segmented.writer import SegmentedBarWriter
from tradewright.domain.stored import WriteMode

dsn, step = sys.argv[1:]
place, name, calls = {
    "before the first row": (SegmentedBarWriter, "add", 1),
    "rows of one series put aside": (SegmentedBarWriter, "add", 2),
    "rows of both put aside": (SegmentedBarWriter, "commit", 1),
    "one series named": (catalogue, "put", 2),
    "both named": (DatabaseBarStore, "tidy", 0),
    "after the transaction": (DatabaseBarStore, "tidy", 1),
}[step]
whole, left = getattr(place, name), [calls]

def deadly(*arguments, **keywords):
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(*arguments, **keywords)

setattr(place, name, deadly)
store = DatabaseBarStore(dsn, segment_rows=8)
with store.writing() as writer:
    writer.add(days(10, first=8), WriteMode.APPEND)
    writer.add(days(20, "OTHER"), WriteMode.APPEND)
    if calls == 0:
        writer.commit()
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "left"),
    [("before the first row", BEFORE), ("rows of one series put aside", BEFORE), ("rows of both put aside", BEFORE),
     ("one series named", BEFORE), ("both named", BEFORE), ("after the transaction", AFTER)],
)  # fmt: skip
def test_a_command_killed_over_a_database_leaves_it_as_it_was_or_complete(
    bars_dsn: str, step: str, left: dict[str, list[str]]
) -> None:
    store = DatabaseBarStore(emptied(bars_dsn), segment_rows=8)
    write(store, days(10))
    done = subprocess.run([sys.executable, "-c", KILLED, bars_dsn, step], cwd=PROJECT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert {name: list(versions) for name, versions in content(store).items()} == left
    write(store, days(3, "NEXT"))
    assert orphans(store) == []


# ---------------------------------------------------------------- two at once

WRITER = """
import sys
from tests.stores import days
from tradewright.adapters.storage.market_data.store import DatabaseBarStore
from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.domain.stored import WriteMode

kind, place, symbol, first, count = *sys.argv[1:4], int(sys.argv[4]), int(sys.argv[5])
store = {"files": ParquetBarStore, "database": DatabaseBarStore}[kind](place, segment_rows=8)
for number in range(first, first + count):
    with store.writing() as writer:
        writer.add(days(number + 1, symbol), WriteMode.APPEND)
"""


def processes(store: AnyStore, *told: tuple[str, int, int]) -> list[subprocess.Popen[str]]:
    where = ("files", str(store.folder)) if isinstance(store, ParquetBarStore) else ("database", store.dsn)
    return [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, *where, *map(str, each)],
            cwd=PROJECT, stderr=subprocess.PIPE, text=True,
        )
        for each in told
    ]  # fmt: skip


@pytest.mark.slow
def test_two_processes_that_write_the_same_series_lose_nothing(new_bar_store: Maker) -> None:
    running = processes(new_bar_store(), ("ACME", 0, 12), ("ACME", 4, 12))
    assert [process.communicate(timeout=60)[1] for process in running] == ["", ""]
    store = new_bar_store()
    assert content(store)["XNYS:ACME 1d raw"][0] == days(16).fingerprint
    write(store, days(3, "NEXT"))
    assert orphans(store) == []


@pytest.mark.slow
def test_two_processes_that_write_different_series_do_not_hinder_each_other(new_bar_store: Maker) -> None:
    running = processes(new_bar_store(), ("ACME", 9, 10), ("OTHER", 9, 10))
    assert [process.communicate(timeout=60)[1] for process in running] == ["", ""]
    store = new_bar_store()
    current = {name: versions[0] for name, versions in content(store).items()}
    assert current == {
        "XNYS:ACME 1d raw": days(19).fingerprint, "XNYS:OTHER 1d raw": days(19, "OTHER").fingerprint
    }  # fmt: skip
    assert orphans(store) == []


def test_a_series_that_changed_under_a_command_is_appended_to_as_it_is_now(new_bar_store: Maker) -> None:
    store = new_bar_store(segment_rows=8)
    write(store, days(10))
    with store.writing() as mine:
        mine.add(days(20, first=5), WriteMode.APPEND)
        write(store, days(5, first=10), mode=WriteMode.APPEND)
    assert content(store)["XNYS:ACME 1d raw"][0] == days(25).fingerprint
    assert mine.written[0].new_rows == 10
    assert orphans(store) == []


def test_a_series_that_became_another_under_a_command_refuses_it(new_bar_store: Maker) -> None:
    store = new_bar_store(segment_rows=8)
    write(store, days(10))
    other = with_prices(days(10), 7, volume=1.0)

    def command() -> None:
        with store.writing() as mine:
            mine.add(days(20, first=5), WriteMode.APPEND)
            mine.add(days(3, "OTHER"))
            write(store, other, mode=WriteMode.REPLACE)

    with pytest.raises(DataError, match=r"first at 2024-01-08: volume 1\.0 is stored"):
        command()
    assert list(content(store)) == ["XNYS:ACME 1d raw"]
    assert orphans(store) == []


def test_a_series_that_another_command_added_first_is_refused_as_new(new_bar_store: Maker) -> None:
    store = new_bar_store(segment_rows=8)

    def command() -> None:
        with store.writing() as mine:
            mine.add(days(20))
            write(store, days(9))

    with pytest.raises(DataError, match="is stored with 9 bars"):
        command()
    assert content(store) == {"XNYS:ACME 1d raw": (days(9).fingerprint,)}


def test_the_series_removed_under_an_append_comes_with_what_was_appended(new_bar_store: Maker) -> None:
    """The files of the removed version may not be swept while somebody builds on them."""
    store = new_bar_store(segment_rows=8)
    write(store, days(20))
    with store.writing() as mine:
        mine.add(days(10, first=15), WriteMode.APPEND)
        store.remove(store.series())
    assert content(store) == {"XNYS:ACME 1d raw": (days(10, first=15).fingerprint,)}
    write(store, days(3, "NEXT"))
    assert orphans(store) == []


def test_a_series_that_keeps_changing_is_given_up_in_a_sentence(
    new_bar_store: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = new_bar_store(segment_rows=8)
    write(store, days(10))
    numbers = iter(range(1, 1000))
    monkeypatch.setattr(catalogue, "version", lambda *_: f"another {next(numbers)}")
    with pytest.raises(StorageError, match="Other commands kept changing XNYS:ACME 1d raw"):
        write(store, days(12), mode=WriteMode.APPEND)


# ---------------------------------------------------------------- full disk, Ctrl-C


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_full_disk_is_one_sentence_and_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    store = ParquetBarStore(tmp_path, segment_rows=8)
    write(store, days(10))
    left = iter(range(after))
    real = durable.write_aside

    def full(path: Path, data: bytes) -> None:
        if next(left, None) is None:
            path.write_bytes(bytes(data)[:10])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(path, data)

    monkeypatch.setattr(durable, "write_aside", full)
    with pytest.raises(ResourceError, match=r"The disk is full: .* was not written, and the store is as it was"):
        write(store, days(30), mode=WriteMode.APPEND)
    assert content(store) == {"XNYS:ACME 1d raw": (days(10).fingerprint,)}
    assert orphans(store) == []


def test_a_command_that_is_stopped_leaves_the_store_as_it_was(new_bar_store: Maker) -> None:
    store = new_bar_store(segment_rows=8)
    write(store, days(10))

    def command() -> None:
        with store.writing() as mine:
            mine.add(days(30), WriteMode.APPEND)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        command()
    assert content(store) == {"XNYS:ACME 1d raw": (days(10).fingerprint,)}
    assert orphans(store) == []


# ---------------------------------------------------------------- power


def test_every_file_is_on_the_disk_under_its_name_before_the_catalogue_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What no test can do is to cut the power: the order of the calls has to stand for it."""
    store = ParquetBarStore(tmp_path, segment_rows=8)
    write(store, days(3))
    told: list[str] = []
    fsync, replace, put = os.fsync, Path.replace, catalogue.put

    def synced(handle: int) -> None:
        told.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        fsync(handle)

    def moved(path: Path, target: Path) -> Path:
        told.append("move")
        return replace(path, target)

    def named(*arguments: Any) -> None:
        told.append("catalogue")
        put(*arguments)

    monkeypatch.setattr(durable.os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", moved)
    monkeypatch.setattr(catalogue, "put", named)
    write(store, days(16), mode=WriteMode.APPEND)
    assert told == ["file", "move", "folder", "file", "move", "folder", "catalogue"]
