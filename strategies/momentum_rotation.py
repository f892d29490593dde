"""Cross-sectional momentum: once a month hold the strongest names of a universe, in equal parts."""

from __future__ import annotations

from tradewright import Context, Param, Strategy
from tradewright import indicators as ta


class MomentumRotation(Strategy):
    """On the first session of a month sell what fell out of the top of the ranking, then buy what came in.

    The ranking is by return over a past window. Names that fell over it are not held, however well they rank, so that
    part of the money waits as cash in a falling market. Symbols without enough history, or without a bar today, take no
    part: `ctx.rank` leaves them out. Several symbols.
    """

    window = Param(126, low=20, high=300, doc="bars of the momentum")
    names = Param(5, low=1, high=50, doc="how many names to hold")

    def setup(self) -> None:
        """Declare the momentum of every symbol."""
        self.momentum = self.use(ta.roc, "close", self.window)

    def on_bar(self, ctx: Context) -> None:
        """Rebalance at the turn of the month."""
        if not ctx.new_month:
            return
        chosen = [symbol for symbol in ctx.rank(self.momentum, top=self.names) if self.momentum[symbol].value > 0.0]
        # Orders fill in the order in which they are placed: sales first, so that they pay for the purchases.
        for symbol in ctx.positions:
            if symbol not in chosen:
                ctx.close_position(symbol)
        for symbol in sorted(chosen, key=lambda name: ctx.position(name).market_value, reverse=True):
            ctx.target_percent(0.95 / self.names, symbol)
