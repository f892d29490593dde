"""P8b: a thousand strategies of one session, ten minutes of rows that come each second."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import market
from benchmarks.workload import Engine, Kind, Target, Trial, Workload

if TYPE_CHECKING:
    from benchmarks.market import Market


SIZES = tuple(f"rss_mb_{minute}" for minute in range(1, 11))
"""What the process held after each minute of rows."""


def prepare(made: Market) -> Trial:
    """A session of as many rows as the market has bars."""
    from benchmarks.live_many import work

    return Trial(lambda: asyncio.run(work(Path.cwd(), made.units)), dict)


ENGINE = Engine(
    name="1,000 strategies",
    kind=Kind.TRADEWRIGHT,
    prepare=prepare,
    target=Target("row_p99_ms", at_most=250.0),
    told=("row_p50_ms", "row_p99_ms", "row_most_ms", "late", "growth", "outputs", "retired", *SIZES),
)


def _workload(key: str, title: str, engine: Engine, per_minute: int = 0) -> Workload:
    return Workload(
        key=key, title=title, unit="rows", contenders=(engine,), make=market.minutes, length=600, quick_length=120,
        warm_length=2, per_minute=per_minute,
    )  # fmt: skip


WORKLOADS = (
    _workload("P8b", "a row each second", ENGINE, per_minute=60),
    _workload(
        "P8b growth", "resident size after the first minute", replace(ENGINE, target=Target("growth", at_most=0.05))
    ),
)
