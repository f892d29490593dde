"""Two processes, one account, a real server: one sends, the other waits its time, and the first one is told apart."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from tradewright.adapters.storage.holders import Holder
from tradewright.adapters.storage.journal.file_lease import FileLease
from tradewright.adapters.storage.postgres.journal import PostgresJournal
from tradewright.adapters.storage.postgres.lease import PostgresLease
from tradewright.domain.errors import JournalError, StaleEpochError, StorageError
from tradewright.domain.live.journal import JournalIdentity
from tradewright.testing import SteppedTime, sample_record

IDENTITY = JournalIdentity("acct", "live")

HOST = """
import asyncio, pathlib, sys
from tradewright.adapters.storage.holders import Holder
from tradewright.adapters.storage.journal.file_lease import FileLease
from tradewright.adapters.storage.postgres.journal import PostgresJournal
from tradewright.adapters.storage.postgres.lease import PostgresLease
from tradewright.domain.errors import StorageError
from tradewright.domain.live.journal import JournalIdentity
from tradewright.testing import sample_record

kind, place, every = sys.argv[1], sys.argv[2], float(sys.argv[3])
if kind == "elsewhere":
    Holder.this_process = classmethod(lambda cls: cls("another machine", 1, "1"))
identity = JournalIdentity("acct", "live")
is_file = kind == "file"
lease = FileLease(pathlib.Path(place)) if is_file else PostgresLease(place, identity, renew_every_s=every)
grant = asyncio.run(lease.acquire())
if not is_file:
    journal = PostgresJournal(place, identity)
    journal.open()
    journal.begin_epoch(grant.epoch)
print(grant.epoch, flush=True)
for line in sys.stdin:
    try:
        if line == "append\\n":
            number = journal.append(sample_record(1))
            asyncio.run(journal.durable(number))
            print("appended", number, flush=True)
        elif line == "renew\\n":
            print("renewed" if asyncio.run(lease.renew(grant.epoch)) else "lost", flush=True)
    except StorageError as error:
        print(type(error).__name__, flush=True)
