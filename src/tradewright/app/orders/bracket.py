"""Emulated brackets (B3–B7): a stop at the venue for what filled, a target held by us, one exit."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING

from tradewright.domain.live.ids import DecisionKey, IdRole
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.order import Lifecycle, LiveOrder
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide, OrderType

from .office import Alarm

if TYPE_CHECKING:
    from .cancel import Canceller
    from .office import Office
    from .submit import Submitter

__all__ = ["BracketKeeper"]

NS = 1_000_000_000
FOR_EVER_NS = 1 << 62
_ZERO = Decimal(0)
_REFUSED = {Lifecycle.REJECTED, Lifecycle.NOT_ACCEPTED}


class BracketKeeper:
    """Protects what entries fill.

    Parameters
    ----------
    office : Office
    submitter : Submitter
    canceller : Canceller
    """

    def __init__(self, office: Office, submitter: Submitter, canceller: Canceller) -> None:
        self.office = office
        self.submitter = submitter
        self.canceller = canceller
        self._locks: dict[str, asyncio.Lock] = {}
        self._naked_since: dict[str, int] = {}
        self._told: set[str] = set()

    # What is asked of it.

    def entry_of(self, order: LiveOrder) -> LiveOrder | None:
        """The first entry of the bracket an order belongs to, or None."""
        book = self.office.book
        entry = book.chain(book.orders.get(order.parent or "", order))[0]
        return entry if entry.plan is not None else None

    def touch(self, order: LiveOrder) -> None:
        """Something happened to an order: tend its bracket, if it has one."""
        entry = self.entry_of(order)
        if entry is not None:
            self.office.spawn(self.tend(entry))

    async def price(self, symbol: str, price: Decimal) -> None:
        """B4: the market trades at a price; targets that it reaches are taken."""
        for entry in self.entries():
            target = entry.plan.target if entry.plan is not None else None
            if target is None or entry.symbol != symbol or entry.cid in self.office.book.exits:
                continue
            if (price - target) * entry.wire.side.value >= 0 and self.held(entry) > 0:
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

    def entries(self) -> list[LiveOrder]:
        """The first entries of all brackets."""
        orders = self.office.book.orders.values()
        return [order for order in orders if order.plan is not None and order.replaces is None]

    def resume(self) -> None:
        """After a start: cover what is naked, before anything new."""
        for entry in self.entries():
            self.office.spawn(self.tend(entry))

    async def run(self) -> None:
        """B6: look every second for units that stand without a stop."""
        while self.office.stopped is None:
            await asyncio.sleep(1.0)
            for entry in self.entries():
                self._watch(entry)

    def _watch(self, entry: LiveOrder) -> None:
        now = self.office.clock.monotonic_ns()
        if self.bare(entry) <= 0:
            self._naked_since.pop(entry.cid, None)
            self._told.discard(entry.cid)
            return
        since = self._naked_since.setdefault(entry.cid, now)
        self.office.spawn(self.tend(entry))
        if now - since > int(self.office.settings.naked_s * NS) and entry.cid not in self._told:
            self._told.add(entry.cid)
            self.office.alarm(Alarm.NAKED, entry.cid, f"{self.bare(entry)} units stand without a stop.")

    # What stands where.

    def held(self, entry: LiveOrder) -> Decimal:
        """Units that the entry filled and no stop or exit has closed."""
        return self._bought(entry) - self._sold(entry)

    def _bought(self, entry: LiveOrder) -> Decimal:
        return sum((order.filled for order in self.office.book.chain(entry)), _ZERO)

    def _sold(self, entry: LiveOrder) -> Decimal:
        return sum((order.filled for order in self.office.book.children(entry.cid)), _ZERO)

    def naked(self, entry: LiveOrder) -> Decimal:
        """Units held that nothing covers; what ended and was not read to its end may still have filled, and covers."""
        covered = (
            order.leaves
            for order in self.office.book.children(entry.cid)
            if order.is_open or (not order.is_final and order.state not in _REFUSED)
        )
        return self.held(entry) - sum(covered, _ZERO)

    def bare(self, entry: LiveOrder) -> Decimal:
        """Units held for which no stop is known to work."""
        children = self.office.book.children(entry.cid)
        return self.held(entry) - sum((o.leaves for o in children if o.state is Lifecycle.WORKING), _ZERO)

    # What is done about it.

    async def tend(self, entry: LiveOrder) -> None:
        """Bring a bracket into order; one at a time."""
        async with self._locks.setdefault(entry.cid, asyncio.Lock()):
            if self.office.stopped is not None or self.office.book.latch.flatten:
                return
            if entry.cid in self.office.book.exits:
                await self.leave(entry)
            else:
                await self.cover(entry)

    async def cover(self, entry: LiveOrder) -> None:
        """B3, B5, B6: a slice for what is naked; a stop that fills ends the entry."""
        self.office.mark("B3", entry.cid)
        slices = self.slices(entry)
        if any(order.filled for order in slices):
            await self._end_entry(entry)
        naked = self.to_cover(entry)
        if naked <= 0:
            return
        if slices and slices[-1].state in _REFUSED:
            await self.send(entry, IdRole.EXIT, naked)
        else:
            await self.send(entry, IdRole.STOP, naked)
        self.office.mark("B3 done", entry.cid)

    def to_cover(self, entry: LiveOrder) -> Decimal:
        """How many units the next slice is for."""
        return self.naked(entry)

    def slices(self, entry: LiveOrder) -> list[LiveOrder]:
        """The stops of a bracket."""
        return self.office.book.children(entry.cid, IdRole.STOP)

    async def _end_entry(self, entry: LiveOrder) -> None:
        """B5: what is stopped out is not entered further."""
        for order in self.office.book.chain(entry):
            if order.is_open and not order.cancel_wanted:
                await self.canceller.cancel(order.cid)

    async def leave(self, entry: LiveOrder) -> None:
        """B4: end the entry and its stops, wait for the end of each to be read, and close what is left by one order."""
        await self._end_entry(entry)
        for order in self.slices(entry):
            if order.is_open:
                await self.canceller.cancel(order.cid)
        await self.until_final(entry)
        if self.office.stopped is not None:
            return
        self.office.mark("B4 final", entry.cid)
        left = self.held(entry)
        if left > 0 and not self._was_refused(entry):
            await self.send(entry, IdRole.EXIT, left)
        elif left < 0:
            await self._reverse(entry, -left)

    async def until_final(self, entry: LiveOrder) -> None:
        """Wait until every order of a bracket has been read to its end."""
        await self.office.until(lambda: all(order.is_final for order in self._all(entry)))

    def _all(self, entry: LiveOrder) -> list[LiveOrder]:
        return [*self.office.book.chain(entry), *self.office.book.children(entry.cid)]

    def _was_refused(self, entry: LiveOrder) -> bool:
        """An exit that the venue refused is not asked for again: a person is."""
        exits = self.office.book.children(entry.cid, IdRole.EXIT)
        if not exits or exits[-1].state is not Lifecycle.REJECTED:
            return False
        self.office.alarm(Alarm.NAKED, entry.cid, f"The venue refuses to close {self.held(entry)} units.")
        self.office.freeze(entry.symbol, f"The exit of {entry.cid} was refused.")
        return True

    async def _reverse(self, entry: LiveOrder, units: Decimal) -> None:
        """B7: both exits filled; the position is on the other side, and is closed from there."""
        self.office.alarm(Alarm.OVER_EXIT, entry.cid, f"{units} units were sold that were not there.")
        self.office.freeze(entry.symbol, f"The bracket of {entry.cid} was closed twice.")

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
        """The id of the n-th slice or exit of an entry: the same after any crash."""
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
