"""P2: 1,000 pairs of moving averages over 100,000 one-minute bars: rates are combination-bars of CPU time."""

from __future__ import annotations

from benchmarks import market
from benchmarks.peers import pairs
from benchmarks.tradewright_side import search, sweep
from benchmarks.workload import Engine, Kind, Target, Workload

WORKLOAD = Workload(
    key="P2",
    title="1,000 pairs of averages, 100,000 one-minute bars",
    unit="combination-bars",
    make=market.minutes,
    length=100_000,
    quick_length=20_000,
    warm_length=4_320,
    anchor="Numba loop, one thread",
    contenders=(
        Engine(
            name="tradewright, tw.optimize",
            kind=Kind.TRADEWRIGHT,
            prepare=search("SmaCross", workers=2),
            calls=pairs.PAIRS,
            same=("returns",),
            target=Target("rate", at_least=250.0),
        ),
        Engine(
            name="tradewright, tw.optimize, one worker",
            kind=Kind.TRADEWRIGHT,
            prepare=search("SmaCross", workers=1),
            calls=pairs.PAIRS,
            same=("returns",),
        ),
        Engine(
            name="tradewright, trials alone",
            kind=Kind.TRADEWRIGHT,
            prepare=sweep("SmaCross"),
            calls=pairs.PAIRS,
            same=("returns",),
            target=Target("rate", at_least=250.0),
        ),
        Engine(
            name="backtesting.py, optimize",
            kind=Kind.CALLBACK,
            modules=("backtesting",),
            prepare=pairs.backtesting_py,
            calls=pairs.PAIRS,
            most=2_000,
            against="tradewright, tw.optimize",
        ),
        Engine(
            name="vectorbt",
            kind=Kind.VECTORISED,
            modules=("vectorbt",),
            prepare=pairs.vectorbt,
            calls=pairs.PAIRS,
            most=20_000,
            against="tradewright, tw.optimize",
        ),
        Engine(
            name="Numba loop, one thread",
            kind=Kind.BARE,
            modules=("numba",),
            prepare=pairs.numba_loop,
            calls=pairs.PAIRS,
            same=("returns",),
            against="tradewright, trials alone",
        ),
    ),
)
