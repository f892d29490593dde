"""Orders and their relatives: pairs, brackets, reservations, splits, slots."""

from __future__ import annotations

import pytest
from tests.exchange_harness import Filled, Floor, check_lists

from tradewright.domain.events import EventKind, Reason
from tradewright.domain.instrument import Equity, Future
from tradewright.simulation.costs import Costs, Margin, NoCommission, PerTrade
from tradewright.simulation.rules import constants as c
from tradewright.simulation.rules.orders import discard, new_order, split_orders

SHORTS = Margin(initial=0.5, maintenance=0.25)
TENTH = Costs(commission=NoCommission(), slippage_bps=0, participation=0.1)


class TestPairs:
    def test_one_of_a_pair_fills_and_the_other_is_cancelled(self) -> None:
        floor = Floor(margin=SHORTS)
        upper, lower = floor.buy(10, stop=11), floor.sell(10, stop=9)
        floor.oco(upper, lower)
        assert floor.bar(10, 11.5, 9.5, 11) == [Filled(0, upper, 10, 11, c.AT_STOP)]
        assert floor.ends == [(0, lower, EventKind.CANCELLED, Reason.SIBLING_FILLED)]

    def test_both_of_a_pair_reachable_the_worse_fills(self) -> None:
        floor = Floor(margin=SHORTS)
        limit, stop = floor.buy(10, limit=9), floor.buy(10, stop=11)
        floor.oco(limit, stop)
        assert floor.bar(10, 12, 8, 10) == [Filled(0, stop, 10, 11, c.AT_STOP)]

    def test_partial_fill_of_one_reduces_the_other(self) -> None:
        floor = Floor(costs=TENTH)
        limit, stop = floor.buy(100, limit=9), floor.buy(100, stop=11)
        floor.oco(limit, stop)
        floor.bar(10, 10, 8, 10, volume=300)
        assert floor.slot(stop).quantity == 70
        assert floor.slot(limit).filled == 30
        assert floor.bar(11, 11, 11, 11, volume=10_000) == [Filled(1, stop, 70, 11, c.AT_OPEN)]
        assert floor.reasons == {limit: Reason.SIBLING_FILLED}

    def test_partial_fill_as_large_as_the_other_ends_it(self) -> None:
        floor = Floor(costs=TENTH)
        large, small = floor.buy(100, limit=9), floor.buy(30, stop=11)
        floor.oco(large, small)
        floor.bar(10, 10, 8, 10, volume=300)
        assert floor.reasons == {small: Reason.SIBLING_FILLED}

    def test_smaller_of_a_pair_filled_whole_ends_the_larger(self) -> None:
        floor = Floor()
        large, small = floor.buy(100, limit=9), floor.buy(30, stop=11)
        floor.oco(large, small)
        floor.bar(10, 11, 10, 10)
        assert floor.reasons == {large: Reason.SIBLING_FILLED}

    def test_one_that_ended_in_this_bar_is_not_reduced_by_the_other(self) -> None:
        floor = Floor(costs=TENTH)
        timed, stop = floor.buy(100, limit=9, tif=c.IOC), floor.buy(100, stop=11)
        floor.oco(timed, stop)
        assert floor.bar(10, 11, 10, 10, volume=300) == [Filled(0, stop, 30, 11, c.AT_STOP)]
        assert floor.reasons == {timed: Reason.NOT_FILLED_AT_OPEN}
        assert floor.open_ids() == [stop]

    def test_cancelling_one_leaves_the_other_and_its_reused_slot_alone(self) -> None:
        floor = Floor()
        limit, stop = floor.buy(10, limit=9), floor.buy(10, stop=11)
        floor.oco(limit, stop)
        floor.cancel(limit)
        other = floor.buy(10, limit=8)
        assert floor.slot(other).slot == 0
        floor.bar(10, 11, 10, 10)
        assert floor.open_ids() == [other]

    def test_partial_fill_of_a_target_shrinks_the_stop(self) -> None:
        floor = Floor(costs=TENTH)
        entry = floor.buy(100, stop_loss=9, take_profit=12)
        floor.flat(10)
        floor.bar(11, 13, 10, 11, volume=400)
        assert (floor.slot(entry + 1).quantity, floor.slot(entry + 2).filled) == (60, 40)
        assert floor.bar(8, 8, 8, 8) == [Filled(2, entry + 1, -60, 8, c.AT_OPEN)]
        assert floor.position == 0


