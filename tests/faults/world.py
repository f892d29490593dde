"""A run: a venue, a trading process over the real road, and whoever pulls the plug."""

from __future__ import annotations

import asyncio
import contextvars
import random
from dataclasses import dataclass, field
from decimal import Decimal

from tradewright.adapters.storage.memory.journal import MemoryDisk, MemoryJournal
from tradewright.app.orders.office import Office, RoadSettings
from tradewright.app.orders.road import OrderRoad
from tradewright.app.orders.submit import Decision, Intent
from tradewright.domain.errors import OrderError, StorageError
from tradewright.domain.live.ids import DecisionKey, IdRole, IdScope
from tradewright.domain.live.order import Lifecycle
from tradewright.domain.live.venue import VenueStatus
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide, OrderType
from tradewright.risk.gate import RiskGate
from tradewright.risk.limits import Limits
from tradewright.testing.venue_double import FaultPlan, VenueConnection, VenueTruth
from tradewright.testing.virtual_time import VirtualClock, VirtualProcess, VirtualProcessKilled, VirtualTimeLoop

from .script import P

HORIZON_S = 900.0
SCOPE = IdScope("acct", "strategy_v1", 77)
HAND = "hand"


class OpenGate:
    """The risk gate under no limits."""

    def __init__(self):
        self.gate = RiskGate(Limits(), 100_000.0)

    def approve(self, order):
        return self.gate.pass_through(order)


class MemoryLatch:
    def __init__(self):
        self.why = None

    def set(self, reason):
        self.why = reason

    def reason(self):
        return self.why

    def clear(self):
        self.why = None


@dataclass
class Tally:
    """What was seen during a run, for its verdict and for the coverage of the suite."""

    cells: set = field(default_factory=set)
    steps: dict = field(default_factory=dict)
    alarms: list = field(default_factory=list)
    denied: set = field(default_factory=set)
    restarts: int = 0


class Trader:
    """One start of the trading process."""

    def __init__(self, world, name):
        self.world = world
        self.process = VirtualProcess(world.loop, name)
        self.clock = VirtualClock(world.loop)
        self.connection = VenueConnection(world.truth, world.plan, world.rng, self._bytes_left)
        self.connection.is_stalled = lambda: self.process.is_paused
        self.office = Office(
            broker=self.connection, journal=MemoryJournal(world.disk_of(name)), clock=self.clock, latch=world.latch,
            approver=OpenGate(), watcher=self, settings=world.settings,
        )  # fmt: skip
        self.road = OrderRoad(self.office, world.lease_of(name))
        if world.variant is not None:
            world.variant(self)
        self.is_up = False

    # What the road tells.

    def reached(self, step, subject):
        self.world.step(self, step)

    def _bytes_left(self, kind, cid):
        self.world.step(self, {"submit": "S3 done", "cancel": "C2 done", "replace": "E2 done"}[kind])

    def alarmed(self, alarm, subject, detail):
        self.world.tally.alarms.append((self.world.loop.time(), alarm.value, subject, detail))

    def changed(self, order):
        pass

    def judged(self, row, state):
        self.world.tally.cells.add((row, state))

    # What it does.

    async def main(self):
        try:
            await self.road.start()
            self.is_up = True
            for wish in self.world.scenario.wishes:
                self.office.spawn(self.want(wish))
            await self.office.ended.wait()
        except StorageError:
            pass
        self.world.ended(self)

    def key(self, wish):
        return DecisionKey(wish.number + 1, wish.symbol)

    def cid(self, wish):
        return self.office.settings.scope.cid(IdRole.ENTRY, self.key(wish), 0)

    async def want(self, wish):
        """The strategy: decides once, and goes on where it had been when the process died."""
        await self.until(wish.at_s)
        if not await self.decide(wish):
            return
        if wish.cancel_at is not None:
            await self.until(wish.cancel_at)
            await self.cancel(wish)
        if wish.replace_at is not None:
            await self.until(wish.replace_at)
            await self.replace(wish)

    async def until(self, at_s):
        await asyncio.sleep(max(at_s - self.world.loop.time(), 0.0))

    async def decide(self, wish):
        while self.world.loop.time() < wish.at_s + 60.0:
            if self.key(wish) in self.office.book.decisions:
                return True
            try:
                await self.road.submitter.decide(self.decision(wish))
                return True
            except OrderError:
                await asyncio.sleep(1.0)
        self.world.tally.denied.add(wish.label)
        return False

    def decision(self, wish):
        limit = Decimal(100) if wish.order_type is OrderType.LIMIT else None
        wire = WireOrder(
            symbol=wish.symbol, side=wish.side, quantity=wish.quantity, order_type=wish.order_type, limit_price=limit,
            label=wish.label,
        )  # fmt: skip
        ttl_ns = self.clock.start_ns + int((wish.at_s + wish.ttl_s) * 1e9)
        return Decision(self.key(wish), (Intent(self.office.approver.approve(wire), ttl_ns),))

    async def cancel(self, wish):
        order = self.office.book.orders.get(self.cid(wish))
        if order is not None and order.is_open:
            await self.road.canceller.cancel(order.cid)

    async def replace(self, wish):
        order = self.office.book.orders.get(self.cid(wish))
        if order is None or order.replaced_by is not None or not order.is_open:
            return
        wire = order.wire.of(wish.replace_to)
        try:
            await self.road.replacer.replace(order.cid, wire, order.ttl_ns)
        except OrderError:
            return


