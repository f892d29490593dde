"""Fills on bars: which order fills where, in which phase of the bar."""

from __future__ import annotations

import math

import pytest
from tests.exchange_harness import Filled, Floor

from tradewright.domain.events import EventKind, Reason
from tradewright.domain.instrument import Equity
from tradewright.simulation.costs import Bps, Costs, Margin, NoCommission, SquareRootImpact
from tradewright.simulation.rules import constants as c

SHORTS = Margin(initial=0.5, maintenance=0.25)
TENTH = Costs(commission=NoCommission(), slippage_bps=0, participation=0.1)


@pytest.fixture
def floor() -> Floor:
    """A margin account that may sell short, without costs."""
    return Floor(margin=SHORTS, cash=1_000_000.0)


class TestMarket:
    def test_market_order_fills_at_the_open(self, floor: Floor) -> None:
        order = floor.buy(100)
        assert floor.bar(10.2, 11, 10, 10.5) == [Filled(0, order, 100, 10.2, c.AT_OPEN)]

    def test_order_from_the_close_of_a_bar_never_fills_in_that_bar(self, floor: Floor) -> None:
        floor.flat(10)
        order = floor.buy(100)
        assert floor.slot(order).active_time == 100
        floor.row = 0
        assert floor.flat(10) == []

    def test_order_for_the_close_fills_at_the_close_of_its_first_bar(self, floor: Floor) -> None:
        order = floor.order(c.ON_CLOSE, c.BUY, 100)
        assert floor.bar(10, 12, 9, 11) == [Filled(0, order, 100, 11, c.AT_CLOSE)]

    def test_other_orders_have_no_part_in_the_close(self, floor: Floor) -> None:
        order = floor.order(c.ON_CLOSE, c.BUY, 100)
        floor.buy(100, limit=8)
        assert floor.bar(10, 12, 9, 11) == [Filled(0, order, 100, 11, c.AT_CLOSE)]

    def test_order_for_the_close_waits_for_a_bar_with_volume(self, floor: Floor) -> None:
        floor = Floor(costs=TENTH)
        order = floor.order(c.ON_CLOSE, c.BUY, 100)
        assert floor.bar(10, 12, 9, 11, volume=0) == []
        assert floor.bar(10, 12, 9, 11.5) == [Filled(1, order, 100, 11.5, c.AT_CLOSE)]

    def test_symbol_without_a_bar_cannot_fill(self) -> None:
        floor = Floor(Equity("ACME"), Equity("BOLT"))
        order = floor.buy(100)
        assert floor.bars({1: (20, 20, 20, 20, 1e9)}) == []
        assert floor.flat(10) == [Filled(1, order, 100, 10, c.AT_OPEN)]


class TestLimit:
    def test_buy_limit_fills_at_a_lower_open(self, floor: Floor) -> None:
        order = floor.buy(100, limit=10)
        assert floor.bar(9.5, 10, 9, 9.8) == [Filled(0, order, 100, 9.5, c.AT_OPEN)]

    def test_buy_limit_fills_at_an_open_equal_to_it(self, floor: Floor) -> None:
        floor.buy(100, limit=10)
        assert floor.bar(10, 11, 10, 11)[0][3:] == (10, c.AT_OPEN)

    def test_sell_limit_fills_at_a_higher_open(self, floor: Floor) -> None:
        order = floor.sell(100, limit=10)
        assert floor.bar(10.5, 11, 10, 10.8) == [Filled(0, order, -100, 10.5, c.AT_OPEN)]

    def test_buy_limit_traded_through_fills_at_its_price(self, floor: Floor) -> None:
        order = floor.buy(100, limit=10)
        assert floor.bar(11, 12, 9.99, 11) == [Filled(0, order, 100, 10, c.AT_LIMIT)]

    def test_sell_limit_traded_through_fills_at_its_price(self, floor: Floor) -> None:
        order = floor.sell(100, limit=10)
        assert floor.bar(9, 10.01, 8, 9) == [Filled(0, order, -100, 10, c.AT_LIMIT)]

    def test_touched_limit_does_not_fill(self, floor: Floor) -> None:
        floor.buy(100, limit=10)
        floor.sell(100, limit=12)
        assert floor.bar(11, 12, 10, 11) == []

    def test_touched_limit_fills_where_a_touch_is_enough(self, floor: Floor) -> None:
        floor.exchange.touch = 1
        buy, sell = floor.buy(100, limit=10), floor.sell(50, limit=12)
        assert floor.bar(11, 12, 10, 11) == [
            Filled(0, buy, 100, 10, c.AT_LIMIT),
            Filled(0, sell, -50, 12, c.AT_LIMIT),
        ]

    def test_limit_that_reaches_the_venue_inside_a_bar_waits_for_the_next(self, floor: Floor) -> None:
        order = floor.buy(100, limit=10)
        floor.slot(order).active_time = 50
        assert floor.bar(11, 12, 9, 11) == []
        assert floor.bar(11, 12, 9, 11) == [Filled(1, order, 100, 10, c.AT_LIMIT)]

    def test_limit_sized_at_the_fill_fills_inside_the_bar(self, floor: Floor) -> None:
        order = floor.buy(0, limit=10, weight=0.1)
        assert floor.bar(11, 12, 9, 11) == [Filled(0, order, 10_000, 10, c.AT_LIMIT)]

    def test_unreached_limit_rests(self, floor: Floor) -> None:
        order = floor.buy(100, limit=10)
        floor.bar(11, 12, 10.5, 11)
        assert floor.open_ids() == [order]
        assert floor.bar(10.4, 10.5, 9, 9.5) == [Filled(1, order, 100, 10, c.AT_LIMIT)]


