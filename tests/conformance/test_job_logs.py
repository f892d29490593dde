"""What jobs printed: files, and rows of a database in a file or on a server, keep the same promises."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradewright.adapters.storage.folder.job_logs import FolderJobLogs
from tradewright.adapters.storage.moved import MovedJobLogs
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.job_logs import SqlJobLogs
from tradewright.adapters.storage.sql.server import ServerDatabase
from tradewright.bootstrap.jobs import job_log
from tradewright.ports.jobs import JobLog

NOW = 1_763_700_000_000_000_000
DAY = 86_400 * 10**9


class Place:
    """Logs, and the time at which things are kept."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now_ns = folder, NOW
        self.logs: JobLog = FolderJobLogs(folder)

    def append(self, job_id: str, text: bytes) -> None:
        """Keep more at the time that it is."""
        self.logs.append(job_id, text)
        if isinstance(self.logs, FolderJobLogs):
            os.utime(self.folder / f"{job_id}.log", ns=(self.now_ns, self.now_ns))

    def whole(self, job_id: str, limit: int = 1 << 16) -> bytes:
        """All of a log, read in pieces."""
        found, at = b"", 0
        while (piece := self.logs.read(job_id, at, limit)) != (b"", at):
            found, at = found + piece[0], piece[1]
        assert at == len(found)
        return found


@pytest.fixture(params=["folder", "file", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Each place where logs may lie."""
    made = Place(tmp_path / "logs")
    if request.param != "folder":
        database = request.getfixturevalue(f"_state_{request.param}")
        made.logs = SqlJobLogs(database, lambda: made.now_ns)
        made.logs.forget(1 << 62)
    return made


def test_a_log_is_read_from_where_the_reader_stopped(place: Place) -> None:
    assert place.logs.read("j1", 0, 10) == (b"", 0)
    place.append("j1", b"one\n")
    place.append("j2", b"another\n")
    place.append("j1", b"two\n")
    assert place.logs.read("j1", 0, 5) == (b"one\nt", 5)
    assert place.logs.read("j1", 5, 100) == (b"wo\n", 8)
    assert place.logs.read("j1", 8, 100) == (b"", 8)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pieces=st.lists(st.one_of(st.binary(max_size=200), st.integers(60_000, 140_000).map(bytes)), max_size=6),
    limit=st.integers(1_000, 200_000),
)
def test_whatever_was_written_is_read_whatever_the_pieces(place: Place, pieces: list[bytes], limit: int) -> None:
    place.logs.forget(1 << 62)
    for piece in pieces:
        place.append("j1", piece)
    assert place.whole("j1", limit) == b"".join(pieces)


def test_lines_of_several_hands_are_all_there(place: Place) -> None:
    lines = [f"{number}\n".encode() for number in range(24)]
    with ThreadPoolExecutor(4) as hands:
        list(hands.map(lambda line: place.logs.append("j1", line), lines))
    assert sorted(place.whole("j1").splitlines(keepends=True)) == sorted(lines)


def test_logs_to_which_nothing_came_for_long_are_forgotten_whole(place: Place) -> None:
    for job in ("old", "long"):
        place.append(job, b"first\n")
    place.now_ns += 10 * DAY
    place.append("long", b"second\n")
    place.logs.forget(NOW + 5 * DAY)
    assert (place.whole("old"), place.whole("long")) == (b"", b"first\nsecond\n")
    place.logs.forget(NOW + 20 * DAY)
    assert place.whole("long") == b""


def test_what_was_kept_in_files_before_is_read_there_until_more_is_kept_elsewhere(tmp_path: Path) -> None:
    files, rows = FolderJobLogs(tmp_path), SqlJobLogs(Database(tmp_path / "runs.db"), lambda: NOW)
    files.append("old", b"in a file\n")
    both = MovedJobLogs(rows, files)
    both.append("new", b"in a row\n")
    assert both.read("old", 3, 100) == (b"a file\n", 10)
    assert both.read("new", 0, 100) == (b"in a row\n", 9)
    assert both.read("new", 9, 100) == (b"", 9)
    both.forget(1 << 62)
    assert (both.read("old", 0, 1), both.read("new", 0, 1)) == ((b"", 0), (b"", 0))


def test_logs_lie_in_files_of_the_host_until_the_database_is_on_a_server(
    storage: Path, monkeypatch: pytest.MonkeyPatch, postgres_dsn: str
) -> None:
    assert isinstance(job_log(), FolderJobLogs)
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__DATABASE", postgres_dsn)
    job_log().append("j1", b"said\n")
    assert SqlJobLogs(ServerDatabase(postgres_dsn), lambda: NOW).read("j1", 0, 10) == (b"said\n", 5)
    assert not (storage / "jobs").exists()
