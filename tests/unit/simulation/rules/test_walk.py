"""The walk O → nearer extreme → farther extreme → C."""

from __future__ import annotations

import pytest
from tests.exchange_harness import Filled, Floor

from tradewright.domain.events import Reason
from tradewright.simulation.costs import Costs, Margin, NoCommission
from tradewright.simulation.rules import constants as c

TENTH = Costs(commission=NoCommission(), slippage_bps=0, participation=0.1)


@pytest.fixture
def floor() -> Floor:
    """A margin account whose bars are walked."""
    return Floor(margin=Margin(), cash=1_000_000.0, intrabar=c.OHLC)


def test_nearer_extreme_comes_first(floor: Floor) -> None:
    entry = floor.buy(100, stop_loss=9, take_profit=11)
    assert floor.bar(10, 11.1, 8.5, 9)[1] == Filled(0, entry + 2, -100, 11, c.AT_LIMIT)


def test_farther_extreme_comes_second(floor: Floor) -> None:
    entry = floor.buy(100, stop_loss=9, take_profit=11)
    assert floor.bar(10, 12, 9, 11)[1] == Filled(0, entry + 1, -100, 9, c.AT_STOP)


def test_at_equal_distances_the_low_comes_first(floor: Floor) -> None:
    entry = floor.buy(100, stop_loss=9, take_profit=11)
    assert floor.bar(10, 11.5, 8.5, 10)[1] == Filled(0, entry + 1, -100, 9, c.AT_STOP)


def test_stop_passed_before_the_entry_does_not_fill(floor: Floor) -> None:
    entry = floor.buy(100, stop=104, stop_loss=103, take_profit=110)
    assert floor.bar(102, 105, 101.3, 104.5) == [Filled(0, entry, 100, 104, c.AT_STOP)]


def test_leg_born_on_the_way_fills_where_the_walk_meets_it_later(floor: Floor) -> None:
    entry = floor.buy(100, stop=104, stop_loss=103, take_profit=110)
    assert floor.bar(102, 105, 101.3, 102)[1] == Filled(0, entry + 1, -100, 103, c.AT_STOP)


def test_last_stretch_reaches_the_close(floor: Floor) -> None:
    order = floor.buy(100, limit=10)
    floor.slot(order).active_time = 0
    assert floor.bar(10.5, 11, 9, 10.5) == [Filled(0, order, 100, 10, c.AT_LIMIT)]


def test_sell_limit_and_buy_stop_wait_above(floor: Floor) -> None:
    sell, buy = floor.sell(10, limit=11), floor.buy(20, stop=10.5)
    assert floor.bar(10, 12, 9.9, 10) == [
        Filled(0, buy, 20, 10.5, c.AT_STOP),
        Filled(0, sell, -10, 11, c.AT_LIMIT),
    ]


def test_orders_at_one_price_fill_by_number(floor: Floor) -> None:
    first, second = floor.buy(10, limit=9), floor.buy(20, limit=9)
    assert [fill.order for fill in floor.bar(10, 10.5, 8, 10)] == [first, second]


def test_touched_limit_waits_and_touched_stop_fills(floor: Floor) -> None:
    floor.buy(10, limit=9)
    floor.sell(10, limit=11)
    stop, other = floor.sell(20, stop=9), floor.buy(30, stop=11)
    assert [fill.order for fill in floor.bar(10, 11, 9, 10)] == [stop, other]


def test_touch_is_enough_where_asked_for(floor: Floor) -> None:
    floor.exchange.touch = 1
    order, sell = floor.buy(10, limit=9), floor.sell(10, limit=11)
    assert [fill.order for fill in floor.bar(10, 11, 9, 10)] == [order, sell]


def test_stop_limit_triggers_and_fills_on_the_same_walk(floor: Floor) -> None:
    order = floor.buy(10, stop=11, limit=10.5)
    assert floor.bar(10, 11.5, 9.8, 10.2) == [Filled(0, order, 10, 10.5, c.AT_LIMIT)]


def test_stop_limit_inside_its_limit_fills_at_the_trigger(floor: Floor) -> None:
    order = floor.buy(10, stop=11, limit=11.2)
    assert floor.bar(10, 11.5, 9.8, 10.2) == [Filled(0, order, 10, 11, c.AT_STOP)]