class TestStop:
    def test_buy_stop_gapped_over_fills_at_the_open(self, floor: Floor) -> None:
        order = floor.buy(100, stop=10)
        assert floor.bar(10.7, 11, 10, 10.5) == [Filled(0, order, 100, 10.7, c.AT_OPEN)]

    def test_sell_stop_gapped_over_fills_at_the_open(self, floor: Floor) -> None:
        order = floor.sell(100, stop=10)
        assert floor.bar(9.3, 11, 9, 10.5) == [Filled(0, order, -100, 9.3, c.AT_OPEN)]

    def test_buy_stop_touched_inside_fills_at_its_price(self, floor: Floor) -> None:
        order = floor.buy(100, stop=10)
        assert floor.bar(9, 10, 8, 9) == [Filled(0, order, 100, 10, c.AT_STOP)]

    def test_sell_stop_touched_inside_fills_at_its_price(self, floor: Floor) -> None:
        order = floor.sell(100, stop=10)
        assert floor.bar(11, 12, 10, 11) == [Filled(0, order, -100, 10, c.AT_STOP)]

    def test_unreached_stop_rests(self, floor: Floor) -> None:
        floor.buy(100, stop=10)
        floor.sell(100, stop=8)
        assert floor.bar(9, 9.99, 8.01, 9) == []

    def test_rest_of_a_triggered_stop_fills_at_the_next_open(self) -> None:
        floor = Floor(costs=TENTH)
        order = floor.buy(100, stop=10)
        assert floor.bar(9, 11, 9, 9.5, volume=600) == [Filled(0, order, 60, 10, c.AT_STOP)]
        assert floor.bar(8, 8, 8, 8, volume=600) == [Filled(1, order, 40, 8, c.AT_OPEN)]


