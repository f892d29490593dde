"""Record types with the fields of the state objects, and the way from one to the other."""

from __future__ import annotations

from functools import lru_cache
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
    """Name and type of every field: whole numbers where the fresh object holds an int, else floats."""
    names = [name for name in type(state).__slots__ if name not in without]
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
    guard = ("guard", np.dtype(fields_of(Guard(0.0)), align=True))
    rings = [("log", event, (EVENT_RING,)), ("placed", order, (ORDER_RING,))]
    return np.dtype([*fields_of(Exchange(0.0), _LOGS), *counters, guard, *rings], align=True)


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
    record = np.zeros(1, exchange_type())
    for name, _ in fields_of(exchange, _LOGS):
        record[name] = getattr(exchange, name)
    for name, _ in fields_of(guard):
        record["guard"][name] = getattr(guard, name)
    record["watched"] = -1
    record["flat"] = 1
    return record


def load_exchange(record: Records, exchange: Exchange, guard: Guard) -> None:
    """Bring the objects to the state of the record; the logs are brought along by whoever drained the rings."""
    for name, _ in fields_of(exchange, _LOGS):
        setattr(exchange, name, record[name].item())
    for name, _ in fields_of(guard):
        setattr(guard, name, record["guard"][name].item())


def new_books(books: Sequence[Book], slots: int) -> Records:
    """Books in which no order works yet, as records with that many free slots."""
    records = np.zeros(len(books), book_type(slots))
    for name, _ in fields_of(books[0], ("orders",)):
        records[name] = [getattr(book, name) for book in books]
    records["orders"] = fresh_slots(slots)
    records["free"] = 0
    return records


@lru_cache(maxsize=4)
def fresh_slots(slots: int) -> Records:
    """Order slots that are all free."""
    orders = Book(0, slots).orders
    fresh = np.zeros(slots, book_type(slots)["orders"].base)
    for name, _ in fields_of(orders[0]):
        fresh[name] = [getattr(order, name) for order in orders]
    return fresh


def load_books(records: Records, books: Sequence[Book]) -> None:
    """Bring the objects to the state of the records, working orders included."""
    columns = {name: records[name].tolist() for name, _ in fields_of(books[0], ("orders",))}
    for name, values in columns.items():
        for book, value in zip(books, values, strict=True):
            setattr(book, name, value)
    for number in np.flatnonzero(records["n_open"] > 0).tolist():
        _load_slots(records[number], books[number])


def _load_slots(record: Any, book: Book) -> None:
    names = [name for name, _ in fields_of(OrderSlot(0))]
    book.orders = []
    for values in record["orders"].tolist():
        order = OrderSlot(len(book.orders))
        for name, value in zip(names, values, strict=True):
            setattr(order, name, value)
        book.orders.append(order)
