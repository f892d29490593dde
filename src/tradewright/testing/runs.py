"""Runs to prove parts on: ordinary ones, and those in which everything is missing, ruined, crowded or hostile.

Each is a real backtest of a synthetic market, so that what a suite shows is what a user would see. They are made once.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from tradewright.face.backtest import backtest
from tradewright.face.bars import synthetic_bars
from tradewright.simulation.costs import Costs, Margin

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.bars import Bars
    from tradewright.reporting.result import Result

__all__ = ["HOSTILE", "SAMPLE_RUNS", "dealing", "moving_market"]

HOSTILE = "<script>alert('own')</script>&\"quoted\""
"""Text that a page must not take for markup."""


@cache
def moving_market(bars: int = 250, seed: int = 3) -> Bars:
    """Synthetic daily bars."""
    made: Bars = synthetic_bars("SYN", bars=bars, seed=seed)
    return made


def dealing(bars: Bars, costs: Costs | None = None, every: int = 5, units: float = 20.0) -> Result:
    """A run that buys some units every so many bars and sells them again half-way between.

    Its quantities hang on nothing, so that runs with other costs trade the same.
    """

    def deal(ctx: Any) -> None:
        row = len(seen)
        seen.append(row)
        if row % every == 0:
            ctx.buy(units)
        elif row % every == every // 2:
            ctx.sell(units)

    seen: list[int] = []
    return backtest(deal, bars, costs=costs)


def _ordinary() -> Result:
    return dealing(moving_market())


def _idle() -> Result:
    return backtest(_nothing, moving_market(60))


def _one_bar() -> Result:
    return backtest(_buy_once, moving_market(60).rows(0, 1))


def _open_at_the_end() -> Result:
    return backtest(_buy_once, moving_market(60))


def _ruined() -> Result:
    """A short of a market that doubles and doubles again: equity falls through zero."""
    rising = synthetic_bars("UP", bars=400, seed=5, volatility=4.0)
    return backtest(_short_once, rising, margin=Margin(initial=0.1, maintenance=0.0), cash=10_000.0)


def _crowded() -> Result:
    """Two strategies on three symbols, intraday."""
    bars = synthetic_bars(["AAA", "BBB", "CCC"], timeframe="1h", bars=200, seed=4)
    return backtest([_rotate, _buy_all], bars)


def _hostile() -> Result:
    """A strategy whose name, parameters and log lines are markup."""

    def hostile(ctx: Any, words: str = HOSTILE) -> None:
        ctx.log(words)
        if not ctx.has_position():
            ctx.buy(1, tag=HOSTILE)

    hostile.__name__ = hostile.__qualname__ = HOSTILE
    return backtest(hostile, moving_market(60))


def _huge() -> Result:
    """Minute bars of a quarter of a year, and more than two thousand trades."""
    return dealing(synthetic_bars("BIG", timeframe="1m", bars=25_000, seed=6), every=10)


def _nothing(ctx: Any) -> None:
    """Decide nothing."""


def _buy_once(ctx: Any) -> None:
    if not ctx.has_position() and not ctx.open_orders():
        ctx.buy(10)


def _short_once(ctx: Any) -> None:
    if not ctx.has_position() and not ctx.open_orders():
        ctx.target_percent(-5.0)


def _rotate(ctx: Any) -> None:
    for symbol in ctx.symbols:
        if ctx.rng.random() < 0.05:
            ctx.target_percent(ctx.rng.random() * 0.2, symbol)


def _buy_all(ctx: Any) -> None:
    for symbol in ctx.symbols:
        if not ctx.has_position(symbol) and not ctx.open_orders(symbol):
            ctx.buy(5, symbol)


SAMPLE_RUNS: dict[str, Callable[[], Result]] = {
    name: cache(make)
    for name, make in {
        "ordinary": _ordinary,
        "idle": _idle,
        "one bar": _one_bar,
        "open at the end": _open_at_the_end,
        "ruined": _ruined,
        "crowded": _crowded,
        "hostile names": _hostile,
        "huge": _huge,
    }.items()
}
"""Runs by what is special about them; each is made at its first call."""
