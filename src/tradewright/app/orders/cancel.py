"""Cancel (C1–C4): wanted on the disk first, asked for until the venue's own order object says that it ended."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tradewright.domain.errors import BrokerError
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.order import Lifecycle
from tradewright.domain.live.venue import Answer, AnswerKind

from .table import Facts, Row

if TYPE_CHECKING:
    from tradewright.domain.live.order import LiveOrder

    from .office import Office
    from .resolve import Resolver
    from .witness import Witness

__all__ = ["Canceller"]

_LONGEST_S = 30.0
_REFUSALS = {AnswerKind.TOO_LATE, AnswerKind.UNKNOWN_ORDER, AnswerKind.REFUSED}


class Canceller:
    """Ends orders.

    Parameters
    ----------
    office : Office
    witness : Witness
    resolver : Resolver
        Looks an order up, for an answer to a cancel proves nothing.
    """

    def __init__(self, office: Office, witness: Witness, resolver: Resolver) -> None:
        self.office = office
        self.witness = witness
        self.resolver = resolver
        self._driven: set[str] = set()

    async def cancel(self, cid: str) -> None:
        """C1: the caller has been told when this returns that the order will end, whatever happens to this process.

        Raises
        ------
        JournalError
            When it could not be kept.
        """
        order = self.office.book.orders[cid]
        if not order.is_open or order.cancel_wanted:
            return
        self.office.mark("C1", cid)
        await self.office.durable(self.office.note(RecordKind.CANCEL_WANTED, cid=cid))
        self.office.mark("C1 done", cid)
        self.drive(order)

    def drive(self, order: LiveOrder) -> None:
        """Go on until it has ended, unless that is under way."""
        if order.cid not in self._driven:
            self._driven.add(order.cid)
            self.office.spawn(self._drive(order))

    async def _drive(self, order: LiveOrder) -> None:
        wait_s = 0.5
        try:
            while order.is_open and self.office.stopped is None:
                await self._once(order)
                await asyncio.sleep(wait_s)
                wait_s = min(wait_s * 2, _LONGEST_S)
                await self.check(order)
        finally:
            self._driven.discard(order.cid)

    async def _once(self, order: LiveOrder) -> None:
        """C2: by the venue's id, or by ours while it is unknown."""
        if order.state is Lifecycle.PENDING or (order.vid is None and not self.office.abilities.has_cids):
            return
        self.office.mark("C2", order.cid)
        answer = await self.ask(order)
        self.office.mark("C3", order.cid)
        self.judge(order, answer)

    async def ask(self, order: LiveOrder) -> Answer:
        """One request; silence where none came."""
        try:
            async with asyncio.timeout(self.office.settings.answer_s):
                return await self.office.broker.cancel(order.cid, order.vid, lambda: self.office.stopped is None)
        except (TimeoutError, BrokerError) as error:
            return Answer(AnswerKind.SILENT, reason=str(error))

    def judge(self, order: LiveOrder, answer: Answer) -> None:
        """C3: a refusal and silence prove nothing; the order is looked up."""
        if answer.kind in _REFUSALS:
            facts = Facts(is_unknown_order=answer.kind is AnswerKind.UNKNOWN_ORDER)
            self.witness.take(order, Row.CANCEL_REFUSED, facts)

    async def check(self, order: LiveOrder) -> None:
        """Look it up; what is shown is taken down."""
        if not order.is_open or order.state is Lifecycle.PENDING:
            return
        try:
            await self.resolver.look(order, thoroughly=False)
        except BrokerError:
            return
