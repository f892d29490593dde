"""The order road: intent → sized and rounded → risk gate → venue; and the account as strategies see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.approval import RefusedOrder
from tradewright.domain.errors import OrderError
from tradewright.domain.events import Reason
from tradewright.domain.grid import lots_of
from tradewright.domain.order import OrderSide, OrderType
from tradewright.domain.portfolio import Account, Position
from tradewright.domain.record import LogLine
from tradewright.simulation.rules.constants import (
    AT_DECISION,
    BUY,
    BY_STRATEGY,
    CANCELLED,
    DAY,
    EXPIRED,
    FOK,
    INF,
    INSTRUMENT_EXPIRED,
    IOC,
    LIQUIDATION,
    MARKET,
    NAN,
    NOT_FILLED_AT_OPEN,
    PLAIN,
    REJECTED,
    REPLACED,
    SELL,
    TIME_IN_FORCE,
    TRAILING,
    ZERO_QUANTITY,
)
from tradewright.simulation.rules.filling import take
from tradewright.simulation.rules.intents import admit_leg, change_to, claim, side_of
from tradewright.simulation.rules.ledger import required_at, value_at
from tradewright.simulation.rules.log import log_order
from tradewright.simulation.rules.matching import begin_bar
from tradewright.simulation.rules.orders import discard, end_order, sweep
from tradewright.simulation.rules.sizing import affordable_units, free_money, target_units
from tradewright.simulation.rules.wake import watch
from tradewright.simulation.venue import accept
from tradewright.strategy.desk import OrderRef, Ticket

from .delivery import refusal_of
from .dressing import dress, require_bar, require_possible, ticket_of
from .order_book import OrderBook
from .proposals import proposal_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.order import Order
    from tradewright.risk.gate import RiskGate
    from tradewright.simulation.state import Book, Exchange, OrderSlot

    from .board import Board
    from .dressing import Leg
    from .plan import RunPlan

__all__ = ["OrderDesk"]

_RESTS_BY_DEFAULT = frozenset(OrderType) - {OrderType.MARKET}


class OrderDesk:
    """Takes orders from contexts and answers what they ask about the account.

    Parameters
    ----------
    board : Board
        The market's rows and the books standing on them.
    gate : RiskGate
    plan : RunPlan
    """

    def __init__(self, board: Board, gate: RiskGate, plan: RunPlan) -> None:
        self.board = board
        self.gate = gate
        self.orders = OrderBook(board.exchange, board.books, board.market.symbols)
        self.logs: list[LogLine] = []
        self._exchange: Exchange = board.exchange
        self._books: list[Book] = board.books
        self._cursor = board.cursor
        self._is_late = bool(plan.latency_bars or plan.latency_ms)
        self._plan = plan
        self._sized_at_fill = plan.size_at == "fill"
        self._fills_at_close = plan.fill_at == "close"
        self._equity = plan.cash
        self._equity_at = (-1, -1)
        self._nothing = OrderRef(0, 0, self)

    # Orders.

    def submit(self, book: int, ticket: Ticket) -> OrderRef:
        """Size, round, gate and send one order."""
        account = self._books[book]
        quantity = ticket.quantity
        if quantity is None:
            return self._submit_everything(account, ticket)
        if not 0.0 < quantity < INF:
            side = "buy" if ticket.side > 0 else "sell"
            symbol = self.board.symbol(account)
            raise OrderError(f"{side}({quantity}) of {symbol} is not an order.", hint="Give a positive quantity.")
        order = self._fresh(account, ticket.side, lots_of(quantity, account.lot))
        return self._send(account, order, ticket)

    def _submit_everything(self, book: Book, ticket: Ticket) -> OrderRef:
        """An order without a quantity: sell what is held, or buy what can be paid for."""
        side = int(ticket.side)
        if book.position * side < 0.0:
            quantity = abs(book.position)
        elif side < 0:
            return self._nothing
        elif self._sized_at_fill and ticket.order_type is OrderType.MARKET:
            return self._send_weight(book, float(side), None, ticket)
        else:
            require_bar(self.board.terms[book.number], self.board.close(book))
            price = ticket.limit_price or ticket.stop_price or self.board.close(book)
            power = self.account().available
            quantity = lots_of(affordable_units(self._exchange, book, side, power, price), book.lot)
        order = self._fresh(book, side, quantity)
        order.clip = 1
        return self._send(book, order, ticket)

    def market(self, book: int, side: int, quantity: float) -> OrderRef:
        """A plain market order: the short way through `submit`."""
        if not 0.0 < quantity < INF:
            return self.submit(book, Ticket(OrderSide(side), quantity))
        account = self._books[book]
        return self._send(account, self._fresh(account, side, lots_of(quantity, account.lot)), None)

    def target_percent(self, book: int, weight: float, tag: str | None) -> OrderRef:
        """Bring a position to a fraction of equity."""
        account = self._books[book]
        if not -INF < weight < INF:
            raise OrderError(f"target_percent({weight}) of {self.board.symbol(account)} is not a weight.")
        if self._sized_at_fill:
            return self._send_weight(account, weight, tag)
        if weight == 0.0:
            return self._move(account, 0.0, tag)
        price = self.board.close(account)
        if price != price:  # noqa: PLR0124 - NaN
            require_bar(self.board.terms[account.number], self.board.close(account))
        return self._move(account, target_units(self._exchange, account, weight, self.equity(), price), tag)

    def target_quantity(self, book: int, quantity: float, tag: str | None) -> OrderRef:
        """Bring a position to a signed quantity."""
        account = self._books[book]
        if not -INF < quantity < INF:
            raise OrderError(f"target_quantity({quantity}) of {self.board.symbol(account)} is not a quantity.")
        units = lots_of(abs(quantity), account.lot)
        return self._move(account, units if quantity >= 0.0 else -units, tag)

    def close_position(self, book: int, tag: str | None) -> OrderRef:
        """Close a position with a market order that only reduces."""
        account = self._books[book]
        if account.position == 0.0:
            return self._nothing
        order = self._fresh(account, SELL if account.position > 0.0 else BUY, abs(account.position))
        order.reduce_only = 1
        return self._send(account, order, None, tag)

    def _move(self, book: Book, units: float, tag: str | None) -> OrderRef:
        change = change_to(book, units)
        if change == 0.0:
            return self._nothing
        order = self._fresh(book, side_of(change), abs(change))
        order.clip = 1
        return self._send(book, order, None, tag)

    def _send_weight(self, book: Book, weight: float, tag: str | None, ticket: Ticket | None = None) -> OrderRef:
        order = self._fresh(book, BUY if weight >= 0.0 else SELL, 0.0)
        order.weight = weight
        order.clip = 1
        return self._send(book, order, ticket, tag)

    def _fresh(self, book: Book, side: int, quantity: float) -> OrderSlot:
        self._exchange.row = self._cursor.row
        at_venue = self.board.reaches_venue_at() if self._is_late else self.board.close_time[self._cursor.row]
        return book.orders[claim(self._exchange, book, side, quantity, at_venue)]

    def _send(self, book: Book, order: OrderSlot, ticket: Ticket | None, tag: str | None = None) -> OrderRef:
        """Dress the order, ask the gate, and let it into the book; or log why not."""
        legs = () if ticket is None else self._dress(book, order, ticket)
        if tag is not None:
            self.orders.tags[order.id] = tag
        log_order(self._exchange, book, order, 0)
        number = order.id
        if order.quantity <= 0.0 and order.weight != order.weight:
            return self._refuse(book, order, Reason(ZERO_QUANTITY))
        if self.board.expired and self.board.symbol_number(book) in self.board.expired:
            return self._refuse(book, order, Reason(INSTRUMENT_EXPIRED))
        if self.gate.is_open:
            accept(self._exchange, book, self.gate.pass_through(order))
        else:
            answer = self.gate.check_order(order, proposal_for(self.board, self.equity(), book, order, legs))
            if isinstance(answer, RefusedOrder):
                return self._refuse(book, order, answer.reason)
            accept(self._exchange, book, answer)
        if legs:
            self._attach(book, order, legs)
        self.board.working[book.number] = book
        if self._fills_at_close and order.kind == MARKET:
            self._fill_at_decision(book, order)
        return OrderRef(number, book.number, self)

    def _attach(self, book: Book, entry: OrderSlot, legs: tuple[Leg, ...]) -> None:
        for leg in legs:
            admit_leg(self._exchange, book, entry, leg.role, leg.price)

    def _dress(self, book: Book, order: OrderSlot, ticket: Ticket) -> tuple[Leg, ...]:
        """Dress an order and keep its labels; what contradicts itself leaves neither a slot nor a number behind."""
        try:
            legs = dress(order, ticket, self.board.terms[book.number], self.board.close(book), self.orders)
        except Exception:
            withdraw(self._exchange, book, order)
            raise
        if ticket.tag is not None:
            self.orders.tags[order.id] = ticket.tag
        if ticket.client_order_id is not None:
            self.orders.client_ids[order.id] = ticket.client_order_id
        return legs

    def _refuse(self, book: Book, order: OrderSlot, reason: Reason) -> OrderRef:
        number = order.id
        if order.sibling >= 0:
            book.orders[order.sibling].sibling = -1
        discard(self._exchange, book, order, REJECTED, int(reason))
        if self._plan.raise_on_reject:
            raise refusal_of(number, self.board.symbol(book), reason)
        return OrderRef(number, book.number, self)

    def _fill_at_decision(self, book: Book, order: OrderSlot) -> None:
        """`fill_at="close"`: the order fills at the close it was decided on, which nobody can do in practice.

        What fills of the same bar have taken of its volume is gone; without a bar now it waits for the next one. This
        bar is the first it could fill in: what lives for one bar, or for the session that ends with it, ends here.
        """
        row = self.board.cursor.row
        if not self.board.has_bar(self.board.symbol_number(book), row):
            return
        is_begun = book.close_time == self.board.close_time[row]
        self.board.show(book, row)
        self.board.value()
        if not is_begun:
            begin_bar(self._exchange, book)
        take(self._exchange, book, order, book.close, AT_DECISION)
        if order.tif in (IOC, FOK):
            end_order(self._exchange, book, order, CANCELLED, NOT_FILLED_AT_OPEN)
        elif order.tif == DAY and self.board.ends_session(book, row):
            end_order(self._exchange, book, order, EXPIRED, TIME_IN_FORCE)
        sweep(book)
        watch(book)
        self._equity_at = (-1, -1)

    def cancel(self, book: int, order_id: int) -> bool:
        """End a working order; False when it had ended."""
        return self._end(book, order_id, BY_STRATEGY)

    def _end(self, book: int, order_id: int, reason: int) -> bool:
        order = self.orders.slot_of(order_id)
        if order is None or order.role == LIQUIDATION:
            return False
        account = self._books[book]
        self._exchange.row = self._cursor.row
        end_order(self._exchange, account, order, CANCELLED, reason)
        sweep(account)
        watch(account)
        return True

    def replace(self, book: int, order_id: int, changes: Mapping[str, float]) -> OrderRef:
        """End a working order and send its changed copy, with its legs and its pair, for what is left of the new total.

        Raises
        ------
        OrderError
            When the order has ended, is a leg or not sized yet, or the changes contradict it; then it stays as it was.
        """
        order = self.orders.slot_of(order_id)
        if order is None or order.role != PLAIN or order.weight == order.weight:
            raise OrderError(f"Order {order_id} is not working any more, or is a leg, and cannot be replaced.")
        account = self._books[book]
        ticket = ticket_of(account, order)
        for name, value in changes.items():
            setattr(ticket, name, value)
        ticket.tag, ticket.client_order_id = self.orders.tags.get(order_id), self.orders.client_ids.get(order_id)
        require_possible(ticket.quantity or NAN, ticket, self.board.terms[account.number])
        partner = account.orders[order.sibling].id if order.sibling >= 0 else 0
        left = max(0.0, (ticket.quantity or 0.0) - order.filled)
        kept, level = (order.reduce_only, order.clip, order.triggered), order.stop
        self._end(book, order_id, REPLACED)
        if partner:
            ticket.oco = OrderRef(partner, book, self)
        copy = self._fresh(account, ticket.side, lots_of(left, account.lot))
        copy.reduce_only, copy.clip, copy.triggered = kept
        sent = self._send(account, copy, ticket)
        if copy.kind == TRAILING and copy.open == 1:
            copy.stop = level
        return sent

    def order(self, order_id: int) -> Order:
        """An order as it stands."""
        return self.orders.order(order_id)

    def open_orders(self, book: int) -> list[Order]:
        """Working orders of a book, oldest first."""
        account = self._books[book]
        found = []
        slot = account.head
        while slot >= 0:
            order = account.orders[slot]
            if order.open == 1:
                found.append(self.orders.order(order.id))
            slot = order.next
        return found

    # Account.

    def quantity(self, book: int) -> float:
        """Signed units held."""
        return self._books[book].position

    def position(self, book: int) -> Position:
        """The position, marked at the last close."""
        account = self._books[book]
        price = self.board.close(account) if account.position else 0.0
        value = account.position * price * account.multiplier * account.fx
        return Position(
            symbol=self.board.symbol(account),
            quantity=account.position,
            average_price=account.average_price,
            market_price=price,
            market_value=value,
            unrealized_pnl=value - account.basis,
            realized_pnl=account.realised,
        )

    def cash(self) -> float:
        """Cash."""
        return self._exchange.cash

    def equity(self) -> float:
        """Cash and positions at the last closes, added in order of book number."""
        exchange = self._exchange
        now = (self.board.cursor.row, len(exchange.log))
        if now != self._equity_at:
            equity = exchange.cash
            for book in self._books:
                if book.position != 0.0:
                    equity = equity + value_at(book, self.board.close(book))
            self._equity = equity
            self._equity_at = now
        return self._equity

    def account(self) -> Account:
        """The account, marked at the last closes."""
        equity = self.equity()
        held = [book for book in self._books if book.position != 0.0]
        used = 0.0
        for book in held:
            used += required_at(book, self.board.close(book))
        exchange = self._exchange
        available = free_money(exchange, equity, used)
        leverage = 1.0 / (self._plan.margin.initial if self._plan.margin else 1.0)
        return Account(self._plan.currency, exchange.cash, equity, max(0.0, available) * leverage, used, available)

    def log(self, strategy: int, message: str, fields: Mapping[str, Any]) -> None:
        """Keep a line at simulated time."""
        name = self._plan.strategies[strategy].name
        self.logs.append(LogLine(int(self.board.market.close_time[self.board.cursor.row]), name, message, dict(fields)))


def withdraw(exchange: Exchange, book: Book, order: OrderSlot) -> None:
    """Take back an order that was numbered last and never stood anywhere."""
    order.open = 0
    order.next = book.free
    book.free = order.slot
    exchange.next_id = exchange.next_id - 1
