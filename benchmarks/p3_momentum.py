"""P3: 500 symbols, ten years of days, monthly the 50 with the highest rise over half a year."""

from __future__ import annotations

from benchmarks import market
from benchmarks.peers import bare_loops, bt_engine, vectorbt_engine
from benchmarks.tradewright_side import COMPILED, INTERPRETED, loop_alone, portfolio
from benchmarks.workload import Engine, Kind, Target, Workload

WORKLOAD = Workload(
    key="P3",
    title="500 symbols, monthly top-50 momentum",
    unit="symbol-bars",
    make=market.panel,
    length=2_520,
    quick_length=504,
    warm_length=252,
    contenders=(
        Engine(
            name="tradewright",
            kind=Kind.TRADEWRIGHT,
            prepare=portfolio("Momentum", engine=INTERPRETED),
            target=Target("rate", at_least=6.0),
        ),
        Engine(
            name="tradewright, compiled",
            kind=Kind.TRADEWRIGHT,
            prepare=portfolio("Momentum", engine=COMPILED),
            target=Target("rate", at_least=100.0),
        ),
        Engine(
            name="tradewright, compiled loop alone",
            kind=Kind.TRADEWRIGHT,
            prepare=loop_alone("Momentum", "1d"),
        ),
        Engine(name="bt", kind=Kind.CALLBACK, modules=("bt",), prepare=bt_engine.momentum, against="tradewright"),
        Engine(
            name="vectorbt",
            kind=Kind.VECTORISED,
            modules=("vectorbt",),
            prepare=vectorbt_engine.momentum,
            against="tradewright, compiled",
        ),
        Engine(
            name="Numba loop",
            kind=Kind.BARE,
            modules=("numba",),
            prepare=bare_loops.momentum,
            against="tradewright, compiled",
        ),
    ),
)
