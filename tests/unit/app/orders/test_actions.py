"""Splits: what they make of positions, brackets and resting orders."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.unit.app.orders.test_brackets import BOTH, Bracket

from tradewright.app.orders.book import LiveBook
from tradewright.app.orders.split import Split
from tradewright.domain.live.ids import IdRole
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.order import BracketPlan
from tradewright.domain.live.venue import VenueFill, VenueOrder, VenueStatus


def held(units=4):
    """A bracket that holds units, with a stop for them that rests."""
    bracket = Bracket(BOTH, units=units)
    bracket.fills(bracket.entry, units)
    bracket.is_final(bracket.entry)
    (stop,) = bracket.tend()
    bracket.works(stop)

    async def look(order, *, thoroughly):
        bracket.looked.append(order.cid)
        if bracket.shows is not None:
            bracket.road.witness.order_seen(shown(order, **bracket.shows))
        return False

    bracket.looked, bracket.shows = [], None
    bracket.road.resolver.look = look
    return bracket, stop


def shown(order, quantity, stop_price=None, status=VenueStatus.OPEN):
    return VenueOrder(
        vid=order.vid, cid=order.cid, symbol="AAA", side=order.wire.side, quantity=Decimal(quantity),
        filled=Decimal(0), status=status, created_ns=1, stop_price=stop_price,
    )  # fmt: skip


def split(bracket, ratio=Fraction(2), at_ns=0):
    one = Split("AAA", ratio, at_ns)
    bracket.run(bracket.road.actions.apply(one))
    return one


@pytest.mark.parametrize(("ratio", "units", "stop"), [(Fraction(2), 8, "47.5"), (Fraction(1, 3), 1, "285")])
def test_positions_lots_and_prices_are_of_the_new_units(ratio, units, stop):
    bracket, _ = held()
    split(bracket, ratio)
    book = bracket.office.book
    assert book.positions["AAA"] == units
    assert bracket.road.holdings.held(bracket.entry) == units
    assert bracket.entry.plan.stop == Decimal(stop)


def test_a_split_is_applied_once():
    bracket, _ = held()
    split(bracket)
    split(bracket)
    assert bracket.office.book.positions["AAA"] == 8


def test_a_replay_has_the_split():
    bracket, _ = held()
    split(bracket)
    again = LiveBook()
    again.replay(bracket.office.journal.disk.entries)
    assert again.state_hash == bracket.office.book.state_hash
    assert again.orders[bracket.entry.cid].plan == BracketPlan(Decimal("47.5"), Decimal("52.5"))


def test_a_stop_that_the_venue_adjusted_stays():
    bracket, stop = held()
    bracket.shows = {"quantity": 8, "stop_price": Decimal("47.5")}
    split(bracket)
    assert not stop.cancel_wanted
    assert (stop.wire.quantity, stop.wire.stop_price) == (8, Decimal("47.5"))
    assert not bracket.office.book.frozen
    assert bracket.tend() == [stop]


def test_a_stop_that_the_venue_left_as_it_was_is_placed_anew_once_it_has_ended():
    bracket, stop = held()
    bracket.shows = {"quantity": 4}
    split(bracket)
    assert stop.cancel_wanted
    assert bracket.tend() == [stop]
    bracket.is_final(stop)
    new = bracket.tend()[-1]
    assert (new.role, new.wire.quantity, new.wire.stop_price) == (IdRole.STOP, 8, Decimal("47.5"))


def test_a_stop_that_the_venue_cancelled_is_placed_anew():
    bracket, stop = held()
    bracket.shows = {"quantity": 4, "status": VenueStatus.CANCELLED}
    split(bracket)
    bracket.is_final(stop)
    assert bracket.tend()[-1].wire.quantity == 8


def test_an_old_picture_of_an_adjusted_stop_is_no_other_order():
    bracket, stop = held()
    bracket.shows = {"quantity": 8}
    split(bracket)
    bracket.road.witness.order_seen(shown(stop, 4))
    assert not bracket.office.book.frozen


def test_an_adjustment_that_is_seen_before_the_split_is_applied_is_no_other_order():
    bracket, stop = held()
    bracket.road.actions.expect(Split("AAA", Fraction(2), 0))
    bracket.road.witness.order_seen(shown(stop, 8))
    assert not bracket.office.book.frozen


def test_an_adjustment_that_no_split_explains_is_another_order():
    bracket, stop = held()
    bracket.road.witness.order_seen(shown(stop, 8))
    assert "AAA" in bracket.office.book.frozen


def test_nothing_is_sent_between_the_date_of_a_split_and_its_record():
    bracket, stop = held()
    bracket.road.actions.expect(Split("AAA", Fraction(2), bracket.office.now_ns() + 1_000_000_000))
    assert bracket.office.why_not(stop) is None
    bracket.wait(1)
    assert "split" in bracket.office.why_not(stop)
    assert bracket.road.holdings.is_between_units(bracket.entry)


def test_what_was_decided_before_a_split_is_not_sent_after_it():
    bracket, stop = held()
    split(bracket)
    stop.cancel_wanted = False
    assert "split" in bracket.office.why_not(stop)


def test_a_difference_that_an_expected_split_explains_is_no_break():
    bracket, _ = held()
    bracket.road.actions.expect(Split("AAA", Fraction(2), 0))
    assert bracket.run(bracket.road.actions.explains("AAA", Decimal(8)))
    assert bracket.office.book.positions["AAA"] == 8


def test_a_difference_that_it_does_not_explain_is_left_to_others():
    bracket, _ = held()
    bracket.road.actions.expect(Split("AAA", Fraction(2), 0))
    assert not bracket.run(bracket.road.actions.explains("AAA", Decimal(9)))
    assert not bracket.run(bracket.road.actions.explains("BBB", Decimal(9)))
    assert bracket.office.book.positions["AAA"] == 4


def filled(order, units, cumulative, at_ns, execution="late-1"):
    return VenueFill(
        execution_id=execution, vid=order.vid, cid=order.cid, symbol="AAA", side=order.wire.side,
        quantity=Decimal(units), price=Decimal(95), cumulative=Decimal(cumulative), at_ns=at_ns,
    )  # fmt: skip


SPLIT_NS = 1_000_000


def test_a_fill_from_after_a_split_is_booked_after_the_split():
    """The stop was adjusted and filled while nobody was there: it closed what is held, and no more."""
    bracket, stop = held()
    bracket.road.actions.expect(Split("AAA", Fraction(2), SPLIT_NS))
    bracket.road.witness.fill_seen(filled(stop, 8, 8, SPLIT_NS))
    assert bracket.road.holdings.held(bracket.entry) == 0
    assert bracket.office.book.positions["AAA"] == 0
    assert not bracket.office.book.frozen


def test_a_part_of_an_adjusted_stop_leaves_the_rest_of_it():
    bracket, stop = held()
    bracket.road.actions.expect(Split("AAA", Fraction(2), SPLIT_NS))
    bracket.road.witness.fill_seen(filled(stop, 4, 4, SPLIT_NS))
    assert stop.is_open
    bracket.road.witness.order_seen(replace(shown(stop, 8), filled=Decimal(4)))
    assert (stop.leaves, bracket.road.holdings.naked(bracket.entry)) == (4, 0)


def test_a_fill_from_before_a_split_that_is_told_after_it_counts_as_split():
    bracket, stop = held()
    split(bracket, at_ns=SPLIT_NS)
    bracket.road.witness.fill_seen(filled(stop, 1, 1, SPLIT_NS - 1))
    assert bracket.office.book.positions["AAA"] == 6
    assert bracket.road.holdings.held(bracket.entry) == 6
    again = LiveBook()
    again.replay(bracket.office.journal.disk.entries)
    assert again.positions["AAA"] == 6


def test_what_is_cut_to_lots_at_a_split_is_the_sum():
    bracket, stop = held(units=4)
    split(bracket, Fraction(1, 3), at_ns=SPLIT_NS)
    assert bracket.office.book.positions["AAA"] == 1
    bracket.road.witness.fill_seen(filled(stop, 1, 1, SPLIT_NS - 1))
    assert bracket.office.book.positions["AAA"] == 1
    bracket.road.witness.fill_seen(filled(stop, 1, 2, SPLIT_NS - 1, "late-2"))
    assert bracket.office.book.positions["AAA"] == 0


def test_somebody_elses_fill_from_after_a_split_waits_for_the_split_too():
    bracket, stop = held()
    bracket.office.note(RecordKind.BASELINE, positions={}, at=0)
    bracket.road.actions.expect(Split("AAA", Fraction(2), SPLIT_NS))
    theirs = replace(filled(stop, 1, 1, SPLIT_NS), vid="theirs", cid="hand")
    bracket.road.strangers.fill_seen(theirs)
    assert bracket.office.book.positions["AAA"] == 8 - 1


def test_without_execution_ids_the_executions_say_when_an_order_from_before_a_split_filled():
    bracket, stop = held()
    abilities = bracket.office.abilities
    truth = bracket.trader.world.truth
    truth.traits = replace(truth.traits, capabilities=replace(abilities, has_execution_ids=False))
    bracket.road.actions.expect(Split("AAA", Fraction(2), SPLIT_NS))
    bracket.road.witness.order_seen(replace(shown(stop, 8, status=VenueStatus.FILLED), filled=Decimal(8)))
    assert stop.filled == 0
    bracket.road.witness.fill_seen(filled(stop, 8, 8, SPLIT_NS))
    assert (stop.filled, bracket.office.book.positions["AAA"]) == (8, 0)
    assert not bracket.office.book.frozen
