"""End of day: what was for the day is read to its end, what was sent too late is taken back, the day is sealed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.faults.drills import _order

from tradewright.domain.errors import BrokerError
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.order import Lifecycle
from tradewright.domain.order import TimeInForce

LATER_NS = 1 << 62


@pytest.fixture
def day(trader):
    trader.answers = []

    async def look(order, *, thoroughly):
        answer = trader.answers.pop(0) if trader.answers else "silence"
        if answer == "silence":
            raise BrokerError("No answer.")
        if answer == "expired":
            trader.office.note("OUTCOME", cid=order.cid, row="drill", to="E")
        return False

    trader.road.resolver.look = look
    return trader.road.day


@pytest.fixture
def order(trader, day):
    order = _order(trader, Lifecycle.WORKING)
    order.wire = replace(order.wire, time_in_force=TimeInForce.DAY)
    trader.office.note("ARM", cid=order.cid, attempt=1, at=trader.office.now_ns(), deadline_ns=0)
    return order


def close(trader, day):
    """The session ends now, and the venue's lag passes."""
    trader.world.loop.run(day._end({"AAA"}, trader.office.now_ns()))


def test_an_order_for_the_day_is_asked_for_its_end(trader, day, order):
    trader.answers = ["open", "expired"]
    close(trader, day)
    assert order.state is Lifecycle.EXPIRED
    assert not trader.office.book.frozen


def test_nobody_is_asked_before_the_lag_of_the_venue_is_over(trader, day, order):
    trader.answers = ["expired"]
    began = trader.world.loop.time()
    close(trader, day)
    assert trader.world.loop.time() - began >= trader.office.abilities.window_s


@pytest.mark.parametrize("answers", [["silence"] * 9, ["open"] * 9])
def test_a_symbol_whose_order_has_no_end_is_not_traded(trader, day, order, answers):
    trader.answers = answers
    close(trader, day)
    assert "has no end" in trader.office.book.frozen["AAA"]


def test_it_is_traded_again_once_the_end_was_read_for_good(trader, day, order):
    close(trader, day)
    trader.office.note("OUTCOME", cid=order.cid, row="drill", to="E")
    day.thaw()
    assert "AAA" in trader.office.book.frozen
    trader.office.note("FINAL", cid=order.cid, to="E", filled="0")
    day.thaw()
    assert not trader.office.book.frozen


def test_what_a_person_froze_stays_frozen(trader, day, order):
    trader.office.freeze("AAA", "somebody said so")
    trader.office.note("FINAL", cid=order.cid, to="E", filled="0")
    day.thaw()
    assert "AAA" in trader.office.book.frozen


@pytest.mark.parametrize(("tif", "sent_after"), [(TimeInForce.GTC, 0), (TimeInForce.DAY, 1)])
def test_orders_for_longer_and_orders_of_the_next_session_are_left_alone(trader, day, order, tif, sent_after):
    order.wire = replace(order.wire, time_in_force=tif)
    assert day.for_the_day({"AAA"}, order.armed_at - sent_after) == []


def sent_at_night(trader, day, order, ttl_s=10.0):
    order.ttl_ns = order.armed_at + int(ttl_s * 1e9)
    day.closed(["AAA"], order.armed_at - 1)
    trader.world.loop._now += 11.0


def test_an_order_that_was_sent_after_the_close_is_taken_back_when_it_is_not_wanted_so_late(trader, day, order):
    sent_at_night(trader, day, order)
    assert day.stale() == [order]


def test_it_is_taken_back_even_when_the_next_session_has_begun(trader, day, order):
    sent_at_night(trader, day, order)
    day.opened(["AAA"], trader.office.now_ns())
    assert day.stale() == [order]


def test_it_stays_as_long_as_it_is_wanted(trader, day, order):
    sent_at_night(trader, day, order, ttl_s=100.0)
    assert day.stale() == []


def test_orders_of_the_session_are_not_taken_back_for_their_age(trader, day, order):
    order.ttl_ns = order.armed_at + 1
    day.closed(["AAA"], order.armed_at + 1)
    trader.world.loop._now += 11.0
    assert day.stale() == []


@pytest.fixture
def sealing(trader, day):
    trader.heard = [True, True]

    async def answer():
        return trader.heard.pop(0)

    trader.road.reconciler.cycle = trader.road.auditor.audit = answer
    return day


def test_a_sealed_day_has_the_hash_of_what_is_known(trader, sealing):
    known = trader.office.book.state_hash
    assert trader.world.loop.run(sealing.seal())
    last = trader.office.journal.disk.entries[-1].record
    assert (last.kind, last.body["hash"]) == (RecordKind.RECONCILED, known)


@pytest.mark.parametrize("heard", [[False], [True, False]])
def test_no_day_is_sealed_on_half_an_answer(trader, sealing, heard):
    trader.heard = heard
    assert not trader.world.loop.run(sealing.seal())
    assert trader.office.journal.disk.entries == []


def test_a_day_is_sealed_once_and_before_the_venue_forgets_it(trader, sealing):
    midnight = 8 * 3600
    trader.office.settings = replace(trader.office.settings, history_ends_s=midnight + 200.0)
    assert not sealing.is_time_to_seal()
    trader.world.loop._now += 100.0
    assert sealing.is_time_to_seal()
    trader.world.loop.run(sealing.seal())
    assert not sealing.is_time_to_seal()
    trader.world.loop._now += 86_400.0
    assert sealing.is_time_to_seal()


def test_a_venue_that_forgets_nothing_needs_no_seal(trader, day):
    trader.world.loop._now += 86_400.0
    assert not day.is_time_to_seal()


def test_ends_that_were_not_read_before_the_seal_are_told(trader, sealing, order):
    trader.office.note("OUTCOME", cid=order.cid, row="drill", to="E")
    trader.world.loop.run(sealing.seal())
    assert any(order.cid in detail for _, _, _, detail in trader.world.tally.alarms)
    assert order.filled == Decimal(0)
