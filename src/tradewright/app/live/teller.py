"""Between a session's engine and the order road: decisions go out under ids, fills and endings come back as inputs."""

from __future__ import annotations

import contextlib
from collections import deque
from typing import TYPE_CHECKING, Any

from tradewright.app.orders.submit import Decision, Intent
from tradewright.domain.approval import ApprovedOrder
from tradewright.domain.errors import BrokerError, OrderError
from tradewright.domain.live.ids import DecisionKey, IdRole
from tradewright.domain.live.order import Lifecycle
from tradewright.domain.live.session import (
    Booked,
    CancelAsked,
    Ended,
    Filled,
    Placed,
    Replaced,
    Row,
    Standing,
)
from tradewright.domain.order import OrderType

from .audit import SessionAudit
from .closing import Closings, parts_of
from .halting import Halts
from .ledger import SessionLedger
from .wires import order_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tradewright.domain.live.order import LiveOrder
    from tradewright.domain.live.session import Input, Output
    from tradewright.domain.live.venue import VenueFill

    from .account import LiveAccount
    from .ledger import Move
    from .wires import WireForms

__all__ = ["BrokerCarrier"]

_SUBJECT = "*"
"""A decision of a session is about everything that one callback wanted, whatever the symbols."""
_SKEW_NS = 60_000_000_000  # by how much a clock may be behind the market's
_ENDINGS = {
    Lifecycle.CANCELLED: "cancelled",
    Lifecycle.EXPIRED: "expired",
    Lifecycle.REJECTED: "rejected",
    Lifecycle.NOT_ACCEPTED: "rejected",
}
_REFUSED = {Lifecycle.REJECTED, Lifecycle.NOT_ACCEPTED}
_STANDINGS = {Lifecycle.WORKING: "submitted", Lifecycle.UNKNOWN: "unknown"}
_LEGS = {IdRole.STOP: "stop", IdRole.TARGET: "target", IdRole.EXIT: "target"}


