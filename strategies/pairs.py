"""Statistical arbitrage in its simplest form: two related prices, and the distance between them."""

from __future__ import annotations

from math import log
from statistics import fmean, stdev

from tradewright import Context, Param, Strategy


class Pairs(Strategy):
    """Trade the spread of two symbols back to its mean: short the dear one, long the cheap one, in equal amounts.

    The spread is the difference of the logarithms of the closes, measured in standard deviations of its own past
    window. It opens where the spread is wide, closes where it is narrow, and gives up where it widens further: pairs
    that break stay broken. The first two symbols of the run are the pair; shorts must be allowed.
    """

    window = Param(60, low=10, high=250, doc="bars over which the spread is measured")
    enter = Param(2.0, low=0.5, high=5.0, doc="standard deviations at which to open")
    leave = Param(0.5, low=0.0, high=2.0, doc="standard deviations at which to close")
    give_up = Param(4.0, low=1.0, high=10.0, doc="standard deviations at which to take the loss")
    share = Param(0.4, low=0.05, high=0.9, doc="fraction of equity on each side")

    def on_bar(self, ctx: Context) -> None:
        """Compare the pair, when both traded now."""
        first, second = ctx.universe[:2]
        if ctx.is_stale(first) or ctx.is_stale(second):
            return
        score = self.score(ctx, first, second)
        if ctx.has_position(first) or ctx.has_position(second):
            if abs(score) <= self.leave or abs(score) >= self.give_up:
                ctx.close_position(first)
                ctx.close_position(second)
        elif self.enter <= abs(score) < self.give_up:
            side = -1.0 if score > 0.0 else 1.0
            ctx.target_percent(side * self.share, first)
            ctx.target_percent(-side * self.share, second)

    def score(self, ctx: Context, first: str, second: str) -> float:
        """Where the spread lies in its own past, in standard deviations; bars that only one has do not count."""
        here = ctx.history(first, bars=self.window)
        there = ctx.history(second, bars=self.window)
        partner = dict(zip(there.timestamps.tolist(), there.close.tolist(), strict=True))
        pairs = zip(here.timestamps.tolist(), here.close.tolist(), strict=True)
        spreads = [log(close) - log(partner[time]) for time, close in pairs if time in partner]
        return (spreads[-1] - fmean(spreads)) / stdev(spreads)
