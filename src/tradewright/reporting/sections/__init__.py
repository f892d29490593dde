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

__all__ = ["breakdown", "configuration", "costs", "head", "performance", "statistics", "trade_list", "trading"]
