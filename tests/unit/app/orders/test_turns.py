"""Changes: who waits is woken in the next turn, once for all that changed in this one."""

from __future__ import annotations

import asyncio

from tradewright.app.orders.turns import Turns


def test_who_waits_is_woken_behind_what_was_begun_before_and_once_for_several_changes() -> None:
    async def run() -> list[str]:
        turns, seen = Turns(), []

        async def wait() -> None:
            while len(seen) < 3:
                await turns.wait()
                seen.append("woken")

        async def send() -> None:
            seen.append("sent")

        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0)
        turns.tell()
        turns.tell()
        sending = asyncio.create_task(send())
        for _ in range(5):
            await asyncio.sleep(0)
        seen.append("later")
        turns.tell()
        async with asyncio.timeout(30.0):
            await asyncio.gather(waiting, sending)
        return seen

    assert asyncio.run(run()) == ["sent", "woken", "later", "woken"]


def test_a_change_outside_of_a_loop_is_told_to_nobody_and_lost_on_nobody() -> None:
    turns = Turns()
    turns.tell()

    async def run() -> None:
        turns.tell()
        async with asyncio.timeout(30.0):
            await turns.wait()

    asyncio.run(run())
