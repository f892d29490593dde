"""All workloads, in the order of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import (
    p1_sma_cross,
    p1b_idle,
    p1c_bracket,
    p2_sweep,
    p3_momentum,
    p4_indicators,
    p5_store,
    p6_server,
    p7_start,
    p8_live,
    p8b_many,
    p9_memory,
    p10_lists,
)

if TYPE_CHECKING:
    from benchmarks.workload import Workload

WORKLOADS: tuple[Workload, ...] = (
    p1_sma_cross.WORKLOAD,
    p1b_idle.WORKLOAD,
    p1c_bracket.WORKLOAD,
    p2_sweep.WORKLOAD,
    p3_momentum.WORKLOAD,
    *p4_indicators.WORKLOADS,
    *p5_store.WORKLOADS,
    *p6_server.WORKLOADS,
    *p7_start.WORKLOADS,
    *p8_live.WORKLOADS,
    *p8b_many.WORKLOADS,
    *p9_memory.WORKLOADS,
    p10_lists.WORKLOAD,
)


def find(key: str) -> Workload:
    """Return the workload of that key; raises `KeyError` if there is none."""
    return {workload.key: workload for workload in WORKLOADS}[key]


def select(names: list[str]) -> list[Workload]:
    """Return the workloads whose key or its first word is among `names` (any case), all of them for an empty list.

    Raises
    ------
    LookupError
        If a name matches no workload.
    """
    chosen = [workload for workload in WORKLOADS if not names or any(_matches(workload, name) for name in names)]
    unknown = [name for name in names if not any(_matches(workload, name) for workload in WORKLOADS)]
    if unknown:
        keys = ", ".join(workload.key for workload in WORKLOADS)
        raise LookupError(f"There is no workload {', '.join(unknown)}; choose from {keys}.")
    return chosen


def _matches(workload: Workload, name: str) -> bool:
    return name.lower() in (workload.key.lower(), workload.key.split()[0].lower())
