"""P1b: a strategy that does nothing, on P1's bars: the engine's own cost per bar."""

from __future__ import annotations

from benchmarks import market
from benchmarks.peers import backtesting_py, bare_loops, vectorbt_engine
from benchmarks.tradewright_side import INTERPRETED, single
from benchmarks.workload import Engine, Kind, Target, Workload

WORKLOAD = Workload(
    key="P1b",
    title="strategy that does nothing",
    unit="bars",
    make=market.minutes,
    length=1_000_000,
    quick_length=100_000,
    anchor="Numba loop",
    contenders=(
        Engine(
            name="tradewright",
            kind=Kind.TRADEWRIGHT,
            prepare=single("Idle", engine=INTERPRETED),
            same=("fills", "equity"),
            target=Target("rate", at_least=15.0),
        ),
        Engine(
            name="backtesting.py",
            kind=Kind.CALLBACK,
            modules=("backtesting",),
            prepare=backtesting_py.idle,
            same=("fills", "equity"),
            most=200_000,
            against="tradewright",
        ),
        Engine(
            name="vectorbt",
            kind=Kind.VECTORISED,
            modules=("vectorbt",),
            prepare=vectorbt_engine.idle,
            same=("fills", "equity"),
            against="tradewright",
        ),
        Engine(
            name="Numba loop",
            kind=Kind.BARE,
            modules=("numba",),
            prepare=bare_loops.idle,
            against="tradewright",
        ),
    ),
)
