"""A month of market days: streams that drop and fall silent, a venue that restarts, and a process that is killed.

Each day is a whole live session in virtual time: the feed over a scripted stream, the runner with its engine in the
same process, the account with its order road over the venue double. What it could not act in is counted as the feed
itself counts it; every second in which nothing runs, or the road's gate is shut, comes on top.
"""

from __future__ import annotations

import asyncio
import contextvars
import random
import tempfile
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np
from tests.feed_stage import ScriptedHistory, ScriptedStream, bars_of
from tests.markets import FREE
from tests.timed_bars import sessions_of

import tradewright as tw
from tradewright.adapters.storage.memory.journal import MemoryDisk, MemoryJournal
from tradewright.adapters.storage.memory.latch import MemoryLatch
from tradewright.adapters.storage.sessions.logs import FileSessionLogs
from tradewright.app.live.account import LiveAccount
from tradewright.app.live.core import LocalCore
from tradewright.app.live.door_way import DoorWay
from tradewright.app.live.feed.live import FeedSources, LiveFeed
from tradewright.app.live.opening import Opening
from tradewright.app.live.session import LiveSession, SessionParts
from tradewright.app.live.watching import SessionWatcher
from tradewright.app.live.wires import WireForms
from tradewright.domain.errors import JournalError
from tradewright.domain.live.ids import IdScope
from tradewright.domain.live.modes import Mode
from tradewright.domain.timeframe import Timeframe
from tradewright.marketdata.sessions import sessions_between
from tradewright.ports.broker_kind import VenueParts
from tradewright.risk.limits import Limits
from tradewright.strategy.adapt import as_strategy
from tradewright.testing.venue_double import FaultPlan, VenueConnection, VenueTraits, VenueTruth
from tradewright.testing.virtual_time import VirtualClock, VirtualProcess, VirtualTimeLoop

NS = 1_000_000_000
FIRST, LAST = "2025-06-02", "2025-06-30"
DAYS = 20
BEFORE_S, AFTER_S = 60.0, 30.0
"""The program is started so long before the open, and ended so long after the close."""
MOST_STEPS = 20_000_000
SHARE = tw.Equity("ACME", "XNYS")
MINUTE = Timeframe.parse("1m")
WARMUP = 20
EVERY = 5
"""Bars from one order to the next."""
LEAST = 0.999
"""Share of the market's hours in which a live session must be able to act."""

OF_A_MONTH = {"stream": 40, "orders": 40, "mute": 2, "venue": 4, "process": 8}
"""How often each befalls a month: bar streams that drop, order streams that do, silence, venues and processes that
restart."""
SILENT_S, VENUE_S, PROCESS_S = 31.0, (8.0, 30.0), (3.0, 6.0)


class ToAndFro(tw.Strategy):
    """In and out again."""

    def setup(self):
        self.bars = 0
        self.average = self.use(tw.indicators.sma, "close", 10)

    def on_bar(self, ctx):
        self.bars += 1
        if self.bars % EVERY or ctx.open_orders():
            return
        if ctx.has_position():
            ctx.close_position()
        else:
            ctx.buy(1)


class OneInstrument:
    """Knows one share."""

    async def instrument(self, symbol):
        assert symbol == SHARE.symbol
        return SHARE


@dataclass(frozen=True)
class Mishap:
    """Something goes wrong so many seconds after the open, for so long."""

    at_s: float
    kind: str
    lasts_s: float = 0.5


def lasting(kind, rng):
    """How long a mishap lasts."""
    if kind == "mute":
        return SILENT_S
    return rng.uniform(*{"venue": VENUE_S, "process": PROCESS_S}.get(kind, (0.5, 0.5)))


def weather(seed, days=DAYS, often=None, length_s=23_400.0):
    """The mishaps of some days, by day: how often each kind befalls them, as a whole month unless told."""
    rng = random.Random(seed)  # noqa: S311 - a seeded run
    plans = [[] for _ in range(days)]
    for kind, count in (OF_A_MONTH if often is None else often).items():
        for _ in range(count):
            at_s = rng.uniform(30.0, length_s - 120.0)
            plans[rng.randrange(days)].append(Mishap(at_s, kind, lasting(kind, rng)))
    return [sorted(plan, key=lambda each: each.at_s) for plan in plans]