class TestStopLimit:
    def test_triggered_at_the_open_fills_there_inside_its_limit(self, floor: Floor) -> None:
        order = floor.buy(100, stop=10, limit=11)
        assert floor.bar(10.5, 12, 10, 11) == [Filled(0, order, 100, 10.5, c.AT_OPEN)]

    def test_triggered_by_a_gap_over_its_limit_fills_when_the_bar_comes_back(self, floor: Floor) -> None:
        order = floor.buy(100, stop=10, limit=11)
        assert floor.bar(12, 12, 10.5, 11.5) == [Filled(0, order, 100, 11, c.AT_LIMIT)]

    def test_triggered_inside_fills_at_the_trigger(self, floor: Floor) -> None:
        order = floor.buy(100, stop=10, limit=11)
        assert floor.bar(9, 12, 9, 9) == [Filled(0, order, 100, 10, c.AT_STOP)]

    def test_limit_below_the_trigger_fills_only_if_the_close_comes_back_through_it(self, floor: Floor) -> None:
        order = floor.buy(100, stop=10, limit=9.5)
        assert floor.bar(9.8, 10.2, 9, 9.4) == [Filled(0, order, 100, 9.5, c.AT_STOP)]

    def test_limit_below_the_trigger_is_not_reached_by_a_low_that_may_have_come_before(self, floor: Floor) -> None:
        order = floor.buy(100, stop=10, limit=9.5)
        assert floor.bar(9.8, 10.2, 9, 9.9) == []
        assert floor.slot(order).triggered == 1
        assert floor.bar(9.8, 9.9, 9.4, 9.8) == [Filled(1, order, 100, 9.5, c.AT_LIMIT)]

    def test_sell_mirrors_the_buy(self, floor: Floor) -> None:
        inside, above = floor.sell(10, stop=10, limit=9), floor.sell(20, stop=10, limit=10.5)
        assert floor.bar(11, 11.2, 9.5, 10.6) == [
            Filled(0, inside, -10, 10, c.AT_STOP),
            Filled(0, above, -20, 10.5, c.AT_STOP),
        ]

    def test_close_at_the_limit_is_not_through_it(self, floor: Floor) -> None:
        floor.buy(100, stop=10, limit=9.5)
        floor.sell(100, stop=9.6, limit=9.7)
        assert floor.bar(9.8, 10.2, 9.7, 9.7) == []

    def test_sell_limit_above_the_trigger_needs_a_close_through_it(self, floor: Floor) -> None:
        floor.sell(100, stop=10, limit=10.5)
        assert floor.bar(11, 11.2, 9.5, 10.5) == []

    def test_untriggered_limit_part_does_not_work(self, floor: Floor) -> None:
        floor.buy(100, stop=12, limit=11)
        assert floor.bar(10, 11.5, 9, 10) == []


class TestTrailing:
    def test_tested_against_the_level_of_earlier_bars_before_the_level_moves(self, floor: Floor) -> None:
        floor.buy(100)
        floor.flat(100)
        order = floor.sell(100, stop=95, trail=5)
        assert floor.bar(100, 120, 96, 118) == []
        assert floor.slot(order).stop == 115
        assert floor.bar(116, 117, 114, 116) == [Filled(2, order, -100, 115, c.AT_STOP)]

    def test_percent_trails_by_a_fraction_of_the_extreme(self, floor: Floor) -> None:
        floor.buy(100)
        floor.flat(100)
        order = floor.sell(100, stop=90, trail_fraction=0.1)
        floor.bar(100, 110, 99, 105)
        assert floor.slot(order).stop == pytest.approx(99)

    def test_level_never_moves_back(self, floor: Floor) -> None:
        floor.buy(100)
        floor.flat(100)
        order = floor.sell(100, stop=95, trail=5)
        floor.bar(97, 98, 96, 97)
        assert floor.slot(order).stop == 95

    def test_over_a_short_position_it_follows_the_low(self, floor: Floor) -> None:
        order = floor.buy(100, stop=105, trail=5)
        floor.bar(100, 104, 90, 92)
        assert floor.slot(order).stop == 95
        assert floor.bar(96, 97, 94, 96) == [Filled(1, order, 100, 96, c.AT_OPEN)]

    def test_level_does_not_move_before_the_order_is_active(self, floor: Floor) -> None:
        order = floor.buy(100, stop=105, trail=5)
        floor.slot(order).active_time = 50
        floor.bar(100, 104, 90, 92)
        assert floor.slot(order).stop == 105


