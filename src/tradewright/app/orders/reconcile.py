"""Reconcile (Q1–Q4, Q7): the journal's picture is held against the venue's, order by order, until every end is read."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tradewright.domain.errors import BrokerError
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.order import Lifecycle

if TYPE_CHECKING:
    from decimal import Decimal

    from tradewright.domain.live.order import LiveOrder
    from tradewright.domain.live.venue import StreamEvent, VenueOrder

    from .foreign import Strangers
    from .hearing import Hearing
    from .office import Office
    from .resolve import Resolver
    from .vigil import Vigil
    from .witness import Witness

__all__ = ["Reconciler"]


class Reconciler:
    """Asks the venue about everything that has not come to its end.

    Parameters
    ----------
    office : Office
    witness : Witness
    resolver : Resolver
    strangers : Strangers
    vigil : Vigil
    hearing : Hearing
    """

    def __init__(
        self, office: Office, witness: Witness, resolver: Resolver, strangers: Strangers, vigil: Vigil, hearing: Hearing
    ) -> None:
        self.office = office
        self.witness = witness
        self.resolver = resolver
        self.strangers = strangers
        self.vigil = vigil
        self.hearing = hearing
        self.cycles = 0
        self._busy = asyncio.Lock()

    async def run(self) -> None:
        """Reconcile for as long as the process lives."""
        while self.office.stopped is None:
            await self._due()
            await self.cycle()

    async def _due(self) -> None:
        """Wait for the next round: what has ended meanwhile, and waits to be read to its end, does not wait longer."""
        settings, waited_s = self.office.settings, 0.0
        while waited_s < (most_s := settings.busy_s if self.is_busy() else settings.reconcile_s):
            step_s = min(settings.busy_s, most_s - waited_s)
            await asyncio.sleep(step_s)
            waited_s += step_s

    def is_busy(self) -> bool:
        """Whether anything is unknown, or ended without its end having been read."""
        return any(
            not order.is_final and order.state is not Lifecycle.WORKING for order in self.office.book.orders.values()
        )

    async def cycle(self) -> bool:
        """One round of questions; False when the venue did not answer all of them, which is no evidence (Q3)."""
        async with self._busy:
            session, asked_ns = self.office.broker.session, self.office.lease_now_ns()
            try:
                await self._ask_all()
            except BrokerError as error:
                self.vigil.failed(error)
                return False
            self.vigil.answered(session)
            self.hearing.asked(session, asked_ns)
            self.cycles += 1
            return True

    async def _ask_all(self) -> None:
        self.office.mark("Q1")
        asked_ns = self.office.clock.monotonic_ns()
        session = self.office.broker.session
        opened = await self.office.broker.open_orders()
        for seen in opened:
            self.office.show(seen, session)
            await self.seen(seen, asked_ns)
        for order in self.questions():
            if order.vid not in {seen.vid for seen in opened}:
                await self.ask_singly(order)
        self.office.mark("Q2")
        await self.catch_up()
        for order in list(self.office.book.orders.values()):
            await self._finish(order)
        self.office.mark("Q2 done")

    def questions(self) -> list[LiveOrder]:
        """Q1: every order of ours that is open, and every one whose end has not been read."""
        skipped = {Lifecycle.PENDING, Lifecycle.SUBMITTED, Lifecycle.UNKNOWN}
        return [o for o in self.office.book.orders.values() if not o.is_final and o.state not in skipped]

    async def seen(self, seen: VenueOrder, asked_ns: int) -> None:
        """Take an order of a list down, whoever's it is."""
        if not self.witness.order_seen(seen, asked_ns=asked_ns):
            await self.strangers.order_seen(seen)

    async def ask_singly(self, order: LiveOrder) -> None:
        """Q4: an order that is missing from a list has not ended for that; it is asked for by itself."""
        await self.resolver.look(order, thoroughly=False)

    async def catch_up(self, since_ns: int | None = None) -> None:
        """Q2: every execution since the last one known and some before it, or since an instant.

        Raises
        ------
        BrokerError
            When the venue does not give all of them.
        """
        since_ns = self._since() if since_ns is None else since_ns
        self.strangers.waiting_ns = None
        for fill in await self.office.broker.executions(since_ns):
            if not self.witness.fill_seen(fill):
                self.strangers.fill_seen(fill)

    def _since(self) -> int:
        """Before the last fill, and before the oldest order whose end has not been read."""
        unsettled = [order.decided_at for order in self.office.book.orders.values() if not order.is_final]
        waiting = [] if self.strangers.waiting_ns is None else [self.strangers.waiting_ns]
        return min([self.office.book.watermark_ns, *unsettled, *waiting]) - 2 * self.office.window_ns

    async def _finish(self, order: LiveOrder) -> None:
        """FINAL: the venue's own order object, read after the settle window, with every fill of it booked."""
        if order.is_open or order.is_final or not order.ended_seen_ns:
            return
        asked_ns = self.office.clock.monotonic_ns()
        if not self.witness.is_late_enough(order, asked_ns):
            return
        if order.state is Lifecycle.REJECTED and order.vid is None:
            if await self.resolver.look(order, thoroughly=True):
                self.finalise(order)
            return
        seen = await self.read(order)
        if seen is None:
            return
        self.witness.order_seen(seen, asked_ns=asked_ns)
        if seen.status.is_terminal and seen.filled == self.booked(order):
            self.finalise(order)

    async def read(self, order: LiveOrder) -> VenueOrder | None:
        """The venue's order object."""
        broker = self.office.broker
        if order.vid is not None:
            return await broker.order_by_vid(order.vid)
        return await broker.order_by_cid(order.cid) if self.office.abilities.lookup_by_cid else None

    def booked(self, order: LiveOrder) -> Decimal:
        """What we hold for filled of the venue's order; after a replace in place it is shared by the chain."""
        return sum((o.filled for o in self.office.book.chain(order) if o.vid == order.vid), order.filled * 0)

    def finalise(self, order: LiveOrder) -> None:
        """The end of an order, for good."""
        self.office.mark("C4", order.cid)
        self.office.note(RecordKind.FINAL, cid=order.cid, to=order.state.value, filled=str(order.filled))
        self.office.watcher.changed(order)

    # The stream.

    async def event(self, event: StreamEvent) -> None:
        """Take a message of the stream; what is not ours is listed."""
        self.hearing.spoke()
        self.vigil.spoke()
        if self.witness.event(event):
            return
        if event.order is not None:
            await self.strangers.order_seen(event.order)
        if event.fill is not None:
            self.strangers.fill_seen(event.fill)
