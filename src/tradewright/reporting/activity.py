"""How much was at work over time: exposure at session closes, turnover by month or by day."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tradewright.domain.events import EventKind
from tradewright.reporting.times import Times

if TYPE_CHECKING:
    from tradewright.quant.arrays import FloatArray
    from tradewright.reporting.inputs import Inputs

__all__ = ["Activity", "activity"]

_MONTHLY_FROM = 90
"""Sessions from which on turnover is counted by month and no longer by day."""


class Activity(NamedTuple):
    """Exposure per session close (s,), and turnover per span of time with where the span lies on an axis.

    Both are multiples of equity: Σ|position value| ÷ equity, and (bought + sold) ÷ mean equity of the span.
    """

    exposure: FloatArray
    step: str
    spans: tuple[str, ...]
    middles: tuple[str, ...]
    turnover: FloatArray


def activity(run: Inputs) -> Activity:
    """Exposure and turnover of a run; every span of the run is there, also those without a trade."""
    record = run.record
    line = record.timeline
    rows = line.session_closes()
    monthly = len(rows) >= _MONTHLY_FROM
    unit, step = ("datetime64[M]", "month") if monthly else ("datetime64[D]", "day")
    dates = Times(record).session_dates(np.arange(len(line)))[line.first_row :].astype(unit)
    spans, place = np.unique(dates, return_inverse=True)
    sums = np.bincount(place, record.equity[line.first_row :], len(spans))
    mean = sums / np.maximum(np.bincount(place, minlength=len(spans)), 1)
    filled = record.events["kind"] == EventKind.FILL
    at = np.maximum(record.events["row"][filled].astype(np.int64) - line.first_row, 0)
    value = np.bincount(place[at], run.traded[filled], len(spans))
    with np.errstate(divide="ignore", invalid="ignore"):
        turnover = np.where(mean > 0, value / mean, np.nan)
    names = tuple(str(span) for span in spans)
    middle = "-15" if monthly else "T12:00" if line.intraday else ""
    middles = tuple(f"{name}{middle}" for name in names)
    return Activity(record.exposure, step, names, middles, turnover)
