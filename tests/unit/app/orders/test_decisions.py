"""Decisions of many strategies on one road."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tradewright.app.orders.book import LiveBook
from tradewright.app.orders.gate import Shut
from tradewright.app.orders.submit import Decision, Intent
from tradewright.domain.errors import DecisionConflictError, OrderError, OrderRejectedError
from tradewright.domain.live.ids import DecisionKey, IdRole
from tradewright.domain.live.journal import Record, RecordKind
from tradewright.domain.live.order import BracketPlan, Lifecycle
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide

KEY = DecisionKey(5, "AAA")


def intent(trader, quantity=1, plan=None):
    wire = WireOrder(symbol="AAA", side=OrderSide.BUY, quantity=Decimal(quantity))
    return Intent(trader.office.approver.approve(wire), 1 << 62, plan)


@pytest.fixture
def decide(trader):
    def decided(*intents, instance="", key=KEY):
        return trader.world.loop.run(trader.road.submitter.decide(Decision(key, intents, instance)))

    return decided


def replayed(trader):
    book = LiveBook()
    book.replay(trader.office.journal.disk.entries)
    return book


def test_two_strategies_decide_about_the_same_bar_and_symbol(trader, decide):
    assert decide(intent(trader), instance="s1/a") != decide(intent(trader, 2), instance="s1/b")
    assert len(trader.office.book.orders) == 2


def test_the_same_decision_of_the_same_strategy_is_sent_once(trader, decide):
    assert decide(intent(trader), instance="s1/a") == decide(intent(trader), instance="s1/a")
    assert len(trader.office.book.orders) == 1


def test_a_strategy_does_not_want_something_else_under_a_key_it_used(trader, decide):
    decide(intent(trader), instance="s1/a")
    with pytest.raises(DecisionConflictError, match="wanted something else"):
        decide(intent(trader, 2), instance="s1/a")


def test_an_order_is_known_by_who_decided_it_and_where_in_the_decision(trader, decide):
    cids = decide(intent(trader), intent(trader, 2), instance="s1/a")
    for book in (trader.office.book, replayed(trader)):
        assert [book.decided("s1/a", KEY, number).cid for number in (0, 1)] == list(cids)
        assert book.decided("s1/a", KEY, 2) is None
        assert book.decided("s1/b", KEY, 0) is None
        assert [(order.instance, order.ordinal) for order in book.orders.values()] == [("s1/a", 0), ("s1/a", 1)]


def test_what_replaces_an_order_is_whose_that_was(trader, decide):
    (cid,) = decide(intent(trader), instance="s1/a")
    wire = replace(trader.office.book.orders[cid].wire, quantity=Decimal(3))
    new = trader.world.loop.run(trader.road.replacer.replace(cid, wire, 1 << 62))
    for book in (trader.office.book, replayed(trader)):
        assert book.decided("s1/a", KEY, 0).cid == new
        assert book.orders[new].instance == "s1/a"


def test_a_stop_is_whose_its_entry_is(trader, decide):
    (cid,) = decide(intent(trader, plan=BracketPlan(Decimal(90))), instance="s1/a")
    entry = trader.office.book.orders[cid]
    trader.world.loop.run(trader.road.brackets.send(entry, IdRole.STOP, Decimal(1)))
    for book in (trader.office.book, replayed(trader)):
        (stop,) = book.children(cid)
        assert (stop.instance, stop.parent, stop.role) == ("s1/a", cid, IdRole.STOP)


def test_a_journal_of_one_strategy_is_read_as_before(trader):
    cid = trader.office.settings.scope.cid(IdRole.ENTRY, KEY, 0)
    wire = {"symbol": "AAA", "side": "BUY", "quantity": "1", "type": "market", "tif": "gtc"}
    kept = {"cid": cid, "role": "ENTRY", "wire": wire, "ttl_ns": 9, "number": 0}
    kept["plan"] = {"stop": "90", "target": None}
    book = LiveBook()
    book.apply(Record(RecordKind.DECIDE, {"key": str(KEY), "digest": "d", "intents": [kept], "at": 1}), 1, 1)
    assert book.decided("", KEY, 0).cid == cid
    assert book.orders[cid].plan == BracketPlan(Decimal(90))


def test_ids_of_a_road_with_one_strategy_stay_what_they_were(trader, decide):
    assert decide(intent(trader)) == (trader.office.settings.scope.cid(IdRole.ENTRY, KEY, 0),)


def test_a_bracket_protects_with_something():
    with pytest.raises(OrderError, match="neither a stop nor a target"):
        BracketPlan()


def closing(trader, quantity=2):
    wire = WireOrder(symbol="AAA", side=OrderSide.SELL, quantity=Decimal(quantity), reduce_only=True)
    return Intent(trader.office.approver.approve(wire), 1 << 62)


def test_what_only_reduces_goes_out_though_its_symbol_is_frozen_or_the_gate_is_shut(trader, decide):
    trader.office.book.positions["AAA"] = Decimal(3)
    trader.office.freeze("AAA", "Somebody must look.")
    trader.office.gate.shut(Shut.STREAM, "The stream is mute.")
    (cid,) = decide(closing(trader))
    assert trader.office.why_not(trader.office.book.orders[cid]) is None
    with pytest.raises(OrderRejectedError, match="Somebody must look"):
        decide(intent(trader), key=DecisionKey(6, "AAA"))


def test_what_says_that_it_reduces_and_cannot_is_no_exit(trader, decide):
    trader.office.book.positions["AAA"] = Decimal(1)
    trader.office.freeze("AAA", "Somebody must look.")
    with pytest.raises(OrderRejectedError, match="Somebody must look"):
        decide(closing(trader))


@pytest.mark.parametrize(("side", "is_refused"), [(OrderSide.BUY, False), (OrderSide.SELL, True)])
def test_an_exit_waits_for_what_may_be_closing_the_same_alone(trader, decide, side, is_refused):
    trader.office.book.positions["AAA"] = Decimal(3)
    (cid,) = decide(Intent(trader.office.approver.approve(WireOrder(symbol="AAA", side=side, quantity=Decimal(1))), 9))
    trader.office.book.orders[cid].state = Lifecycle.UNKNOWN
    if is_refused:
        with pytest.raises(OrderRejectedError, match="unknown"):
            decide(closing(trader), key=DecisionKey(6, "AAA"))
    else:
        assert decide(closing(trader), key=DecisionKey(6, "AAA"))


@pytest.mark.parametrize(
    ("state", "leaves"), [("P", True), ("U", True), ("W", False), ("F", False), ("C", False), ("S", False)]
)
def test_what_was_seen_at_the_venue_while_it_waited_to_leave_leaves_no_more(trader, decide, state, leaves):
    (cid,) = decide(intent(trader))
    order = trader.office.book.orders[cid]
    order.state = Lifecycle(state)
    assert trader.road.submitter.permit(order) is leaves
