"""What may be replaced."""

from __future__ import annotations

import asyncio

import pytest
from tests.faults.drills import _order

from tradewright.domain.errors import OrderError
from tradewright.domain.live.ids import IdRole
from tradewright.domain.live.order import Lifecycle


def test_a_protecting_order_is_not_replaced(trader):
    order = _order(trader, Lifecycle.WORKING)
    order.role = IdRole.STOP
    with pytest.raises(OrderError, match="protects a position"):
        asyncio.run(trader.road.replacer.replace(order.cid, order.wire, 0))


@pytest.mark.parametrize("state", [Lifecycle.FILLED, Lifecycle.CANCELLED, Lifecycle.REJECTED])
def test_an_ended_order_is_not_replaced(trader, state):
    order = _order(trader, state)
    with pytest.raises(OrderError, match="on its way out"):
        asyncio.run(trader.road.replacer.replace(order.cid, order.wire, 0))