@cache
def table():
    """The sessions of the month, and one before."""
    days = np.array([FIRST, LAST], "datetime64[D]").astype(int)
    return sessions_between("XNYS", int(days[0]) - 3, int(days[1]))


def day_bars(number):
    """Bars of a day and of the one before it."""
    first, last = (str(np.datetime64(int(table().labels[place]), "D")) for place in (number, number + 1))
    return bars_of(sessions_of(SHARE, "1m", first, last))


@dataclass
class Count:
    """What was measured of some days."""

    market_s: float = 0.0
    feed_s: float = 0.0
    shut_s: float = 0.0
    """Seconds in which the feed could be acted on and the road was shut."""
    mishaps: int = 0
    starts: int = 0
    orders: int = 0
    wrong: list = field(default_factory=list)

    @property
    def able(self):
        """Share of the market's hours in which the session could act."""
        return (self.feed_s - self.shut_s) / self.market_s

    def add(self, other):
        for name in ("market_s", "feed_s", "shut_s", "mishaps", "starts", "orders", "wrong"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def told(self):
        """One line."""
        return (
            f"able to act in {self.able:.5%} of {self.market_s / 3600:.1f} market hours "
            f"(the feed {self.feed_s / self.market_s:.5%}, the road shut for {self.shut_s:.0f} s more); "
            f"{self.mishaps} mishaps, {self.starts} starts, {self.orders} orders, wrong: {self.wrong or 'nothing'}"
        )


class CutJournal(MemoryJournal):
    """A journal whose process may be dead: nothing of it is written any more."""

    is_cut = False

    def append(self, record):
        if self.is_cut:
            raise JournalError("The process is dead.")
        return super().append(record)


class Program:
    """One start of the program that trades."""

    def __init__(self, day):
        self.process = VirtualProcess(day.loop, "program")
        self.connection = VenueConnection(day.truth, FaultPlan([]), day.rng, lambda *_: None)
        self.connection.is_down = day.is_down
        self.journal = CutJournal(day.disk)
        watcher = SessionWatcher(lambda *said: self.journal.is_cut or day.alarms.append(said))
        way = DoorWay(
            parts=VenueParts(self.connection, OneInstrument()), offer=None, journal=self.journal,
            latch=day.latch, clock=day.clock, scope=IdScope("account", "by hand", 7), limits="bold", watcher=watcher,
        )  # fmt: skip
        self.account = LiveAccount(way)
        self.feed = LiveFeed([SHARE], MINUTE, day.sources(), clock=day.clock, mode=Mode.PAPER)
        self.log = day.log()
        self.log.measure = lambda _: None
        policies = {"cash": 100_000.0, "costs": FREE, "limits": Limits.of("none")}
        opening = Opening(lambda: [as_strategy(ToAndFro, None)], (SHARE,), MINUTE, policies, at_broker=True)
        self.session = LiveSession(
            SessionParts(
                name="month", log=self.log, make_core=lambda: LocalCore(opening), feed=self.feed, clock=day.clock,
                forms=WireForms([SHARE]), warmup=WARMUP, account=self.account, watcher=watcher,
            )
        )  # fmt: skip
        self.task = self.process.start(self.session.run())

    @property
    def is_open(self):
        """Whether the road would let an entry leave."""
        office = self.account.office
        is_connected = self.connection._inbox is not None and not self.connection.is_down
        return is_connected and office.gate_is_open and office.stopped is None and office.why_no_entry() is None

    def kill(self):
        """From now on it writes nothing and reaches nobody."""
        self.journal.is_cut = True
        self.connection.drop()
        self.log.close()
        self.task.cancel()
        self.task.add_done_callback(lambda task: task.cancelled() or task.exception())


class Day:
    """One day of the month.

    Parameters
    ----------
    number : int
        Of the session in the month, from 0.
    mishaps : list of Mishap
    folder : Path
        For the record of the session.
    """

    def __init__(self, number, mishaps, folder):
        self.mishaps = mishaps
        opens, closes = int(table().opens[number + 1]), int(table().closes[number + 1])
        self.opens_s, self.length_s = BEFORE_S, (closes - opens) / NS
        self.loop = VirtualTimeLoop(MOST_STEPS)
        self.clock = VirtualClock(self.loop, opens - round(BEFORE_S * NS))
        self.rng = random.Random(number)  # noqa: S311 - a seeded run
        self.bars = day_bars(number)
        self.truth = VenueTruth(self.loop, self.clock, VenueTraits())
        self.truth.on_accept = self._fill_soon
        self.disk, self.latch, self.logs = MemoryDisk(0.005), MemoryLatch(), FileSessionLogs(folder)
        self.alarms = []
        self.is_down = False
        self.has_record = False
        self.count = Count(market_s=self.length_s, mishaps=len(mishaps))
        self.program = None

    def run(self):
        """The day; what was measured."""
        self._at(0.0, self._start)
        for each in self.mishaps:
            self._at(self.opens_s + each.at_s, lambda m=each: self._strike(m))
        self._at(self.opens_s, self._sample)
        self.loop.run(self._over())
        return self.count

    async def _over(self):
        await asyncio.sleep(self.opens_s + self.length_s + AFTER_S)
        self._end()
        if self.program is not None:
            self.program.session.stop("the day is over")
            await asyncio.wait([self.program.task])

    def _at(self, when_s, act):
        self.loop.call_at(when_s, act, context=contextvars.Context())

    # The program.

    def _start(self):
        self.count.starts += 1
        self.program = Program(self)

    def log(self):
        if self.has_record:
            return self.logs.open("month")
        self.has_record = True
        return self.logs.create("month", {})

    def sources(self):
        bars, away = self.bars, self._spans("stream", "venue")
        stream = ScriptedStream(self.clock, bars, out=away, mute=self._spans("mute"), heartbeat_s=15.0)
        return FeedSources(stream, ScriptedHistory(self.clock, bars, lag_s=1.0, down=self._spans("venue"), took_s=0.1))

    def _spans(self, *kinds):
        first_ns = self.clock.start_ns + round(self.opens_s * NS)
        spans = [(each.at_s, each.at_s + each.lasts_s) for each in self.mishaps if each.kind in kinds]
        return tuple((first_ns + round(a * NS), first_ns + round(b * NS)) for a, b in spans)

    def _strike(self, mishap):
        if mishap.kind == "process":
            self._kill(mishap.lasts_s)
        elif mishap.kind == "venue":
            self._down(is_down=True)
            self._at(self.loop.time() + mishap.lasts_s, lambda: self._down(is_down=False))
        elif mishap.kind == "orders" and self.program is not None:
            self.program.connection.drop()

    def _down(self, *, is_down):
        self.is_down = is_down
        if self.program is not None:
            self.program.connection.is_down = is_down
            if is_down:
                self.program.connection.drop()

    def _kill(self, seconds):
        program = self.program
        if program is None:
            return
        self._take(program)
        program.kill()
        self.program = None
        self._at(self.loop.time() + seconds, self._start)

    # What is measured.

    def _take(self, program):
        availability = program.feed.status.availability
        self.count.feed_s += availability.able_s

    def _sample(self):
        """Once a second of the market's hours."""
        program = self.program
        if program is not None and program.task.done():
            self.count.wrong.append(f"the session ended: {program.task.exception()}")
            self.program = None
        elif program is not None and program.feed.status.is_connected and not program.is_open:
            self.count.shut_s += 1.0
        if self.loop.time() < self.opens_s + self.length_s - 1.0:
            self._at(self.loop.time() + 1.0, self._sample)

    def _end(self):
        program = self.program
        self.count.orders = len(self.truth.orders)
        if program is None:
            self.count.wrong.append("nothing runs")
            return
        self._take(program)
        held = self.truth.positions(self.loop.time()).get(SHARE.symbol, Decimal(0))
        core = program.session.runner._core
        counted = core.engine().desk.quantity(0)
        if float(held) != counted:
            self.count.wrong.append(f"the venue holds {held} and the session counts {counted}")
        self.count.wrong += [said for said in self.alarms if said[0] != "mute"]

    # The venue.

    def _fill_soon(self, order):
        self._at(self.loop.time() + self.rng.choice((0.1, 0.3)), lambda: self.truth.fill(order, order.quantity))


def live(days):
    """Some days from the first of the month on, with these mishaps; what was measured of all."""
    whole = Count()
    with tempfile.TemporaryDirectory(prefix="tradewright-month-") as folder:
        for number, mishaps in enumerate(days):
            whole.add(Day(number, mishaps, Path(folder) / str(number)).run())
    return whole
