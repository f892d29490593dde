"""P1: long a fixed quantity while the fast average is above the slow one."""

from __future__ import annotations

from tradewright import Param, Strategy
from tradewright import indicators as ta


class SmaCross(Strategy):
    """Buys on the upward crossing, closes on the downward one.

    The quantity is fixed, so that 38,000 commissions do not shrink the orders to nothing and every crossing is a fill
    in every engine.
    """

    fast = Param(10, low=2, high=60)
    slow = Param(30, low=10, high=250)
    quantity = Param(100)

    def setup(self) -> None:
        """Declare the two averages."""
        self.fast_ma = self.use(ta.sma, "close", self.fast)
        self.slow_ma = self.use(ta.sma, "close", self.slow)

    def on_bar(self, ctx) -> None:  # noqa: ANN001 - as in the interface's example
        """Trade the crossings at the next open."""
        if self.fast_ma.crossed_above(self.slow_ma):
            ctx.buy(self.quantity)
        elif self.fast_ma.crossed_below(self.slow_ma):
            ctx.close_position()
