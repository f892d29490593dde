"""The slice of an iceberg order through a split: whole lots, never nothing."""

from __future__ import annotations

import pytest

from tradewright.simulation.rules.orders import shown_after, split_orders
from tradewright.simulation.state import Book, Exchange


@pytest.mark.parametrize(
    ("display", "ratio", "shown"), [(1.0, 1.5, 1.0), (2.0, 1.5, 3.0), (1.0, 0.5, 1.0), (10, 0.25, 2)]
)
def test_a_slice_is_whole_lots_after_a_split_and_one_at_least(display: float, ratio: float, shown: float) -> None:
    assert shown_after(display * ratio, 1.0) == shown


def test_an_order_that_shows_everything_goes_on_doing_so() -> None:
    exchange, book = Exchange(1000.0), Book(0)
    order = book.orders[0]
    order.open, order.quantity, book.head, book.tail, book.n_open, book.free = 1, 4.0, 0, 0, 1, 1
    order.next = -1
    split_orders(exchange, book, 1.5)
    assert (order.quantity, order.display) == (6.0, 0.0)
