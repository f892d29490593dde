"""The test kit that ships with the house: builders, sample runs and a conformance suite for every part one can add.

A suite is a class whose checks work under pytest by subclassing, and without it by ``check()``. Nothing in the house
may import this room, and it imports no test framework when it is loaded.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .conformance import Conformance, require
    from .costs import CommissionConformance, SlippageConformance
    from .indicators import IndicatorConformance, price_columns
    from .reports import MetricConformance, ReportSectionConformance
    from .runs import HOSTILE, SAMPLE_RUNS, dealing, moving_market
    from .strategies import StrategyConformance, StrategyFormConformance

__all__ = [
    "HOSTILE",
    "SAMPLE_RUNS",
    "CommissionConformance",
    "Conformance",
    "IndicatorConformance",
    "MetricConformance",
    "ReportSectionConformance",
    "SlippageConformance",
    "StrategyConformance",
    "StrategyFormConformance",
    "dealing",
    "moving_market",
    "price_columns",
    "require",
]

_FILES = {
    "conformance": ("Conformance", "require"),
    "costs": ("CommissionConformance", "SlippageConformance"),
    "indicators": ("IndicatorConformance", "price_columns"),
    "reports": ("MetricConformance", "ReportSectionConformance"),
    "runs": ("HOSTILE", "SAMPLE_RUNS", "dealing", "moving_market"),
    "strategies": ("StrategyConformance", "StrategyFormConformance"),
}
_FILE_OF = {name: file for file, names in _FILES.items() for name in names}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name not in _FILE_OF:
            raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
        return getattr(importlib.import_module(f"{__name__}.{_FILE_OF[name]}"), name)
