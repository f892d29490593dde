"""The venue: books of one account together, margin calls, the account's totals."""

from __future__ import annotations

import pytest
from tests.exchange_harness import STEP, Filled, Floor

from tradewright.domain.approval import RefusedOrder
from tradewright.domain.errors import UnapprovedOrderError
from tradewright.domain.events import Reason
from tradewright.domain.instrument import Equity, Future
from tradewright.domain.minting import mint
from tradewright.simulation.costs import Costs, Margin, NoCommission, Percent, PerTrade
from tradewright.simulation.rules import constants as c
from tradewright.simulation.rules.orders import new_order
from tradewright.simulation.venue import (
    accept,
    account_equity,
    build_book,
    build_exchange,
    end_all,
    liquidate,
    maintenance,
)

SHORTS = Margin(initial=0.5, maintenance=0.25)
ACME, BOLT = Equity("ACME"), Equity("BOLT")
FUTURE = Future("FUT", "XEUR", multiplier=10.0, margin=1000.0, maintenance=800.0)


def show(floor: Floor, *prices: float) -> list[Filled]:
    """One flat bar per book."""
    return floor.bars({number: (price, price, price, price, 1e9) for number, price in enumerate(prices)})


class TestOneOpenOverAllBooks:
    def test_sell_placed_first_pays_for_the_buy_placed_after_it(self) -> None:
        floor = Floor(ACME, BOLT, cash=1000)
        floor.buy(100, book=1)
        show(floor, 10, 10)
        sell, buy = floor.sell(100, book=1), floor.buy(100, book=0)
        assert show(floor, 10, 10) == [Filled(1, sell, -100, 10, c.AT_OPEN), Filled(1, buy, 100, 10, c.AT_OPEN)]

    def test_buy_placed_before_the_sell_is_refused(self) -> None:
        floor = Floor(ACME, BOLT, cash=1000)
        floor.buy(100, book=1)
        show(floor, 10, 10)
        buy = floor.buy(100, book=0)
        floor.sell(100, book=1)
        show(floor, 10, 10)
        assert floor.reasons == {buy: Reason.CANNOT_BE_PAID}

    def test_fills_at_the_open_of_any_book_come_before_fills_inside_of_another(self) -> None:
        floor = Floor(ACME, BOLT)
        inside, at_open = floor.buy(10, limit=9), floor.buy(10, book=1)
        fills = floor.bars({0: (10, 11, 8, 10, 1e9), 1: (10, 11, 8, 10, 1e9)})
        assert [fill.order for fill in fills] == [at_open, inside]

    def test_inside_the_bar_books_are_worked_by_number(self) -> None:
        floor = Floor(ACME, BOLT)
        second, first = floor.buy(10, limit=9, book=1), floor.buy(10, limit=9)
        fills = floor.bars({0: (10, 11, 8, 10, 1e9), 1: (10, 11, 8, 10, 1e9)})
        assert [fill.order for fill in fills] == [first, second]

    def test_order_that_ended_at_this_open_is_not_filled_after_it(self) -> None:
        floor = Floor(ACME, BOLT)
        first, second = floor.buy(10, limit=11), floor.buy(10, limit=11)
        floor.oco(first, second)
        floor.buy(1, book=1)
        assert [fill.order for fill in show(floor, 10, 10)] == [first, second + 1]


class TestAcceptance:
    def test_approved_order_is_placed_and_watched(self) -> None:
        floor = Floor()
        book = floor.books[0]
        order = book.orders[new_order(floor.exchange, book, c.LIMIT, c.BUY, 10)]
        order.limit = 9.0
        order.active_time = 0
        assert accept(floor.exchange, book, mint(order)) is order
        assert floor.open_ids() == [order.id]
        assert book.wake_below == 9
        assert len(floor.flat(8)) == 1

    def test_order_that_the_gate_did_not_mint_is_turned_away(self) -> None:
        floor = Floor()
        book = floor.books[0]
        order = book.orders[new_order(floor.exchange, book, c.LIMIT, c.BUY, 10)]
        with pytest.raises(UnapprovedOrderError):
            accept(floor.exchange, book, order)
        with pytest.raises(UnapprovedOrderError):
            accept(floor.exchange, book, RefusedOrder(order, Reason.DEPLOYED))
        assert floor.open_ids() == []


