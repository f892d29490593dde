"""Forcing: the caller's turn lasts while the disk is quick, and the loop goes on while it is not."""

from __future__ import annotations

import asyncio
import errno
import gc
import threading

import pytest

from tradewright.adapters.storage.journal import forcing
from tradewright.adapters.storage.journal.forcing import Forcer

DEADLINE_S = 120.0


@pytest.fixture
def patient(monkeypatch):
    """However slow this machine is, a sync that does nothing is a quick one."""
    monkeypatch.setattr(forcing, "PATIENCE_S", DEADLINE_S)


@pytest.fixture
def impatient(monkeypatch):
    """However quick this machine is, every sync is a slow one."""
    monkeypatch.setattr(forcing, "PATIENCE_S", 0.0)


class Seen:
    """What a sync was called with, and in which thread."""

    def __init__(self):
        self.calls = []

    def __call__(self, handle):
        self.calls.append((handle, threading.current_thread()))


def test_a_quick_disk_is_waited_for_in_the_same_turn(patient):
    turns, sync = [], Seen()

    async def run():
        asyncio.get_running_loop().call_soon(turns.append, "another")
        await Forcer().force(sync, 7)
        turns.append("forced")

    asyncio.run(run())
    assert turns[0] == "forced"
    assert [handle for handle, _ in sync.calls] == [7]
    assert sync.calls[0][1] is not threading.current_thread()


def test_the_loop_goes_on_while_a_slow_disk_works(impatient):
    released = threading.Event()

    async def run():
        forced = asyncio.create_task(Forcer().force(lambda _: released.wait(DEADLINE_S), 7))
        await asyncio.sleep(0)
        was_waiting = not forced.done()
        released.set()
        async with asyncio.timeout(DEADLINE_S):
            await forced
        return was_waiting

    assert asyncio.run(run())


def test_behind_a_slow_forcing_the_loop_does_not_stand_still_again(monkeypatch):
    forcer, turns = Forcer(), []
    monkeypatch.setattr(forcing, "PATIENCE_S", 0.0)
    asyncio.run(forcer.force(Seen(), 7))
    monkeypatch.setattr(forcing, "PATIENCE_S", DEADLINE_S)

    async def run(name):
        asyncio.get_running_loop().call_soon(another)
        await forcer.force(lambda _: release.wait(DEADLINE_S), 7)
        turns.append(name)

    release, others_turn = threading.Event(), asyncio.Event()

    def another():
        turns.append("another")
        others_turn.set()

    async def released():
        forced = asyncio.create_task(run("slow"))
        async with asyncio.timeout(DEADLINE_S):
            await others_turn.wait()
        release.set()
        await forced

    asyncio.run(released())
    asyncio.run(run("quick"))
    assert turns[:3] == ["another", "slow", "quick"]


@pytest.mark.parametrize("how", ["patient", "impatient"])
def test_what_the_disk_says_is_raised_where_it_is_waited_for(how, request):
    request.getfixturevalue(how)

    def sync(handle):
        raise OSError(errno.EIO, "broken")

    with pytest.raises(OSError, match="broken"):
        asyncio.run(Forcer().force(sync, 7))


def test_the_thread_ends_with_its_forcer(patient):
    threads = []
    forcers = [Forcer(), Forcer()]
    for forcer in forcers:
        asyncio.run(forcer.force(lambda _: threads.append(threading.current_thread()), 7))
    forcers.pop().close()
    forcers.clear()
    del forcer
    gc.collect()
    for thread in threads:
        thread.join(DEADLINE_S)
    assert not any(thread.is_alive() for thread in threads)


def test_a_closed_forcer_can_be_asked_again(patient):
    forcer, sync = Forcer(), Seen()
    for handle in (1, 2):
        asyncio.run(forcer.force(sync, handle))
        forcer.close()
    assert [handle for handle, _ in sync.calls] == [1, 2]
