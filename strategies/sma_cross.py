"""Two moving averages: the simplest trend follower, and the first strategy to read."""

from __future__ import annotations

from tradewright import Context, Param, Strategy
from tradewright import indicators as ta


class SmaCross(Strategy):
    """Long while the fast average is above the slow one, out while it is below.

    It acts on the bar in which the averages cross, and does nothing in between. One symbol.
    """

    fast = Param(10, low=2, high=60, doc="bars of the fast average")
    slow = Param(30, low=10, high=250, doc="bars of the slow average")

    def setup(self) -> None:
        """Declare both averages; the first call of `on_bar` waits for the slower one."""
        self.fast_ma = self.use(ta.sma, "close", self.fast)
        self.slow_ma = self.use(ta.sma, "close", self.slow)

    def on_bar(self, ctx: Context) -> None:
        """Enter and leave where the averages cross."""
        if self.fast_ma.crossed_above(self.slow_ma):
            ctx.target_percent(0.95)
        elif self.fast_ma.crossed_below(self.slow_ma):
            ctx.close_position()
