"""Every source of data, mutated: bars that keep every rule and account for every row, or one sentence of the tree.

Nothing is silently repaired: the rows that became bars and the rows that the quality report tells of are all that the
source has. Sentences name the source, so that a user with ten files knows which.
"""

from __future__ import annotations

import datetime as dt
import decimal
import gzip
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

import tradewright as tw
from tradewright.bootstrap.catalogue import find_catalogue
from tradewright.domain.bars import Bars
from tradewright.domain.errors import TradewrightError
from tradewright.domain.quality import Problem

FUZZ = settings(
    deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
LEFT_OUT = (Problem.IMPOSSIBLE, Problem.DUPLICATE, Problem.OUTSIDE)
DAILY = {"symbol": "GOOG", "calendar": "XNAS", "timeframe": "1d"}
MINUTES = {"symbol": "SPX", "calendar": "XNYS", "timeframe": "1m", "volume": "none"}
WAYS = st.sampled_from([{}, {"bad_rows": "drop"}, {"bad_rows": "drop", "sessions": "regular"}])


def attempt(call: Callable[[], Any], name: str) -> Any:
    """What the call gives, or None after one sentence with that name; anything else fails the test."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        try:
            return call()
        except TradewrightError as error:
            text = str(error)
    assert name in text, text
    assert "\n" not in text
    assert text.rstrip().endswith((".", "?"))
    return None


def read(reader: Callable[..., Bars], source: object, name: str, **said: object) -> Bars | None:
    """Bars that keep every rule, or None after one sentence."""
    bars = attempt(lambda: reader(source, **said), name)
    if bars is not None:
        assert replace(bars).fingerprint == bars.fingerprint  # every rule is checked when bars are built
        assert np.isfinite([bars.open, bars.high, bars.low, bars.close]).all()
    return bars


def all_rows_told(bars: Bars, rows: int) -> None:
    counted = bars.quality.counts()
    assert len(bars) + sum(counted.get(problem, 0) for problem in LEFT_OUT) == rows


# ---------------------------------------------------------------- CSV


def cut(text: bytes, draw) -> bytes:
    return text[: draw(st.integers(0, len(text)))]


def insert(text: bytes, draw) -> bytes:
    what = draw(
        st.sampled_from([b"\0", b'"', b",", b"\n", b"\r", b"\xef\xbb\xbf", b"\xff", b"'", b" ", b"\t", b";", b"-"])
    )
    at = draw(st.integers(0, len(text)))
    return text[:at] + what + text[at:]


def change_byte(text: bytes, draw) -> bytes:
    at = draw(st.integers(0, max(len(text) - 1, 0)))
    return text[:at] + bytes([draw(st.integers(0, 255))]) + text[at + 1 :]


def with_mark(text: bytes, draw) -> bytes:
    return b"\xef\xbb\xbf" + text


def other_line_ends(text: bytes, draw) -> bytes:
    ends = draw(st.sampled_from([[b"\r\n"], [b"\r"], [b"\n", b"\r\n"], [b"\n", b"\n\n", b"\r"]]))
    lines = text.split(b"\n")
    return b"".join(line + ends[number % len(ends)] for number, line in enumerate(lines))


def other_separator(text: bytes, draw) -> bytes:
    mark = draw(st.sampled_from([b";", b"\t", b"|", b" "]))
    lines = text.split(b"\n")
    first = draw(st.integers(0, len(lines)))
    return b"\n".join(line.replace(b",", mark) if at >= first else line for at, line in enumerate(lines))


def other_cell(text: bytes, draw) -> bytes:
    value = draw(
        st.sampled_from(
            ["1e308", "1e309", "-1e308", "9" * 400, "1e-320", "0", "-0", "nan", "inf", "NULL", "", " 5 ", "1,5", '"5"',
             '"1,5"', "0x10", "1_000", "+5", "5.", ".5", "٥", "2024-13-45", "1970-01-01", "2262-04-12", "0001-01-01",
             "2012-11-23T00:00:00+05:30", "20121123", "1353628800", "2012-11-23T25:00:00Z", "Fri Nov 23 2012"]
        )
    )  # fmt: skip
    lines = text.split(b"\n")
    row = draw(st.integers(0, len(lines) - 1))
    cells = lines[row].split(b",")
    cells[draw(st.integers(0, len(cells) - 1))] = value.encode()
    lines[row] = b",".join(cells)
    return b"\n".join(lines)


def swap_columns(text: bytes, draw) -> bytes:
    one, other = draw(st.integers(0, 5)), draw(st.integers(0, 5))
    lines = []
    for line in text.split(b"\n"):
        cells = line.split(b",")
        if lines and len(cells) > max(one, other):
            cells[one], cells[other] = cells[other], cells[one]
        lines.append(b",".join(cells))
    return b"\n".join(lines)


def same_name_twice(text: bytes, draw) -> bytes:
    header, _, body = text.partition(b"\n")
    names = header.split(b",")
    names[draw(st.integers(0, len(names) - 1))] = draw(st.sampled_from(names))
    return b",".join(names) + b"\n" + body


def move_line(text: bytes, draw) -> bytes:
    lines = text.split(b"\n")
    taken = lines[draw(st.integers(0, len(lines) - 1))]
    if draw(st.booleans()):
        lines.remove(taken)
    lines.insert(draw(st.integers(0, len(lines))), taken)
    return b"\n".join(lines)


def packed(text: bytes, draw) -> bytes:
    whole = gzip.compress(text, 1, mtime=0)
    return draw(st.sampled_from([whole, whole[: draw(st.integers(2, len(whole)))], whole + b"tail", whole + whole]))


MUTATIONS = [
    cut, insert, change_byte, with_mark, other_line_ends, other_separator, other_cell, other_cell, swap_columns,
    same_name_twice, move_line, packed,
]  # fmt: skip


@st.composite
def mutations(draw):
    chosen = draw(st.lists(st.sampled_from(MUTATIONS), min_size=1, max_size=3))

    def mutated(text: bytes) -> bytes:
        for change in chosen:
            text = change(text, draw)
        return text

    return mutated


def lines_of(content: bytes) -> int:
    """Rows that a CSV file has: lines with anything on them, below the first one that has."""
    try:
        content = gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
    except (OSError, EOFError):
        return 0
    text = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n").lstrip(b"\n")
    return sum(bool(line) for line in text.split(b"\n")[1:])


@pytest.fixture(scope="module")
def samples(shared_data: Path) -> dict[str, bytes]:
    """The beginnings of two real files."""
    files = {"daily/GOOG_1d_2004_2013.csv": DAILY, "intraday/SPX_1m_20191105_20191108.csv": MINUTES}
    return {name: b"\n".join((shared_data / name).read_bytes().split(b"\n")[:25]) + b"\n" for name in files}


@pytest.fixture(scope="module")
def folder() -> Path:
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


@settings(FUZZ, max_examples=200)
@given(st.sampled_from(["daily/GOOG_1d_2004_2013.csv", "intraday/SPX_1m_20191105_20191108.csv"]), mutations(), WAYS)
def test_mutated_files_are_bars_or_a_sentence(samples, folder, name, mutated, ways):
    content = mutated(samples[name])
    file = folder / "mutated.csv"
    file.write_bytes(content)
    bars = read(tw.read_bars, file, "mutated.csv", **(DAILY if "GOOG" in name else MINUTES), **ways)
    if bars is not None:
        all_rows_told(bars, lines_of(content))


@FUZZ
@given(mutations(), WAYS)
def test_mutated_factor_files_are_actions_or_a_sentence(shared_data, folder, mutated, ways):
    file = folder / "factors.csv"
    file.write_bytes(mutated((shared_data / "daily/AAPL_factors.csv").read_bytes()))
    prices = folder / "prices.csv"
    prices.write_text(
        "timestamp,open,high,low,close,volume\n2014-06-05,1,2,1,2,9\n2014-06-06,1,2,1,2,9\n2014-06-09,1,2,1,2,9\n"
    )
    bars = read(tw.read_bars, prices, "factors.csv", **DAILY, actions=file)
    if bars is not None:
        assert np.isfinite(bars.actions.split_ratios).all()
        assert (bars.actions.split_ratios > 0).all()
        assert np.isfinite(bars.actions.dividends).all()


# ---------------------------------------------------------------- frames and Parquet

DAYS = [dt.date(2024, 1, 2), dt.date(2024, 1, 3), dt.date(2024, 1, 4), dt.date(2024, 1, 5)]
NUMBERS = st.sampled_from([1.0, 2.0, 1.5, 0.0, -1.0, np.nan, np.inf, 1e308, None])
UNITS = st.sampled_from(["s", "ms", "us", "ns"])


def moments() -> list[dt.datetime]:
    return [dt.datetime.combine(day, dt.time()) for day in DAYS]


@st.composite
def arrow_times(draw) -> pa.Array:
    unit, zone = draw(UNITS), draw(st.sampled_from([None, "UTC", "America/New_York", "+05:30"]))
    texts = [day.isoformat() for day in DAYS]
    made = {
        "timestamp": lambda: pa.array(moments(), pa.timestamp(unit)).cast(pa.timestamp(unit, zone)),
        "date32": lambda: pa.array(DAYS, pa.date32()),
        "date64": lambda: pa.array(DAYS, pa.date64()),
        "string": lambda: pa.array(texts),
        "large": lambda: pa.array(texts, pa.large_string()),
        "view": lambda: pa.array(texts, pa.string_view()),
        "dictionary": lambda: pa.array(texts).dictionary_encode(),
        "int": lambda: pa.array(range(4), pa.int32()),
        "time": lambda: pa.array([dt.time(1)] * 4),
        "duration": lambda: pa.array([dt.timedelta(1)] * 4),
        "decimal": lambda: pa.array([decimal.Decimal("1.5")] * 4),
        "list": lambda: pa.array([[1]] * 4),
        "struct": lambda: pa.array([{"a": 1}] * 4),
        "null": lambda: pa.nulls(4),
        "binary": lambda: pa.array([text.encode() for text in texts]),
        "beyond": lambda: pa.array([2**62] * 4, pa.timestamp("s")),
    }
    return made[draw(st.sampled_from(sorted(made)))]()


@st.composite
def arrow_numbers(draw) -> pa.Array:
    values = [draw(NUMBERS) for _ in DAYS] if draw(st.booleans()) else [1.0, 2.0, 1.5, 1.0]
    whole = [1, 2, 1, 2]
    made = {
        "float64": lambda: pa.array(values, pa.float64()),
        "float32": lambda: pa.array([1.0, 2.0, None, 1.0], pa.float32()),
        "float16": lambda: pa.array(np.array([1, 2, 1, 2], np.float16)),
        "int64": lambda: pa.array(whole, pa.int64()),
        "uint8": lambda: pa.array(whole, pa.uint8()),
        "decimal": lambda: pa.array([decimal.Decimal("1.25")] * 4, pa.decimal128(10, 4)),
        "dictionary": lambda: pa.array([1.0, 2.0, 1.0, 2.0]).dictionary_encode(),
        "string": lambda: pa.array(["1", "2.5", "x", ""]),
        "bool": lambda: pa.array([True, False, True, None]),
        "list": lambda: pa.array([[1.0]] * 4),
        "struct": lambda: pa.array([{"a": 1.0}] * 4),
        "null": lambda: pa.nulls(4),
        "binary": lambda: pa.array([b"1"] * 4),
        "date": lambda: pa.array(DAYS),
    }
    return made[draw(st.sampled_from(["float64"] * 8 + sorted(made)))]()


@st.composite
def arrow_tables(draw) -> pa.Table:
    names = ["timestamp", "open", "high", "low", "close", "volume"]
    columns = [draw(arrow_times()), *(draw(arrow_numbers()) for _ in names[1:])]
    if draw(st.booleans()):
        # Prices that agree, so that the types of the columns are what is tried.
        columns[1:5] = [pa.array([value] * 4) for value in (1.0, 2.0, 1.0, 2.0)]
    table = pa.table(columns, names)
    change = draw(st.sampled_from(["none", "none", "drop", "twice", "chunks", "order"]))
    at = draw(st.integers(0, len(names) - 1))
    if change == "drop":
        table = table.remove_column(at)
    elif change == "twice":
        table = table.append_column(names[at], table.column(at))
    elif change == "chunks":
        table = pa.concat_tables([table.slice(0, 1), table.slice(1)])
    elif change == "order":
        table = pa.concat_tables([table.slice(1, 1), table.slice(0, 1), table.slice(2)])
    return table


SAID = st.fixed_dictionaries(
    {
        "timeframe": st.sampled_from(["1d", "1h"]),
        "tz": st.sampled_from([None, "UTC", "America/New_York"]),
        "epoch": st.sampled_from([None, "s"]),
        "bad_rows": st.sampled_from(["refuse", "drop"]),
    }
)
COIN = {"symbol": "BTC", "calendar": "24/7"}


@FUZZ
@given(arrow_tables(), SAID)
def test_arrow_tables_of_any_type_are_bars_or_a_sentence(table, said):
    bars = read(tw.bars_from, table, "Arrow table", **COIN, **said)
    if bars is not None:
        all_rows_told(bars, 4)


@FUZZ
@given(arrow_tables(), SAID, st.integers(0, 2**32), st.integers(0, 4))
def test_mutated_parquet_files_are_bars_or_a_sentence(folder, table, said, seed, flips):
    file = folder / "mutated.parquet"
    try:
        parquet.write_table(table, file)
    except pa.ArrowException:
        return
    content = bytearray(file.read_bytes())
    rng = np.random.default_rng(seed)
    for at in rng.integers(4, len(content), flips):
        content[at] = rng.integers(256)
    file.write_bytes(content)
    bars = read(tw.read_bars, file, "mutated.parquet", **COIN, **said)
    if bars is not None and not flips:
        all_rows_told(bars, 4)


def indexed(frame: pd.DataFrame, draw) -> pd.DataFrame:
    """With its times as an index of any kind, or as a column."""
    days = pd.to_datetime([day.isoformat() for day in DAYS])
    frame = frame.assign(time=draw(st.sampled_from([days, days.tz_localize("UTC"), list(DAYS)])))
    indexes = {
        "column": frame.index,
        "naive": days,
        "seconds": days.astype("datetime64[s]"),
        "utc": days.tz_localize("UTC"),
        "zone": days.tz_localize("America/New_York"),
        "offset": days.tz_localize(dt.timezone(dt.timedelta(hours=5, minutes=30))),
        "period": days.to_period("D"),
        "multi": pd.MultiIndex.from_product([["GOOG"], days], names=["symbol", "date"]),
        "object": pd.Index(list(DAYS), dtype=object, name="date"),
        "text": pd.Index([day.isoformat() for day in DAYS], name="date"),
    }
    kind = draw(st.sampled_from(sorted(indexes)))
    return frame.set_index(indexes[kind]).drop(columns=[] if kind == "column" else "time")


def reshaped(frame: pd.DataFrame, name: str, draw) -> pd.DataFrame:
    """The same frame with something about its rows or columns changed."""
    changes = {
        "none": lambda: frame,
        "twice": lambda: pd.concat([frame, frame[[name]]], axis=1),
        "levels": lambda: frame.set_axis(pd.MultiIndex.from_product([["GOOG"], frame.columns]), axis=1),
        "drop": lambda: frame.drop(columns=name),
        "empty": lambda: frame.iloc[:0],
        "numbers": lambda: frame.set_axis(range(len(frame.columns)), axis=1),
        "reversed": lambda: frame.iloc[::-1],
        "repeated": lambda: pd.concat([frame, frame.iloc[-1:]]),
    }
    return changes[draw(st.sampled_from(["none"] * 4 + sorted(changes)))]()


@st.composite
def pandas_frames(draw) -> pd.DataFrame:
    cells = {"open": 1.0, "high": 2.0, "low": 1.0, "close": 2.0, "volume": 9.0}
    frame = pd.DataFrame({name: [value] * 4 for name, value in cells.items()})
    name = draw(st.sampled_from(sorted(cells)))
    kind = draw(st.sampled_from(["float64", "object", "Float64", "Int64", "category", "string", "float32", "bool"]))
    frame[name] = pd.Series([1, 1, 1, 1]).astype(kind)
    if draw(st.booleans()):
        odd = [None, pd.NA, np.nan, "x", "1", b"1", [1], 1 + 2j]
        frame[name] = frame[name].astype(object)
        frame.at[draw(st.integers(0, 3)), name] = draw(st.sampled_from(odd))
    return reshaped(indexed(frame, draw), name, draw)


@FUZZ
@given(pandas_frames(), SAID)
def test_odd_pandas_frames_are_bars_or_a_sentence(frame, said):
    bars = read(tw.bars_from, frame, "pandas frame", **COIN, **said)
    if bars is not None:
        all_rows_told(bars, len(frame))


@st.composite
def polars_frames(draw) -> pl.DataFrame:
    texts = [day.isoformat() for day in DAYS]
    stamps = pl.Series("timestamp", moments())
    frame = pl.DataFrame(
        {"open": [1.0] * 4, "high": [2.0] * 4, "low": [1.0] * 4, "close": [2.0] * 4, "volume": [9] * 4}
    )
    time = draw(
        st.sampled_from(
            [
                stamps, stamps.dt.replace_time_zone("UTC"), stamps.dt.replace_time_zone("Asia/Kolkata"),
                stamps.cast(pl.Datetime("ns")), stamps.cast(pl.Datetime("ms")), stamps.cast(pl.Date),
                pl.Series(texts), pl.Series(texts, dtype=pl.Categorical), pl.Series(texts, dtype=pl.Enum(texts)),
                pl.Series(DAYS, dtype=pl.Object), pl.Series([dt.time(1)] * 4), pl.Series([[1]] * 4),
                pl.Series([None] * 4),
            ]
        )
    )  # fmt: skip
    value = draw(
        st.sampled_from(
            [
                pl.Series([1.0] * 4), pl.Series(["1"] * 4, dtype=pl.Categorical),
                pl.Series([decimal.Decimal("1.5")] * 4), pl.Series([1] * 4, dtype=pl.UInt8),
                pl.Series([1.0, None, 1.0, 1.0]),
                pl.Series([{"a": 1}] * 4),
                pl.Series([object()] * 4, dtype=pl.Object), pl.Series([b"1"] * 4), pl.Series([True] * 4),
            ]
        )
    )  # fmt: skip
    name = draw(st.sampled_from(frame.columns))
    frame = frame.with_columns(value.alias(name), time.alias("timestamp"))
    return draw(st.sampled_from([frame, frame.lazy(), frame.head(0)]))


@FUZZ
@given(polars_frames(), SAID)
def test_odd_polars_frames_are_bars_or_a_sentence(frame, said):
    bars = read(tw.bars_from, frame, "polars frame", **COIN, **said)
    if bars is not None:
        all_rows_told(bars, 4)


# ---------------------------------------------------------------- the catalogue


@FUZZ
@given(mutations())
def test_mutated_catalogues_are_entries_or_a_sentence(project, folder, mutated):
    shipped = min((project / "strategies").glob("*.yaml"))
    file = folder / "strategies.yaml"
    file.write_bytes(mutated(shipped.read_bytes()))
    entries = attempt(lambda: list(find_catalogue(folder)), "strategies.yaml")
    assert entries is None or all(entry.name for entry in entries)
