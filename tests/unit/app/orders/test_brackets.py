"""Brackets: what is covered, by what, and what is done where more was closed than there was."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.faults.script import scenario
from tests.faults.world import Trader, World

from tradewright.app.orders.submit import Decision, Intent
from tradewright.domain.errors import OrderError
from tradewright.domain.live.ids import DecisionKey, IdRole
from tradewright.domain.live.order import BracketPlan, Lifecycle
from tradewright.domain.live.venue import BracketKind, ReplaceKind, VenueFill
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide


class Bracket:
    """A bracket on a road whose venue does what the test says."""

    def __init__(self, plan, units=2, least=None, **abilities):
        drawn = scenario(0)
        capabilities = replace(drawn.traits.capabilities, has_execution_ids=True, **abilities)
        plain = replace(drawn, traits=replace(drawn.traits, capabilities=capabilities))
        self.trader = Trader(World(plain), "A")
        self.office, self.road = self.trader.office, self.trader.road
        self.office.settings = replace(self.office.settings, least=least or {})
        self.office.journal.open()
        self.office.journal.begin_epoch(1)
        self.office.gate_is_open = True
        self.office.spawn = lambda work: work.close()
        wire = WireOrder(symbol="AAA", side=OrderSide.BUY, quantity=Decimal(units))
        intent = Intent(self.office.approver.approve(wire), 1 << 62, plan)
        (cid,) = self.run(self.road.submitter.decide(Decision(DecisionKey(5, "AAA"), (intent,))))
        self.entry = self.office.book.orders[cid]
        self.works(self.entry)

    def run(self, work):
        return self.trader.world.loop.run(work)

    def works(self, order):
        self.office.note("OUTCOME", cid=order.cid, row="drill", to="W", vid=f"v{order.cid}")

    def fills(self, order, units=1):
        self.road.witness.fill_seen(
            VenueFill(
                execution_id=f"{order.cid}{order.filled}", vid=order.vid, cid=order.cid, symbol="AAA",
                side=order.wire.side, quantity=Decimal(units), price=Decimal(100),
                cumulative=order.filled + units, at_ns=1,
            )
        )  # fmt: skip

    def is_final(self, *orders):
        for order in orders:
            self.office.note("FINAL", cid=order.cid, to="C" if order.is_open else order.state.value, filled="0")

    def tend(self):
        self.run(self.road.brackets.tend(self.entry))
        return self.children()

    def children(self, *roles):
        return self.office.book.children(self.entry.cid, *roles)

    def wait(self, seconds):
        self.trader.world.loop._now += seconds


BOTH = BracketPlan(Decimal(95), Decimal(105))


@pytest.mark.parametrize("kind", BracketKind)
def test_a_part_that_filled_is_covered_whatever_the_venue_calls_a_bracket(kind):
    bracket = Bracket(BOTH, bracket=kind)
    bracket.fills(bracket.entry)
    (stop,) = bracket.tend()
    assert (stop.role, stop.wire.quantity, stop.wire.stop_price) == (IdRole.STOP, 1, 95)


def test_a_bracket_with_a_target_alone_has_no_stop_and_is_never_naked():
    bracket = Bracket(BracketPlan(target=Decimal(105)))
    bracket.fills(bracket.entry)
    assert bracket.tend() == []
    bracket.wait(60)
    assert bracket.road.holdings.measure(bracket.entry) == 0
    bracket.run(bracket.road.brackets.price("AAA", Decimal(105)))
    assert bracket.entry.cid in bracket.office.book.exits


def test_a_bracket_with_a_stop_alone_is_left_by_no_price():
    bracket = Bracket(BracketPlan(Decimal(95)))
    bracket.fills(bracket.entry)
    bracket.run(bracket.road.brackets.price("AAA", Decimal(1000)))
    assert bracket.entry.cid not in bracket.office.book.exits


def test_seconds_without_a_stop_are_counted():
    bracket = Bracket(BOTH)
    bracket.fills(bracket.entry)
    (stop,) = bracket.tend()
    bracket.wait(3)
    assert bracket.road.holdings.measure(bracket.entry) == pytest.approx(3, abs=0.1)
    bracket.works(stop)
    bracket.road.holdings.measure(bracket.entry)
    assert bracket.road.holdings.bare_s[bracket.entry.cid] == pytest.approx(3, abs=0.1)


def test_a_stop_that_never_arrived_in_time_is_not_sent_again():
    bracket = Bracket(BOTH)
    bracket.fills(bracket.entry)
    (stop,) = bracket.tend()
    assert bracket.road.resolver.is_wanted(stop)
    bracket.wait(bracket.office.settings.naked_s + 1)
    assert not bracket.road.resolver.is_wanted(stop)


def test_units_whose_stop_the_venue_does_not_take_are_sold():
    bracket = Bracket(BOTH)
    bracket.fills(bracket.entry)
    (stop,) = bracket.tend()
    bracket.office.note("OUTCOME", cid=stop.cid, row="drill", to="R")
    assert [order.role for order in bracket.tend()] == [IdRole.STOP, IdRole.EXIT]


def test_a_refused_exit_is_not_asked_for_again():
    bracket = Bracket(BOTH)
    bracket.fills(bracket.entry)
    for order in (bracket.tend()[-1], bracket.tend()[-1]):
        bracket.office.note("OUTCOME", cid=order.cid, row="drill", to="R")
        bracket.tend()
    bracket.office.note("OUTCOME", cid=bracket.children(IdRole.EXIT)[-1].cid, row="drill", to="R")
    count = len(bracket.children())
    assert len(bracket.tend()) == count
    assert "AAA" in bracket.office.book.frozen


@pytest.mark.parametrize(
    "abilities", [{"replace": ReplaceKind.NATIVE_NET}, {"replace": ReplaceKind.IN_PLACE}, {"reduce_only": True}]
)
def test_a_stop_is_moved_where_it_or_the_next_one_always_stands(abilities):
    bracket = Bracket(BOTH, **abilities)
    bracket.fills(bracket.entry)
    (stop,) = bracket.tend()
    bracket.works(stop)
    bracket.run(bracket.road.brackets.move(bracket.entry.cid, BracketPlan(Decimal(97), Decimal(105))))
    old, new = bracket.tend()
    assert (old.replaced_by, new.wire.stop_price, new.role) == (new.cid, 97, IdRole.STOP)
    assert not old.cancel_wanted
    assert bracket.road.holdings.naked(bracket.entry) == 0


@pytest.mark.parametrize("kind", [ReplaceKind.NONE, ReplaceKind.NATIVE_GROSS])
def test_a_stop_is_not_moved_where_it_would_have_to_be_taken_away(kind):
    bracket = Bracket(BOTH, replace=kind)
    bracket.fills(bracket.entry)
    bracket.works(bracket.tend()[0])
    with pytest.raises(OrderError, match="without being taken away"):
        bracket.run(bracket.road.brackets.move(bracket.entry.cid, BracketPlan(Decimal(97))))


def test_a_target_is_moved_at_any_venue():
    bracket = Bracket(BOTH, replace=ReplaceKind.NONE)
    bracket.fills(bracket.entry)
    bracket.tend()
    bracket.run(bracket.road.brackets.move(bracket.entry.cid, BracketPlan(Decimal(95), Decimal(103))))
    bracket.run(bracket.road.brackets.price("AAA", Decimal(104)))
    assert bracket.entry.cid in bracket.office.book.exits


def test_more_closed_than_there_was_is_closed_from_the_other_side():
    bracket = Bracket(BOTH)
    bracket.fills(bracket.entry, 2)
    (stop,) = bracket.tend()
    bracket.works(stop)
    bracket.fills(stop, 3)
    bracket.is_final(bracket.entry, stop)
    last = bracket.tend()[-1]
    assert (last.role, last.wire.side, last.wire.quantity) == (IdRole.FLATTEN, OrderSide.BUY, 1)
    assert any(alarm == "over_exit" for _, alarm, _, _ in bracket.trader.world.tally.alarms)


def test_a_second_round_waits_for_the_end_of_the_first():
    bracket = Bracket(BOTH)
    bracket.fills(bracket.entry, 2)
    (stop,) = bracket.tend()
    bracket.works(stop)
    bracket.fills(stop, 3)
    bracket.is_final(bracket.entry, stop)
    (_, first) = bracket.tend()
    bracket.works(first)
    bracket.fills(first)
    assert bracket.road.holdings.held(bracket.entry) == 0
    assert len(bracket.tend()) == 2


LEAST = {"AAA": Decimal(2)}


def test_what_is_too_small_for_a_stop_waits_for_more_of_the_entry():
    bracket = Bracket(BOTH, least=LEAST)
    bracket.fills(bracket.entry)
    assert bracket.tend() == []
    bracket.fills(bracket.entry)
    assert [order.wire.quantity for order in bracket.tend()] == [2]


def test_what_is_too_small_for_a_stop_is_sold_when_nothing_more_comes():
    bracket = Bracket(BOTH, least=LEAST)
    bracket.fills(bracket.entry)
    bracket.tend()
    bracket.wait(bracket.office.settings.naked_s + 1)
    assert [order.role for order in bracket.tend()] == [IdRole.EXIT]


def test_what_is_too_small_for_a_stop_is_put_into_the_last_one():
    bracket = Bracket(BOTH, units=4, least=LEAST, replace=ReplaceKind.NATIVE_NET)
    bracket.fills(bracket.entry, 2)
    (stop,) = bracket.tend()
    bracket.works(stop)
    bracket.fills(bracket.entry)
    new = bracket.tend()[-1]
    assert (new.replaces, new.total) == (stop.cid, 3)


def test_a_stop_that_was_filled_ends_the_rest_of_the_entry():
    bracket = Bracket(BOTH)
    bracket.fills(bracket.entry)
    (stop,) = bracket.tend()
    bracket.works(stop)
    bracket.fills(stop)
    bracket.tend()
    assert bracket.entry.cancel_wanted
    assert stop.state is Lifecycle.FILLED


def busted(bracket, units):
    """The venue says that the only fill of the entry was of so many units."""
    fill = VenueFill(
        execution_id=next(iter(bracket.entry.fills)), vid=bracket.entry.vid, cid=bracket.entry.cid, symbol="AAA",
        side=bracket.entry.wire.side, quantity=Decimal(units), price=Decimal(100), cumulative=Decimal(units), at_ns=1,
        is_correction=True,
    )  # fmt: skip
    bracket.road.witness.fill_seen(fill)


def test_a_fill_that_the_venue_takes_back_breaks_no_invariant_and_ends_the_stop_that_is_too_large():
    bracket = Bracket(BOTH, reduce_only=False, replace=ReplaceKind.NONE)
    bracket.fills(bracket.entry, 2)
    bracket.is_final(bracket.entry)
    (stop,) = bracket.tend()
    bracket.works(stop)
    busted(bracket, 1)
    assert not list(bracket.road.invariants.broken())
    bracket.tend()
    assert stop.cancel_wanted
    bracket.is_final(stop)
    assert bracket.tend()[-1].wire.quantity == 1


def test_a_stop_that_is_too_large_by_our_own_doing_breaks_an_invariant():
    bracket = Bracket(BOTH, reduce_only=False, replace=ReplaceKind.NONE)
    bracket.fills(bracket.entry, 2)
    (stop,) = bracket.tend()
    stop.wire = stop.wire.of(Decimal(3))
    bracket.works(stop)
    assert list(bracket.road.invariants.broken())


def moved_stop():
    """A bracket of one unit whose working stop is being replaced by another, which works too as far as is known."""
    bracket = Bracket(BOTH, units=1, replace=ReplaceKind.NATIVE_NET, reduce_only=False)
    bracket.fills(bracket.entry)
    (stop,) = bracket.tend()
    bracket.works(stop)
    new = bracket.run(bracket.road.replacer.replace(stop.cid, replace(stop.wire, stop_price=Decimal(96)), 1 << 62))
    successor = bracket.office.book.orders[new]
    bracket.office.note("ARM", cid=new, attempt=1, at=1, deadline_ns=2)
    bracket.works(successor)
    return bracket, successor


def test_a_stop_whose_successor_has_filled_may_be_gone_and_is_no_exit_too_many():
    bracket, successor = moved_stop()
    bracket.fills(successor)
    assert bracket.road.brackets.holdings.held(bracket.entry) == 0
    assert list(bracket.road.invariants.broken()) == []


def test_exits_that_work_for_more_than_is_held_are_found():
    bracket, _ = moved_stop()
    bracket.run(bracket.road.brackets.send(bracket.entry, IdRole.EXIT, Decimal(1)))
    (extra,) = bracket.children(IdRole.EXIT)
    bracket.works(extra)
    (sentence,) = bracket.road.invariants.broken()
    assert "for more than it holds" in sentence
