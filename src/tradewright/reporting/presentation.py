"""Metrics as text: which number rule each unit follows, and why a number is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.reporting import formatting
from tradewright.reporting.catalog import MetricInfo, Unit
from tradewright.reporting.metric_registry import all_groups, all_metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tradewright.reporting.metrics import Metrics

__all__ = ["CHANGES", "HEADLINE", "groups", "metric_text", "unit_text"]

HEADLINE = ("total_return", "cagr", "sharpe", "max_drawdown", "trades", "benchmark_return")
"""The metrics that a result is introduced with."""

CHANGES = frozenset({Unit.RETURN, Unit.PROFIT})
"""Units whose sign is a gain or a loss."""

_INSIDE_ANOTHER = frozenset({"sharpe_se"})
_UNITS = {Unit.BARS: "bars", Unit.PER_YEAR: "× a year"}


def groups() -> Iterator[tuple[str, list[MetricInfo]]]:
    """The groups in order with the metrics shown in them; a standard error is shown beside its ratio."""
    infos = [info for info in all_metrics() if info.key not in _INSIDE_ANOTHER]
    for group in all_groups():
        yield group, [info for info in infos if info.group == group]


def metric_text(metrics: Metrics, key: str, currency: str) -> str:
    """A metric by the number rule of its unit; ``n/a`` where it is undefined."""
    value, unit = metrics[key], metrics.info(key).unit
    if key == "sharpe":
        return formatting.ratio(value, metrics["sharpe_se"])
    if unit in (Unit.MONEY, Unit.PROFIT):
        return formatting.money(value, currency, sign=unit is Unit.PROFIT)
    if unit is Unit.DAYS:
        return formatting.duration(None if value is None else value * 86_400)
    return _BY_UNIT.get(unit, formatting.ratio)(value)


def unit_text(info: MetricInfo, currency: str) -> str:
    """The unit to write beside a number, where the number does not carry it already."""
    if info.unit in (Unit.MONEY, Unit.PROFIT):
        return currency
    return _UNITS.get(info.unit, "")


_BY_UNIT: dict[Unit, Callable[[float | None], str]] = {
    Unit.RETURN: formatting.returns,
    Unit.FRACTION: formatting.percent,
    Unit.PROBABILITY: formatting.probability,
    Unit.BPS: formatting.bps,
    Unit.COUNT: formatting.count,
    Unit.BARS: lambda value: formatting.number(value, 1),
    Unit.PER_YEAR: lambda value: formatting.number(value, 1),
}
