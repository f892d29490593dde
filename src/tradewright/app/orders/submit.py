"""Submit (S1–S5): a decision goes to the disk whole, then each of its orders to the venue, one attempt at a time."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradewright.domain.approval import ApprovedOrder
from tradewright.domain.errors import BrokerError, DecisionConflictError, OrderRejectedError
from tradewright.domain.live.ids import IdRole
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.order import BracketPlan, Lifecycle, LiveOrder
from tradewright.domain.live.venue import Answer, AnswerKind
from tradewright.domain.live.wire import canonical_json
from tradewright.ports.broker import Preparing

from .kept import intent_body
from .table import Facts, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradewright.domain.live.ids import DecisionKey, IdScope
    from tradewright.domain.live.wire import WireOrder

    from .office import Office
    from .witness import Witness

__all__ = ["Decision", "Intent", "Submitter"]

_LEAVING = frozenset({Lifecycle.PENDING, Lifecycle.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing wanted from a decision, approved.

    Parameters
    ----------
    approved : ApprovedOrder
    ttl_ns : int
        UTC nanoseconds after which it is not sent any more.
    plan : BracketPlan, optional
        What protects its fills.
    """

    approved: ApprovedOrder[WireOrder]
    ttl_ns: int
    plan: BracketPlan | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything one callback of a strategy wants: all of it is kept, or none.

    Parameters
    ----------
    key : DecisionKey
        What it was about; a key is decided once by each instance.
    intents : tuple of Intent
    instance : str
        Who decides: session and strategy, where several trade the account on one road. It is part of the ids, and
        empty where there is one.
    """

    key: DecisionKey
    intents: tuple[Intent, ...]
    instance: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of what is wanted; the same key never means anything else."""
        return hashlib.sha256(canonical_json([_content(intent) for intent in self.intents])).hexdigest()


def _content(intent: Intent) -> list[Any]:
    plan = intent.plan
    return [intent.approved.order.plain(), None if plan is None else [str(plan.stop), str(plan.target)]]


@dataclass(slots=True)
class _Turns:
    """On an anonymous venue one order of a symbol is in flight at a time."""

    locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    def of(self, symbol: str) -> asyncio.Lock:
        return self.locks.setdefault(symbol, asyncio.Lock())


def silence(order: LiveOrder, handed: int, error: Exception) -> Answer:
    """What no answer means: nothing is known, but where no byte had left yet it is the same attempt later."""
    kind = AnswerKind.LIMITED if order.handed == handed else AnswerKind.SILENT
    return Answer(kind, reason=str(error))


