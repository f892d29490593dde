"""What each metric is called, counted in, computed by which convention, and where its formula comes from.

The reference page `docs/reference/metrics.md` lists exactly these; `measures` computes them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

__all__ = ["BY_KEY", "CATALOG", "GROUPS", "MetricInfo", "Unit"]


class Unit(StrEnum):
    """What a metric is counted in."""

    RETURN = "fraction, a change"
    FRACTION = "fraction"
    MONEY = "account currency"
    PROFIT = "account currency, a change"
    RATIO = "ratio"
    PROBABILITY = "probability"
    BPS = "basis points"
    DAYS = "days of 24 h"
    COUNT = "count"
    BARS = "bars"
    PER_YEAR = "times a year"


class MetricInfo(NamedTuple):
    """One metric: its key, the group it is shown in, its label, unit, convention and source."""

    key: str
    group: str
    label: str
    unit: Unit
    convention: str
    source: str


_SESSIONS = "simple returns of session closes, the starting cash first"
_MARKED = "equity marked at every bar's close, the starting cash included"
_CLOSED = "closed trades, after costs"

CATALOG: tuple[MetricInfo, ...] = tuple(
    MetricInfo(*line)
    for line in (
        ("total_return", "Return", "Total return", Unit.RETURN, "final equity ÷ starting cash − 1", "definition"),
        ("cagr", "Return", "CAGR", Unit.RETURN,
         "geometric: growth to the power of sessions a year ÷ sessions of the run, − 1", "GIPS 2020"),
        ("annual_return", "Return", "Annual return", Unit.RETURN,
         f"arithmetic: mean × sessions a year; {_SESSIONS}", "Sharpe 1994"),
        ("volatility", "Return", "Volatility", Unit.FRACTION,
         f"standard deviation (ddof 1) × √sessions a year; {_SESSIONS}", "Sharpe 1994"),
        ("net_profit", "Return", "Net profit", Unit.PROFIT, "final equity − starting cash", "definition"),
        ("realized", "Return", "Realised, before costs", Unit.PROFIT, "Σ gross of closed trades", "definition"),
        ("unrealized", "Return", "Unrealised", Unit.PROFIT,
         "open positions marked at the last close, before costs", "definition"),
        ("final_equity", "Return", "Final equity", Unit.MONEY, "marked at the last close", "definition"),
        ("peak_equity", "Return", "Peak equity", Unit.MONEY, _MARKED, "definition"),
        ("duration", "Return", "Duration", Unit.DAYS, "first traded bar's open to the last close", "definition"),
        ("sharpe", "Risk-adjusted", "Sharpe", Unit.RATIO,
         f"(mean − risk-free) ÷ deviation (ddof 1) × √sessions a year; {_SESSIONS}", "Sharpe 1994"),
        ("sharpe_se", "Risk-adjusted", "Sharpe, standard error", Unit.RATIO,
         "annual, with skewness and kurtosis of the returns", "Mertens 2002; Bailey & López de Prado 2012"),
        ("sortino", "Risk-adjusted", "Sortino", Unit.RATIO,
         "mean excess return ÷ downside deviation about the risk-free rate, annual", "Sortino & Price 1994"),
        ("calmar", "Risk-adjusted", "Calmar", Unit.RATIO,
         "CAGR ÷ |maximum drawdown| of the marked equity, over the whole run", "Young 1991"),
        ("omega", "Risk-adjusted", "Omega", Unit.RATIO,
         "Σ gains ÷ Σ losses of session returns about the risk-free rate", "Keating & Shadwick 2002"),
        ("psr", "Risk-adjusted", "Probabilistic Sharpe", Unit.PROBABILITY,
         "probability that the true Sharpe is above 0; kurtosis not excess, Sharpe per session",
         "Bailey & López de Prado 2012"),
        ("deflated_sharpe", "Risk-adjusted", "Deflated Sharpe", Unit.PROBABILITY,
         "PSR against the best Sharpe expected of that many trials; trials and their variance are inputs",
         "Bailey & López de Prado 2014"),
        ("max_drawdown", "Risk", "Maximum drawdown", Unit.RETURN, f"equity ÷ highest so far − 1, ≤ 0; {_MARKED}",
         "definition"),
        ("max_drawdown_duration", "Risk", "Longest drawdown", Unit.DAYS,
         "from a peak to the close that regains it, or to the end", "definition"),
        ("avg_drawdown", "Risk", "Average drawdown", Unit.RETURN, "mean of the deepest points of all drawdowns, ≤ 0",
         "definition"),
        ("avg_drawdown_duration", "Risk", "Average drawdown length", Unit.DAYS,
         "mean over all drawdowns", "definition"),
        ("var_95", "Risk", "Value at risk, 95 %", Unit.RETURN,
         f"5 % quantile, historical, not annual, ≤ 0 when it is a loss; {_SESSIONS}", "Jorion 2006"),
        ("cvar_95", "Risk", "Expected shortfall, 95 %", Unit.RETURN,
         "mean of the returns at or below the value at risk", "Rockafellar & Uryasev 2000"),
        ("skewness", "Risk", "Skewness", Unit.RATIO, f"of {_SESSIONS}", "definition"),
        ("kurtosis", "Risk", "Kurtosis", Unit.RATIO, f"not excess: 3 for normal; of {_SESSIONS}", "definition"),
        ("trades", "Trades", "Closed trades", Unit.COUNT,
         "pairings of opening and closing quantity, FIFO", "definition"),
        ("win_rate", "Trades", "Win rate", Unit.FRACTION, f"share with a profit; {_CLOSED}", "definition"),
        ("profit_factor", "Trades", "Profit factor", Unit.RATIO, f"Σ profits ÷ |Σ losses| in money; {_CLOSED}",
         "definition"),
        ("profit_factor_returns", "Trades", "Profit factor of returns", Unit.RATIO,
         f"Σ positive ÷ |Σ negative| trade returns; {_CLOSED}", "definition"),
        ("expectancy", "Trades", "Expectancy", Unit.PROFIT, f"mean profit of a trade; {_CLOSED}", "Tharp 1998"),
        ("expectancy_return", "Trades", "Expectancy, return", Unit.RETURN, f"mean return of a trade; {_CLOSED}",
         "Tharp 1998"),
        ("sqn", "Trades", "System quality number", Unit.RATIO,
         "√trades × mean ÷ deviation (ddof 1) of profits in money", "Tharp 2008"),
        ("kelly", "Trades", "Kelly fraction", Unit.FRACTION,
         "win rate − loss rate ÷ (mean win ÷ mean loss), of trade returns", "Kelly 1956; Thorp 2006"),
        ("avg_win", "Trades", "Average win", Unit.PROFIT, f"mean of the profits; {_CLOSED}", "definition"),
        ("avg_loss", "Trades", "Average loss", Unit.PROFIT, f"mean of the losses, ≤ 0; {_CLOSED}", "definition"),
        ("payoff_ratio", "Trades", "Payoff ratio", Unit.RATIO, "average win ÷ |average loss|", "definition"),
        ("best_trade", "Trades", "Best trade", Unit.RETURN, f"highest return; {_CLOSED}", "definition"),
        ("worst_trade", "Trades", "Worst trade", Unit.RETURN, f"lowest return; {_CLOSED}", "definition"),
        ("win_streak", "Trades", "Longest winning streak", Unit.COUNT, "trades by exit", "definition"),
        ("loss_streak", "Trades", "Longest losing streak", Unit.COUNT, "trades by exit", "definition"),
        ("avg_bars_held", "Trades", "Average holding", Unit.BARS, "mean bars from entry to exit", "definition"),
        ("exposure", "Activity", "Time in market", Unit.FRACTION,
         "bars with a position at any time ÷ all bars", "definition"),
        ("gross_exposure", "Activity", "Mean gross exposure", Unit.FRACTION,
         "mean of Σ|position value| ÷ equity at session closes", "definition"),
        ("turnover", "Activity", "Turnover", Unit.PER_YEAR,
         "(bought + sold) ÷ mean equity at session closes, a year", "definition"),
        ("traded_value", "Activity", "Traded value", Unit.MONEY, "Σ|quantity| × price × multiplier of all fills",
         "definition"),
        ("fills", "Activity", "Fills", Unit.COUNT, "executions, partial ones each", "definition"),
        ("orders", "Activity", "Orders", Unit.COUNT, "all orders, protective legs included", "definition"),
        ("rejected_orders", "Activity", "Refused orders", Unit.COUNT, "orders that ended as rejected", "definition"),
        ("open_positions", "Activity", "Open positions", Unit.COUNT, "at the end of the run", "definition"),
        ("total_costs", "Costs", "Costs", Unit.MONEY, "commission + tax + financing; slippage is in the prices",
         "ledger identity"),
        ("commission", "Costs", "Commission", Unit.MONEY, "of all fills", "definition"),
        ("tax", "Costs", "Tax and charges", Unit.MONEY, "of all fills", "definition"),
        ("financing", "Costs", "Financing", Unit.MONEY,
         "borrow, interest and funding minus dividends received; negative is income", "definition"),
        ("slippage", "Costs", "Slippage, memo", Unit.MONEY, "already inside the fill prices", "Perold 1988"),
        ("cost_share", "Costs", "Costs of gross profit", Unit.FRACTION,
         "(commission + tax + slippage) ÷ profit before them", "definition"),
        ("break_even_bps", "Costs", "Break-even cost", Unit.BPS,
         "(net profit + commission + tax + slippage) ÷ traded value; negative for a loss before costs", "definition"),
        ("benchmark_return", "Benchmark", "Benchmark return", Unit.RETURN,
         "buy and hold of the single symbol from the first close, or the one given", "definition"),
        ("alpha", "Benchmark", "Alpha", Unit.RETURN, "Jensen, annual, arithmetic", "Jensen 1968"),
        ("beta", "Benchmark", "Beta", Unit.RATIO, "covariance ÷ variance of session returns", "Jensen 1968"),
        ("information_ratio", "Benchmark", "Information ratio", Unit.RATIO,
         "mean ÷ deviation (ddof 1) of active returns, annual", "Grinold & Kahn 2000"),
    )
)  # fmt: skip
"""Every metric, in the order in which it is shown."""

BY_KEY = {info.key: info for info in CATALOG}

GROUPS = tuple(dict.fromkeys(info.group for info in CATALOG))
