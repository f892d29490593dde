"""The text of a new strategy file."""

from __future__ import annotations

from string import Template

__all__ = ["strategy_text"]

_TEXT = Template('''"""$name: say here in one sentence what it earns from.

Run it over a synthetic market, then over a file of yours:

    tradewright backtest $file --synthetic
    tradewright backtest $file --data prices.csv --symbols ACME --timeframe 1d --calendar XNYS
"""

from tradewright import Param, Strategy
from tradewright import indicators as ta


class $name(Strategy):
    """Long while the fast average is above the slow one and the market has not run too far."""

    # What may be set from outside, with bounds: --param fast=15
    fast = Param(10, low=2, high=60)
    slow = Param(30, low=10, high=250)
    hot = Param(75.0, low=50.0, high=100.0, doc="RSI above which nothing is bought")
    stop = Param(0.08, low=0.01, high=0.5, doc="loss at which a position is given up, a fraction of its price")

    def setup(self):
        # Runs once. Indicators declared here are computed at once for all bars, and set the warm-up.
        self.fast_ma = self.use(ta.sma, "close", self.fast)
        self.slow_ma = self.use(ta.sma, "close", self.slow)
        self.rsi = self.use(ta.rsi, "close", 14)

    def on_bar(self, ctx):
        # Runs after every bar has closed. line[-1] is now, line[-2] the bar before; later bars cannot be reached.
        if self.fast_ma.crossed_above(self.slow_ma) and self.rsi[-1] < self.hot:
            # 95 % of the account; fills at the next open. With several symbols add symbol="...".
            ctx.target_percent(0.95)
        elif self.fast_ma.crossed_below(self.slow_ma):
            ctx.close_position()
        elif ctx.has_position() and ctx.close() < (1 - self.stop) * ctx.position().average_price:
            ctx.log("gave up", close=ctx.close())
            ctx.close_position()
''')


def strategy_text(name: str, file: str) -> str:
    """A commented strategy of that class name, in that file."""
    return _TEXT.substitute(name=name, file=file)
