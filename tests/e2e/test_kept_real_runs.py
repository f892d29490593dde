"""Runs over real files are kept and run again to the same bytes: actions, dropped rows, minutes, many symbols."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import tradewright as tw

STRATEGIES = Path(__file__).resolve().parents[2] / "strategies"


def is_repeated(name: str, bars: Any) -> bool:
    result = tw.backtest(tw.load_strategy(str(STRATEGIES / f"{name}.py")), bars)
    again = tw.rerun(tw.keep_run(result))
    assert again.meta["differences"] == []
    return again.hash == result.hash


@pytest.mark.slow
def test_raw_prices_with_a_factor_file_run_again(shared_data: Path) -> None:
    daily = shared_data / "daily"
    bars = tw.read_bars(
        daily / "AAPL_1d_1998_2021_raw.csv.gz", symbol="AAPL", calendar="XNAS", timeframe="1d",
        actions=daily / "AAPL_factors.csv",
    )  # fmt: skip
    assert is_repeated("sma_cross", bars)


@pytest.mark.slow
def test_minutes_run_again(shared_data: Path) -> None:
    file = shared_data / "crypto" / "BTCUSD_1m_20200101_bitstamp.csv"
    assert is_repeated("sma_cross", tw.read_bars(file, symbol="BTC", calendar="24/7", timeframe="1m", tz="UTC"))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::tradewright.adapters.data.reading.DroppedRowsWarning")
def test_a_universe_with_rows_left_out_runs_again(shared_data: Path) -> None:
    files = sorted((shared_data / "universe_djia").glob("*.csv.gz"))[:4]
    bars = [
        tw.read_bars(file, symbol=file.name.split("_")[0], calendar="XNYS", timeframe="1d", bad_rows="drop")
        for file in files
    ]
    assert is_repeated("momentum_rotation", bars)
