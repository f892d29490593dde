"""P3: each month the 50 symbols that rose most over half a year, equally weighted."""

from __future__ import annotations

from tradewright import Param, Strategy
from tradewright import indicators as ta


class Momentum(Strategy):
    """Ranks all symbols on the first bar of a month, closes what fell out, rebalances what is in."""

    lookback = Param(126, low=21, high=252)
    top = Param(50, low=1, high=500)
    invested = Param(0.95)

    def setup(self) -> None:
        """Declare the rate of change of every symbol."""
        self.momentum = self.use(ta.roc, "close", self.lookback)

    def on_bar(self, ctx) -> None:  # noqa: ANN001 - as in the interface's example
        """Sell first: at one open a sell placed first pays for the buy placed after it."""
        if not ctx.new_month:
            return
        chosen = ctx.rank(self.momentum, top=self.top)
        for symbol in ctx.symbols:
            if ctx.has_position(symbol) and symbol not in chosen:
                ctx.close_position(symbol)
        for symbol in chosen:
            ctx.target_percent(self.invested / self.top, symbol)
