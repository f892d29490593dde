"""A trading floor of hand-made bars: place orders, show a bar, read what happened.

Row `j` opens at ``100 * j`` and closes at ``100 * j + 100``. Orders placed between two bars become active at the close
of the earlier one. The floor does what an engine does around the rules and nothing more; after every bar it checks that
each order slot stands exactly once in the list or in the free list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from tradewright.domain.events import EventKind, Reason
from tradewright.domain.instrument import Equity, Instrument
from tradewright.domain.record import EVENT_COLUMNS
from tradewright.simulation.costs import Costs, Margin
from tradewright.simulation.rules import constants as c
from tradewright.simulation.rules.orders import attach_leg, end_order, expire_orders, new_order, pair, place, sweep
from tradewright.simulation.rules.wake import watch
from tradewright.simulation.state import Book, Exchange, OrderSlot
from tradewright.simulation.venue import account_equity, build_book, build_exchange, value_account, work_together

Ohlcv = Sequence[float]
STEP = 100


class Filled(NamedTuple):
    """A fill as the tests compare it."""

    row: int
    order: int
    quantity: float
    price: float
    phase: int


class Ended(NamedTuple):
    """The end of an order without a fill."""

    row: int
    order: int
    kind: EventKind
    reason: Reason


class Floor:
    """One account and its books, driven bar by bar."""

    def __init__(
        self,
        *instruments: Instrument,
        cash: float = 100_000.0,
        costs: Costs | None = None,
        margin: Margin | None = None,
        screen: bool = True,
        valued: bool = False,
        **policies: int,
    ) -> None:
        listed = instruments or (Equity("ACME"),)
        costs = costs or Costs.none()
        self.exchange: Exchange = build_exchange(cash, costs, margin)
        self.books: list[Book] = [build_book(number, item, costs, margin) for number, item in enumerate(listed)]
        self.exchange.valued = 1 if valued or margin is not None else 0
        self.screen = screen
        self.row = 0
        self.cash = cash
        self.sides: dict[int, int] = {}
        self.quantities: dict[int, float] = {}
        for name, value in policies.items():
            setattr(self.exchange, name, value)

    # ------------------------------------------------------------ orders

    def order(self, kind: int, side: int, quantity: float, book: int = 0, **terms: Any) -> int:
        """Place an order; `stop_loss` and `take_profit` give it legs in turn, other terms are fields of its slot."""
        ledger = self.books[book]
        legs = [(_LEGS[name], terms.pop(name)) for name in list(terms) if name in _LEGS]
        order = ledger.orders[new_order(self.exchange, ledger, kind, side, quantity)]
        order.active_time = self.row * STEP
        for name, value in terms.items():
            setattr(order, name, value)
        place(self.exchange, ledger, order)
        for role, price in legs:
            attach_leg(self.exchange, ledger, order, role, price)
        watch(ledger)
        self.sides[order.id], self.quantities[order.id] = side, quantity
        return order.id

    def buy(self, quantity: float, **terms: Any) -> int:
        return self.order(_kind(terms), c.BUY, quantity, **terms)

    def sell(self, quantity: float, **terms: Any) -> int:
        return self.order(_kind(terms), c.SELL, quantity, **terms)

    def oco(self, first: int, second: int, book: int = 0) -> None:
        pair(self.slot(first, book), self.slot(second, book))

    def cancel(self, number: int, book: int = 0) -> None:
        end_order(self.exchange, self.books[book], self.slot(number, book), c.CANCELLED, c.BY_STRATEGY)
        sweep(self.books[book])
        watch(self.books[book])

    def end_session(self) -> None:
        """What an engine does after the last bar of a session."""
        for book in self.books:
            expire_orders(self.exchange, book, c.DAY, (self.row - 1) * STEP + 1, c.TIME_IN_FORCE)
            sweep(book)
            watch(book)

    def slot(self, number: int, book: int = 0) -> OrderSlot:
        """The slot of a working order."""
        return next(order for order in self.working(book) if order.id == number)

    def working(self, book: int = 0) -> Iterator[OrderSlot]:
        """Working orders of a book in their order."""
        ledger = self.books[book]
        slot = ledger.head
        while slot >= 0:
            yield ledger.orders[slot]
            slot = ledger.orders[slot].next

    def open_ids(self, book: int = 0) -> list[int]:
        return [order.id for order in self.working(book)]

    # ------------------------------------------------------------ bars

    def bar(self, open_: float, high: float, low: float, close: float, volume: float = 1e9) -> list[Filled]:
        """Show the first book one bar; the fills it made."""
        return self.bars({0: (open_, high, low, close, volume)})

    def bars(self, shown: Mapping[int, Ohlcv]) -> list[Filled]:
        """Show several books their bars of one row; the fills they made."""
        before = self.exchange.log.length
        self.exchange.row = self.row
        for number, (open_, high, low, close, volume) in shown.items():
            book = self.books[number]
            book.open_time, book.close_time = self.row * STEP, (self.row + 1) * STEP
            book.open, book.high, book.low, book.close, book.volume = open_, high, low, close, volume
        if self.exchange.valued:
            value_account(self.exchange, self.books)
        awake = [self.books[number] for number in sorted(shown) if self._awake(self.books[number])]
        if awake:
            work_together(self.exchange, awake)
        self._check_totals()
        for number in shown:
            self.books[number].mark = self.books[number].close
        self.row += 1
        for book in self.books:
            check_lists(book)
        return self._fills(before)

    def _check_totals(self) -> None:
        """What the account keeps along equals what it would compute afresh."""
        held_back = sum(order.reserved for number in range(len(self.books)) for order in self.working(number))
        assert abs(self.exchange.reserved - held_back) <= 1e-6
        if self.exchange.valued:
            kept = self.exchange.holdings, self.exchange.required
            value_account(self.exchange, self.books)
            fresh = self.exchange.holdings, self.exchange.required
            assert np.allclose(kept, fresh, rtol=1e-9, atol=1e-6)

    def flat(self, price: float, volume: float = 1e9) -> list[Filled]:
        """A bar that stays at one price."""
        return self.bar(price, price, price, price, volume)

    def _awake(self, book: Book) -> bool:
        if not self.screen:
            return True
        return book.n_open > 0 and not (book.low > book.wake_below and book.high < book.wake_above)

    # ------------------------------------------------------------ what happened

    def _rows(self, start: int, *kinds: int) -> list[list[float]]:
        rows = [list(self.exchange.log.row(number)) for number in range(start, self.exchange.log.length)]
        return [row for row in rows if row[0] in kinds]

    def _fills(self, start: int = 0) -> list[Filled]:
        return [Filled(int(row[1]), int(row[3]), row[5], row[6], int(row[4])) for row in self._rows(start, c.FILL)]

    @property
    def events(self) -> dict[str, np.ndarray]:
        """The log as the record's table."""
        rows = self.exchange.log.table().copy()
        return {name: rows[:, column].copy() for column, name in enumerate(EVENT_COLUMNS)}

    @property
    def fills(self) -> list[Filled]:
        return self._fills()

    @property
    def ends(self) -> list[Ended]:
        rows = self._rows(0, c.CANCELLED, c.EXPIRED, c.REJECTED)
        return [Ended(int(row[1]), int(row[3]), EventKind(int(row[0])), Reason(int(row[14]))) for row in rows]

    @property
    def reasons(self) -> dict[int, Reason]:
        """Why each order ended that ended without its last fill."""
        return {end.order: end.reason for end in self.ends}

    def last(self, column: str) -> float:
        """A column of the last event."""
        return float(self.events[column][-1])

    @property
    def position(self) -> float:
        return self.books[0].position

    @property
    def equity(self) -> float:
        return account_equity(self.exchange, self.books)


