"""Record types with the fields of the state objects, and the way from one to the other."""

from __future__ import annotations

from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.record import EVENT_COLUMNS, ORDER_COLUMNS
from tradewright.risk.rules.guard import Guard
from tradewright.simulation.event_log import OrderLog
from tradewright.simulation.lots import LotLedger, OpenLot, Pairing
from tradewright.simulation.state import Book, Exchange, OrderSlot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Records = NDArray[np.void]

__all__ = [
    "EVENT_RING",
    "ORDER_RING",
    "PAIRING_RING",
    "book_type",
    "exchange_type",
    "ledger_type",
    "load_books",
    "load_exchange",
    "new_books",
    "new_exchange",
    "new_ledger",
]

EVENT_RING = 65536
"""Rows of the event ring: what one visit to the compiled loop may write before it is drained."""

ORDER_RING = 16384
"""Rows of the ring of placed orders."""

PAIRING_RING = 16384
"""Rows of the ring of pairings."""

_LOGS = ("log", "placed")


def fields_of(state: Any, without: Sequence[str] = ()) -> list[tuple[str, type]]:
    """Name and type of every field, by name: whole numbers where the fresh object holds an int, else floats."""
    names = [name for name in sorted(type(state).__slots__) if name not in without]
    return [(name, np.float64 if isinstance(getattr(state, name), float) else np.int64) for name in names]


@lru_cache(maxsize=4)
def book_type(slots: int) -> np.dtype[np.void]:
    """A book with that many order slots inside."""
    order = np.dtype(fields_of(OrderSlot(0)), align=True)
    return np.dtype([*fields_of(Book(0), ("orders",)), ("orders", order, (slots,))], align=True)


@lru_cache(maxsize=1)
def exchange_type() -> np.dtype[np.void]:
    """The exchange with its two rings inside."""
    event = np.dtype([(name, np.float64) for name in EVENT_COLUMNS])
    order = np.dtype([*((name, np.float64) for name in ORDER_COLUMNS[: OrderLog.width]), ("tag", np.float64)])
    # `drained` events have left the ring; `watched` and `flat` are the account at the last look of the limits.
    counters = [(name, np.int64) for name in ("n_log", "n_placed", "tag", "drained", "watched", "flat")]
    # The equity that was added up last, the row of its closes, and the events that had happened then.
    equity = [("equity", np.float64), ("equity_row", np.int64), ("equity_log", np.int64)]
    guard = ("guard", np.dtype(fields_of(Guard(0.0)), align=True))
    rings = [("log", event, (EVENT_RING,)), ("placed", order, (ORDER_RING,))]
    return np.dtype([*fields_of(Exchange(0.0), _LOGS), *counters, *equity, guard, *rings], align=True)


@lru_cache(maxsize=4)
def ledger_type(lots: int, pairs: int) -> np.dtype[np.void]:
    """A ledger with room for that many lots and a ring of that many pairings inside."""
    lot = np.dtype(fields_of(OpenLot()), align=True)
    pair = np.dtype([(name, np.int64 if name in ("opened", "closed") else np.float64) for name in Pairing._fields])
    fields = [*fields_of(LotLedger(), ("lots", "pairs")), ("n_pairs", np.int64)]
    return np.dtype([*fields, ("lots", lot, (lots,)), ("pairs", pair, (pairs,))], align=True)


def new_ledger(method: int, lots: int = 64, pairs: int = 64) -> Records:
    """An empty ledger as an array of one record; `method` as of `simulation.lots.LotMethod.number`."""
    record = np.zeros(1, ledger_type(lots, pairs))
    record["method"] = method
    record["side"] = 1.0
    return record


def new_exchange(exchange: Exchange, guard: Guard) -> Records:
    """The exchange as an array of one record, with the limits of its account inside."""
    record = np.empty(1, exchange_type())
    # What stands in the rings is read up to their counters only: clearing megabytes of them would take a millisecond.
    for name in set(record.dtype.names or ()) - {*_LOGS, "guard"}:
        record[name] = 0
    for name, _ in fields_of(exchange, _LOGS):
        record[name] = getattr(exchange, name)
    for name, _ in fields_of(guard):
        record["guard"][name] = getattr(guard, name)
    record["watched"] = -1
    # The first session begins with the equity of row -1.
    record["equity_row"] = -2
    record["flat"] = 1
    return record


def load_exchange(record: Records, exchange: Exchange, guard: Guard) -> None:
    """Bring the objects to the state of the record; the logs are brought along by whoever drained the rings."""
    for name, _ in fields_of(exchange, _LOGS):
        setattr(exchange, name, record[name].item())
    for name, _ in fields_of(guard):
        setattr(guard, name, record["guard"][name].item())


def new_books(books: Sequence[Book], slots: int) -> Records:
    """Books with their working orders, as records with that many slots.

    Raises
    ------
    IndexError
        When an order stands in a slot that the record does not have.
    """
    names = [name for name, _ in fields_of(books[0], ("number", "orders"))]
    kinds: dict[Any, int] = {}
    values = attrgetter(*names)
    kind_of = [kinds.setdefault(values(book), len(kinds)) for book in books]
    built = np.zeros(len(kinds), book_type(slots))
    for name, column in zip(names, zip(*kinds, strict=True), strict=True):
        built[name] = column
    built["orders"] = fresh_slots(slots)
    built["free"] = 0
    records = built[kind_of]
    records["number"] = [book.number for book in books]
    for number, book in enumerate(books):
        if book.head >= 0:
            _store_slots(records[number], book, slots)
    return records


def _store_slots(record: Any, book: Book, slots: int) -> None:
    """Copy the linked orders into the slots they stand in; all other slots are free."""
    names = [name for name, _ in fields_of(book.orders[0])]
    taken, slot = [], book.head
    while slot >= 0:
        taken.append(slot)
        record["orders"][slot] = tuple(getattr(book.orders[slot], name) for name in names)
        slot = book.orders[slot].next
    free = [slot for slot in range(slots) if slot not in taken]
    record["free"] = free[0] if free else -1
    record["orders"]["next"][free] = [*free[1:], -1] if free else []


@lru_cache(maxsize=4)
def fresh_slots(slots: int) -> Records:
    """Order slots that are all free."""
    orders = Book(0, slots).orders
    fresh = np.zeros(slots, book_type(slots)["orders"].base)
    for name, _ in fields_of(orders[0]):
        fresh[name] = [getattr(order, name) for order in orders]
    return fresh


def load_books(records: Records, books: Sequence[Book]) -> None:
    """Bring the objects to the state of the records, working orders included; what was flat and is, stays as it was."""
    names = [name for name, _ in fields_of(books[0], ("orders", "free", "head", "tail"))]
    working = records["n_open"] > 0
    changed = (records["position"] != 0.0) | working
    changed |= [book.position != 0.0 or book.n_open > 0 for book in books]
    for number in np.flatnonzero(changed).tolist():
        record, book = records[number], books[number]
        for name in names:
            setattr(book, name, record[name].item())
        book.orders, book.free, book.head, book.tail = [], -1, -1, -1
        if working[number]:
            book.free, book.head, book.tail = (record[name].item() for name in ("free", "head", "tail"))
            _load_slots(record, book)


def _load_slots(record: Any, book: Book) -> None:
    names = [name for name, _ in fields_of(OrderSlot(0))]
    book.orders = []
    for values in record["orders"].tolist():
        order = OrderSlot(len(book.orders))
        for name, value in zip(names, values, strict=True):
            setattr(order, name, value)
        book.orders.append(order)
