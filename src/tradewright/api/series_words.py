"""Curves as documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.moments import utc
from tradewright.domain.quality import Problem
from tradewright.domain.timeframe import NS_PER_SECOND
from tradewright.reporting.series import Window

from .schemas.series import BarColumns, Gap, LineColumns, SeriesDocument
from .words import finite, instant_ns

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from tradewright.domain.quality import QualityReport
    from tradewright.quant.buckets import Sampled
    from tradewright.reporting.series import DrawnSeries

    from .schemas.series import SeriesRange

__all__ = ["gaps_of", "series_document", "window_of"]


def window_of(asked: SeriesRange) -> Window:
    """The range that a query means.

    Raises
    ------
    ConfigError
        When one of its ends is no instant.
    """
    return Window(asked.max_points, instant_ns("from", asked.since), instant_ns("to", asked.until))


def series_document(drawn: DrawnSeries, currency: str, gaps: list[Gap]) -> SeriesDocument:
    """Columns as a document."""
    return SeriesDocument(
        t=(drawn.times // NS_PER_SECOND).tolist(),
        lines={name: _line(line, is_raw=drawn.is_raw) for name, line in drawn.lines.items()},
        bars=None if drawn.bars is None else BarColumns(**{k: _numbers(v) for k, v in drawn.bars.items()}),
        level=drawn.level,
        bucket=drawn.bucket_ns // NS_PER_SECOND,
        raw_points=drawn.raw_points,
        method="raw" if drawn.is_raw else "bucketed",
        gaps=gaps,
        currency=currency,
    )


def gaps_of(reports: Iterable[QualityReport] | None) -> list[Gap]:
    """Stretches in which bars are missing, as they were found when the bars were checked."""
    found = [finding for report in reports or () for finding in report.findings if finding.problem is Problem.GAP]
    return [
        Gap(first=utc(each.first_ns), last=utc(each.last_ns), sentence=each.sentence)
        for each in found
        if each.first_ns is not None and each.last_ns is not None
    ]


def _line(line: Sampled, *, is_raw: bool) -> LineColumns:
    last = _numbers(line.last)
    if is_raw:
        return LineColumns(first=None, min=None, max=None, last=last)
    return LineColumns(first=_numbers(line.first), min=_numbers(line.low), max=_numbers(line.high), last=last)


def _numbers(column: NDArray[np.float64]) -> list[float | None]:
    return [finite(value) for value in column.tolist()]