class TestMarginCalls:
    def test_maintenance_is_a_rate_of_market_value_or_money_per_contract(self) -> None:
        floor = Floor(ACME, FUTURE, margin=SHORTS)
        floor.sell(100)
        floor.buy(2, book=1)
        show(floor, 10, 100)
        assert maintenance(floor.books) == 1000 * 0.25 + 1600

    def test_flat_account_is_never_called(self) -> None:
        assert maintenance(Floor(ACME, margin=SHORTS).books) == 0

    def test_call_ends_every_order_and_closes_every_position_at_the_next_open(self) -> None:
        floor = Floor(ACME, BOLT, margin=SHORTS, cash=1000)
        floor.buy(100)
        floor.sell(80, book=1)
        show(floor, 10, 10)
        resting = floor.buy(1, limit=5)
        liquidate(floor.exchange, floor.books, floor.row * STEP)
        assert floor.reasons == {resting: Reason.MARGIN_CALL}
        assert [(fill.quantity, fill.price) for fill in show(floor, 6, 12)] == [(-100, 6), (80, 12)]
        assert [book.position for book in floor.books] == [0, 0]

    def test_liquidation_is_marked_as_such_and_only_reduces(self) -> None:
        floor = Floor(ACME, margin=SHORTS, cash=1000)
        floor.sell(100)
        floor.flat(10)
        liquidate(floor.exchange, floor.books, floor.row * STEP)
        (order,) = floor.working()
        assert (order.role, order.reduce_only, order.kind, order.side, order.quantity) == (
            c.LIQUIDATION,
            1,
            c.MARKET,
            1,
            100,
        )

    def test_liquidation_fills_though_nothing_can_pay_for_it(self) -> None:
        floor = Floor(ACME, margin=SHORTS, cash=1000)
        floor.sell(100)
        floor.flat(10)
        liquidate(floor.exchange, floor.books, floor.row * STEP)
        assert floor.flat(50)[0].quantity == 100
        assert floor.exchange.cash == -3000

    def test_liquidation_does_not_fill_before_its_time(self) -> None:
        floor = Floor(ACME, margin=SHORTS)
        floor.buy(10)
        floor.flat(10)
        liquidate(floor.exchange, floor.books, floor.row * STEP + 1)
        assert floor.flat(10) == []


class TestEndAll:
    def test_every_order_of_the_book_ends_with_the_reason(self) -> None:
        floor = Floor()
        entry = floor.buy(10, limit=9, stop_loss=8)
        other = floor.buy(10, stop=12)
        end_all(floor.exchange, floor.books[0], c.INSTRUMENT_EXPIRED)
        assert floor.open_ids() == []
        assert floor.reasons[entry] == floor.reasons[other] == Reason.INSTRUMENT_EXPIRED
        assert floor.exchange.reserved == 0


class TestBuilding:
    def test_cash_account_pays_in_full_and_may_not_be_short(self) -> None:
        exchange, book = build_exchange(500.0, Costs(), None), build_book(3, ACME, Costs(), None)
        assert (exchange.cash, exchange.on_margin, exchange.shorts, exchange.participation) == (500, 0, 0, 0.1)
        assert (book.number, book.initial_rate, book.maintenance_rate, book.margined) == (3, 1, 0, 0)

    def test_margin_account_binds_fractions(self) -> None:
        exchange, book = build_exchange(500.0, Costs(), SHORTS), build_book(0, ACME, Costs(), SHORTS)
        assert (exchange.on_margin, exchange.shorts) == (1, 1)
        assert (book.initial_rate, book.maintenance_rate) == (0.5, 0.25)

    def test_margined_instrument_binds_money_per_contract_whatever_the_account(self) -> None:
        book = build_book(0, FUTURE, Costs(), SHORTS)
        assert (book.margined, book.margin, book.margin_maintenance, book.multiplier) == (1, 1000, 800, 10)

    def test_maintenance_of_a_contract_is_its_margin_unless_stated(self) -> None:
        plain = Future("FUT", "XEUR", multiplier=10.0, margin=1000.0)
        assert build_book(0, plain, Costs(), None).margin_maintenance == 1000

    def test_volume_counts_where_it_is_known(self) -> None:
        assert build_book(0, ACME, Costs(), None).volume_known == 1
        assert build_book(0, ACME.without_volume(), Costs(), None).volume_known == 0
        assert build_book(0, ACME, Costs.none(), None).volume_known == 1

    def test_costs_are_written_into_the_book(self) -> None:
        book = build_book(0, ACME, Costs(slippage_bps=5, commission=Percent(0.002, per_order=1), tax_sell=0.01), None)
        assert (book.slip_kind, book.slip_amount) == (c.SLIP_BPS, 0.0005)
        assert (book.fee_taker_rate, book.fee_maker_rate, book.fee_per_order, book.tax_sell_rate) == (
            0.002,
            0.002,
            1,
            0.01,
        )

    def test_venue_of_the_instrument_brings_its_commission(self) -> None:
        crypto = Equity("COIN", venue="kraken")
        assert build_book(0, crypto, Costs(), None).fee_taker_rate == 0.004
        assert build_book(0, crypto, Costs(commission=NoCommission()), None).fee_taker_rate == 0


class TestTotals:
    def test_equity_adds_cash_and_every_position_at_its_mark(self) -> None:
        floor = Floor(ACME, FUTURE, margin=SHORTS, costs=Costs(commission=PerTrade(1), slippage_bps=0))
        floor.buy(100)
        floor.sell(2, book=1)
        show(floor, 10, 100)
        show(floor, 11, 97)
        assert account_equity(floor.exchange, floor.books) == pytest.approx(100_000 - 2 + 100 + 60)
