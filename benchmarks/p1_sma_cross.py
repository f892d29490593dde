"""P1: SMA(10/30) cross, one symbol, one-minute bars, market orders at the next open, 0.1 % commission, equity curve."""

from __future__ import annotations

from benchmarks import market
from benchmarks.peers import backtesting_py, backtrader_engine, bare_loops, vectorbt_engine
from benchmarks.tradewright_side import COMPILED, INTERPRETED, loop_alone, single
from benchmarks.workload import Engine, Kind, Target, Workload

PYTHON = Engine(
    name="tradewright",
    kind=Kind.TRADEWRIGHT,
    prepare=single("SmaCross", engine=INTERPRETED),
    same=("fills", "equity"),
    target=Target("rate", at_least=2.0),
)
BACKTESTING = Engine(
    name="backtesting.py",
    kind=Kind.CALLBACK,
    modules=("backtesting",),
    prepare=backtesting_py.sma_cross,
    same=("fills", "equity"),
    most=200_000,
    against=PYTHON.name,
)
VECTORBT = Engine(
    name="vectorbt",
    kind=Kind.VECTORISED,
    modules=("vectorbt",),
    prepare=vectorbt_engine.sma_cross,
    same=("fills", "equity"),
    against="tradewright, compiled",
)

WORKLOAD = Workload(
    key="P1",
    title="SMA(10/30) cross, one symbol, one-minute bars",
    unit="bars",
    make=market.minutes,
    length=1_000_000,
    quick_length=100_000,
    anchor="Numba loop",
    contenders=(
        PYTHON,
        Engine(
            name="tradewright, limits standard",
            kind=Kind.TRADEWRIGHT,
            prepare=single("SmaCross", engine=INTERPRETED, limits="standard"),
            same=("fills", "equity"),
        ),
        Engine(
            name="tradewright, sized by weight",
            kind=Kind.TRADEWRIGHT,
            prepare=single("WeightedCross", engine=INTERPRETED),
            same=("fills",),
            target=Target("rate", at_least=2.0),
        ),
        Engine(
            name="tradewright, compiled",
            kind=Kind.TRADEWRIGHT,
            prepare=single("SmaCross", engine=COMPILED),
            same=("fills", "equity"),
            target=Target("rate", at_least=50.0),
        ),
        Engine(
            name="tradewright, compiled loop alone",
            kind=Kind.TRADEWRIGHT,
            prepare=loop_alone("SmaCross", "1m"),
            same=("fills",),
        ),
        BACKTESTING,
        Engine(
            name="backtrader",
            kind=Kind.CALLBACK,
            modules=("backtrader",),
            prepare=backtrader_engine.sma_cross,
            most=50_000,
            against=PYTHON.name,
        ),
        VECTORBT,
        Engine(name="numpy arrays", kind=Kind.BARE, prepare=bare_loops.sma_cross_numpy, against="tradewright"),
        Engine(
            name="Numba loop",
            kind=Kind.BARE,
            modules=("numba",),
            prepare=bare_loops.sma_cross,
            against="tradewright, compiled",
        ),
    ),
)
