"""P7, P7b, P7c: CPU time of starting, as whole processes beside those that do nothing or import one library."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

from benchmarks import market
from benchmarks.tradewright_side import STRATEGIES
from benchmarks.workload import Command, Contender, Kind, Target, Workload

CSV_BARS = 2_000
CSV_FILE = "bars.csv"
SCRIPT = str(Path(sys.executable).parent / "tradewright")
STRATEGY_IMPORTS = (
    "import tradewright as tw; from tradewright import Param, Strategy; from tradewright import indicators as ta"
)


def _code(name: str, code: str, kind: Kind, target: Target | None = None, against: str = "") -> Command:
    return Command(name=name, kind=kind, argv=lambda _: ["-c", code], target=target, against=against)


def _nothing(folder: Path, length: int) -> None:
    """Starting needs no market."""


def _write_csv(folder: Path, length: int) -> None:
    market.minutes(folder, length)
    made = market.load(folder, length)
    days = made.open_time[0] + market.DAY_NS * np.arange(length, dtype=np.int64)
    columns = [getattr(made, name)[0] for name in ("open", "high", "low", "close", "volume")]
    with (folder / CSV_FILE).open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["timestamp", "open", "high", "low", "close", "volume"])
        writer.writerows(zip(np.datetime_as_string(days.view("datetime64[ns]"), unit="s"), *columns, strict=True))


def backtest_argv(folder: Path) -> list[str]:
    """Return the command line of a backtest over the CSV file."""
    strategy = f"{STRATEGIES / 'sma_cross.py'}:SmaCross"
    data = ["--data", str(folder / CSV_FILE), "--symbols", "S000", "--timeframe", "1d", "--calendar", "24/7"]
    return [SCRIPT, "backtest", strategy, *data, "--cash", "10000000", "--json"]


def _workload(key: str, title: str, contenders: tuple[Contender, ...], *, csv_bars: int = 0) -> Workload:
    make = _write_csv if csv_bars else _nothing
    return Workload(
        key=key, title=title, unit="starts", make=make, length=csv_bars, quick_length=csv_bars, contenders=contenders
    )


PYTHON = _code("python -c pass", "pass", Kind.REFERENCE)
NUMPY = _code("import numpy", "import numpy", Kind.REFERENCE)
PANDAS = _code("import pandas", "import pandas", Kind.REFERENCE)
OURS = "import tradewright"

WORKLOADS = (
    _workload(
        "P7",
        "start of a process",
        (
            _code(OURS, OURS, Kind.TRADEWRIGHT, Target("cpu_s", at_most=0.15)),
            Command(
                name="tradewright --help",
                kind=Kind.TRADEWRIGHT,
                argv=lambda _: [SCRIPT, "--help"],
                target=Target("cpu_s", at_most=0.15),
            ),
            PYTHON,
            NUMPY,
            PANDAS,
            *(
                _code(f"import {name}", f"import {name}", Kind.CALLBACK, against=OURS)
                for name in ("backtesting", "backtrader", "bt")
            ),
            _code("import vectorbt", "import vectorbt", Kind.VECTORISED, against=OURS),
        ),
    ),
    _workload(
        "P7b",
        "imports of a strategy file",
        (
            _code(
                "a strategy's imports",
                STRATEGY_IMPORTS,
                Kind.TRADEWRIGHT,
                Target("cpu_s", at_most=1.0, of=NUMPY.name, plus=0.05),
            ),
            NUMPY,
        ),
    ),
    _workload(
        "P7c",
        "tradewright backtest over a CSV file of 2,000 bars",
        (
            Command(
                name="tradewright backtest",
                kind=Kind.TRADEWRIGHT,
                argv=backtest_argv,
                target=Target("cpu_s", at_most=3.0, of=PANDAS.name),
            ),
            PANDAS,
        ),
        csv_bars=CSV_BARS,
    ),
)
