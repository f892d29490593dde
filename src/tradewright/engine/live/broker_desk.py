"""The order road of a session whose orders go to a broker: nothing happens before the broker says so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import OrderError
from tradewright.domain.events import Reason
from tradewright.domain.live.session import CancelAsked, Placed, Replaced
from tradewright.domain.order import OrderType
from tradewright.simulation.rules.constants import (
    AT_CLOSE,
    BUY,
    CANCELLED,
    EXPIRED,
    PLAIN,
    REJECTED,
    SELL,
    TIME_IN_FORCE,
    ZERO_QUANTITY,
)
from tradewright.simulation.rules.constants import REPLACED as BY_REPLACEMENT
from tradewright.simulation.rules.filling import book_fill, execute
from tradewright.simulation.rules.log import log_order
from tradewright.simulation.rules.orders import close_order, end_idle_legs, end_order, place, sweep
from tradewright.simulation.rules.wake import watch
from tradewright.simulation.state import OrderSlot

from .desk import SessionDesk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.live.session import Booked, Ended, Filled, Happened, Output
    from tradewright.domain.order import Order
    from tradewright.engine.board import Board
    from tradewright.engine.plan import RunPlan
    from tradewright.risk.gate import RiskGate
    from tradewright.simulation.state import Book
    from tradewright.strategy.desk import OrderRef, Ticket

__all__ = ["BrokerDesk"]

_ENDINGS = {
    "cancelled": (CANCELLED, int(Reason.BY_VENUE)),
    "expired": (EXPIRED, TIME_IN_FORCE),
    "rejected": (REJECTED, int(Reason.BY_VENUE)),
}
_NOT_AT_BROKERS = {
    "trailing_stop": "a trailing stop",
    "display_quantity": "a display quantity",
    "oco": "a pair that cancels each other",
}


class BrokerDesk(SessionDesk):
    """The desk of a session whose orders go to a broker.

    Orders stand in the books as they were decided; they fill and end when `fill` and `end` are told so.
    """

    def __init__(self, board: Board, gate: RiskGate, plan: RunPlan) -> None:
        super().__init__(board, gate, plan)
        self._legs: dict[int, tuple[int, int]] = {}
        self._asked: set[int] = set()
        self._copies: dict[int, int] = {}
        self._before: dict[int, float] = {}
        self._replacing: tuple[int, float] | None = None
        self._words: dict[int, str] = {}

    def why(self, order_id: int, reason: Reason) -> str:
        """Why something happened to an order: in the broker's words where it was the broker."""
        said = self._words.get(order_id, "") if reason is Reason.BY_VENUE else ""
        return said or reason.sentence

    def order(self, order_id: int) -> Order:
        """An order as it stands, with the broker's words where it was the broker that ended it."""
        order, said = super().order(order_id), self._words.get(order_id)
        return replace(order, reason=said) if said and order.reason == Reason.BY_VENUE.sentence else order

    def submit(self, book: int, ticket: Ticket) -> OrderRef:
        """Size, round, gate and send one order; what no broker takes from here yet is refused by name."""
        asked: dict[str, Any] = {"trailing_stop": ticket.order_type is OrderType.TRAILING_STOP or None}
        asked |= {"display_quantity": ticket.display_quantity, "oco": ticket.oco}
        found = next((words for name, words in _NOT_AT_BROKERS.items() if asked[name] is not None), None)
        if found is not None:
            raise OrderError(
                f"An order with {found} does not go to brokers yet.",
                hint="Use a bracket (stop_loss=, take_profit=), or trade it on simulated fills.",
            )
        return super().submit(book, ticket)

    def close_position(self, book: int, tag: str | None) -> OrderRef:
        """Close what no order closes yet; a broker that is asked twice may close twice, and be on the other side."""
        account = self._books[book]
        left = abs(account.position) - self._closing(account)
        if account.position == 0.0 or left <= 0.0:
            return self._nothing
        order = self._fresh(account, SELL if account.position > 0.0 else BUY, left)
        order.reduce_only = 1
        return self._send(account, order, None, tag)

    def _closing(self, book: Book) -> float:
        """Units that orders which only reduce are closing; legs of brackets wait for their price."""
        working = [order for order in book.orders if order.open == 1 and order.reduce_only == 1 and order.role == PLAIN]
        return sum(order.quantity - order.filled for order in working if order.side * book.position < 0.0)

    def say(self, output: Output) -> None:
        """Put an output behind the others; the copy of a replaced order goes out as such, and needs no cancel."""
        if self._replacing is not None and isinstance(output, CancelAsked):
            return
        if isinstance(output, Placed):
            self._remember_legs(output.order_id)
            if self._replacing is not None:
                replaced, filled = self._replacing
                self._copies[replaced], self._before[output.order_id] = output.order_id, filled
                total = Placed(
                    **{n: getattr(output, n) for n in Placed.__slots__} | {"quantity": output.quantity + filled}
                )
                output = Replaced(replaced, total)
        super().say(output)

    def _remember_legs(self, order_id: int) -> None:
        slot = self.orders.slot_of(order_id)
        if slot is not None:
            orders = self._book_of(order_id).orders
            legs = [orders[leg].id if leg >= 0 else 0 for leg in (slot.stop_leg, slot.target_leg)]
            self._legs[order_id] = legs[0], legs[1]

    def _book_of(self, order_id: int) -> Book:
        return self._books[self.orders.book_of(order_id)]

    def replace(self, book: int, order_id: int, changes: Mapping[str, float]) -> OrderRef:
        """Ask for an order in the place of another; errors as of `OrderDesk.replace`.

        The one that was replaced has ended here: where nothing takes its place, its end is asked for.
        """
        slot = self.orders.slot_of(order_id)
        self._replacing = (order_id, 0.0 if slot is None else slot.filled + self._before.get(order_id, 0.0))
        try:
            return super().replace(book, order_id, changes)
        finally:
            self._replacing = None
            if slot is not None and self.orders.slot_of(order_id) is None and order_id not in self._copies:
                self.say(CancelAsked(order_id, self.strategy_of(self._books[book]), Reason.BY_STRATEGY.sentence))

    def _end(self, book: int, order_id: int, reason: int) -> bool:
        if self._replacing is not None and reason == BY_REPLACEMENT:
            return super()._end(book, order_id, reason)
        if self.orders.slot_of(order_id) is None:
            return False
        if order_id not in self._asked:
            self._asked.add(order_id)
            self.say(CancelAsked(order_id, self.strategy_of(self._books[book]), Reason(reason).sentence))
        return True

    def strand(self, leg: Happened) -> None:
        """A protective order's position is gone, and the broker may still hold the order."""
        self.say(CancelAsked(leg.order_id, leg.strategy, leg.reason))

    # What the broker says.

    def fill(self, filled: Filled) -> None:
        """Book a fill, whatever has become of its order since: it is real."""
        order_id = self._leg(filled.order_id, filled.leg)
        book = self._book_of(order_id)
        slot = self.orders.slot_of(order_id)
        self._exchange.row = self._cursor.row
        order = self._shadow(order_id) if slot is None else slot
        order.quantity = max(order.quantity, order.filled + filled.quantity)
        parts = self._exchange, book, order, filled.quantity, filled.price, filled.price, AT_CLOSE
        if filled.fee is None:
            execute(*parts)
        else:
            book_fill(*parts, filled.fee, 0.0)
        if slot is None:
            self._less_for_the_copy(order_id, filled.quantity)
        self._tidy(book)

    def settle(self, booked: Booked) -> None:
        """Book units that no order of a strategy's moved, under an order that is filled as it is placed."""
        market = self.board.market
        book = self._books[booked.strategy * len(market.symbols) + market.symbols.index(booked.symbol)]
        order = self._fresh(book, BUY if booked.quantity > 0.0 else SELL, abs(booked.quantity))
        self.orders.tags[order.id] = booked.why
        log_order(self._exchange, book, order, 0)
        place(self._exchange, book, order)
        book_fill(self._exchange, book, order, order.quantity, booked.price, booked.price, AT_CLOSE, 0.0, 0.0)
        self._tidy(book)

    def _leg(self, order_id: int, leg: str) -> int:
        """Number of the order that filled: a leg goes by the number of its entry, or of the first one in its place."""
        if not leg:
            return order_id
        chain = [order_id]
        while chain[-1] in self._copies:
            chain.append(self._copies[chain[-1]])
        legs = [self._leg_of(entry, leg) for entry in chain]
        return next((each for each in legs if each and self.orders.slot_of(each) is not None), legs[0])

    def _leg_of(self, entry: int, leg: str) -> int:
        stop, target = self._legs[entry]
        return (stop if leg == "stop" else target) or stop or target

    def _shadow(self, order_id: int) -> OrderSlot:
        """An order that has ended here, as far as a late fill needs it."""
        shadow = OrderSlot(-1)
        shadow.id, shadow.side = order_id, int(self.orders.order(order_id).side)
        shadow.reduce_only = 1
        shadow.sibling = shadow.entry = shadow.stop_leg = shadow.target_leg = -1
        return shadow

    def _less_for_the_copy(self, order_id: int, quantity: float) -> None:
        """What a replaced order still filled is not left for the last of those that took its place."""
        last = order_id
        while last in self._copies:
            last = self._copies[last]
            self._before[last] += quantity
        copy = self.orders.slot_of(last) if last != order_id else None
        if copy is None:
            return
        copy.quantity = max(copy.filled, copy.quantity - quantity)
        if copy.quantity <= copy.filled:
            self._close_copy(self._book_of(last), copy)

    def _close_copy(self, book: Book, copy: OrderSlot) -> None:
        """Nothing is left for it: it is done where it filled, and was for nothing where it did not."""
        if copy.filled == 0.0:
            end_order(self._exchange, book, copy, CANCELLED, ZERO_QUANTITY)
        else:
            close_order(self._exchange, copy)
            end_idle_legs(self._exchange, book, copy)

    def end(self, ended: Ended) -> None:
        """End an order, as the venue said; nothing happens where it has ended."""
        order_id = self._leg(ended.order_id, ended.leg)
        slot = self.orders.slot_of(order_id)
        if slot is None or ended.status not in _ENDINGS:
            return
        kind, reason = _ENDINGS[ended.status]
        self._words[order_id] = ended.reason
        if order_id in self._asked and kind == CANCELLED:
            reason = int(Reason.BY_STRATEGY)
        book = self._book_of(order_id)
        self._exchange.row = self._cursor.row
        end_order(self._exchange, book, slot, kind, reason)
        self._tidy(book)

    def _let_go_orders(self, delivered: int) -> None:
        """None: a fill may be told of late, and belongs to its order whatever has become of that."""

    def _tidy(self, book: Book) -> None:
        sweep(book)
        watch(book)
        self._equity_at = (-1, -1)
