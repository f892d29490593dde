"""One function per metric: from the inputs of a run to a number, or `Undefined` with the reason.

The formulas live in `quant`; here is only which of the run's quantities goes into which of them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from tradewright.quant import activity, ratios, relative, returns, significance, statistics, tails
from tradewright.quant import trade_statistics as of_trades
from tradewright.quant.undefined import Undefined

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.reporting.inputs import Inputs

    Measure = Callable[[Inputs], float | int]

__all__ = ["CURVE_KEYS", "MEASURES", "measured"]


def _calmar(run: Inputs) -> float:
    depth = -run.water.deepest
    if depth == 0.0:
        raise Undefined("there was no drawdown")
    return _cagr(run) / depth


def _cagr(run: Inputs) -> float:
    return returns.growth_rate(run.cash, run.final_equity, run.years)


def _known(value: float | None, reason: str) -> float:
    if value is None:
        raise Undefined(reason)
    return value


def _moments(run: Inputs) -> tuple[float, int, float, float]:
    """Per-period Sharpe, number of returns, skewness and kurtosis."""
    sample = run.returns
    ratio = ratios.sharpe(sample, 1.0, run.risk_free)
    return ratio, len(sample), statistics.skewness(sample), statistics.kurtosis(sample)


def _deflated_sharpe(run: Inputs) -> float:
    trials, variance = run.evidence.trials, run.evidence.trials_variance
    if trials is None:
        raise Undefined("not part of a search")
    if variance is None:
        raise Undefined("fewer than two of the trials have a Sharpe ratio")
    return significance.deflated_sharpe(*_moments(run), trials=trials, trials_variance=variance)


def _cost_share(run: Inputs) -> float:
    costs = run.dealing.trading_costs
    before = run.net_profit + costs
    if before <= 0.0:
        raise Undefined("there is no profit before costs")
    return costs / before


def _break_even(run: Inputs) -> float:
    return activity.break_even_cost_bps(run.net_profit + run.dealing.trading_costs, run.dealing.traded_value)


def _benchmark_return(run: Inputs) -> float:
    return returns.total_return(run.benchmark_returns)


_NEVER_FELL = "equity never fell below a peak"

_OF_EQUITY: dict[str, Measure] = {
    "total_return": lambda run: run.net_profit / run.cash,
    "cagr": _cagr,
    "annual_return": lambda run: returns.annual_return(run.returns, run.periods),
    "volatility": lambda run: ratios.volatility(run.returns, run.periods),
    "net_profit": lambda run: run.net_profit,
    "realized": lambda run: float(run.record.trades["gross"].sum()),
    "unrealized": lambda run: float(sum(position.unrealized for position in run.record.open_positions)),
    "final_equity": lambda run: run.final_equity,
    "peak_equity": lambda run: run.water.peak_equity,
    "duration": lambda run: run.days,
    "max_drawdown": lambda run: run.water.deepest,
    "max_drawdown_duration": lambda run: run.water.longest_days,
    "avg_drawdown": lambda run: _known(run.water.average, _NEVER_FELL),
    "avg_drawdown_duration": lambda run: _known(run.water.average_days, _NEVER_FELL),
    "var_95": lambda run: tails.value_at_risk(run.returns, 0.05),
    "cvar_95": lambda run: tails.conditional_value_at_risk(run.returns, 0.05),
    "skewness": lambda run: statistics.skewness(run.returns),
    "kurtosis": lambda run: statistics.kurtosis(run.returns),
}

_RATIOS: dict[str, Measure] = {
    "sharpe": lambda run: ratios.sharpe(run.returns, run.periods, run.risk_free),
    "sharpe_se": lambda run: significance.sharpe_standard_error(run.returns, run.periods, run.risk_free),
    "sortino": lambda run: ratios.sortino(run.returns, run.periods, run.risk_free),
    "calmar": _calmar,
    "omega": lambda run: ratios.omega(run.returns, run.risk_free),
    "psr": lambda run: significance.probabilistic_sharpe(*_moments(run)),
    "deflated_sharpe": _deflated_sharpe,
    "benchmark_return": _benchmark_return,
    "alpha": lambda run: relative.alpha(run.returns, run.benchmark_returns, run.periods, run.risk_free),
    "beta": lambda run: relative.beta(run.returns, run.benchmark_returns),
    "information_ratio": lambda run: relative.information_ratio(run.returns, run.benchmark_returns, run.periods),
}

_OF_TRADES: dict[str, Measure] = {
    "trades": lambda run: len(run.nets),
    "win_rate": lambda run: of_trades.win_rate(run.nets),
    "profit_factor": lambda run: of_trades.profit_factor(run.nets),
    "profit_factor_returns": lambda run: of_trades.profit_factor(run.trade_returns),
    "expectancy": lambda run: of_trades.expectancy(run.nets),
    "expectancy_return": lambda run: of_trades.expectancy(run.trade_returns),
    "sqn": lambda run: of_trades.sqn(run.nets),
    "kelly": lambda run: of_trades.kelly(run.trade_returns),
    "avg_win": lambda run: of_trades.average_win(run.nets),
    "avg_loss": lambda run: of_trades.average_loss(run.nets),
    "payoff_ratio": lambda run: of_trades.payoff_ratio(run.nets),
    "best_trade": lambda run: of_trades.best_trade(run.trade_returns),
    "worst_trade": lambda run: of_trades.worst_trade(run.trade_returns),
    "win_streak": lambda run: of_trades.longest_winning_streak(run.nets),
    "loss_streak": lambda run: of_trades.longest_losing_streak(run.nets),
    "avg_bars_held": lambda run: statistics.mean(run.record.trades["bars"], "closed trades"),
}

_ACTIVITY: dict[str, Measure] = {
    "exposure": lambda run: run.time_in_market,
    "gross_exposure": lambda run: statistics.mean(run.record.exposure, "session closes"),
    "turnover": lambda run: activity.turnover(run.dealing.traded_value, run.curve[1:], run.years),
    "traded_value": lambda run: run.dealing.traded_value,
    "fills": lambda run: run.dealing.fills,
    "orders": lambda run: len(run.record.orders["id"]),
    "rejected_orders": lambda run: run.rejected,
    "open_positions": lambda run: len(run.record.open_positions),
    "total_costs": lambda run: run.dealing.commission + run.dealing.tax + run.dealing.financing,
    "commission": lambda run: run.dealing.commission,
    "tax": lambda run: run.dealing.tax,
    "financing": lambda run: run.dealing.financing,
    "slippage": lambda run: run.dealing.slippage,
    "cost_share": _cost_share,
    "break_even_bps": _break_even,
}

CURVE_KEYS = frozenset(
    {
        "total_return", "cagr", "annual_return", "volatility", "net_profit", "final_equity", "max_drawdown", "var_95",
        "cvar_95", "skewness", "kurtosis", "sharpe", "sharpe_se", "sortino", "calmar", "omega", "psr",
    }
)  # fmt: skip
"""Metrics for which the equity at the session closes, the last equity and the deepest drawdown are enough."""

MEASURES: Mapping[str, Measure] = {**_OF_EQUITY, **_RATIOS, **_OF_TRADES, **_ACTIVITY}
"""How each metric of the catalog is computed."""


def measured(key: str, inputs: Any) -> tuple[float | int | None, str | None]:
    """A metric of the catalog, or None with the reason.

    Parameters
    ----------
    key : str
    inputs : Inputs, or CurveInputs for `CURVE_KEYS`
    """
    try:
        value = MEASURES[key](inputs)
    except Undefined as undefined:
        return None, undefined.reason
    except ZeroDivisionError:
        return None, "it would divide by zero"
    return (value, None) if math.isfinite(value) else (None, "its value is beyond a floating-point number")