class World:
    """The run of a scenario."""

    def __init__(self, scenario, variant=None):
        self.scenario = scenario
        self.variant = variant
        self.loop = VirtualTimeLoop()
        self.clock = VirtualClock(self.loop)
        self.rng = random.Random(scenario.seed + 1)  # noqa: S311 - a seeded run
        self.truth = VenueTruth(self.loop, self.clock, scenario.traits)
        self.truth.on_accept = self._accepted
        self.plan = FaultPlan(list(scenario.faults))
        self.disk = MemoryDisk(scenario.sync_s)
        self.latch = MemoryLatch()
        self.settings = RoadSettings(scope=SCOPE, pause_s=P, reconcile_s=20.0)
        self.tally = Tally()
        self.traders = []

    def disk_of(self, name):
        return self.disk

    def lease_of(self, name):
        return None

    # The venue's market.

    def _accepted(self, order):
        if order.cid == HAND:
            return
        wish = self._wish_of(order)
        if wish is None:
            return
        half = max(wish.quantity // 2, Decimal(1))
        acts = {
            "full": [("fill", order.quantity)],
            "two": [("fill", half), ("fill", order.quantity)],
            "part": [("fill", half)],
            "never": [],
            "expires": [("end", None)],
            "part_expires": [("fill", half), ("end", None)],
            "late_part_expires": [("wait", None), ("fill", half), ("end", None)],
        }[wish.fate]
        for number, (act, units) in enumerate(acts, start=1):
            self._at(wish.pace_s * number, lambda act=act, units=units: self._act(order, act, units))

    def _wish_of(self, order):
        return next((wish for wish in self.scenario.wishes if wish.label == order.wire.label), None)

    def _act(self, order, act, units):
        if act == "fill":
            self.truth.fill(order, units)
        elif act == "end":
            self.truth.end(order, VenueStatus.EXPIRED)

    def _at(self, delay, act):
        self.loop.call_later(delay, act, context=contextvars.Context())

    def _by_hand(self):
        wire = WireOrder(symbol="AAA", side=OrderSide.BUY, quantity=Decimal(5))
        order = self.truth.accept(HAND, wire)
        if order is not None:
            self._at(2.0, lambda: self.truth.fill(order, Decimal(5)))

    def _mute(self):
        if self.traders:
            self.traders[-1].connection.is_mute = True

    # Processes.

    def start(self, name="A"):
        trader = Trader(self, name)
        self.traders.append(trader)
        trader.process.start(trader.main())
        return trader

    @property
    def trader(self):
        return self.traders[-1]

    def step(self, trader, step):
        if not trader.process.is_alive:
            raise VirtualProcessKilled
        self.tally.steps[step] = self.tally.steps.get(step, 0) + 1
        kind = self.plan.at(step)
        if kind == "pause":
            trader.process.pause(self.rng.uniform(0.3, P))
        elif kind == "fsync":
            self.disk_of(trader.process.name).fails = True
        elif kind in {"kill", "power"}:
            self.kill(trader, kind)
            raise VirtualProcessKilled

    def kill(self, trader, kind):
        trader.process.kill()
        trader.connection.drop()
        disk = self.disk_of(trader.process.name)
        kept = len(disk.entries) if kind == "kill" else self.rng.choice((0, 0, 1, 2))
        disk.lose_power(kept)
        disk.fails = False
        self._at(self.scenario.restart_s, lambda: self.start(trader.process.name))
        self.tally.restarts += 1

    def ended(self, trader):
        """The process ends by itself: its road stopped."""
        if trader.process.is_alive:
            self.kill(trader, "power")

    # The run.

    def run(self):
        for at_s in self.scenario.hand_orders:
            self._at(at_s, self._by_hand)
        if self.scenario.mute_at is not None:
            self._at(self.scenario.mute_at, self._mute)
        self.start()
        self.loop.run(self._until_quiet())
        for trader in self.traders:
            trader.process.kill()
            trader.process.bury()
        return self

    async def _until_quiet(self):
        quiet = 0
        last = max(wish.at_s for wish in self.scenario.wishes) + 30.0
        while self.loop.time() < HORIZON_S and quiet < 9:
            await asyncio.sleep(5.0)
            quiet = quiet + 1 if self.loop.time() > last and self.is_quiet() else 0

    def is_quiet(self):
        trader = self.trader
        if not trader.is_up or not trader.process.is_alive or trader.process.is_paused:
            return False
        return all(self._rests(trader, order) for order in trader.office.book.orders.values())

    def _rests(self, trader, order):
        if order.is_final or (order.state is Lifecycle.WORKING and not order.cancel_wanted):
            return True
        return order.symbol in trader.office.book.frozen
