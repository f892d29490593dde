"""Money and positions: average cost, margined instruments, currencies, dividends, splits, financing, expiry."""

from __future__ import annotations

import pytest
from tests.exchange_harness import Floor

from tradewright.domain.events import EventKind
from tradewright.domain.instrument import Equity, Future
from tradewright.simulation.costs import Costs, Margin
from tradewright.simulation.rules import constants as c
from tradewright.simulation.rules.ledger import (
    charge_borrow,
    charge_interest,
    pay_dividend,
    settle_expiry,
    split_position,
    value_at,
)
from tradewright.simulation.venue import value_account

SHORTS = Margin(initial=0.5, maintenance=0.25)
BUND = Future("BUND", "XEUR", multiplier=10.0, margin=1000.0, maintenance=800.0)


def trade(floor: Floor, quantity: float, price: float) -> None:
    """One fill at a price."""
    floor.order(c.MARKET, 1 if quantity > 0 else -1, abs(quantity))
    floor.flat(price)


class TestPosition:
    def test_average_price_of_what_was_added(self) -> None:
        floor = Floor()
        trade(floor, 100, 10)
        trade(floor, 300, 12)
        assert floor.books[0].average_price == 11.5
        assert floor.books[0].basis == 4600

    def test_closing_realises_against_the_average_and_leaves_it(self) -> None:
        floor = Floor()
        trade(floor, 100, 10)
        trade(floor, 100, 12)
        trade(floor, -50, 15)
        assert (floor.books[0].realised, floor.books[0].average_price, floor.books[0].basis) == (200, 11, 1650)

    def test_flat_book_has_no_price_and_no_basis(self) -> None:
        floor = Floor()
        trade(floor, 100, 10)
        trade(floor, -100, 15)
        assert (floor.position, floor.books[0].average_price, floor.books[0].basis) == (0, 0, 0)
        assert floor.exchange.cash == 100_500

    def test_turning_a_position_closes_it_and_opens_the_rest_at_the_fill(self) -> None:
        floor = Floor(margin=SHORTS)
        trade(floor, 100, 10)
        trade(floor, -150, 12)
        book = floor.books[0]
        assert (book.position, book.average_price, book.basis, book.realised) == (-50, 12, -600, 200)

    def test_short_position_gains_as_the_price_falls(self) -> None:
        floor = Floor(margin=SHORTS)
        trade(floor, -100, 10)
        trade(floor, 100, 8)
        assert floor.books[0].realised == 200
        assert floor.exchange.cash == 100_200


class TestMarginedInstruments:
    def test_opening_moves_no_cash_and_closing_moves_the_profit(self) -> None:
        floor = Floor(BUND, margin=SHORTS, cash=10_000)
        trade(floor, 2, 100)
        assert floor.exchange.cash == 10_000
        trade(floor, -2, 103)
        assert floor.exchange.cash == 10_000 + 2 * 3 * 10

    def test_open_profit_counts_in_equity(self) -> None:
        floor = Floor(BUND, margin=SHORTS, cash=10_000)
        trade(floor, -2, 100)
        floor.flat(97)
        assert value_at(floor.books[0], 97) == 60
        assert floor.equity == 10_060

    def test_turning_realises_what_it_closes(self) -> None:
        floor = Floor(BUND, margin=SHORTS, cash=10_000)
        trade(floor, 2, 100)
        trade(floor, -3, 103)
        assert floor.exchange.cash == 10_060
        assert floor.books[0].basis == -1030