def test_stop_limit_with_one_price_for_both_fills_there(floor: Floor) -> None:
    order = floor.sell(10, stop=9, limit=9)
    assert floor.bar(10, 10.5, 8, 10) == [Filled(0, order, -10, 9, c.AT_STOP)]


def test_stop_limit_whose_limit_is_not_met_again_stays(floor: Floor) -> None:
    order = floor.buy(10, stop=11, limit=9.9)
    assert floor.bar(10, 11.5, 9.5, 11) == []
    assert floor.slot(order).triggered == 1


def test_trailing_level_is_that_of_earlier_bars(floor: Floor) -> None:
    order = floor.sell(10, stop=9.5, trail=0.5)
    assert floor.bar(10, 10.9, 9.6, 10.8) == []
    assert floor.slot(order).stop == pytest.approx(10.4)


def test_order_is_tried_once_on_a_walk() -> None:
    floor = Floor(costs=TENTH, intrabar=c.OHLC)
    floor.buy(100, limit=9.5)
    assert [fill.quantity for fill in floor.bar(10, 11, 9, 9.2, volume=500)] == [50]
    assert [fill.quantity for fill in floor.bar(10, 11, 9, 9.2, volume=500)] == [50]


def test_stop_with_a_part_left_does_not_meet_the_walk_again() -> None:
    floor = Floor(costs=TENTH, intrabar=c.OHLC)
    order = floor.buy(100, stop=10.5)
    assert [fill.quantity for fill in floor.bar(10, 11, 9, 10.8, volume=500)] == [50]
    assert floor.flat(9) == [Filled(1, order, 50, 9, c.AT_OPEN)]


def test_order_not_yet_at_the_venue_is_passed_by(floor: Floor) -> None:
    order = floor.buy(100, limit=9.5)
    floor.slot(order).active_time = 50
    assert floor.bar(10, 11, 9, 10) == []


def test_timed_order_that_ends_inside_the_bar_is_passed_by(floor: Floor) -> None:
    order = floor.buy(100, limit=9.5, tif=c.GTD, expires=50)
    assert floor.bar(10, 11, 9, 10) == []
    assert floor.reasons == {order: Reason.TIME_IN_FORCE}


def test_order_for_the_close_fills_after_the_walk(floor: Floor) -> None:
    close, limit = floor.order(c.ON_CLOSE, c.BUY, 10), floor.buy(10, limit=9.5)
    assert [fill.order for fill in floor.bar(10, 11, 9, 10.5)] == [limit, close]


def test_pair_met_on_a_walk_fills_once(floor: Floor) -> None:
    upper, lower = floor.buy(10, stop=11), floor.sell(10, stop=9)
    floor.oco(upper, lower)
    assert [fill.order for fill in floor.bar(10, 11.2, 8, 10)] == [upper]


def test_leg_born_beyond_its_level_fills_where_the_market_stands(floor: Floor) -> None:
    entry = floor.buy(10, stop=11, take_profit=10.5)
    assert floor.bar(10, 11.5, 9.9, 11.5)[1] == Filled(0, entry + 1, -10, 11, c.AT_LIMIT)


@pytest.mark.parametrize("high", [10.2, 12.0], ids=["high first", "low first"])
def test_way_to_the_close_fills_what_was_born_at_the_extreme(floor: Floor, high: float) -> None:
    entry = floor.buy(10, limit=9.2, take_profit=9.8)
    assert floor.bar(10, high, 9, 10)[1] == Filled(0, entry + 1, -10, 9.8, c.AT_LIMIT)


def test_way_from_the_high_to_the_close_fills_a_stop_born_there(floor: Floor) -> None:
    entry = floor.buy(10, stop=11, stop_loss=10.5)
    assert floor.bar(10, 12, 9.5, 10)[1] == Filled(0, entry + 1, -10, 10.5, c.AT_STOP)


def test_timed_order_that_outlives_the_bar_fills_on_its_walk(floor: Floor) -> None:
    order = floor.buy(100, limit=9.5, tif=c.GTD, expires=100)
    assert floor.bar(10, 11, 9, 10) == [Filled(0, order, 100, 9.5, c.AT_LIMIT)]
