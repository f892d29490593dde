"""The worst drawdowns of a run, each from its peak through its valley to its recovery."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.quant.drawdown import drawdown_episodes
from tradewright.reporting import curves

if TYPE_CHECKING:
    from tradewright.domain.record import RunRecord

__all__ = ["Drawdown", "worst"]


class Drawdown(NamedTuple):
    """One drawdown of the marked equity; places count from 0, the start, in `curves.marked_equity`.

    `recovery` and `days_to_recover` (from the valley) are None while it lasts at the end of the run; `days` then reach
    to the end.
    """

    peak: int
    valley: int
    recovery: int | None
    depth: float
    days: float
    days_to_recover: float | None


def worst(record: RunRecord, most: int = 10) -> tuple[Drawdown, ...]:
    """The deepest drawdowns, the deepest first; the starting cash counts as a peak."""
    found = drawdown_episodes(curves.marked_equity(record))
    times = curves.marked_times(record)
    chosen = np.argsort(found.depth, kind="stable")[:most]
    drawdowns = []
    for number in chosen.tolist():
        peak, valley, end = (int(places[number]) for places in (found.peak, found.trough, found.end))
        back = bool(found.recovered[number])
        drawdowns.append(
            Drawdown(
                peak,
                valley,
                end if back else None,
                float(found.depth[number]),
                float(times[end] - times[peak]) / NS_PER_DAY,
                float(times[end] - times[valley]) / NS_PER_DAY if back else None,
            )
        )
    return tuple(drawdowns)
