"""One fill: affordability, clipping, commission over partial fills, taxes, maker and taker."""

from __future__ import annotations

import pytest
from tests.exchange_harness import Filled, Floor

from tradewright.domain.events import EventKind, Reason
from tradewright.domain.instrument import Equity, Future
from tradewright.simulation.costs import (
    Bps,
    Commission,
    Costs,
    MakerTaker,
    Margin,
    NoCommission,
    Percent,
    PerShare,
    PerTrade,
    SquareRootImpact,
    Tiered,
    VolumeShareImpact,
)
from tradewright.simulation.rules import constants as c
from tradewright.simulation.slippage import EntryMarkup

SHORTS = Margin(initial=0.5, maintenance=0.25)


def charged(commission: Commission, **more: float) -> Costs:
    """Commission alone, a tenth of the volume."""
    return Costs(commission=commission, slippage_bps=0, **more)


def fees(floor: Floor) -> list[float]:
    return floor.events["fee"].tolist()


class TestAffordability:
    def test_order_that_cannot_be_paid_is_refused_with_the_reason(self) -> None:
        floor = Floor(cash=999)
        order = floor.buy(100)
        assert floor.flat(10) == []
        assert floor.ends == [(0, order, EventKind.REJECTED, Reason.CANNOT_BE_PAID)]

    def test_order_that_takes_exactly_all_cash_is_paid(self) -> None:
        floor = Floor(cash=1002, costs=charged(PerTrade(2)))
        floor.buy(100)
        floor.flat(10)
        assert floor.exchange.cash == 0

    def test_fee_counts(self) -> None:
        floor = Floor(cash=1001, costs=charged(PerTrade(2)))
        order = floor.buy(100)
        floor.flat(10)
        assert floor.reasons == {order: Reason.CANNOT_BE_PAID}

    def test_tax_counts(self) -> None:
        floor = Floor(cash=1009, costs=charged(NoCommission(), tax_buy=0.01))
        order = floor.buy(100)
        floor.flat(10)
        assert floor.reasons == {order: Reason.CANNOT_BE_PAID}

    def test_price_is_that_of_the_fill_slippage_included(self) -> None:
        floor = Floor(cash=1005, costs=Costs(commission=NoCommission(), slippage=Bps(100)))
        order = floor.buy(100)
        floor.flat(10)
        assert floor.reasons == {order: Reason.CANNOT_BE_PAID}

    def test_clipped_order_takes_what_can_be_paid(self) -> None:
        floor = Floor(cash=1000, costs=charged(PerTrade(2)))
        order = floor.buy(200, clip=1)
        assert floor.flat(10) == [Filled(0, order, 99, 10, c.AT_OPEN)]
        assert floor.open_ids() == []

    def test_policy_clip_clips_every_order(self) -> None:
        floor = Floor(cash=1000, clip_unpaid=1)
        floor.buy(200)
        assert floor.flat(10)[0].quantity == 100

    def test_clipping_to_nothing_is_a_refusal(self) -> None:
        floor = Floor(cash=5, clip_unpaid=1)
        order = floor.buy(200)
        assert floor.flat(10) == []
        assert floor.reasons == {order: Reason.CANNOT_BE_PAID}

    def test_exit_is_paid_for_even_where_its_costs_exceed_the_cash(self) -> None:
        floor = Floor(cash=1000, costs=charged(PerTrade(0)))
        floor.buy(100)
        floor.flat(10)
        floor.books[0].fee_per_order = 50.0
        floor.sell(1)
        floor.flat(10)
        assert floor.exchange.cash == -40


class TestShortsOff:
    def test_sell_of_more_than_is_held_is_refused(self) -> None:
        floor = Floor()
        floor.buy(50)
        order = floor.sell(100)
        assert floor.flat(10) == [Filled(0, order - 1, 50, 10, c.AT_OPEN)]
        assert floor.reasons == {order: Reason.SHORTS_OFF}

    def test_clipped_sell_takes_what_is_held(self) -> None:
        floor = Floor()
        floor.buy(50)
        order = floor.sell(100, clip=1)
        assert floor.flat(10)[1] == Filled(0, order, -50, 10, c.AT_OPEN)

    def test_sell_from_flat_is_refused_even_if_it_may_be_clipped(self) -> None:
        floor = Floor()
        order = floor.sell(100, clip=1)
        floor.flat(10)
        assert floor.reasons == {order: Reason.SHORTS_OFF}

    def test_margin_account_sells_short(self) -> None:
        floor = Floor(margin=SHORTS)
        floor.sell(100)
        floor.flat(10)
        assert floor.position == -100

    def test_margin_account_without_shorts_does_not(self) -> None:
        floor = Floor(margin=Margin(shorts=False))
        order = floor.sell(100)
        floor.flat(10)
        assert floor.reasons == {order: Reason.SHORTS_OFF}

    def test_future_may_be_sold_without_shares_to_borrow(self) -> None:
        floor = Floor(Future("FUT", "XEUR", multiplier=10.0, margin=1000.0), margin=Margin(shorts=False))
        floor.sell(2)
        floor.flat(100)
        assert floor.position == -2


