"""A mute stream is noticed within two heartbeats of what it leaves untold, and a quiet one is left alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.faults.script import Wish, scenario
from tests.faults.verdict import breaches
from tests.faults.world import World

from tradewright.domain.order import OrderSide, OrderType
from tradewright.testing.venue_double import Fault, VenueConnection

BEAT_S = 10.0
FILLS_S = 80.0
"""When the order fills: long after everything before it was told."""

LAST_S = 120.0
"""Until when a run goes on at least."""


def wish():
    return Wish(
        number=0, at_s=FILLS_S - 60.05, symbol="AAA", side=OrderSide.BUY, quantity=Decimal(2),
        order_type=OrderType.LIMIT, fate="full", pace_s=60.0,
    )  # fmt: skip


@pytest.fixture
def play(monkeypatch):
    """Runs an order that fills late on an otherwise quiet account; says when each stream was opened."""
    opened = []
    connect = VenueConnection.connect

    async def noted(connection):
        await connect(connection)
        opened.append(connection.truth.loop.time())

    monkeypatch.setattr(VenueConnection, "connect", noted)

    def run(*, faults=(), mute_at=None, reconcile_s=1.0, resets=()):
        drawn = scenario(0, "road")
        traits = replace(drawn.traits, lag="none")
        plan = replace(
            drawn, profile="road", traits=traits, wishes=(wish(),), faults=tuple(faults), mute_at=mute_at,
            hand_orders=(), resets=tuple(resets), extras={}, sync_s=0.0, prices=((LAST_S, "ZZZ", Decimal(1)),),
        )  # fmt: skip
        world = World(plan)
        world.settings_override(reconcile_s=reconcile_s)
        world.run()
        assert breaches(world) == []
        return opened, world

    return run


def test_a_stream_that_tells_later_than_the_questions_is_left_alone(play):
    """After more than two heartbeats without news a question shows the fill first; the stream tells it 6 s later."""
    late = [Fault("event", "late", number) for number in (2, 3)]
    opened, _ = play(faults=late)
    assert len(opened) == 1


def test_a_mute_stream_is_replaced_two_heartbeats_after_a_question_showed_a_change(play):
    opened, _ = play(mute_at=50.0)
    assert len(opened) == 2
    assert FILLS_S + 2 * BEAT_S <= opened[1] <= FILLS_S + 2 * BEAT_S + 1.5


def test_two_heartbeats_are_counted_between_two_cycles_too(play):
    opened, _ = play(mute_at=50.0, reconcile_s=25.0)
    assert opened[1] <= FILLS_S + 25.0 + 2 * BEAT_S + 0.5


def test_what_happened_while_the_line_was_cut_is_not_awaited_from_the_new_stream(play):
    """The order fills in the instant in which the line is cut; the new stream never tells it, and is not mute."""
    opened, _ = play(resets=[FILLS_S + 0.1], faults=[Fault("event", "late", number) for number in (2, 3)])
    assert len(opened) == 2


def test_the_gate_is_open_after_a_mute_stream_was_replaced_on_a_quiet_account(play):
    _, world = play(mute_at=50.0)
    assert world.trader.office.gate.why_not is None
    assert not [alarm for _, alarm, _, _ in world.tally.alarms if alarm == "mute"]


def test_time_in_which_the_process_did_not_run_is_no_silence(trader):
    """Starved for three heartbeats right after a question showed a fill: the stream gets its two all the same."""
    hearing, loop = trader.road.hearing, trader.world.loop
    hearing.asked(0, 1 << 62)
    hearing.asked(trader.connection.session, 1 << 62)
    hearing.shown()
    loop._now += 3 * BEAT_S
    hearing.slept(2 * BEAT_S)
    assert not hearing.is_mute()
    loop._now += BEAT_S
    assert hearing.is_mute()
