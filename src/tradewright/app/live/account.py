"""One account, taken up: its journal, its order road, its risk office, and what watches over its money."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from tradewright.app.orders.book import LiveBook
from tradewright.app.orders.office import Office, RoadSettings
from tradewright.app.orders.road import OrderRoad
from tradewright.domain.errors import BrokerError
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.latch import LatchOrder
from tradewright.risk.office import RiskOffice
from tradewright.risk.watch import AccountWatch

from .valuing import Valuer

if TYPE_CHECKING:
    from tradewright.ports.journal import Journal
    from tradewright.risk.watch import Trip

    from .door_way import DoorWay

__all__ = ["LiveAccount"]


class LiveAccount:
    """The account behind a door or a session.

    Parameters
    ----------
    way : DoorWay
    answer_s : float
        Deadline of one request.
    mark_every_s : float
        How often its worth is asked for.
    journal : Journal, optional
        In place of the way's: one that listens to what it is given.

    Attributes
    ----------
    road : OrderRoad
    risk : RiskOffice
    valuer : Valuer
    """

    def __init__(
        self, way: DoorWay, *, answer_s: float = 5.0, mark_every_s: float = 15.0, journal: Journal | None = None
    ) -> None:
        self.way = way
        self._journal = way.journal if journal is None else journal
        self._mark_every_s = mark_every_s
        book = LiveBook()
        watch = AccountWatch(way.limits, self._note_risk, self._tripped)
        self.risk = RiskOffice(watch, book, way.clock, way.collars)
        self.office = Office(
            broker=way.parts.broker, journal=self._journal, clock=way.clock, latch=way.latch, watcher=way.watcher,
            settings=RoadSettings(
                scope=way.scope, answer_s=answer_s, lease_wait_s=way.lease_wait_s, pause_is_bounded=way.pause_is_bounded
            ),
            approver=self.risk, book=book, lease_clock=way.lease_clock,
        )  # fmt: skip
        self.road = OrderRoad(self.office, way.lease)
        self.valuer = Valuer(way.parts.broker, way.parts.instruments, way.parts.history, self.risk, way.clock)

    async def connect(self) -> None:
        """Open the journal, connect, recover what earlier processes left, and begin to watch the account.

        Raises
        ------
        JournalError
            When another process trades this account, or its journal cannot be trusted.
        AuthenticationError
            When the venue refuses the credentials.
        """
        try:
            await self._first_contact()
            await self.road.start()
            self.risk.watch.take_up(self.office.book.risk)
            await self.valuer.account(always=True)
            self.risk.take_up()
        except BaseException:
            await self.disconnect()
            raise
        self.office.spawn(self._watch())

    async def _first_contact(self) -> None:
        """One connection with one question before the road begins, whose patience knows no end: a wrong key is said."""
        broker = self.way.parts.broker
        await broker.connect()
        await broker.account()
        await broker.disconnect()

    async def disconnect(self) -> None:
        """Stop sending, write down what is known, and let go of the account; orders at the venue go on."""
        office = self.office
        office.stopped = office.stopped or "The account was let go of."
        tasks = [task for task in office.tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(BrokerError):
            await self.way.parts.broker.disconnect()
        self._journal.close()
        await self.road.keeper.release()

    async def _watch(self) -> None:
        """Look at what the account is worth, for as long as it is open; silence is no reading."""
        while True:
            await asyncio.sleep(self._mark_every_s)
            with contextlib.suppress(BrokerError):
                await self.valuer.account(always=True)

    def _note_risk(self, body: Any) -> object:
        return self.office.note(RecordKind.RISK, **body)

    def _tripped(self, trip: Trip) -> None:
        """What trips for good latches: entries end, what protects stays, and a person re-arms."""
        if trip.latches:
            self.office.spawn(self.road.switch.latch(LatchOrder(trip.sentence, "risk")))
