"""P4: indicators as functions over a million values, beside TA-Lib called directly."""

from __future__ import annotations

from benchmarks import market
from benchmarks.peers.indicators import CALLS, pandas_rolling_mean, talib
from benchmarks.tradewright_side import indicator
from benchmarks.workload import Contender, Engine, Kind, Target, Workload

CLOSE = ("close",)
RANGE = ("high", "low", "close")
NOISE = 1.1
SMA_PERIOD = 30


def _workload(
    ours: str, theirs: str, columns: tuple[str, ...], *numbers: float, others: tuple[Contender, ...] = ()
) -> Workload:
    own = Engine(
        name="tradewright",
        kind=Kind.TRADEWRIGHT,
        prepare=indicator(ours, columns, *numbers),
        calls=CALLS,
        target=Target("cpu_s", at_most=NOISE, of="TA-Lib"),
    )
    library = Engine(
        name="TA-Lib",
        kind=Kind.VECTORISED,
        modules=("talib",),
        prepare=talib(theirs, columns, *numbers),
        calls=CALLS,
        against=own.name,
    )
    return Workload(
        key=f"P4 {ours}",
        title=f"{ours} over a million values",
        unit="values",
        make=market.minutes,
        length=1_000_000,
        quick_length=100_000,
        contenders=(own, library, *others),
    )


WORKLOADS = (
    _workload(
        "sma",
        "SMA",
        CLOSE,
        SMA_PERIOD,
        others=(
            Engine(
                name="pandas rolling",
                kind=Kind.VECTORISED,
                modules=("pandas",),
                prepare=pandas_rolling_mean(SMA_PERIOD),
                calls=CALLS,
                against="tradewright",
            ),
        ),
    ),
    _workload("ema", "EMA", CLOSE, 30),
    _workload("rsi", "RSI", CLOSE, 14),
    _workload("atr", "ATR", RANGE, 14),
    _workload("macd", "MACD", CLOSE, 12, 26, 9),
    _workload("bollinger", "BBANDS", CLOSE, 20),
)
