"""Every way in which a file can be wrong, with the sentence that the user reads."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from tradewright.domain.errors import (
    BadRowsError,
    CalendarError,
    ConfigError,
    DataError,
    DataNotAvailableError,
    InstrumentError,
    TradewrightError,
)
from tradewright.face.bars import DroppedRowsWarning, read_bars

HEAD = "timestamp,open,high,low,close,volume\n"
DAILY = {"symbol": "X", "calendar": "XNYS", "timeframe": "1d"}
HOURLY = {"symbol": "X", "calendar": "24/7", "timeframe": "1h"}


def sentence(folder: Path, text: str | bytes, name: str = "x.csv", **said: object) -> str:
    """The error of reading a file with that text."""
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(TradewrightError) as caught:
        read_bars(file, **{**DAILY, **said})
    return str(caught.value)


ROWS = {
    "missing price": (
        "2024-01-02,,2,1,1.5,9",
        "its open is missing",
    ),
    "not a number": ("2024-01-02,1,2,1,abc,9", "its close 'abc' is not a number"),
    "negative": ("2024-01-02,-1,2,-1,1,9", "its open is negative"),
    "zero": ("2024-01-02,1,2,0,1,9", "its low is zero"),
    "infinite": ("2024-01-02,1,inf,1,1,9", "its high is infinite"),
    "high below low": ("2024-01-02,1,1,2,1,9", "its high is below its low"),
    "high below close": ("2024-01-02,1,2,1,3,9", "its high is below its open or close"),
    "low above open": ("2024-01-02,1,3,2,2.5,9", "its low is above its open or close"),
    "negative volume": ("2024-01-02,1,2,1,2,-9", "its volume is negative"),
    "missing volume": ("2024-01-02,1,2,1,2,", "its volume is missing"),
    "no time": (",1,2,1,2,9", "its time is missing"),
    "unreadable time": ("yesterday,1,2,1,2,9", "its time 'yesterday' cannot be read"),
    "ancient": ("1212-01-02,1,2,1,2,9", "its time lies before 1900 or after 2199"),
    "short row": ("2024-01-02,1,2,1", "it has 4 values, not 6"),
    "long row": ("2024-01-02,1,2,1,2,9,7", "it has 7 values, not 6"),
}


@pytest.mark.parametrize(("row", "reason"), ROWS.values(), ids=ROWS)
def test_an_impossible_row_is_named_by_its_line(tmp_path, row, reason):
    text = HEAD + "2023-12-28,1,2,1,2,9\n\n2023-12-29,1,2,1,2,9\n" + row + "\n2024-01-03,1,2,1,2,9\n"
    assert sentence(tmp_path, text) == (
        f"Line 5 of x.csv cannot be used: {reason}. Repair the source, or pass bad_rows='drop' to leave such rows out."
    )


@pytest.mark.parametrize(("row", "reason"), ROWS.values(), ids=ROWS)
def test_an_impossible_row_is_left_out_as_asked_and_counted(tmp_path, row, reason):
    file = tmp_path / "x.csv"
    file.write_text(HEAD + "2023-12-29,1,2,1,2,9\n" + row + "\n2024-01-03,1,2,1,2,9\n")
    with pytest.warns(DroppedRowsWarning) as warned:
        bars = read_bars(file, bad_rows="drop", **DAILY)
    assert [str(item.message) for item in warned] == [f"1 of 3 rows of x.csv were left out, first line 3: {reason}."]
    assert len(bars) == 2
    assert bars.source == "x.csv (1 rows left out)"


def test_all_bad_lines_are_carried_by_the_error(tmp_path):
    file = tmp_path / "x.csv"
    file.write_text(HEAD + "2024-01-02,1,2,1,2,9\n2024-01-03,,2,1,2,9\n2024-01-04,1,0,1,2,9\n")
    with pytest.raises(BadRowsError, match="; so are 1 more") as caught:
        read_bars(file, **DAILY)
    assert caught.value.rows == ((3, "its open is missing"), (4, "its high is zero"))


def test_rows_out_of_order_are_refused_by_line(tmp_path):
    text = HEAD + "2024-01-03,1,2,1,2,9\n2024-01-02,1,2,1,2,9\n"
    assert sentence(tmp_path, text, bad_rows="drop") == (
        "Line 3 of x.csv (2024-01-02) comes before the row above it. Sort the rows by time, oldest first."
    )


def test_a_date_that_stands_twice_is_refused_by_line(tmp_path):
    text = HEAD + "2024-01-02,1,2,1,2,9\n2024-01-02,1,2,1,2,9\n"
    assert sentence(tmp_path, text) == (
        "Line 3 of x.csv (2024-01-02) has the same time as the row before it. "
        "Remove one of the two, or pass bad_rows='drop' to keep the first."
    )


def test_a_sunday_is_no_session(tmp_path):
    text = HEAD + "2024-01-05,1,2,1,2,9\n2024-01-07,1,2,1,2,9\n"
    assert sentence(tmp_path, text) == (
        "Line 3 of x.csv, 2024-01-07, a Sunday, is not a session of XNYS. "
        "Pass the calendar that trades on that day, or bad_rows='drop' to leave it out."
    )


def test_dates_that_are_no_sessions_are_counted(tmp_path):
    text = HEAD + "2024-01-05,1,2,1,2,9\n2024-01-06,1,2,1,2,9\n2024-01-07,1,2,1,2,9\n"
    assert "a Saturday, is not a session of XNYS (2 of 3 rows are none)." in sentence(tmp_path, text)


def test_hours_outside_the_session_name_the_choice(tmp_path):
    text = HEAD + "2024-01-05T13:00:00Z,1,2,1,2,9\n2024-01-05T15:00:00Z,1,2,1,2,9\n"
    assert sentence(tmp_path, text, timeframe="1m") == (
        "Line 2 of x.csv, 2024-01-05 13:00, lies outside the sessions of XNYS. "
        "Pass sessions='extended' to keep hours before and after the session, sessions='regular' to leave them out, "
        "or stamp='end' if stamps mark where bars end."
    )


def test_naive_instants_need_a_time_zone(tmp_path):
    assert sentence(tmp_path, HEAD + "2024-01-05 10:00,1,2,1,2,9\n", **HOURLY) == (
        "The stamps of x.csv name no time zone. Pass tz='America/New_York' (or the zone they are written in, or 'UTC')."
    )


def test_mixed_stamps_are_refused(tmp_path):
    text = HEAD + "2024-01-05T10:00:00Z,1,2,1,2,9\n2024-01-05T11:00:00,1,2,1,2,9\n"
    assert sentence(tmp_path, text, **HOURLY) == (
        "x.csv mixes stamps with and without a time zone (1 of 2 have one). Write all of them in UTC with a Z."
    )


def test_an_hour_that_happens_twice_is_refused(tmp_path):
    text = HEAD + "2024-11-03 01:00,1,2,1,2,9\n2024-11-03 03:00,1,2,1,2,9\n"
    assert sentence(tmp_path, text, **HOURLY, tz="America/New_York") == (
        "Line 2 of x.csv, 2024-11-03 01:00, happens twice or never in America/New_York, where the clocks change that "
        "night. Write the stamps in UTC."
    )


def test_an_instant_is_no_session_date(tmp_path):
    assert sentence(tmp_path, HEAD + "2024-01-05T21:00:00Z,1,2,1,2,9\n") == (
        "Line 2 of x.csv is stamped 2024-01-05 21:00, which is no session date. "
        "Pass stamp='start' or 'end' if stamps are instants, or tz= if they are midnights of another zone."
    )


def test_numbers_as_stamps_need_their_unit(tmp_path):
    assert sentence(tmp_path, HEAD + "1704448800,1,2,1,2,9\n", **HOURLY) == (
        "The time column of x.csv holds numbers. Say their unit with epoch='s', 'ms', 'us' or 'ns'."
    )


def test_a_timeframe_longer_than_the_rows_are_apart_is_refused(tmp_path):
    text = HEAD + "".join(f"2024-01-05T10:{minute:02}:00Z,1,2,1,2,9\n" for minute in range(5))
    assert sentence(tmp_path, text, **HOURLY) == (
        "Line 3 of x.csv comes 1 min after the row before it, less than the timeframe 1h. "
        "Pass the timeframe that the rows really have, or remove the row."
    )


def test_a_timeframe_shorter_than_the_rows_are_apart_is_refused(tmp_path):
    hours = [f"2024-01-{day:02}T{hour:02}:00:00Z,1,2,1,2,9\n" for day in (5, 6) for hour in range(24)]
    assert sentence(tmp_path, HEAD + "".join(hours), **{**HOURLY, "timeframe": "1m"}) == (
        "Line 3 of x.csv and all others are multiples of 60 min apart, so the timeframe is not 1m. "
        "Pass the timeframe that the rows really have, or remove the row."
    )


def test_volumes_that_are_all_zero_are_refused(tmp_path):
    assert sentence(tmp_path, HEAD + "2024-01-05,1,2,1,2,0\n") == (
        "Every volume of x.csv is 0, so no order could ever fill. "
        "Pass volume='none' to declare that volume is not known."
    )


def test_a_missing_file_names_its_neighbour(tmp_path):
    (tmp_path / "AAPL.csv").write_text(HEAD)
    with pytest.raises(DataNotAvailableError) as caught:
        read_bars(tmp_path / "APPL.csv", **DAILY)
    assert str(caught.value) == f"There is no file {tmp_path / 'APPL.csv'}. Did you mean AAPL.csv?"


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(DataError) as caught:
        read_bars(tmp_path, **DAILY)
    assert str(caught.value) == f"{tmp_path} is a folder, not a file. Name one of the files in it."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "x.csv is empty."),
        (b"\n \n", "x.csv is empty."),
        (HEAD.encode(), "x.csv has column names but no rows."),
        (b"\x89PNG\r\n\0\0", "x.csv is a binary file, not a CSV. Export it as CSV, or as Parquet."),
        (HEAD.encode() + b"2024-01-05,1,2,1,\xff,9\n", "Line 2 of x.csv is not UTF-8 text. Save the file as UTF-8."),
        (
            gzip.compress(HEAD.encode() * 50)[:-9],
            "x.csv is cut off: its gzip data end early. Copy or download it again.",
        ),
        (b"\x1f\x8bnonsense", "x.csv is not readable as gzip. Copy or download it again."),
        (b"PAR1nonsense", None),
        (
            b"Dear reader\nthis is prose\n",
            ("x.csv has no time column; its columns are 'Dear reader'. Name it with columns={'time': ...}."),
        ),
        (
            b"date,open,high,low,price\n2024-01-05,1,1,1,1\n",
            (
                "x.csv has no close column; its columns are 'date', 'open', "
                "'high', 'low', 'price'. Name it with columns={'close': ...}."
            ),
        ),
        (
            b"date,open,high,low,close,Close\n2024-01-05,1,1,1,1,1\n",
            ("x.csv has the column 'close' and 'Close' 2 times. Rename all but one."),
        ),
    ],
    ids=[
        "empty",
        "blank",
        "header only",
        "binary",
        "latin-1",
        "cut gzip",
        "no gzip",
        "no parquet",
        "prose",
        "no close",
        "two closes",
    ],
)
def test_a_file_that_is_no_table_is_one_sentence(tmp_path, content, said):
    text = sentence(tmp_path, content)
    assert text == said if said else text.startswith("x.csv cannot be read as Parquet: ")


def test_a_wrong_column_names_the_nearest(tmp_path):
    text = "date,open,high,low,adj_close,volume\n2024-01-05,1,2,1,2,9\n"
    assert sentence(tmp_path, text, columns={"close": "adjclose"}) == (
        "x.csv has no column 'adjclose'. Did you mean 'adj_close'?"
    )


@pytest.mark.parametrize(
    ("said", "error", "text"),
    [
        (
            {"calendar": None},
            CalendarError,
            (
                "UNKNOWN:X names no calendar, so its 1d bars have no session to close in. "
                "Pass calendar='XNYS' (or another exchange's name), or '24/7' for a market without sessions."
            ),
        ),
        ({"calendar": "XNYX"}, CalendarError, "There is no calendar named 'XNYX'. Did you mean XNYS or NYMEX or XTSX?"),
        (
            {"symbol": None, "calendar": None},
            InstrumentError,
            (
                "Bars need to know what they are of. Pass instrument="
                "Equity('AAPL', exchange='XNAS'), or symbol='AAPL' and calendar='XNAS'."
            ),
        ),
        ({"timeframe": "1x"}, ConfigError, "'1x' is not a timeframe. Use 1m, 5m, 15m, 1h, 4h, 1d, 1w or 1mo."),
        ({"bad_rows": "dorp"}, ConfigError, "bad_rows='dorp' is not a choice. Did you mean 'drop'?"),
        ({"stamp": "middle"}, ConfigError, "stamp='middle' is not a choice. Use 'start', 'end', 'session'."),
        (
            {"timeframe": "1h", "stamp": "session"},
            ConfigError,
            ("A session date cannot stamp bars of 1h. Use stamp='start' or stamp='end'."),
        ),
        (
            {"volume": "tick_volume"},
            ConfigError,
            ("volume='tick_volume' is not a choice. Use volume='none', or columns={'volume': ...} to name the column."),
        ),
        (
            {"timeframe": "1h", "tz": "America/NewYork"},
            ConfigError,
            ("tz='America/NewYork' is not a time zone. Did you mean 'America/New_York'?"),
        ),
        (
            {"columns": {"price": "close"}},
            ConfigError,
            ("columns= has no field 'price'. Its fields are time, open, high, low, close, volume."),
        ),
        ({"epoch": "h"}, ConfigError, "epoch='h' is no unit of time. Use 's', 'ms', 'us' or 'ns'."),
    ],
)
def test_a_wrong_argument_is_one_sentence(tmp_path, said, error, text):
    file = tmp_path / "x.csv"
    file.write_text(HEAD + "2024-01-05,1,2,1,2,9\n")
    with pytest.raises(error) as caught:
        read_bars(file, **{**DAILY, **said})
    assert str(caught.value) == text


def test_a_weekend_row_among_extended_hours_says_what_to_check(tmp_path):
    text = HEAD + "2024-01-05T15:00:00Z,1,2,1,2,9\n2024-01-06T15:00:00Z,1,2,1,2,9\n"
    assert sentence(tmp_path, text, timeframe="1m", sessions="extended") == (
        "Line 3 of x.csv, 2024-01-06 15:00, lies outside the sessions of XNYS. "
        "Check calendar= and tz=, or pass bad_rows='drop' to leave such rows out."
    )


def test_a_header_beyond_all_measure_is_refused(tmp_path):
    text = sentence(tmp_path, '"' + "x" * 200_000 + '"\n1\n')
    assert text.startswith("The header of x.csv is not that of a CSV file: ")


def test_a_file_in_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(DataNotAvailableError, match=r"There is no folder .* either"):
        read_bars(tmp_path / "nowhere" / "x.csv", **DAILY)


def test_a_parquet_file_with_damaged_pages_is_one_sentence(tmp_path):
    file = tmp_path / "x.parquet"
    columns = {name: [1.0] * 5000 for name in ("open", "high", "low", "close", "volume")}
    dates = [f"{2000 + at // 365}-{at}" for at in range(5000)]
    parquet.write_table(pa.table({"date": dates, **columns}), file, compression="none")
    damaged = bytearray(file.read_bytes())
    damaged[4:60] = b"\xff" * 56
    file.write_bytes(damaged)
    with pytest.raises(DataError, match=r"x.parquet cannot be read as Parquet: .* Copy or export it again\."):
        read_bars(file, **DAILY)


@pytest.mark.parametrize("bad_rows", ["refuse", "drop"])
@pytest.mark.parametrize("column", ["symbol", "Ticker", "strike"])
@pytest.mark.parametrize("days", [(2, 2), (3, 2)], ids=["side by side", "one below the other"])
def test_a_table_of_several_instruments_is_no_series(tmp_path, bad_rows, column, days):
    rows = "".join(f"2024-01-0{day},1,2,1,1,9,{name}\n" for day, name in zip(days, ("10", "20"), strict=True))
    text = f"timestamp,open,high,low,close,volume,{column}\n{rows}"
    assert sentence(tmp_path, text, bad_rows=bad_rows) == (
        f"x.csv holds several instruments: its column '{column.lower()}' says 10 and 20. Write a file for each of them."
    )


def test_a_column_that_names_one_instrument_lets_doubled_rows_go(tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("timestamp,open,high,low,close,volume,symbol\n" + "2024-01-02,1,2,1,1,9,X\n" * 2)
    with pytest.warns(DroppedRowsWarning):
        assert len(read_bars(file, **DAILY, bad_rows="drop")) == 1


@pytest.mark.parametrize("names", ["AAPL,MSFT", "bid_open,ask_open"])
def test_a_table_without_any_price_column_is_told_what_bars_are(tmp_path, names):
    text = f"timestamp,{names}\n2024-01-02,1,2\n"
    assert "has no open column" in sentence(tmp_path, text)
    assert "of one instrument: write a file for each column of closes" in sentence(tmp_path, text)


@pytest.mark.parametrize("date", ["02.01.2024", "01/02/2024"])
def test_a_file_of_dates_in_another_order_is_told_how_to_write_them(tmp_path, date):
    told = sentence(tmp_path, f"{HEAD}{date},1,2,1,1,9\n")
    assert told.startswith(
        f"Line 2 of x.csv cannot be used: its time '{date}' cannot be read. Write times as 2024-12-31"
    )


@pytest.mark.parametrize("before", ["", "2024-01-01T22:00Z,1,2,1,1,9\n2024-01-01T23:00Z,1,2,1,1,9\n"])
def test_a_stray_row_does_not_cut_the_first_bar_of_a_day_around_the_clock_short(tmp_path, before):
    text = f"{HEAD}{before}2024-01-02T00:00Z,1,2,1,1,9\n2024-01-02T00:01Z,1,2,1,1,9\n"
    assert "comes 1 min after the row before it, less than the timeframe 1h" in sentence(tmp_path, text, **HOURLY)