class Submitter:
    """Sends what was decided.

    Parameters
    ----------
    office : Office
    witness : Witness
    """

    def __init__(self, office: Office, witness: Witness) -> None:
        self.office = office
        self.witness = witness
        self.approvals: dict[str, ApprovedOrder[WireOrder]] = {}
        self.armed: dict[str, int] = {}
        self.retired: dict[str, str] = {}
        """Why who decides no more, by instance."""
        self.grounded = asyncio.Event()
        """Set while no request that was past its permit is on its way."""
        self.grounded.set()
        self._in_flight = 0
        self._turns = _Turns()
        self._scopes: dict[str, IdScope] = {}
        self._preparing = office.broker if isinstance(office.broker, Preparing) else None

    async def decide(self, decision: Decision) -> tuple[str, ...]:
        """S1: put a decision on the disk and send its orders; their ids.

        The same decision again gives the same ids and sends nothing.

        Raises
        ------
        DecisionConflictError
            When the key was decided before with other content.
        OrderRejectedError
            When a symbol of it is closed to new orders: frozen, latched, not recovered, or an order there is unknown.
        JournalError
            When it could not be kept; then nothing of it is sent.
        """
        known = self.office.book.decisions.get((decision.instance, decision.key))
        if known is not None:
            if known[0] != decision.digest:
                raise DecisionConflictError(f"Decision {decision.key} was made before, and wanted something else.")
            return known[1]
        if decision.instance in self.retired:
            raise OrderRejectedError(f"{decision.instance} decides no more: {self.retired[decision.instance]}")
        for intent in decision.intents:
            self._require_open(intent.approved.order)
        orders = [self.order_of(decision, number) for number in range(len(decision.intents))]
        await self.keep(str(decision.key), decision.digest, orders)
        return tuple(order.cid for order in orders)

    def _require_open(self, order: WireOrder) -> None:
        office = self.office
        is_exit = office.only_reduces(order)
        reason = office.stopped or (None if is_exit else office.book.frozen.get(order.symbol))
        if reason is None and (office.book.latch.is_set or office.latch.read() is not None):
            reason = "The kill switch is latched."
        if reason is None and not is_exit:
            reason = office.why_no_entry()
        if reason is None and not office.gate_is_open:
            reason = "Recovery has not come to its end."
        if reason is None and self._is_in_doubt(order, is_exit=is_exit):
            reason = "An order of the symbol is unknown."
        if reason is not None:
            raise OrderRejectedError(f"Nothing new is sent for {order.symbol}: {reason}")

    def _is_in_doubt(self, order: WireOrder, *, is_exit: bool) -> bool:
        """An exit waits for what may be closing the same already, and for nothing else."""
        orders = self.office.book.orders.values()
        unknown = [o for o in orders if o.symbol == order.symbol and o.state is Lifecycle.UNKNOWN]
        return any(o.wire.side is order.side for o in unknown) if is_exit else bool(unknown)

    def order_of(self, decision: Decision, ordinal: int) -> LiveOrder:
        """The order that an intent becomes, under the id that only this decision gives."""
        intent = decision.intents[ordinal]
        wire, key = intent.approved.order, decision.key
        cid = self._scope(decision.instance).cid(IdRole.ENTRY, key, ordinal)
        self.approvals[cid] = intent.approved
        return LiveOrder(
            cid=cid, key=key, role=IdRole.ENTRY, wire=wire, decided_at=0, ttl_ns=intent.ttl_ns, total=wire.quantity,
            plan=intent.plan, instance=decision.instance, ordinal=ordinal, quote=intent.approved.quote,
        )  # fmt: skip

    def _scope(self, instance: str) -> IdScope:
        found = self._scopes.get(instance)
        if found is None:
            found = self._scopes[instance] = self.office.settings.scope.of(instance)
        return found

    async def keep(self, key: str, digest: str, orders: list[LiveOrder]) -> None:
        """DECIDE with everything in it and the first ARM of each, durable; then send."""
        office = self.office
        cids = [order.cid for order in orders]
        for cid in cids:
            office.require(cid not in office.book.orders, f"The id {cid} was used before.")
        office.mark("S1", cids[0])
        bodies = [intent_body(order) for order in orders]
        at = office.now_ns()
        whose = {"instance": orders[0].instance} if orders[0].instance else {}
        sequence = office.note(RecordKind.DECIDE, key=key, digest=digest, intents=bodies, at=at, **whose)
        if office.abilities.has_cids:
            sequence = max(self.arm(office.book.orders[cid]) for cid in cids)
        self._prepare(cids)
        await office.durable(sequence)
        office.mark("S1 done", cids[0])
        for cid in cids:
            office.spawn(self.send(office.book.orders[cid]))
        # They leave before anything else is done about the decision.
        await asyncio.sleep(0)

    def _prepare(self, cids: list[str]) -> None:
        """Let the venue's side write down what will go out, where it can; nothing leaves without its permit."""
        if self._preparing is not None:
            for cid in cids:
                if cid in self.approvals:
                    self._preparing.prepare(self.approvals[cid], cid)

    def arm(self, order: LiveOrder, **more: Any) -> int:
        """ARM the next attempt of an order; its number in the journal."""
        office = self.office
        at = office.now_ns()
        deadline = at + int(office.settings.answer_s * 1e9)
        attempt = order.attempts + 1
        sequence = office.note(RecordKind.ARM, cid=order.cid, attempt=attempt, at=at, deadline_ns=deadline, **more)
        self.armed[order.cid] = sequence
        return sequence

    async def send(self, order: LiveOrder) -> None:
        """S2–S5: hand over an armed order, and take down what came of it."""
        if self.office.abilities.has_cids:
            await self._send(order)
            return
        while self.office.stopped is None and not await self.in_turn(order):
            await self.office.until(lambda: self._is_free(order))

    def _is_free(self, order: LiveOrder) -> bool:
        return all(other is order for other in self.office.book.in_flight(order.symbol))

    async def in_turn(self, order: LiveOrder) -> bool:
        """Arm and send, unless another order of the symbol is in flight or unknown; then False."""
        async with self._turns.of(order.symbol):
            if not self._is_free(order):
                return False
            await self._arm_anonymous(order)
            await self._send(order)
            return True

    async def _arm_anonymous(self, order: LiveOrder) -> None:
        """ARM holds every order that already stands there, so that none of them is taken for this one."""
        while True:
            try:
                opened = await self.office.broker.open_orders()
                closed = await self.office.broker.closed_orders(order.decided_at - self.office.window_ns)
            except BrokerError:
                await asyncio.sleep(1.0)
                continue
            vids = sorted({seen.vid for seen in (*opened, *closed)} | set(self.office.book.by_vid))
            await self.office.durable(self.arm(order, vids=vids))
            return

    async def _send(self, order: LiveOrder) -> None:
        answer = await self.hand_over(order)
        while answer.kind is AnswerKind.LIMITED:
            await asyncio.sleep(answer.retry_after_s or 1.0)
            answer = await self.hand_over(order)
        while answer.kind is AnswerKind.NOT_SENT and not self.office.has_lease():
            if self.office.stopped is not None:
                return
            await asyncio.sleep(1.0)
            answer = await self.hand_over(order)
        self.office.mark("S4", order.cid)
        self.judge(order, answer)
        self.office.mark("S4 done", order.cid)

    async def hand_over(self, order: LiveOrder) -> Answer:
        """One attempt: bytes leave once or not at all, and the deadline bounds the wait."""
        approved = self.approved(order)
        if approved is None:
            return Answer(AnswerKind.NOT_SENT, reason="The risk gate refuses it.")
        before, handed, session = order.state, order.handed, self.office.broker.session
        try:
            with self.flight():
                async with asyncio.timeout(self.office.settings.answer_s):
                    answer = await self.office.broker.submit(approved, order.cid, lambda: self.permit(order))
        except (TimeoutError, BrokerError) as error:
            answer = silence(order, handed, error)
        if order.handed > handed:
            order.last_bytes_ns = self.office.clock.monotonic_ns()
        if answer.kind is AnswerKind.LIMITED:
            order.state = before
        if answer.kind is AnswerKind.ACCEPTED and answer.vid is not None and session == self.office.broker.session:
            self.office.shown[answer.vid] = session
        return answer

    @contextmanager
    def flight(self) -> Iterator[None]:
        """A request that may be past its permit."""
        self._in_flight += 1
        self.grounded.clear()
        try:
            yield
        finally:
            self._in_flight -= 1
            if not self._in_flight:
                self.grounded.set()

    def approved(self, order: LiveOrder) -> ApprovedOrder[WireOrder] | None:
        """The approval of an order: that of its decision, or a new one where there is none or the size is another."""
        kept = self.approvals.get(order.cid)
        if kept is not None and kept.order == order.wire:
            return kept
        answer = self.office.approver.approve(order.wire)
        if not isinstance(answer, ApprovedOrder):
            return None
        self.approvals[order.cid] = answer
        return answer

    def permit(self, order: LiveOrder) -> bool:
        """S2 and S3 in one breath: everything is asked again, and the order counts as sent before a byte is.

        Two rows lead here: a first attempt, and another one of an order that certainly never arrived.
        """
        office = self.office
        office.mark("S2", order.cid)
        why_not = self.why_not(order)
        if why_not is not None:
            order.reason = why_not
            return False
        office.require(
            office.journal.durable_sequence >= self.armed[order.cid],
            f"{order.cid} was about to leave before its record.",
        )
        again = order.state is Lifecycle.UNKNOWN
        row = Row.NOT_FOUND_SETTLED if again else Row.HANDED_OVER
        self.witness.take(order, row, Facts(send_again=again))
        order.handed += 1
        order.last_bytes_ns = office.clock.monotonic_ns()
        office.mark("S3", order.cid)
        return True

    def why_not(self, order: LiveOrder) -> str | None:
        """Why an order may not leave at this instant, or None; what was seen at the venue meanwhile leaves no more."""
        if order.state not in _LEAVING:
            return f"The venue knows it: {order.state.name.lower()}."
        return self.office.why_not(order)

    def judge(self, order: LiveOrder, answer: Answer) -> None:
        """S4 and S5: the answer meets the table."""
        if answer.kind is AnswerKind.ACCEPTED:
            self.witness.take(order, Row.ACKNOWLEDGED, Facts(), vid=answer.vid)
        elif answer.kind is AnswerKind.REFUSED:
            self.witness.take(order, Row.REFUSED, Facts(has_fills=bool(order.fills)), reason=answer.reason)
        elif answer.kind is AnswerKind.DUPLICATE_ID:
            self.witness.take(order, Row.DUPLICATE_ID, Facts(), reason=answer.reason)
        elif answer.kind is AnswerKind.NOT_SENT:
            self._never_left(order, order.reason or answer.reason)
        else:
            self.unanswered(order, answer)

    def unanswered(self, order: LiveOrder, answer: Answer) -> None:
        """S5: nothing is known; it is asked about, never sent again blindly."""
        self.witness.take(order, Row.NO_ANSWER, Facts(), reason=answer.reason)

    def _never_left(self, order: LiveOrder, reason: str) -> None:
        """No byte of it left now, and none stands from before: it is not accepted, and its strategy may decide again.

        What a former process may still send is never said not to be.
        """
        if self.office.stopped is not None:
            return
        if order.cid in self.office.inherited:
            self.office.freeze(order.symbol, f"{order.cid} may still be sent by another process.")
            return
        if order.state in {Lifecycle.PENDING, Lifecycle.UNKNOWN}:
            self.office.watcher.judged(Row.NOT_FOUND_SETTLED, order.state)
            self.office.note(RecordKind.NOT_ACCEPTED, cid=order.cid, evidence=f"never sent: {reason}")
            self.office.watcher.changed(order)
