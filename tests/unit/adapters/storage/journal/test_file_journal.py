"""A journal on a disk: torn anywhere it loses its last record and says so; damaged it refuses; failed it is silent."""

from __future__ import annotations

import asyncio
import errno
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewright.adapters.storage.journal.crc32c import crc32c
from tradewright.adapters.storage.journal.file_journal import FileJournal
from tradewright.domain.errors import JournalError
from tradewright.domain.live.journal import JournalIdentity, Record, RecordKind
from tradewright.testing import sample_record

IDENTITY = JournalIdentity("acct", "live")


def written(folder, records=4, segment_bytes=1 << 20, epochs=1):
    """A journal with some records; the file of its last segment."""
    for epoch in range(1, epochs + 1):
        journal = FileJournal(folder, IDENTITY, segment_bytes)
        journal.open()
        journal.begin_epoch(epoch)
        for number in range(records):
            journal.append(sample_record(number))
        asyncio.run(journal.durable(records * epoch))
        journal.close()
    return max(folder.glob("*.journal"))


def read(folder, identity=IDENTITY):
    journal = FileJournal(folder, identity)
    try:
        return journal.open()
    finally:
        journal.close()


@pytest.fixture
def quick(monkeypatch):
    """The disk answers at once: what is tested is what the bytes say."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


def test_checksums_are_those_of_the_standard():
    assert crc32c(bytes(32)) == 0x8A9136AA
    assert crc32c(b"\xff" * 32) == 0x62A8AB43
    assert crc32c(bytes(range(32))) == 0x46DD794E


def test_cut_at_every_byte_whole_records_stay(tmp_path, quick):
    path = written(tmp_path / "j", records=2)
    content = path.read_bytes()
    for length in range(len(content)):
        path.write_bytes(content[:length])
        found = read(tmp_path / "j")
        kept = [entry.record for entry in found.entries]
        assert kept == [sample_record(number) for number in range(len(kept))]
        if path.exists():
            assert found.tail_cut == length - path.stat().st_size
            assert read(tmp_path / "j").tail_cut == 0


def test_a_torn_tail_is_kept_aside(tmp_path):
    path = written(tmp_path / "j")
    content = path.read_bytes()
    path.write_bytes(content[:-3])
    cut = read(tmp_path / "j").tail_cut
    aside = next((tmp_path / "j").glob("*.tail-at-*"))
    assert path.read_bytes() + aside.read_bytes() == content[:-3]
    assert cut == aside.stat().st_size > 0


def test_a_flipped_bit_is_never_taken_for_a_record(tmp_path, quick):
    path = written(tmp_path / "j", records=2)
    content = path.read_bytes()
    honest = [sample_record(number) for number in range(2)]
    for at in range(len(content)):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1 << at % 8]) + content[at + 1 :])
        try:
            kept = [entry.record for entry in read(tmp_path / "j").entries]
        except JournalError:
            path.write_bytes(content)
            continue
        assert kept == honest[:1], f"a bit flipped at byte {at} changed more than the last record"
        path.write_bytes(content)


def test_damage_before_the_last_record_refuses_to_start(tmp_path):
    path = written(tmp_path / "j")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(bytes(content))
    with pytest.raises(JournalError, match=r"damaged at byte .* with records behind it"):
        read(tmp_path / "j")
    assert path.read_bytes() == bytes(content)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=9)), max_size=8), st.data())
def test_any_records_survive_and_any_cut_leaves_a_beginning(tmp_path_factory, bodies, data):
    folder = tmp_path_factory.mktemp("j")
    journal = FileJournal(folder, IDENTITY, segment_bytes=data.draw(st.sampled_from([60, 500, 1 << 20])))
    journal.open()
    journal.begin_epoch(1)
    records = [Record(RecordKind.OUTCOME, body) for body in bodies]
    for record in records:
        journal.append(record)
    journal.close()
    assert [entry.record for entry in read(folder).entries] == records
    last = max(folder.glob("*.journal"))
    content = last.read_bytes()
    last.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    kept = [entry.record for entry in read(folder).entries]
    assert kept == records[: len(kept)]


def test_segments_are_chained(tmp_path):
    written(tmp_path / "j", records=8, segment_bytes=300, epochs=2)
    paths = sorted((tmp_path / "j").glob("*.journal"))
    assert len(paths) > 3
    assert [entry.sequence for entry in read(tmp_path / "j").entries] == list(range(1, 17))
    paths[1].unlink()
    with pytest.raises(JournalError, match="has no segment 00000002"):
        read(tmp_path / "j")


def test_a_torn_segment_that_is_not_the_last_refuses_to_start(tmp_path):
    written(tmp_path / "j", records=8, segment_bytes=300)
    first = min((tmp_path / "j").glob("*.journal"))
    first.write_bytes(first.read_bytes()[:-5])
    with pytest.raises(JournalError, match="damaged"):
        read(tmp_path / "j")


@pytest.mark.parametrize("other", [JournalIdentity("acct", "paper"), JournalIdentity("other", "live")])
def test_the_journal_of_another_account_or_mode_is_refused(tmp_path, other):
    written(tmp_path / "j")
    with pytest.raises(JournalError, match="is of account 'acct' \\(live\\)"):
        read(tmp_path / "j", other)


def test_a_failed_sync_ends_writing_for_good(tmp_path):
    calls = []

    def sync(handle):
        calls.append(handle)
        if len(calls) == 2:
            raise OSError(errno.EIO, "Input/output error")

    journal = FileJournal(tmp_path / "j", IDENTITY, sync=sync)
    journal.open()
    journal.begin_epoch(1)
    number = journal.append(sample_record(1))
    with pytest.raises(JournalError, match="Input/output error"):
        asyncio.run(journal.durable(number))
    assert journal.durable_sequence == 0
    for again in (lambda: asyncio.run(journal.durable(number)), lambda: journal.append(sample_record(2))):
        with pytest.raises(JournalError, match="cannot be written"):
            again()
    assert len(calls) == 2
    journal.close()


def test_a_full_disk_ends_writing_for_good(tmp_path, monkeypatch):
    journal = FileJournal(tmp_path / "j", IDENTITY)
    journal.open()
    journal.begin_epoch(1)

    def full(handle, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(JournalError, match="No space left"):
        journal.append(sample_record(1))
    monkeypatch.undo()
    with pytest.raises(JournalError, match="No space left"):
        journal.append(sample_record(1))
    journal.close()


def test_senders_that_wait_together_share_one_sync(tmp_path):
    calls = []
    journal = FileJournal(tmp_path / "j", IDENTITY, sync=calls.append)
    journal.open()
    journal.begin_epoch(1)
    before = len(calls)

    async def all_at_once():
        numbers = [journal.append(sample_record(number)) for number in range(20)]
        await asyncio.gather(*(journal.durable(number) for number in numbers))

    asyncio.run(all_at_once())
    assert len(calls) - before == 1
    journal.close()


def test_the_lock_goes_with_its_process(tmp_path):
    script = (
        "import os, sys, pathlib\n"
        "from tradewright.adapters.storage.journal.file_journal import FileJournal\n"
        "from tradewright.domain.live.journal import JournalIdentity, Record, RecordKind\n"
        "journal = FileJournal(pathlib.Path(sys.argv[1]), JournalIdentity('acct', 'live'))\n"
        "journal.open(); journal.begin_epoch(1)\n"
        "journal.append(Record(RecordKind.OUTCOME, {'n': 1}))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    run = subprocess.run([sys.executable, "-c", script, tmp_path / "j"], check=False)
    assert run.returncode == -9
    assert [dict(entry.record.body) for entry in read(tmp_path / "j").entries] == [{"n": 1}]
