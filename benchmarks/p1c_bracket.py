"""P1c: P1 with a stop and a target on every entry."""

from __future__ import annotations

from benchmarks import market
from benchmarks.peers import backtesting_py, bare_loops, vectorbt_engine
from benchmarks.tradewright_side import COMPILED, INTERPRETED, loop_alone, single
from benchmarks.workload import Engine, Kind, Target, Workload

WORKLOAD = Workload(
    key="P1c",
    title="P1 with a bracket on every entry",
    unit="bars",
    make=market.minutes,
    length=1_000_000,
    quick_length=100_000,
    anchor="Numba loop",
    contenders=(
        Engine(
            name="tradewright",
            kind=Kind.TRADEWRIGHT,
            prepare=single("BracketedCross", engine=INTERPRETED),
            same=("fills", "equity"),
            target=Target("rate", at_least=1.2),
        ),
        Engine(
            name="tradewright, compiled",
            kind=Kind.TRADEWRIGHT,
            prepare=single("BracketedCross", engine=COMPILED),
            same=("fills", "equity"),
            target=Target("rate", at_least=50.0),
        ),
        Engine(
            name="tradewright, compiled loop alone",
            kind=Kind.TRADEWRIGHT,
            prepare=loop_alone("BracketedCross", "1m"),
            same=("fills",),
        ),
        Engine(
            name="backtesting.py",
            kind=Kind.CALLBACK,
            modules=("backtesting",),
            prepare=backtesting_py.bracketed,
            same=("fills", "equity"),
            most=200_000,
            against="tradewright",
        ),
        Engine(
            name="vectorbt",
            kind=Kind.VECTORISED,
            modules=("vectorbt",),
            prepare=vectorbt_engine.bracketed,
            against="tradewright, compiled",
        ),
        Engine(
            name="Numba loop",
            kind=Kind.BARE,
            modules=("numba",),
            prepare=bare_loops.bracketed,
            against="tradewright, compiled",
        ),
    ),
)