class BrokerCarrier:
    """Carries a session's decisions to a broker.

    Parameters
    ----------
    session : str
        Name of the session: with the strategy's number it is the instance that decides.
    account : LiveAccount
    forms : WireForms
    ttl_ns : int
        How long after it was decided an order may still be sent.
    put : callable
        Takes the inputs that follow.
    """

    def __init__(
        self, session: str, account: LiveAccount, forms: WireForms, *, ttl_ns: int, put: Callable[[Input], None]
    ) -> None:
        self.session = session
        self.road = account.road
        self._risk = account.risk
        self._valuer = account.valuer
        self._forms = forms
        self._ttl_ns = ttl_ns
        self._put = put
        self._cid_of: dict[int, str] = {}
        self._order_of: dict[str, Placed] = {}
        self._closing: dict[str, int] = {}
        self._placed: dict[int, Placed] = {}
        self.ledger = SessionLedger(session, account.road.office.book)
        self._closings = Closings(self.road)
        self._audit = SessionAudit(session, self.road, self.ledger, put)
        self._halts = Halts(session, account, put)
        self._is_listening = False
        self._rows: deque[Row] = deque(maxlen=64)
        self._first: Row | None = None
        self._ended: set[int] = set()
        self._unsent: dict[int, Placed] = {}
        self._unwanted: set[int] = set()

    # Out.

    async def carry_out(self, sequence: int, given: Input, outputs: Sequence[Output]) -> None:
        """Send what was decided, ask for what is to end, and put in place what is replaced, in this order."""
        await self._see(given)
        for number in sorted({each.strategy for each in outputs if isinstance(each, Placed)}):
            mine = [each for each in outputs if isinstance(each, Placed) and each.strategy == number]
            await self._decide(self._key(sequence, given), number, mine)
        for output in outputs:
            if isinstance(output, CancelAsked):
                self._cancel(output.order_id)
            elif isinstance(output, Replaced):
                await self._replace(output)
        await self._halts.carry_out(outputs)

    async def _see(self, given: Input) -> None:
        """Prices that the market has now are what orders are held against, and what targets wait for."""
        if not isinstance(given, Row):
            return
        for bar in given.bars:
            with contextlib.suppress(BrokerError):
                await self._valuer.see(bar)
            if given.acts and self._is_listening:
                await self._closings.take_targets(bar, self._forms)

    def _key(self, sequence: int, given: Input) -> DecisionKey:
        """What the decision is about: a row by its close and its open, else the number of the input in the record."""
        if isinstance(given, Row):
            return DecisionKey(given.close_ns, f"{_SUBJECT}{given.open_ns}")
        return DecisionKey(sequence, _SUBJECT)

    def _instance(self, strategy: int) -> str:
        return f"{self.session}/{strategy}"

    async def _decide(self, key: DecisionKey, strategy: int, orders: Sequence[Placed]) -> None:
        """All orders of one callback, as one decision; what exits a bracket goes by its bracket."""
        both: list[tuple[Placed, Intent]] = []
        # What the account is worth must be known just now; it is asked only where nobody has for a while.
        with contextlib.suppress(BrokerError):
            await self._valuer.account()
        for order in orders:
            why = self._closings.why_not(order, self._instance(strategy), [each for each, _ in both])
            if why is not None:
                self._refuse(order, why)
                continue
            left = await self._exit_brackets(order)
            intent = None if left is None else self._approved(left)
            if intent is not None:
                both.append((order, intent))
        for part in parts_of(key):
            is_exit = part != key
            await self._send(part, strategy, [each for each in both if each[0].reduce_only is is_exit])

    async def _send(self, key: DecisionKey, strategy: int, parts: Sequence[tuple[Placed, Intent]]) -> None:
        if not parts:
            return
        decision = Decision(key, tuple(intent for _, intent in parts), self._instance(strategy))
        try:
            cids = await self.road.submitter.decide(decision)
        except OrderError as error:
            for order, intent in parts:
                self._risk.release(intent.approved.order)
                self._refuse(order, str(error))
            return
        for (order, _), cid in zip(parts, cids, strict=True):
            self._sent(order, cid)

    def _sent(self, order: Placed, cid: str) -> None:
        """It is on the road, where it may have come to its end in the turn in which it was to leave."""
        self._know(order, cid)
        sent = self.road.office.book.orders.get(cid)
        if sent is not None and not sent.is_open:
            self.changed(sent)

    def _know(self, order: Placed, cid: str) -> None:
        self._cid_of[order.order_id] = cid
        self._order_of[cid] = order

    def _approved(self, order: Placed) -> Intent | None:
        """The order with the risk office's approval; None where it was refused, which the engine is told."""
        try:
            wire = self._forms.wire(order)
        except OrderError as error:
            self._refuse(order, str(error))
            return None
        answer = self._risk.approve(wire, stop=order.stop_loss)
        if not isinstance(answer, ApprovedOrder):
            self._refuse(order, answer.sentence)
            return None
        return Intent(answer, self.road.office.clock.now_ns() + self._ttl_ns, self._forms.plan(order))

    def _refuse(self, order: Placed, why: str) -> None:
        self._end(order.order_id, "rejected", why)

    async def _exit_brackets(self, order: Placed) -> Placed | None:
        """A strategy closes what brackets hold: they are closed as such. What of the order is left to send, or None.

        A bracket's stop rests at the venue for all that it holds, so that a part of it cannot be sold beside it.
        """
        left, closed = self._forms.units(order.symbol, order.quantity), []
        against = self._closings.against(order, self._instance(order.strategy))
        for entry in against if order.order_type == OrderType.MARKET.value else ():
            if left <= 0 and not order.reduce_only:
                break
            closed.append(entry)
            left -= self.road.brackets.holdings.held(entry)
        if left < 0 and not order.reduce_only:
            self._refuse(order, "A part of what a bracket protects does not go to brokers: close it whole.")
            return None
        for entry in closed:
            self._closing[entry.cid] = order.order_id
            await self.road.brackets.exit(entry.cid, "strategy")
        if closed:
            self._put(Standing(order.order_id, "submitted", self.road.office.clock.now_ns()))
        if left <= 0:
            return None
        return Placed(**{name: getattr(order, name) for name in Placed.__slots__} | {"quantity": float(left)})

    def _cancel(self, order_id: int) -> None:
        """Ask for the end of an order; a leg goes with its bracket."""
        cid = self._cid_of.get(order_id)
        if cid is not None and cid in self.road.office.book.orders:
            self.road.office.spawn(self.road.canceller.cancel(cid))

    async def _replace(self, output: Replaced) -> None:
        """Put an order in the place of another; where that cannot be, neither stands: so the engine has it."""
        cid, order = self._cid_of.get(output.replaces), output.order
        why = "The order it replaces was never sent." if cid is None else await self._replaced(cid, order)
        if why is not None:
            self._refuse(order, why)
            self._cancel(output.replaces)

    async def _replaced(self, cid: str, order: Placed) -> str | None:
        """Send the order that takes the place of another; why not, or None."""
        try:
            wire = self._forms.wire(order)
        except OrderError as error:
            return str(error)
        answer = self._risk.approve(wire, stop=order.stop_loss, replaces=cid)
        if not isinstance(answer, ApprovedOrder):
            return answer.sentence
        try:
            ttl = self.road.office.clock.now_ns() + self._ttl_ns
            self._sent(order, await self.road.replacer.replace(cid, wire, ttl, answer.quote))
        except OrderError as error:
            self._risk.release(wire)
            return str(error)
        return None

    # Back.

    def filled(self, order: LiveOrder, fill: VenueFill) -> None:
        """A fill was booked on the road, or corrected: the engine is told, once, whoever wanted it."""
        if self._is_listening:
            for move in self.ledger.take(order, fill.identity):
                self._tell(order, move)

    def _tell(self, order: LiveOrder, move: Move) -> None:
        found = self._engine_order(order) if move.is_first else None
        if found is None:
            why = "No order of the strategy's filled it." if move.is_first else "The venue corrected a fill."
            self._put(Booked(move.strategy, move.symbol, move.units, move.price, move.at_ns, move.identity, why))
        else:
            told = abs(move.units), move.price, None, move.at_ns, move.identity, found[1], order.half_spread
            self._put(Filled(found[0], *told))

    def _engine_order(self, order: LiveOrder) -> tuple[int, str] | None:
        """Number of the engine's order that an order of the road belongs to, and which leg it is."""
        if order.parent is None:
            placed = self._order_of.get(order.cid)
            return None if placed is None else (placed.order_id, "")
        if order.role is IdRole.EXIT and order.parent in self._closing:
            return self._closing[order.parent], ""
        entry = self._order_of.get(order.parent)
        return None if entry is None else (entry.order_id, _LEGS.get(order.role, ""))

    def changed(self, order: LiveOrder) -> None:
        """An order of the road stands elsewhere: the engine is told of ends, and of doubt."""
        placed = self._order_of.get(order.cid)
        if placed is None or order.parent is not None:
            return
        if order.state in _REFUSED:
            self._end_replaced(order)
        if order.state in _ENDINGS:
            self._end(placed.order_id, _ENDINGS[order.state], order.reason)
        elif order.state in _STANDINGS and placed.order_id not in self._ended:
            self._put(Standing(placed.order_id, _STANDINGS[order.state], self.road.office.clock.now_ns()))

    def _end_replaced(self, order: LiveOrder) -> None:
        """The venue does not put it in the place of another: the engine has given that one up, so that it ends, too."""
        old = self.road.office.book.orders.get(order.replaces or "")
        if old is not None and old.is_open and not old.cancel_wanted:
            self.road.office.spawn(self.road.canceller.cancel(old.cid))

    def _end(self, order_id: int, status: str, reason: str) -> None:
        if order_id not in self._ended:
            self._ended.add(order_id)
            self._put(Ended(order_id, status, reason, self.road.office.clock.now_ns()))

    # After a restart.

    def remember(self, sequence: int, given: Input, outputs: Sequence[Output]) -> None:
        """Find the orders of a decision again by the ids that only it gives; inputs say what the engine knows."""
        self._hear(given)
        self._halts.remember(given, outputs)
        self._placed |= {each.order_id: each for each in map(order_in, outputs) if each is not None}
        for number in sorted({each.strategy for each in outputs if isinstance(each, Placed)}):
            mine = [each for each in outputs if isinstance(each, Placed) and each.strategy == number]
            self._find(self._key(sequence, given), number, mine)
        for output in outputs:
            if isinstance(output, Replaced):
                self._find_copy(output)
            elif isinstance(output, CancelAsked):
                self._unwanted.add(output.order_id)

    def _hear(self, given: Input) -> None:
        """The engine knows what it was told."""
        if isinstance(given, Filled):
            order = self._placed[given.order_id]
            signed = given.quantity * order.side * (-1 if given.leg else 1)
            self.ledger.hear(given.identity, order.strategy, signed)
        elif isinstance(given, Booked):
            self.ledger.hear(given.identity, given.strategy, given.quantity)
        elif isinstance(given, Ended):
            self._ended.add(given.order_id)
        elif isinstance(given, Row):
            self._rows.append(given)
            if self._first is None or not self._first.acts:
                self._first = given  # to be acted on; where the record lost that one, the last of the warm-up

    def _find(self, key: DecisionKey, strategy: int, orders: Sequence[Placed]) -> None:
        """Orders that were refused by the risk office are not among the decision's: wire forms tell which is which."""
        decisions, instance = self.road.office.book.decisions, self._instance(strategy)
        left = [cid for part in parts_of(key) for cid in decisions.get((instance, part), ("", ()))[1]]
        for order in orders:
            self._find_closed(order)
            cid = next((each for each in left if self._is_of(order, each)), None)
            if cid is None:
                self._unsent[order.order_id] = order
            else:
                left.remove(cid)
                self._know(order, cid)

    def _is_of(self, order: Placed, cid: str) -> bool:
        """Whether an order of the decision is this one; of what closed brackets, only the rest was sent as such."""
        found = self.road.office.book.orders[cid].wire
        if order.order_id in self._closing.values():
            return found.symbol == order.symbol and found.side == order.side
        try:
            return found == self._forms.wire(order)
        except OrderError:
            return False

    def _find_closed(self, order: Placed) -> None:
        """Brackets that were closed for an order: those of the strategy that stood and were no others' to close."""
        if order.order_type != OrderType.MARKET.value:
            return
        book = self.road.office.book
        for cid, entry in self._order_of.items():
            is_mine = (entry.strategy, entry.symbol, entry.side) == (order.strategy, order.symbol, -order.side)
            if is_mine and book.orders[cid].plan is not None and book.exits.get(cid) == "strategy":
                self._closing.setdefault(cid, order.order_id)

    def _find_copy(self, output: Replaced) -> None:
        old = self.road.office.book.orders.get(self._cid_of.get(output.replaces, ""))
        if old is not None and old.replaced_by is not None:
            self._know(output.order, old.replaced_by)
        else:
            self._unsent[output.order.order_id] = output.order
            self._unwanted.add(output.replaces)

    async def catch_up(self) -> None:
        """Tell the engine of fills and ends that came while nobody listened, or that it never heard of."""
        for row in self._rows:
            await self._see(row)
        book, self._is_listening = self.road.office.book, True
        since_ns = self.road.office.now_ns() if self._first is None else self._first.close_ns - _SKEW_NS
        for move in self.ledger.take_up(since_ns):
            self._tell(book.orders[book.fills[move.identity][0]], move)
        for order in [book.orders[cid] for cid in self._order_of]:
            if not order.is_open:
                self.changed(order)
        self._settle()
        await self._halts.catch_up()

    def _settle(self) -> None:
        """What was decided and never went out ends, for its moment is over; what was to end is asked for again."""
        for placed in self._unsent.values():
            if placed.order_id not in self._closing.values():
                self._refuse(placed, "The program ended before it was sent.")
        for order_id in sorted(self._unwanted):
            order = self.road.office.book.orders.get(self._cid_of.get(order_id, ""))
            if order is not None and order.is_open and not order.cancel_wanted:
                self._cancel(order_id)
        self._unsent.clear()
        self._unwanted.clear()
        self._audit.end_strangers(self._order_of)

    def compare(self, standings: Mapping[str, Any]) -> None:
        """See `SessionAudit.compare`."""
        if self._is_listening:
            self._audit.compare(standings)
