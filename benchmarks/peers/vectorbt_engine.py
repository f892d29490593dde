"""vectorbt: signals as arrays, its Rust engine where installed (extra `rust`), else Numba."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.peers.rules import CASH, COMMISSION, FAST, INVESTED, LOOKBACK, QUANTITY, SLOW, STOP, TARGET, TOP
from benchmarks.workload import Outcome, Trial

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.market import Market


def sma_cross(market: Market) -> Trial:
    """P1: orders one bar after the signal at that bar's open."""
    columns = _columns(market)

    def run() -> Any:
        entries, exits = _signals(columns["close"])
        return _simulate(columns, entries, exits)

    return Trial(run, _outcome)


def bracketed(market: Market) -> Trial:
    """P1c: stop and target as fractions of the fill price, tested against high and low of the bars after the entry."""
    columns = _columns(market)

    def run() -> Any:
        entries, exits = _signals(columns["close"])
        bounds = {name: columns[name] for name in ("open", "high", "low")}
        return _simulate(columns, entries, exits, sl_stop=1.0 - STOP, tp_stop=TARGET - 1.0, **bounds)

    return Trial(run, _outcome)


def idle(market: Market) -> Trial:
    """P1b: no signal at all."""
    columns = _columns(market)
    never = np.zeros(len(columns["close"]), dtype=np.bool_)
    return Trial(lambda: _simulate(columns, never, never), _outcome)


def momentum(market: Market) -> Trial:
    """P3: target weights as a matrix, one group that shares cash, sells before buys."""
    import pandas as pd
    import vectorbt as vbt

    index = pd.DatetimeIndex(market.open_time.view("datetime64[ns]"))
    close = pd.DataFrame(np.ascontiguousarray(market.close.T), index=index)
    opened = pd.DataFrame(np.ascontiguousarray(market.open.T), index=index)
    starts = market.month_starts

    def run() -> Any:
        portfolio = vbt.Portfolio.from_orders(
            close,
            size=_weights(close.to_numpy(), starts),
            size_type="targetpercent",
            price=opened,
            val_price=opened,
            fees=COMMISSION,
            init_cash=CASH,
            group_by=True,
            cash_sharing=True,
            call_seq="auto",
            freq="1D",
        )
        portfolio.value()
        portfolio.sharpe_ratio()
        return portfolio

    return Trial(run, _outcome)


def _weights(close: NDArray[np.float64], starts: NDArray[np.bool_]) -> NDArray[np.float64]:
    weights = np.full(close.shape, np.nan)
    for day in np.flatnonzero(starts):
        if LOOKBACK <= day < len(close) - 1:
            chosen = np.argsort(-close[day] / close[day - LOOKBACK], kind="stable")[:TOP]
            weights[day + 1] = 0.0
            weights[day + 1, chosen] = INVESTED / TOP
    return weights


def _columns(market: Market) -> dict[str, NDArray[np.float64]]:
    return {name: getattr(market, name)[0] for name in ("open", "high", "low", "close")}


def _signals(close: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    from vectorbt.generic import dispatch

    column = close[:, None]
    fast, slow = (dispatch.rolling_mean(column, length)[:, 0] for length in (FAST, SLOW))
    above, below = fast > slow, fast < slow
    entries, exits = np.zeros((2, len(close)), dtype=np.bool_)
    ready = ~np.isnan(slow[:-2])
    entries[2:] = above[1:-1] & ~above[:-2] & ready
    exits[2:] = below[1:-1] & ~below[:-2] & ready
    return entries, exits


def _simulate(columns: dict[str, Any], entries: Any, exits: Any, **stops: Any) -> Any:
    import vectorbt as vbt

    portfolio = vbt.Portfolio.from_signals(
        columns["close"],
        entries,
        exits,
        size=QUANTITY,
        price=columns["open"],
        fees=COMMISSION,
        init_cash=CASH,
        freq="1min",
        **stops,
    )
    portfolio.value()
    portfolio.sharpe_ratio()
    return portfolio


def _outcome(portfolio: Any) -> Outcome:
    return {"equity": float(portfolio.final_value()), "fills": len(portfolio.orders.values)}
