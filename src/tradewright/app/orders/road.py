"""The order road of one account: its parts, how they hear of each other, and how it starts."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tradewright.domain.errors import BrokerError
from tradewright.domain.live.order import Lifecycle

from .actions import Actions
from .anonymous import Matcher
from .bracket import BracketKeeper
from .cancel import Canceller
from .day import DayKeeper
from .foreign import Strangers
from .hearing import Hearing
from .holdings import Holdings
from .in_place import Amender
from .invariants import Invariants
from .kill import KillSwitch
from .lease import LeaseKeeper
from .positions import PositionAuditor
from .reconcile import Reconciler
from .recover import Recovery
from .replace import Replacer
from .resolve import Resolver
from .submit import Submitter
from .vigil import Vigil
from .witness import Witness

if TYPE_CHECKING:
    from decimal import Decimal

    from tradewright.domain.live.order import LiveOrder
    from tradewright.ports.lease import Lease

    from .office import Office
    from .table import Step

__all__ = ["OrderRoad"]

FLUSH_S = 0.05
LATE_S = 0.05
"""A timer that fires later than this fires in a process that did not run."""


class OrderRoad:
    """Everything between a decision and the venue.

    Parameters
    ----------
    office : Office
    lease : Lease, optional
        Where two hosts may trade the account; without it the journal's lock stands for it.

    Examples
    --------
    ``await road.start()``, then ``await road.submitter.decide(...)``, ``road.canceller.cancel(cid)`` and
    ``road.replacer.replace(cid, ...)``; `office.ended` is set when the process must end.
    """

    def __init__(self, office: Office, lease: Lease | None = None) -> None:
        self.office = office
        self.hearing = Hearing(office)
        self.witness = Witness(office, self.hearing, self.sequel)
        self.submitter = Submitter(office, self.witness)
        self.matcher = Matcher(office)
        self.holdings = Holdings(office)
        self.resolver = Resolver(office, self.witness, self.submitter, self.matcher, self.holdings)
        self.canceller = Canceller(office, self.witness, self.resolver)
        self.amender = Amender(office, self.witness, self.submitter, self.resolver)
        self.replacer = Replacer(office, self.witness, self.submitter, self.canceller, self.amender)
        self.brackets = BracketKeeper(office, self.holdings, self.submitter, self.canceller, self.replacer)
        self.switch = KillSwitch(office, self.submitter, self.canceller)
        self.strangers = Strangers(office, self.canceller)
        self.vigil = Vigil(office, self.switch)
        self.reconciler = Reconciler(office, self.witness, self.resolver, self.strangers, self.vigil, self.hearing)
        self.actions = Actions(office, self.holdings, self.canceller, self.resolver)
        office.split_first = self.actions.first
        self.auditor = PositionAuditor(office, self.reconciler, self.switch, self.actions)
        self.day = DayKeeper(office, self.canceller, self.resolver, self.auditor)
        self.invariants = Invariants(office, self.holdings)
        self.keeper = LeaseKeeper(office, lease)
        self.recovery = Recovery(office, self.reconciler, self.resolver, self.canceller, self.strangers)

    async def start(self) -> None:
        """Recover, and open the gate. Managing what is there has begun when this returns."""
        grant = await self.keeper.acquire()
        await self.recovery.replay(grant)
        self.office.spawn(self.keeper.run())
        await self.connect()
        await self.recovery.merge()
        self.office.spawn(self.listen())
        self.brackets.resume()
        self.recovery.resume()
        self.replacer.resume()
        self.switch.resume()
        self.office.spawn(self.switch.watch())
        self.office.spawn(self.reconciler.run())
        self.office.spawn(self.auditor.run())
        self.office.spawn(self.brackets.run())
        self.office.spawn(self.day.run())
        self.office.spawn(self.vigil.run())
        self.office.spawn(self.hush())
        self.office.spawn(self.flush())
        self.office.spawn(self.guard())

    async def price(self, symbol: str, price: Decimal) -> None:
        """The market trades at a price: targets that it reaches are taken, and one that is no number shuts the gate."""
        if await self.vigil.price(symbol, price):
            await self.brackets.price(symbol, price)

    async def retire(self, instance: str, reason: str) -> None:
        """A strategy failed: it decides no more in this process, its entries end, and what protects its fills stays.

        Raises
        ------
        JournalError
            When it could not be kept that they are to end.
        """
        self.submitter.retired[instance] = reason
        for order in list(self.office.book.orders.values()):
            if order.instance == instance and not order.role.protects:
                await self.canceller.cancel(order.cid)

    def sequel(self, order: LiveOrder, step: Step) -> None:
        """What follows from evidence: unknown orders are resolved, strays cancelled, doubtful ones looked up."""
        if order.state is Lifecycle.UNKNOWN:
            self.resolver.watch(order)
        if step.stray and order.is_open:
            self.office.spawn(self.canceller.cancel(order.cid))
        elif step.ask:
            self.office.spawn(self._look(order))
        self.brackets.touch(order)

    async def _look(self, order: LiveOrder) -> None:
        try:
            await self.resolver.look(order, thoroughly=False)
        except BrokerError:
            return

    async def guard(self) -> None:
        """Hold the book against its invariants after whatever changes it."""
        while self.office.stopped is None:
            self.invariants.check()
            await self.office.change.wait()

    async def flush(self) -> None:
        """Records that nobody waits for, fills above all, are on the disk soon all the same."""
        while self.office.stopped is None:
            await self.office.change.wait()
            await asyncio.sleep(FLUSH_S)
            if self.office.stopped is None:
                await self.office.durable(self.office.book.sequence)

    # The connection.

    async def connect(self) -> None:
        """Open the connection, however often it takes."""
        while self.office.stopped is None:
            try:
                await self.office.broker.connect()
                return
            except BrokerError as error:
                self.vigil.failed(error)
                await asyncio.sleep(1.0)

    async def listen(self) -> None:
        """Take the stream down; after each of its ends connect again and reconcile."""
        while self.office.stopped is None:
            async for event in self.office.broker.events():
                await self.reconciler.event(event)
            await self.connect()
            await self.reconciler.cycle()

    async def hush(self) -> None:
        """Q7: a stream that says nothing while the venue moves is closed, so that `listen` opens another."""
        while self.office.stopped is None:
            wait_s, began_ns = self.hearing.next_look_s(), self.office.lease_now_ns()
            await asyncio.sleep(wait_s)
            self.hearing.slept((self.office.lease_now_ns() - began_ns) / 1e9 - wait_s - LATE_S)
            if self.hearing.is_mute():
                self.vigil.was_mute(self.office.broker.session)
                await self.office.broker.disconnect()
