"""Metrics as text: which number rule each unit follows, and why a number is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.reporting import formatting
from tradewright.reporting.catalog import MetricInfo, Unit
from tradewright.reporting.metric_registry import all_groups, all_metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tradewright.reporting.metrics import Metrics

__all__ = [
    "CHANGES",
    "COUNTED",
    "HEADLINE",
    "MONEY",
    "difference_text",
    "groups",
    "metric_text",
    "unit_text",
    "value_text",
]

HEADLINE = ("total_return", "cagr", "sharpe", "max_drawdown", "trades", "benchmark_return")
"""The metrics that a result is introduced with."""

CHANGES = frozenset({Unit.RETURN, Unit.PROFIT})
"""Units whose sign is a gain or a loss."""

MONEY = frozenset({Unit.MONEY, Unit.PROFIT})
"""Units that are amounts of the account's currency."""

COUNTED: dict[str, str] = {Unit.BARS: "bars", Unit.PER_YEAR: "× a year"}
"""What stands behind numbers of these units."""

_POINTS = frozenset({Unit.RETURN, Unit.FRACTION})
_INSIDE_ANOTHER = frozenset({"sharpe_se"})


def groups() -> Iterator[tuple[str, list[MetricInfo]]]:
    """The groups in order with the metrics shown in them; a standard error is shown beside its ratio."""
    infos = [info for info in all_metrics() if info.key not in _INSIDE_ANOTHER]
    for group in all_groups():
        yield group, [info for info in infos if info.group == group]


def metric_text(metrics: Metrics, key: str, currency: str) -> str:
    """A metric by the number rule of its unit; ``n/a`` where it is undefined."""
    error = metrics["sharpe_se"] if key == "sharpe" else None
    return value_text(metrics[key], metrics.info(key).unit, currency, error)


def value_text(value: float | None, unit: str, currency: str, error: float | None = None) -> str:
    """A number by the rule of its unit, a ratio with its standard error where it has one."""
    if unit in MONEY:
        return formatting.money(value, currency, sign=unit == Unit.PROFIT)
    if error is not None:
        return formatting.ratio(value, error)
    return _BY_UNIT.get(unit, formatting.ratio)(value)


def difference_text(value: float, unit: str, currency: str, error: float | None = None) -> str:
    """A difference by the rule of its unit, signed; of returns and fractions in percentage points (pp)."""
    if unit in _POINTS:
        return f"{formatting.number(value * 100.0, sign=True)} pp"
    shown = value_text(value, Unit.MONEY if unit in MONEY else unit, currency, error)
    if unit == Unit.PROBABILITY:
        shown = formatting.number(value)
    return f"+{shown}" if value > 0 and any(digit in shown for digit in "123456789") else shown


def unit_text(info: MetricInfo, currency: str) -> str:
    """The unit to write beside a number, where the number does not carry it already."""
    if info.unit in MONEY:
        return currency
    return COUNTED.get(info.unit, "")


def _days(value: float | None) -> str:
    return formatting.duration(None if value is None else value * 86_400)


_BY_UNIT: dict[str, Callable[[float | None], str]] = {
    Unit.RETURN: formatting.returns,
    Unit.FRACTION: formatting.percent,
    Unit.PROBABILITY: formatting.probability,
    Unit.BPS: formatting.bps,
    Unit.DAYS: _days,
    Unit.COUNT: formatting.count,
    Unit.BARS: lambda value: formatting.number(value, 1),
    Unit.PER_YEAR: lambda value: formatting.number(value, 1),
}