class TestBracket:
    def test_legs_of_an_entry_at_the_open_live_inside_that_bar(self, floor: Floor) -> None:
        entry = floor.buy(100, stop_loss=9, take_profit=12)
        assert floor.bar(10, 12.5, 9.5, 11) == [
            Filled(0, entry, 100, 10, c.AT_OPEN),
            Filled(0, entry + 2, -100, 12, c.AT_LIMIT),
        ]

    def test_both_reachable_in_one_bar_the_stop_fills(self, floor: Floor) -> None:
        entry = floor.buy(100, stop_loss=9, take_profit=12)
        assert floor.bar(10, 13, 8, 11)[1:] == [Filled(0, entry + 1, -100, 9, c.AT_STOP)]
        assert floor.reasons == {entry + 2: Reason.SIBLING_FILLED}

    @pytest.mark.parametrize("entry", [{}, {"limit": 9.9}], ids=["entered at the open", "entered inside"])
    def test_both_reachable_in_one_bar_the_stop_fills_even_where_the_target_is_older(
        self, floor: Floor, entry: dict[str, float]
    ) -> None:
        order = floor.buy(100, **entry, take_profit=10.5, stop_loss=9)
        assert [(fill.order, fill.price) for fill in floor.bar(10, 11, 8, 10.8)[1:]] == [(order + 2, 9)]

    def test_gap_past_the_target_fills_at_the_open(self, floor: Floor) -> None:
        entry = floor.buy(100, stop_loss=9, take_profit=12)
        floor.flat(10)
        assert floor.bar(13, 14, 8, 9) == [Filled(1, entry + 2, -100, 13, c.AT_OPEN)]

    def test_gap_past_the_stop_fills_at_the_open(self, floor: Floor) -> None:
        entry = floor.buy(100, stop_loss=9, take_profit=12)
        floor.flat(10)
        assert floor.bar(8, 13, 7, 12.5) == [Filled(1, entry + 1, -100, 8, c.AT_OPEN)]

    def test_entry_that_opens_beyond_its_stop_leaves_at_the_same_open(self, floor: Floor) -> None:
        entry = floor.buy(100, stop_loss=9, take_profit=12)
        assert floor.bar(8.5, 9.5, 8, 9) == [
            Filled(0, entry, 100, 8.5, c.AT_OPEN),
            Filled(0, entry + 1, -100, 8.5, c.AT_OPEN),
        ]

    def test_entry_that_opens_beyond_its_target_leaves_at_the_same_open(self, floor: Floor) -> None:
        entry = floor.buy(100, stop_loss=9, take_profit=12)
        assert floor.bar(12.5, 13, 8, 9)[1] == Filled(0, entry + 2, -100, 12.5, c.AT_OPEN)

    def test_stop_of_an_entry_inside_the_bar_fills_if_the_far_side_reaches_it(self, floor: Floor) -> None:
        entry = floor.buy(100, limit=9.5, stop_loss=9)
        assert floor.bar(10, 10.2, 9, 10) == [
            Filled(0, entry, 100, 9.5, c.AT_LIMIT),
            Filled(0, entry + 1, -100, 9, c.BORN),
        ]

    def test_stop_of_a_stop_entry_fills_at_its_price_not_at_the_open_before_the_entry(self, floor: Floor) -> None:
        entry = floor.buy(100, stop=104, stop_loss=103, take_profit=110)
        assert floor.bar(102, 105, 101.3, 104.5) == [
            Filled(0, entry, 100, 104, c.AT_STOP),
            Filled(0, entry + 1, -100, 103, c.BORN),
        ]

    def test_target_of_an_entry_inside_the_bar_fills_only_if_the_close_is_beyond(self, floor: Floor) -> None:
        floor.buy(100, limit=9.5, take_profit=10.5)
        assert [fill.phase for fill in floor.bar(10, 11, 9.4, 10.4)] == [c.AT_LIMIT]
        floor = Floor()
        entry = floor.buy(100, limit=9.5, take_profit=10.5)
        assert floor.bar(10, 11, 9.4, 10.6)[1] == Filled(0, entry + 1, -100, 10.5, c.BORN)

    def test_target_born_inside_does_not_fill_at_a_close_equal_to_it(self, floor: Floor) -> None:
        floor.buy(100, limit=9.5, take_profit=10.5)
        assert len(floor.bar(10, 11, 9.4, 10.5)) == 1

    @pytest.mark.parametrize(
        "entry",
        [{"limit": 95}, {"stop": 105}, {"stop": 105, "limit": 106}, {"stop": 105, "limit": 106, "triggered": 1}],
        ids=["limit", "stop", "stop-limit", "stop-limit of an earlier bar"],
    )
    def test_leg_born_beyond_its_level_fills_where_the_entry_did(self, floor: Floor, entry: dict[str, float]) -> None:
        floor.buy(10, **entry, stop_loss=107)
        floor.buy(10, **entry, take_profit=80)
        first, second, *legs = floor.bar(107 if "triggered" in entry else 100, 108, 90, 103)
        assert first.price == second.price in entry.values()
        assert [leg.price for leg in legs] == [first.price, first.price]

    def test_leg_of_a_stop_limit_knows_at_which_of_its_prices_it_filled(self, floor: Floor) -> None:
        entry = floor.buy(10, stop=105, limit=104, stop_loss=104.5)
        assert floor.bar(100, 106, 99, 103) == [
            Filled(0, entry, 10, 104, c.AT_STOP),
            Filled(0, entry + 1, -10, 104, c.BORN),
        ]

    def test_legs_of_an_entry_inside_live_in_all_phases_of_the_next_bar(self, floor: Floor) -> None:
        entry = floor.buy(100, limit=9.5, stop_loss=9, take_profit=12)
        floor.bar(10, 10.2, 9.4, 10)
        assert floor.bar(10, 12.5, 9.5, 10) == [Filled(1, entry + 2, -100, 12, c.AT_LIMIT)]

    def test_short_bracket_mirrors_the_long_one(self, floor: Floor) -> None:
        entry = floor.sell(100, stop_loss=11, take_profit=8)
        assert floor.bar(10, 11, 7, 9) == [
            Filled(0, entry, -100, 10, c.AT_OPEN),
            Filled(0, entry + 1, 100, 11, c.AT_STOP),
        ]

    def test_sleeping_legs_do_not_fill(self, floor: Floor) -> None:
        floor.buy(100, limit=5, stop_loss=4, take_profit=9)
        assert floor.bar(10, 12, 8, 10) == []


