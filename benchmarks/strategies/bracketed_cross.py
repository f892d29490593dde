"""P1c: the crossings of P1 with a stop and a target on every entry."""

from __future__ import annotations

from tradewright import Param, Strategy
from tradewright import indicators as ta


class BracketedCross(Strategy):
    """Buys on the upward crossing with a bracket; the downward crossing closes what the bracket has not."""

    fast = Param(10, low=2, high=60)
    slow = Param(30, low=10, high=250)
    quantity = Param(100)
    stop = Param(0.995)
    target = Param(1.01)

    def setup(self) -> None:
        """Declare the two averages."""
        self.fast_ma = self.use(ta.sma, "close", self.fast)
        self.slow_ma = self.use(ta.sma, "close", self.slow)

    def on_bar(self, ctx) -> None:  # noqa: ANN001 - as in the interface's example
        """Trade the crossings at the next open, protected from the fill on."""
        if self.fast_ma.crossed_above(self.slow_ma):
            close = ctx.close()
            ctx.buy(self.quantity, stop_loss=close * self.stop, take_profit=close * self.target)
        elif self.fast_ma.crossed_below(self.slow_ma):
            ctx.close_position()