class TestLegs:
    def test_legs_sleep_until_the_entry_fills(self) -> None:
        floor = Floor()
        entry = floor.buy(10, limit=9, stop_loss=8, take_profit=12)
        assert [order.quantity for order in floor.working()] == [10, 0, 0]
        floor.flat(9)
        assert [(order.id, order.quantity) for order in floor.working()] == [(entry + 1, 10), (entry + 2, 10)]

    def test_entry_that_ends_unfilled_ends_its_legs(self) -> None:
        floor = Floor()
        entry = floor.buy(10, limit=9, stop_loss=8, take_profit=12)
        floor.cancel(entry)
        assert floor.reasons == {
            entry: Reason.BY_STRATEGY,
            entry + 1: Reason.ENTRY_ENDED,
            entry + 2: Reason.ENTRY_ENDED,
        }

    def test_refused_entry_ends_its_legs(self) -> None:
        floor = Floor(cash=50)
        floor.buy(10, stop_loss=8)
        floor.flat(9)
        assert floor.open_ids() == []

    def test_entry_cancelled_after_a_part_keeps_the_legs_of_that_part(self) -> None:
        floor = Floor(costs=TENTH)
        entry = floor.buy(100, stop_loss=8, take_profit=12)
        floor.flat(10, volume=300)
        floor.cancel(entry)
        assert [(order.id, order.quantity) for order in floor.working()] == [(entry + 1, 30), (entry + 2, 30)]

    def test_leg_that_fills_ends_what_the_entry_has_left(self) -> None:
        floor = Floor(costs=TENTH)
        entry = floor.buy(100, limit=10, stop_loss=9)
        floor.flat(10, volume=300)
        assert floor.bar(10.5, 10.5, 9, 9.5, volume=10_000)[0] == Filled(1, entry + 1, -30, 9, c.AT_STOP)
        assert floor.reasons == {entry: Reason.SIBLING_FILLED}
        assert floor.position == 0

    def test_legs_protect_only_what_the_entry_opened(self) -> None:
        floor = Floor(margin=SHORTS)
        floor.sell(40)
        floor.flat(10)
        entry = floor.buy(100, stop_loss=9)
        floor.flat(10)
        assert floor.slot(entry + 1).quantity == 60

    def test_legs_of_an_entry_that_only_closed_end(self) -> None:
        floor = Floor(margin=SHORTS)
        floor.sell(100)
        floor.flat(10)
        entry = floor.buy(100, stop_loss=9, take_profit=12)
        floor.flat(10)
        assert floor.reasons == {entry + 1: Reason.ENTRY_ENDED, entry + 2: Reason.ENTRY_ENDED}

    def test_legs_end_when_their_position_is_closed_otherwise(self) -> None:
        floor = Floor()
        entry = floor.buy(100, stop_loss=9, take_profit=12)
        floor.flat(10)
        floor.sell(100)
        floor.flat(10)
        assert floor.reasons == {entry + 1: Reason.NOTHING_TO_PROTECT, entry + 2: Reason.NOTHING_TO_PROTECT}

    def test_legs_end_when_their_position_is_closed_at_the_open_that_made_it(self) -> None:
        floor = Floor()
        entry = floor.buy(100, stop_loss=9)
        floor.sell(100)
        floor.flat(10)
        assert floor.reasons == {entry + 1: Reason.NOTHING_TO_PROTECT}

    def test_legs_of_an_entry_long_gone_end_whatever_else_works_in_the_book(self) -> None:
        floor = Floor()
        entry = floor.buy(100, stop_loss=9)
        floor.flat(10)
        others = [floor.buy(1, limit=5) for _ in range(2)]
        close = floor.sell(100)
        floor.flat(10)
        assert floor.fills[-1].order == close
        assert (floor.reasons, floor.open_ids()) == ({entry + 1: Reason.NOTHING_TO_PROTECT}, others)

    def test_legs_wait_while_a_partly_filled_entry_has_only_closed(self) -> None:
        floor = Floor(margin=SHORTS, costs=TENTH)
        floor.sell(50)
        floor.flat(10)
        entry = floor.buy(100, stop_loss=9)
        floor.flat(10, volume=300)
        assert floor.slot(entry + 1).quantity == 0
        floor.flat(10, volume=700)
        assert (floor.position, floor.slot(entry + 1).quantity) == (50, 50)

    def test_legs_end_when_their_position_is_turned(self) -> None:
        floor = Floor(margin=SHORTS)
        entry = floor.buy(100, stop_loss=9)
        floor.flat(10)
        turn = floor.sell(150, stop_loss=12)
        floor.flat(10)
        assert floor.reasons == {entry + 1: Reason.NOTHING_TO_PROTECT}
        assert [(order.id, order.quantity) for order in floor.working()] == [(turn + 1, 50)]

    def test_sleeping_legs_of_another_entry_survive_a_close(self) -> None:
        floor = Floor()
        first = floor.buy(100)
        waiting = floor.buy(100, limit=8, stop_loss=7)
        floor.flat(10)
        floor.sell(100)
        floor.flat(10)
        assert floor.open_ids() == [waiting, waiting + 1]
        assert first == 1

    def test_working_entry_keeps_protection_for_what_it_has_yet_to_fill(self) -> None:
        floor = Floor(costs=TENTH)
        entry = floor.buy(100, limit=10, stop_loss=9)
        floor.flat(10, volume=300)
        floor.sell(30)
        floor.bar(10.5, 10.5, 10.5, 10.5)
        assert floor.position == 0
        floor.flat(10, volume=400)
        assert (floor.position, floor.slot(entry + 1).quantity) == (40, 40)
        assert floor.bar(8, 8, 8, 8)[0] == Filled(3, entry, 30, 8, c.AT_OPEN)
        assert floor.position == 0

    def test_protection_that_began_to_fill_is_armed_anew_for_the_rest_of_its_entry(self) -> None:
        floor = Floor(costs=TENTH)
        leave, entry = floor.sell(40, limit=12), floor.buy(100, limit=10, stop_loss=9)
        floor.flat(10, volume=500)
        assert floor.bar(10.5, 10.5, 9, 10.5, volume=100) == [Filled(1, entry + 1, -10, 9, c.AT_STOP)]
        assert floor.flat(12) == [Filled(2, leave, -40, 12, c.AT_OPEN)]
        assert floor.flat(10, volume=400) == [Filled(3, entry, 40, 10, c.AT_OPEN)]
        assert floor.flat(10.5) == []
        assert floor.bar(10.5, 10.5, 9, 10, volume=10_000)[0] == Filled(5, entry + 1, -40, 9, c.AT_STOP)

    def test_leg_never_closes_more_than_the_position(self) -> None:
        floor = Floor()
        entry = floor.buy(100, stop_loss=9)
        floor.flat(10)
        floor.sell(60)
        floor.flat(10)
        assert floor.flat(8) == [Filled(2, entry + 1, -40, 8, c.AT_OPEN)]