"""


class Host:
    """A process that holds the lease, and the journal where it is in the database."""

    def __init__(self, kind, place, every=3600.0):
        words = [sys.executable, "-c", HOST, kind, str(place), str(every)]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.epoch = int(self.process.stdout.readline())

    def told(self, word):
        """What it answers."""
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def signal(self, number):
        self.process.send_signal(number)
        if number == signal.SIGSTOP:
            os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOWAIT)
        if number == signal.SIGKILL:
            self.process.wait()

    def close(self):
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def hosts():
    """Makes hosts, and ends them."""
    made = []

    def host(*words):
        made.append(Host(*words))
        return made[-1]

    yield host
    for each in made:
        each.close()


@pytest.fixture
def standby(postgres_dsn):
    """The lease as this process sees it, by a clock that is told to go on."""
    clock = SteppedTime()
    lease = PostgresLease(postgres_dsn, IDENTITY, renew_every_s=3600, monotonic_ns=clock)
    lease.clock = clock
    yield lease
    lease.close()


def acquired(lease):
    return asyncio.run(lease.acquire())


def waited_for(lease, most_s=30.0):
    """The grant, and the seconds by its clock that it took, asked for once a second as the road does."""
    for seconds in range(int(most_s) + 1):
        grant = acquired(lease)
        if grant is not None:
            return grant, seconds
        lease.clock.pass_s(1.0)
    raise AssertionError(f"Nobody took over within {most_s} s.")


def taken_over(dsn, grant):
    journal = PostgresJournal(dsn, IDENTITY)
    replay = journal.open()
    journal.begin_epoch(grant.epoch)
    return journal, replay


def test_a_process_that_slept_longer_than_its_lease_appends_nothing(hosts, standby, postgres_dsn):
    first = hosts("elsewhere", postgres_dsn)
    assert first.told("append") == "appended 1"
    first.signal(signal.SIGSTOP)
    grant, seconds = waited_for(standby)
    assert 15 <= seconds <= 17
    assert (grant.epoch, grant.former_is_dead, grant.former_ends_in_s) == (first.epoch + 1, False, 0.0)
    journal, replay = taken_over(postgres_dsn, grant)
    assert len(replay.entries) == 1
    first.signal(signal.SIGCONT)
    assert first.told("append") == "StaleEpochError"
    assert first.told("renew") == "lost"
    assert journal.append(sample_record(2)) == 2
    asyncio.run(journal.durable(2))
    journal.close()
    again = PostgresJournal(postgres_dsn, IDENTITY)
    assert [entry.epoch for entry in again.open().entries] == [first.epoch, grant.epoch]
    again.close()


def test_the_fence_stands_from_the_moment_of_the_grant(hosts, standby, postgres_dsn):
    first = hosts("elsewhere", postgres_dsn)
    waited_for(standby)
    assert first.told("append") == "StaleEpochError"


def test_a_killed_process_of_another_machine_is_succeeded_within_thirty_seconds(hosts, standby, postgres_dsn):
    first = hosts("elsewhere", postgres_dsn)
    first.signal(signal.SIGKILL)
    grant, seconds = waited_for(standby)
    assert seconds <= 17
    assert not grant.former_is_dead


def test_a_killed_process_of_this_machine_is_succeeded_at_once_and_known_to_be_dead(hosts, standby, postgres_dsn):
    first = hosts("here", postgres_dsn)
    assert acquired(standby) is None
    first.signal(signal.SIGKILL)
    grant, seconds = waited_for(standby)
    assert (seconds, grant.former_is_dead) == (0, True)


def test_a_sleeping_process_of_this_machine_is_not_dead(hosts, standby, postgres_dsn):
    first = hosts("here", postgres_dsn)
    first.signal(signal.SIGSTOP)
    assert acquired(standby) is None
    standby.clock.pass_s(15.1)
    assert acquired(standby).former_is_dead is False


def test_the_thread_renews_while_the_loop_is_busy(hosts, standby, postgres_dsn):
    hosts("elsewhere", postgres_dsn, 0.01)
    seen = "SELECT beat FROM live_accounts"
    with psycopg.connect(postgres_dsn, autocommit=True) as server:
        for _ in range(3):
            assert acquired(standby) is None
            before = server.execute(seen).fetchone()[0]
            deadline = time.monotonic() + 30
            while server.execute(seen).fetchone()[0] == before and time.monotonic() < deadline:
                pass
            standby.clock.pass_s(14.0)
    assert acquired(standby) is None


def test_what_is_left_of_the_lease_runs_from_before_it_was_asked_for(postgres_dsn, standby, monkeypatch):
    asked = standby.clock.ns
    execute = standby._execute

    def slow(statement, words):
        standby.clock.pass_s(4.0)
        return execute(statement, words)

    monkeypatch.setattr(standby, "_execute", slow)
    grant = acquired(standby)
    assert standby.ends_ns == asked + 15_000_000_000
    asked = standby.clock.ns
    assert asyncio.run(standby.renew(grant.epoch))
    assert standby.ends_ns == asked + 15_000_000_000


def test_the_wall_clock_has_no_say(hosts, standby, postgres_dsn, monkeypatch):
    hosts("elsewhere", postgres_dsn)
    assert acquired(standby) is None
    for jump in (10**18, -(10**18)):
        monkeypatch.setattr(time, "time", lambda jump=jump: 1e9 + jump / 1e9)
        monkeypatch.setattr(time, "time_ns", lambda jump=jump: 10**18 + jump)
        assert acquired(standby) is None
    standby.clock.pass_s(15.1)
    assert acquired(standby) is not None


def test_two_that_want_it_at_once_do_not_both_get_it(postgres_dsn):
    clock = SteppedTime()
    leases = [PostgresLease(postgres_dsn, IDENTITY, monotonic_ns=clock) for _ in range(6)]

    async def all_at_once():
        return await asyncio.gather(*(lease.acquire() for lease in leases))

    assert sum(grant is not None for grant in asyncio.run(all_at_once())) == 1
    for lease in leases:
        lease.close()


def test_a_server_that_is_away_gives_nothing(tmp_path):
    lease = PostgresLease(f"host={tmp_path} dbname=x", IDENTITY)
    with pytest.raises(StorageError, match=r"The database 'x' on .* cannot be used"):
        acquired(lease)
    lease.close()


# ---------------------------------------------------------------- one host


def test_the_lease_of_a_host_is_not_taken_from_a_sleeper(hosts, tmp_path):
    first = hosts("file", tmp_path)
    other = FileLease(tmp_path)
    assert acquired(other) is None
    first.signal(signal.SIGSTOP)
    assert acquired(other) is None
    first.signal(signal.SIGKILL)
    grant = acquired(other)
    assert (grant.epoch, grant.former_is_dead) == (first.epoch + 1, True)
    other.close()


def test_a_lock_that_was_only_closed_does_not_prove_a_death(tmp_path):
    first, second = FileLease(tmp_path), FileLease(tmp_path)
    assert acquired(first).former_is_dead
    first.close()
    assert not acquired(second).former_is_dead
    asyncio.run(second.release(2))
    assert acquired(first).former_is_dead
    first.close()


def test_a_lock_whose_file_was_taken_away_is_lost(tmp_path):
    lease = FileLease(tmp_path)
    grant = acquired(lease)
    assert asyncio.run(lease.renew(grant.epoch))
    (tmp_path / "lease.lock").unlink()
    assert not asyncio.run(lease.renew(grant.epoch))
    lease.close()


def test_a_lease_that_cannot_be_read_is_given_to_nobody(tmp_path):
    (tmp_path / "lease.json").write_text("{")
    lease = FileLease(tmp_path)
    for _ in range(2):
        with pytest.raises(StorageError, match="cannot be used"):
            acquired(lease)


# ---------------------------------------------------------------- who holds it


def test_a_process_is_told_from_a_younger_one_under_its_number():
    own = Holder.this_process()
    assert Holder.parse(str(own)) == own
    assert not own.is_dead
    assert Holder(own.machine, own.pid, "1").is_dead
    assert not Holder("another machine", own.pid, "1").is_dead
    assert Holder.parse("") is None


def test_a_process_that_waits_to_be_reaped_is_dead():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        own = Holder.this_process()
        child = Holder(own.machine, process.pid, _started(process.pid))
        assert not child.is_dead
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert child.is_dead


def _started(pid):
    from tradewright.adapters.storage import holders

    return holders._started(pid)


# ---------------------------------------------------------------- the journal alone


@pytest.fixture
def journal(postgres_dsn):
    made = PostgresJournal(postgres_dsn, IDENTITY)
    made.open()
    made.begin_epoch(1)
    yield made
    made.close()


def test_records_and_checksums_are_those_of_a_file(journal, postgres_dsn, tmp_path):
    from tradewright.adapters.storage.journal.file_journal import FileJournal

    local = FileJournal(tmp_path, IDENTITY)
    local.open()
    local.begin_epoch(1)
    for each in (journal, local):
        for number in range(3):
            each.append(sample_record(number))
        asyncio.run(each.durable(3))
        each.close()
    again = PostgresJournal(postgres_dsn, IDENTITY)
    assert again.open() == FileJournal(tmp_path, IDENTITY).open()
    again.close()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE live_records SET body = replace(body, 'order 1', 'order 7') WHERE sequence = 2",
        "UPDATE live_records SET epoch = 7 WHERE sequence = 2",
        "DELETE FROM live_records WHERE sequence = 2",
        "DELETE FROM live_records WHERE sequence = 4",
        "UPDATE live_records SET account = 'other' WHERE sequence = 4",
    ],
)
def test_a_record_that_was_changed_or_is_missing_refuses_to_start(journal, postgres_dsn, postgres, change):
    for number in range(4):
        journal.append(sample_record(number))
    asyncio.run(journal.durable(4))
    postgres.tell(change, postgres_dsn)
    again = PostgresJournal(postgres_dsn, IDENTITY)
    with pytest.raises(JournalError, match=r"damaged at record|should end at 4"):
        again.open()
    again.close()


def test_paper_never_enters_a_live_journal(journal, postgres_dsn):
    asyncio.run(journal.durable(journal.append(sample_record(1))))
    paper = PostgresJournal(postgres_dsn, JournalIdentity("acct", "paper"))
    assert paper.open().entries == ()
    paper.close()


def test_what_nobody_waits_for_arrives_all_the_same(journal, postgres_dsn, postgres):
    journal.append(sample_record(1))
    deadline = time.monotonic() + 30
    while journal.durable_sequence < 1 and time.monotonic() < deadline:
        pass
    assert postgres.tell("SELECT count(*) FROM live_records", postgres_dsn) == [(1,)]


def test_senders_that_wait_together_share_a_statement(postgres_dsn, monkeypatch):
    journal, batches = PostgresJournal(postgres_dsn, IDENTITY, linger_s=60), []
    journal.open()
    journal.begin_epoch(1)
    add = journal._rows.add
    monkeypatch.setattr(journal._rows, "add", lambda rows, *rest: (batches.append(len(rows)), add(rows, *rest)))

    async def all_at_once():
        numbers = [journal.append(sample_record(number)) for number in range(200)]
        await asyncio.gather(*(journal.durable(number) for number in numbers))

    asyncio.run(all_at_once())
    journal.close()
    assert batches == [200]


def test_appends_wait_for_the_disk_of_the_server(journal):
    assert journal._rows._ask("SHOW synchronous_commit", ()) == [("on",)]


def test_a_record_that_came_between_reading_and_beginning_is_noticed(journal, postgres_dsn):
    second = PostgresJournal(postgres_dsn, IDENTITY)
    second.open()
    asyncio.run(journal.durable(journal.append(sample_record(1))))
    with pytest.raises(JournalError, match="grew from 0 to 1 records"):
        second.begin_epoch(2)
    second.close()


def test_an_epoch_that_another_began_meanwhile_is_stale(journal, postgres_dsn):
    second = PostgresJournal(postgres_dsn, IDENTITY)
    second.open()
    with pytest.raises(StaleEpochError, match="Epoch 1 is not above 1"):
        second.begin_epoch(1)
    second.begin_epoch(2)
    with pytest.raises(StaleEpochError, match="Epoch 2 has taken over from 1"):
        asyncio.run(journal.durable(journal.append(sample_record(1))))
    second.close()


def test_a_server_that_is_cut_off_ends_writing_for_good(journal, postgres_dsn, postgres):
    asyncio.run(journal.durable(journal.append(sample_record(1))))
    with psycopg.connect(postgres.dsn, autocommit=True) as server:
        name = psycopg.conninfo.conninfo_to_dict(postgres_dsn)["dbname"]
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            (name,),
        )
    number = journal.append(sample_record(2))
    for again in (lambda: asyncio.run(journal.durable(number)), lambda: journal.append(sample_record(3))):
        with pytest.raises(JournalError, match="cannot be used"):
            again()
    second = PostgresJournal(postgres_dsn, IDENTITY)
    assert len(second.open().entries) == 1
    second.close()
