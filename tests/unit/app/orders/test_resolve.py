"""Resolve: when an unknown order is a person's business."""

from __future__ import annotations

from tests.faults.drills import _order

from tradewright.domain.errors import BrokerError
from tradewright.domain.live.order import Lifecycle


def unanswered(trader, order, times, every_s):
    async def look(order, *, thoroughly):
        raise BrokerError("The connection changed.")

    trader.road.resolver.look = look
    for _ in range(times):
        trader.world.loop._now += every_s
        trader.world.loop.run(trader.road.resolver._try(order))


def test_a_venue_that_does_not_answer_for_another_window_is_told(trader):
    order = _order(trader, Lifecycle.UNKNOWN)
    trader.world.loop._now += trader.office.abilities.window_s
    unanswered(trader, order, 3, trader.office.abilities.window_s / 2)
    assert order.symbol in trader.office.book.frozen


def test_a_process_that_did_not_run_has_asked_nobody(trader):
    """Stopped for an hour, its line is dead: the first question after it fails, and so may the next."""
    order = _order(trader, Lifecycle.UNKNOWN)
    trader.world.loop._now += 3600
    unanswered(trader, order, 2, trader.office.abilities.window_s)
    assert not trader.office.book.frozen


def test_an_answer_in_between_counts_anew(trader):
    order = _order(trader, Lifecycle.UNKNOWN)
    trader.world.loop._now += trader.office.abilities.window_s
    unanswered(trader, order, 2, trader.office.abilities.window_s)

    async def look(order, *, thoroughly):
        return False

    trader.road.resolver.look = look
    trader.world.loop.run(trader.road.resolver._try(order))
    unanswered(trader, order, 2, trader.office.abilities.window_s)
    assert not trader.office.book.frozen
