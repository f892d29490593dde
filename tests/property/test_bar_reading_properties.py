"""Whatever is thrown at the readers, bars or one error of the tree come back; resampling loses and foresees nothing."""

from __future__ import annotations

import datetime as dt
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradewright.domain.bars import Bars, SessionIndex
from tradewright.domain.errors import TradewrightError
from tradewright.domain.instrument import Equity
from tradewright.domain.timeframe import NS_PER_MINUTE, Timeframe
from tradewright.face.bars import bars_from, read_bars, synthetic_bars
from tradewright.marketdata.placement import Hours, place_instants
from tradewright.marketdata.resample import resample, visible_rows

LENIENT = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
CELL = st.one_of(
    st.sampled_from(
        [
            "",
            "1",
            "2.5",
            "-1",
            "0",
            "nan",
            "inf",
            "1e400",
            "abc",
            '"',
            "2024-01-05",
            "2024-01-08T10:00:00Z",
            "2024-01-05T10:00:00",
            "1704448800",
            "9999-12-31",
            "1,5",
            "é",
            "0x1",
            "1_0",
            "20240105",
        ]
    ),
    st.text(max_size=6),
)
NAMES = st.sampled_from(["timestamp", "Date", "time", "open", "High", "low", "close", "volume", "adj_close", "", "x"])
TABLES = st.tuples(
    st.lists(NAMES, min_size=1, max_size=8), st.lists(st.lists(CELL, max_size=8), max_size=6), st.sampled_from(",;\t")
)
SAID = st.fixed_dictionaries(
    {
        "calendar": st.sampled_from(["24/7", "24/5"]),
        "timeframe": st.sampled_from(["1m", "1h", "1d", "1w", "1mo"]),
        "stamp": st.sampled_from([None, "start", "end"]),
        "tz": st.sampled_from([None, "UTC", "America/New_York"]),
        "bad_rows": st.sampled_from(["refuse", "drop"]),
        "suspects": st.sampled_from(["keep", "drop", "refuse"]),
        "sessions": st.sampled_from(["strict", "regular", "extended"]),
        "epoch": st.sampled_from([None, "s", "ns"]),
        "adjust": st.sampled_from([None, "adj_close"]),
    }
)


