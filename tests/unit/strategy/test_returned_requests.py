"""What a returned order request asks for is carried on or refused, never dropped."""

from __future__ import annotations

import pytest
from tests.unit.strategy.market import daily, rising, run

from tradewright.domain.errors import StrategyError
from tradewright.domain.order import OrderRequest, OrderSide
from tradewright.strategy.base import Strategy


@pytest.mark.parametrize("asked", [{"extended_hours": True}, {"structure_id": 5}])
def test_what_the_venue_does_not_trade_is_refused_by_name(asked):
    class Asks(Strategy):
        def on_bar(self, ctx):
            return OrderRequest(symbol="AA", side=OrderSide.BUY, quantity=1.0, **asked)

    with pytest.raises(StrategyError, match=next(iter(asked))):
        run(Asks, daily(rising(3), "AA"))
