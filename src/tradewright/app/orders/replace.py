"""Replace (E1–E5): a new order takes the place of another, and together they never fill more than was wanted."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING

from tradewright.domain.errors import BrokerError, OrderError
from tradewright.domain.live.ids import DecisionKey, IdRole
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.order import ENDED, Lifecycle
from tradewright.domain.live.venue import Answer, AnswerKind, ReplaceKind

from .kept import quote_body
from .submit import silence
from .table import Facts, Row

if TYPE_CHECKING:
    from tradewright.domain.live.order import LiveOrder
    from tradewright.domain.live.wire import WireOrder
    from tradewright.domain.quote import Quote

    from .cancel import Canceller
    from .in_place import Amender
    from .office import Office
    from .submit import Submitter
    from .witness import Witness

__all__ = ["Replacer"]

_ZERO = Decimal(0)


class Replacer:
    """Replaces orders.

    Parameters
    ----------
    office : Office
    witness : Witness
    submitter : Submitter
    canceller : Canceller
    amender : Amender
    """

    def __init__(
        self, office: Office, witness: Witness, submitter: Submitter, canceller: Canceller, amender: Amender
    ) -> None:
        self.office = office
        self.witness = witness
        self.submitter = submitter
        self.canceller = canceller
        self.amender = amender
        self.resolver = amender.resolver

    async def replace(self, cid: str, wire: WireOrder, ttl_ns: int, quote: Quote | None = None) -> str:
        """E1: `wire` for the total that is wanted, fills so far included, in the place of an order; the new id.

        `quote` is what the new order was judged by.

        Raises
        ------
        OrderError
            When the order has ended, is being cancelled or replaced already, or protects and could only be taken away
            first, which would leave a position naked for the settle window.
        JournalError
            When it could not be kept.
        """
        old = self.office.book.orders[cid]
        if old.role.protects and not self.keeps_cover(old):
            raise OrderError(f"Order {cid} protects a position and cannot be replaced.", hint="Exit its bracket.")
        if not old.is_open or old.cancel_wanted or old.replaced_by is not None:
            raise OrderError(f"Order {cid} is on its way out and cannot be replaced.")
        self.office.mark("E1", cid)
        new = self.new_id(old)
        sequence = self.office.note(
            RecordKind.REPLACE, cid=cid, new=new, role=self._role(old).name, wire=wire.plain(), ttl_ns=ttl_ns,
            number=old.number, at=self.office.now_ns(), **({} if quote is None else {"quote": quote_body(quote)}),
        )  # fmt: skip
        await self.office.durable(sequence)
        self.office.mark("E1 done", cid)
        self.drive(old)
        return new

    def keeps_cover(self, old: LiveOrder) -> bool:
        """E5: whether an order can be replaced while it, or what takes its place, stands at every moment."""
        kinds = {ReplaceKind.NATIVE_NET, ReplaceKind.IN_PLACE}
        return old.role is IdRole.STOP and (self.office.abilities.replace in kinds or self.office.abilities.reduce_only)

    def new_id(self, old: LiveOrder) -> str:
        """The id of what comes after an order: the same after any crash, and never one that was used."""
        first = self.office.book.chain(old)
        key = DecisionKey(old.key.moment, first[0].cid)
        return self.office.settings.scope.cid(self._role(old), key, 0, chain=len(first))

    def _role(self, old: LiveOrder) -> IdRole:
        return old.role if old.role.protects else IdRole.REPLACEMENT

    def drive(self, old: LiveOrder) -> None:
        """Go on with a replacement that is in the journal."""
        new = self.office.book.orders[old.replaced_by or ""]
        if new.attempts == 0 or new.in_place:
            self.office.spawn(self._drive(old, new))
        else:
            self.resolver.watch(new)

    async def _drive(self, old: LiveOrder, new: LiveOrder) -> None:
        if self.office.abilities.replace is ReplaceKind.IN_PLACE:
            await self.amender.amend(old, new)
        elif old.role.protects:
            await self._beside(old, new)
        elif self.is_native(old):
            await self._natively(old, new)
        else:
            await self.in_two_steps(old, new)

    async def _beside(self, old: LiveOrder, new: LiveOrder) -> None:
        """E5: natively, or where the venue keeps two stops from closing more than there is, the new one first."""
        await self.office.until(lambda: old.state is Lifecycle.WORKING or not old.is_open)
        if not old.is_open or old.cancel_wanted:
            self._drop(new)
        elif self.is_native(old):
            await self._natively(old, new)
        else:
            self.office.mark("E5 beside", new.cid)
            left = new.total - self.office.book.filled_before(new)
            await self.office.durable(self.submitter.arm(new, wire=new.wire.of(left).plain()))
            await self.submitter.send(new)
            await self.office.until(lambda: new.state not in {Lifecycle.SUBMITTED, Lifecycle.UNKNOWN})
            await self._away(old, new)

    async def _away(self, old: LiveOrder, new: LiveOrder) -> None:
        """The old stop goes once the new one stands, and stays where it was not taken."""
        if new.state is Lifecycle.WORKING and self.office.stopped is None:
            await self.canceller.cancel(old.cid)

    def is_native(self, old: LiveOrder) -> bool:
        """E2: by the venue itself only where it nets earlier fills."""
        return self.office.abilities.replace is ReplaceKind.NATIVE_NET and old.state is Lifecycle.WORKING

    async def _natively(self, old: LiveOrder, new: LiveOrder) -> None:
        """One request; E4: no answer leaves both in doubt, and both are looked up."""
        self.office.mark("E2", new.cid)
        await self.office.durable(self.submitter.arm(new))
        answer = await self._ask(old, new)
        self.office.mark("E4", new.cid)
        if answer.kind is AnswerKind.LIMITED:
            await asyncio.sleep(answer.retry_after_s or 1.0)
            self.office.spawn(self._drive(old, new))
        elif answer.kind is AnswerKind.NOT_SENT:
            await self._not_natively(old, new)
        else:
            self._judge(old, new, answer)
            await self.canceller.check(old)

    async def _not_natively(self, old: LiveOrder, new: LiveOrder) -> None:
        if old.role.protects:
            self._drop(new)
        else:
            await self.in_two_steps(old, new)

    def _judge(self, old: LiveOrder, new: LiveOrder, answer: Answer) -> None:
        if answer.kind is AnswerKind.ACCEPTED:
            self.witness.take(new, Row.ACKNOWLEDGED, Facts(), vid=answer.vid)
        elif answer.kind in {AnswerKind.REFUSED, AnswerKind.TOO_LATE, AnswerKind.UNKNOWN_ORDER}:
            self.witness.take(new, Row.REFUSED, Facts(), reason=answer.reason)
        elif answer.kind is AnswerKind.DUPLICATE_ID:
            self.witness.take(new, Row.DUPLICATE_ID, Facts(), reason=answer.reason)
        else:
            self.unanswered(old, new)

    def unanswered(self, old: LiveOrder, new: LiveOrder) -> None:  # noqa: ARG002 - both are in doubt
        """E4: never "not replaced" by default, and never a second new id."""
        self.witness.take(new, Row.NO_ANSWER, Facts())

    async def _ask(self, old: LiveOrder, new: LiveOrder) -> Answer:
        approved = self.submitter.approved(new)
        if approved is None or old.vid is None:
            return Answer(AnswerKind.NOT_SENT, reason="The risk gate refuses it.")
        before, handed = new.state, new.handed
        try:
            with self.submitter.flight():
                async with asyncio.timeout(self.office.settings.answer_s):
                    answer = await self.office.broker.replace(
                        old.vid, approved, new.cid, lambda: self.submitter.permit(new)
                    )
        except (TimeoutError, BrokerError) as error:
            answer = silence(new, handed, error)
        if new.handed > handed:
            new.last_bytes_ns = self.office.clock.monotonic_ns()
        if answer.kind is AnswerKind.LIMITED:
            new.state = before
        return answer

    async def in_two_steps(self, old: LiveOrder, new: LiveOrder) -> None:
        """E3: cancel, read the end, and send what is left."""
        self.office.mark("E3", old.cid)
        if old.state not in ENDED:
            await self.canceller.cancel(old.cid)
        await self.until_final(old)
        left = new.total - self.filled_before(new)
        if left <= 0 or self.office.stopped is not None:
            self._drop(new)
            return
        self.office.mark("E3 final", new.cid)
        self.office.require(old.is_final, f"{new.cid} was sized before {old.cid} was final.")
        await self.office.durable(self.submitter.arm(new, wire=new.wire.of(left).plain()))
        self.office.mark("E3 done", new.cid)
        await self.submitter.send(new)

    async def until_final(self, old: LiveOrder) -> None:
        """Wait for the end of an order to be read at the venue."""
        await self.office.until(lambda: old.is_final)

    def filled_before(self, new: LiveOrder) -> Decimal:
        """What the orders before it in the chain have filled, all of them final."""
        return self.office.book.filled_before(new)

    def _drop(self, new: LiveOrder) -> None:
        if self.office.stopped is None:
            self.office.note(
                RecordKind.NOT_ACCEPTED, cid=new.cid, evidence="never sent: what it was to replace had ended"
            )
            self.office.watcher.changed(new)

    def resume(self) -> None:
        """After a start: go on with every replacement whose new order was never armed."""
        for order in list(self.office.book.orders.values()):
            new = self.office.book.orders.get(order.replaced_by or "")
            if new is None or not new.is_open:
                continue
            if new.attempts == 0 or new.in_place:
                self.office.spawn(self._drive(order, new))
            elif new.role.protects and not self.is_netting:
                self.office.spawn(self._resumed(order, new))

    @property
    def is_netting(self) -> bool:
        """Whether the venue itself replaces, so that no two orders stand beside each other."""
        return self.office.abilities.replace is ReplaceKind.NATIVE_NET

    async def _resumed(self, old: LiveOrder, new: LiveOrder) -> None:
        await self.office.until(lambda: new.state is not Lifecycle.UNKNOWN)
        await self._away(old, new)
