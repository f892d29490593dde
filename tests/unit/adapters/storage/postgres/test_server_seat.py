"""Who holds an account whose journal is in a database: seen, ended here, waited for elsewhere."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import pytest

from tradewright.adapters.storage.holders import Holder as Process
from tradewright.adapters.storage.postgres.journal import PostgresJournal
from tradewright.adapters.storage.postgres.lease import PostgresLease
from tradewright.adapters.storage.postgres.seat import ServerSeat
from tradewright.adapters.storage.postgres.server import standing
from tradewright.adapters.storage.postgres.tables import STEPS
from tradewright.domain.errors import JournalError, StorageError
from tradewright.domain.live.journal import JournalIdentity
from tradewright.testing import sample_record

IDENTITY = JournalIdentity("acct", "live")


class Passing:
    """Time that passes when it is let, and what happens meanwhile."""

    def __init__(self):
        self.now = 0.0
        self.meanwhile = lambda: None

    def pass_s(self, seconds):
        self.now += seconds
        self.meanwhile()


@pytest.fixture
def time():
    return Passing()


@pytest.fixture
def seat(postgres_dsn, time):
    found = ServerSeat(postgres_dsn, IDENTITY, time.pass_s, lambda: time.now)
    yield found
    found.close()


@pytest.fixture
def lease(postgres_dsn):
    found = PostgresLease(postgres_dsn, IDENTITY, renew_every_s=3600)
    yield found
    found.close()


def taken(lease, monkeypatch=None, process=None):
    if process is not None:
        monkeypatch.setattr(Process, "this_process", classmethod(lambda cls: process))
    return asyncio.run(lease.acquire())


def test_nobody_sits_where_nobody_came_or_it_was_given_up(seat, lease):
    assert seat.holder() is None
    grant = taken(lease)
    holder = seat.holder()
    assert (holder.pid, holder.is_here) == (os.getpid(), True)
    asyncio.run(lease.release(grant.epoch))
    assert seat.holder() is None


def test_a_dead_process_of_this_host_sits_nowhere(seat, lease, monkeypatch):
    own = Process.this_process()
    taken(lease, monkeypatch, Process(own.machine, own.pid, "1"))
    assert seat.holder() is None


def test_records_are_seen_as_they_come_beside_their_writer(seat, postgres_dsn):
    journal = PostgresJournal(postgres_dsn, IDENTITY)
    journal.open()
    journal.begin_epoch(1)
    for number in (1, 2):
        asyncio.run(journal.durable(journal.append(sample_record(number))))
        assert len(seat.glance().entries) == number
    journal.close()


def test_a_process_of_this_host_is_ended(seat, lease, monkeypatch):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        from tradewright.adapters.storage.holders import _started

        taken(lease, monkeypatch, Process(Process.this_process().machine, child.pid, _started(child.pid)))
        holder = seat.holder()
        seat.evict(holder, 5.0)
        assert seat.holder() is None
        assert child.wait() < 0
        seat.evict(holder, 5.0)


def test_one_that_lives_on_another_host_is_left_and_said(seat, lease, time, monkeypatch):
    grant = taken(lease, monkeypatch, Process("another machine", 7, "1"))
    holder = seat.holder()
    assert (holder.pid, holder.is_here) == (7, False)
    time.meanwhile = lambda: asyncio.run(lease.renew(grant.epoch))
    with pytest.raises(JournalError, match="held by a process on another host, which goes on renewing"):
        seat.evict(holder, 5.0)


def test_one_that_fell_silent_on_another_host_has_lost_its_place(seat, lease, time, monkeypatch):
    taken(lease, monkeypatch, Process("another machine", 7, "1"))
    seat.evict(seat.holder(), 5.0)
    assert 15.0 <= time.now < 17.0


def test_a_database_that_is_away_is_said(tmp_path):
    seat = ServerSeat(f"host={tmp_path} dbname=x", IDENTITY)
    with pytest.raises(JournalError, match="cannot be used"):
        seat.holder()


def test_tables_of_a_newer_version_are_not_touched(lease, postgres, postgres_dsn):
    taken(lease)
    postgres.tell("UPDATE tradewright_live SET version = version + 1", postgres_dsn)
    with pytest.raises(StorageError, match=f"this program knows up to {len(STEPS)}"):
        standing(postgres_dsn)