class TestTimeInForce:
    def test_day_order_lives_to_the_end_of_the_session(self, floor: Floor) -> None:
        order = floor.buy(100, limit=9, tif=c.DAY)
        floor.flat(10)
        floor.flat(10)
        floor.end_session()
        assert floor.ends == [(1, order, EventKind.EXPIRED, Reason.TIME_IN_FORCE)]

    def test_day_order_placed_at_the_last_close_of_a_session_lives_through_the_next(self, floor: Floor) -> None:
        floor.flat(10)
        order = floor.buy(100, limit=9, tif=c.DAY)
        floor.end_session()
        assert floor.open_ids() == [order]

    def test_other_orders_outlive_the_session(self, floor: Floor) -> None:
        order = floor.buy(100, limit=9)
        floor.flat(10)
        floor.end_session()
        assert floor.open_ids() == [order]

    def test_ioc_takes_what_the_open_gives_and_ends(self) -> None:
        floor = Floor(costs=TENTH)
        order = floor.buy(100, tif=c.IOC)
        assert floor.bar(10, 11, 9, 10, volume=300) == [Filled(0, order, 30, 10, c.AT_OPEN)]
        assert floor.ends == [(0, order, EventKind.CANCELLED, Reason.NOT_FILLED_AT_OPEN)]

    def test_ioc_limit_not_reached_at_the_open_does_not_fill_inside(self, floor: Floor) -> None:
        floor.buy(100, limit=9.5, tif=c.IOC)
        assert floor.bar(10, 11, 9, 10) == []
        assert floor.open_ids() == []

    def test_ioc_ends_in_a_first_bar_without_volume(self) -> None:
        floor = Floor(costs=TENTH)
        order = floor.buy(100, tif=c.IOC)
        assert floor.bar(10, 11, 9, 10, volume=0) == []
        assert floor.reasons == {order: Reason.NOT_FILLED_AT_OPEN}

    def test_filled_ioc_leaves_no_second_event(self, floor: Floor) -> None:
        floor.buy(100, tif=c.IOC)
        floor.flat(10)
        assert floor.ends == []

    def test_fok_fills_all(self, floor: Floor) -> None:
        order = floor.buy(100, tif=c.FOK)
        assert floor.flat(10) == [Filled(0, order, 100, 10, c.AT_OPEN)]

    def test_fok_fills_nothing_where_the_volume_gives_less(self) -> None:
        floor = Floor(costs=TENTH)
        order = floor.buy(100, tif=c.FOK)
        assert floor.flat(10, volume=990) == []
        assert floor.reasons == {order: Reason.NOT_FILLED_AT_OPEN}

    def test_fok_is_refused_rather_than_clipped(self) -> None:
        floor = Floor(cash=500)
        order = floor.buy(100, tif=c.FOK, clip=1)
        assert floor.flat(10) == []
        assert floor.reasons == {order: Reason.CANNOT_BE_PAID}

    def test_gtd_order_that_ends_before_the_open_does_not_fill(self, floor: Floor) -> None:
        order = floor.buy(100, tif=c.GTD, expires=50)
        floor.row = 1
        assert floor.flat(10) == []
        assert floor.ends == [(1, order, EventKind.EXPIRED, Reason.TIME_IN_FORCE)]

    def test_order_that_ends_before_the_open_leaves_its_money_to_that_open(self) -> None:
        floor = Floor(cash=1000)
        floor.buy(100, limit=9, tif=c.GTD, expires=50)
        order = floor.buy(100)
        floor.row = 1
        assert floor.flat(10) == [Filled(1, order, 100, 10, c.AT_OPEN)]

    def test_gtd_order_that_ends_inside_the_bar_fills_at_the_open_only(self, floor: Floor) -> None:
        at_open, inside = floor.buy(10, tif=c.GTD, expires=50), floor.buy(20, limit=9.5, tif=c.GTD, expires=50)
        assert floor.bar(10, 11, 9, 10) == [Filled(0, at_open, 10, 10, c.AT_OPEN)]
        assert floor.reasons == {inside: Reason.TIME_IN_FORCE}

    def test_gtd_order_that_ends_inside_the_bar_misses_its_close(self, floor: Floor) -> None:
        floor.order(c.ON_CLOSE, c.BUY, 10, tif=c.GTD, expires=50)
        assert floor.flat(10) == []

    def test_gtd_order_that_ends_at_the_close_lives_through_the_bar(self, floor: Floor) -> None:
        inside = floor.buy(20, limit=9.5, tif=c.GTD, expires=100)
        assert floor.bar(10, 11, 9, 10) == [Filled(0, inside, 20, 9.5, c.AT_LIMIT)]

    def test_clock_of_one_order_is_not_that_of_another(self, floor: Floor) -> None:
        timed, lasting = floor.buy(20, limit=9, tif=c.GTD, expires=100), floor.buy(20, limit=9)
        floor.flat(10)
        assert (floor.reasons, floor.open_ids()) == ({timed: Reason.TIME_IN_FORCE}, [lasting])

    def test_gtd_order_ends_at_its_time_while_the_book_would_sleep(self, floor: Floor) -> None:
        order = floor.buy(20, limit=5, tif=c.GTD, expires=250)
        for _ in range(3):
            floor.flat(10)
        assert floor.ends == [(2, order, EventKind.EXPIRED, Reason.TIME_IN_FORCE)]