def attempt(reader, source, said) -> None:
    """Read; anything but bars or an error of the tree fails the test."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        try:
            assert len(reader(source, symbol="EURUSD", **said)) > 0
        except TradewrightError as error:
            if not str(error).strip():
                raise


def attempt_file(content: bytes, said) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.csv"
        file.write_bytes(content)
        attempt(read_bars, file, said)


@LENIENT
@given(st.binary(max_size=300), SAID)
def test_random_bytes_are_bars_or_an_error(content, said):
    attempt_file(content, said)


@LENIENT
@given(TABLES, SAID)
def test_random_tables_are_bars_or_an_error(table, said):
    names, rows, separator = table
    lines = [separator.join(names), *(separator.join(row) for row in rows)]
    attempt_file("\n".join(lines).encode("utf-8", "surrogatepass"), said)


@LENIENT
@given(st.lists(CELL, min_size=6, max_size=6), SAID, st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_random_rows_in_a_good_table_are_bars_or_an_error(row, said, end):
    good = ["2024-01-04T00:00:00Z", "1", "2", "1", "2", "9"]
    lines = ["timestamp,open,high,low,close,volume", ",".join(good), ",".join(row)]
    attempt_file(end.join(line.encode("utf-8", "surrogatepass") for line in lines), said)


@LENIENT
@given(st.binary(max_size=120).map(lambda tail: b"PAR1" + tail), SAID)
def test_random_parquet_is_an_error(content, said):
    attempt_file(content, said)


VALUE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.dates(),
    st.datetimes(),
    st.datetimes(timezones=st.just(dt.UTC)),
)


@LENIENT
@given(
    st.fixed_dictionaries(
        {name: st.lists(VALUE, min_size=2, max_size=2) for name in ("time", "open", "high", "low", "close")}
    ),
    SAID,
)
def test_random_values_in_a_mapping_are_bars_or_an_error(frame, said):
    attempt(bars_from, frame, said)


def sparse_minutes(seed: int, hours: Hours) -> Bars:
    """Minutes of three sessions, one a half day and one after a clock change, some of them silent."""
    rng = np.random.default_rng(seed)
    days = ("2023-11-03", "2023-11-06", "2023-11-24")
    first, stop = ("09:00", "24:30") if hours is Hours.EXTENDED else ("14:30", "18:00")
    base = [np.datetime64(day).astype("datetime64[ns]").astype(np.int64) for day in days]
    bounds = [
        sum(int(part) * scale for part, scale in zip(text.split(":"), (60, 1), strict=True)) for text in (first, stop)
    ]
    stamps = np.concatenate([day + np.arange(*bounds) * NS_PER_MINUTE for day in base])
    keep = rng.random(len(stamps)) < rng.choice([0.02, 0.5, 1.0])
    keep[0] = True
    stamps = stamps[keep]
    placed = place_instants("XNYS", Timeframe.parse("1m"), stamps, hours)
    open_, close = rng.uniform(1, 2, (2, len(stamps)))
    return Bars(
        Equity("X"),
        Timeframe.parse("1m"),
        placed.open_time,
        placed.close_time,
        open_,
        np.maximum(open_, close) + 0.1,
        np.minimum(open_, close) - 0.1,
        close,
        np.floor(rng.uniform(0, 9, len(stamps))),
        SessionIndex.of_labels(placed.labels),
    )


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 10**6),
    st.sampled_from(["5m", "30m", "1h", "4h", "1d", "1w", "1mo"]),
    st.sampled_from([Hours.STRICT, Hours.EXTENDED]),
)
def test_resampling_conserves_volume_and_extremes(seed, timeframe, hours):
    bars = sparse_minutes(seed, hours)
    higher = resample(bars, timeframe, keep_incomplete=True)
    assert higher.volume.sum() == pytest.approx(bars.volume.sum())
    assert (higher.high.max(), higher.low.min()) == (bars.high.max(), bars.low.min())
    assert (higher.open[0], higher.close[-1]) == (bars.open[0], bars.close[-1])
    assert np.isin(higher.open_time, bars.open_time).all()


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 10**6),
    st.sampled_from(["5m", "30m", "4h", "1d", "1w"]),
    st.sampled_from([Hours.STRICT, Hours.EXTENDED]),
    st.floats(0.1, 1.0),
)
def test_a_visible_higher_bar_does_not_depend_on_what_comes_later(seed, timeframe, hours, share):
    """What is visible at a row, computed from all rows, is what the rows up to it give."""
    bars = sparse_minutes(seed, hours)
    row = max(1, int(len(bars) * share)) - 1
    past = bars.rows(0, row + 1)
    everything = resample(bars, timeframe, keep_incomplete=True)
    seen = int(visible_rows(bars.close_time[row : row + 1], everything.close_time)[0])
    known = resample(past, timeframe, keep_incomplete=True)
    for name in ("open_time", "close_time", "open", "high", "low", "close", "volume"):
        assert np.array_equal(getattr(everything, name)[: seen + 1], getattr(known, name)[: seen + 1]), name


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6))
def test_resampling_in_two_steps_is_resampling_in_one(seed):
    bars = sparse_minutes(seed, Hours.STRICT)
    once = resample(bars, "1d", keep_incomplete=True)
    twice = resample(resample(bars, "30m", keep_incomplete=True), "1d", keep_incomplete=True)
    assert once.fingerprint == twice.fingerprint


@settings(deadline=None, max_examples=20)
@given(
    st.integers(0, 10**6), st.sampled_from(["1m", "1h", "1d", "1w", "1mo"]), st.sampled_from(["24/7", "24/5", "XNYS"])
)
def test_bars_survive_the_way_through_a_file(seed, timeframe, calendar):
    made = synthetic_bars(timeframe=timeframe, bars=60, seed=seed, calendar=calendar)
    stamps = made.labels().view("datetime64[ns]").astype("datetime64[s]").astype(str)
    rows = zip(stamps, *(column.tolist() for column in list(made.columns().values())[2:]), strict=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.csv"
        lines = [f"{stamp}Z,{','.join(map(repr, values))}" for stamp, *values in rows]
        file.write_text("\n".join(["timestamp,open,high,low,close,volume", *lines]))
        read = read_bars(file, instrument=made.instrument, timeframe=timeframe)
    assert read.fingerprint == made.fingerprint
