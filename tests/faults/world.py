"""A run: a venue, a trading process over the real road, and whoever pulls the plug."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import random
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tradewright.adapters.storage.memory.journal import MemoryDisk, MemoryJournal
from tradewright.app.orders.office import Office, RoadSettings
from tradewright.app.orders.road import OrderRoad
from tradewright.app.orders.split import Split
from tradewright.app.orders.submit import Decision, Intent
from tradewright.domain.errors import JournalError, OrderError, StorageError
from tradewright.domain.live.ids import DecisionKey, IdRole, IdScope, parse_id
from tradewright.domain.live.latch import LatchOrder
from tradewright.domain.live.order import BracketPlan, Lifecycle
from tradewright.domain.live.venue import VenueStatus
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide, OrderType, TimeInForce
from tradewright.ports.lease import Grant
from tradewright.risk.gate import RiskGate
from tradewright.risk.limits import Limits
from tradewright.testing.venue_double import Fault, FaultPlan, VenueConnection, VenueTruth
from tradewright.testing.virtual_time import VirtualClock, VirtualProcess, VirtualProcessKilled, VirtualTimeLoop

from .script import CLOSE_S, OPEN_S, SEAL_S, SPLIT_S, P

HORIZON_S = 900.0
SCOPE = IdScope("acct", "strategy_v1", 77)
HAND = "hand"


class OpenGate:
    """The risk gate under no limits."""

    def __init__(self):
        self.gate = RiskGate(Limits(), 100_000.0)

    def approve(self, order):
        return self.gate.pass_through(order)


class FailingJournal(MemoryJournal):
    """A journal whose disk can be full, and whose server can be away."""

    def __init__(self, world, disk):
        super().__init__(disk)
        self.world = world

    def require_there(self):
        if self.world.loop.time() < self.world.away_until:
            raise JournalError("The journal is away.")
        if self.world.is_full:
            raise JournalError("The journal cannot be written: no space is left.")

    def open(self):
        self.require_there()
        return super().open()

    def append(self, record):
        self.require_there()
        return super().append(record)

    async def durable(self, sequence):
        self.require_there()
        await super().durable(sequence)


class MemoryLatch:
    def __init__(self):
        self.why = None

    def set(self, order):
        self.why = order

    def read(self):
        return self.why

    def clear(self):
        self.why = None


class SharedLease:
    """A lease in virtual time, as one process sees it."""

    def __init__(self, world, name):
        self.world = world
        self.name = name

    async def acquire(self):
        await asyncio.sleep(0.05)
        held = self.world.lease_held
        if self.world.loop.time() < held["ends"]:
            return None
        held.update(holder=self, epoch=held["epoch"] + 1, ends=self.world.loop.time() + 15.0)
        return Grant(held["epoch"], 15.0)

    async def renew(self, epoch):
        await asyncio.sleep(0.05)
        held = self.world.lease_held
        if held["epoch"] != epoch:
            return False
        held["ends"] = self.world.loop.time() + 15.0
        return True

    async def release(self, epoch):
        if self.world.lease_held["epoch"] == epoch:
            self.world.lease_held["ends"] = 0.0


@dataclass
class Tally:
    """What was seen during a run, for its verdict and for the coverage of the suite."""

    cells: set = field(default_factory=set)
    steps: dict = field(default_factory=dict)
    alarms: list = field(default_factory=list)
    denied: set = field(default_factory=set)
    restarts: int = 0
    sent: list = field(default_factory=list)
    latched_at: float | None = None
    most_filled: dict = field(default_factory=dict)
    fell: set = field(default_factory=set)
    told: dict = field(default_factory=dict)
    back: set = field(default_factory=set)
    booked: list = field(default_factory=list)
    compared: int = 0
    behind: list = field(default_factory=list)
    ups: list = field(default_factory=list)
    """From when to when each process traded."""


class Trader:
    """One start of the trading process."""

    before_s = None
    up_s = None
    """Since when its road has been recovered."""

    def __init__(self, world, name):
        self.world = world
        self.process = VirtualProcess(world.loop, name)
        self.clock = VirtualClock(world.loop)
        self.connection = VenueConnection(world.truth, world.plan, world.rng, self._bytes_left)
        self.connection.is_stalled = lambda: self.process.is_paused
        self.office = Office(
            broker=self.connection, journal=world.journal_of(name), clock=self.clock, latch=world.latch,
            approver=OpenGate(), watcher=self, settings=world.settings,
        )  # fmt: skip
        self.road = OrderRoad(self.office, world.lease_of(name))
        if world.variant is not None:
            world.variant(self)
        self.is_up = False

    # What the road tells.

    def reached(self, step, subject):
        if step == "Q1":
            self.asked_s = self.world.loop.time()
        elif step == "Q2 done":
            self.cycled()
        if step == "R1" and subject in self.office.book.orders:
            self.check(self.office.book.orders[subject])
        self.world.step(self, step)

    def cycled(self):
        """A second cycle in a row was answered: what was so before the first is known by now."""
        if self.before_s is not None:
            self.world.compare(self, self.before_s - self.world.scenario.traits.capabilities.index_lag_s)
        self.before_s = self.asked_s

    def _bytes_left(self, kind, cid):
        self.world.tally.sent.append((self.world.loop.time(), kind, cid))
        self.world.step(self, {"submit": "S3 done", "cancel": "C2 done", "replace": "E2 done"}[kind])

    def alarmed(self, alarm, subject, detail):
        self.world.tally.alarms.append((self.world.loop.time(), alarm.value, subject, detail))

    def changed(self, order):
        self.check(order)
        key = (id(self), order.cid)
        if order.state in {Lifecycle.REJECTED, Lifecycle.NOT_ACCEPTED}:
            self.world.tally.told[key] = order.state
        elif key in self.world.tally.told:
            self.world.tally.back.add((order.cid, self.world.tally.told[key].value, order.state.value))

    def filled(self, order, fill):
        self.world.tally.booked.append((order.cid, fill.identity))

    def check(self, order):
        key = (id(self), order.cid)
        most = self.world.tally.most_filled.get(key, Decimal(0))
        if order.filled < most and not self.world.scenario.extras.get("corrects"):
            self.world.tally.fell.add(order.cid)
        self.world.tally.most_filled[key] = max(most, order.filled)

    def judged(self, row, state):
        self.world.tally.cells.add((row, state))

    # What it does.

    async def main(self):
        try:
            if self.split() is not None:
                self.road.actions.expect(self.split())
            await self.road.start()
            self.is_up, self.up_s = True, self.world.loop.time()
            for wish in self.world.scenario.wishes:
                self.office.spawn(self.want(wish))
            if self.world.scenario.night:
                self.office.spawn(self.night())
            self.office.spawn(self.watch_prices())
            if self.world.scenario.latch_at is not None:
                self.office.spawn(self.latch())
            await self.office.ended.wait()
        except StorageError:
            pass
        self.world.ended(self)

    async def night(self):
        """What a session tells its road over the night, told again by every process that comes up in it."""
        symbols = [wish.symbol for wish in self.world.scenario.wishes]
        split = self.split()
        await self.until(CLOSE_S)
        self.road.day.closed(symbols, self.clock.start_ns + int(CLOSE_S * 1e9))
        await self.until(SPLIT_S + 3.0)
        if split is not None:
            await self.road.actions.apply(split)
        await self.until(OPEN_S)
        self.road.day.opened(symbols, self.clock.start_ns + int(OPEN_S * 1e9))

    def split(self):
        if self.world.scenario.split is None:
            return None
        symbol, ratio = self.world.scenario.split
        return Split(symbol, ratio, self.clock.start_ns + int(SPLIT_S * 1e9))

    async def watch_prices(self):
        while self.world.scenario.prices:
            for symbol, price in list(self.world.truth.prices.items()):
                await self.road.price(symbol, price)
            await asyncio.sleep(0.5)

    async def latch(self):
        await self.until(self.world.scenario.latch_at)
        if not self.office.book.latch.number:
            await self.road.switch.latch(LatchOrder("asked for", "person", flatten=self.world.scenario.flatten))
        self.world.tally.latched_at = self.world.tally.latched_at or self.world.loop.time()

    def key(self, wish):
        return self.world.key_of(wish)

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
        if wish.move_at is not None:
            await self.until(wish.move_at)
            await self.move(wish)

    async def move(self, wish):
        """Draw the stop nearer, as soon as it rests."""
        for _ in range(20):
            cid = self.cid(wish)
            if self.office.book.orders[cid].plan == plan_of(wish, 2) or cid in self.office.book.exits:
                return
            if any(order.state is Lifecycle.WORKING for order in self.office.book.children(cid)):
                with contextlib.suppress(OrderError):
                    await self.road.brackets.move(cid, plan_of(wish, 2))
                return
            await asyncio.sleep(1.0)

    async def until(self, at_s):
        await asyncio.sleep(max(at_s - self.world.loop.time(), 0.0))

    async def decide(self, wish):
        while self.world.loop.time() < wish.at_s + 60.0:
            if ("", self.key(wish)) in self.office.book.decisions:
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
            label=wish.label, time_in_force=TimeInForce.DAY if wish.is_day else TimeInForce.GTC,
        )  # fmt: skip
        ttl_ns = self.clock.start_ns + int((wish.at_s + wish.ttl_s) * 1e9)
        plan = None
        if wish.is_bracket:
            plan = plan_of(wish)
        return Decision(self.key(wish), (Intent(self.office.approver.approve(wire), ttl_ns, plan),))

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


def plan_of(wish, nearer=0):
    """The bracket of a wish, its stop so much nearer to the market."""
    stop, target = Decimal(100 - (5 - nearer) * wish.side), Decimal(100 + 5 * wish.side)
    return BracketPlan(stop if wish.ends[0] else None, target if wish.ends[1] else None)


def was_refused(holdings, entry):
    """Whether the venue refused to close what is reversed, so that a person must."""
    return holdings.everything(entry)[-1].state is Lifecycle.REJECTED


def is_entry(order):
    """Whether an order at the venue opens rather than protects or closes."""
    parts = parse_id(order.cid)
    return parts is None or not parts.role.protects


class World:
    """The run of a scenario."""

    def __init__(self, scenario, variant=None):
        self.scenario = scenario
        self.variant = variant
        self.loop = self.new_loop()
        self.clock = VirtualClock(self.loop)
        self.rng = random.Random(scenario.seed + 1)  # noqa: S311 - a seeded run
        self.truth = VenueTruth(self.loop, self.clock, scenario.traits)
        self.truth.on_accept = self._accepted
        self.plan = FaultPlan(list(scenario.faults))
        self.disk = MemoryDisk(scenario.sync_s, is_shared=scenario.two_hosts)
        self.lease_held = {"holder": None, "epoch": 0, "ends": 0.0}
        self.latch = MemoryLatch()
        self.settings = self.settings_of(scenario)
        self.tally = Tally()
        self.traders = []
        self._final = None
        self._done = set()
        self.is_full = False
        self.away_until = 0.0
        self._own = {}

    @staticmethod
    def key_of(wish):
        return DecisionKey(wish.number + 1, wish.symbol)

    def new_loop(self):
        return VirtualTimeLoop(150_000)

    def settings_of(self, scenario):
        least = scenario.extras.get("least")
        return RoadSettings(
            scope=SCOPE, pause_s=P, reconcile_s=20.0, pause_is_bounded=scenario.pause_is_bounded,
            history_ends_s=8 * 3600 + SEAL_S if scenario.night else None,
            least={} if least is None else {wish.symbol: least for wish in scenario.wishes},
        )  # fmt: skip

    def disk_of(self, name):
        return self.disk

    def journal_of(self, name):
        return FailingJournal(self, self.disk_of(name))

    def entries(self):
        return self.trader.office.journal.disk.entries

    def own_disk(self, name):
        """A journal that no other host sees."""
        return self._own.setdefault(name, MemoryDisk(self.scenario.sync_s))

    def settings_override(self, **changes):
        self.settings = replace(self.settings, **changes)

    def lease_of(self, name):
        return SharedLease(self, name) if self.scenario.two_hosts else None

    # The venue's market.

    def _accepted(self, order):
        if order.cid == HAND:
            return
        if not is_entry(order):
            self._protect(order)
            return
        wish = self._wish_of(order)
        if wish is None:
            return
        half = max(wish.quantity // 2, Decimal(1))
        if self.scenario.extras and wish.number == 0:
            self._at(wish.pace_s * 4 + self.rng.choice((0.5, 30.0)), lambda: self._be_odd(order))
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

    def _protect(self, order):
        """A stop waits for its price, and an order that closes fills soon, sometimes in two parts."""
        if self.scenario.extras.get("over_exit") and order.wire.label == "i0":
            self._over_exit(order)
        if order.wire.order_type is OrderType.STOP:
            self._at(0.05, lambda: self.truth.trigger(order))
        else:
            first = order.quantity if self.rng.random() < 0.7 else max(order.quantity // 2, Decimal(1))
            self._at(0.3, lambda: self.truth.fill(order, first))
            self._at(1.0, lambda: self.truth.fill(order, order.quantity))

    def _over_exit(self, order):
        """The venue closes one unit more than was asked, once."""
        if order.status is VenueStatus.FILLED and "over_exit" not in self._done:
            self._done.add("over_exit")
            self.truth.execute(order, Decimal(1))
        elif order.status is VenueStatus.OPEN:
            self._at(1.0, lambda: self._over_exit(order))

    def _be_odd(self, order):
        if self.scenario.extras.get("over_fill") and order.status is VenueStatus.FILLED:
            self.truth.execute(order, Decimal(1))
        elif self.scenario.extras.get("corrects") and order.filled > 1:
            self.truth.correct(order, order.fills[-1].quantity / 2)

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
            self.plan.struck.append(Fault("hand", "order"))
            self._at(2.0, lambda: self.truth.fill(order, Decimal(5)))

    def _mute(self):
        if self.traders:
            self.traders[-1].connection.is_mute = True

    def _close(self):
        """The session is over: what was for the day ends, unseen, late, or not at all."""
        for order in list(self.truth.orders.values()):
            if order.status is VenueStatus.OPEN and order.wire.time_in_force is TimeInForce.DAY:
                self._expire(order, self.plan.at("expiry"))

    def _expire(self, order, kind):
        if kind == "lost":
            self.truth.listeners, heard = [], self.truth.listeners
            self.truth.end(order, VenueStatus.EXPIRED)
            self.truth.listeners = heard
        elif kind != "never":
            self._at(25.0 if kind == "late" else 0.0, lambda: self.truth.end(order, VenueStatus.EXPIRED))

    def _split(self):
        if self.scenario.split is not None:
            symbol, ratio = self.scenario.split
            kind = self.plan.at("split") or self.rng.choice(("adjust", "cancel", "leave"))
            self.truth.split(symbol, ratio, kind)

    def _reset(self):
        """The gateway forgets who asked for what: every line to it is cut."""
        for trader in self.traders:
            trader.connection.drop()

    def compare(self, trader, when_s):
        """What the venue's orders were at an instant against what two cycles later is known of them."""
        book = trader.office.book
        has_cids = self.scenario.traits.capabilities.has_cids
        for order in self.truth.orders.values():
            seen, local = order.at(when_s), book.order_of(order.cid if has_cids else None, order.vid)
            if seen is None or local is None or order.cid == HAND or self.scenario.extras.get("corrects"):
                continue
            self.tally.compared += 1
            is_behind = local.filled_there < seen[1] or (local.state is Lifecycle.WORKING and seen[0].is_terminal)
            if is_behind:
                self.tally.behind.append(f"{order.vid} is {local.state.value} {local.filled_there}, was {seen}")

    # Processes.

    def start(self, name="A"):
        trader = Trader(self, name)
        self.tally.most_filled.clear()
        self.traders.append(trader)
        trader.process.start(trader.main())
        return trader

    @property
    def trader(self):
        """The process that trades."""
        if self._final is not None:
            return self._final
        active = [one for one in self.traders if one.is_up and one.process.is_alive and one.office.stopped is None]
        return active[-1] if active else self.traders[-1]

    def step(self, trader, step):
        if not trader.process.is_alive:
            raise VirtualProcessKilled
        self.tally.steps[step] = self.tally.steps.get(step, 0) + 1
        kind = self.plan.at(step)
        if kind in {"kill", "power"}:
            self.kill(trader, kind)
            raise VirtualProcessKilled
        self._befall(trader, kind)

    def _befall(self, trader, kind):
        if kind == "pause":
            trader.process.pause(self.rng.uniform(0.3, P))
        elif kind == "long_pause":
            self._sleep_long(trader)
        elif kind == "fsync":
            self.disk_of(trader.process.name).fails = True
        elif kind == "full":
            self.is_full = True
        elif kind == "away":
            self.away_until = self.loop.time() + self.rng.uniform(2.0, 20.0)
        elif kind == "clock":
            trader.clock.jump_ns = self.rng.choice((-1, 1)) * 3_600_000_000_000
            self._at(20.0, lambda: setattr(trader.clock, "jump_ns", 0))

    def _sleep_long(self, trader):
        """Longer than the lease; where pauses are bounded a watchdog ends the sleeper before it wakes."""
        seconds = self.rng.uniform(17.0, 60.0)
        trader.process.pause(seconds)
        if self.settings.pause_is_bounded:
            self._at(self.settings.pause_s, lambda: self.kill(trader, "kill"))

    def kill(self, trader, kind):
        if not trader.process.is_alive:
            return
        if trader.up_s is not None:
            self.tally.ups.append((trader.up_s, self.loop.time()))
        trader.process.kill()
        trader.connection.drop()
        disk = self.disk_of(trader.process.name)
        kept = len(disk.entries) if kind == "kill" and not disk.is_shared else self.rng.choice((0, 0, 1, 2))
        if not disk.is_shared:
            disk.lose_power(kept)
        disk.fails = self.is_full = False
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
        for at_s in self.scenario.resets:
            self._at(at_s, self._reset)
        if self.scenario.night:
            self._at(CLOSE_S, self._close)
            self._at(SPLIT_S, self._split)
        for at_s, symbol, price in self.scenario.prices:
            self._at(at_s, lambda symbol=symbol, price=price: self.truth.set_price(symbol, price))
        self.start()
        if self.scenario.two_hosts:
            self._at(0.5, lambda: self.start("B"))
        self.loop.run(self._until_quiet())
        self._final = self.trader
        self.tally.ups.append((self._final.up_s or 0.0, self.loop.time()))
        for trader in self.traders:
            trader.process.kill()
            trader.process.bury()
        return self

    async def _until_quiet(self):
        quiet = 0
        last = (
            max([*(wish.at_s for wish in self.scenario.wishes), *(at_s for at_s, _, _ in self.scenario.prices)]) + 30.0
        )
        while self.loop.time() < HORIZON_S and quiet < 9:
            await asyncio.sleep(5.0)
            quiet = quiet + 1 if self.loop.time() > last and self.is_quiet() else 0

    def is_quiet(self):
        trader = self.trader
        if not trader.is_up or not trader.process.is_alive or any(one.process.is_paused for one in self.traders):
            return False
        if self.scenario.latch_at is not None and not trader.road.switch.is_done:
            return False
        holdings = trader.road.holdings
        if any(holdings.held(entry) < 0 and not was_refused(holdings, entry) for entry in holdings.entries()):
            return False
        return all(self._rests(trader, order) for order in trader.office.book.orders.values())

    def _rests(self, trader, order):
        if order.is_final or (order.state is Lifecycle.WORKING and not order.cancel_wanted):
            return True
        return order.symbol in trader.office.book.frozen
