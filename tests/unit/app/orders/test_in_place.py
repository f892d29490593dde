"""Orders that the venue changes in their place."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.faults.drills import _order

from tradewright.app.orders.book import LiveBook
from tradewright.domain.live.order import Lifecycle
from tradewright.domain.live.venue import (
    Answer,
    AnswerKind,
    ReplaceKind,
    StreamEvent,
    VenueFill,
    VenueOrder,
    VenueStatus,
)

TWO, THREE = Decimal(2), Decimal(3)


class Change:
    """An order for two units of which one filled, to become one for three."""

    def __init__(self, trader):
        self.trader, self.road, self.office = trader, trader.road, trader.office
        traits = trader.world.truth.traits
        capabilities = replace(traits.capabilities, replace=ReplaceKind.IN_PLACE, has_execution_ids=True)
        trader.world.truth.traits = replace(traits, capabilities=capabilities)
        self.old = _order(trader, Lifecycle.WORKING)
        self.seen(filled=0)
        self.fill("e1")
        wire = self.old.wire.of(THREE)
        cid = trader.world.loop.run(self.road.replacer.replace(self.old.cid, wire, 1 << 62))
        self.new = self.office.book.orders[cid]
        self.road.submitter.arm(self.new, wire=wire.plain(), in_place=True)
        self.road.witness.take(self.new, "handed_over", _facts())

    def seen(self, filled, quantity=TWO, status=VenueStatus.OPEN):
        seen = VenueOrder(
            vid="v1", cid=self.old.cid, symbol="AAA", side=self.old.wire.side, quantity=quantity,
            filled=Decimal(filled), status=status, created_ns=1,
        )  # fmt: skip
        self.road.witness.event(StreamEvent(order=seen))

    def fill(self, identity):
        self.road.witness.fill_seen(
            VenueFill(
                execution_id=identity, vid="v1", cid=self.old.cid, symbol="AAA", side=self.old.wire.side,
                quantity=Decimal(1), price=Decimal(100), cumulative=Decimal(1), at_ns=1,
            )
        )  # fmt: skip

    def answered(self, kind):
        self.road.amender.judge(self.old, self.new, Answer(kind, "v1"))

    @property
    def states(self):
        return self.old.state.value + self.new.state.value


def _facts():
    from tradewright.app.orders.table import Facts

    return Facts()


@pytest.fixture
def change(trader):
    return Change(trader)


def test_an_accepted_change_puts_the_new_order_in_the_old_ones_place(change):
    change.answered(AnswerKind.ACCEPTED)
    assert change.states == "XW"
    assert change.old.is_final
    assert change.new.leaves == 2


def test_silence_leaves_both_in_doubt(change):
    change.answered(AnswerKind.SILENT)
    assert change.states == "WU"


def test_what_the_venue_shows_after_silence_decides(change):
    change.answered(AnswerKind.SILENT)
    change.seen(filled=1)
    assert change.states == "WU"
    change.seen(filled=1, quantity=THREE)
    assert change.states == "XW"


def test_more_filled_than_the_old_order_was_for_is_no_over_fill(change):
    change.answered(AnswerKind.SILENT)
    change.fill("e2")
    change.fill("e3")
    assert change.new.state is Lifecycle.FILLED
    assert not change.office.book.frozen


def test_fills_are_counted_once_over_both(change):
    change.answered(AnswerKind.ACCEPTED)
    change.fill("e1")
    change.fill("e2")
    assert (change.old.filled, change.new.filled, change.office.book.positions["AAA"]) == (1, 1, 2)


def test_an_old_picture_of_a_changed_order_is_no_other_order(change):
    change.answered(AnswerKind.ACCEPTED)
    change.seen(filled=1)
    assert not change.office.book.frozen


def test_a_refused_change_leaves_the_old_order_working(change):
    change.answered(AnswerKind.REFUSED)
    assert change.states == "WR"


def test_a_refusal_of_a_second_request_proves_nothing_about_the_first(change):
    change.answered(AnswerKind.SILENT)
    change.road.submitter.arm(change.new)
    change.answered(AnswerKind.TOO_LATE)
    assert change.states == "WU"


def test_only_what_this_connection_has_shown_open_is_changed(change):
    assert change.road.amender.may(change.old)
    change.trader.connection._session += 1
    assert not change.road.amender.may(change.old)
    change.seen(filled=1)
    assert change.road.amender.may(change.old)


def test_a_replay_knows_whose_place_was_taken(change):
    change.answered(AnswerKind.ACCEPTED)
    change.fill("e2")
    again = LiveBook()
    again.replay(change.office.journal.disk.entries)
    assert again.state_hash == change.office.book.state_hash
    assert again.orders[change.new.cid].carried == 1
