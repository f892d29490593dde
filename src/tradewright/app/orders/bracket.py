"""Emulated brackets (B3–B7): a stop at the venue for what filled, a target held by us, one exit."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from tradewright.domain.errors import OrderError
from tradewright.domain.live.ids import DecisionKey, IdRole
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.order import Lifecycle, LiveOrder
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide, OrderType

from .kept import plan_body
from .office import Alarm

if TYPE_CHECKING:
    from tradewright.domain.live.order import BracketPlan

    from .cancel import Canceller
    from .holdings import Holdings
    from .office import Office
    from .replace import Replacer
    from .submit import Submitter

__all__ = ["BracketKeeper"]

FOR_EVER_NS = 1 << 62
_ZERO = Decimal(0)
_REFUSED = {Lifecycle.REJECTED, Lifecycle.NOT_ACCEPTED}


class BracketKeeper:
    """Protects what entries fill.

    A venue's own bracket that arms only once the entry is full (`BracketKind.FULL_FILL_ONLY`) protects no part of it,
    so stops are ours at every venue, for what filled and no more.

    Parameters
    ----------
    office : Office
    holdings : Holdings
    submitter : Submitter
    canceller : Canceller
    replacer : Replacer
    """

    def __init__(
        self, office: Office, holdings: Holdings, submitter: Submitter, canceller: Canceller, replacer: Replacer
    ) -> None:
        self.office = office
        self.holdings = holdings
        self.submitter = submitter
        self.canceller = canceller
        self.replacer = replacer
        self._locks: dict[str, asyncio.Lock] = {}
        self._told: set[str] = set()
        self._said: set[tuple[str, Alarm]] = set()

    # What is asked of it.

    def touch(self, order: LiveOrder) -> None:
        """Something happened to an order: tend its bracket, if it has one."""
        entry = self.holdings.entry_of(order)
        if entry is not None:
            self.holdings.measure(entry)
            self.office.spawn(self.tend(entry))

    async def price(self, symbol: str, price: Decimal) -> None:
        """B4: the market trades at a price; targets that it reaches are taken."""
        for entry in self.holdings.entries():
            target = entry.plan.target if entry.plan is not None else None
            if target is None or entry.symbol != symbol or entry.cid in self.office.book.exits:
                continue
            if (price - target) * entry.wire.side.value >= 0 and self.holdings.held(entry) > 0:
                await self.exit(entry.cid, "target")

    async def exit(self, cid: str, reason: str) -> None:
        """B4: close what a bracket holds; durable before anything of it is sent."""
        self.office.mark("B4", cid)
        await self.note_exit(cid, reason)
        self.office.mark("B4 done", cid)
        self.office.spawn(self.tend(self.office.book.orders[cid]))

    async def note_exit(self, cid: str, reason: str) -> None:
        """EXIT on the disk."""
        await self.office.durable(self.office.note(RecordKind.EXIT, cid=cid, reason=reason))

    async def move(self, cid: str, plan: BracketPlan) -> None:
        """Other prices for a bracket; stops that rest are replaced without leaving what they protect (E5).

        Raises
        ------
        OrderError
            When the order has no bracket, it is being closed, or its stops cannot be moved without being taken away.
        JournalError
            When it could not be kept.
        """
        entry = self.office.book.orders[cid]
        if entry.plan is None or entry.replaces is not None or cid in self.office.book.exits:
            raise OrderError(f"Order {cid} has no bracket that could be moved.")
        resting = [order for order in self.holdings.slices(entry) if order.is_open]
        if (
            resting
            and (plan.stop is None or not self.replacer.keeps_cover(resting[0]))
            and plan.stop != entry.plan.stop
        ):
            raise OrderError(
                f"The stops of {cid} cannot be moved at this venue without being taken away.", hint="Exit the bracket."
            )
        self.office.mark("E5", cid)
        await self.office.durable(self.office.note(RecordKind.PLAN, cid=cid, plan=plan_body(plan)))
        self.office.mark("E5 done", cid)
        self.office.spawn(self.tend(entry))

    def resume(self) -> None:
        """After a start: cover what is naked, before anything new."""
        for entry in self.holdings.entries():
            self.office.spawn(self.tend(entry))

    async def run(self) -> None:
        """B6: look every second for units that stand without a stop."""
        while self.office.stopped is None:
            await asyncio.sleep(1.0)
            for entry in self.holdings.entries():
                self._watch(entry)

    def _watch(self, entry: LiveOrder) -> None:
        if self.holdings.bare(entry) <= 0:
            self.holdings.measure(entry)
            self._told.discard(entry.cid)
            return
        self.office.spawn(self.tend(entry))
        seconds = self.holdings.measure(entry)
        if seconds > self.office.settings.naked_s and entry.cid not in self._told:
            self._told.add(entry.cid)
            units = self.holdings.bare(entry)
            self.office.alarm(Alarm.NAKED, entry.cid, f"{units} units stand without a stop for {seconds:.0f} s.")

    # What is done about it.

    async def tend(self, entry: LiveOrder) -> None:
        """Bring a bracket into order; one at a time."""
        async with self._locks.setdefault(entry.cid, asyncio.Lock()):
            if self.office.stopped is not None or self.office.book.latch.ends_protection:
                return
            if self.holdings.is_between_units(entry):
                return
            if self.holdings.held(entry) < 0:
                await self.turn_back(entry)
            elif entry.cid in self.office.book.exits:
                await self.leave(entry)
            else:
                await self.cover(entry)

    async def cover(self, entry: LiveOrder) -> None:
        """B3, B5, B6: a slice for what is naked; a stop that fills ends the entry."""
        self.office.mark("B3", entry.cid)
        slices = self.holdings.slices(entry)
        if any(order.filled for order in slices):
            await self._end_entry(entry)
        if slices and self.holdings.held(entry) == 0:
            await self._end_stops(entry)
        await self._follow_plan(entry)
        await self._trim(entry)
        naked = self.to_cover(entry)
        if naked <= 0 or await self._is_joined(entry, naked):
            return
        role = IdRole.EXIT if self._is_past_stops(entry, naked) else IdRole.STOP
        if role is IdRole.EXIT and self._was_refused(entry):
            return
        await self.send(entry, role, naked)
        self.office.mark("B3 done", entry.cid)

    def to_cover(self, entry: LiveOrder) -> Decimal:
        """How many units the next slice is for."""
        return self.holdings.naked(entry) if entry.plan is not None and entry.plan.stop is not None else _ZERO

    def _is_past_stops(self, entry: LiveOrder, naked: Decimal) -> bool:
        """Whether a stop is of no use any more: the venue would not take the last one, or not one so small."""
        first_sent = [order for order in self.holdings.slices(entry) if order.replaces is None]
        return naked < self._least(entry) or bool(first_sent and first_sent[-1].state in _REFUSED)

    def _least(self, entry: LiveOrder) -> Decimal:
        return self.office.settings.least.get(entry.symbol, _ZERO)

    async def _is_joined(self, entry: LiveOrder, naked: Decimal) -> bool:
        """What is too small for a slice of its own is put into the last one, or waits for more of the entry."""
        if naked >= self._least(entry):
            return False
        last = next((order for order in reversed(self._movable(entry))), None)
        if last is not None and self.replacer.keeps_cover(last):
            await self.replacer.replace(last.cid, last.wire.of(last.total + naked), FOR_EVER_NS)
            return True
        is_entering = any(order.is_open for order in self.office.book.chain(entry))
        return is_entering and self.holdings.measure(entry) <= self.office.settings.naked_s

    def _movable(self, entry: LiveOrder) -> list[LiveOrder]:
        return [
            order for order in self.holdings.slices(entry)
            if order.state is Lifecycle.WORKING and order.replaced_by is None and not order.cancel_wanted
        ]  # fmt: skip

    async def _follow_plan(self, entry: LiveOrder) -> None:
        """E5: stops that rest at another price than the plan's are replaced; a refused replacement is not repeated."""
        stop = entry.plan.stop if entry.plan is not None else None
        for order in self._movable(entry):
            if stop is not None and order.wire.stop_price != stop and self.replacer.keeps_cover(order):
                wire = replace(order.wire, stop_price=stop, quantity=order.total)
                await self.replacer.replace(order.cid, wire, FOR_EVER_NS)

    async def _trim(self, entry: LiveOrder) -> None:
        """The venue took fills back: stops for more than is left are made smaller, or ended and placed anew."""
        excess = -self.holdings.bare(entry) if self.holdings.was_busted(entry) else _ZERO
        for order in reversed(self._movable(entry)):
            if excess <= 0:
                return
            if order.leaves > excess and self.replacer.keeps_cover(order):
                await self.replacer.replace(order.cid, order.wire.of(order.total - excess), FOR_EVER_NS)
            else:
                await self.canceller.cancel(order.cid)
            excess -= order.leaves

    async def _end_entry(self, entry: LiveOrder) -> None:
        """B5: what is stopped out is not entered further."""
        for order in self.office.book.chain(entry):
            if order.is_open and not order.cancel_wanted:
                await self.canceller.cancel(order.cid)

    async def _end_stops(self, entry: LiveOrder) -> None:
        for order in self.holdings.slices(entry):
            if order.is_open:
                await self.canceller.cancel(order.cid)

    async def leave(self, entry: LiveOrder) -> None:
        """B4: end the entry and its stops, wait for the end of each to be read, and close what is left by one order."""
        await self._end_entry(entry)
        await self._end_stops(entry)
        await self.until_final(entry)
        if self.office.stopped is not None:
            return
        self.office.mark("B4 final", entry.cid)
        left = self.holdings.held(entry)
        if left > 0 and not self._was_refused(entry):
            await self.send(entry, IdRole.EXIT, left)

    async def until_final(self, entry: LiveOrder) -> None:
        """Wait until every order of a bracket has been read to its end."""
        await self.office.until(lambda: all(order.is_final for order in self.holdings.everything(entry)))

    def _was_refused(self, entry: LiveOrder) -> bool:
        """An exit that the venue refused is not asked for again: a person is."""
        exits = self.office.book.children(entry.cid, IdRole.EXIT)
        if not exits or exits[-1].state is not Lifecycle.REJECTED:
            return False
        self.ask_person(entry, Alarm.NAKED, f"The venue refuses to close {self.holdings.held(entry)} units.")
        return True

    def ask_person(self, entry: LiveOrder, alarm: Alarm, what: str) -> None:
        """Tell a person once, and trade the symbol no more."""
        if entry.symbol not in self.office.book.frozen:
            self.office.alarm(alarm, entry.cid, what)
            self.office.freeze(entry.symbol, f"{entry.cid}: {what}")

    async def turn_back(self, entry: LiveOrder) -> None:
        """B7: more was closed than there was; the position is on the other side, and a round closes it from there."""
        self._say_once(entry, Alarm.OVER_EXIT, f"{-self.holdings.held(entry)} units too many were closed.")
        self.office.freeze(entry.symbol, f"The bracket of {entry.cid} was closed twice.")
        await self._end_entry(entry)
        for order in self.office.book.children(entry.cid):
            if order.is_open and order.role is not IdRole.FLATTEN:
                await self.canceller.cancel(order.cid)
        await self.office.until(lambda: all(order.is_final for order in self.holdings.everything(entry)))
        rounds = self.office.book.children(entry.cid, IdRole.FLATTEN)
        if self.office.stopped is not None or self.holdings.held(entry) >= 0:
            return
        if rounds and rounds[-1].state is Lifecycle.REJECTED:
            self._say_once(entry, Alarm.LEFT_OPEN, f"The venue refuses to close {-self.holdings.held(entry)} units.")
        else:
            await self.round(entry, -self.holdings.held(entry), len(rounds) + 1)

    def _say_once(self, entry: LiveOrder, alarm: Alarm, what: str) -> None:
        if (entry.cid, alarm) not in self._said:
            self._said.add((entry.cid, alarm))
            self.office.alarm(alarm, entry.cid, what)

    async def round(self, entry: LiveOrder, units: Decimal, number: int) -> None:
        """FLATTEN r of a bracket on the disk, then sent; the next one only after its end."""
        office = self.office
        office.mark("B7", entry.cid)
        cid = self.child_id(entry, IdRole.FLATTEN, number)
        is_reversed = office.book.positions.get(entry.symbol, _ZERO) * entry.wire.side.value < 0
        wire = WireOrder(
            symbol=entry.symbol, side=entry.wire.side, quantity=units, reduce_only=is_reversed, label=entry.wire.label
        )
        office.note(
            RecordKind.FLATTEN, cid=cid, role=IdRole.FLATTEN.name, wire=wire.plain(), ttl_ns=FOR_EVER_NS,
            number=number, key=str(entry.key), parent=entry.cid, instance=entry.instance, at=office.now_ns(),
        )  # fmt: skip
        order = office.book.orders[cid]
        if office.abilities.has_cids:
            await office.durable(self.submitter.arm(order))
        office.mark("B7 done", entry.cid)
        office.spawn(self.submitter.send(order))

    async def send(self, entry: LiveOrder, role: IdRole, units: Decimal) -> None:
        """The next slice or exit: decided on the disk under an id that its number gives, then sent."""
        number = len(self.office.book.children(entry.cid, role)) + 1
        cid = self.child_id(entry, role, number)
        wire = self.wire_of(entry, role, units)
        order = LiveOrder(
            cid=cid, key=entry.key, role=role, wire=wire, decided_at=0, ttl_ns=FOR_EVER_NS, total=units,
            parent=entry.cid, number=number, instance=entry.instance,
        )  # fmt: skip
        key = DecisionKey(entry.key.moment, f"{entry.cid}.{role.name}.{number}")
        await self.submitter.keep(str(key), wire.digest, [order])

    def child_id(self, entry: LiveOrder, role: IdRole, number: int) -> str:
        """The id of the n-th slice, exit or round of an entry: the same after any crash."""
        return self.office.settings.scope.cid(role, DecisionKey(entry.key.moment, entry.cid), 0, chain=number)

    def wire_of(self, entry: LiveOrder, role: IdRole, units: Decimal) -> WireOrder:
        """What is sent: a stop at the planned price, or a market order that reduces."""
        stop = entry.plan.stop if role is IdRole.STOP and entry.plan is not None else None
        return WireOrder(
            symbol=entry.symbol,
            side=OrderSide(-entry.wire.side.value),
            quantity=units,
            order_type=OrderType.MARKET if stop is None else OrderType.STOP,
            stop_price=stop,
            reduce_only=True,
            label=entry.wire.label,
        )
