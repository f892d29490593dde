"""Buying weakness inside a rising market, with a limit on how long to wait for the recovery."""

from __future__ import annotations

from tradewright import Context, Param, Strategy
from tradewright import indicators as ta


class MeanReversion(Strategy):
    """Buy a close below the lower Bollinger band in an uptrend; sell at the middle band, or when patience ends.

    The uptrend is a close above a long average: falling prices in a falling market have no mean to return to. One
    symbol.
    """

    period = Param(20, low=5, high=100, doc="bars of the bands")
    deviations = Param(2.0, low=0.5, high=4.0, doc="width of the bands in standard deviations")
    trend = Param(200, low=20, high=400, doc="bars of the trend average")
    patience = Param(10, low=1, high=100, doc="bars after which a position is given up")

    def setup(self) -> None:
        """Declare bands and trend; `held` counts the bars of the open position."""
        self.bands = self.use(ta.bollinger, "close", self.period, self.deviations)
        self.trend_ma = self.use(ta.sma, "close", self.trend)
        self.held = 0

    def on_bar(self, ctx: Context) -> None:
        """Watch over the position, or look for one."""
        close = ctx.close()
        if ctx.has_position():
            self.held += 1
            if close >= self.bands.middle.value:
                ctx.close_position(tag="recovered")
            elif self.held >= self.patience:
                ctx.close_position(tag="gave up")
        elif close < self.bands.lower.value and close > self.trend_ma.value:
            ctx.target_percent(0.95, tag="weak in an uptrend")
            self.held = 0