class TestVolume:
    def test_orders_share_the_volume_of_a_bar_in_order_of_time(self) -> None:
        floor = Floor(costs=TENTH)
        first, second = floor.buy(80), floor.buy(80)
        assert floor.bar(10, 11, 9, 10, volume=1000) == [
            Filled(0, first, 80, 10, c.AT_OPEN),
            Filled(0, second, 20, 10, c.AT_OPEN),
        ]
        assert floor.bar(10, 11, 9, 10, volume=1000) == [Filled(1, second, 60, 10, c.AT_OPEN)]

    def test_what_the_open_took_is_not_there_inside_the_bar(self) -> None:
        floor = Floor(costs=TENTH)
        limit, market = floor.buy(80, limit=9.5), floor.buy(70)
        assert floor.bar(10, 11, 9, 10, volume=1000) == [
            Filled(0, market, 70, 10, c.AT_OPEN),
            Filled(0, limit, 30, 9.5, c.AT_LIMIT),
        ]

    def test_zero_volume_fills_nothing(self) -> None:
        floor = Floor(costs=TENTH)
        floor.buy(10)
        floor.buy(10, limit=10.5)
        floor.buy(10, stop=9.5)
        assert floor.bar(10, 11, 9, 10, volume=0) == []
        assert len(floor.open_ids()) == 3

    def test_bar_without_volume_triggers_no_stop(self) -> None:
        floor = Floor(costs=TENTH)
        floor.buy(10, stop=11)
        floor.bar(12, 13, 12, 12, volume=0)
        assert floor.bar(10, 10.5, 9, 10) == []

    def test_bar_without_volume_triggers_no_stop_inside_and_moves_no_level(self) -> None:
        floor = Floor(costs=TENTH)
        floor.buy(10, stop=11)
        trailing = floor.buy(10, stop=12, trail=1.0)
        floor.bar(10, 13, 9, 10, volume=0)
        assert floor.bar(10, 10.5, 9.9, 10) == []
        assert floor.slot(trailing).stop == pytest.approx(10.9)

    def test_zero_volume_fills_nothing_on_a_walk_either(self) -> None:
        floor = Floor(costs=TENTH, intrabar=c.OHLC)
        floor.buy(10, limit=9.5)
        assert floor.bar(10, 11, 9, 10, volume=0) == []

    def test_instrument_declared_without_volume_is_exempt(self) -> None:
        floor = Floor(Equity("ACME", has_volume=False), costs=TENTH)
        floor.buy(1000)
        assert floor.bar(10, 11, 9, 10, volume=0)[0].quantity == 1000

    def test_no_participation_cap_fills_everything(self) -> None:
        floor = Floor(costs=Costs.none())
        floor.buy(1000)
        assert floor.bar(10, 11, 9, 10, volume=1)[0].quantity == 1000

    def test_a_bar_in_which_nothing_traded_fills_nothing_even_without_a_cap(self) -> None:
        floor = Floor(costs=Costs.none())
        floor.buy(1000)
        assert floor.bar(10, 11, 9, 10, volume=0) == []

    def test_impact_counts_without_a_cap(self) -> None:
        impact = Costs(slippage=SquareRootImpact(0.1), commission=NoCommission(), participation=math.inf)
        floor = Floor(costs=impact)
        floor.buy(100)
        assert floor.flat(10, volume=10_000)[0].price == pytest.approx(10 * (1 + 0.1 * math.sqrt(0.01)))

    def test_share_of_the_volume_is_rounded_down_to_lots(self) -> None:
        floor = Floor(costs=TENTH)
        floor.buy(100)
        assert floor.flat(10, volume=129)[0].quantity == 12

    def test_volume_smaller_than_a_lot_fills_nothing(self) -> None:
        floor = Floor(costs=TENTH)
        floor.buy(100)
        assert floor.flat(10, volume=9) == []

    def test_legs_grow_with_what_the_entry_filled(self) -> None:
        floor = Floor(costs=TENTH)
        entry = floor.buy(100, stop_loss=9)
        floor.flat(10, volume=300)
        assert floor.slot(entry + 1).quantity == 30
        floor.flat(10, volume=400)
        assert floor.slot(entry + 1).quantity == 70