class TestReservations:
    def test_resting_order_holds_back_its_price_and_costs(self) -> None:
        floor = Floor(costs=Costs(commission=PerTrade(2), slippage_bps=0))
        floor.buy(10, limit=9)
        assert floor.exchange.reserved == 92

    def test_stop_holds_back_at_its_stop_and_a_stop_limit_at_its_limit(self) -> None:
        floor = Floor()
        floor.buy(10, stop=11)
        floor.buy(10, stop=11, limit=12)
        assert floor.exchange.reserved == 230

    def test_resting_order_reduces_buying_power(self) -> None:
        floor = Floor(cash=1000)
        floor.buy(60, limit=9)
        refused = floor.buy(60)
        assert floor.flat(10) == []
        assert floor.reasons == {refused: Reason.CANNOT_BE_PAID}

    def test_held_back_money_pays_for_its_own_order(self) -> None:
        floor = Floor(cash=900)
        order = floor.buy(100, limit=9)
        assert floor.flat(9) == [Filled(0, order, 100, 9, c.AT_OPEN)]
        assert floor.exchange.reserved == 0

    def test_partial_fill_releases_its_share(self) -> None:
        floor = Floor(costs=TENTH)
        floor.buy(100, limit=9)
        floor.flat(9, volume=300)
        assert floor.exchange.reserved == pytest.approx(630)

    def test_cancelled_order_releases_everything(self) -> None:
        floor = Floor()
        floor.cancel(floor.buy(100, limit=9))
        assert floor.exchange.reserved == 0

    def test_market_orders_and_legs_hold_back_nothing(self) -> None:
        floor = Floor()
        floor.buy(100, stop_loss=8, take_profit=12)
        floor.order(c.ON_CLOSE, c.BUY, 10)
        assert floor.exchange.reserved == 0

    def test_closing_part_holds_back_nothing(self) -> None:
        floor = Floor(margin=SHORTS)
        floor.buy(100)
        floor.flat(10)
        floor.sell(150, limit=12)
        assert floor.exchange.reserved == 50 * 12 * 0.5

    def test_order_that_only_closes_holds_back_not_even_its_fee(self) -> None:
        floor = Floor(margin=SHORTS, costs=Costs(commission=PerTrade(2), slippage_bps=0))
        floor.buy(100)
        floor.flat(10)
        floor.sell(100, limit=12)
        assert floor.exchange.reserved == 0

    def test_sold_future_holds_back_its_margin_though_shares_may_not_be_shorted(self) -> None:
        floor = Floor(Future("FUT", "XEUR", multiplier=10.0, margin=1000.0), margin=Margin(shorts=False))
        floor.sell(2, limit=12)
        assert floor.exchange.reserved == 2000

    def test_sell_that_may_not_open_a_short_holds_back_nothing(self) -> None:
        floor = Floor(cash=1000)
        entry, leave = floor.buy(100), floor.sell(100, limit=12)
        assert floor.bar(10, 13, 10, 11) == [
            Filled(0, entry, 100, 10, c.AT_OPEN),
            Filled(0, leave, -100, 12, c.AT_LIMIT),
        ]


