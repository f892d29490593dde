"""P1 sized by weight: the averages of P1, the order sized from equity."""

from __future__ import annotations

from tradewright import Param, Strategy
from tradewright import indicators as ta


class WeightedCross(Strategy):
    """Goes to a small part of equity on the upward crossing, closes on the downward one.

    The weight is small so that 38,000 commissions do not shrink the orders to nothing.
    """

    fast = Param(10, low=2, high=60)
    slow = Param(30, low=10, high=250)
    weight = Param(0.001)

    def setup(self) -> None:
        """Declare the two averages."""
        self.fast_ma = self.use(ta.sma, "close", self.fast)
        self.slow_ma = self.use(ta.sma, "close", self.slow)

    def on_bar(self, ctx) -> None:  # noqa: ANN001 - as in the interface's example
        """Trade the crossings at the next open."""
        if self.fast_ma.crossed_above(self.slow_ma):
            ctx.target_percent(self.weight)
        elif self.fast_ma.crossed_below(self.slow_ma):
            ctx.close_position()
