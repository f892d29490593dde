"""P8: a bar in, an order on the wire, over a local venue; everything between them is what a live session is made of."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import market
from benchmarks.workload import Engine, Kind, Target, Trial, Workload

if TYPE_CHECKING:
    from benchmarks.market import Market

SHARES = (
    "p50_ms", "p95_ms", "p99_ms", "whole_p50_ms", "whole_p95_ms", "whole_p99_ms", "disk_p50_ms", "disk_p99_ms",
)  # fmt: skip
STAGES = ("until S1_ms", "until S1 done_ms", "until S2_ms", "until S3_ms", "until the venue_ms")


def session(*, in_process: bool) -> Any:
    """The preparation of a session that sends as many orders as the market has bars."""

    def prepare(made: Market) -> Trial:
        from benchmarks.live_session import figures, trade

        return Trial(lambda: asyncio.run(trade(Path.cwd(), made.units, in_process=in_process)), figures)

    return prepare


def bare(made: Market) -> Trial:
    """The preparation of the bare road, with as many orders."""
    from benchmarks.live_floor import cross
    from benchmarks.live_session import shares

    return Trial(lambda: asyncio.run(cross(Path.cwd(), made.units)), shares)


BARE = Engine(name="bare asyncio", kind=Kind.REFERENCE, prepare=bare, told=SHARES)
FAR = Engine(
    name="engine in its own process",
    kind=Kind.TRADEWRIGHT,
    prepare=session(in_process=False),
    target=Target("p50_ms", at_most=1.0),
    told=(*SHARES, *STAGES),
)
HERE = replace(FAR, name="engine in this process", prepare=session(in_process=True))


def _workload(key: str, title: str, *contenders: Engine) -> Workload:
    return Workload(
        key=key, title=title, unit="orders", contenders=contenders, make=market.minutes, length=500, quick_length=50,
        warm_length=6,
    )  # fmt: skip


WORKLOADS = (
    _workload("P8", "bar in, order on the wire", FAR, HERE, BARE),
    _workload("P8 slowest", "the slowest of a hundred", replace(FAR, target=Target("p99_ms", at_most=5.0))),
)
