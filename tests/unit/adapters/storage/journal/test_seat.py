"""Who holds a journal, what it holds so far, and how its holder is ended."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tradewright.adapters.storage.journal.file_journal import FileJournal
from tradewright.adapters.storage.journal.lock import started
from tradewright.adapters.storage.journal.seat import FolderSeat
from tradewright.domain.errors import JournalError
from tradewright.domain.live.journal import JournalIdentity
from tradewright.ports.seat import Holder
from tradewright.testing.journals import sample_record

IDENTITY = JournalIdentity("desk", "paper")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

HOLDER = """
import sys, time
from pathlib import Path
from tradewright.adapters.storage.journal.lock import HostLock
lock = HostLock(Path(sys.argv[1]))
lock.take()
print("held", flush=True)
while True:
    time.perf_counter()
"""


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[FileJournal]:
    journal = FileJournal(tmp_path, IDENTITY)
    journal.open()
    journal.begin_epoch(1)
    for number in range(3):
        journal.append(sample_record(number))
    asyncio.run(journal.durable(3))
    yield journal
    journal.close()


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "lock")], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    yield process
    process.kill()
    process.communicate()


def test_nobody_holds_a_folder_that_is_not_there(tmp_path: Path) -> None:
    seat = FolderSeat(tmp_path / "none")
    assert (seat.holder(), seat.identity(), seat.glance().entries) == (None, None, ())


def test_the_holder_is_known_by_process_host_and_start(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    found = FolderSeat(tmp_path).holder()
    assert found == Holder(holder.pid, os.uname().nodename, started(holder.pid))


def test_looking_does_not_take_the_seat(tmp_path: Path, journal: FileJournal) -> None:
    seat = FolderSeat(tmp_path)
    first, second = seat.holder(), seat.holder()
    assert first == second
    assert first is not None
    assert first.pid == os.getpid()
    journal.append(sample_record(9))
    assert len(seat.glance().entries) == 4


def test_a_journal_that_was_let_go_is_free(tmp_path: Path, journal: FileJournal) -> None:
    journal.close()
    assert FolderSeat(tmp_path).holder() is None


def test_a_frame_that_is_being_written_is_left_out_and_left_alone(tmp_path: Path, journal: FileJournal) -> None:
    (segment,) = tmp_path.glob("*.journal")
    whole = segment.read_bytes()
    segment.write_bytes(whole[:-3])
    assert len(FolderSeat(tmp_path).glance().entries) == 2
    assert segment.read_bytes() == whole[:-3]


def test_it_says_whose_journal_it_is(tmp_path: Path, journal: FileJournal) -> None:
    assert FolderSeat(tmp_path).identity() == IDENTITY


def test_a_holder_that_hangs_is_ended(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    seat = FolderSeat(tmp_path)
    found = seat.holder()
    assert found is not None
    seat.evict(found, 5.0)
    assert (holder.wait(60), seat.holder()) == (-9, None)


def test_a_holder_on_another_host_is_not_touched(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(JournalError, match="on elsewhere"):
        FolderSeat(tmp_path).evict(Holder(holder.pid, "elsewhere", is_here=False), 0.1)
    assert holder.poll() is None


def test_a_later_process_with_the_same_number_is_not_ended(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(JournalError, match="still held"):
        FolderSeat(tmp_path).evict(Holder(holder.pid, "here", "long ago"), 0.1)
    assert holder.poll() is None


def test_a_lock_that_says_nothing_is_said(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    (tmp_path / "lock").write_text("")
    with pytest.raises(JournalError, match="nothing says by which process"):
        FolderSeat(tmp_path).holder()
