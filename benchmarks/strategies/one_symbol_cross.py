"""A crossing of two averages of one symbol among several."""

from __future__ import annotations

from typing import Any

import tradewright as tw


class OneSymbolCross(tw.Strategy):
    """Holds a unit while the fast average is above the slow one."""

    symbol = ""
    fast = tw.Param(5)
    slow = tw.Param(20)

    def setup(self) -> None:
        """Declare both averages."""
        self.quick = self.use(tw.indicators.sma, "close", self.fast, symbol=self.symbol)
        self.calm = self.use(tw.indicators.sma, "close", self.slow, symbol=self.symbol)

    def on_bar(self, ctx: Any) -> None:
        """Turn with the crossings."""
        if self.quick.crossed_above(self.calm):
            ctx.buy(1, symbol=self.symbol)
        elif self.quick.crossed_below(self.calm):
            ctx.close_position(self.symbol)


KINDS = tuple(type(f"Cross{number}", (OneSymbolCross,), {"symbol": f"S{number}"}) for number in range(5))
