"""The bodies that only the compiled tier has, carried out interpreted: they do what their interpreted twins do."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import tradewright as tw
from tradewright.domain.record import EVENT_COLUMNS, ORDER_COLUMNS
from tradewright.engine.compiled.adapters import fixed_slots, ring, support
from tradewright.simulation import venue
from tradewright.simulation.rules import log
from tradewright.simulation.rules.intents import admit, claim
from tradewright.simulation.state import Book, Exchange

NAN = float("nan")


def books(prices: list[float]) -> tuple[Exchange, list[Book]]:
    """An account and one book per price, each shown a bar of that price with room for all."""
    exchange = venue.build_exchange(1000.0, tw.Costs.none(), None)
    found = [venue.build_book(number, tw.Equity(name), tw.Costs.none(), None) for number, name in enumerate("ABC")]
    for book, price in zip(found, prices, strict=True):
        show(book, price)
    return exchange, found


def show(book: Book, price: float) -> None:
    times, column = np.array([100]), np.array([price])
    support.show(book, 0, times, times + 10, column, column, column, column, np.array([1e9]))


def ask(exchange: Exchange, book: Book, side: int, quantity: float) -> None:
    admit(exchange, book, book.orders[claim(exchange, book, side, quantity, 50)])


def traded(together: Any) -> tuple[list[tuple[float, ...]], float]:
    """Everything held of C is sold first and pays for A and B, which were asked for in between."""
    exchange, (a, b, c) = books([400.0, 500.0, 900.0])
    ask(exchange, c, 1, 1.0)
    together(exchange, [a, b, c])
    for book in (a, b, c):
        show(book, book.open)
        book.open_time = 200
    ask(exchange, c, -1, 1.0)
    ask(exchange, b, 1, 1.0)
    ask(exchange, a, 1, 1.0)
    together(exchange, [a, b, c])
    return [exchange.log.row(number) for number in range(exchange.log.length)], exchange.cash


def in_the_loop(exchange: Exchange, several: list[Book]) -> None:
    scratch = np.zeros((3, 99), np.int64)
    support.work_together(exchange, several, np.arange(len(several)), len(several), *scratch)


def test_several_books_meet_at_the_open_in_order_of_order_number_as_at_the_venue() -> None:
    assert traded(in_the_loop) == traded(venue.work_together)
    events, cash = traded(in_the_loop)
    assert [int(row[2]) for row in events] == [2, 2, 1, 0]
    assert cash == 100.0


def test_equity_is_cash_and_what_is_held_in_order_of_book_number() -> None:
    exchange, found = books([10.0, 20.0, 30.0])
    found[0].position, found[2].position = 3.0, -1.0
    account = SimpleNamespace(cash=exchange.cash, n_log=7, equity_row=-1, equity_log=0)
    closes = np.array([[10.0, 10.0], [20.0, 20.0], [30.0, 35.0]])
    assert support.equity_at(account, found, closes, 0) == 1000.0 + 30.0 - 30.0
    found[2].position *= 2.0
    assert support.equity_at(account, found, closes, 0) == 1000.0
    account.n_log = 8
    after_a_fill = support.equity_at(account, found, closes, 0)
    assert after_a_fill != 1000.0
    assert support.equity_at(account, found, closes, 1) != after_a_fill


@pytest.mark.parametrize(("top", "largest", "order"), [(-1, 1, [2, 0, 4]), (2, 1, [2, 0]), (9, 0, [0, 4, 2])])
def test_symbols_are_ranked_by_value_ties_by_number_without_the_unready_and_the_unknown(top, largest, order) -> None:
    lines = np.array([[1.0], [9.0], [3.0], [NAN], [1.0]])
    out = np.zeros(5, np.int64)
    count = support.rank_into(lines, 0, np.array([0, 5, 0, 0, 0]), top, largest, out, np.zeros(5))
    assert out[:count].tolist() == order
    assert support.is_among(out, count, order[0])
    assert not support.is_among(out, count, 1)


def test_a_value_that_does_not_exist_stops_the_visit() -> None:
    assert support.known(2.5) == 2.5
    with pytest.raises(ValueError, match="no value"):
        support.known(NAN)


def records(rows: int) -> SimpleNamespace:
    """An exchange whose rings hold so many rows."""
    return SimpleNamespace(
        row=7, cash=5.0, n_log=0, n_placed=0, tag=3,
        log=[SimpleNamespace() for _ in range(rows)], placed=[SimpleNamespace() for _ in range(rows)],
    )  # fmt: skip


def test_the_ring_of_events_holds_what_the_log_holds_and_refuses_more() -> None:
    exchange, found = books([10.0, 20.0, 30.0])
    exchange.row, exchange.cash = 7, 5.0
    said = (1, 4, 2, 10.0, 20.0, 0.5, 0.25, 0.1, 0)
    log.log_event(exchange, found[1], *said)
    held = records(1)
    ring.log_event(held, found[1], *said)
    assert [getattr(held.log[0], name) for name in EVENT_COLUMNS] == list(exchange.log.row(0))
    with pytest.raises(IndexError, match="ring of events"):
        ring.log_event(held, found[1], *said)


def test_the_ring_of_orders_holds_what_the_log_holds_and_the_label() -> None:
    exchange, found = books([10.0, 20.0, 30.0])
    exchange.row = 7
    order = found[2].orders[claim(exchange, found[2], -1, 3.0, 50)]
    for fraction, distance in ((NAN, 2.0), (0.05, NAN)):
        order.trail_fraction, order.trail, order.limit, order.stop = fraction, distance, 9.0, 8.0
        log.log_order(exchange, found[2], order, 0)
        held = records(1)
        ring.log_order(held, found[2], order, 0)
        kept = [getattr(held.placed[0], name) for name in ORDER_COLUMNS[:14]]
        assert kept == list(exchange.placed.row(exchange.placed.length - 1))
        assert held.placed[0].tag == 3
    with pytest.raises(IndexError, match="ring of orders"):
        ring.log_order(held, found[2], order, 0)


def test_a_book_of_the_compiled_tier_has_the_slots_it_has() -> None:
    with pytest.raises(IndexError, match="full"):
        fixed_slots.grow_slots(Book(0))
