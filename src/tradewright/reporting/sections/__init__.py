"""The built-in sections of the report, each registered by the decorator that users have too.

A section reads `Findings` and gives markup; it computes nothing that another view could say differently. One that has
nothing to show raises `Undefined` with the reason.
"""

from __future__ import annotations

from tradewright.reporting.sections import (
    breakdown,
    configuration,
    costs,
    head,
    performance,
    statistics,
    trade_list,
    trading,
)

BUILT_IN = (
    head.headline,
    head.trust,
    head.warnings,
    performance.equity,
    performance.monthly,
    performance.yearly,
    performance.rolling,
    performance.worst_drawdowns,
    trading.on_price,
    trading.distribution,
    trading.excursions,
    trading.at_work,
    costs.costs,
    costs.other_costs,
    statistics.metric_cards,
    breakdown.contributions,
    breakdown.exits,
    breakdown.refused,
    trade_list.trade_list,
    configuration.data,
    configuration.configuration,
    statistics.faults,
)
"""The sections of every report: a package that takes one of their names becomes a fault and takes none of them away."""

__all__ = [
    "BUILT_IN",
    "breakdown",
    "configuration",
    "costs",
    "head",
    "performance",
    "statistics",
    "trade_list",
    "trading",
]
