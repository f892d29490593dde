"""One series, whatever library holds it."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet

from tradewright.domain.errors import DataError, DataNotAvailableError
from tradewright.face.bars import bars_from, read_bars

STAMPS = pd.date_range("2024-01-05T15:00", periods=5, freq="min", tz="UTC")
VALUES = {
    "open": [1.0, 2, 3, 4, 5],
    "high": [2.0, 3, 4, 5, 6],
    "low": [1.0, 2, 3, 4, 5],
    "close": [1.5, 2, 3, 4, 5],
    "volume": [9, 8, 7, 6, 5],
}
FRAME = pd.DataFrame({"timestamp": STAMPS, **VALUES})
SAID = {"symbol": "X", "calendar": "XNYS", "timeframe": "1m"}
NAIVE = STAMPS.tz_localize(None)

FORMS = {
    "pandas": (FRAME, {}),
    "pandas index": (FRAME.set_index("timestamp"), {}),
    "pandas unnamed index": (pd.DataFrame(VALUES, index=STAMPS), {}),
    "pandas New York": (FRAME.assign(timestamp=STAMPS.tz_convert("America/New_York")), {}),
    "pandas naive": (
        FRAME.assign(timestamp=NAIVE.tz_localize("UTC").tz_convert("Asia/Kolkata").tz_localize(None)),
        {"tz": "Asia/Kolkata"},
    ),
    "pandas fixed offset": (FRAME.assign(timestamp=STAMPS.tz_convert(dt.timezone(dt.timedelta(hours=3)))), {}),
    "pandas text": (FRAME.assign(timestamp=STAMPS.strftime("%Y-%m-%dT%H:%M:%S+00:00")), {}),
    "pandas objects": (
        FRAME.assign(timestamp=pd.Series([stamp.to_pydatetime() for stamp in STAMPS], dtype=object)),
        {},
    ),
    "pandas capital names": (FRAME.rename(columns=str.upper), {}),
    "pandas other names": (FRAME.rename(columns={"close": "Last"}), {"columns": {"close": "Last"}}),
    "pandas nullable": (FRAME.convert_dtypes(), {}),
    "polars": (pl.from_pandas(FRAME), {}),
    "polars text": (pl.from_pandas(FRAME).with_columns(pl.col("timestamp").dt.to_string("%Y-%m-%dT%H:%M:%SZ")), {}),
    "pandas periods": (FRAME.assign(timestamp=NAIVE.to_period("min")), {"tz": "UTC"}),
    "mapping of series": (
        {"time": FRAME["timestamp"], **{name: pl.Series(column) for name, column in VALUES.items()}},
        {},
    ),
    "polars lazy": (pl.from_pandas(FRAME).lazy(), {}),
    "polars decimals": (pl.from_pandas(FRAME).with_columns(pl.col("close").cast(pl.Decimal(10, 2))), {}),
    "arrow": (pa.Table.from_pandas(FRAME), {}),
    "arrow batch": (pa.RecordBatch.from_pandas(FRAME), {}),
    "arrow dictionary": (
        pa.Table.from_pandas(FRAME.assign(timestamp=STAMPS.strftime("%Y-%m-%dT%H:%M:%SZ").astype("category"))),
        {},
    ),
    "arrays": (
        {"time": NAIVE.to_numpy(), **{name: np.array(column) for name, column in VALUES.items()}},
        {"tz": "UTC"},
    ),
    "lists": ({"time": [stamp.isoformat() for stamp in STAMPS], **VALUES}, {}),
    "epoch": ({"time": [int(stamp.timestamp()) for stamp in STAMPS], **VALUES}, {"epoch": "s"}),
    "epoch ms": ({"time": np.array([int(stamp.timestamp() * 1000) for stamp in STAMPS]), **VALUES}, {"epoch": "ms"}),
    "bar ends": (FRAME.assign(timestamp=STAMPS + pd.Timedelta("1min")), {"stamp": "end"}),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_series_gives_the_same_bars(form):
    frame, said = FORMS[form]
    assert bars_from(frame, **SAID, **said).fingerprint == bars_from(FRAME, **SAID).fingerprint


@pytest.mark.parametrize("name", ["x.csv", "x.csv.gz", "x.parquet"])
def test_every_file_of_a_series_gives_the_same_bars(tmp_path, name):
    file = tmp_path / name
    if name.endswith("parquet"):
        parquet.write_table(pa.Table.from_pandas(FRAME), file)
    else:
        FRAME.to_csv(file, index=False)
    assert read_bars(file, **SAID).fingerprint == bars_from(FRAME, **SAID).fingerprint


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_and_line_ends_read_the_same(tmp_path, separator):
    file = tmp_path / "x.csv"
    file.write_bytes(b"\xef\xbb\xbf\n" + FRAME.to_csv(index=False, sep=separator).replace("\n", "\r\n").encode())
    assert read_bars(file, **SAID).fingerprint == bars_from(FRAME, **SAID).fingerprint


def test_dates_and_times_of_day_apart_are_joined(tmp_path):
    file = tmp_path / "x.csv"
    frame = FRAME.assign(Date=STAMPS.strftime("%Y-%m-%d"), Time=STAMPS.strftime("%H:%M")).drop(columns="timestamp")
    frame.to_csv(file, index=False)
    assert read_bars(file, tz="UTC", **SAID).fingerprint == bars_from(FRAME, **SAID).fingerprint


def test_dates_and_times_of_day_that_are_no_text_are_refused():
    frame = {"date": [1, 2], "time": [3, 4], **{name: column[:2] for name, column in VALUES.items()}}
    with pytest.raises(DataError, match=r"the mapping has a date and a time column. Join them into one"):
        bars_from(frame, **SAID)


def test_the_callers_arrays_stay_writable_and_untouched():
    arrays = {name: np.array(column, float) for name, column in VALUES.items()}
    bars = bars_from({"time": NAIVE.to_numpy(), **arrays}, tz="UTC", **SAID)
    assert all(column.flags.writeable for column in arrays.values())
    assert not bars.close.flags.writeable


def test_rows_of_frames_are_counted_from_zero():
    with pytest.raises(DataError, match=r"Row 2 of the pandas frame cannot be used: its close is missing"):
        bars_from(FRAME.assign(close=[1.5, 2, np.nan, 4, 5]), **SAID)


def test_aware_and_naive_datetimes_are_not_mixed():
    mixed = [stamp.to_pydatetime() for stamp in STAMPS]
    mixed[3] = mixed[3].replace(tzinfo=None)
    with pytest.raises(DataError, match=r"mixes stamps with and without a time zone"):
        bars_from({"time": mixed, **VALUES}, **SAID)


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ([1, 2, 3], "Bars cannot be made from a list. Pass a pandas or polars DataFrame"),
        ({}, "the mapping has no time column; its columns are none"),
        ({"time": ["2024-01-05"], **VALUES}, "differ in length"),
        ({"time": np.zeros((2, 2)), **VALUES}, "has 2 dimensions"),
        ({"time": [1, 2, 3, 4, 5], **VALUES}, "holds numbers"),
        (FRAME.assign(close="x"), "'x' is not a number; so are 4 more"),
        (FRAME.assign(close=True), "'True' is not a number"),
        (
            pl.from_pandas(FRAME).lazy().with_columns(close=pl.col("close").cast(pl.String).str.to_date("%Y")),
            "polars frame",
        ),
    ],
)
def test_frames_that_are_no_bars_are_refused(frame, reason):
    with pytest.raises(DataError, match=reason):
        bars_from(frame, **SAID)


def test_an_empty_frame_has_no_bars():
    with pytest.raises(DataNotAvailableError, match=r"the pandas frame has column names but no rows"):
        bars_from(FRAME.iloc[:0], **SAID)


@pytest.mark.parametrize(
    "stamps",
    [
        pa.array([dt.date(2024, 1, 5)]),
        pa.array([dt.datetime(2024, 1, 5)]),  # noqa: DTZ001 - naive on purpose
        np.array(["2024-01-05"], "datetime64[D]"),
        [dt.date(2024, 1, 5)],
        [np.datetime64("2024-01-05")],
        pd.Series(["2024-01-05"]),
        pl.Series([dt.date(2024, 1, 5)]),
    ],
)
def test_dates_of_every_type_are_session_dates(stamps):
    frame = {"date": stamps, **{name: column[:1] for name, column in VALUES.items()}}
    bars = bars_from(frame, symbol="X", calendar="XNYS", timeframe="1d")
    assert str(bars.labels().view("datetime64[ns]")[0])[:10] == "2024-01-05"


def test_a_missing_stamp_of_an_arrow_column_is_named_by_row():
    stamps = pa.array([STAMPS[0], None, *STAMPS[2:]], pa.timestamp("us", "UTC"))
    with pytest.raises(DataError, match=r"Row 1 of the Arrow table cannot be used: its time is missing\."):
        bars_from(pa.table({"time": stamps, **VALUES}), **SAID)


def test_stamps_too_far_out_for_nanoseconds_are_named_by_row():
    stamps = pa.array([dt.datetime(9000, 1, 1)] * 5, pa.timestamp("s"))  # noqa: DTZ001 - naive on purpose
    with pytest.raises(DataError, match="its time lies before 1900 or after 2199; so are 4 more"):
        bars_from(pa.table({"time": stamps, **VALUES}), **SAID)


def test_times_are_no_prices():
    with pytest.raises(DataError, match="is not a number"):
        bars_from(pa.table({"time": STAMPS, **VALUES, "close": STAMPS}), **SAID)


def test_a_column_that_stands_twice_is_refused_only_where_it_is_needed():
    doubled = pd.concat([FRAME, FRAME[["close"]]], axis=1)
    with pytest.raises(DataError, match="has the column 'close' and 'close' 2 times"):
        bars_from(doubled, **SAID)
    other = pd.concat([FRAME.assign(extra=1), pd.DataFrame({"extra": FRAME["close"]})], axis=1)
    assert len(bars_from(other, **SAID)) == 5
