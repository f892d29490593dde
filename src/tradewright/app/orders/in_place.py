"""Replace in place (E2, E4): the venue changes an order under its own id, where the request is that of a new order.

Sent for an order that the venue does not know of any more, the request makes another one; so it is sent only for what
this very connection has shown open. Sent twice it changes nothing the second time, so silence is asked about and then
answered by sending it again.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING

from tradewright.domain.errors import BrokerError
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.order import Lifecycle
from tradewright.domain.live.venue import Answer, AnswerKind

from .submit import silence
from .table import Facts, Row

if TYPE_CHECKING:
    from tradewright.domain.live.order import LiveOrder

    from .office import Office
    from .resolve import Resolver
    from .submit import Submitter
    from .witness import Witness

__all__ = ["Amender"]

_REFUSALS = {AnswerKind.REFUSED, AnswerKind.TOO_LATE, AnswerKind.UNKNOWN_ORDER, AnswerKind.DUPLICATE_ID}


class Amender:
    """Changes orders in their place.

    Parameters
    ----------
    office : Office
    witness : Witness
    submitter : Submitter
    resolver : Resolver
    """

    def __init__(self, office: Office, witness: Witness, submitter: Submitter, resolver: Resolver) -> None:
        self.office = office
        self.witness = witness
        self.submitter = submitter
        self.resolver = resolver

    async def amend(self, old: LiveOrder, new: LiveOrder) -> None:
        """Go on until the new order stands, or the old one has ended."""
        while self.office.stopped is None and new.is_open and new.vid is None:
            if not old.is_open and (old.is_final or not self._is_waiting(new)):
                self._drop(new, "what it was to change has ended")
            elif not old.is_open:
                await self._ask_about(old)  # Full by its own count, it may be part of what was made of it.
            elif old.cancel_wanted or new.cancel_wanted or self.office.now_ns() > new.ttl_ns:
                await self._leave_it(old, new)
            elif not self.may(old) or self._is_waiting(new) or self.submitter.why_not(new) is not None:
                await self._ask_about(old)
            elif new.handed > self.office.settings.resends:
                self.office.freeze(new.symbol, f"{new.cid} was asked for {new.handed} times without an answer.")
                return
            else:
                await self._once(old, new)

    def may(self, old: LiveOrder) -> bool:
        """E2: only what the venue has shown open over the present connection."""
        is_shown = self.office.shown.get(old.vid or "") == self.office.broker.session
        return is_shown and old.state is Lifecycle.WORKING

    def _is_waiting(self, new: LiveOrder) -> bool:
        """Whether an earlier request may still arrive, so that what is shown is not its last word."""
        is_new = new.state is Lifecycle.PENDING or not new.attempts
        return not is_new and self.office.clock.monotonic_ns() < new.last_bytes_ns + self.office.window_ns

    async def _ask_about(self, old: LiveOrder) -> None:
        with suppress(BrokerError):
            await self.resolver.look(old, thoroughly=False)
        await asyncio.sleep(0.5)

    async def _leave_it(self, old: LiveOrder, new: LiveOrder) -> None:
        """Not wanted any more: given up where nothing can be under way, else when its last request is settled."""
        if self._is_waiting(new):
            await self._ask_about(old)
        else:
            self._drop(new, "not wanted any more")

    def _drop(self, new: LiveOrder, why: str) -> None:
        self.office.watcher.judged(Row.NOT_FOUND_SETTLED, new.state)
        self.office.note(RecordKind.NOT_ACCEPTED, cid=new.cid, evidence=f"never stood: {why}")
        self.office.watcher.changed(new)

    async def _once(self, old: LiveOrder, new: LiveOrder) -> None:
        self.office.mark("E2", new.cid)
        wire = new.wire.of(new.total - self._elsewhere(old))
        await self.office.durable(self.submitter.arm(new, wire=wire.plain(), in_place=True))
        self.judge(old, new, await self.ask(old, new))

    def _elsewhere(self, old: LiveOrder) -> Decimal:
        """Filled of the chain under other ids of the venue; those orders are final."""
        chain = self.office.book.chain(old)
        return sum((order.filled for order in chain if order.vid != old.vid), Decimal(0))

    async def ask(self, old: LiveOrder, new: LiveOrder) -> Answer:
        """One request; what is allowed is asked again in the instant before its first byte."""
        approved = self.submitter.approved(new)
        if approved is None or old.vid is None:
            return Answer(AnswerKind.REFUSED, reason="The risk gate refuses it.")
        before, handed = new.state, new.handed
        try:
            with self.submitter.flight():
                async with asyncio.timeout(self.office.settings.answer_s):
                    answer = await self.office.broker.replace(
                        old.vid, approved, new.cid, lambda: self.may(old) and self.submitter.permit(new)
                    )
        except (TimeoutError, BrokerError) as error:
            answer = silence(new, handed, error)
        if new.handed > handed:
            new.last_bytes_ns = self.office.clock.monotonic_ns()
        if answer.kind is AnswerKind.LIMITED:
            new.state = before
            await asyncio.sleep(answer.retry_after_s or 1.0)
        return answer

    def judge(self, old: LiveOrder, new: LiveOrder, answer: Answer) -> None:
        """E4: silence is not "not changed"."""
        self.office.mark("E4", new.cid)
        if not new.is_open or new.vid is not None:
            return
        if answer.kind is AnswerKind.ACCEPTED:
            self.witness.took_place(old, new)
        elif answer.kind in _REFUSALS and new.attempts <= 1:
            self.witness.take(new, Row.REFUSED, Facts(), reason=answer.reason)
        elif new.state is Lifecycle.SUBMITTED:
            self.witness.take(new, Row.NO_ANSWER, Facts())
