"""The database goes away and comes back: nothing new is sent meanwhile, what reduces is, and nothing is lost."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from tradewright.adapters.storage.emergency.journal import EmergencyJournal
from tradewright.adapters.storage.emergency.rules import RULES, Roles
from tradewright.adapters.storage.postgres import writer
from tradewright.adapters.storage.postgres.journal import PostgresJournal
from tradewright.adapters.storage.postgres.records import DatabaseAwayError
from tradewright.domain.errors import JournalError, StaleEpochError
from tradewright.domain.live.journal import JournalIdentity, Record, RecordKind

IDENTITY = JournalIdentity("acct", "live")


def decide(cid, role="ENTRY"):
    return Record(RecordKind.DECIDE, {"key": f"1/{cid}", "digest": "d", "intents": [{"cid": cid, "role": role}]})


def arm(cid):
    return Record(RecordKind.ARM, {"cid": cid, "attempt": 1})


def cancel(cid):
    return Record(RecordKind.CANCEL_WANTED, {"cid": cid})


LATCH = Record(RecordKind.LATCH, {"number": 1, "reason": "told"})


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """A server that is away is asked again at once."""
    monkeypatch.setattr(writer, "RETRY_S", 0.01)


@pytest.fixture
def server(own_postgres):
    """A server that may be stopped; it runs again afterwards."""
    yield own_postgres
    if own_postgres._process is None:
        own_postgres.start()


@pytest.fixture
def dsn(server):
    with server.fresh() as found:
        yield found
        if server._process is None:
            server.start()


@pytest.fixture
def made(dsn, tmp_path):
    """Makes journals over the database and one folder."""
    held = []

    def make(epoch=None, folder=tmp_path / "emergency"):
        journal = EmergencyJournal(PostgresJournal(dsn, IDENTITY, answer_s=20, is_patient=True), folder)
        held.append(journal)
        if epoch is not None:
            journal.open()
            journal.begin_epoch(epoch)
        return journal

    yield make
    for journal in held:
        journal.close()


def until(holds, what):
    """Wait for another thread."""
    deadline = time.monotonic() + 30
    pause = threading.Event()
    while not holds():
        assert time.monotonic() < deadline, what
        pause.wait(0.005)


def goes_on(journal, *records):
    """Append records and wait for the last of them."""
    numbers = [journal.append(record) for record in records]
    asyncio.run(asyncio.wait_for(journal.durable(numbers[-1]), 30))
    return numbers


async def is_held_back(journal, number):
    """Whether a record is not let through while others are."""
    waiting = asyncio.ensure_future(journal.durable(number))
    await journal.durable(journal.append(cancel("other")))
    done = waiting.done()
    waiting.cancel()
    return not done


def kept(dsn):
    journal = PostgresJournal(dsn, IDENTITY)
    try:
        return journal.open().entries
    finally:
        journal.close()


def test_what_ends_and_reduces_goes_on_and_entries_wait(made, server, dsn):
    journal = made(1)
    goes_on(journal, decide("first"), arm("first"))
    assert not journal.is_degraded
    server.stop()
    goes_on(journal, cancel("first"))
    assert journal.is_degraded
    goes_on(journal, LATCH)
    goes_on(journal, decide("way out", "EXIT"), arm("way out"))
    assert asyncio.run(is_held_back(journal, journal.append(decide("new"))))
    assert asyncio.run(is_held_back(journal, journal.append(arm("new"))))


def test_everything_is_in_the_database_once_it_is_back_in_its_order(made, server, dsn):
    journal = made(1)
    told = [decide("first"), arm("first")]
    goes_on(journal, *told)
    server.stop("QUIT")
    later = [cancel("first"), LATCH, decide("new"), arm("new"), decide("way out", "EXIT"), arm("way out")]
    goes_on(journal, *later)
    server.start()
    asyncio.run(journal.durable(8))
    until(lambda: not journal.is_degraded, "The database did not get everything.")
    assert [entry.record for entry in kept(dsn)] == told + later
    assert list(journal._folder.iterdir()) == []
    goes_on(journal, decide("after"))
    assert len(kept(dsn)) == 9


def test_an_entry_that_waited_is_let_through_when_the_database_is_back(made, server):
    journal = made(1)
    server.stop()
    number = journal.append(decide("new"))

    async def back():
        waiting = asyncio.ensure_future(journal.durable(number))
        await journal.durable(journal.append(LATCH))
        assert not waiting.done()
        server.start()
        await asyncio.wait_for(waiting, 30)

    asyncio.run(back())
    assert journal.durable_sequence >= number


def test_what_the_venue_said_a_moment_before_lies_on_this_host(made, server):
    journal = made(1)
    goes_on(journal, decide("first"))
    server.stop()
    journal.append(Record(RecordKind.FILL, {"cid": "first", "id": "7"}))
    until(lambda: journal._local is not None, "The fill is only in memory.")
    assert journal.durable_sequence == 1
    goes_on(journal, LATCH)
    assert journal.durable_sequence == 3


def test_it_goes_away_again_and_again(made, server, dsn):
    journal = made(1)
    for number in range(3):
        server.stop()
        goes_on(journal, cancel(f"{number}"), LATCH)
        server.start()
        goes_on(journal, decide(f"{number}"))
        until(lambda: not journal.is_degraded, "The database did not get everything.")
    assert [entry.sequence for entry in kept(dsn)] == list(range(1, 10))


def test_what_the_server_took_without_saying_so_is_not_taken_twice(made, dsn, monkeypatch):
    journal = made(1)
    rows = journal._primary._rows
    add, answers = rows.add, []

    def lost(*words):
        if len(answers) == 1:
            answers.append("lost once more")
            raise DatabaseAwayError("The line is dead.")
        add(*words)
        if not answers:
            answers.append("lost")
            rows.close()
            raise DatabaseAwayError("The line went dead.")

    monkeypatch.setattr(rows, "add", lost)
    goes_on(journal, decide("a", "EXIT"), arm("a"))
    journal.append(LATCH)
    until(lambda: journal._primary.durable_sequence == 3, "The records did not arrive.")
    assert [entry.record.kind for entry in kept(dsn)] == [RecordKind.DECIDE, RecordKind.ARM, RecordKind.LATCH]


PROCESS = """
import asyncio, os, pathlib, sys
from tradewright.adapters.storage.emergency.journal import EmergencyJournal
from tradewright.adapters.storage.postgres.journal import PostgresJournal
from tradewright.domain.live.journal import JournalIdentity, Record, RecordKind
primary = PostgresJournal(sys.argv[1], JournalIdentity("acct", "live"), is_patient=True)
journal = EmergencyJournal(primary, pathlib.Path(sys.argv[2]))
journal.open()
journal.begin_epoch(1)
for line in sys.stdin:
    number = journal.append(Record(RecordKind(line.strip()), {"cid": "first"}))
    asyncio.run(journal.durable(number))
    print(number, flush=True)