class TestSplits:
    def test_split_restates_units_and_prices_of_working_orders(self) -> None:
        floor = Floor(costs=TENTH)
        order = floor.buy(100, stop=110, limit=120, display=50)
        trailing = floor.sell(40, stop=90, trail=10)
        split_orders(floor.exchange, floor.books[0], 2.0)
        slot = floor.slot(order)
        assert (slot.quantity, slot.stop, slot.limit, slot.display) == (200, 55, 60, 100)
        assert (floor.slot(trailing).stop, floor.slot(trailing).trail) == (45, 5)

    def test_what_is_left_of_an_order_stays_in_whole_lots(self) -> None:
        floor = Floor(costs=TENTH)
        order = floor.buy(10, limit=100)
        floor.flat(100, volume=30)
        split_orders(floor.exchange, floor.books[0], 1.25)
        assert (floor.slot(order).filled, floor.slot(order).quantity) == (3.75, 11.75)

    def test_order_left_with_less_than_a_lot_ends(self) -> None:
        floor = Floor()
        order, other = floor.buy(5, limit=100), floor.buy(20, limit=100)
        split_orders(floor.exchange, floor.books[0], 0.1)
        assert floor.reasons == {order: Reason.ZERO_QUANTITY}
        assert floor.open_ids() == [other]
        assert floor.slot(other).quantity == 2
        check_lists(floor.books[0])

    def test_sleeping_legs_survive_a_split(self) -> None:
        floor = Floor()
        entry = floor.buy(10, limit=100, stop_loss=90)
        split_orders(floor.exchange, floor.books[0], 0.1)
        assert floor.open_ids() == [entry, entry + 1]
        assert floor.slot(entry + 1).stop == 900


