"""The use case: run a plan over stored bars and give its result."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.domain.errors import ResourceError
from tradewright.engine.run import run
from tradewright.reporting.result import Result

if TYPE_CHECKING:
    from tradewright.domain.bars import Bars
    from tradewright.engine.plan import RunPlan

__all__ = ["backtest", "bytes_needed", "require_memory"]

_BYTES_PER_ROW = 40
"""Equity, steps and one mark per symbol row while the curve is built, beyond the bars themselves."""

_BYTES_PER_LINE_VALUE = 10
"""An indicator value and its crossing flag; lines are counted as two per symbol."""


def backtest(plan: RunPlan, *, risk_free: float = 0.0, benchmark: Bars | None = None) -> Result:
    """Run a plan and wrap its record.

    Raises
    ------
    ResourceError
        When the run would not fit in the machine's free memory.
    """
    require_memory(plan)
    record = run(plan)
    return Result(record, risk_free=risk_free, benchmark=benchmark)


def bytes_needed(plan: RunPlan) -> int:
    """Memory a run takes beyond its bars: an estimate from the rows of all symbols."""
    rows = sum(len(bars) for bars in plan.series.values())
    return rows * (_BYTES_PER_ROW + 2 * _BYTES_PER_LINE_VALUE)


def require_memory(plan: RunPlan, free: int | None = None) -> None:
    """Refuse a run that would not fit, with the estimate.

    Parameters
    ----------
    free : int, optional
        Bytes at hand; asked of the system when not given, and not checked where the system does not say.
    """
    at_hand = free_memory() if free is None else free
    needed = bytes_needed(plan)
    if at_hand is not None and needed > at_hand:
        rows = sum(len(bars) for bars in plan.series.values())
        raise ResourceError(
            f"The run over {rows:,} bars needs about {needed / 1e9:.1f} GB and {at_hand / 1e9:.1f} GB are free.",
            hint="Use fewer symbols, a shorter range or a longer timeframe.",
        )


def free_memory() -> int | None:
    """Bytes that can be had without swapping; None where the system does not tell."""
    meminfo = Path("/proc/meminfo")
    if meminfo.exists():
        for line in meminfo.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return None
