"""What a session has behind it leaves its memory: its record has it, and nobody can ask for it any more.

Events go once they were said and delivered. An order goes once it has ended, its events were delivered, and no
strategy holds the reference that its order call gave back. So a strategy that keeps a reference may ask for years what
became of it, as in a backtest, and one that lets it go costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from tradewright.engine.order_book import OrderBook
from tradewright.simulation.event_log import EventLog, OrderLog

if TYPE_CHECKING:
    from collections.abc import Collection

    from tradewright.simulation.state import Book, Exchange, OrderSlot
    from tradewright.strategy.desk import OrderRef

__all__ = ["PassingEvents", "PassingOrders", "SessionOrders"]

_FEW = 256
"""Orders that are remembered before it is looked at all which of them are over."""


class PassingEvents(EventLog, width=15):
    """An event log whose first rows can be let go; rows keep their numbers, and its length never falls."""

    __slots__ = ("_gone",)

    def __init__(self) -> None:
        super().__init__()
        self._gone = 0

    def __len__(self) -> int:
        return self._gone + super().__len__()

    def row(self, number: int) -> tuple[float, ...]:
        """One row that was not let go."""
        return self.layout.unpack_from(self, number * self.layout.size - self._gone)

    def let_go(self, before: int) -> None:
        """Let go of the rows before one."""
        size = before * self.layout.size - self._gone
        del self[:size]
        self._gone += size


class PassingOrders(OrderLog, width=14):
    """A log of placed orders of which only some are kept; rows keep their numbers."""

    __slots__ = ("_gone", "_kept")

    def __init__(self) -> None:
        super().__init__()
        self._gone = 0
        self._kept: dict[int, tuple[float, ...]] = {}

    def __len__(self) -> int:
        return self._gone + super().__len__()

    def holds(self, number: int) -> bool:
        """Whether a row was not let go."""
        return number * self.layout.size >= self._gone or number in self._kept

    @property
    def total_held(self) -> int:
        """How many are there."""
        return len(self._kept) + super().__len__() // self.layout.size

    def row(self, number: int) -> tuple[float, ...]:
        """One row that was not let go."""
        found = self._kept.get(number)
        return self.layout.unpack_from(self, number * self.layout.size - self._gone) if found is None else found

    def keep_only(self, numbers: Collection[int]) -> None:
        """Let go of all rows but these, which are there."""
        self._kept = {number: self.row(number) for number in numbers}
        self._gone = len(self)
        self.clear()


class SessionOrders(OrderBook):
    """The orders of a session by their number; those that are over can be let go."""

    rows: PassingOrders

    def __init__(self, exchange: Exchange, books: list[Book], symbols: tuple[str, ...]) -> None:
        super().__init__(exchange, books, symbols)
        self._references: WeakValueDictionary[int, OrderRef] = WeakValueDictionary()
        self._most = _FEW

    def hand_out(self, reference: OrderRef) -> OrderRef:
        """A reference that a strategy is given: for as long as it is held, its order can be asked for."""
        self._references[reference.id] = reference
        return reference

    def knows(self, order_id: int) -> bool:
        """Whether an order was not let go."""
        return self.rows.holds(order_id - 1)

    def slot_of(self, order_id: int) -> OrderSlot | None:
        """The slot of a working order; None when it has ended."""
        return super().slot_of(order_id) if self.knows(order_id) else None

    def book_of(self, order_id: int) -> int:
        """Number of the book of an order that was not let go."""
        return int(self.rows.row(order_id - 1)[1])

    @property
    def is_many(self) -> bool:
        """Whether it is worth a look which of them are over."""
        return self.rows.total_held > self._most

    def take_in(self) -> None:
        """Take in the events since the last look, which may be let go then."""
        self._catch_up()

    def let_go(self, pending: Collection[int]) -> None:
        """Let go of all orders but those that work, that somebody holds a reference to, and these."""
        needed = {order.id for book in self._books if book.n_open for order in book.orders if order.open == 1}
        needed = {each for each in needed.union(self._references.keys(), pending) if self.knows(each)}
        for held in (self.tags, self.client_ids, self._filled, self._ended):
            for order_id in held.keys() - needed:
                del held[order_id]
        self._cut &= needed
        self.rows.keep_only([order_id - 1 for order_id in needed])
        self._most = 2 * len(needed) + _FEW
