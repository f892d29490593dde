"""One account: a run of the engine whose strategy sits at the other end of a wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import OrderError, WarmupError
from tradewright.domain.events import EventKind, Reason
from tradewright.domain.grid import lots_of
from tradewright.domain.order import OrderStatus
from tradewright.engine.staging import stage
from tradewright.simulation.rules.constants import AT_OPEN
from tradewright.simulation.venue import maintenance

from .asks import OrderAsk, OrderClass
from .ids import sandbox_id
from .placed import Happening, PlacedOrder, Standing
from .refusals import Refusal, Why
from .registering import leg_of, order_of, unasked
from .registry import OrderRegistry
from .terms import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.simulation.state import Book
    from tradewright.strategy.desk import OrderRef

    from .tape import Tape
    from .terms import Terms

__all__ = ["VenueAccount"]

_ENDINGS = {
    EventKind.CANCELLED: Standing.CANCELED,
    EventKind.EXPIRED: Standing.EXPIRED,
    EventKind.REJECTED: Standing.REJECTED,
}


class VenueAccount:
    """Orders, positions and money behind one key.

    Parameters
    ----------
    key : str
        Its key id.
    tape : Tape
        Shared by all accounts.
    terms : Terms
    tell : callable
        Called with the account and each `Happening`, in order, as it happens.
    """

    def __init__(self, key: str, tape: Tape, terms: Terms, tell: Callable[[VenueAccount, Happening], None]) -> None:
        self.key = key
        self.id = sandbox_id(terms.seed, key, "account")
        self.tape = tape
        self.terms = terms
        self.created_at = tape.now_ns
        self.happenings: list[Happening] = []
        self._tell = tell
        self._loop = stage(plan_of(tape.ground.series, terms), tape.ground).loop
        self.desk = self._loop.desk
        self.board = self._loop.board
        self.orders = OrderRegistry(terms.seed, key, terms.dedupe)
        self._log = self.board.exchange.log
        self._placed = self.board.exchange.placed
        self._rows_told = 0
        self._orders_known = 0
        self.last_equity = self.desk.equity()
        self.advance()

    def advance(self) -> None:
        """Meet the bars up to the tape's row, and tell what they did to the orders."""
        if self.tape.begins_session:
            self.last_equity = self.desk.equity()
        self._loop.run_until(self.tape.row + 1)
        self.take_in()

    def book(self, symbol: str) -> Book:
        """The book of a symbol.

        Raises
        ------
        Refusal
            When the venue does not trade it.
        """
        symbols = self.tape.market.symbols
        if symbol not in symbols:
            raise Refusal(Why.UNKNOWN_SYMBOL, f'asset "{symbol}" not found')
        return self.board.books[symbols.index(symbol)]

    # What clients ask.

    @property
    def multiplier(self) -> float:
        """How much may be bound per unit of equity."""
        margin = self.terms.policies.get("margin")
        return 1.0 / margin.initial if margin is not None else 1.0

    def maintenance(self) -> float:
        """Equity below which the account is called."""
        self.board.mark(self.tape.row)
        return maintenance(self.board.books)

    def held(self) -> list[str]:
        """Symbols that the account holds something of."""
        return [self.board.symbol(book) for book in self.board.books if book.position != 0.0]

    def part_of(self, symbol: str, share: float) -> float:
        """Whole lots that are a share of a position; at least one."""
        book = self.book(symbol)
        return max(book.lot, lots_of(abs(book.position) * share, book.lot))

    # What becomes of it.

    def asked(self, call: Callable[[], OrderRef]) -> int:
        """Ask the desk for something; the number of the order that came of it.

        Raises
        ------
        Refusal
            When the desk, the gate or the exchange does not take it.
        """
        try:
            ref = call()
        except (OrderError, WarmupError) as error:
            raise Refusal(Why.INVALID, error.message) from error
        if not ref:
            raise Refusal(Why.INVALID, "there is nothing to trade")
        order = self.desk.order(ref.id)
        if order.status is OrderStatus.REJECTED:
            self._orders_known = self._placed.length
            raise Refusal(Why.FORBIDDEN, order.reason or "the order was refused")
        self._arrive(ref)
        return ref.id

    def _arrive(self, ref: OrderRef) -> None:
        """An order sent while a bar is on its way reaches the venue inside it, and can fill in the next one."""
        book = self.board.books[ref.book]
        for slot in book.orders:
            if slot.open == 1 and (slot.id == ref.id or (slot.entry >= 0 and book.orders[slot.entry].id == ref.id)):
                slot.active_time = self.tape.now_ns

    def register(self, number: int, ask: OrderAsk, client_order_id: str | None) -> PlacedOrder:
        """Give an order of the exchange, with its legs, the names that clients know it by."""
        head = order_of(self.orders, self._placed.row(number - 1), ask, self.tape.now_ns)
        head.client_order_id = client_order_id or head.client_order_id
        self.orders.add(head)
        for place in range(number, self._placed.length):
            leg = leg_of(self.orders, self._placed.row(place), head)
            if leg is not None:
                head.legs.append(leg)
                self.orders.add(leg)
        self._orders_known = self._placed.length
        return head

    def announce(self, head: PlacedOrder) -> None:
        """Tell that an order, with its group, stands at the venue, and what that has caused."""
        for order in head.group:
            if order.standing is Standing.PENDING_NEW:
                self.hear(order, "new", Standing.HELD if self._is_held(order) else Standing.NEW)
        self.take_in()

    def _is_held(self, order: PlacedOrder) -> bool:
        """Whether an exit waits: a leg for what it protects, the stop of an OCO by name."""
        if order.parent is None or order.order_class is OrderClass.OCO:
            return order.parent is not None
        slot = self.desk.orders.slot_of(order.number)
        return slot is not None and slot.quantity == 0.0

    def take_in(self) -> None:
        """Tell what the exchange has logged since the last time."""
        if self._rows_told == self._log.length and self._orders_known == self._placed.length:
            return
        rows = [self._log.row(number) for number in range(self._rows_told, self._log.length)]
        first, self._rows_told = self._rows_told, self._log.length
        self._adopt()
        last = {int(row[3]): place for place, row in enumerate(rows) if row[0] <= EventKind.REJECTED}
        for place, row in enumerate(rows):
            order = self.orders.of_number(int(row[3]))
            if order is None or row[0] > EventKind.REJECTED:
                continue
            if row[0] == EventKind.FILL:
                ends = last[order.number] == place and self.desk.orders.slot_of(order.number) is None
                self._hear_fill(order, row, first + place, ends=ends)
            else:
                self._hear_end(order, row)
        self._wake_legs()

    def _adopt(self) -> None:
        """Take in orders that the exchange placed itself, as after a margin call."""
        for place in range(self._orders_known, self._placed.length):
            order = unasked(self.orders, self._placed.row(place), self.tape.market.symbols, self.tape.now_ns)
            self.orders.add(order)
            self.hear(order, "new", Standing.NEW)
        self._orders_known = self._placed.length

    def _hear_fill(self, order: PlacedOrder, row: tuple[float, ...], log_number: int, *, ends: bool) -> None:
        units, price = abs(row[5]), row[6]
        market = self.tape.market
        at_ns = int((market.open_time if row[4] == AT_OPEN else market.close_time)[int(row[1])])
        order.filled += units
        order.spent += units * price
        if ends:
            order.filled_at = at_ns
            order.quantity = order.filled if order.parent is not None else order.quantity
        self.hear(
            order,
            "fill" if ends else "partial_fill",
            Standing.FILLED if ends else Standing.PARTIALLY_FILLED,
            at_ns=at_ns,
            execution_id=sandbox_id(self.terms.seed, self.key, "execution", log_number),
            quantity=units,
            price=price,
            position=row[11],
        )

    def _hear_end(self, order: PlacedOrder, row: tuple[float, ...]) -> None:
        reason = Reason(int(row[14]))
        standing = Standing.REPLACED if reason is Reason.REPLACED else _ENDINGS[EventKind(int(row[0]))]
        order.reason = reason.sentence
        self.hear(order, str(standing), standing)

    def hear(self, order: PlacedOrder, event: str, standing: Standing, **said: Any) -> None:
        """Let an order stand so from now on, and tell it; `said` is what else a `Happening` carries."""
        at_ns = said.pop("at_ns", self.tape.now_ns)
        order.standing = standing
        order.updated_at = at_ns
        if not order.is_open:
            order.ended_at = at_ns
            self.orders.end(order)
        number = len(self.happenings) + 1
        happening = Happening(
            event=event, order=order, at_ns=at_ns, number=number, standing=standing, filled=order.filled, **said
        )
        self.happenings.append(happening)
        self._tell(self, happening)

    def _wake_legs(self) -> None:
        """Tell that legs have begun to protect something."""
        for order in self.orders.open():
            if order.standing is Standing.HELD and not self._is_held(order):
                self.hear(order, "new", Standing.NEW)