class TestIceberg:
    def test_without_known_volume_one_slice_fills_in_a_bar(self, floor: Floor) -> None:
        order = floor.buy(25, display=10)
        assert [fill.quantity for row in range(3) for fill in floor.flat(10)] == [10, 10, 5]
        assert floor.open_ids() == []
        assert floor.fills[0].order == order

    def test_one_slice_in_a_bar_that_reaches_it_at_the_open_and_inside(self, floor: Floor) -> None:
        floor.buy(30, limit=10, display=10)
        assert [fill.quantity for fill in floor.bar(10, 11, 9, 10)] == [10]

    def test_one_slice_in_a_bar_on_a_walk(self, floor: Floor) -> None:
        floor.exchange.intrabar = c.OHLC
        floor.buy(30, limit=10, display=10)
        assert [fill.quantity for fill in floor.bar(10, 11, 9, 10)] == [10]

    def test_known_volume_allows_as_many_whole_slices_as_it_holds(self) -> None:
        floor = Floor(costs=TENTH)
        floor.buy(100, display=20)
        assert [fill.quantity for fill in floor.flat(10, volume=650)] == [60]

    def test_volume_smaller_than_a_slice_fills_what_there_is(self) -> None:
        floor = Floor(costs=TENTH)
        floor.buy(100, display=20)
        assert [fill.quantity for fill in floor.flat(10, volume=150)] == [15]


class TestSlippageAndLimits:
    def test_slippage_works_against_the_trader(self) -> None:
        floor = Floor(costs=Costs(commission=NoCommission(), slippage=Bps(100)))
        floor.buy(10)
        assert floor.flat(10)[0].price == pytest.approx(10.1)
        floor.sell(10)
        assert floor.flat(10)[0].price == pytest.approx(9.9)

    def test_slippage_never_goes_through_a_limit(self) -> None:
        floor = Floor(costs=Costs(commission=NoCommission(), slippage=Bps(100)), margin=SHORTS)
        floor.buy(10, limit=10.05)
        floor.sell(10, limit=9.95)
        floor.buy(10, stop=9, limit=10.02)
        assert [fill.price for fill in floor.flat(10)] == [10.05, 9.95, 10.02]

    def test_slippage_of_a_stop_is_not_held(self) -> None:
        floor = Floor(costs=Costs(commission=NoCommission(), slippage=Bps(100)))
        floor.buy(10, stop=10)
        assert floor.bar(9, 11, 9, 10)[0].price == pytest.approx(10.1)
