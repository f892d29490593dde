"""A run of a million bars with a hundred thousand trades, made and kept in seconds."""

from __future__ import annotations

from typing import Any, NamedTuple

import tradewright as tw
from tradewright.reporting.result import Result

__all__ = ["LargeRun", "Often", "keep_large_run"]

BARS = 1_000_000
EVERY = 5
COSTS = tw.Costs(slippage_bps=0.1, commission=tw.PerTrade(0.01))


class Often(tw.Strategy):
    """Buys or sells at every fifth bar."""

    every = tw.Param(EVERY, low=2, high=500)

    def setup(self) -> None:
        self.seen = 0

    def on_bar(self, ctx: Any) -> None:
        self.seen += 1
        if self.seen % self.every == 0:
            if ctx.has_position():
                ctx.close_position()
            else:
                ctx.buy(1)


class LargeRun(NamedTuple):
    """A kept run and what is known of it."""

    id: str
    result: Result


def keep_large_run(bars: int = BARS) -> LargeRun:
    """Keep a run over minutes in the folder that the environment names; one trade to ten bars."""
    minutes = tw.synthetic_bars("COIN", bars=bars, timeframe="1m", calendar="24/7", seed=3)
    result = tw.backtest(Often, minutes, cash=10_000, costs=COSTS)
    return LargeRun(tw.keep_run(result, name="a million minutes"), result)
