"""A breakout with its exit orders in place from the start: entry, stop loss and take profit as one bracket."""

from __future__ import annotations

from tradewright import Context, Param, Strategy
from tradewright import indicators as ta


class BreakoutBracket(Strategy):
    """Buy a close above the highest high of the channel, protected by a stop and a target.

    The Donchian channel is that of the bars before this one, else no close could lie above it. The stop lies a multiple
    of the average true range below the close, the target a multiple of that risk above it. So much is bought that the
    stop would cost a fixed fraction of equity. Exits need no code: they are orders at the venue. One symbol.
    """

    channel = Param(55, low=10, high=250, doc="bars of the channel")
    atr_period = Param(14, low=5, high=50, doc="bars of the average true range")
    stop_atrs = Param(2.0, low=0.5, high=6.0, doc="distance of the stop in average true ranges")
    reward = Param(3.0, low=0.5, high=10.0, doc="distance of the target in multiples of the risk")
    risk = Param(0.01, low=0.001, high=0.05, doc="fraction of equity that the stop may cost")

    def setup(self) -> None:
        """Declare the channel and the range."""
        self.bounds = self.use(ta.donchian, "high", "low", self.channel)
        self.range = self.use(ta.atr, "high", "low", "close", self.atr_period)

    def on_bar(self, ctx: Context) -> None:
        """Enter on a breakout, when flat."""
        if ctx.has_position() or ctx.open_orders() or ctx.close() <= self.bounds.upper.value:
            return
        distance = self.stop_atrs * self.range.value
        units = min(self.risk * ctx.equity / distance, 0.95 * ctx.buying_power / ctx.close())
        if units >= 1:
            stop, target = ctx.close() - distance, ctx.close() + self.reward * distance
            ctx.buy(units, stop_loss=stop, take_profit=target, tag="breakout")
