"""The whole order road over an adapter while the venue's line fails: two reconciles later both sides are equal."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from tradewright.adapters.storage.memory.journal import MemoryJournal
from tradewright.app.orders.office import Office, RoadSettings
from tradewright.app.orders.road import OrderRoad
from tradewright.app.orders.submit import Decision, Intent
from tradewright.domain.errors import OrderRejectedError
from tradewright.domain.live.ids import DecisionKey
from tradewright.domain.live.journal import RecordKind
from tradewright.testing.conformance import require

from .play import SCOPE, BrokerSuite, approved
from .stage import StageFault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tradewright.app.orders.office import Alarm
    from tradewright.app.orders.table import Row
    from tradewright.domain.approval import ApprovedOrder
    from tradewright.domain.live.latch import LatchOrder
    from tradewright.domain.live.order import Lifecycle, LiveOrder
    from tradewright.domain.live.venue import VenueFill, VenueOrder
    from tradewright.domain.live.wire import WireOrder
    from tradewright.ports.clock import Clock

    from .play import Play

__all__ = ["RoadChecks"]

_DAY_NS = 86_400 * 1_000_000_000
_FEW, _MANY = 4, 10
_CYCLES = 2
_RESTING = 24
_SETTLING = 4
"""Reconciles after which everything from before the stream was opened has been shown."""
_BEATS = 3
"""Two heartbeats, and one for the last look and for opening another stream."""
_TICK_S = 0.02


class _OpenGate:
    """The gate under no limits."""

    def approve(self, order: WireOrder) -> ApprovedOrder[WireOrder]:
        return approved(order)


class _NoLatch:
    """A latch that only this process knows."""

    def __init__(self) -> None:
        self._told: LatchOrder | None = None

    def set(self, order: LatchOrder) -> None:
        self._told = order

    def read(self) -> LatchOrder | None:
        return self._told

    def clear(self) -> None:
        self._told = None


class _SteadyClock:
    """The stage's clock as it would have run by itself: a replayed market jumps from bar to bar, a road never does."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset_ns = clock.now_ns() - clock.monotonic_ns()

    def now_ns(self) -> int:
        return self._offset_ns + self._clock.monotonic_ns()

    def monotonic_ns(self) -> int:
        return self._clock.monotonic_ns()


class _Ear:
    """Keeps what a person would be told."""

    def __init__(self) -> None:
        self.alarms: list[str] = []

    def reached(self, step: str, subject: str) -> None:
        """Nothing: steps are not of interest here."""

    def alarmed(self, alarm: Alarm, subject: str, detail: str) -> None:
        self.alarms.append(f"{alarm.value} {subject} {detail}")

    def changed(self, order: LiveOrder) -> None:
        """Nothing: the book is read at the end."""

    def filled(self, order: LiveOrder, fill: VenueFill) -> None:
        """Nothing: as above."""

    def judged(self, row: Row, state: Lifecycle) -> None:
        """Nothing: cells are counted elsewhere."""


