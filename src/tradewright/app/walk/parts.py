"""A part of a walk: from which date it is scored, and after which instant there are no bars."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from .windows import bars_until

if TYPE_CHECKING:
    from tradewright.app.search.job import Job
    from tradewright.engine.plan import RunPlan

__all__ = ["Part", "part_plan"]


class Part(NamedTuple):
    """What tells the parts of a walk apart; dates are included, the instant (UTC nanoseconds) is a bar's close."""

    start: str | None
    end: str | None
    instant: int


def part_plan(job: Job, part: Part, **changes: Any) -> RunPlan:
    """The plan of a part: a walk's, with the bars that had closed by its end and a strategy that has not run."""
    params, series = job.plan.strategies[0].params, bars_until(job.plan.series, part.instant)
    fixed = {
        "series": series,
        "detail": {name: bars for name, bars in job.plan.detail.items() if name in series},
        "strategies": [job.strategy({name: params[name] for name in job.space})],
        "start": part.start,
        "end": part.end,
        "progress": None,
    }
    return replace(job.plan, **{**fixed, **changes})
