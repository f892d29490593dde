"""The use case: run a plan over stored bars and give its result."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.domain.errors import ConfigError, DataQualityError, ResourceError
from tradewright.domain.quality import Gravity
from tradewright.engine.dates import first_row_from, until
from tradewright.engine.run import run
from tradewright.marketdata.quality import report_on
from tradewright.reporting.evidence import Evidence
from tradewright.reporting.result import Result

from .recipes import recipe_of

if TYPE_CHECKING:
    from tradewright.domain.bars import Bars
    from tradewright.domain.quality import QualityReport
    from tradewright.engine.plan import RunPlan

__all__ = [
    "backtest",
    "bytes_for_rows",
    "bytes_needed",
    "free_memory",
    "quality_of",
    "require_memory",
    "require_quality",
]

_QUALITIES = ("keep", "refuse")

_TOLD = 3
"""Findings that a refusal tells in full."""

_BYTES_PER_ROW = 40
"""Equity, steps and one mark per symbol row while the curve is built, beyond the bars themselves."""

_BYTES_PER_LINE_VALUE = 10
"""An indicator value and its crossing flag; lines are counted as two per symbol."""


def backtest(plan: RunPlan, *, risk_free: float = 0.0, benchmark: Bars | None = None, quality: str = "keep") -> Result:
    """Run a plan and wrap its record.

    Parameters
    ----------
    plan : RunPlan
    risk_free : float
    benchmark : Bars, optional
    quality : {"keep", "refuse"}
        Run over bars as they are and say what is wrong with them, or refuse those with anything worse than a notice.

    Raises
    ------
    DataQualityError
        When the bars are refused.
    ResourceError
        When the run would not fit in the machine's free memory.
    """
    require_quality(plan, quality)
    require_memory(plan)
    # Before the run: strategies are as they were given then, and their files as they were loaded.
    recipe = recipe_of(plan, risk_free=risk_free, benchmark=benchmark)
    record = run(plan)
    evidence = Evidence(quality=lambda: quality_of(plan))
    return Result(
        record,
        risk_free=risk_free,
        benchmark=benchmark,
        evidence=evidence,
        recipe=recipe.hashed([strategy.source_hash for strategy in record.strategies]),
    )


def quality_of(plan: RunPlan) -> list[QualityReport]:
    """A report on each series between the dates of the run; bars before them only warm up."""
    reports = []
    for bars in plan.series.values():
        first = first_row_from(bars.sessions, len(bars), plan.start)
        traded = until(bars, plan.end, plan.start)
        if traded is not None and first < len(traded):
            reports.append(report_on(bars, first, len(traded)))
    return reports


def require_quality(plan: RunPlan, quality: str) -> None:
    """Refuse a plan over bars in which something graver than a notice was found, where that was asked for.

    Raises
    ------
    ConfigError
        When `quality` is neither ``"keep"`` nor ``"refuse"``.
    DataQualityError
        Tells the first findings.
    """
    if quality not in _QUALITIES:
        raise ConfigError(f"quality={quality!r} is not a choice.", hint=f"Use {' or '.join(map(repr, _QUALITIES))}.")
    if quality == "keep":
        return
    grave = [
        (report, finding)
        for report in quality_of(plan)
        for finding in report.findings
        if finding.gravity is not Gravity.NOTICE
    ]
    if not grave:
        return
    told = "; ".join(f"{report.instrument}: {finding.sentence.removesuffix('.')}" for report, finding in grave[:_TOLD])
    more = f"; and {len(grave) - _TOLD} more" if len(grave) > _TOLD else ""
    raise DataQualityError(
        f"The run is refused for the quality of its data: {told}{more}.",
        hint="Mend the data, say what they are (adjustment=, actions=, calendar=), or pass quality='keep'.",
    )


def bytes_needed(plan: RunPlan) -> int:
    """Memory a run takes beyond its bars: an estimate from the rows of all symbols."""
    return bytes_for_rows(sum(len(bars) for bars in plan.series.values()))


def bytes_for_rows(rows: int) -> int:
    """The same by the number of rows over all symbols."""
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
