"""P9: memory of P1 per bar over interpreter and libraries, bars included, and its growth over 200 runs in a row."""

from __future__ import annotations

from dataclasses import replace

from benchmarks import market, p1_sma_cross
from benchmarks.tradewright_side import INTERPRETED, in_a_row
from benchmarks.workload import Engine, Kind, Target, Workload

PER_BAR = Target("bytes_per_unit", at_most=120.0)
RUNS = 200

WORKLOADS = (
    Workload(
        key="P9",
        title="peak memory of P1",
        unit="bars",
        make=market.minutes,
        length=1_000_000,
        quick_length=200_000,
        contenders=(
            replace(p1_sma_cross.PYTHON, target=PER_BAR),
            replace(p1_sma_cross.BACKTESTING, most=None),
            replace(p1_sma_cross.VECTORBT, against=p1_sma_cross.PYTHON.name),
        ),
    ),
    Workload(
        key="P9 growth",
        title=f"{RUNS} runs of P1 in a row in one process",
        unit="bars",
        make=market.minutes,
        length=20_000,
        quick_length=5_000,
        contenders=(
            Engine(
                name="tradewright",
                kind=Kind.TRADEWRIGHT,
                prepare=in_a_row("SmaCross", RUNS, engine=INTERPRETED),
                calls=RUNS,
                target=Target("growth", at_most=0.05),
            ),
        ),
    ),
)
