"""What is wrong, or worth a second look, in a series of bars.

Every rule is a function from a `Site` to findings; which thresholds they use, and why, is told in
`docs/reference/data-quality.md`. Nothing is repaired here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.quality import Gravity, Problem, QualityFinding, QualityReport
from tradewright.marketdata.findings import Site, in_runs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tradewright.domain.bars import Bars

__all__ = ["examine"]

_NAMED_RUNS = 20
"""Runs of one kind that are told one by one; what is beyond is one finding with its count."""


def examine(
    bars: Bars, *, line_of: Callable[[int], int] | None = None, noted: Sequence[QualityFinding] = ()
) -> QualityReport:
    """Look a series over.

    Parameters
    ----------
    bars : Bars
    line_of : callable, optional
        From a row of the bars (from 0) to the line of the file that it was read from; findings then name lines.
    noted : sequence of QualityFinding
        What was found before there were bars, such as rows that a reader left out; it becomes part of the report.

    Returns
    -------
    QualityReport
        The gravest findings first, then by time.
    """
    site = Site(bars, bars.labels(), line_of)
    findings = [*noted, *_zero_volume(site)]
    return QualityReport(
        instrument=bars.instrument.id,
        timeframe=str(bars.timeframe),
        adjustment=str(bars.adjustment),
        source=bars.source,
        rows=len(bars),
        expected_rows=None,
        first_ns=int(site.stamps[0]),
        last_ns=int(site.stamps[-1]),
        findings=tuple(sorted(findings, key=_order)),
    )


_RANKS = {gravity: rank for rank, gravity in enumerate(reversed(Gravity))}


def _order(finding: QualityFinding) -> tuple[int, float, int]:
    moment = float("-inf") if finding.first_ns is None else finding.first_ns
    return _RANKS[finding.gravity], moment, finding.line or 0


def _zero_volume(site: Site) -> Iterator[QualityFinding]:
    """Bars in which nothing traded, where volume is known: no order fills in them."""
    if not site.bars.instrument.has_volume:
        return
    runs = in_runs(np.asarray(site.bars.volume == 0))
    for first, last in runs[:_NAMED_RUNS]:
        rows = last - first + 1
        text = f"{rows} bars from {site.stamp(first)} to {site.stamp(last)} have"
        what = text if rows > 1 else f"The bar of {site.stamp(first)} has"
        yield site.finding(
            Problem.ZERO_VOLUME, Gravity.NOTICE, (first, last), f"{what} a volume of 0; nothing fills there."
        )
    if len(runs) > _NAMED_RUNS:
        more = runs[_NAMED_RUNS:]
        count = sum(last - first + 1 for first, last in more)
        yield site.rest(Problem.ZERO_VOLUME, Gravity.NOTICE, more, f"{count} more bars have a volume of 0.")
