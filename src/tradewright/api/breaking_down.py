"""A result taken apart, as a document; every number is the report's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.moments import utc
from tradewright.reporting import cost_scenarios, derived

from .schemas.breakdown import CostScenario, Drawdown, MonthReturn, RunBreakdown, YearReturn
from .words import decimal_text, finite

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tradewright.reporting.cost_scenarios import Scenario
    from tradewright.reporting.result import Result

__all__ = ["broken_down"]


def broken_down(result: Result) -> RunBreakdown:
    """Months, years, drawdowns and other costs of a result."""
    record, metrics = result.record, result.metrics
    return RunBreakdown(
        months=[
            MonthReturn(year=row["year"], month=row["month"], value=row["return"])
            for row in _rows(derived.monthly(record))
        ],
        years=[
            YearReturn(
                year=row["year"],
                strategy=row["strategy"],
                benchmark=finite(row["benchmark"]),
                difference=finite(row["difference"]),
            )
            for row in _rows(derived.yearly(record, metrics))
        ],
        drawdowns=[_drawdown(row) for row in _rows(derived.drawdown_table(record))],
        costs=[_scenario(each) for each in cost_scenarios.scenarios(metrics.inputs)],
        currency=record.config.currency,
    )


def _rows(columns: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    lists = {name: column.tolist() for name, column in columns.items()}
    for values in zip(*lists.values(), strict=True):
        yield dict(zip(lists, values, strict=True))


def _drawdown(row: Mapping[str, Any]) -> Drawdown:
    lasts = finite(row["days_to_recover"]) is None
    return Drawdown(
        depth=row["depth"],
        peak_at=utc(row["peak_time"]),
        valley_at=utc(row["valley_time"]),
        recovery_at=None if lasts else utc(row["recovery_time"]),
        days=row["days"],
        days_to_recover=finite(row["days_to_recover"]),
    )


def _scenario(each: Scenario) -> CostScenario:
    return CostScenario(
        multiple=each.multiple,
        costs=decimal_text(each.costs) or "0",
        final_equity=decimal_text(float(each.equity[-1])) or "0",
        total_return=each.total_return,
        sharpe=each.sharpe,
        sharpe_reason=each.sharpe_reason,
        max_drawdown=each.max_drawdown,
    )
