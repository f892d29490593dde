"""In and out again: an order on every second bar, so that fills come on the bars between."""

from __future__ import annotations

from typing import Any

import tradewright as tw


class ToAndFro(tw.Strategy):
    """Buys a share and sells it, whatever the market does; two averages are looked at as others would."""

    fast = tw.Param(10)
    slow = tw.Param(30)

    def setup(self) -> None:
        """Declare both averages."""
        self.bars = 0
        self.quick = self.use(tw.indicators.sma, "close", self.fast)
        self.calm = self.use(tw.indicators.sma, "close", self.slow)

    def on_bar(self, ctx: Any) -> None:
        """In, a bar of rest, out, a bar of rest."""
        self.bars += 1
        if self.bars % 2 == 0:
            return
        if self.quick.value * self.calm.value > 0 and not ctx.has_position():
            ctx.buy(1)
        else:
            ctx.close_position()