class TestCurrencies:
    def test_cash_moves_at_the_rate_of_the_moment(self) -> None:
        floor = Floor()
        floor.books[0].fx = 1.25
        trade(floor, 100, 10)
        floor.books[0].fx = 1.5
        trade(floor, -100, 10)
        assert floor.exchange.cash == 100_000 + 250
        assert floor.books[0].realised == 250

    def test_rate_is_logged(self) -> None:
        floor = Floor()
        floor.books[0].fx = 1.25
        trade(floor, 100, 10)
        assert floor.last("fx") == 1.25
        assert floor.last("basis") == 1250

    def test_equity_is_in_account_currency(self) -> None:
        floor = Floor()
        floor.books[0].fx = 1.25
        trade(floor, 100, 10)
        floor.flat(12)
        assert floor.equity == 100_000 + 100 * 2 * 1.25

    def test_profit_of_a_margined_instrument_is_converted(self) -> None:
        floor = Floor(BUND, margin=SHORTS)
        floor.books[0].fx = 1.25
        trade(floor, 2, 100)
        trade(floor, -2, 103)
        assert floor.exchange.cash == 100_000 + 60 * 1.25


class TestDividends:
    def test_long_position_receives(self) -> None:
        floor = Floor()
        trade(floor, 100, 10)
        pay_dividend(floor.exchange, floor.books[0], 0.5)
        assert floor.exchange.cash == 100_000 - 1000 + 50
        assert (floor.last("kind"), floor.last("quantity"), floor.last("price")) == (EventKind.DIVIDEND, 50, 0.5)

    def test_short_position_pays(self) -> None:
        floor = Floor(margin=SHORTS)
        trade(floor, -100, 10)
        pay_dividend(floor.exchange, floor.books[0], 0.5)
        assert floor.exchange.cash == 100_000 + 1000 - 50

    def test_foreign_dividend_is_converted(self) -> None:
        floor = Floor()
        floor.books[0].fx = 1.5
        trade(floor, 100, 10)
        pay_dividend(floor.exchange, floor.books[0], 0.5)
        assert floor.last("quantity") == 75

    def test_flat_book_has_no_event(self) -> None:
        floor = Floor()
        pay_dividend(floor.exchange, floor.books[0], 0.5)
        assert len(floor.events["kind"]) == 0


class TestSplits:
    def test_units_multiply_and_prices_divide(self) -> None:
        floor = Floor()
        trade(floor, 100, 70)
        floor.flat(84)
        before = floor.equity
        split_position(floor.exchange, floor.books[0], 7.0)
        book = floor.books[0]
        assert (book.position, book.average_price, book.basis, book.mark) == (700, 10, 7000, 12)
        assert floor.equity == before
        assert floor.events["kind"].tolist() == [c.FILL, c.SPLIT]

    @pytest.mark.parametrize(("side", "cash"), [(1, 100_000 - 3000 + 50), (-1, 100_000 + 3000 - 50)])
    def test_fraction_of_a_share_is_paid_in_cash_at_the_last_mark(self, side: int, cash: float) -> None:
        floor = Floor(margin=SHORTS)
        trade(floor, side * 15, 200)
        before = floor.equity
        split_position(floor.exchange, floor.books[0], 0.5)
        split_position(floor.exchange, floor.books[0], 0.5)
        book = floor.books[0]
        assert book.position == side * 3
        assert floor.events["kind"].tolist() == [c.FILL, c.SPLIT, c.CASH_IN_LIEU, c.SPLIT, c.CASH_IN_LIEU]
        assert floor.events["quantity"].tolist()[2::2] == [-side * 0.5, -side * 0.5]
        assert floor.events["price"].tolist()[2::2] == [400, 800]
        assert floor.exchange.cash == 100_000 - side * 3000 + side * (200 + 400)
        assert floor.equity == pytest.approx(before)

    def test_fractional_account_keeps_the_fraction(self) -> None:
        floor = Floor(Equity("COIN", fractional=True))
        trade(floor, 15, 200)
        split_position(floor.exchange, floor.books[0], 0.1)
        assert floor.position == 1.5
        assert floor.events["kind"].tolist() == [c.FILL, c.SPLIT]

    def test_flat_book_records_the_split_alone(self) -> None:
        floor = Floor()
        split_position(floor.exchange, floor.books[0], 2.0)
        assert floor.events["kind"].tolist() == [c.SPLIT]


