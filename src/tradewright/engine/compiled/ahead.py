"""Ahead of a run: whether a strategy compiles, and what makes the machine code of the rules."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from tradewright.domain.bars import Bars
from tradewright.strategy.base import Strategy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.strategy.context import Context

__all__ = ["AllOrders", "AllOrdersOfSeveral", "compiles"]


def compiles(strategy: Any, bars: Bars | Mapping[str, Bars], params: Mapping[str, Any] | None = None) -> str | None:
    """Why a strategy would run interpreted over such bars, with file and line; None where it compiles.

    Its indicators are computed and its text is read; no bar is run, and no machine code is made.

    Parameters
    ----------
    strategy : Strategy class or function
    bars : Bars, or mapping of symbol to Bars
    params : mapping, optional
        In place of the defaults.

    Raises
    ------
    TradewrightError
        Where the run itself could not begin.
    """
    from tradewright.engine.plan import RunPlan
    from tradewright.engine.staging import stage
    from tradewright.strategy.adapt import as_strategy

    from .runner import placed, prepare
    from .subset import OutsideError

    if find_spec("numba") is None:
        return "Numba is not installed"
    series = {bars.symbol: bars} if isinstance(bars, Bars) else dict(bars)
    try:
        prepare(stage(RunPlan(strategies=[as_strategy(strategy, params)], series=series)).loop)
    except OutsideError as refused:
        return placed(refused)
    return None


class AllOrders(Strategy):
    """Calls every rule and places nothing: compiling it makes the machine code that others find in the cache."""

    def on_bar(self, ctx: Context) -> None:
        """Every kind of order, on bars that do not exist."""
        if ctx.volume() < 0.0:
            price = ctx.close()
            ctx.buy(1, stop_loss=price * 0.9, take_profit=price * 1.1)
            ctx.buy(2, limit_price=price, time_in_force="day")
            ctx.sell(3, stop_price=price)
            ctx.sell(4, trail_percent=5)
            ctx.buy()
            ctx.sell()
            ctx.target_percent(0.5)
            ctx.target_quantity(10)
            ctx.close_position()
            ctx.cancel_all()


class AllOrdersOfSeveral(Strategy):
    """The same over several symbols."""

    def on_bar(self, ctx: Context) -> None:
        """Every kind of order for every symbol, on bars that do not exist."""
        for symbol in ctx.universe:
            if ctx.volume(symbol) < 0.0 and ctx.equity > 0.0 and ctx.buying_power > 0.0:
                price = ctx.close(symbol)
                ctx.buy(1, symbol, stop_loss=price * 0.9, take_profit=price * 1.1)
                ctx.buy(2, symbol, limit_price=price)
                ctx.sell(4, symbol, trail_percent=5)
                ctx.buy(symbol=symbol)
                ctx.target_percent(0.5, symbol)
                ctx.target_quantity(10, symbol)
                ctx.close_position(symbol)