"""


@pytest.fixture
def killed(server, dsn, tmp_path):
    """A process wrote two records, lost the database, wrote two more, and was killed."""
    words = [sys.executable, "-c", PROCESS, dsn, str(tmp_path / "emergency")]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def told(kind):
            process.stdin.write(f"{kind}\n")
            process.stdin.flush()
            return process.stdout.readline()

        assert [told("CANCEL_WANTED"), told("FINAL")] == ["1\n", "2\n"]
        server.stop()
        assert [told("CANCEL_WANTED"), told("LATCH")] == ["3\n", "4\n"]
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    return [Record(RecordKind(kind), {"cid": "first"}) for kind in ("CANCEL_WANTED", "FINAL", "CANCEL_WANTED", "LATCH")]


def test_a_killed_process_is_succeeded_with_all_it_knew(killed, made, server, dsn):
    server.start()
    assert len(kept(dsn)) == 2
    journal = made()
    replay = journal.open()
    assert [entry.record for entry in replay.entries] == killed
    assert [entry.sequence for entry in replay.entries] == [1, 2, 3, 4]
    journal.begin_epoch(2)
    goes_on(journal, LATCH)
    assert [entry.record for entry in kept(dsn)] == [*killed, LATCH]
    assert [entry.epoch for entry in kept(dsn)] == [1, 1, 1, 1, 2]
    assert list((journal._folder).iterdir()) == []


def test_merging_may_be_cut_anywhere(killed, made, server, dsn):
    server.start()
    for epoch in (2, 3, 4):
        journal = made()
        assert [entry.record for entry in journal.open().entries][:4] == killed
        if epoch == 3:
            server.stop("QUIT")
            with pytest.raises(JournalError):
                journal.begin_epoch(epoch)
            server.start()
            continue
        journal.begin_epoch(epoch)
        if epoch == 2:
            server.stop("QUIT")
        journal.close()
        if epoch == 2:
            server.start()
    assert [entry.record for entry in kept(dsn)] == killed


def test_without_the_database_nobody_starts(killed, made):
    with pytest.raises(JournalError, match="cannot be used"):
        made().open()


def test_what_another_host_went_on_without_is_put_aside(killed, made, server, dsn):
    server.start()
    other = PostgresJournal(dsn, IDENTITY)
    other.open()
    other.begin_epoch(2)
    asyncio.run(other.durable(other.append(Record(RecordKind.EPOCH, {"epoch": 2}))))
    other.close()
    journal = made()
    replay = journal.open()
    assert [entry.epoch for entry in replay.entries] == [1, 1, 2]
    assert journal.refused == 2
    assert [path.name.endswith(".refused") for path in journal._folder.iterdir()] == [True]
    journal.begin_epoch(3)
    goes_on(journal, LATCH)
    assert len(kept(dsn)) == 4


def test_a_process_that_was_taken_over_while_it_was_cut_off_appends_nothing_more(made, server, dsn, tmp_path):
    journal = made(1)
    goes_on(journal, decide("first"))
    server.stop()
    goes_on(journal, cancel("first"))
    rows = journal._primary._rows
    add = rows.add
    cut_off = threading.Event()
    rows.add = lambda *words: add(*words) if cut_off.wait(30) else None
    server.start()
    other = PostgresJournal(dsn, IDENTITY)
    other.open()
    other.begin_epoch(2)
    cut_off.set()
    entry = journal.append(decide("new"))
    with pytest.raises(StaleEpochError, match="Epoch 2 has taken over from 1"):
        asyncio.run(journal.durable(entry))
    with pytest.raises(StaleEpochError):
        journal.append(LATCH)
    assert len(kept(dsn)) == 1
    other.close()


def test_a_database_that_lost_what_it_had_confirmed_is_refused(killed, made, server, dsn):
    server.start()
    server.tell("DELETE FROM live_records; UPDATE live_accounts SET sequence = 0", dsn)
    with pytest.raises(JournalError, match=r"and the emergency log .* goes on behind record 2|should end at"):
        made().open()


def test_a_full_disk_here_while_the_database_is_away_ends_writing(made, server, monkeypatch):
    journal = made(1)
    server.stop()
    write = os.write

    def full(handle, data):
        if b"CANCEL" in bytes(data):
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(handle, data)

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(JournalError, match="No space left"):
        goes_on(journal, cancel("first"))


def test_a_server_that_does_not_answer_is_away(made, server, dsn):
    journal = made(1)
    goes_on(journal, decide("first"))
    journal._primary.answer_s = 0.05
    rows = journal._primary._rows
    add, answers = rows.add, threading.Event()
    rows.add = lambda *words: add(*words) if answers.wait(30) else None
    goes_on(journal, cancel("first"))
    assert journal.is_degraded
    answers.set()
    until(lambda: not journal.is_degraded, "The database did not get everything.")
    assert len(kept(dsn)) == 2


# ---------------------------------------------------------------- the table


def test_every_kind_of_record_has_its_rule():
    assert set(RULES) == set(RecordKind)


@pytest.mark.parametrize(("role", "may"), [("ENTRY", False), ("REPLACEMENT", False), ("STOP", True), ("EXIT", True)])
def test_orders_go_on_by_their_role(role, may):
    roles = Roles()
    assert roles.goes_on(decide("a", role)) is may
    assert roles.goes_on(arm("a")) is may
    assert roles.goes_on(Record(RecordKind.REPLACE, {"cid": "a", "new": "b", "role": role})) is may
    assert roles.goes_on(arm("b")) is may


def test_a_decision_with_one_entry_waits_as_a_whole():
    both = [{"cid": "a", "role": "EXIT"}, {"cid": "b", "role": "ENTRY"}]
    roles = Roles()
    assert not roles.goes_on(Record(RecordKind.DECIDE, {"intents": both[::-1]}))
    assert roles.goes_on(arm("a"))
    assert not roles.goes_on(arm("b"))


def test_an_attempt_of_an_order_that_nobody_decided_waits():
    assert not Roles().goes_on(arm("a"))