_LEGS = {"stop_loss": c.STOP_LOSS, "take_profit": c.TAKE_PROFIT}


def _kind(terms: Mapping[str, Any]) -> int:
    """The order kind that the given prices ask for."""
    if "trail" in terms or "trail_fraction" in terms:
        return c.TRAILING
    if "stop" in terms:
        return c.STOP_LIMIT if "limit" in terms else c.STOP
    return c.LIMIT if "limit" in terms else c.MARKET


def check_lists(book: Book) -> None:
    """Each slot stands exactly once in the list or the free list; numbers rise along the list; links agree."""
    seen: list[int] = []
    previous, slot, last_id = -1, book.head, 0
    while slot >= 0:
        order = book.orders[slot]
        assert order.open == 1
        assert order.previous == previous
        assert order.id > last_id
        seen.append(slot)
        previous, slot, last_id = slot, order.next, order.id
    assert book.tail == previous
    assert book.n_open == len(seen)
    slot = book.free
    while slot >= 0:
        seen.append(slot)
        assert len(seen) <= len(book.orders)
        slot = book.orders[slot].next
    assert sorted(seen) == list(range(len(book.orders)))
    for order in book.orders:
        assert order.slot == book.orders.index(order)
        for relative in (order.entry, order.sibling, order.stop_leg, order.target_leg):
            assert order.open == 0 or relative < 0 or book.orders[relative].open == 1
