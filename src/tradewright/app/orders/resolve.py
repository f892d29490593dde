"""Resolve (R1–R6): an unknown order is asked for until the venue shows it, or its absence is settled."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tradewright.domain.approval import ApprovedOrder
from tradewright.domain.errors import BrokerError
from tradewright.domain.live.ids import IdRole
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.order import Lifecycle
from tradewright.domain.live.venue import DedupeClass

from .table import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tradewright.domain.live.order import LiveOrder
    from tradewright.domain.live.venue import VenueOrder

    from .anonymous import Matcher
    from .holdings import Holdings
    from .office import Office
    from .submit import Submitter
    from .witness import Witness

__all__ = ["Resolver"]

NS = 1_000_000_000
UNANSWERED = 3
"""How many questions in a row must be without an answer before a person is asked."""


class Resolver:
    """Finds out what became of orders without an answer.

    Parameters
    ----------
    office : Office
    witness : Witness
    submitter : Submitter
    matcher : Matcher
        Finds an order at a venue that keeps no ids of ours.
    holdings : Holdings
    """

    def __init__(
        self, office: Office, witness: Witness, submitter: Submitter, matcher: Matcher, holdings: Holdings
    ) -> None:
        self.office = office
        self.witness = witness
        self.submitter = submitter
        self.matcher = matcher
        self.holdings = holdings
        self._watched: set[str] = set()
        self._unanswered: dict[str, list[int]] = {}

    def watch(self, order: LiveOrder) -> None:
        """Begin to resolve an order, unless that is under way, or it is yet to take another's place."""
        if order.cid not in self._watched and not (order.in_place and order.vid is None):
            self._watched.add(order.cid)
            self.office.spawn(self._resolve(order))

    async def _resolve(self, order: LiveOrder) -> None:
        try:
            for wait in self._waits(order):
                await asyncio.sleep(wait)
                if order.is_unknown:
                    await self._try(order)
                if not order.is_unknown:
                    return
        finally:
            self._watched.discard(order.cid)

    def _waits(self, order: LiveOrder) -> Iterable[float]:
        """R1: soon and often at first, at T0 + W exactly, and then for as long as it takes."""
        settings = self.office.settings
        asked = [look for look in settings.looks_s if look < self.office.abilities.window_s]
        for look in asked:
            yield max(self._until(order, look), 0.1)
        while True:
            yield max(self._until(order, self.window_s(order)), 1.0 if self._is_due(order) else 0.001)
            yield settings.late_look_s / 6

    def window_s(self, _order: LiveOrder) -> float:
        """W, counted from the last instant at which bytes can have left."""
        return self.office.abilities.window_s

    def starts_ns(self, order: LiveOrder) -> int:
        """T0: the end of the transport call, the death of the old process, or the end of its lease and the margin."""
        return order.last_bytes_ns

    def _until(self, order: LiveOrder, after_s: float) -> float:
        at = self.starts_ns(order) + int(after_s * NS)
        return (at - self.office.clock.monotonic_ns()) / NS

    def _is_due(self, order: LiveOrder) -> bool:
        return self._until(order, self.window_s(order)) <= 0

    async def _try(self, order: LiveOrder) -> None:
        """One look; what it proves is taken down."""
        self.office.mark("R1", order.cid)
        is_settled = self.is_settled(order)
        try:
            absent = await self.look(order, thoroughly=is_settled)
        except BrokerError:
            if is_settled:
                self.unresolved(order)
            return
        self._unanswered.pop(order.cid, None)
        self.office.mark("R2", order.cid)
        if absent and is_settled and order.is_unknown:
            self.office.mark("R3", order.cid)
            await self.conclude(order)

    def unresolved(self, order: LiveOrder) -> None:
        """Older than W, and for another W the venue did not answer: its symbol waits, and a person hears of it.

        The second W is counted from the first of some questions without an answer: a process that did not run, or whose
        line broke, asked nobody meanwhile.
        """
        failed = self._unanswered.setdefault(order.cid, [])
        failed.append(self.office.clock.monotonic_ns())
        if len(failed) < UNANSWERED or failed[-1] - failed[0] < self.office.window_ns:
            return
        self.office.freeze(order.symbol, f"{order.cid} is unknown for longer than the settle window.")

    def is_settled(self, order: LiveOrder) -> bool:
        """R3: whether an answer asked for now would be final."""
        return self._is_due(order)

    async def look(self, order: LiveOrder, *, thoroughly: bool) -> bool:
        """Ask for an order; True when the venue shows it nowhere.

        Raises
        ------
        BrokerError
            When an answer is missing or came over two connections: then nothing is known.
        """
        asked_ns = self.office.clock.monotonic_ns()
        session = self.office.broker.session
        seen = await self._singly(order)
        if seen is None and (thoroughly or not self.office.abilities.lookup_by_cid):
            seen = await self._in_lists(order, thoroughly=thoroughly)
        if seen is not None:
            self.office.show(seen, session)
            self.witness.order_seen(seen, asked_ns=asked_ns)
            return False
        if session != self.office.broker.session:
            raise BrokerError(f"The connection changed while {order.cid} was asked for.")
        return True

    async def _singly(self, order: LiveOrder) -> VenueOrder | None:
        broker = self.office.broker
        if order.vid is not None and (seen := await broker.order_by_vid(order.vid)) is not None:
            return seen
        return await broker.order_by_cid(order.cid) if self.office.abilities.lookup_by_cid else None

    async def _in_lists(self, order: LiveOrder, *, thoroughly: bool) -> VenueOrder | None:
        """Open, closed and executions, every page of them."""
        broker = self.office.broker
        since = order.decided_at - self.office.window_ns
        opened = await broker.open_orders()
        if thoroughly and not self.office.abilities.lookup_by_cid:
            await self.let_index_pass()
        listed = [*opened, *await broker.closed_orders(since)]
        fills = await broker.executions(since)
        for fill in fills:
            self.witness.fill_seen(fill)
        if not self.office.abilities.has_cids:
            return self._unclaimed(order, listed, thoroughly=thoroughly)
        return next((seen for seen in listed if seen.cid == order.cid), None)

    async def let_index_pass(self) -> None:
        """Two lists may be differently old, and an order that ends in between stand in neither.

        A list of ended orders that is asked for d later is not older than the list of open ones was.
        """
        await asyncio.sleep(self.office.abilities.index_lag_s)

    def _unclaimed(self, order: LiveOrder, listed: Sequence[VenueOrder], *, thoroughly: bool) -> VenueOrder | None:
        found = self.matcher.claim(order, listed, settled=thoroughly)
        if found is not None:
            self.witness.unheard.add(order.cid)
            self.office.note(
                RecordKind.OUTCOME, cid=order.cid, row="claimed", to=Lifecycle.WORKING.value, vid=found.vid
            )
        return found

    async def conclude(self, order: LiveOrder) -> None:
        """R4 and R5: absent for certain. Sent again under the same id where it is still wanted, or given up."""
        if self.matcher.is_doubtful(order):
            self.office.freeze(order.symbol, f"Several orders at the venue may be {order.cid}.")
            return
        if order.in_place:
            self.office.freeze(order.symbol, f"{order.vid}, which became {order.cid}, is nowhere at the venue.")
            return
        if order.cid in self.office.inherited and not self._may_send_beside(order):
            self.office.freeze(order.symbol, f"{order.cid} may still be sent by another process.")
            return
        if self._is_held_back(order):
            return
        if not self.is_wanted(order):
            self._give_up(order, self.submitter.why_not(order) or "it is of no use any more")
        elif order.attempts > self.office.settings.resends:
            self.office.freeze(order.symbol, f"{order.cid} was sent {order.attempts} times and never arrived.")
        else:
            await self.send_again(order)

    def _is_held_back(self, order: LiveOrder) -> bool:
        """Whether it is wanted and waits for the gate alone, which may open while it still is."""
        is_late = self.office.now_ns() > order.ttl_ns
        is_shut = not order.role.protects and self.office.why_no_entry() is not None
        return is_shut and not (order.cancel_wanted or is_late or self.office.book.latch.is_set)

    def _may_send_beside(self, order: LiveOrder) -> bool:
        """L4: where a used id is refused for ever, two processes may send the same order."""
        return self.office.abilities.dedupe is DedupeClass.FOR_EVER and self.is_wanted(order)

    def is_wanted(self, order: LiveOrder) -> bool:
        """Whether an order that never arrived is still to be sent, now."""
        if self.submitter.why_not(order) is not None:
            return False
        if order.replaces is not None and not self._has_rest(order):
            return False
        if order.role is IdRole.STOP and (order.parent in self.office.book.exits or self.holdings.is_overdue(order)):
            return False
        return isinstance(self.office.approver.approve(order.wire), ApprovedOrder)

    def _has_rest(self, order: LiveOrder) -> bool:
        """Whether what an order replaces is final, and left something to be sent."""
        book = self.office.book
        return book.orders[order.replaces or ""].is_final and order.total > book.filled_before(order)

    async def send_again(self, order: LiveOrder) -> None:
        """R4: ARM the next attempt, durable; the same id, the same bytes."""
        self.office.mark("R4", order.cid)
        if self.office.abilities.has_cids:
            await self.office.durable(self.submitter.arm(order, **self._rest(order)))
        self.office.mark("R4 done", order.cid)
        await self.submitter.send(order)

    def _rest(self, order: LiveOrder) -> dict[str, Any]:
        """A replacement is sent by itself for what its chain has left, now that what it replaces is final."""
        if order.replaces is None:
            return {}
        return {"wire": order.wire.of(order.total - self.office.book.filled_before(order)).plain()}

    def _give_up(self, order: LiveOrder, why: str) -> None:
        """N: the evidence first, then its strategy may decide again."""
        if not self.office.has_lease() or self.office.stopped is not None:
            return
        self.office.watcher.judged(Row.NOT_FOUND_SETTLED, order.state)
        window = self.office.abilities.window_s
        evidence = f"absent by id and in every list, asked {window} s after its last bytes; {order.attempts} attempts"
        evidence = f"{evidence}; {why}"
        self.office.note(RecordKind.NOT_ACCEPTED, cid=order.cid, evidence=evidence)
        self.office.watcher.changed(order)
