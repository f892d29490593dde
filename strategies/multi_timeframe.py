"""Two timeframes: the longer one says in which direction to trade, the shorter one when."""

from __future__ import annotations

from tradewright import Context, Param, Strategy
from tradewright import indicators as ta


class MultiTimeframe(Strategy):
    """Buy a recovery from weakness, but only while the longer timeframe rises.

    The trend is an average of the longer bars: weeks over days, or days over minutes. A longer bar is visible when it
    is complete and not before: on a Wednesday the last week is the one that ended on Friday. Entry is the relative
    strength index rising back through a low level, exit is its rise to a high one, or the end of the trend. One symbol.
    """

    trend_timeframe = Param("1w", choices=("1h", "4h", "1d", "1w", "1mo"), doc="the longer timeframe")
    trend = Param(20, low=3, high=100, doc="longer bars of the trend average")
    rsi_period = Param(5, low=2, high=30, doc="bars of the relative strength index")
    low = Param(40.0, low=5.0, high=50.0, doc="level through which strength returns")
    high = Param(70.0, low=50.0, high=95.0, doc="level at which to leave")

    def setup(self) -> None:
        """Declare the trend on the longer bars and the strength on the shorter ones."""
        self.trend_ma = self.use(ta.ema, "close", self.trend, timeframe=self.trend_timeframe)
        self.trend_close = self.use(ta.sma, "close", 1, timeframe=self.trend_timeframe)
        self.strength = self.use(ta.rsi, "close", self.rsi_period)

    def on_bar(self, ctx: Context) -> None:
        """Follow the longer timeframe, at the moments of the shorter one."""
        rising = self.trend_close.value > self.trend_ma.value
        if ctx.has_position():
            if not rising or self.strength.value >= self.high:
                ctx.close_position()
        elif rising and self.strength.crossed_above(self.low):
            ctx.target_percent(0.95)
