"""The gate for entries: what shuts it, what goes on all the same, and what opens it again."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.faults.drills import _fill, _order

from tradewright.app.orders.submit import Decision, Intent
from tradewright.domain.errors import AuthenticationError, BrokerError, OrderRejectedError
from tradewright.domain.live.ids import DecisionKey, IdRole
from tradewright.domain.live.order import Lifecycle
from tradewright.domain.live.venue import StreamEvent
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide

HOUR_NS = 3_600_000_000_000


def decide(trader, moment=7, instance=""):
    wire = WireOrder(symbol="BBB", side=OrderSide.BUY, quantity=Decimal(1))
    intent = Intent(trader.office.approver.approve(wire), 1 << 62)
    return run(trader, trader.road.submitter.decide(Decision(DecisionKey(moment, "BBB"), (intent,), instance)))


def run(trader, work):
    return trader.world.loop.run(work)


def told(trader, alarm):
    return [detail for _, name, _, detail in trader.world.tally.alarms if name == alarm]


def test_credentials_that_are_not_taken_shut_the_gate_and_what_rests_is_named(trader):
    _order(trader, Lifecycle.WORKING)
    trader.road.vigil.failed(AuthenticationError("The key was revoked."))
    with pytest.raises(OrderRejectedError, match="revoked"):
        decide(trader)
    assert told(trader, "authentication") == ["The key was revoked. Resting at the venue: BUY 2 AAA."]


def test_the_gate_opens_when_the_venue_answers_again(trader):
    trader.road.vigil.failed(AuthenticationError("The key was revoked."))
    trader.road.vigil.answered(1)
    assert decide(trader)


def test_a_question_that_fails_for_the_credentials_is_heard(trader):
    async def refuses():
        raise AuthenticationError("No.")

    trader.connection.open_orders = refuses
    assert not run(trader, trader.road.reconciler.cycle())
    assert trader.office.gate.why_not == "No."


def test_a_person_hears_once_of_credentials_that_are_not_taken(trader):
    for _ in range(3):
        trader.road.vigil.failed(AuthenticationError("No."))
    assert len(told(trader, "authentication")) == 1


def test_a_stream_that_was_mute_twice_shuts_the_gate(trader):
    trader.road.vigil.was_mute(1)
    assert trader.office.gate.why_not is None
    trader.road.vigil.was_mute(2)
    assert "mute" in trader.office.gate.why_not
    trader.road.vigil.spoke()
    assert trader.office.gate.why_not is None


def test_one_stream_is_counted_once_however_often_it_is_found_mute(trader):
    trader.road.vigil.was_mute(1)
    trader.road.vigil.was_mute(1)
    assert trader.office.gate.why_not is None
    assert trader.road.vigil.mutes == 1


@pytest.mark.parametrize(("begins", "given"), [("was_mute", 1), ("failed", BrokerError("No answer."))])
def test_a_person_hears_of_silence_after_a_minute(trader, begins, given):
    getattr(trader.road.vigil, begins)(given)
    trader.road.vigil.tell()
    assert told(trader, "mute") == []
    trader.world.loop._now += 61
    trader.road.vigil.tell()
    trader.road.vigil.tell()
    assert len(told(trader, "mute")) == 1


@pytest.mark.parametrize("jump", [HOUR_NS, -HOUR_NS, 200_000_000])
def test_a_clock_that_was_set_shuts_the_gate(trader, jump):
    trader.clock.jump_ns = jump
    trader.road.vigil.check_clock()
    with pytest.raises(OrderRejectedError, match="clock was set"):
        decide(trader)
    trader.clock.jump_ns = 0
    trader.road.vigil.check_clock()
    assert decide(trader)


def test_a_clock_that_was_set_is_seen_in_the_instant_of_sending(trader):
    order = _order(trader, Lifecycle.PENDING)
    trader.clock.jump_ns = HOUR_NS
    assert trader.office.why_not(order) == "The clock was set."


def test_exits_leave_though_the_gate_is_shut(trader):
    order = _order(trader, Lifecycle.PENDING)
    order.role = IdRole.STOP
    trader.clock.jump_ns = HOUR_NS
    assert trader.office.why_not(order) is None


def test_an_error_of_the_clock_within_its_bound_is_none(trader):
    trader.clock.jump_ns = 50_000_000
    assert trader.office.clock_is_right()


def test_orders_are_not_too_old_because_the_clock_was_set(trader):
    order = _order(trader, Lifecycle.PENDING)
    order.role, order.ttl_ns = IdRole.EXIT, trader.office.now_ns() + 1_000_000_000
    trader.clock.jump_ns = HOUR_NS
    assert trader.office.why_not(order) is None


@pytest.mark.parametrize("price", ["NaN", "Infinity", "-1", "0"])
def test_a_price_that_is_none_shuts_the_gate(trader, price):
    run(trader, trader.road.price("AAA", Decimal(price)))
    assert "price of AAA" in trader.office.gate.why_not
    assert not trader.office.book.latch.is_set
    run(trader, trader.road.price("AAA", Decimal(100)))
    assert trader.office.gate.why_not is None


def test_a_position_that_cannot_be_valued_is_a_latch(trader):
    trader.road.witness.fill_seen(_fill(_order(trader, Lifecycle.WORKING)))
    run(trader, trader.road.price("AAA", Decimal("NaN")))
    assert trader.office.book.latch.is_set


@pytest.mark.parametrize("field", ["quantity", "price"])
def test_a_fill_that_is_no_number_is_not_booked(trader, field):
    order = _order(trader, Lifecycle.WORKING)
    assert trader.road.witness.fill_seen(replace(_fill(order), **{field: Decimal("NaN")}))
    assert order.filled == 0
    assert "venue shows fill" in trader.office.gate.why_not


def test_a_retired_strategy_keeps_its_exits_and_loses_its_entries(trader):
    (cid,) = decide(trader, instance="a")
    (other,) = decide(trader, instance="b")
    orders = trader.office.book.orders
    run(trader, trader.road.brackets.send(orders[cid], IdRole.EXIT, Decimal(1)))
    run(trader, trader.road.retire("a", "it raised"))
    assert orders[cid].cancel_wanted
    assert not orders[other].cancel_wanted
    assert not orders[trader.office.book.children(cid)[0].cid].cancel_wanted


def test_a_retired_strategy_decides_no_more(trader):
    run(trader, trader.road.retire("a", "it raised"))
    with pytest.raises(OrderRejectedError, match="it raised"):
        decide(trader, instance="a")
    assert decide(trader, instance="b")


def test_a_new_stream_and_a_clean_reconcile_open_the_gate_of_a_quiet_account(trader):
    trader.road.vigil.was_mute(1)
    trader.road.vigil.was_mute(2)
    trader.road.vigil.answered(2)
    assert trader.office.gate.why_not is not None
    trader.road.vigil.answered(3)
    assert trader.office.gate.why_not is None
    trader.road.vigil.was_mute(3)
    assert trader.office.gate.why_not is not None


def test_a_quiet_account_whose_stream_was_replaced_once_is_no_news(trader):
    trader.road.vigil.was_mute(1)
    trader.road.vigil.answered(2)
    trader.world.loop._now += 61
    trader.road.vigil.tell()
    assert told(trader, "mute") == []


def test_a_person_hears_where_one_stream_after_the_other_is_mute(trader):
    for session in range(1, 5):
        trader.road.vigil.was_mute(session)
        trader.road.vigil.answered(session + 1)
        trader.world.loop._now += 25
    trader.road.vigil.tell()
    assert len(told(trader, "mute")) == 1


def test_an_order_that_waits_for_the_gate_alone_is_not_given_up(trader):
    order = _order(trader, Lifecycle.UNKNOWN)
    trader.clock.jump_ns = HOUR_NS
    run(trader, trader.road.resolver.conclude(order))
    assert order.state is Lifecycle.UNKNOWN
    order.ttl_ns = 0
    run(trader, trader.road.resolver.conclude(order))
    assert order.state is Lifecycle.NOT_ACCEPTED


def test_a_message_of_the_stream_is_heard(trader):
    trader.road.vigil.was_mute(1)
    run(trader, trader.road.reconciler.event(StreamEvent()))
    assert trader.road.vigil.mutes == 0


class StarvedClock:
    """A clock whose process loses the CPU for a second between two readings, in some of them."""

    def __init__(self, starved):
        self.starved = starved
        self.at_ns = 0
        self.reads = 0

    def monotonic_ns(self):
        return self._read()

    def now_ns(self):
        return 10**18 + self._read()

    def _read(self):
        at_ns = self.at_ns
        self.at_ns += 1_000_000_000 if self.reads in self.starved else 100
        self.reads += 1
        return at_ns


@pytest.mark.parametrize("starved", [{0}, {1}, {3, 4}, set(range(100))])
def test_a_process_that_is_starved_between_two_readings_was_not_set(trader, starved):
    office = replace(trader.office, clock=StarvedClock(starved))
    assert office.clock_is_right()


def test_a_clock_that_was_set_is_seen_by_a_process_that_is_starved_now_and_then(trader):
    clock = StarvedClock({1, 4, 7})
    office = replace(trader.office, clock=clock)
    clock.now_ns = lambda: 10**18 + 5_000_000_000 + clock._read()
    assert office.clock_jump_s == pytest.approx(5.0, abs=0.01)