class TestSlots:
    def test_full_book_grows_and_keeps_every_order(self) -> None:
        floor = Floor(cash=1e9)
        ids = [floor.buy(1, limit=5) for _ in range(9)]
        assert floor.open_ids() == ids
        assert len(floor.books[0].orders) == 16
        check_lists(floor.books[0])

    def test_slot_is_reused_and_a_number_is_not(self) -> None:
        floor = Floor()
        first = floor.buy(1, limit=5)
        slot = floor.slot(first).slot
        floor.cancel(first)
        second = floor.buy(1, limit=5)
        assert floor.slot(second).slot == slot
        assert second == first + 1

    @pytest.mark.parametrize("leg", ["stop_loss", "take_profit"])
    def test_slot_of_a_cancelled_leg_is_no_leg_to_whoever_reuses_it(self, leg: str) -> None:
        floor = Floor()
        entry = floor.buy(10, limit=10, **{leg: 10.0})
        floor.cancel(entry + 1)
        other = floor.buy(1, limit=5)
        floor.flat(10)
        assert (floor.slot(other).slot, floor.slot(other).quantity) == (1, 1)

    @pytest.mark.parametrize("leg", ["stop_loss", "take_profit"])
    def test_slot_of_a_filled_entry_is_no_entry_to_its_legs(self, leg: str) -> None:
        floor = Floor(costs=TENTH)
        entry = floor.buy(10, **{leg: 10.0 if leg == "take_profit" else 9.0})
        floor.bar(9.5, 9.6, 9.4, 9.5)
        other = floor.buy(1, limit=5)
        assert floor.slot(other).slot == 0
        floor.bar(9.5, 11, 8, 9.5)
        assert floor.open_ids() == [other]
        assert floor.fills[-1].order == entry + 1

    @pytest.mark.parametrize("before", [1, 2, 3], ids=["entry", "stop", "target"])
    def test_first_slot_is_a_slot_like_any_other(self, before: int) -> None:
        floor = Floor()
        for number in [floor.buy(1, limit=5) for _ in range(before)]:
            floor.cancel(number)
        entry = floor.buy(10, stop_loss=9, take_profit=12)
        assert [order.slot for order in floor.working()].index(0) == before - 1
        floor.flat(10)
        assert [order.quantity for order in floor.working()] == [10, 10]
        assert floor.bar(11, 13, 10, 11) == [Filled(1, entry + 2, -10, 12, c.AT_LIMIT)]
        assert floor.reasons[entry + 1] == Reason.SIBLING_FILLED
        assert floor.open_ids() == []

    @pytest.mark.parametrize("before", [2, 3], ids=["stop", "target"])
    def test_leg_in_the_first_slot_ends_with_its_entry(self, before: int) -> None:
        floor = Floor()
        for number in [floor.buy(1, limit=5) for _ in range(before)]:
            floor.cancel(number)
        floor.cancel(floor.buy(10, limit=8, stop_loss=7, take_profit=12))
        assert floor.open_ids() == []

    def test_reused_slot_starts_afresh(self) -> None:
        floor = Floor()
        old = floor.buy(10, stop=9, limit=8, trail=1.0, display=5.0, tif=c.GTD, expires=10_000, clip=1, take_profit=20)
        floor.bar(9, 9.5, 8.5, 9)
        floor.cancel(old)
        new = floor.slot(floor.buy(1, limit=5))
        fresh = Floor()
        reference = fresh.slot(fresh.buy(1, limit=5))
        skipped = {"id", "slot", "next", "previous", "active_time", "expires"}
        for name in set(reference.__slots__) - skipped:
            assert repr(getattr(new, name)) == repr(getattr(reference, name)), name

    def test_discarded_order_leaves_its_reason_and_its_slot(self) -> None:
        floor = Floor()
        book = floor.books[0]
        order = book.orders[new_order(floor.exchange, book, c.LIMIT, c.BUY, 10)]
        discard(floor.exchange, book, order, c.REJECTED, c.ZERO_QUANTITY)
        assert floor.ends == [(0, 1, EventKind.REJECTED, Reason.ZERO_QUANTITY)]
        check_lists(book)

    def test_ending_an_ended_order_changes_nothing(self) -> None:
        floor = Floor()
        first, second = floor.buy(10, limit=9), floor.buy(10, limit=9)
        floor.oco(first, second)
        floor.flat(8)
        assert len(floor.ends) == 1


class TestBooks:
    def test_orders_of_one_book_leave_the_other_alone(self) -> None:
        floor = Floor(Equity("ACME"), Equity("BOLT"))
        here, there = floor.buy(10), floor.buy(10, book=1, limit=5)
        floor.bars({0: (10, 10, 10, 10, 1e9), 1: (10, 10, 10, 10, 1e9)})
        assert floor.fills == [Filled(0, here, 10, 10, c.AT_OPEN)]
        assert floor.open_ids(1) == [there]
