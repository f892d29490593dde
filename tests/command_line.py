"""What the tests of the command line share: a strategy, a file of bars, and what a run of the program said."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest

from tradewright.cli import main

SMA = '''"""A moving average cross."""

from tradewright import Param, Strategy
from tradewright import indicators as ta


class SmaCross(Strategy):
    """Long while the fast average is above the slow one."""

    fast = Param(5, low=2, high=60)
    slow = Param(15, low=10, high=250)

    def setup(self):
        self.fast_ma = self.use(ta.sma, "close", self.fast)
        self.slow_ma = self.use(ta.sma, "close", self.slow)

    def on_bar(self, ctx):
        if self.fast_ma.crossed_above(self.slow_ma):
            ctx.target_percent(0.95)
        elif self.fast_ma.crossed_below(self.slow_ma):
            ctx.close_position()
'''

SAY = ("--timeframe", "1d", "--calendar", "24/7")
"""What a file of daily bars around the clock does not say itself."""


class Run(NamedTuple):
    """What the program said and how it ended."""

    code: int
    out: str
    err: str


def rows_of(count: int = 120) -> list[list[str]]:
    """Daily rows of a price that swings: date, open, high, low, close, volume."""
    rows, last = [], 100.0
    for number in range(count):
        day = dt.date(2024, 1, 1) + dt.timedelta(days=number)
        close = 100 + 20 * math.sin(number / 9)
        high, low = max(last, close) + 1, min(last, close) - 1
        rows.append([day.isoformat(), *(f"{price:.2f}" for price in (last, high, low, close)), "100000"])
        last = round(close, 2)
    return rows


def csv_of(rows: list[list[str]] | None = None, head: str = "timestamp,open,high,low,close,volume") -> str:
    """Rows as the text of a CSV file."""
    return "\n".join([head, *(",".join(row) for row in (rows_of() if rows is None else rows))]) + "\n"


def left_behind(folder: Path, *known: str) -> list[str]:
    """Every file and folder below a folder that is not one of the known, hidden ones included."""
    found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
    return [name for name in found if name not in known and "__pycache__" not in name]


class Tw(Protocol):
    """The program: arguments in, what it said and its exit code out."""

    def __call__(self, *args: str) -> Run: ...


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with a strategy and a file of bars."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sma.py").write_text(SMA, encoding="utf-8")
    (tmp_path / "ACME.csv").write_text(csv_of(), encoding="utf-8")
    return tmp_path


@pytest.fixture
def tw(desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Tw:
    """Run the program in that folder."""
    # On a crowded machine anything may take so long that it tells its progress.
    monkeypatch.setattr("tradewright.cli.progress._BETWEEN_S", {True: 0.1, False: 3600.0})

    def run(*args: str) -> Run:
        capsys.readouterr()
        code = main(list(args))
        said = capsys.readouterr()
        return Run(code, said.out, said.err)

    return run
