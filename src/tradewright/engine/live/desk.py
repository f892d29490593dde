"""The order road of a session: what is decided is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.events import EventKind, Reason
from tradewright.domain.live.session import CancelAsked, Happened, Logged, Placed
from tradewright.domain.order import OrderType, TimeInForce
from tradewright.engine.desk import OrderDesk
from tradewright.engine.rules.gating import entry_price, opening_units
from tradewright.simulation.rules.constants import (
    NAN,
    NOTHING_TO_PROTECT,
)
from tradewright.simulation.rules.log import log_order

from .passing import PassingEvents, PassingOrders, SessionOrders

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.live.session import Output
    from tradewright.engine.board import Board
    from tradewright.engine.plan import RunPlan
    from tradewright.risk.gate import RiskGate
    from tradewright.simulation.state import Book, OrderSlot
    from tradewright.strategy.desk import OrderRef, Ticket

__all__ = ["SessionDesk"]

_TYPES, _TIFS = tuple(OrderType), tuple(TimeInForce)


class SessionDesk(OrderDesk):
    """The desk of a session over the simulated venue; whatever it decides goes into `outputs` besides.

    `paused` holds the strategies that may open nothing new. While `is_late` says that what they are shown is too old to
    act on, nothing is ordered.
    """

    orders: SessionOrders

    def __init__(self, board: Board, gate: RiskGate, plan: RunPlan) -> None:
        self._events, self._placed = PassingEvents(), PassingOrders()
        board.exchange.log, board.exchange.placed = self._events, self._placed
        super().__init__(board, gate, plan)
        self.orders = SessionOrders(board.exchange, board.books, board.market.symbols)
        self.outputs: list[Output] = []
        self.paused: set[int] = set()
        self.is_late = False
        self.remembers = True
        self._told = 0

    def strategy_of(self, book: Book) -> int:
        """Number of the strategy whose book it is."""
        return book.number // len(self.board.market.symbols)

    def books_of(self, strategy: int) -> list[Book]:
        """The books of a strategy, or all of them for -1."""
        count = len(self.board.market.symbols)
        return self._books if strategy < 0 else self._books[strategy * count : (strategy + 1) * count]

    def _send(self, book: Book, order: OrderSlot, ticket: Ticket | None, tag: str | None = None) -> OrderRef:
        return self.orders.hand_out(self._sent(book, order, ticket, tag))

    def _sent(self, book: Book, order: OrderSlot, ticket: Ticket | None, tag: str | None) -> OrderRef:
        is_paused = self.paused and self.strategy_of(book) in self.paused and self._opens(book, order)
        if self.is_late or is_paused:
            log_order(self._exchange, book, order, 0)
            return self._refuse(book, order, Reason.TOO_LATE if self.is_late else Reason.BY_OPERATOR)
        sent = super()._send(book, order, ticket, tag)
        slot = self.orders.slot_of(sent.id) if sent.id else None
        if slot is not None:
            self.say(self.placed(book, slot))
        return sent

    def _opens(self, book: Book, order: OrderSlot) -> bool:
        price = entry_price(order, self.board.close(book))
        return opening_units(self._exchange, book, order, self.equity(), price) > 0.0

    def say(self, output: Output) -> None:
        """Put an output behind the others."""
        self.outputs.append(output)

    def placed(self, book: Book, order: OrderSlot) -> Placed:
        """A working order as it goes out."""
        stop = book.orders[order.stop_leg].stop if order.stop_leg >= 0 else NAN
        target = book.orders[order.target_leg].limit if order.target_leg >= 0 else NAN
        return Placed(
            order_id=order.id,
            strategy=self.strategy_of(book),
            symbol=self.board.symbol(book),
            side=order.side,
            quantity=order.quantity,
            order_type=_TYPES[order.kind].value,
            time_in_force=_TIFS[order.tif].value,
            limit_price=_price(order.limit),
            stop_price=_price(order.stop),
            expires_ns=order.expires or None,
            reduce_only=order.reduce_only == 1,
            stop_loss=_price(stop),
            take_profit=_price(target),
            tag=self.orders.tags.get(order.id),
            label=self.orders.client_ids.get(order.id),
        )

    def _end(self, book: int, order_id: int, reason: int) -> bool:
        ended = super()._end(book, order_id, reason)
        if ended:
            self.say(CancelAsked(order_id, self.strategy_of(self._books[book]), Reason(reason).sentence))
        return ended

    def end_entries(self, strategy: int, reason: Reason) -> None:
        """End the working orders of a strategy (-1: of all) that would open something; exits stay."""
        for book in self.books_of(strategy):
            for order in self.entries(book):
                self._end(book.number, order.id, int(reason))

    def entries(self, book: Book) -> list[OrderSlot]:
        """The working orders of a book that are no exits."""
        found = []
        slot = book.head
        while slot >= 0:
            order = book.orders[slot]
            if order.open == 1 and order.reduce_only == 0 and order.side * book.position >= 0.0:
                found.append(order)
            slot = order.next
        return found

    def log(self, strategy: int, message: str, fields: Mapping[str, Any]) -> None:
        """Keep a line, and say it."""
        if self.remembers:
            super().log(strategy, message, fields)
        self.say(Logged(strategy, message, {name: _plain(value) for name, value in fields.items()}))

    def tell(self) -> None:
        """Say what the event log has gained since the last time."""
        log, symbols = self._exchange.log, self.board.market.symbols
        for number in range(self._told, log.length):
            row = log.row(number)
            book = int(row[2])
            happened = Happened(
                event=EventKind(int(row[0])).name.lower(),
                order_id=int(row[3]),
                strategy=book // len(symbols),
                symbol=symbols[book % len(symbols)],
                quantity=row[5],
                price=row[6],
                fee=row[7],
                reason=self.why(int(row[3]), Reason(int(row[14]))),
            )
            self.say(happened)
            if int(row[14]) == NOTHING_TO_PROTECT:
                self.strand(happened)
        self._told = log.length

    def let_go(self, delivered: int) -> None:
        """Let go of events that were said, and delivered but for those after so many, and of orders that are over."""
        self.orders.take_in()
        before = min(self._told, delivered)
        self._let_go_orders(before)
        self._events.let_go(before)

    def _let_go_orders(self, before: int) -> None:
        if self.orders.is_many:
            self.orders.let_go({int(self._events.row(each)[3]) for each in range(before, self._events.length)})

    def why(self, order_id: int, reason: Reason) -> str:  # noqa: ARG002 - a broker says more
        """Why something happened to an order, as a sentence."""
        return reason.sentence

    def strand(self, leg: Happened) -> None:
        """A protective order's position is gone; the simulated venue has ended it already."""


def _price(value: float) -> float | None:
    return value if value == value else None  # noqa: PLR0124 - NaN


def _plain(value: Any) -> Any:
    return value if isinstance(value, (int, float, str, bool, type(None))) else str(value)
