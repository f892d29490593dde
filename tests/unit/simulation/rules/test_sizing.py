"""How much an order may trade: lots, affordability, targets, sizes at the fill."""

from __future__ import annotations

import pytest
from tests.exchange_harness import Filled, Floor

from tradewright.domain.events import Reason
from tradewright.domain.instrument import Equity, Future
from tradewright.simulation.costs import Bps, Costs, Margin, NoCommission, Percent, PerShare, PerTrade
from tradewright.simulation.rules import constants as c
from tradewright.simulation.rules.grid import whole_lots
from tradewright.simulation.rules.sizing import payable, target_units

SHORTS = Margin(initial=0.5, maintenance=0.25)


@pytest.mark.parametrize(
    ("quantity", "lot", "whole"), [(12.9, 1, 12), (12, 1, 12), (0.3, 0.1, 0.3), (0.29, 0.1, 0.2), (0.9, 1, 0)]
)
def test_quantities_are_rounded_down_to_whole_lots(quantity: float, lot: float, whole: float) -> None:
    assert whole_lots(quantity, lot) == pytest.approx(whole)


def test_billionth_of_a_lot_is_forgiven() -> None:
    assert whole_lots(11.9999999999, 1) == 12


class TestTargets:
    def target(self, floor: Floor, weight: float, equity: float = 10_000, price: float = 10) -> float:
        return target_units(floor.exchange, floor.books[0], weight, equity, price)

    def test_fraction_of_the_equity_without_costs(self) -> None:
        assert self.target(Floor(), 0.5) == 500

    def test_negative_weight_is_a_short_position(self) -> None:
        assert self.target(Floor(), -0.5) == -500

    def test_costs_lie_inside_the_fraction(self) -> None:
        floor = Floor(costs=Costs(commission=Percent(0.01, per_order=10), slippage=Bps(0), tax_buy=0.01))
        assert self.target(floor, 1.0) == 979  # (10,000 - 10) / (10 × 1.02)

    def test_slippage_lies_inside_the_fraction(self) -> None:
        floor = Floor(costs=Costs(commission=NoCommission(), slippage=Bps(100)))
        assert self.target(floor, 1.0) == 990

    def test_minimum_fee_lies_inside_the_fraction(self) -> None:
        floor = Floor(costs=Costs(commission=PerShare(0.001, at_least=25), slippage=Bps(0)))
        assert self.target(floor, 1.0) == 997

    def test_maximum_fee_lies_inside_the_fraction(self) -> None:
        floor = Floor(costs=Costs(commission=PerShare(1, at_most=25), slippage=Bps(0)))
        assert self.target(floor, 1.0) == 997

    def test_fee_above_the_budget_leaves_nothing(self) -> None:
        floor = Floor(costs=Costs(commission=PerTrade(20_000), slippage=Bps(0)))
        assert self.target(floor, 1.0) == 0

    def test_multiplier_and_currency_count(self) -> None:
        floor = Floor(Future("FUT", "XEUR", multiplier=5.0, margin=100.0))
        floor.books[0].fx = 2.0
        assert self.target(floor, 1.0) == 100


class TestPayable:
    def largest(self, floor: Floor, quantity: float, price: float, side: int = c.BUY) -> float:
        order = floor.slot(floor.order(c.MARKET, side, quantity))
        return payable(floor.exchange, floor.books[0], order, quantity, price)

    def test_everything_where_the_money_is_there(self) -> None:
        assert self.largest(Floor(cash=1000), 100, 10) == 100

    def test_largest_whole_lots_with_a_minimum_fee(self) -> None:
        floor = Floor(cash=1000, costs=Costs(commission=PerShare(0.1, at_least=30), slippage_bps=0))
        assert self.largest(floor, 500, 10) == 97

    def test_one_more_lot_could_not_be_paid(self) -> None:
        floor = Floor(cash=1000, costs=Costs(commission=Percent(0.013), slippage_bps=0, tax_buy=0.002))
        assert self.largest(floor, 500, 7) == 140  # 140 × 7.105 = 994.7

    def test_many_small_lots_are_counted_not_added_up(self) -> None:
        floor = Floor(Equity("COIN", fractional=True), cash=123_456.789, costs=Costs(commission=PerTrade(7)))
        assert self.largest(floor, 1e6, 1.37) * 1.37 == pytest.approx(123_449.789, abs=2e-4)

    def test_minimum_fee_over_many_small_lots(self) -> None:
        floor = Floor(
            Equity("COIN", fractional=True), costs=Costs(commission=PerShare(1e-9, at_least=7), slippage_bps=0)
        )
        units = target_units(floor.exchange, floor.books[0], 1.0, 123_456.789, 1.37)
        assert units * 1.37 == pytest.approx(123_449.789, abs=2e-4)

    def test_no_money_buys_nothing(self) -> None:
        assert self.largest(Floor(cash=0), 100, 10) == 0

    def test_turning_a_position_uses_what_its_closing_frees(self) -> None:
        floor = Floor(cash=1000, margin=SHORTS)
        floor.buy(100)
        floor.flat(10)
        assert self.largest(floor, 1000, 10, c.SELL) == 300

    def test_never_more_than_asked_for(self) -> None:
        floor = Floor(cash=1200, costs=Costs(commission=NoCommission(), slippage_bps=0, tax_buy=0.5))
        assert self.largest(floor, 100, 10) == 80

    def test_never_more_than_asked_for_beyond_the_closing_part(self) -> None:
        floor = Floor(cash=1000, margin=Margin(1.0, 0.2), costs=Costs(commission=PerTrade(900), slippage_bps=0))
        floor.books[0].fee_per_order = 0.0
        floor.buy(100)
        floor.flat(10)
        floor.books[0].fee_per_order = 900.0
        assert self.largest(floor, 150, 10, c.SELL) == 110


