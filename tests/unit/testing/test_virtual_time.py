"""Virtual time jumps, and processes inside it pause and die as real ones do."""

from __future__ import annotations

import asyncio

import pytest

from tradewright.testing.virtual_time import VirtualClock, VirtualProcess, VirtualTimeLoop


def test_time_jumps_to_what_is_due():
    loop, seen = VirtualTimeLoop(), []

    async def nap(seconds):
        await asyncio.sleep(seconds)
        seen.append(loop.time())

    async def all_of_them():
        await asyncio.gather(nap(50.0), nap(2.0), nap(7.0))

    loop.run(all_of_them())
    assert seen == [2.0, 7.0, 50.0]


def test_a_deadline_is_kept_in_virtual_time():
    loop = VirtualTimeLoop()

    async def wait():
        async with asyncio.timeout(3.0):
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        loop.run(wait())
    assert loop.time() == 3.0


def ticking(loop, seen):
    async def tick():
        try:
            while True:
                await asyncio.sleep(1.0)
                seen.append(loop.time())
        finally:
            seen.append("cleaned up")

    return tick()


def test_a_killed_process_does_not_even_clean_up():
    loop, seen = VirtualTimeLoop(), []
    process = VirtualProcess(loop, "A")

    async def world():
        process.start(ticking(loop, seen))
        await asyncio.sleep(2.5)
        process.kill()
        await asyncio.sleep(10.0)

    loop.run(world())
    assert seen == [1.0, 2.0]
    process.bury()


def test_a_paused_process_wakes_to_what_came_due_meanwhile():
    loop, seen = VirtualTimeLoop(), []
    process = VirtualProcess(loop, "A")

    async def world():
        process.start(ticking(loop, seen))
        await asyncio.sleep(1.5)
        process.pause(20.0)
        await asyncio.sleep(22.0)
        process.kill()

    loop.run(world())
    assert seen == [1.0, 21.5, 22.5, 23.5][: len(seen)]
    assert len(seen) >= 3
    process.bury()


def test_a_run_in_which_nothing_can_happen_says_so():
    async def for_ever():
        await asyncio.Event().wait()

    with pytest.raises(RuntimeError, match="Nothing is due"):
        VirtualTimeLoop().run(for_ever())


def test_a_run_without_end_is_given_up():
    async def spin():
        for _ in range(10**6):
            await asyncio.sleep(0.0)

    with pytest.raises(RuntimeError, match="no end"):
        VirtualTimeLoop(1000).run(spin())


def test_a_clock_may_be_set_wrong_and_still_never_runs_back():
    loop = VirtualTimeLoop()
    clock = VirtualClock(loop, start_ns=100)
    clock.jump_ns = -40
    assert (clock.now_ns(), clock.monotonic_ns()) == (60, 0)
