"""What the listener of the road hears."""

from __future__ import annotations

from tests.faults.drills import _fill, _order

from tradewright.domain.live.order import Lifecycle


def test_a_fill_is_told_once_however_often_it_comes(trader):
    order = _order(trader, Lifecycle.WORKING)
    fill = _fill(order)
    trader.road.witness.fill_seen(fill)
    trader.road.witness.fill_seen(fill)
    assert trader.world.tally.booked == [(order.cid, fill.identity)]