class TestMarginBuyingPower:
    def test_initial_margin_bounds_what_may_be_opened(self) -> None:
        floor = Floor(cash=1000, margin=SHORTS)
        fits = floor.buy(200)
        floor.flat(10)
        assert floor.fills == [Filled(0, fits, 200, 10, c.AT_OPEN)]
        too_much = floor.buy(1)
        floor.flat(10)
        assert floor.reasons == {too_much: Reason.CANNOT_BE_PAID}

    def test_profit_at_the_fill_price_is_buying_power(self) -> None:
        floor = Floor(cash=1000, margin=SHORTS)
        floor.buy(200)
        floor.flat(10)
        # At 12 the account is worth 1,400 and 1,200 of it is bound: 200 more buy 33 at 6 each.
        floor.buy(100, clip=1)
        assert floor.flat(12)[0].quantity == 33

    def test_contracts_bind_their_margin(self) -> None:
        floor = Floor(Future("FUT", "XEUR", multiplier=10.0, margin=1000.0), cash=2500, margin=SHORTS)
        floor.buy(3, clip=1)
        assert floor.flat(5000)[0].quantity == 2

    def test_closing_is_allowed_under_water(self) -> None:
        floor = Floor(cash=1000, margin=SHORTS)
        floor.buy(200)
        floor.flat(10)
        floor.sell(200)
        assert floor.flat(3)[0].quantity == -200

    def test_exit_of_one_position_is_paid_by_nothing(self) -> None:
        floor = Floor(Equity("ACME"), Equity("BOLT"), cash=1000, margin=SHORTS)
        floor.buy(200)
        floor.bars({0: (10, 10, 10, 10, 1e9), 1: (10, 10, 10, 10, 1e9)})
        other = floor.buy(10, book=1)
        floor.bars({0: (10, 10, 10, 10, 1e9), 1: (10, 10, 10, 10, 1e9)})
        assert floor.reasons == {other: Reason.CANNOT_BE_PAID}


class TestSizeAtTheFill:
    def test_quantity_comes_from_the_fill_price_with_the_fee_inside(self) -> None:
        floor = Floor(cash=10_000, valued=True, costs=Costs(commission=PerTrade(10), slippage_bps=0))
        order = floor.buy(0, weight=1.0)
        assert floor.flat(9) == [Filled(0, order, 1110, 9, c.AT_OPEN)]

    def test_turns_the_whole_position(self) -> None:
        floor = Floor(cash=10_000, margin=Margin(1.0, 0.0))
        floor.buy(0, weight=1.0)
        floor.flat(10)
        order = floor.buy(0, weight=-1.0)
        assert floor.flat(11) == [Filled(1, order, -2000, 11, c.AT_OPEN)]

    def test_target_already_held_is_less_than_a_lot(self) -> None:
        floor = Floor(cash=10_000, valued=True)
        floor.buy(0, weight=1.0)
        floor.flat(10)
        order = floor.buy(0, weight=1.0)
        floor.flat(10)
        assert floor.reasons == {order: Reason.ZERO_QUANTITY}

    def test_follows_earlier_orders_of_the_same_open(self) -> None:
        floor = Floor(
            Equity("ACME"),
            Equity("BOLT"),
            cash=10_000,
            valued=True,
            costs=Costs(commission=PerTrade(100), slippage_bps=0),
        )
        floor.buy(0, weight=0.5)
        floor.buy(0, weight=0.5, book=1)
        floor.bars({0: (10, 10, 10, 10, 1e9), 1: (10, 10, 10, 10, 1e9)})
        assert [fill.quantity for fill in floor.fills] == [490, 485]
