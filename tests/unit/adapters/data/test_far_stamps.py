"""Stamps and factors at the edge of what numbers can hold: named, never wrapped around or cut."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from tradewright.domain.errors import BadRowsError, DataError, DataNotAvailableError
from tradewright.face.bars import bars_from, read_bars

PRICES = {"open": [1.0, 1.0], "high": [2.0, 2.0], "low": [1.0, 1.0], "close": [2.0, 2.0], "volume": [9.0, 9.0]}
COIN = {"symbol": "BTC", "calendar": "24/7", "timeframe": "1h"}


@pytest.mark.parametrize("year", [-300_000, 1600, 2300, 300_000])
@pytest.mark.parametrize("unit", ["D", "s", "us"])
def test_times_that_nanoseconds_cannot_hold_are_named_and_do_not_wrap_around(year, unit):
    if unit == "us" and abs(year) > 290_000:
        year //= 2
    far = np.array([year - 1970], "datetime64[Y]").astype(f"datetime64[{unit}]")
    stamps = np.concatenate((far, np.array(["2024-01-01"], f"datetime64[{unit}]")))
    with pytest.raises(BadRowsError, match=r"Row 0 of the mapping .* its time lies before 1900 or after 2199"):
        bars_from({"time": stamps, **PRICES}, tz="UTC", **COIN)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_arrow_times_of_the_furthest_future_are_named(unit):
    stamps = pa.array([2**63 - 1, None], pa.int64()).cast(pa.timestamp(unit, "UTC"))
    with pytest.raises(BadRowsError, match=r"Row 0 of .* its time lies before 1900 or after 2199; so are 1 more"):
        bars_from(pa.table({"time": stamps, **PRICES}), **COIN)


@pytest.mark.parametrize("written", [[1704448800.5, 1704452400.5], ["1704448800.5", "1704452400.5"]])
def test_parts_of_a_second_since_1970_are_kept(written):
    bars = bars_from({"time": written, **PRICES}, epoch="s", **COIN)
    assert bars.open_time.tolist() == [1704448800_500_000_000, 1704452400_500_000_000]


@pytest.mark.parametrize("value", ["soon", "1_704_448_800", "nan"])
def test_what_is_no_number_since_1970_is_quoted(value):
    with pytest.raises(BadRowsError, match=f"Row 1 of the mapping cannot be used: its time '{value}' cannot be read"):
        bars_from({"time": ["1704448800", value], **PRICES}, epoch="s", **COIN)


@pytest.mark.parametrize(
    "stamps", [pa.array([0, 1], pa.timestamp("s")), np.array(["2024-01-01", "2024-01-02"], "datetime64[D]")]
)
def test_times_are_not_numbers_since_1970(stamps):
    with pytest.raises(DataError, match=r"holds times already, not numbers\. Leave epoch= out"):
        bars_from({"time": stamps, **PRICES}, epoch="s", **COIN)


@pytest.mark.parametrize(
    "row", ["2014-06-08,1e-320,1,1", "2014-06-08,1,inf,1", "2014-06-08,1,1e300,1", "2014-06-08,1,1,inf"]
)
def test_factors_beyond_all_measure_are_refused(tmp_path, row):
    prices, factors = tmp_path / "prices.csv", tmp_path / "factors.csv"
    prices.write_text("date,open,high,low,close,volume\n2014-06-06,1,2,1,2,9\n2014-06-09,1,2,1,2,9\n")
    factors.write_text(f"timestamp,price_factor,split_factor,reference_price\n{row}\n2050-12-31,1,1,0\n")
    with pytest.raises(DataError, match=r"Line 2 of factors\.csv is no row of a factor file"):
        read_bars(prices, symbol="X", calendar="XNYS", timeframe="1d", actions=factors)


def test_parquet_text_that_is_damaged_is_refused(tmp_path):
    file = tmp_path / "x.parquet"
    parquet.write_table(pa.table({"time": ["2024-01-01 Ä", "2024-01-02 Ä"], **PRICES}), file, compression="none")
    file.write_bytes(file.read_bytes().replace("Ä".encode(), b"\x83\x83"))
    with pytest.raises(DataError, match=r"x\.parquet cannot be read as Parquet"):
        read_bars(file, **COIN)


def test_an_empty_table_of_any_type_has_no_rows():
    frame = {name: np.empty(0) for name in PRICES} | {"time": np.empty(0, "datetime64[s]")}
    with pytest.raises(DataNotAvailableError, match="no rows"):
        bars_from(frame, tz="UTC", **COIN)