class TestCommission:
    def test_amount_per_order_is_paid_once_over_partial_fills(self) -> None:
        floor = Floor(costs=charged(PerTrade(5)))
        floor.buy(100)
        floor.flat(10, volume=600)
        floor.flat(10, volume=600)
        assert fees(floor) == [5, 0]

    def test_minimum_is_of_the_order_not_of_the_fill(self) -> None:
        floor = Floor(costs=charged(PerShare(0.02, at_least=1.0)))
        floor.buy(100)
        for _ in range(4):
            floor.flat(10, volume=300)
        assert fees(floor) == pytest.approx([1.0, 0.2, 0.6, 0.2])

    def test_maximum_is_of_the_order(self) -> None:
        floor = Floor(costs=charged(PerShare(1.0, at_most=50.0)))
        floor.buy(100)
        for _ in range(4):
            floor.flat(10, volume=300)
        assert fees(floor) == [30, 20, 0, 0]

    def test_percent_of_the_notional_and_an_amount(self) -> None:
        floor = Floor(costs=charged(Percent(0.001, per_order=2.0)))
        floor.buy(100)
        floor.flat(10)
        assert fees(floor) == [3.0]

    def test_percent_counts_the_multiplier(self) -> None:
        floor = Floor(Future("FUT", "XEUR", multiplier=10.0, margin=100.0), costs=charged(Percent(0.001)))
        floor.buy(2)
        floor.flat(100)
        assert fees(floor) == [2.0]

    def test_resting_limit_makes_and_everything_else_takes(self) -> None:
        floor = Floor(costs=charged(MakerTaker(maker=0.001, taker=0.002)))
        floor.buy(100, limit=9)
        floor.buy(100, limit=10)
        floor.buy(100, stop=11)
        floor.bar(10, 11, 8, 10)
        assert [(fill.phase, fee) for fill, fee in zip(floor.fills, fees(floor), strict=True)] == [
            (c.AT_OPEN, pytest.approx(2.0)),
            (c.AT_STOP, pytest.approx(2.2)),
            (c.AT_LIMIT, pytest.approx(0.9)),
        ]

    def test_maker_rebate_is_received(self) -> None:
        floor = Floor(costs=charged(MakerTaker(maker=-0.001, taker=0.002)))
        floor.buy(100, limit=9)
        floor.bar(10, 11, 8, 10)
        assert fees(floor) == [pytest.approx(-0.9)]

    def test_tier_falls_with_what_was_traded_before_the_fill(self) -> None:
        floor = Floor(costs=charged(Tiered(((0, 0.01), (1000, 0.005), (3000, 0.001)))))
        for _ in range(4):
            floor.buy(100)
            floor.flat(10)
        assert fees(floor) == [10, 5, 5, 1]

    def test_minimum_counts_in_account_currency_and_amounts_per_unit_in_the_instruments(self) -> None:
        floor = Floor(costs=charged(PerShare(0.1, at_least=1.0)))
        floor.books[0].fx = 2.0
        floor.buy(4)
        floor.flat(10)
        floor.buy(100)
        floor.flat(10)
        assert fees(floor) == [1.0, 20.0]


class TestTax:
    def test_each_side_has_its_rate(self) -> None:
        floor = Floor(costs=charged(NoCommission(), tax_buy=0.01, tax_sell=0.02))
        floor.buy(100)
        floor.flat(10)
        floor.sell(100)
        floor.flat(10)
        assert floor.events["tax"].tolist() == [10, 20]
        assert floor.exchange.cash == 100_000 - 30


class TestImpact:
    def test_volume_share_is_of_what_the_fill_takes(self) -> None:
        costs = Costs(commission=NoCommission(), slippage=VolumeShareImpact(0.1), participation=0.5)
        floor = Floor(costs=costs)
        floor.buy(100)
        assert floor.flat(10, volume=200)[0].price == pytest.approx(10 * (1 + 0.1 * 0.25))

    def test_square_root_of_the_share(self) -> None:
        costs = Costs(commission=NoCommission(), slippage=SquareRootImpact(0.01), participation=0.5)
        floor = Floor(costs=costs)
        floor.buy(100)
        assert floor.flat(10, volume=400)[0].price == pytest.approx(10 * (1 + 0.01 * 0.5))

    def test_unknown_volume_has_no_impact(self) -> None:
        costs = Costs(commission=NoCommission(), slippage=SquareRootImpact(0.01))
        floor = Floor(Equity("ACME", has_volume=False), costs=costs)
        floor.buy(100)
        assert floor.flat(10, volume=400)[0].price == 10

    def test_marked_up_entry_leaves_at_the_markets_price(self) -> None:
        floor = Floor(costs=Costs(commission=NoCommission(), slippage=EntryMarkup(100)), margin=SHORTS)
        for quantity in (100, -50, -100, 50):
            floor.order(c.MARKET, 1 if quantity > 0 else -1, abs(quantity))
            floor.flat(10)
        assert [fill.price for fill in floor.fills] == [pytest.approx(10.1), 10, pytest.approx(9.9), 10]

    def test_slippage_is_kept_as_a_memo(self) -> None:
        floor = Floor(costs=Costs(commission=NoCommission(), slippage=Bps(100)))
        floor.buy(100)
        floor.flat(10)
        floor.sell(100)
        floor.flat(10)
        assert floor.events["slippage"].tolist() == pytest.approx([10, 10])


class TestFractionalUnits:
    def test_rounding_dust_is_neither_held_nor_owed(self) -> None:
        floor = Floor(Equity("COIN", fractional=True))
        floor.buy(0.1)
        floor.buy(0.2)
        floor.flat(10)
        floor.sell(0.3)
        floor.flat(10)
        assert floor.position == 0
        assert floor.books[0].basis == 0

    def test_order_is_done_when_only_dust_is_left_of_it(self) -> None:
        floor = Floor(Equity("COIN", fractional=True))
        floor.buy(0.3, display=0.1)
        assert [len(floor.flat(10)) for _ in range(5)] == [1, 1, 1, 0, 0]
        assert floor.open_ids() == []
