"""The tables of a report for other programs: months, years, drawdowns, other costs, contributions; as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.reporting import cost_scenarios, curves, drawdowns, shares

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tradewright.domain.record import RunRecord
    from tradewright.reporting.metrics import Metrics
    from tradewright.reporting.tables import Columns

__all__ = ["contributions", "cost_table", "drawdown_table", "monthly", "yearly"]


def monthly(record: RunRecord) -> Columns:
    """One row per calendar month of the run: year, month (1 to 12), return."""
    rows = [
        (year.year, month, value)
        for year in curves.months(record)
        for month, value in enumerate(year.months, 1)
        if value is not None
    ]
    return _columns(("year", "month", "return"), rows, whole=("year", "month"))


def yearly(record: RunRecord, metrics: Metrics) -> Columns:
    """One row per calendar year: return of the strategy and of the benchmark, and their difference."""
    prices = metrics.benchmark
    held = {} if prices is None else {year.year: year.total for year in curves.months_of(record, prices)}
    rows = []
    for year in curves.months(record):
        other = held.get(year.year, np.nan)
        rows.append((year.year, year.total, other, year.total - other))
    return _columns(("year", "strategy", "benchmark", "difference"), rows, whole=("year",))


def drawdown_table(record: RunRecord) -> Columns:
    """The ten deepest drawdowns: depth, instants of peak, valley and recovery (absent while it lasts), days."""
    if len(record.timeline) <= record.timeline.first_row:
        return _columns(_DRAWDOWN, [], whole=_INSTANTS)
    times = curves.marked_times(record)
    rows = [
        (each.depth, times[each.peak], times[each.valley], _ABSENT if each.recovery is None else times[each.recovery],
         each.days, np.nan if each.days_to_recover is None else each.days_to_recover)
        for each in drawdowns.worst(record)
    ]  # fmt: skip
    return _columns(_DRAWDOWN, rows, whole=_INSTANTS)


def cost_table(metrics: Metrics) -> Columns:
    """The run at multiples of its trading costs: what would have been paid and what would be left."""
    names = ("multiple", "costs", "final_equity", "total_return", "sharpe", "max_drawdown")
    rows = [
        (each.multiple, each.costs, float(each.equity[-1]), each.total_return,
         np.nan if each.sharpe is None else each.sharpe, each.max_drawdown)
        for each in cost_scenarios.scenarios(metrics.inputs)
    ]  # fmt: skip
    return _columns(names, rows)


def contributions(record: RunRecord) -> Columns:
    """What each symbol and each strategy brought, and the account itself: symbols and account make the net profit."""
    symbols = shares.by_symbol(record)
    found = [("symbol", share) for share in symbols]
    found += [("strategy", share) for share in shares.by_strategy(record)]
    found += [("account", _of_the_account(record, sum(share.total for share in symbols)))]
    columns: Columns = {
        "kind": np.array([kind for kind, _ in found], object),
        "name": np.array([share.name for _, share in found], object),
    }
    rows = [
        (share.total, share.net, share.unrealized, share.costs, share.trades,
         np.nan if share.win_rate is None else share.win_rate)
        for _, share in found
    ]  # fmt: skip
    names = ("contribution", "closed", "open", "costs", "trades", "win_rate")
    return columns | _columns(names, rows, whole=("trades",))


def _of_the_account(record: RunRecord, told: float) -> shares.Share:
    """What no trade and no open position holds: fees of what is open, interest, cash in lieu and the like."""
    profit = float(record.equity[-1]) - record.config.cash if len(record.equity) else 0.0
    return shares.Share("costs of what is open, and account events", 0, 0, profit - told, 0.0, None, None)


_ABSENT = np.iinfo(np.int64).min
_DRAWDOWN = ("depth", "peak_time", "valley_time", "recovery_time", "days", "days_to_recover")
_INSTANTS = ("peak_time", "valley_time", "recovery_time")


def _columns(names: Sequence[str], rows: Iterable[tuple[Any, ...]], whole: Sequence[str] = ()) -> Columns:
    listed = list(rows)
    return {
        name: np.array([row[place] for row in listed], np.int64 if name in whole else np.float64)
        for place, name in enumerate(names)
    }