class TestFinancing:
    def test_borrowing_shares_costs_days_over_360(self) -> None:
        floor = Floor(margin=SHORTS)
        trade(floor, -100, 36)
        charge_borrow(floor.exchange, floor.books[0], 0.1, 3)
        assert floor.last("quantity") == pytest.approx(-100 * 36 * 0.1 * 3 / 360)
        assert floor.exchange.cash == pytest.approx(103_600 - 3)

    @pytest.mark.parametrize("quantity", [0, 100])
    def test_only_shorts_borrow(self, quantity: float) -> None:
        floor = Floor(margin=SHORTS)
        if quantity:
            trade(floor, quantity, 36)
        charge_borrow(floor.exchange, floor.books[0], 0.1, 3)
        assert c.BORROW not in floor.events["kind"]

    def test_short_future_borrows_nothing(self) -> None:
        floor = Floor(BUND, margin=SHORTS)
        trade(floor, -1, 100)
        charge_borrow(floor.exchange, floor.books[0], 0.1, 3)
        assert c.BORROW not in floor.events["kind"]

    def test_borrowed_cash_costs_days_over_360(self) -> None:
        floor = Floor(margin=SHORTS, cash=1000)
        trade(floor, 150, 10)
        charge_interest(floor.exchange, floor.books[0], 0.072, 10)
        assert floor.exchange.cash == pytest.approx(-500 - 500 * 0.072 * 10 / 360)

    def test_cash_of_ones_own_costs_nothing(self) -> None:
        floor = Floor()
        charge_interest(floor.exchange, floor.books[0], 0.072, 10)
        assert len(floor.events["kind"]) == 0

    def test_rate_of_zero_leaves_no_event(self) -> None:
        floor = Floor(margin=SHORTS, cash=1000)
        trade(floor, 150, 10)
        charge_interest(floor.exchange, floor.books[0], 0.0, 10)
        assert floor.events["kind"].tolist() == [c.FILL]
        floor = Floor(margin=SHORTS)
        trade(floor, -100, 36)
        charge_borrow(floor.exchange, floor.books[0], 0.0, 3)
        assert floor.events["kind"].tolist() == [c.FILL]


class TestExpiry:
    def test_position_is_closed_at_the_last_price(self) -> None:
        floor = Floor(BUND, margin=SHORTS)
        trade(floor, 2, 100)
        settle_expiry(floor.exchange, floor.books[0], 105)
        assert floor.exchange.cash == 100_000 + 100
        assert floor.position == 0
        assert (floor.last("kind"), floor.last("quantity")) == (EventKind.EXPIRY, -2)

    def test_flat_book_has_no_event(self) -> None:
        floor = Floor(BUND, margin=SHORTS)
        settle_expiry(floor.exchange, floor.books[0], 105)
        assert len(floor.events["kind"]) == 0


class TestTotals:
    def test_totals_kept_along_equal_totals_computed_afresh(self) -> None:
        floor = Floor(Equity("ACME"), BUND, margin=SHORTS, costs=Costs.none())
        floor.buy(100)
        floor.sell(2, book=1)
        floor.bars({0: (10, 10, 10, 10, 1e9), 1: (90, 90, 90, 90, 1e9)})
        kept = (floor.exchange.holdings, floor.exchange.required)
        value_account(floor.exchange, floor.books)
        assert kept == (floor.exchange.holdings, floor.exchange.required) == (1000, 500 + 2000)

    def test_expiry_brings_the_totals_along(self) -> None:
        floor = Floor(BUND, margin=SHORTS)
        trade(floor, 2, 100)
        value_account(floor.exchange, floor.books)
        settle_expiry(floor.exchange, floor.books[0], 105)
        assert (floor.exchange.holdings, floor.exchange.required) == (0, 0)

    def test_account_that_needs_no_totals_keeps_none(self) -> None:
        floor = Floor()
        trade(floor, 100, 10)
        assert (floor.exchange.holdings, floor.exchange.required) == (0, 0)
