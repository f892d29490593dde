"""The orders of a run as they were placed, and how each of them stands now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.events import EventKind, Reason
from tradewright.domain.order import Order, OrderRole, OrderSide, OrderStatus, OrderType, TimeInForce

if TYPE_CHECKING:
    from tradewright.simulation.state import Book, Exchange, OrderSlot

__all__ = ["OrderBook"]

_TYPES, _ROLES, _TIFS = tuple(OrderType), tuple(OrderRole), tuple(TimeInForce)
_ENDINGS = {
    int(EventKind.CANCELLED): OrderStatus.CANCELLED,
    int(EventKind.EXPIRED): OrderStatus.EXPIRED,
    int(EventKind.REJECTED): OrderStatus.REJECTED,
}


class OrderBook:
    """Every order of a run by its number; numbers begin at 1 and have no gaps.

    `rows` holds the first columns of `domain.record.ORDER_COLUMNS`, one row per order.
    """

    def __init__(self, exchange: Exchange, books: list[Book], symbols: tuple[str, ...]) -> None:
        self.rows = exchange.placed
        self.tags: dict[int, str] = {}
        self.client_ids: dict[int, str] = {}
        self._exchange = exchange
        self._books = books
        self._symbols = symbols
        self._seen = 0
        self._filled: dict[int, tuple[float, float]] = {}
        self._cut: set[int] = set()
        self._ended: dict[int, tuple[OrderStatus, Reason]] = {}

    def slot_of(self, order_id: int) -> OrderSlot | None:
        """The slot of a working order; None when it has ended."""
        book = self._books[int(self.rows.row(order_id - 1)[1])]
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
        row = self.rows.row(order_id - 1)
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
            return OrderStatus.FILLED, Reason.CUT_DOWN if order_id in self._cut else Reason.NONE
        return (OrderStatus.PARTIALLY_FILLED if filled else OrderStatus.SUBMITTED), Reason.NONE

    def _catch_up(self) -> None:
        """Take in the events since the last look."""
        log = self._exchange.log
        for number in range(self._seen, log.length):
            row = log.row(number)
            kind, order_id = int(row[0]), int(row[3])
            if kind == EventKind.FILL:
                filled, notional = self._filled.get(order_id, (0.0, 0.0))
                units = abs(row[5])
                if row[14] == Reason.CUT_DOWN:
                    self._cut.add(order_id)
                self._filled[order_id] = filled + units, notional + units * row[6]
            elif kind in _ENDINGS:
                self._ended[order_id] = _ENDINGS[kind], Reason(int(row[14]))
        self._seen = log.length


def _known(price: float) -> float | None:
    return price if price == price else None  # noqa: PLR0124 - NaN
