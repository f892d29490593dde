"""A stage for live feeds in virtual time: a market's true bars, a stream that loses, repeats and reorders them."""

from __future__ import annotations

import asyncio
import bisect
from contextlib import aclosing
from dataclasses import dataclass, field

import numpy as np
from tests.timed_bars import sessions_of

from tradewright.app.live.feed.live import FeedSources, LiveFeed
from tradewright.domain import errors
from tradewright.domain.errors import BrokerError, DataError
from tradewright.domain.live.feed import FeedKind, Pulse, StreamBar
from tradewright.domain.live.modes import Mode
from tradewright.domain.live.session import Row
from tradewright.domain.timeframe import Timeframe
from tradewright.testing.virtual_time import VirtualClock, VirtualTimeLoop

NS = 1_000_000_000


def at(text):
    """An ISO text as UTC nanoseconds."""
    return int(np.datetime64(text, "ns").astype(np.int64))


def bars_of(series, *rows):
    """All bars of a series as values, or some of them by their numbers."""
    return [series.bar(row) for row in (rows or range(len(series)))]


def is_within(spans, now_ns):
    """Whether an instant lies in one of the (from, to)."""
    return any(first <= now_ns < last for first, last in spans)


class ScriptedHistory:
    """Everything true that has closed, `lag_s` after it did; it fails while it is `down`."""

    def __init__(self, clock, bars, lag_s=0.0, down=(), took_s=0.0):
        self.clock, self.lag_s, self.down, self.took_s = clock, lag_s, down, took_s
        self.bars_of = {}
        self.asked = []
        for bar in sorted(bars, key=lambda each: each.open_time):
            self.bars_of.setdefault(bar.symbol, []).append(bar)

    async def bars(self, symbol, timeframe, start_ns, end_ns):
        self.asked.append((symbol, start_ns, end_ns))
        await asyncio.sleep(self.took_s)
        if is_within(self.down, self.clock.now_ns()):
            raise BrokerError("The history is away.")
        until = min(end_ns, self.clock.now_ns() - round(self.lag_s * NS))
        every = self.bars_of.get(symbol, [])
        first = bisect.bisect_left(every, start_ns, key=lambda bar: bar.open_time)
        last = bisect.bisect_right(every, until, key=lambda bar: bar.close_time)
        return every[first:last]


@dataclass
class ScriptedStream:
    """Gives each true bar when `arrivals` says so, while it is neither out nor mute."""

    clock: VirtualClock
    bars: list
    arrivals: object = None
    feed: FeedKind = field(default_factory=lambda: FeedKind("scripted"))
    heartbeat_s: float = 10.0
    out: tuple = ()
    mute: tuple = ()
    frames: tuple = ("1m", "5m", "1h", "1d")
    connects: list = field(default_factory=list)
    is_open: bool = False

    async def connect(self):
        self.connects.append(self.clock.now_ns())
        if is_within(self.out, self.clock.now_ns()):
            raise errors.ConnectionError("The feed is away.")
        self.is_open = True
        self._since = self.clock.now_ns()

    async def subscribe(self, symbols, timeframe):
        if str(timeframe) not in self.frames:
            raise DataError(f"The feed has no bars of {timeframe}.")
        self.symbols = set(symbols)

    async def events(self):
        said = self._said()
        pulse_ns = self._since
        ends_ns = min([first for first, _ in self.out if first > self._since], default=1 << 62)
        while True:
            pulse_ns += round(self.heartbeat_s * NS)
            while said and said[0][0] <= pulse_ns:
                when, _, event = said.pop(0)
                await self._until(when, ends_ns)
                if not is_within(self.mute, when):
                    yield event
            await self._until(pulse_ns, ends_ns)
            if not is_within(self.mute, pulse_ns):
                yield Pulse(pulse_ns)

    def _said(self):
        plan = self.arrivals or (lambda _: (0.2,))
        told = [
            _told(bar, item)
            for bar in self.bars
            if bar.symbol in self.symbols and bar.close_time > self._since - 600 * NS
            for item in plan(bar)
        ]
        events = [(when, number, each) for number, (when, each) in enumerate(told) if when > self._since]
        return sorted(events, key=lambda each: each[:2])

    async def _until(self, when_ns, ends_ns):
        await asyncio.sleep((min(when_ns, ends_ns) - self.clock.now_ns()) / NS)
        if when_ns >= ends_ns:
            self.is_open = False
            raise errors.ConnectionError("The feed went away.")

    async def disconnect(self):
        self.is_open = False


def _told(bar, item):
    """A plan's item as (when, what): seconds after the close, or those and an event in the bar's place."""
    after_s, event = item if isinstance(item, tuple) else (item, StreamBar(bar))
    return bar.close_time + round(after_s * NS), event


class Stage:
    """Virtual time from an instant on, with true bars and whatever streams are made of them."""

    at_once = False
    """Whether rows are given in the call that brings their last bar, where that can be."""
    works_s = 0.0
    """How long each row is worked on by who asks for rows."""

    def __init__(self, series, starts, *, timeframe="1m", frames=None):
        self.loop = VirtualTimeLoop(most_steps=3_000_000)
        self.clock = VirtualClock(self.loop, at(starts))
        self.instruments = [each.instrument for each in series]
        self.timeframe = Timeframe.parse(timeframe)
        self.bars = [bar for each in series for bar in bars_of(each)]
        self.history = ScriptedHistory(self.clock, self.bars)
        self.stream = ScriptedStream(self.clock, self.bars)
        self.fallback = None
        self.feed = None

    def build(self, *, mode=Mode.PAPER, settings=None, tell=None):
        sources = FeedSources(self.stream, self.history, self.fallback)
        self.feed = LiveFeed(
            self.instruments, self.timeframe, sources, clock=self.clock, mode=mode, settings=settings, tell=tell
        )
        return self.feed

    def run(self, until, *, warmup=0, after=None, watch=None, **build):
        """Everything that comes until an instant, as (when, what); `watch` sees the status after each."""
        feed = self.feed or self.build(**build)
        return self.loop.run(self._collect(feed, at(until), warmup, after, watch))

    async def _collect(self, feed, until_ns, warmup, after, watch):
        found = []

        def take(row):
            found.append((self.clock.now_ns(), row))
            if watch is not None:
                watch(feed.status)

        if self.at_once:
            feed.give_at_once(take)

        task = asyncio.create_task(self._listen(feed.rows(warmup=warmup, after=after), take))
        await asyncio.wait([task], timeout=(until_ns - self.clock.now_ns()) / NS)
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
        elif task.exception() is not None:
            raise task.exception()
        return found

    async def _listen(self, given, take):
        async with aclosing(given) as rows:
            async for row in rows:
                take(row)
                if self.works_s:
                    await asyncio.sleep(self.works_s)


def rows_in(found):
    """The rows of what came."""
    return [each for _, each in found if isinstance(each, Row)]


def bars_in(found):
    """All bars of the rows, in order."""
    return [bar for row in rows_in(found) for bar in row.bars]


def whole(instrument, timeframe, first, last):
    """A bar in every place of the sessions from one date to another."""
    return sessions_of(instrument, timeframe, first, last)
