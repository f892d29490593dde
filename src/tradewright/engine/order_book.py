"""The orders of a run as they were placed, and how each of them stands now."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.events import EventKind, Reason
from tradewright.domain.order import Order, OrderRole, OrderSide, OrderStatus, OrderType, TimeInForce

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.simulation.state import Book, Exchange, OrderSlot

__all__ = ["ORDER_WIDTH", "OrderBook"]

ORDER_WIDTH = 14
_TYPES, _ROLES, _TIFS = tuple(OrderType), tuple(OrderRole), tuple(TimeInForce)
_ENDINGS = {
    int(EventKind.CANCELLED): OrderStatus.CANCELLED,
    int(EventKind.EXPIRED): OrderStatus.EXPIRED,
    int(EventKind.REJECTED): OrderStatus.REJECTED,
}
LOG_WIDTH = 15


class OrderBook:
    """Every order of a run by its number; numbers begin at 1 and have no gaps.

    `rows` holds the first fourteen columns of `domain.record.ORDER_COLUMNS`, one row per order.
    """

    def __init__(self, exchange: Exchange, books: list[Book], symbols: tuple[str, ...]) -> None:
        self.rows = array("d")
        self.tags: dict[int, str] = {}
        self.client_ids: dict[int, str] = {}
        self._exchange = exchange
        self._books = books
        self._symbols = symbols
        self._seen = 0
        self._filled: dict[int, tuple[float, float]] = {}
        self._ended: dict[int, tuple[OrderStatus, Reason]] = {}

    def add(self, book: Book, order: OrderSlot, parent: int, structure: int) -> None:
        """Keep an order as it was placed."""
        trail = -order.trail_fraction if order.trail_fraction == order.trail_fraction else order.trail
        self.rows.extend(
            (
                order.id,
                book.number,
                self._exchange.row,
                order.side,
                order.kind,
                order.role,
                order.tif,
                order.quantity,
                order.limit,
                order.stop,
                trail,
                order.display,
                parent,
                structure,
            )
        )

    def table(self) -> NDArray[np.float64]:
        """All rows, (orders, `ORDER_WIDTH`)."""
        return np.frombuffer(self.rows, dtype=np.float64).reshape(-1, ORDER_WIDTH)

    def slot_of(self, order_id: int) -> OrderSlot | None:
        """The slot of a working order; None when it has ended."""
        book = self._books[int(self.rows[(order_id - 1) * ORDER_WIDTH + 1])]
        slot = book.head
        while slot >= 0:
            order = book.orders[slot]
            if order.id == order_id:
                return order if order.open == 1 else None
            slot = order.next
        return None

    def order(self, order_id: int) -> Order:
        """One order as it stands."""
        self._catch_up()
        row = self.rows[(order_id - 1) * ORDER_WIDTH : order_id * ORDER_WIDTH]
        filled, notional = self._filled.get(order_id, (0.0, 0.0))
        slot = self.slot_of(order_id)
        status, reason = self._standing(order_id, filled, slot)
        return Order(
            id=order_id,
            symbol=self._symbols[int(row[1]) % len(self._symbols)],
            side=OrderSide(slot.side if slot else int(row[3])),
            order_type=_TYPES[int(row[4])],
            quantity=slot.quantity if slot else max(row[7], filled),
            filled=filled,
            status=status,
            role=_ROLES[int(row[5])],
            time_in_force=_TIFS[int(row[6])],
            limit_price=_known(row[8]),
            stop_price=_known(slot.stop if slot else row[9]),
            average_fill_price=notional / filled if filled else None,
            reason=reason.sentence or None,
            tag=self.tags.get(order_id),
            client_order_id=self.client_ids.get(order_id),
        )

    def _standing(self, order_id: int, filled: float, slot: OrderSlot | None) -> tuple[OrderStatus, Reason]:
        if order_id in self._ended:
            return self._ended[order_id]
        if slot is None:
            return OrderStatus.FILLED, Reason.NONE
        return (OrderStatus.PARTIALLY_FILLED if filled else OrderStatus.SUBMITTED), Reason.NONE

    def _catch_up(self) -> None:
        """Take in the events since the last look."""
        log = self._exchange.log
        for start in range(self._seen, len(log), LOG_WIDTH):
            kind, order_id = int(log[start]), int(log[start + 3])
            if kind == EventKind.FILL:
                filled, notional = self._filled.get(order_id, (0.0, 0.0))
                units = abs(log[start + 5])
                self._filled[order_id] = filled + units, notional + units * log[start + 6]
            elif kind in _ENDINGS:
                self._ended[order_id] = _ENDINGS[kind], Reason(int(log[start + 14]))
        self._seen = len(log)


def _known(price: float) -> float | None:
    return price if price == price else None  # noqa: PLR0124 - NaN
