"""The record of a session on a disk: torn anywhere it loses its last record and says so; damaged it refuses."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading

import pytest

from tradewright.adapters.storage.sessions import words
from tradewright.adapters.storage.sessions.logs import FileSessionLogs
from tradewright.bootstrap.session_logs import session_logs
from tradewright.domain.errors import StorageError
from tradewright.domain.live.session import plain_of
from tradewright.domain.live.wire import canonical_json
from tradewright.testing import sample_input, sample_inputs, sample_outputs


@pytest.fixture
def logs(tmp_path):
    return FileSessionLogs(tmp_path / "sessions")


def written(logs, inputs=3):
    """A session with some inputs, each answered; the file of its record."""
    with_answers = logs.create("one", {"a": 1})
    for number in range(inputs):
        with_answers.note(with_answers.take(sample_input(number)), sample_outputs()[1:2])
    with_answers.close()
    return logs.folder / "one" / "record.log"


def kept(logs):
    return list(logs.read("one").entries())


def test_inputs_are_written_in_their_plain_words():
    for given in (each for each in sample_inputs() if "inf" not in repr(each)):
        assert words.bytes_of(given) == canonical_json(plain_of(given))


def test_torn_at_every_byte_whole_records_stay(logs):
    path = written(logs, inputs=2)
    content = path.read_bytes()
    for length in range(len(content)):
        path.write_bytes(content[:length])
        found = [each[1] for each in kept(logs)]
        assert found == [sample_input(number) for number in range(len(found))]
        log = logs.open("one")
        assert path.stat().st_size >= length - log.tail_cut
        assert log.take(sample_input(7)) == len(found) + 1
        log.close()
        assert [each[1] for each in kept(logs)] == [*found, sample_input(7)]


def test_a_torn_tail_is_kept_aside(logs):
    path = written(logs)
    content = path.read_bytes()
    path.write_bytes(content[:-3])
    log = logs.open("one")
    log.close()
    aside = next(path.parent.glob("*.tail-at-*"))
    assert path.read_bytes() + aside.read_bytes() == content[:-3]
    assert log.tail_cut == aside.stat().st_size > 0


def test_damage_before_the_last_record_is_refused_and_nothing_is_cut(logs):
    path = written(logs)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(bytes(content))
    for ask in (lambda: kept(logs), lambda: logs.open("one")):
        with pytest.raises(StorageError, match=r"damaged at byte .* with inputs behind it"):
            ask()
    assert path.read_bytes() == bytes(content)


def test_a_flipped_bit_is_never_taken_for_an_input(logs):
    path = written(logs, inputs=2)
    content = path.read_bytes()
    honest = kept(logs)
    for at in range(len(content)):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1 << at % 8]) + content[at + 1 :])
        try:
            found = kept(logs)
        except StorageError:
            continue
        assert [each[1] for each in found] == [each[1] for each in honest][: len(found)]


def test_the_record_of_another_session_is_refused(logs):
    path = written(logs)
    logs.create("two", {}).close()
    (logs.folder / "two" / "record.log").write_bytes(path.read_bytes())
    with pytest.raises(StorageError, match="is of session 'one', not 'two'"):
        logs.open("two")


def test_a_session_whose_words_are_not_there_was_never_begun(logs):
    written(logs)
    (logs.folder / "one" / "about.json").unlink()
    assert logs.sessions() == []
    logs.create("one", {"a": 2}).close()
    assert kept(logs) == []


def test_a_session_that_was_refused_is_not_held(logs):
    path = written(logs)
    (path.parent / "about.json").write_bytes(b"{")
    for _ in range(2):
        with pytest.raises(StorageError, match=r"about\.json cannot be read"):
            logs.open("one")


def test_an_input_of_a_newer_version_is_a_sentence(logs):
    log = logs.create("one", {})
    log._append(1, json.dumps({"kind": "Whisper"}).encode())
    log.close()
    with pytest.raises(StorageError, match="Input 1 of session 'one' says what this version does not know"):
        kept(logs)


def test_what_a_full_disk_took_by_half_is_cut_and_nothing_follows(logs, monkeypatch):
    log = logs.create("one", {})
    log.take(sample_input(0))
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, content: write(handle, content[:9]))
    with pytest.raises(StorageError, match="No space left"):
        log.take(sample_input(1))
    monkeypatch.undo()
    with pytest.raises(StorageError, match="No space left"):
        log.take(sample_input(1))
    log.close()
    again = logs.open("one")
    assert (again.tail_cut, again.take(sample_input(1))) == (0, 2)
    again.close()


def test_a_disk_that_fails_is_a_sentence(logs, monkeypatch):
    log = logs.create("one", {})

    def fails(handle, content):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "write", fails)
    with pytest.raises(StorageError, match="'one' cannot be written: Input/output error"):
        log.take(sample_input(0))
    log.close()


WRITER = """
import pathlib, sys
from tradewright.adapters.storage.sessions.logs import FileSessionLogs
from tradewright.testing import sample_input, sample_outputs
log = FileSessionLogs(pathlib.Path(sys.argv[1])).create("one", {})
number = 0
while True:
    number = log.take(sample_input(number))
    log.note(number, sample_outputs()[:1])
    if number % 64 == 0:
        print(number, flush=True)
"""


def test_what_was_taken_survives_the_killing_of_the_writer(logs):
    writer = subprocess.Popen([sys.executable, "-c", WRITER, logs.folder], stdout=subprocess.PIPE, text=True)
    said = [int(next(writer.stdout)) for _ in range(20)][-1]
    looked = kept(logs)
    assert len(looked) >= said
    writer.kill()
    last = max([said, *map(int, writer.stdout.read().splitlines())])
    writer.wait()
    writer.stdout.close()
    found = kept(logs)
    assert len(found) >= last
    assert [each[1] for each in found] == [sample_input(number) for number in range(len(found))]
    assert {each[2] for each in found[:-1]} == {sample_outputs()[:1]}
    log = logs.open("one")
    assert log.take(sample_input(0)) == len(found) + 1
    log.close()


def test_who_follows_never_sees_half_a_record(logs):
    log = logs.create("one", {})
    looking = logs.read("one")

    def write():
        for number in range(3000):
            log.note(log.take(sample_input(number)), sample_outputs()[:1])

    thread = threading.Thread(target=write)
    thread.start()
    seen = 0
    while seen < 3000:
        for number, given, _ in looking.entries(after=seen):
            assert (number, given) == (seen + 1, sample_input(seen))
            seen = number
    thread.join()
    log.close()


def test_records_lie_in_the_folder_of_all_stores(storage):
    session_logs().create("one", {}).close()
    assert [name for name, _ in session_logs(storage).sessions()] == ["one"]
