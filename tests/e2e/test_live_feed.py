"""Live rows over real sockets: the sandbox streams as Alpaca does, is cut off, and no bar is lost."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest
from tests.broker_stages import alpaca_stage

import tradewright as tw
from tradewright.app.live.feed.live import FeedSources, LiveFeed
from tradewright.app.live.feed.settings import FeedSettings
from tradewright.domain.live.modes import Mode
from tradewright.domain.timeframe import Timeframe

pytestmark = pytest.mark.slow

MINUTE = Timeframe.parse("1m")


class Listening:
    """A feed whose rows wait in a line, each asked for with a deadline."""

    def __init__(self, stage, symbol="ACME", **said):
        parts = stage.open()
        assert parts.stream is not None
        assert parts.history is not None
        self.stage = stage
        self.feed = LiveFeed(
            [tw.Equity(symbol, "XNYS")], said.pop("timeframe", MINUTE), FeedSources(parts.stream, parts.history),
            clock=stage.clock, mode=Mode.PAPER, settings=FeedSettings(backoff_s=0.05, **said),
        )  # fmt: skip
        self.rows = asyncio.Queue()
        self.heard = asyncio.Event()

    async def listen(self, warmup):
        async with aclosing(self.feed.rows(warmup=warmup)) as rows:
            async for row in rows:
                self.rows.put_nowait(row)

    async def next(self, count):
        return [await asyncio.wait_for(self.rows.get(), 20.0) for _ in range(count)]

    async def connected(self, times=1):
        async with asyncio.timeout(20.0):
            while self.feed.status.reconnects < times - 1 or not self.feed.status.is_connected:
                await asyncio.to_thread(self.stage.sandbox.control, "GET", "/faults")


async def check(said, play, before=9):
    async with alpaca_stage() as stage:
        for _ in range(before):
            await stage.move()
        listening = Listening(stage, **said)
        task = asyncio.create_task(listening.listen(5))
        try:
            await play(stage, listening)
            truth = await stage.bars()
        finally:
            task.cancel()
            await asyncio.wait([task])
        return truth


def test_rows_of_alpacas_stream_go_on_after_it_was_cut():
    found = []

    async def play(stage, listening):
        found.extend(await listening.next(5))
        await listening.connected()
        for rows in (2, 1, 1):  # what closed as it began is read, too, once its time is over
            await stage.move()
            found.extend(await listening.next(rows))
        cut = {"kind": "disconnect", "on": "data", "count": 1}
        await asyncio.to_thread(stage.sandbox.control, "POST", "/faults", cut)
        for _ in range(4):
            await stage.move()
        await listening.connected(2)
        await stage.move()
        found.extend(await listening.next(5))

    truth = asyncio.run(check({}, play))
    assert [row.bars[0] for row in found] == truth[-len(found) :]
    assert [row.acts for row in found[:9]] == [False] * 6 + [True] * 3
    assert not all(row.acts for row in found[9:])
    assert found[-1].acts


def test_bars_longer_than_those_streamed_are_read_from_the_history():
    found, fives = [], Timeframe.parse("5m")

    async def play(stage, listening):
        found.extend(await listening.next(1))
        await listening.connected()
        for _ in range(12):
            await stage.move()
        found.extend(await listening.next(2))

    truth = asyncio.run(check({"timeframe": fives, "stream_timeframe": MINUTE}, play, before=14))
    opens = {bar.open_time: bar.open for bar in truth}
    assert len({row.close_ns for row in found}) == 3
    assert all(bar.close_time - bar.open_time == fives.nanoseconds for row in found for bar in row.bars)
    assert [row.bars[0].open for row in found] == [opens[row.open_ns] for row in found]
