"""The face starts light, and reads the same on every machine."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import tradewright as tw

HEAVY = ("pandas", "polars", "pyarrow", "exchange_calendars")
TEXT = "date,open,high,low,close,volume\n2024-03-08,1,2,1,2,9\n2024-03-11,1,2,1,2,9\n"
STAMPED = TEXT.replace("2024-03-08", "2024-03-08 09:30").replace("2024-03-11", "2024-03-11 09:30")


def run(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def loaded_after(code: str) -> str:
    return run(f"import sys\n{code}\nprint([name for name in {HEAVY} if name in sys.modules])")


def test_importing_the_face_loads_no_heavy_library():
    assert loaded_after("import tradewright.face.bars") == "[]"


def test_a_synthetic_market_around_the_clock_loads_no_heavy_library():
    code = "from tradewright.face.bars import synthetic_bars\nsynthetic_bars(bars=10, calendar='24/7')"
    assert loaded_after(code) == "[]"


@pytest.mark.parametrize(("timeframe", "text", "tz"), [("1d", TEXT, None), ("1m", STAMPED, "America/New_York")])
def test_a_csv_of_a_market_around_the_clock_is_read_without_pandas(tmp_path, timeframe, text, tz):
    file = tmp_path / "x.csv"
    file.write_text(text)
    said = f"symbol='X', calendar='24/7', timeframe={timeframe!r}, tz={tz!r}"
    code = f"from tradewright.face.bars import read_bars\nread_bars({str(file)!r}, {said})"
    assert loaded_after(code) == "['pyarrow']"


@pytest.mark.slow
def test_bars_are_the_same_in_every_machine_time_zone(tmp_path):
    file = tmp_path / "x.csv"
    file.write_text(STAMPED)
    code = f"""
from tradewright.face.bars import read_bars, synthetic_bars
read = read_bars({str(file)!r}, symbol="X", calendar="XNYS", timeframe="1m", tz="America/New_York")
print(read.fingerprint, synthetic_bars(timeframe="1h", bars=100).fingerprint)
"""
    zones = ("UTC", "Asia/Kolkata", "America/Los_Angeles")
    assert len({run(code, TZ=zone, PYTHONHASHSEED=str(at)) for at, zone in enumerate(zones)}) == 1


def test_the_currency_of_the_prices_is_said_not_guessed() -> None:
    columns = {"date": ["2024-01-02"], "open": [1.0], "high": [1.0], "low": [1.0], "close": [1.0], "volume": [1.0]}
    said = tw.bars_from(columns, symbol="SAP", calendar="XETR", timeframe="1d", currency="EUR")
    assert said.instrument.currency == "EUR"
    assert tw.bars_from(columns, symbol="SAP", calendar="XETR", timeframe="1d").instrument.currency == "USD"