class _Trader:
    """A strategy that wants one order after the other, over a road of its own."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.ear = _Ear()
        can = play.broker.capabilities
        settings = RoadSettings(
            scope=SCOPE,
            answer_s=play.terms.patience_s,
            looks_s=(0.05, 0.1, 0.2, 0.4, 0.8),
            late_look_s=can.window_s,
            reconcile_s=can.window_s / 2,
            busy_s=can.window_s / 4,
        )
        self._journal = MemoryJournal()
        self.office = Office(
            broker=play.broker,
            journal=self._journal,
            clock=_SteadyClock(play.stage.clock),
            latch=_NoLatch(),
            approver=_OpenGate(),
            watcher=self.ear,
            settings=settings,
        )
        self.road = OrderRoad(self.office)
        self.decided: list[str] = []

    async def want(self, wire: WireOrder) -> str:
        """Decide an order as soon as its symbol is open to new ones; its id."""
        key = DecisionKey(len(self.decided) + 1, wire.symbol)
        decision = Decision(key, (Intent(approved(wire), self.play.stage.clock.now_ns() + _DAY_NS),))

        async def is_decided() -> bool:
            try:
                self.decided.extend(await self.road.submitter.decide(decision))
            except OrderRejectedError:
                return False
            return True

        await self.play.until(is_decided, lambda: f"A symbol stays closed to new orders: {self.describe()}")
        return self.decided[-1]

    async def cancel(self, cid: str) -> None:
        """End an order."""
        await self.road.canceller.cancel(cid)

    async def equal(self) -> bool:
        """Whether the book is what the venue has: orders, what is filled of each, and positions."""
        truth = {order.vid: order for order in await self.play.stage.orders()}
        book = self.office.book
        held = {symbol: units for symbol, units in book.positions.items() if units}
        if held != await self.play.stage.positions() or len(truth) != len(self.decided):
            return False
        return all(self._is_as(book.orders[cid], truth) for cid in self.decided)

    def _is_as(self, order: LiveOrder, truth: dict[str, VenueOrder]) -> bool:
        seen = truth.get(order.vid or "")
        if seen is None:
            return False
        return order.filled == seen.filled and order.is_open != seen.status.is_terminal

    def describe(self) -> str:
        """What the book holds, for the sentence of a failure."""
        orders = [
            f"{o.cid[-6:]} {o.state.value} {o.filled}/{o.wire.quantity}" for o in self.office.book.orders.values()
        ]
        entries = [entry.record for entry in self._journal.disk.entries]
        never = [str(record.body["evidence"]) for record in entries if record.kind is RecordKind.NOT_ACCEPTED]
        told = (*self.ear.alarms, *never, f"stopped: {self.office.stopped}")
        return f"{orders}, {dict(self.office.book.positions)}; {'; '.join(told)}"

    async def reconciled(self, cycles: int = _CYCLES) -> None:
        """Let that many whole reconciles pass, begun after this."""
        before = self.road.reconciler.cycles
        await self.play.until(
            lambda: self.road.reconciler.cycles > before + cycles or self.office.stopped, "Nothing is reconciled."
        )

    async def end(self) -> None:
        """End the process of this road."""
        self.office.stop("the check is over")
        tasks = list(self.office.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class RoadChecks(BrokerSuite):
    """Orders, positions and fills after faults: what is local is what the venue has."""

    def test_the_road_ends_equal_without_faults(self) -> None:
        """Every wish is one order; nothing is lost, nothing is there twice."""
        self.play(lambda play: self._road(play, None, _FEW), connected=False)

    def test_the_road_recovers_lost_events(self) -> None:
        """A fifth of the stream's events never come; two reconciles after the last one everything is known."""
        self.play(lambda play: self._road(play, StageFault.EVENTS_LOST, _MANY, 0.2), connected=False)

    def test_the_road_recovers_a_cut_in_the_middle(self) -> None:
        """The stream is cut among the fills, and opened again by itself."""
        self.play(lambda play: self._road(play, StageFault.DISCONNECT, _FEW), connected=False)

    def test_the_road_notices_a_mute_stream(self) -> None:
        """A stream that stays open and tells nothing is replaced by another one, and nothing is lost."""
        self.play(lambda play: self._road(play, StageFault.MUTE, _FEW), connected=False)

    def test_the_road_finds_out_what_was_not_answered(self) -> None:
        """An order whose answer was lost is found, and is not sent again."""
        self.play(lambda play: self._road(play, StageFault.ANSWER_LOST, _FEW), connected=False)

    async def _road(self, play: Play, fault: StageFault | None, count: int, share: float = 1.0) -> None:
        if fault is not None and not play.can(fault):
            return
        async with _trading(play) as trader:
            await _batch(trader, None if fault is StageFault.MUTE else fault, count, share)
            if fault is StageFault.MUTE:
                await _outlive(trader)
            await play.stage.switch_off()
            await trader.reconciled()
            if not await trader.equal():
                truth = [f"{o.cid} {o.status} {o.filled}" for o in await play.stage.orders()]
                require(False, f"Two reconciles later the book is {trader.describe()}; the venue has {truth}.")


@contextlib.asynccontextmanager
async def _trading(play: Play) -> AsyncIterator[_Trader]:
    """A trader whose road has started, and ends whatever happens."""
    trader = _Trader(play)
    try:
        await play.within(trader.road.start(), "The road did not start.")
        yield trader
    finally:
        await trader.end()


async def _outlive(trader: _Trader) -> None:
    """Let the stream fall mute and orders end: it is another one two heartbeats after a question showed one of them."""
    play, session = trader.play, trader.play.broker.session
    resting = [await trader.want(play.terms.resting(ticks=ticks)) for ticks in range(_RESTING)]
    await play.until(lambda: play.arrived(len(trader.decided)), lambda: f"An order never arrived: {trader.describe()}")
    await trader.reconciled(_SETTLING)
    await play.stage.switch_on(StageFault.MUTE, count=1)
    orders = trader.office.book.orders

    async def is_shown() -> bool:
        if resting:
            await trader.cancel(resting.pop())
        return play.broker.session != session or any(
            orders[cid].cancel_wanted and not orders[cid].is_open for cid in trader.decided
        )

    await play.until(is_shown, lambda: f"No question showed an end: {trader.describe()}")
    await _replaced_within(play, session, _BEATS * play.broker.capabilities.heartbeat_s)


async def _replaced_within(play: Play, session: int, seconds: float) -> None:
    """Wait for another stream; time in which this machine had no time for us does not count."""
    loop, ran_s = asyncio.get_running_loop(), 0.0
    while play.broker.session == session:
        require(ran_s <= seconds, f"A mute stream was not replaced within {seconds} s.")
        began = loop.time()
        await asyncio.sleep(_TICK_S)
        ran_s += min(loop.time() - began, 2 * _TICK_S)


async def _batch(trader: _Trader, fault: StageFault | None, count: int, share: float) -> None:
    """Orders that fill, rest and are cancelled, with the fault switched on among them."""
    play = trader.play
    for number in range(count):
        if fault is not None and number == count // 2 - 1:
            once = fault is not StageFault.EVENTS_LOST
            await play.stage.switch_on(fault, share=share, count=1 if once else None)
        wire = play.terms.resting(ticks=number) if number % 3 == 2 else play.terms.market()
        cid = await trader.want(wire)
        await play.until(
            lambda: play.arrived(len(trader.decided)), lambda: f"An order never arrived: {trader.describe()}"
        )
        if number % 6 == 5:
            await trader.cancel(cid)
        await play.stage.move()
